//! What README.md shows is what happens.

use crate::support::{ageless, bincheck, project, scratch};

/// Blocks of the README that start with `$ bincheck --chroot testdata/workstation …` are run.
#[test]
fn transcripts_are_real() {
    let readme = std::fs::read_to_string(project("README.md")).expect("there is a README");
    let mut shown = 0;
    for block in readme.split("```").skip(1).step_by(2) {
        let Some((first, expected)) = block
            .trim_start_matches("console")
            .trim_start()
            .split_once('\n')
        else {
            continue;
        };
        let Some(args) = first.strip_prefix("$ bincheck --chroot testdata/workstation") else {
            continue;
        };
        let cache = scratch();
        let output = bincheck(&project("testdata/workstation"), cache.path())
            .args(args.split_whitespace())
            .output()
            .expect("bincheck runs");
        let stdout = String::from_utf8(output.stdout).expect("bincheck writes UTF-8");
        let expected = ageless(expected);
        snapbox::assert_data_eq!(ageless(&stdout), snapbox::Data::text(expected).raw());
        shown += 1;
    }
    assert!(shown > 0, "the README shows no run");
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
