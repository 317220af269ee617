//! What was recorded of one installed package (`portage: vartree.py:vardbapi._aux_get`): the
//! consolidated `metadata` file where it is up to date, else one file per variable.

use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use super::files::Files;
use crate::pms::{Cpv, Eapi, Key, Kind, Metadata, Package, Slot};

/// Largest file of one variable; real ones have a few KiB.
const LARGEST: u64 = 4 << 20;

/// Variables that the rules may ask an installed package for; the consolidated file covers all.
const KEYS: [Key; 20] = [
    Key::Bdepend,
    Key::BuildId,
    Key::BuildTime,
    Key::Chost,
    Key::DefinedPhases,
    Key::Depend,
    Key::Eapi,
    Key::Idepend,
    Key::Iuse,
    Key::Keywords,
    Key::License,
    Key::Pdepend,
    Key::Properties,
    Key::Provides,
    Key::Rdepend,
    Key::Requires,
    Key::Restrict,
    Key::Slot,
    Key::Use,
    Key::Repository,
];

/// Other variables that the consolidated file covers.
const ALSO_COVERED: [&str; 3] = ["COUNTER", "DESCRIPTION", "HOMEPAGE"];

/// Read one package, for a fuzz target.
#[cfg(feature = "fuzzing")]
pub(in crate::local) fn read_alone(dir: &Path, cpv: &Cpv) -> Package {
    read(&Files::default(), dir, cpv)
}

/// Read one package.
pub(super) fn read(files: &Files, dir: &Path, cpv: &Cpv) -> Package {
    let metadata = consolidated(files, dir).unwrap_or_else(|| separate(files, dir));
    let eapi = match metadata.text(Key::Eapi) {
        "" => Some(Eapi::ZERO),
        text => Eapi::parse(text),
    };
    // Portage falls back to slot 0, so that the package still has a place.
    let slot = Slot::parse(metadata.text(Key::Slot), eapi).or_else(|| Slot::parse("0", eapi));
    Package {
        kind: Kind::Installed,
        cpv: cpv.clone(),
        slot,
        eapi,
        repository: repository(metadata.text(Key::Repository)),
        build_id: number(metadata.text(Key::BuildId)),
        build_time: number(metadata.text(Key::BuildTime)).unwrap_or(0),
        metadata,
    }
}

/// One variable by name.
pub(super) fn variable(files: &Files, dir: &Path, name: &str) -> String {
    if name.contains('/') || name.starts_with('.') {
        return String::new();
    }
    let covered = ALSO_COVERED.contains(&name) || Key::parse(name).is_some_and(is_covered);
    if covered && let Some(all) = consolidated_text(files, dir) {
        let value = |line: &str| Some(line.strip_prefix(name)?.strip_prefix('=')?.to_owned());
        return all.lines().rev().find_map(value).unwrap_or_default();
    }
    words(files.text(&dir.join(name), LARGEST))
}

/// Some variables of a package, without reading the others.
pub(super) fn texts<const COUNT: usize>(
    files: &Files,
    dir: &Path,
    keys: [Key; COUNT],
) -> [String; COUNT] {
    match consolidated(files, dir) {
        Some(metadata) => keys.map(|key| metadata.text(key).to_owned()),
        None => single_files(files, dir, keys),
    }
}

fn is_covered(key: Key) -> bool {
    KEYS.contains(&key)
}

fn separate(files: &Files, dir: &Path) -> Metadata {
    let values = single_files(files, dir, KEYS);
    let pairs = KEYS.into_iter().zip(values.iter().map(String::as_str));
    Metadata::from_pairs(pairs)
}

fn single_files<const COUNT: usize>(
    files: &Files,
    dir: &Path,
    keys: [Key; COUNT],
) -> [String; COUNT] {
    let texts = files.texts(dir, keys.map(Key::name), LARGEST);
    texts.map(words)
}

/// The words of a file, with one space between; nothing where it could not be read.
fn words(text: Option<String>) -> String {
    let words: Vec<&str> = text
        .as_deref()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    words.join(" ")
}

