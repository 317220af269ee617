//! Every folder of `testdata/scenarios` is a story: a system in `root/`, options in `args`, and what
//! bincheck then says in `out.txt` and, asked with `--json`, in `out.json`.
//!
//! A new story needs no Rust: make the folder and run `SNAPSHOTS=overwrite cargo test stories`.

use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::support::{assert_file, bincheck, project, scratch};

#[test]
fn stories() {
    let mut told = 0;
    for entry in std::fs::read_dir(project("testdata/scenarios")).expect("there are stories") {
        let story = entry.expect("a folder").path();
        if story.is_dir() {
            tell(&story);
            told += 1;
        }
    }
    assert!(told > 0, "testdata/scenarios is empty");
}

fn tell(story: &Path) {
    eprintln!("story {}", story.display());
    let text = std::fs::read_to_string(story.join("args")).unwrap_or_else(|_| "--all".to_owned());
    let args: Vec<&str> = text.split_whitespace().collect();
    assert_file(&transcript(&ask(story, &args)), &story.join("out.txt"));
    let output = ask(story, &[&args[..], &["--json"]].concat());
    if output.status.code() != Some(2) {
        assert_file(&stable_json(&output.stdout), &story.join("out.json"));
    }
}

fn ask(story: &Path, args: &[&str]) -> Output {
    let cache = scratch();
    bincheck(&story.join("root"), cache.path())
        .args(args)
        .output()
        .expect("bincheck runs")
}

/// Everything that a person sees; the place of this checkout is cut out.
fn transcript(output: &Output) -> String {
    let stdout = String::from_utf8(output.stdout.clone()).expect("bincheck writes UTF-8");
    let stderr = String::from_utf8(output.stderr.clone()).expect("bincheck writes UTF-8");
    let code = output.status.code().expect("bincheck ends by itself");
    assert!(
        !stdout.chars().chain(stderr.chars()).any(is_unsafe),
        "a control character reaches the terminal"
    );
    format!("{stdout}--- stderr\n{stderr}--- status {code}\n")
        .replace(env!("CARGO_MANIFEST_DIR"), "[PROJECT]")
}

fn is_unsafe(character: char) -> bool {
    character.is_control() && character != '\n'
}

/// The JSON, without what differs between runs.
fn stable_json(stdout: &[u8]) -> String {
    let mut json: Value = serde_json::from_slice(stdout).expect("bincheck writes JSON");
    if let Some(top) = json.as_object_mut() {
        top.remove("bincheck");
    }
    for host in json["hosts"].as_array_mut().into_iter().flatten() {
        if let Some(host) = host.as_object_mut() {
            host.retain(|name, _| !name.contains("age"));
        }
    }
    let text = serde_json::to_string_pretty(&json).expect("JSON is JSON again");
    text.replace(env!("CARGO_MANIFEST_DIR"), "[PROJECT]") + "\n"
}
