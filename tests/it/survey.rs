//! `--hosts`: each host against this machine.

use std::fs;

use serde_json::Value;

use crate::binhost::server::{Request, Server, ok, status};
use crate::support::{bincheck, bincheck_that_looks, copy, project, scratch};

/// The document and the exit status on a root.
fn survey(root: &std::path::Path, words: &[&str]) -> (Value, Option<i32>) {
    let cache = scratch();
    let mut command = bincheck_that_looks(root, cache.path());
    let output = command.args(["--hosts", "--json"]).args(words).output();
    let output = output.expect("bincheck runs");
    let document = serde_json::from_slice(&output.stdout).expect("JSON");
    (document, output.status.code())
}

fn codes(host: &Value) -> Vec<&str> {
    let warnings = host["warnings"].as_array().expect("warnings");
    let codes = warnings
        .iter()
        .map(|one| one["code"].as_str().expect("a code"));
    codes.filter(|code| *code != "old").collect()
}

#[test]
fn shares_and_what_they_lack() {
    let (document, status) = survey(&project("testdata/workstation"), &[]);
    assert_eq!(status, Some(0));
    assert_eq!(document["best"], 1);
    let [site, gentoo] = [0, 1].map(|place| &document["hosts"][place]);
    for host in [site, gentoo] {
        // Whatever is not served is lacked for some reason.
        let number = |value: &Value| value.as_u64().expect("a number");
        let lacks = host["lacks"].as_object().expect("lacks");
        let lacked: u64 = lacks.values().map(number).sum();
        let request = &host["request"];
        assert_eq!(number(&request["served"]) + lacked, number(&request["of"]));
    }
    assert_eq!(site["lacks"]["no-package"], 5);
    assert_eq!(gentoo["request"]["served"], 1);
    assert_eq!(gentoo["lacks"]["unusable"], 1, "built for x86-64-v4");
    assert_eq!(gentoo["signature"]["required"], true);
    let built: u64 = gentoo["files"]["built_for"]
        .as_object()
        .expect("groups")
        .values()
        .filter_map(Value::as_u64)
        .sum();
    assert_eq!(gentoo["files"]["inspected"], built);
}

/// A copy of a host serves as much, although each of its packages comes from the other.
#[test]
fn a_mirror_serves_what_its_origin_does() {
    let root = scratch();
    copy(&project("testdata/workstation"), root.path()).expect("the system");
    let conf = root.path().join("etc/portage/binrepos.conf/mirror.conf");
    let text = "[mirror]\nsync-uri = file:///srv/binhost/gentoo\nverify-signature = false\n";
    fs::write(conf, text).expect("a section");
    let (document, _) = survey(root.path(), &[]);
    let hosts = document["hosts"].as_array().expect("hosts");
    let named = |name: &str| hosts.iter().find(|host| host["name"] == name).expect(name);
    for key in ["request", "installed"] {
        assert_eq!(named("mirror")[key], named("gentoo")[key], "{key}");
    }
}

/// Its header counts wrong, and its entry has no CHOST.
const INDEX: &str =
    "VERSION: 0\nTIMESTAMP: 100\nPACKAGES: 7\n\nCPV: app-misc/jq-1\nPATH: a.gpkg.tar\n\n";

#[test]
fn what_is_wrong_with_hosts() {
    let serve = || {
        Server::start(|request: &Request| match request.path.as_str() {
            "/x/Packages" => ok(INDEX),
            _ => status("404 Not Found"),
        })
    };
    let root = scratch();
    copy(&project("testdata/workstation"), root.path()).expect("the system");
    let copied = root.path().join("var/cache/edb/binhost/127.0.0.1/x");
    fs::create_dir_all(&copied).expect("Portage's cache");
    fs::write(
        copied.join("Packages"),
        "VERSION: 0\nTIMESTAMP: 200\n\nTIMESTAMP: 1\n",
    )
    .expect("a copy");
    let [one, other] = [serve(), serve()].map(|server| (server.uri("x"), server));
    let words = ["--binhost", &one.0, "--binhost", &other.0];
    let (document, status) = survey(root.path(), &words);
    assert_eq!(status, Some(0));
    let added = |document: &Value| -> Vec<Value> {
        let hosts = document["hosts"].as_array().expect("hosts").iter();
        let added = hosts.filter(|host| host["source"] == "option --binhost");
        added.cloned().collect()
    };
    assert_eq!(added(&document).len(), 2);
    for host in added(&document) {
        let expected = [
            "shares-cache",
            "older-than-cached",
            "wrong-count",
            "no-chost",
        ];
        assert_eq!(codes(&host), expected, "{host}");
    }
    let words = ["--binhost", &one.0, "--binhost", "http://127.0.0.1:9/y"];
    let (document, status) = survey(root.path(), &words);
    assert_eq!(status, Some(2), "one cannot be reached");
    let added = added(&document);
    let is_unreachable = |host: &&Value| host["trouble"].is_string();
    assert_eq!(added.iter().filter(is_unreachable).count(), 1);
    assert!(
        added.iter().any(|host| host["entries"] == 1),
        "the other is surveyed"
    );
}

#[test]
fn without_any_host_it_says_what_to_do() {
    let root = scratch();
    copy(&project("testdata/workstation"), root.path()).expect("the system");
    fs::remove_dir_all(root.path().join("etc/portage/binrepos.conf")).expect("no host");
    let cache = scratch();
    let output = bincheck(root.path(), cache.path()).arg("--hosts").output();
    let output = output.expect("bincheck runs");
    assert_eq!(output.status.code(), Some(2));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("--binhost=URI"), "{stderr}");
}
