//! `alias emerge='bincheck --emerge'`: each command line leaves the same files as emerge alone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::builds::Builds;
use super::client::Client;
use super::files;
use super::namespace;

/// What the alias adds to a command line that installs.
const ADDED: &str = "-g --binpkg-respect-use=y --binpkg-changed-deps=y";

/// Command lines in the order in which they are run, and whether they install something.
const LINES: [(&str, bool); 17] = [
    ("-q1 app-misc/flags", true),
    ("-q =app-misc/tool-1", true),
    ("-quD @world", true),
    ("-q --noreplace app-misc/flags app-misc/tool", true),
    ("-q --deselect app-misc/flags", false),
    ("-q --depclean app-misc/flags", false),
    ("-qG --nodeps app-misc/depends", true),
    ("-qf app-misc/other", true),
    (
        "-q --buildpkgonly --usepkg=n --getbinpkg=n app-misc/xpak",
        false,
    ),
    ("-qk app-misc/xpak", true),
    ("-q app-misc/fails", true),
    ("-q --skipfirst --resume", true),
    ("-q --keep-going app-misc/fails app-misc/other", true),
    ("-q --config app-misc/tool", false),
    ("-qC app-misc/other app-misc/xpak", false),
    (
        "-q --oneshot --usepkg-exclude app-misc/tool app-misc/tool",
        true,
    ),
    ("-q no-such/package", true),
];

/// What differs between two runs of emerge: times, places, and what it keeps for itself.
const APART: [&str; 9] = [
    "home",
    "var/cache/edb",
    "var/tmp",
    "var/log",
    "var/db/repos",
    "usr/share/portage",
    "share/portage",
    "usr/bin",
    "run",
];

/// Files of a record of an installed package that hold times and places.
const OF_A_RUN: [&str; 5] = [
    "CONTENTS",
    "environment.bz2",
    "BUILD_TIME",
    "BINPKGMD5",
    "metadata",
];

/// All that a system consists of, as far as two runs can agree on it.
fn state(client: &Client) -> BTreeMap<PathBuf, (u32, String)> {
    let root = client.root();
    let place = root.to_str().expect("a path of the test");
    let mut state = BTreeMap::new();
    for (path, (mode, content)) in files::below(root) {
        let path = path.strip_prefix(root).expect("below the root").to_owned();
        let is_apart = APART.iter().any(|apart| path.starts_with(apart));
        if !is_apart {
            state.insert(path.clone(), (mode, text(&path, &content, place)));
        }
    }
    state
}

/// The content of a file without times, and with a word for the place of the system.
fn text(path: &Path, content: &[u8], place: &str) -> String {
    let name = path.file_name().unwrap_or_default();
    let is_package = path.starts_with("var/cache/binpkgs");
    let is_of_a_run = OF_A_RUN.iter().any(|other| name == *other);
    if is_package || is_of_a_run {
        String::new()
    } else {
        String::from_utf8_lossy(content).replace(place, "@ROOT@")
    }
}

#[test]
fn command_lines_leave_what_emerge_alone_leaves() {
    let Some(builds) = Builds::get() else { return };
    if !namespace::is_possible() {
        return;
    }
    let [alone, wrapped] = [builds.client(), builds.client()];
    let server = builds.serve("site");
    let site = format!("sync-uri = {}", server.uri(""));
    // Two hosts of one name and port would share a file of emerge's cache.
    let [old, second] =
        ["old", "second"].map(|name| format!("sync-uri = file://{}", builds.host(name).display()));
    for client in [&alone, &wrapped] {
        client.hosts(&[("site", &site), ("old", &old), ("second", &second)]);
    }
    let mut has_binary = false;
    for (line, installs) in LINES {
        let added = if installs { ADDED } else { "" };
        let expected = alone.emerge(format!("{added} {line}").trim());
        let ended = wrapped.bincheck(line);
        let both = || format!("{line}\n{expected:?}\n{ended:?}").replace("\\n", "\n");
        assert_eq!(ended.code, expected.code, "{}", both());
        let (expected, found) = (state(&alone), state(&wrapped));
        let differing = expected
            .iter()
            .filter(|(path, file)| found.get(*path) != Some(file));
        let more = found
            .iter()
            .filter(|(path, _)| !expected.contains_key(*path));
        let names: Vec<&PathBuf> = differing.chain(more).map(|(path, _)| path).collect();
        assert!(names.is_empty(), "{names:?} after {}", both());
        has_binary |= wrapped.installed("tool-2", "BUILD_ID").is_some();
    }
    assert!(has_binary, "no binary package was installed");
}
