//! `--compare`: two systems in effect.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::plan::system;
use crate::support::{copy, project, scratch};

fn run(words: &[&str]) -> Output {
    let cache = scratch();
    let mut command = Command::new(env!("CARGO_BIN_EXE_bincheck"));
    command.env("XDG_CACHE_HOME", cache.path()).args(words);
    command.output().expect("bincheck runs")
}

fn path(path: &Path) -> &str {
    path.to_str().expect("a path")
}

/// The document about two systems, and the exit status.
fn compare(a: &Path, b: &Path) -> (Value, Option<i32>) {
    let output = run(&["--json", "--compare", path(a), path(b)]);
    let document = serde_json::from_slice(&output.stdout).expect("JSON");
    (document, output.status.code())
}

/// Each difference as `cause side flag: packages`.
fn differences(document: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let one = |one: &Value| {
        let head = ["cause", "side", "flag"].map(|key| text(&one[key]));
        let packages = one["packages"]
            .as_array()
            .expect("packages")
            .iter()
            .map(text);
        format!(
            "{}: {}",
            head.join(" "),
            packages.collect::<Vec<_>>().join(" ")
        )
    };
    let mut all: Vec<String> = document["differences"]
        .as_array()
        .expect("a list")
        .iter()
        .map(one)
        .collect();
    all.sort();
    all
}

#[test]
fn text_that_means_the_same_is_the_same() {
    let [a, b] = [scratch(), scratch()];
    for root in [&a, &b] {
        copy(&project("testdata/workstation"), root.path()).expect("the system");
    }
    let conf = b.path().join("etc/portage/make.conf");
    let text = fs::read_to_string(&conf).expect("make.conf");
    let other = text
        .replace("${COMMON_FLAGS}", "-O2  -pipe -march=x86-64-v3")
        .replace("\"-gnome x265\"", "\"x265 -gnome\"");
    assert_ne!(text, other);
    fs::write(&conf, format!("# another machine\n{other}")).expect("make.conf");
    let (document, status) = compare(a.path(), b.path());
    assert_eq!(
        (status, &document["same"]),
        (Some(0), &Value::Bool(true)),
        "{document}"
    );
    let frozen = scratch();
    let file = frozen.path().join("b.tar.gz");
    let done = run(&["--chroot", path(b.path()), "--freeze", path(&file)]);
    assert!(done.status.success());
    // Of what was not frozen nothing is claimed.
    let other = a.path().join("var/db/pkg/app-misc/other-1");
    copy(&a.path().join("var/db/pkg/dev-vcs/git-2.51.0"), &other).expect("one more");
    let (document, status) = compare(a.path(), &file);
    assert_eq!(
        (status, &document["unknown"]),
        (Some(0), &serde_json::json!(["app-misc/other"]))
    );
    fs::remove_dir_all(other).expect("it goes again");
    let output = run(&["--compare", path(a.path()), path(&file)]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "the same in effect\n"
    );
}

#[test]
fn differences_stand_by_cause() {
    let lines = [
        "ebuild a/x-1 IUSE=foo",
        "ebuild a/y-1 IUSE=foo",
        "ebuild a/z-1",
        "ebuild a/z-2",
        "ebuild a/w-1",
        "ebuild a/w-2 KEYWORDS=~amd64",
        "installed a/x-1",
        "installed a/y-1",
        "installed a/z-1",
        "installed a/w-1",
    ];
    let [a, b] = [scratch(), scratch()];
    for root in [&a, &b] {
        system::write(root.path(), &lines);
    }
    let put = |file: &str, text: &str| {
        let file = b.path().join("etc/portage").join(file);
        let before = fs::read_to_string(&file).unwrap_or_default();
        fs::write(file, format!("{before}{text}\n")).expect("a line");
    };
    assert_eq!(compare(a.path(), b.path()).1, Some(0));
    put("package.use", "*/* foo");
    put("package.mask", "=a/z-2");
    put("package.accept_keywords", "a/w ~amd64");
    put("make.conf", "CXXFLAGS=\"-O3\"");
    let (document, status) = compare(a.path(), b.path());
    assert_eq!(status, Some(1));
    assert_eq!(
        differences(&document),
        [
            "keywords a -: a/w-1 (2)",
            "mask b -: a/z-2 (1)",
            "use b foo: a/x a/y",
        ],
        "{document}"
    );
    assert_eq!(document["settings"][0]["name"], "CXXFLAGS");
    // What concerns most packages first, with the line.
    let first = &document["differences"][0];
    assert_eq!(first["b"], "/etc/portage/package.use:1");
    let output = run(&["--compare", path(a.path()), path(b.path())]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        text.ends_with("1 setting and 4 packages differ\n"),
        "{text}"
    );
}

#[test]
fn what_is_no_system_is_named() {
    let root = project("testdata/workstation");
    for (words, text) in [
        (vec!["--compare", path(&root)], "needs a second system"),
        (
            vec!["--compare", path(&root), "/nonexistent"],
            "/nonexistent",
        ),
    ] {
        let output = run(&words);
        assert_eq!(output.status.code(), Some(2));
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(stderr.contains(text), "{stderr}");
    }
}

#[test]
fn a_host_is_compared_by_its_index() {
    let root = scratch();
    let lines = [
        "ebuild a/x-1 IUSE=foo",
        "ebuild a/y-1 'IUSE=foo +bar'",
        "ebuild a/z-1",
        "ebuild a/z-2 KEYWORDS=~amd64",
        "ebuild a/v-1 IUSE=foo",
        "binary a/x-1 IUSE=foo USE=foo",
        "binary a/y-1 'IUSE=foo +bar' USE=foo",
        "binary a/z-2 KEYWORDS=~amd64",
        "binary a/v-1 IUSE=foo",
        "binary a/w-1",
        "etc package.use a/y bar",
    ];
    system::write(root.path(), &lines);
    // It is a host's, and this system has the same in its PKGDIR.
    let site = root.path().join("srv/other");
    fs::create_dir_all(&site).expect("a directory");
    let index = root.path().join("var/cache/binpkgs/Packages");
    let text = fs::read_to_string(index).expect("an index");
    let head = "ACCEPT_KEYWORDS: ~amd64 amd64\nPROFILE: fancy\nARCH";
    fs::write(site.join("Packages"), text.replacen("ARCH", head, 1)).expect("an index");
    let host = Path::new("file:///srv/other");
    for (a, b, own, theirs, site, key) in [
        (root.path(), host, "a", "b", "fancy", "b"),
        (host, root.path(), "b", "a", "fancy", "a"),
    ] {
        let (document, status) = compare(a, b);
        assert_eq!(status, Some(1));
        let mut expected = vec![
            format!("keywords {own} -: a/z-2"),
            format!("no-ebuild {own} -: a/w-1"),
            format!("use {theirs} foo: a/x-1 a/y-1"),
            format!("use {own} bar: a/y-1"),
        ];
        expected.sort();
        assert_eq!(differences(&document), expected);
        let settings = document["settings"].as_array().expect("a list");
        let names = settings.iter().map(|one| one["name"].as_str());
        assert_eq!(
            names.collect::<Vec<_>>(),
            [Some("profile"), Some("ACCEPT_KEYWORDS")]
        );
        assert_eq!(settings[0][key], site);
    }
    let output = run(&["--compare", "file:///a", "file:///b"]);
    assert_eq!(output.status.code(), Some(2));
}
