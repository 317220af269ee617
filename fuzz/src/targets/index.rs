//! The index of a binhost, and the candidates that are made of its entries.

use bincheck::binhost::{Candidate, HostId, Index};
use bincheck::pms::Key;

use crate::guard;
use crate::input::Input;

pub(super) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let local = input.choose(&[false, true]);
    let text = input.text().into_owned();
    let parse = if local {
        Index::parse_local
    } else {
        Index::parse
    };
    if let Ok(index) = parse(text) {
        check(&index);
    }
    guard::linear(bytes, b"\n", |bytes| {
        let text = format!("VERSION: 0\n\n{}", String::from_utf8_lossy(bytes));
        if let Ok(index) = Index::parse(text) {
            candidates(&index);
        }
    });
}

fn candidates(index: &Index) -> Vec<Candidate> {
    let made = index
        .entries
        .iter()
        .map(|entry| Candidate::new(entry.clone(), Some(HostId::new(0)), "chost"));
    made.filter_map(Result::ok).collect()
}

fn check(index: &Index) {
    assert_eq!(index.blocks().count(), index.entries.len());
    let made = candidates(index);
    for candidate in &made {
        let package = &candidate.package;
        assert_eq!(package.cpv.to_string(), package.metadata.text(Key::Cpv));
        assert_eq!(candidate.instance_key(), candidate.clone().instance_key());
    }
    assert!(made.len() <= index.entries.len());
    // Header and blocks, put together again, are the same index.
    let mut text = String::new();
    for line in index.header_lines() {
        text.push_str(line);
        text.push('\n');
    }
    text.push('\n');
    for block in index.blocks() {
        text.push_str(block.trim_end_matches('\n'));
        text.push_str("\n\n");
    }
    let again = Index::parse(text).expect("what was an index is one");
    assert_eq!(again.entries.len(), index.entries.len());
    assert_eq!((again.timestamp, &again.uri), (index.timestamp, &index.uri));
    for (entry, other) in index.entries.iter().zip(&again.entries) {
        for key in Key::ALL {
            assert_eq!(entry.get(key), other.get(key), "{}", key.name());
        }
    }
}
