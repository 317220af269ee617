//! Small systems that were shown to Portage 3.0.83, and what it then took for an atom.
//!
//! `testdata/observed` holds them as blocks of lines:
//!
//! ```text
//! # a title
//! ebuild 1; IUSE=foo bar
//! binary 1; IUSE=foo; HOST=hi
//! file etc/portage/package.use: a/b foo
//! -k a/b => use(-bar)
//! ```
//!
//! A package is `a/b` of that version, unless `CPN` names another. An ebuild lies in the repository `gentoo`
//! or in what `IN` names (there is an overlay `ovl` of higher priority), a package in PKGDIR or on the host of
//! `HOST` (`hi` or `lo`, by priority). The profile accepts `x86`. The last lines are command lines; the outcome is the
//! version that is taken (after its host, if that is not PKGDIR), or the reasons against all instances that
//! satisfy the atom, or `nothing` where none does.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use md5::{Digest, Md5};
use serde_json::Value;

use crate::support::{answer, bincheck, outcome, project, scratch};

#[test]
fn what_portage_took() {
    let mut checked = 0;
    for file in fs::read_dir(project("testdata/observed")).expect("there are systems") {
        let path = file.expect("a file").path();
        let text = fs::read_to_string(&path).expect("text");
        for block in text.split("\n\n") {
            checked += check(block.trim_end());
        }
    }
    assert!(checked >= 100, "only {checked} questions");
}

/// Set up the system of a block, ask, compare; how many questions there were.
fn check(block: &str) -> usize {
    let made = scratch();
    let root = made.path();
    write_base(root);
    let mut checked = 0;
    for line in block.lines() {
        if let Some((words, expected)) = line.split_once(" => ") {
            let words: Vec<&str> = words.split(' ').collect();
            assert_eq!(taken(root, &words), expected, "{words:?} in\n{block}");
            checked += 1;
            continue;
        }
        match line.split_once(' ').expect("two words") {
            ("#", _) => {}
            ("ebuild", text) => write_ebuild(root, &Spec::parse(text)),
            ("binary", text) => write_entry(root, &Spec::parse(text)),
            ("file", text) => {
                let (name, line) = text.split_once(": ").expect("a name and a line");
                append(root, name, line);
            }
            _ => panic!("what is {line}?"),
        }
    }
    checked
}

/// `version; KEY=value; …`
struct Spec<'a> {
    version: &'a str,
    pairs: Vec<(&'a str, &'a str)>,
}

impl<'a> Spec<'a> {
    fn parse(text: &'a str) -> Spec<'a> {
        let mut parts = text.split("; ");
        let version = parts.next().unwrap_or_default();
        let pair = |part: &'a str| part.split_once('=').expect("KEY=value");
        let mut pairs: Vec<(&str, &str)> = parts.map(pair).collect();
        for (key, value) in [("EAPI", "8"), ("SLOT", "0"), ("KEYWORDS", "x86")] {
            if pairs.iter().all(|(name, _)| *name != key) {
                pairs.push((key, value));
            }
        }
        Spec { version, pairs }
    }

    fn get(&self, key: &str) -> Option<&'a str> {
        let pair = self.pairs.iter().find(|(name, _)| *name == key);
        pair.map(|(_, value)| *value)
    }

    fn cpn(&self) -> &'a str {
        self.get("CPN").unwrap_or("a/b")
    }

    /// What is metadata of the package.
    fn metadata(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let pairs = self.pairs.iter().copied();
        pairs.filter(|(key, _)| !["CPN", "HOST", "IN"].contains(key))
    }
}

fn append(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let before = fs::read_to_string(&path).unwrap_or_default();
    fs::write(path, format!("{before}{text}\n")).unwrap();
}

const DEFAULTS: &str = r#"ARCH=x86 ACCEPT_KEYWORDS=x86 CHOST=i686-pc-linux-gnu ELIBC=glibc KERNEL=linux
USE_EXPAND="ELIBC KERNEL" USE_EXPAND_IMPLICIT="ARCH ELIBC KERNEL" USE_EXPAND_UNPREFIXED=ARCH
USE_EXPAND_VALUES_ARCH=x86 USE_EXPAND_VALUES_ELIBC=glibc USE_EXPAND_VALUES_KERNEL=linux"#;

