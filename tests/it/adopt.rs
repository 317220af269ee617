//! `--adopt`: what is printed is written into the files of a machine, and bincheck and the real emerge have to agree that
//! it wants what the model built.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use serde_json::{Value, json};

use crate::plan::system;
use crate::portage::python;
use crate::suggest::{apply, changed, document, merges};
use crate::support::{bincheck, scratch};

const EBUILDS: [&str; 7] = [
    "ebuild a/v-1 IUSE=foo",
    "ebuild a/x-1 IUSE=foo",
    "ebuild a/y-1 IUSE=foo",
    "ebuild a/z-1 'IUSE=foo bar'",
    "ebuild a/w-1 IUSE=foo",
    "ebuild c/k-2 KEYWORDS=~amd64",
    "ebuild c/k-1",
];

/// What the build host builds: foo almost everywhere.
const BUILT: [&str; 6] = [
    "a/v-1 IUSE=foo USE=foo",
    "a/x-1 IUSE=foo USE=foo",
    "a/y-1 IUSE=foo USE=foo",
    "a/z-1 'IUSE=foo bar' 'USE=foo bar'",
    "a/w-1 IUSE=foo",
    "c/k-2 KEYWORDS=~amd64",
];

fn lines(more: &[&str], kind: &str) -> Vec<String> {
    let built = BUILT.iter().map(|line| format!("{kind} {line}"));
    let ebuilds = EBUILDS.iter().chain(more).map(|line| (*line).to_owned());
    ebuilds.chain(built).collect()
}

fn write(root: &Path, lines: &[String]) {
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    system::write(root, &lines);
}

fn texts(document: &Value, file: &str) -> Vec<String> {
    let lines = document["lines"][format!("/etc/portage/{file}")].as_array();
    let texts = lines.into_iter().flatten().map(|line| line.as_str());
    texts.flatten().map(str::to_owned).collect()
}

const REQUEST: [&str; 6] = ["a/v", "a/w", "a/x", "a/y", "a/z", "=c/k-2"];

#[test]
fn what_a_build_host_wants_is_wanted_here_then() {
    let [host, client] = [scratch(), scratch()];
    write(
        host.path(),
        &lines(&["conf 'USE=\"foo bar\"'"], "installed"),
    );
    write(
        client.path(),
        &lines(&["installed a/x-0 IUSE=foo"], "binary"),
    );
    let model = host.path().to_str().expect("text");
    let words = [&["--adopt", model], &REQUEST[..]].concat();
    let found = document(client.path(), &words);
    assert_eq!(
        texts(&found, "make.conf"),
        ["USE=\"${USE} foo\""],
        "one line for four packages: {found}"
    );
    assert_eq!(texts(&found, "package.use"), ["a/w -foo", "a/z bar"]);
    assert_eq!(
        texts(&found, "package.accept_keywords"),
        ["=c/k-2 ~amd64"],
        "the host takes it by its installed package alone"
    );
    assert_eq!(
        (
            &found["taken_before"],
            &found["taken_after"],
            &found["left"]
        ),
        (&json!(4), &json!(9), &json!([])),
        "a/w and what the system has anyway are taken as it is"
    );
    let Some(_) = python() else { return };
    let after = changed(client.path(), &REQUEST, &[&found]);
    assert_eq!(merges(&after, "binary").len(), 6, "{after}");
    assert_eq!(after["check"]["agrees"], true, "{after}");
    apply(client.path(), &found);
    let again = document(client.path(), &words);
    assert_eq!(
        (&again["lines"], &again["taken_before"]),
        (&json!({}), &json!(9)),
        "nothing is left to do"
    );
}

