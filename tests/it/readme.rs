//! What README.md shows is what happens.

use crate::scenarios::set_machines;
use crate::support::{ageless, assert_file, bincheck, bincheck_on_machines, project, scratch};

const PROMPT: &str = "$ bincheck --chroot testdata/workstation";
/// On the machines of the scenario `fleet`.
const FLEET: &str = "$ bincheck --fleet";

/// Blocks that begin with the prompt are run; `SNAPSHOTS=overwrite` writes what comes of it.
#[test]
fn transcripts_are_real() {
    let readme = std::fs::read_to_string(project("README.md")).expect("there is a README");
    let blocks: Vec<String> = readme.split("```").map(run_again).collect();
    assert!(readme.contains(PROMPT), "the README shows no run");
    assert_file(&blocks.join("```"), &project("README.md"));
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
    let readme = std::fs::read_to_string(project("README.md")).expect("there is a README");
    for rule in bincheck::check::catalogue() {
        let row = format!("| `{}` | {} |", rule.code, rule.title);
        assert!(readme.contains(&row), "README.md lacks {row}");
    }
}
