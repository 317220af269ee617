//! What README.md shows is what happens.

use crate::support::{ageless, assert_file, bincheck, project, scratch};

const PROMPT: &str = "$ bincheck --chroot testdata/workstation";

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
    let command = block
        .lines()
        .nth(1)
        .and_then(|line| line.strip_prefix(PROMPT));
    let Some(args) = command else {
        return block.to_owned();
    };
    let cache = scratch();
    let output = bincheck(&project("testdata/workstation"), cache.path())
        .args(args.split_whitespace())
        .output()
        .expect("bincheck runs");
    let stdout = String::from_utf8(output.stdout).expect("bincheck writes UTF-8");
    format!("console\n{PROMPT}{args}\n{}", ageless(&stdout))
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
