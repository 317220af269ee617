//! Every folder of `testdata/scenarios` is a scenario: options in `args`, a system in `root/`, and what
//! bincheck then says in `out.txt` and, with `--json`, in `out.json`.
//!
//! Only what differs from the scenario `sound` stands in `root/`; `without` lists paths to take away from it.
//! Where there are `machines/`, each of them is such a system, and `args`, which names the action, is given in their
//! directory. `steps` in the place of `args` are several such lines, played one after the other (`crate::steps`).
//! A new scenario needs no Rust: make the folder and run `SNAPSHOTS=overwrite cargo test scenarios`.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::steps;
use crate::support::{ageless, assert_file, bincheck, bincheck_anywhere, copy, project, scratch};

#[test]
fn scenarios() {
    let mut played = 0;
    for entry in fs::read_dir(project("testdata/scenarios")).expect("there are scenarios") {
        run(&entry.expect("a folder").path());
        played += 1;
    }
    assert!(played > 0, "testdata/scenarios is empty");
}

fn run(scenario: &Path) {
    eprintln!("scenario {}", scenario.display());
    let stage = scratch();
    if let Ok(steps) = fs::read_to_string(scenario.join("steps")) {
        set_machines(scenario, stage.path()).expect("the scenario's machines can be put together");
        let shown = steps::play(scenario, stage.path(), &steps);
        assert!(
            !shown.chars().any(is_unsafe),
            "a control character is printed"
        );
        return assert_file(&shown, &scenario.join("out.txt"));
    }
    let text = fs::read_to_string(scenario.join("args")).expect("args");
    let args: Vec<&str> = text.split_whitespace().collect();
    let machines = scenario.join("machines");
    let ask = if machines.is_dir() {
        set_machines(scenario, stage.path()).expect("the scenario's machines can be put together");
        ask_on_machines
    } else {
        set(scenario, stage.path()).expect("the scenario's system can be put together");
        ask
    };
    let output = ask(stage.path(), &args);
    assert_file(
        &transcript(&output, stage.path()),
        &scenario.join("out.txt"),
    );
    let output = ask(stage.path(), &[&args[..], &["--json"]].concat());
    let expected = scenario.join("out.json");
    if output.stdout.is_empty() {
        assert!(
            !expected.exists(),
            "{} is never written",
            expected.display()
        );
    } else {
        assert_file(&stable_json(&output.stdout), &expected);
    }
}

/// Put the system of a scenario into a directory: `sound`, less what `without` lists, and the scenario's own files.
pub fn set(scenario: &Path, stage: &Path) -> io::Result<()> {
    copy(&project("testdata/scenarios/sound/root"), stage)?;
    if let Ok(without) = fs::read_to_string(scenario.join("without")) {
        for path in without.lines() {
            fs::remove_file(stage.join(path))?;
        }
    }
    if scenario.join("root").is_dir() {
        copy(&scenario.join("root"), stage)?;
    }
    Ok(())
}

/// Put the machines of a scenario into a directory.
pub fn set_machines(scenario: &Path, stage: &Path) -> io::Result<()> {
    for machine in fs::read_dir(scenario.join("machines"))? {
        let machine = machine?;
        let root = stage.join(machine.file_name());
        copy(&project("testdata/scenarios/sound/root"), &root)?;
        copy(&machine.path(), &root)?;
    }
    Ok(())
}

fn ask(root: &Path, args: &[&str]) -> Output {
    let cache = scratch();
    bincheck(root, cache.path())
        .args(args)
        .output()
        .expect("bincheck runs")
}

fn ask_on_machines(directory: &Path, args: &[&str]) -> Output {
    let cache = scratch();
    bincheck_anywhere(cache.path())
        .current_dir(directory)
        .args(args)
        .arg("--no-fetch-metadata")
        .output()
        .expect("bincheck runs")
}

/// Everything that a person sees; the place of the system is cut out.
fn transcript(output: &Output, root: &Path) -> String {
    let stdout = String::from_utf8(output.stdout.clone()).expect("bincheck writes UTF-8");
    let stderr = String::from_utf8(output.stderr.clone()).expect("bincheck writes UTF-8");
    let code = output.status.code().expect("bincheck ends on its own");
    assert!(
        !stdout.chars().chain(stderr.chars()).any(is_unsafe),
        "a control character reaches the terminal"
    );
    ageless(&format!("{stdout}--- stderr\n{stderr}--- status {code}\n"))
        .replace(root.to_str().expect("a path in UTF-8"), "[ROOT]")
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
    let hosts = json.get_mut("hosts").and_then(Value::as_array_mut);
    for host in hosts.into_iter().flatten() {
        if let Some(host) = host.as_object_mut() {
            host.remove("age");
        }
    }
    let text = serde_json::to_string_pretty(&json).expect("JSON is JSON again") + "\n";
    ageless(&text)
}
