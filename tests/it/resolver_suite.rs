//! Portage's own resolver tests, put to bincheck by `tests/portage/resolver_suite.py`: those of what changes
//! most. They take about two minutes, so without `CI=true` they are left out; CONTRIBUTING.md tells how to run
//! all of them.

use std::process::Command;

use crate::portage::python;
use crate::support::project;

/// Words in the names of the test modules that run.
const MODULES: &str = "test_blocker,test_targetroot,test_circular,test_complete_graph,test_keywords,test_merge_order,test_multirepo,\
                       test_or_,test_runtime_cycle,test_slot_,test_solve_non_slot,test_unnecessary_slot,test_virtual";

#[test]
fn requests_of_portages_own_tests() {
    if std::env::var_os("CI").is_none_or(|ci| ci != "true") {
        eprintln!("skipped: Portage's resolver tests run with CI=true");
        return;
    }
    let Some(python) = python() else { return };
    let output = Command::new(python)
        .arg("-B")
        .arg(project("tests/portage/resolver_suite.py"))
        .arg(env!("CARGO_BIN_EXE_bincheck"))
        .args(["--only", MODULES])
        .output()
        .expect("the suite runs");
    let messages = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{messages}\n{stderr}");
}