/// An index in the place of the host's files, by its URI alone.
#[test]
fn a_host_that_is_not_configured_is_adopted_by_its_index() {
    let client = scratch();
    write(client.path(), &lines(&[], "binary"));
    let index = client.path().join("var/cache/binpkgs/Packages");
    let text = fs::read_to_string(&index).expect("the index");
    fs::remove_file(&index).expect("no packages of its own");
    let site = client.path().join("srv/other");
    fs::create_dir_all(&site).expect("a directory");
    let header = "ACCEPT_KEYWORDS: amd64 ~amd64\nPROFILE: no/such/profile\nARCH: amd64";
    fs::write(
        site.join("Packages"),
        text.replacen("ARCH: amd64", header, 1),
    )
    .expect("an index");
    let found = document(
        client.path(),
        &["--adopt", "file:///srv/other", "a/x", "a/y"],
    );
    assert_eq!(texts(&found, "make.conf"), ["USE=\"${USE} foo\""]);
    assert_eq!(
        found["profile"],
        json!({"state": "missing", "name": "no/such/profile", "select": null})
    );
    assert_eq!(
        (&found["before"]["binary"], &found["after"]["binary"]),
        (&json!(0), &json!(2))
    );
    assert_eq!(found["unknown"].as_array().map(Vec::len), Some(1));
}

#[test]
fn another_profile_is_selected_where_it_helps() {
    let [host, client, output] = [scratch(), scratch(), scratch()];
    write(host.path(), &lines(&[], "installed"));
    write(client.path(), &lines(&[], "binary"));
    for root in [&host, &client] {
        let repository = root.path().join("var/db/repos/gentoo/profiles");
        let dir = repository.join("fancy");
        fs::create_dir_all(&dir).expect("a directory");
        fs::write(dir.join("parent"), "../arch/amd64\n").expect("a file");
        fs::write(dir.join("make.defaults"), "USE=\"foo\"\n").expect("a file");
        fs::write(dir.join("eapi"), "8\n").expect("a file");
    }
    let link = host.path().join("etc/portage/make.profile");
    fs::remove_file(&link).expect("it is a link");
    symlink("../../var/db/repos/gentoo/profiles/fancy", &link).expect("a link");
    let model = host.path().to_str().expect("text");
    let cache = scratch();
    let mut command = bincheck(client.path(), cache.path());
    command
        .args(["--json", "--adopt", model, "--output"])
        .arg(output.path())
        .args(REQUEST);
    let ended = command.output().expect("bincheck runs");
    let found: Value = serde_json::from_slice(&ended.stdout).expect("JSON");
    assert_eq!(ended.status.code(), Some(0), "{found}");
    let dir = "/var/db/repos/gentoo/profiles/fancy";
    assert_eq!(
        found["profile"],
        json!({"state": "selected", "name": "fancy", "select": dir})
    );
    assert_eq!(texts(&found, "make.conf"), [""; 0], "the profile has it");
    let written = fs::read_link(output.path().join("make.profile")).expect("a link");
    assert_eq!(written, Path::new(dir));
    // What stands in the directory is what a person copies.
    let link = client.path().join("etc/portage/make.profile");
    fs::remove_file(&link).expect("it is a link");
    symlink(format!("../..{dir}"), &link).expect("a link");
    let Some(_) = python() else { return };
    let after = changed(client.path(), &REQUEST, &[&found]);
    assert_eq!(merges(&after, "binary").len(), 6, "{after}");
    assert_eq!(after["check"]["agrees"], true, "{after}");
}

/// A line that would keep emerge from what is requested is not printed among the others.
#[test]
fn a_line_that_breaks_the_request_is_left_out() {
    let client = scratch();
    let own = [
        "ebuild c/needs-1 'RDEPEND=a/t[-foo]'",
        "ebuild a/t-1 IUSE=foo",
        "binary a/t-1 IUSE=foo USE=foo",
    ];
    write(client.path(), &lines(&own, "binary"));
    let host = scratch();
    let built = ["installed a/t-1 IUSE=foo USE=foo", "ebuild a/t-1 IUSE=foo"];
    system::write(host.path(), &built);
    let model = host.path().to_str().expect("text");
    let found = document(client.path(), &["--adopt", model, "c/needs"]);
    assert_eq!(found["lines"], json!({}), "{found}");
    assert_eq!(
        found["refused"],
        json!({"/etc/portage/package.use": ["a/t foo"]})
    );
    assert_eq!(found["after"]["sound"], true);
}
