//! make.conf: what was read reads the same when it is written down, and expansion is bounded.

use std::collections::HashMap;
use std::path::Path;

use bincheck::chroot::Chroot;
use bincheck::local::getconfig::{Assignment, Mode, read};
use bincheck::source::Notices;

use crate::guard;
use crate::input::Input;
use crate::targets::scratch::Scratch;

pub(super) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let expand = input.choose(&[true, false]);
    let mode = Mode {
        allow_source: true,
        expand,
    };
    Scratch::with(|scratch| {
        let file = scratch.write("make.conf", input.rest());
        if let Some(assignments) = of(&file, mode) {
            check(&assignments, scratch);
        }
        guard::linear(input.rest(), b"\n", |bytes| {
            let file = scratch.write("make.conf", bytes);
            of(
                &file,
                Mode {
                    expand: false,
                    ..mode
                },
            );
        });
    });
}

fn of(file: &Path, mode: Mode) -> Option<Vec<Assignment>> {
    let mut map = HashMap::new();
    read(
        &Chroot::default(),
        file,
        &mut map,
        mode,
        &Notices::default(),
    )
    .ok()
}

fn check(assignments: &[Assignment], scratch: &Scratch) {
    let mut written = String::new();
    for assignment in assignments {
        assert!(assignment.value.len() <= 4 << 20);
        let line = assignment.source.line();
        assert!(line.is_some_and(|line| line > 0), "{assignment:?}");
        let words: Vec<&str> = assignment.words().map(|(word, _)| word).collect();
        let plain: Vec<&str> = assignment.value.split_whitespace().collect();
        assert_eq!(words, plain);
        assert!(
            assignment
                .words()
                .all(|(_, source)| source.line().is_some())
        );
        // Portage takes an empty name too, if it is quoted.
        let name = if assignment.name.is_empty() {
            "''"
        } else {
            &assignment.name
        };
        // Single quotes protect everything but themselves.
        written += &format!("{name}='{}'\n", assignment.value.replace('\'', "'\"'\"'"));
    }
    // A carriage return would be read as a line feed.
    if written.contains('\r')
        || assignments
            .iter()
            .any(|one| one.name == "source" || one.name == "export")
    {
        return;
    }
    let file = scratch.write("again", written.as_bytes());
    let plain = Mode {
        allow_source: true,
        expand: false,
    };
    let again = of(&file, plain).unwrap_or_else(|| panic!("{written:?} is not read"));
    let pair = |one: &Assignment| (one.name.clone(), one.value.clone());
    let before: Vec<_> = assignments.iter().map(pair).collect();
    let after: Vec<_> = again.iter().map(pair).collect();
    assert_eq!(before, after, "{written:?}");
}
