//! Running bincheck on a root, and what its answer says about each instance.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use snapbox::assert::DEFAULT_ACTION_ENV;
use snapbox::{Assert, Data, data::DataFormat};

/// emerge's options for each way of asking, named as in `tests/portage/oracle.py`.
pub const MODES: &[(&str, &[&str])] = &[
    ("g", &["--getbinpkg"]),
    (
        "g_strict",
        &[
            "--getbinpkg",
            "--binpkg-respect-use=y",
            "--binpkg-changed-deps=y",
        ],
    ),
    (
        "g_loose",
        &[
            "--getbinpkg",
            "--binpkg-respect-use=n",
            "--binpkg-changed-deps=n",
        ],
    ),
    ("g_bdeps", &["--getbinpkg", "--with-bdeps=y"]),
    ("g_changed_use", &["--getbinpkg", "--changed-use"]),
    ("G", &["--getbinpkgonly"]),
    ("G_newuse", &["--getbinpkgonly", "--newuse"]),
];

/// A file of the project.
pub fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A directory of this test run that goes away with the value.
pub fn scratch() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory for the test")
}

/// bincheck on the system below `root`, without anything of this machine's environment. It inspects no
/// package: indexes of tests name files that nobody made.
pub fn bincheck(root: &Path, cache: &Path) -> Command {
    let mut command = bincheck_that_looks(root, cache);
    command.arg("--no-fetch-metadata");
    command
}

/// The same with inspection of packages.
pub fn bincheck_that_looks(root: &Path, cache: &Path) -> Command {
    let mut command = bincheck_anywhere(cache);
    command.arg("--chroot").arg(root);
    command
}

/// bincheck on several machines, likewise; it inspects no package.
pub fn bincheck_on_machines(cache: &Path) -> Command {
    let mut command = bincheck_anywhere(cache);
    command.args(["--fleet", "--no-fetch-metadata"]);
    command
}

/// bincheck without any option, cut off from the user's own settings.
pub fn bincheck_anywhere(cache: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bincheck"));
    command
        .env_clear()
        .env("HOME", cache)
        .env("XDG_CACHE_HOME", cache)
        .env("LC_ALL", "C.UTF-8");
    command
}

/// The standard output of a run that had an answer.
pub fn answer(command: &mut Command) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("bincheck runs");
    let stderr = String::from_utf8_lossy(&stderr);
    assert!(
        matches!(status.code(), Some(0 | 1)),
        "{command:?} ended with {status}:\n{stderr}"
    );
    String::from_utf8(stdout).expect("bincheck writes UTF-8")
}

/// bincheck's whole document about every instance.
pub fn document(root: &Path, options: &[&str]) -> Value {
    let cache = scratch();
    let mut command = bincheck(root, cache.path());
    let text = answer(command.args(["--all", "--json"]).args(options));
    serde_json::from_str(&text).expect("bincheck writes JSON")
}

/// Host, path, package and build id.
pub type Key = (String, String, String, Option<i64>);

/// For each instance `accepted`, or the reasons against it in order of name.
pub type Answers = BTreeMap<Key, String>;

/// What bincheck answers for every instance, in one mode.
pub fn judged(root: &Path, options: &[&str]) -> Answers {
    answers(&document(root, options)["instances"])
}

/// Read a list of instances, of bincheck's or of the oracle's making.
pub fn answers(instances: &Value) -> Answers {
    let all = instances.as_array().expect("a list of instances");
    let answers: Answers = all
        .iter()
        .map(|instance| (key(instance), outcome(instance)))
        .collect();
    assert_eq!(answers.len(), all.len(), "some instance is there twice");
    answers
}

/// What tells an instance from others.
pub fn key(instance: &Value) -> Key {
    let text = |name: &str| instance[name].as_str().unwrap_or_default().to_owned();
    (
        text("host"),
        text("path"),
        text("cpv"),
        instance["build_id"].as_i64(),
    )
}

/// `accepted`, or the reasons against one instance in order of name.
pub fn outcome(instance: &Value) -> String {
    let reasons = instance["reasons"].as_array().expect("a list of reasons");
    let mut reasons: Vec<String> = reasons.iter().map(reason).collect();
    reasons.sort();
    match instance["verdict"].as_str() {
        Some("accepted") if reasons.is_empty() => "accepted".to_owned(),
        Some("rejected") if !reasons.is_empty() => reasons.join(" "),
        verdict => format!("{verdict:?} {}", reasons.join(" ")),
    }
}

/// The code; for `use` also the flags, which have to be the same ones too.
fn reason(reason: &Value) -> String {
    let code = reason["code"].as_str().unwrap_or("?");
    if code != "use" {
        return code.to_owned();
    }
    let detail = reason["detail"].as_str().unwrap_or_default();
    let mut flags: Vec<&str> = detail.split_whitespace().collect();
    flags.sort_by_key(|flag| flag.trim_start_matches('-'));
    format!("use({})", flags.join(" "))
}

/// Copy what is below a directory into another; links stay links.
pub fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let (source, kind) = {
            let entry = entry?;
            (entry.path(), entry.file_type()?)
        };
        let target = to.join(source.file_name().unwrap_or_default());
        if kind.is_dir() {
            copy(&source, &target)?;
        } else {
            let _ = fs::remove_file(&target);
            if kind.is_symlink() {
                std::os::unix::fs::symlink(fs::read_link(&source)?, &target)?;
            } else {
                fs::copy(&source, &target)?;
            }
        }
    }
    Ok(())
}

/// The text without the age of indexes, which grows while nobody looks.
pub fn ageless(text: &str) -> String {
    let age = regex::Regex::new(r"\d+ (?:second|minute|hour|day|month|year)s? (old|ago)")
        .expect("a pattern");
    age.replace_all(text, "20 days $1").into_owned()
}

/// Compare with a committed file; `SNAPSHOTS=overwrite` writes it anew.
pub fn assert_file(actual: &str, path: &Path) {
    Assert::new().action_env(DEFAULT_ACTION_ENV).eq(
        Data::text(actual),
        Data::read_from(path, Some(DataFormat::Text)).raw(),
    );
}