fn write_base(root: &Path) {
    let share = "usr/share/portage/config";
    let profile = "var/db/repos/gentoo/profiles/base";
    for (name, text) in [
        (
            "make.globals",
            "FEATURES=pkgdir-index-trusted PKGDIR=/var/cache/binpkgs",
        ),
        (
            "repos.conf",
            "[DEFAULT]\nmain-repo = gentoo\n[gentoo]\nlocation = /var/db/repos/gentoo",
        ),
        (
            "binrepos.conf",
            "[hi]\nsync-uri = file:///srv/hi\npriority = 9",
        ),
        (
            "binrepos.conf",
            "[lo]\nsync-uri = file:///srv/lo\npriority = 1",
        ),
    ] {
        append(root, &format!("{share}/{name}"), text);
    }
    append(
        root,
        "etc/portage/repos.conf",
        "[ovl]\nlocation = /var/db/repos/ovl\npriority = 9",
    );
    for (name, masters) in [("gentoo", "masters ="), ("ovl", "masters = gentoo")] {
        let below = |file: &str| format!("var/db/repos/{name}/{file}");
        append(root, &below("metadata/layout.conf"), masters);
        append(root, &below("profiles/repo_name"), name);
        append(
            root,
            &below("profiles/categories"),
            "a\nd\nsys-libs\nvirtual",
        );
    }
    append(root, &format!("{profile}/make.defaults"), DEFAULTS);
    append(root, &format!("{profile}/eapi"), "8");
    symlink(
        format!("../../{profile}"),
        root.join("etc/portage/make.profile"),
    )
    .unwrap();
}

fn write_ebuild(root: &Path, spec: &Spec<'_>) {
    let repository = format!("var/db/repos/{}", spec.get("IN").unwrap_or("gentoo"));
    let (category, name) = spec.cpn().split_once('/').unwrap();
    let version = spec.version;
    append(
        root,
        &format!("{repository}/{category}/{name}/{name}-{version}.ebuild"),
        version,
    );
    let mut cache = String::new();
    for (key, value) in spec.metadata() {
        let _ = writeln!(cache, "{key}={value}");
    }
    let digest = Md5::digest(format!("{version}\n"));
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let _ = write!(cache, "_md5_={digest}");
    append(
        root,
        &format!("{repository}/metadata/md5-cache/{category}/{name}-{version}"),
        &cache,
    );
}

fn write_entry(root: &Path, spec: &Spec<'_>) {
    let index = match spec.get("HOST") {
        None => "var/cache/binpkgs/Packages".to_owned(),
        Some(host) => format!("srv/{host}/Packages"),
    };
    if !root.join(&index).exists() {
        append(root, &index, "TIMESTAMP: 1\nVERSION: 0\n");
    }
    let mut entry = format!("CPV: {}-{}\n", spec.cpn(), spec.version);
    for (key, value) in spec.metadata() {
        let _ = writeln!(entry, "{key}: {value}");
    }
    for (key, value) in [("REPO", "gentoo"), ("SIZE", "1"), ("MTIME", "1")] {
        if spec.get(key).is_none() {
            let _ = writeln!(entry, "{key}: {value}");
        }
    }
    append(root, &index, &entry);
}

/// What is taken, or what stands against it.
fn taken(root: &Path, words: &[&str]) -> String {
    let cache = scratch();
    // The dependencies of these packages are not there, and only their comparison counts.
    let text = answer(
        bincheck(root, cache.path())
            .args(["--json", "--nodeps"])
            .args(words),
    );
    let document: Value = serde_json::from_str(&text).unwrap();
    let instance = |position: &Value| {
        let position = usize::try_from(position.as_u64().unwrap()).unwrap();
        document["instances"][position].clone()
    };
    let target = &document["targets"][0];
    if !target["chosen"].is_null() {
        return name(&instance(&target["chosen"]));
    }
    let positions = target["instances"].as_array().unwrap();
    let mut reasons: Vec<String> = positions
        .iter()
        .map(|position| outcome(&instance(position)))
        .collect();
    reasons.dedup();
    match reasons.is_empty() {
        true => "nothing".to_owned(),
        false => reasons.join(", "),
    }
}

/// `hi 1-2`: host, version, build id.
fn name(instance: &Value) -> String {
    let (_, version) = instance["cpv"].as_str().unwrap().rsplit_once('-').unwrap();
    let id = instance["build_id"]
        .as_u64()
        .map_or(String::new(), |id| format!("-{id}"));
    match instance["host"].as_str() {
        Some("local") | None => format!("{version}{id}"),
        Some(host) => format!("{host} {version}{id}"),
    }
}
