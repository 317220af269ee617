//! The whole program: options, report and JSON.

use std::process::Command;

use serde_json::Value;

use super::inspect::*;
use crate::support::{answer, bincheck_that_looks, project, scratch};

/// bincheck on the workstation with a host whose packages Portage wrote.
fn bincheck(uri: &str, cache: &std::path::Path) -> Command {
    let mut command = bincheck_that_looks(&project("testdata/workstation"), cache);
    command.args(["--binhost", uri]);
    command
}

fn instances(command: &mut Command) -> Vec<Value> {
    let value: Value = serde_json::from_str(&answer(command)).expect("JSON");
    let all = value["instances"].as_array().expect("instances");
    let made = |instance: &&Value| {
        instance["cpv"]
            .as_str()
            .is_some_and(|cpv| cpv.starts_with("app-made/"))
    };
    all.iter().filter(made).cloned().collect()
}

fn of<'v>(instances: &'v [Value], name: &str) -> &'v Value {
    let cpv = format!("app-made/{name}-1");
    instances
        .iter()
        .find(|instance| instance["cpv"] == *cpv)
        .expect(name)
}

#[test]
fn answers_stand_beside_the_verdict() {
    let server = range_server(&made());
    let cache = scratch();
    let all = ["--all", "--json", "--fetch-metadata", "--cpu", "haswell"];
    let found = instances(bincheck(&server.uri(""), cache.path()).args(all));
    assert_eq!(found.len(), MADE.len());
    for (name, runs, flags) in [
        ("zstd", "yes", "same"),
        ("xpak", "no", "higher"),
        ("signed", "no", "higher"),
        ("long", "yes", "higher"),
    ] {
        let instance = of(&found, name);
        assert_eq!(
            (&instance["runs"], &instance["flags"]),
            (&runs.into(), &flags.into()),
            "{instance}"
        );
    }
    let xpak = of(&found, "xpak");
    assert_eq!(xpak["built_for"], "znver3");
    assert_eq!(xpak["concerns"][0]["code"], "cpu");
    let verdicts = |found: &[Value]| -> Vec<Value> {
        let verdict =
            |one: &Value| Value::from(vec![one["verdict"].clone(), one["reasons"].clone()]);
        found.iter().map(verdict).collect()
    };
    server.take_requests();
    let blind = ["--all", "--json", "--no-fetch-metadata"];
    let unknown = instances(bincheck(&server.uri(""), cache.path()).args(blind));
    assert_eq!(verdicts(&found), verdicts(&unknown));
    assert!(unknown.iter().all(|instance| instance["runs"].is_null()));
    let cached = instances(bincheck(&server.uri(""), cache.path()).args(["--all", "--json"]));
    assert!(cached.iter().all(|instance| !instance["runs"].is_null()));
    let paths = server.take_paths();
    assert!(
        paths.iter().all(|path| path.contains("/Packages")),
        "{paths:?}"
    );
}

#[test]
fn people_are_told_what_each_host_built_for() {
    let server = range_server(&made());
    let cache = scratch();
    let all = ["--all", "--fetch-metadata", "--cpu", "haswell"];
    let text = answer(bincheck(&server.uri(""), cache.path()).args(all));
    assert!(text.contains("8 x86-64-v3\n"), "{text}");
    let words: Vec<&str> = text.split_whitespace().collect();
    let unwrapped = words.join(" ");
    assert!(
        unwrapped.contains("checked against --cpu haswell"),
        "{text}"
    );
    assert!(
        text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
}

#[test]
fn processors_that_nobody_knows_are_wrong_usage() {
    let cache = scratch();
    let root = project("testdata/workstation");
    for (options, message) in [
        (["--cpu", "znver99"], "no table knows the processor"),
        (["--cpu", "native"], "no table knows the processor"),
        (["--cpuinfo", "/nonexistent"], "--cpuinfo /nonexistent"),
        (["--cpuinfo", "/dev/zero"], "not a regular file"),
    ] {
        let output = bincheck_that_looks(&root, cache.path())
            .args(options)
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(message), "{stderr}");
    }
}