fn consolidated(files: &Files, dir: &Path) -> Option<Metadata> {
    let text: Arc<str> = consolidated_text(files, dir)?.into();
    let mut metadata = Metadata::new(Arc::clone(&text));
    for key in KEYS {
        metadata.set(key, 0, 0);
    }
    let mut start = 0;
    for line in text.split('\n') {
        if let Some((name, _)) = line.split_once('=')
            && let Some(key) = Key::parse(name).filter(|key| is_covered(*key))
        {
            metadata.set(key, start + name.len() + 1, start + line.len());
        }
        start += line.len() + 1;
    }
    Some(metadata)
}

/// The consolidated file, if it is of the format that Portage reads and was written after the last
/// change of the directory.
fn consolidated_text(files: &Files, dir: &Path) -> Option<String> {
    let text = files.text(&dir.join("metadata"), LARGEST)?;
    let modified = files.modified(dir)?;
    is_current(&text, modified).then_some(text)
}

fn is_current(text: &str, modified: SystemTime) -> bool {
    let Ok(since) = modified.duration_since(UNIX_EPOCH) else {
        return false;
    };
    let number = |line: &str| line.trim().parse::<u128>().ok();
    let mut formats = text
        .lines()
        .filter_map(|line| line.strip_prefix("#format="));
    let mut times = text
        .lines()
        .filter_map(|line| line.strip_prefix("#dir_mtime="));
    let format_fits = formats
        .next()
        .is_some_and(|format| number(format) == Some(1))
        && formats.all(|format| number(format) == Some(1));
    format_fits && times.next_back().and_then(number) == Some(since.as_nanos())
}

/// A number as Portage reads it: nothing where there is no text, −1 where the text is not a number.
fn number(text: &str) -> Option<i64> {
    (!text.is_empty()).then(|| text.parse().unwrap_or(-1))
}

/// A repository name with everything that may not be in one replaced
/// (`portage: repository/config.py:_gen_valid_repo`).
fn repository(text: &str) -> Option<Arc<str>> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(is_name) {
        return Some(text.into());
    }
    let parts: Vec<&str> = text
        .split(|c| !is_name(c))
        .filter(|part| !part.is_empty())
        .collect();
    let name = parts.join("-");
    let name = name.trim_start_matches('-');
    (!name.is_empty()).then(|| name.into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;
    use std::fs;
    use std::time::Duration;

    #[test]
    fn consolidated_file_must_be_current() {
        let modified = UNIX_EPOCH + Duration::from_nanos(1_700_000_000_123_456_789);
        let table = [
            ("#format=1\nSLOT=0\n#dir_mtime=1700000000123456789\n", true),
            (
                "#format=1\n# other\nSLOT=0\n#dir_mtime=1700000000123456789",
                true,
            ),
            ("#format=1\nSLOT=0\n#dir_mtime=1700000000123456788\n", false),
            ("#format=2\nSLOT=0\n#dir_mtime=1700000000123456789\n", false),
            ("SLOT=0\n#dir_mtime=1700000000123456789\n", false),
            ("#format=1\nSLOT=0\n", false),
            ("#format=x\n#dir_mtime=1700000000123456789\n", false),
            ("", false),
        ];
        for (text, current) in table {
            assert_eq!(is_current(text, modified), current, "{text:?}");
        }
    }

    #[test]
    fn numbers() {
        let table = [
            ("", None),
            ("12", Some(12)),
            ("x", Some(-1)),
            ("-3", Some(-3)),
        ];
        for (text, value) in table {
            assert_eq!(number(text), value, "{text:?}");
        }
    }

    #[test]
    fn repository_names() {
        let table = [
            ("gentoo", Some("gentoo")),
            ("my repo!", Some("my-repo")),
            ("-x", Some("x")),
            ("", None),
            ("!!", None),
        ];
        for (text, name) in table {
            assert_eq!(repository(text).as_deref(), name, "{text:?}");
        }
    }

    #[test]
    fn variables_never_leave_the_directory() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("INHERITED"), "git-r3\n  toolchain\n").unwrap();
        assert_eq!(
            variable(&Files::default(), dir.path(), "INHERITED"),
            "git-r3 toolchain"
        );
        assert_eq!(variable(&Files::default(), dir.path(), "../x"), "");
        assert_eq!(variable(&Files::default(), dir.path(), "NONE"), "");
    }

    proptest! {
        #[test]
        fn any_text_survives(text in "(?s).{0,200}") {
            let _ = is_current(&text, UNIX_EPOCH);
            let _ = (number(&text), repository(&text));
        }
    }
}
