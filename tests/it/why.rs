//! `--why`: what wins, and all that speaks against the rest.

use serde_json::Value;

use crate::plan::system;
use crate::support::{answer, bincheck, scratch};

/// What is reported of a package on a system of these lines.
fn why(lines: &[&str], words: &[&str]) -> Value {
    let root = scratch();
    system::write(root.path(), lines);
    let cache = scratch();
    let mut command = bincheck(root.path(), cache.path());
    command.args(["--json", "--why"]).args(words);
    let document: Value = serde_json::from_str(&answer(&mut command)).expect("JSON");
    document["why"].clone()
}

/// Each candidate as `type version standing codes`.
fn candidates(why: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let all = why["candidates"].as_array().expect("candidates").iter();
    let one = |candidate: &Value| {
        let reasons = candidate["reasons"].as_array().expect("reasons").iter();
        let codes: Vec<String> = reasons.map(|reason| text(&reason["code"])).collect();
        let cpv = text(&candidate["cpv"]);
        let id = candidate["build_id"].as_i64();
        let id = id.map(|id| format!("-{id}")).unwrap_or_default();
        let head = [&candidate["type"], &candidate["standing"]].map(text);
        let line = format!("{} {cpv}{id} {} {}", head[0], head[1], codes.join(","));
        line.trim_end().to_owned()
    };
    all.map(one).collect()
}

#[test]
fn the_newest_build_of_the_highest_version_wins() {
    let lines = [
        "ebuild a/x-1",
        "ebuild a/x-2",
        "binary a/x-2 BUILD_ID=1 BUILD_TIME=5",
        "binary a/x-2 BUILD_ID=2 BUILD_TIME=9",
        "binary a/x-1 BUILD_ID=3 BUILD_TIME=99",
        "installed a/x-1",
    ];
    assert_eq!(
        candidates(&why(&lines, &["a/x"])),
        [
            "binary a/x-2-2 taken",
            "binary a/x-2-1 passed-over older-build",
            "ebuild a/x-2 passed-over binary-taken",
            "installed a/x-1 installed",
            "binary a/x-1-3 passed-over lower-version",
            "ebuild a/x-1 passed-over lower-version",
        ]
    );
}

#[test]
fn all_reasons_are_reported_not_only_the_first() {
    let lines = [
        "ebuild a/x-2 KEYWORDS=~amd64",
        "ebuild a/x-1 IUSE=foo RDEPEND=c/y",
        "ebuild c/y-1",
        "binary a/x-1 IUSE=foo USE=foo KEYWORDS=~amd64",
    ];
    let why = why(&lines, &["a/x"]);
    assert_eq!(
        candidates(&why),
        [
            "ebuild a/x-2 passed-over keywords",
            "binary a/x-1-1 passed-over keywords,use,deps",
            "ebuild a/x-1 taken",
        ]
    );
    let binary = &why["candidates"][1];
    assert_eq!(binary["dependencies"][0]["variable"], "RDEPEND");
    assert_eq!(binary["dependencies"][0]["added"][0], "c/y");
    let flag = &why["use"][0]["flags"][0];
    assert_eq!(
        (&flag["flag"], &flag["configured"]),
        (&"foo".into(), &false.into())
    );
    assert_eq!(flag["builds"][0], true);
}

#[test]
fn what_the_request_asks_for_decides() {
    let lines = [
        "ebuild a/x-1",
        "binary a/x-1",
        "installed a/x-1",
        "installed c/y-1 RDEPEND=a/x",
        "ebuild c/y-1 RDEPEND=a/x",
        "world c/y",
    ];
    let calm = why(&lines, &["a/x", "-uD", "@world"]);
    assert_eq!(candidates(&calm)[0], "installed a/x-1 installed");
    assert_eq!(calm["taken"].as_array().map(Vec::len), Some(0));
    assert_eq!(calm["required_by"][0]["cpv"], "c/y-1");
    let again = why(&lines, &["a/x", "-e", "@world"]);
    assert_eq!(candidates(&again)[1], "binary a/x-1-1 taken");
}

#[test]
fn one_package_at_a_time() {
    let root = scratch();
    system::write(root.path(), &["ebuild a/x-1"]);
    for (word, message) in [
        ("@world", "one package at a time"),
        ("a/unknown", "a/unknown"),
    ] {
        let cache = scratch();
        let mut command = bincheck(root.path(), cache.path());
        let output = command
            .args(["--why", word])
            .output()
            .expect("bincheck runs");
        assert_eq!(output.status.code(), Some(2), "{word}");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.contains(message), "{stderr}");
    }
}
