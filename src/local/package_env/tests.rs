#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::source::Source;

#[test]
fn incremental_ones_grow() {
    let mut assignments = Assignments::default();
    for (name, value) in [
        ("USE", "a"),
        ("CFLAGS", "x"),
        ("USE", "-a b"),
        ("CFLAGS", "y"),
    ] {
        assignments.put(Assignment::new(name, value, Source::BuiltIn));
    }
    let found: Vec<String> = assignments
        .list
        .iter()
        .map(|one| format!("{}={}", one.name, one.value))
        .collect();
    assert_eq!(found, ["USE=a -a b", "CFLAGS=y"]);
}
