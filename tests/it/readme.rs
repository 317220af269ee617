//! What README.md and the guide show is what happens.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::scenarios::set_machines;
use crate::support::{
    ageless, assert_file, bincheck, bincheck_on_machines, copy, project, scratch,
};

const PROMPT: &str = "$ bincheck --chroot testdata/workstation";
/// On the machines of the scenario `fleet`.
const FLEET: &str = "$ bincheck --fleet";

/// Blocks that begin with the prompt are run; `SNAPSHOTS=overwrite` writes what comes of it.
#[test]
fn transcripts_are_real() {
    for (page, prompt) in [("README.md", PROMPT), ("man/guide.md", FLEET)] {
        let text = fs::read_to_string(project(page)).expect("it is there");
        let blocks: Vec<String> = text.split("```").map(run_again).collect();
        assert!(text.contains(prompt), "{page} shows no run");
        assert_file(&blocks.join("```"), &project(page));
    }
}

/// The picture in the README, which a script makes, is of this program.
#[test]
fn the_picture_is_current() {
    let script = project("packaging/picture");
    let mut command = Command::new(script);
    let output = command.args(["--check", env!("CARGO_BIN_EXE_bincheck")]);
    let Ok(output) = output.output() else {
        eprintln!("skipped: Python is not installed");
        return;
    };
    assert!(output.status.success(), "{output:?}");
}

/// Every line of the cookbook does what it is for: on the example as the running system, and one of its hosts as that of the LAN.
#[test]
fn the_cookbook_is_real() {
    let text = fs::read_to_string(project("README.md")).expect("there is a README");
    let (_, cookbook) = text.split_once("## Cookbook\n").expect("a cookbook");
    let cookbook = cookbook.split("\n## ").next().unwrap_or_default();
    let (stage, cache) = (scratch(), scratch());
    let root = stage.path().join("root");
    copy(&project("testdata/workstation"), &root).expect("a copy");
    write_wrapper(stage.path(), &root);
    // Frozen and deployed systems ask the same hosts, which lie outside of them.
    for file in fs::read_dir(root.join("etc/portage/binrepos.conf")).expect("hosts") {
        let file = file.expect("a file").path();
        let text = fs::read_to_string(&file).expect("text");
        let outside = format!("file://{}/srv", root.display());
        fs::write(&file, text.replace("file:///srv", &outside)).expect("a copy may be written");
    }
    let host = format!("file://{}", root.join("srv/binhost/site").display());
    let mut count = 0;
    for block in cookbook.split("```sh\n").skip(1) {
        let lines = block.split("```").next().unwrap_or_default().lines();
        for line in lines {
            if line.contains("jq ") && !is_installed("jq") {
                eprintln!("skipped: jq is not installed");
                continue;
            }
            let typed = line
                .replace("http://builder/packages", &host)
                .replace("/mnt/gentoo", &root.display().to_string());
            run_line(&typed, stage.path(), cache.path());
            count += 1;
        }
    }
    assert!(count > 12, "{count}");
}

/// `bincheck` as it would be on the example.
fn write_wrapper(stage: &Path, root: &Path) {
    let wrapper = stage.join("bincheck");
    let binary = env!("CARGO_BIN_EXE_bincheck");
    let own = "--chroot|--compare|--deploy|--fleet";
    let script = format!(
        "#!/bin/sh\nfor word; do case $word in {own}) exec {binary} \"$@\";; esac; done\n\
         exec {binary} --chroot {} \"$@\"\n",
        root.display()
    );
    fs::write(&wrapper, script).expect("a script");
    fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755)).expect("it may be run");
}

fn is_installed(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}

/// Something comes of it, which is not an error.
fn run_line(line: &str, stage: &Path, cache: &Path) {
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new("bash")
        .args(["-o", "pipefail", "-c", line])
        .current_dir(stage)
        .env("PATH", format!("{}:{path}", stage.display()))
        .env("XDG_CACHE_HOME", cache)
        .env_remove("EMERGE_DEFAULT_OPTS")
        .output()
        .expect("bash runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    let quiet = ["--changes", "--freeze", "--deploy"];
    let is_quiet = quiet.iter().any(|option| line.contains(option));
    assert!(
        matches!(output.status.code(), Some(0 | 1)),
        "{line}: {errors}"
    );
    assert!(!errors.contains("error:"), "{line}: {errors}");
    assert!(is_quiet || !output.stdout.is_empty(), "{line}: {errors}");
}

/// The block with the output that its command has now; other text as it is.
fn run_again(block: &str) -> String {
    let line = block.lines().nth(1).unwrap_or_default();
    let (cache, stage) = (scratch(), scratch());
    let (mut command, prompt) = if line.starts_with(FLEET) {
        let scenario = project("testdata/scenarios/fleet");
        set_machines(&scenario, stage.path()).expect("machines");
        let mut command = bincheck_on_machines(cache.path());
        command.current_dir(stage.path());
        (command, FLEET)
    } else {
        (
            bincheck(&project("testdata/workstation"), cache.path()),
            PROMPT,
        )
    };
    let Some(args) = line.strip_prefix(prompt) else {
        return block.to_owned();
    };
    let output = command
        .args(args.split_whitespace())
        .output()
        .expect("bincheck runs");
    let stdout = String::from_utf8(output.stdout).expect("bincheck writes UTF-8");
    format!("console\n{prompt}{args}\n{}", ageless(&stdout))
}

/// The table of reasons has every code with the title that the program shows.
#[test]
fn reasons_are_complete() {
    let guide = fs::read_to_string(project("man/guide.md")).expect("there is a guide");
    for rule in bincheck::check::catalogue() {
        let row = format!("| `{}` | {} |", rule.code, rule.title);
        assert!(guide.contains(&row), "man/guide.md lacks {row}");
    }
}
