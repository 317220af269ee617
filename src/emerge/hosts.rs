//! Binhosts as emerge is to see them: each under its own name and with its own settings, but with the
//! checked index in place of the one that it serves (`portage: binrepo/config.py:BinRepoConfigLoader`).

use std::fmt;
use std::path::{Path, PathBuf};

use crate::binhost::{BinRepo, HostState, Uri};

/// Keys of a section that are written anew. A frozen host would keep emerge at an older copy.
const REPLACED: [&str; 2] = ["sync-uri", "frozen"];

/// The value of PORTAGE_BINHOST. Shown, it is without secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BinhostList(Vec<Uri>);

impl BinhostList {
    /// A list; `None` of no URIs.
    pub fn of(uris: Vec<Uri>) -> Option<BinhostList> {
        (!uris.is_empty()).then_some(BinhostList(uris))
    }

    /// The value with its secrets: for the environment of emerge only.
    pub fn secret(&self) -> String {
        let uris: Vec<&str> = self.0.iter().map(Uri::secret).collect();
        uris.join(" ")
    }
}

impl fmt::Display for BinhostList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let uris: Vec<String> = self.0.iter().map(Uri::to_string).collect();
        f.write_str(&uris.join(" "))
    }
}

/// The text of binrepos.conf. Every section says all that holds for it, `[DEFAULT]` included, so that
/// what other files hold on it changes nothing.
pub fn binrepos_conf(hosts: &[HostState], directories: &[PathBuf]) -> String {
    let mut text = String::from("# Made by bincheck: indexes without what would not run here.\n");
    for (host, directory) in hosts.iter().zip(directories) {
        let repo = &host.repo;
        if !repo.named {
            continue;
        }
        text.push_str(&format!(
            "\n[{}]\nsync-uri = {}\n",
            repo.name,
            value(&uri(directory))
        ));
        text.push_str("frozen = false\n");
        for (key, setting) in &repo.settings {
            if !REPLACED.contains(&key.as_str()) {
                text.push_str(&format!("{key} = {}\n", value(setting)));
            }
        }
    }
    text
}

/// The value of PORTAGE_BINHOST that goes with it; `None` where none is set.
///
/// `listed` are its URIs now, the preferred first. One that a section has too stays in the list, since
/// a list that is not empty takes the default of `location` from all sections.
pub fn portage_binhost(
    listed: &[Uri],
    hosts: &[HostState],
    directories: &[PathBuf],
) -> Option<BinhostList> {
    let checked = |wanted: &Uri| {
        let position = hosts
            .iter()
            .position(|host| host.repo.sync_uri == *wanted)?;
        let directory = directories.get(position)?;
        Some(Uri::new(&uri(directory)))
    };
    BinhostList::of(listed.iter().filter_map(checked).collect())
}

/// Whether PORTAGE_BINHOST, where nothing set it before, would make Portage take unsigned packages of a
/// host that must sign. `features_decide`: FEATURES decide for all hosts.
pub fn would_weaken(hosts: &[HostState], features_decide: bool) -> bool {
    let must_sign = |host: &HostState| host.repo.verify_signature == Some(true);
    !features_decide && hosts.iter().any(must_sign)
}

/// Whether a section names a host, which only another binrepos.conf can change.
pub fn has_sections(hosts: &[HostState]) -> bool {
    hosts.iter().any(|host| host.repo.named)
}

/// Whether a directory can be named in both places, unchanged by any parser on the way.
pub fn can_be_named(directory: &Path) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@".contains(c);
    let text = directory.to_str();
    text.is_some_and(|text| text.starts_with('/') && text.chars().all(is_plain))
}

/// Whether a URI holds a password, which an index that names it would spread.
pub fn holds_secret(repo: &BinRepo) -> bool {
    repo.sync_uri.holds_secret()
}

fn uri(directory: &Path) -> String {
    format!("file://{}", directory.display())
}

/// A value that reads as it is meant: a percent sign would begin an interpolation, and what follows a
/// line feed must be indented.
fn value(text: &str) -> String {
    text.replace('%', "%%").replace('\n', "\n    ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::local::ini::Ini;
    use crate::report::fixture;
    use crate::source::Source;

    fn host(name: &str, named: bool, uri: &str, settings: &[(&str, &str)]) -> HostState {
        let mut host = fixture::host(name, named, uri);
        let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        host.repo.settings = settings.iter().map(owned).collect();
        host
    }

    fn directories(count: usize) -> Vec<PathBuf> {
        (0..count)
            .map(|number| format!("/c/{number}").into())
            .collect()
    }

    #[test]
    fn settings_stay_what_they_are() {
        let hosts = [
            host(
                "site",
                true,
                "http://h:1/p",
                &[
                    ("sync-uri", "http://h:1/p"),
                    ("frozen", "true"),
                    ("priority", "9"),
                    ("verify-signature", "true"),
                    ("location", "/var/x%y"),
                    ("fetchcommand", "wget -O \"${DISTDIR}/${FILE}\"\n\"${URI}\""),
                    ("from-the-future", "1"),
                ],
            ),
            host("d41d8", false, "http://other", &[]),
            host("last", true, "http://last", &[]),
        ];
        let text = binrepos_conf(&hosts, &directories(3));
        let ini = Ini::parse(&text, &Source::BuiltIn, &[]).unwrap();
        assert_eq!(ini.sections().collect::<Vec<_>>(), ["site", "last"]);
        for (key, wanted) in [
            ("sync-uri", Some("file:///c/0")),
            ("frozen", Some("false")),
            ("priority", Some("9")),
            ("verify-signature", Some("true")),
            ("location", Some("/var/x%y")),
            (
                "fetchcommand",
                Some("wget -O \"${DISTDIR}/${FILE}\"\n\"${URI}\""),
            ),
            ("from-the-future", Some("1")),
            ("resumecommand", None),
        ] {
            let found = ini.get("site", key).unwrap().map(|(value, _)| value);
            assert_eq!(found.as_deref(), wanted, "{key}");
        }
    }

    #[test]
    fn listed_uris_keep_their_order() {
        let hosts = [
            host("site", true, "http://a", &[]),
            host("x", false, "http://b", &[]),
            host("y", false, "http://c", &[]),
        ];
        let listed = |words: &str| -> Vec<Uri> { words.split(' ').map(Uri::new).collect() };
        for (words, wanted) in [
            ("http://c/ http://b", Some("file:///c/2 file:///c/1")),
            ("http://a", Some("file:///c/0")),
            ("http://unknown", None),
        ] {
            let found = portage_binhost(&listed(words), &hosts, &directories(3));
            let found = found.map(|list| list.secret());
            assert_eq!(found.as_deref(), wanted, "{words}");
        }
    }

    #[test]
    fn a_list_is_shown_without_secrets() {
        let uris = ["http://me:canary@h/a", "https://h/b?canary"].map(Uri::new);
        let list = BinhostList::of(uris.to_vec()).unwrap();
        assert_eq!(list.secret(), "http://me:canary@h/a https://h/b?canary");
        assert_eq!(list.to_string(), "http://h/a https://h/b?…");
        assert!(!format!("{list:?}").contains("canary"));
        assert_eq!(BinhostList::of(Vec::new()), None);
    }

    #[test]
    fn names_that_parsers_would_change_are_not_used() {
        for (path, can) in [
            ("/root/.cache/bincheck/emerge/0a", true),
            ("/home/me/a b", false),
            ("/home/me#1", false),
            ("/home/50%", false),
            ("relative", false),
            ("/home/ü", false),
        ] {
            assert_eq!(can_be_named(Path::new(path)), can, "{path}");
        }
    }
}
