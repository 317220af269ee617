#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;

use super::*;
use crate::local::lines;
use crate::pms::{Cpv, Slot, Syntax};
use crate::source::Notices;

fn map(atoms: &str) -> AtomMap<usize> {
    atoms
        .split(" , ")
        .enumerate()
        .map(|(index, atom)| (Dep::parse(atom.trim(), Syntax::USER).unwrap(), index))
        .collect()
}

fn order(atoms: &str, package: &str, slot: &str) -> String {
    let cpv = Cpv::parse(package).unwrap();
    let slot = Slot::parse(slot, None).unwrap();
    let subject = Subject {
        cpn: &cpv.cpn,
        version: &cpv.version,
        slot: Some(&slot),
        repository: Some("gentoo"),
        build_id: None,
    };
    let map = map(atoms);
    let found: Vec<&str> = map
        .by_specificity(&subject)
        .into_iter()
        .map(|(atom, _)| atom.as_str())
        .collect();
    found.join(" , ")
}

/// Observed: the most specific one for `a/b-2-r1:1/2`.
#[test]
fn most_specific() {
    for row in [
        "a/b , a/b::gentoo => a/b",
        "a/b::gentoo , a/b => a/b::gentoo",
        "a/b:1 , =a/b-2* => =a/b-2*",
        "a/b:1 , >=a/b-1 => a/b:1",
        "=a/b-2-r1 , ~a/b-2 => =a/b-2-r1",
        "~a/b-2 , =a/b-2* => ~a/b-2",
        ">=a/b-1 , >=a/b-1.5 => >=a/b-1.5",
        ">=a/b-1.5 , >=a/b-1 => >=a/b-1.5",
        "<a/b-3 , <a/b-4 => <a/b-3",
        "<a/b-4 , <a/b-3 => <a/b-3",
        ">=a/b-1 , <a/b-3 => >=a/b-1",
        "<a/b-3 , >=a/b-1 => <a/b-3",
        "*/* , a/* => */*",
        "a/* , */* => a/*",
        "*/b:1 , */b => */b:1",
        "*/b , */b:1 => */b:1",
        "=*/*-*2* , */b:1 => =*/*-*2*",
        "*/* , a/b => a/b",
        "a/b:1/2 , a/b:1 => a/b:1/2",
        "a/b:1 , a/b:1/2 => a/b:1",
        ">=a/b-1:1 , a/b:1 => >=a/b-1:1",
        "a/b:1 , >=a/b-1:1 => a/b:1",
        "=a/b-2* , =a/b-2-r1* => =a/b-2*",
        "=a/b-2-r1* , =a/b-2* => =a/b-2-r1*",
        ">=a/b-2-r1 , >=a/b-2 => >=a/b-2-r1",
        ">=a/b-2 , >=a/b-2-r1 => >=a/b-2-r1",
    ] {
        let (atoms, most) = row.split_once(" => ").unwrap();
        let found = order(atoms, "a/b-2-r1", "1/2");
        assert_eq!(found.rsplit(" , ").next().unwrap(), most, "{row}");
    }
}

/// The whole order, least specific first.
#[test]
fn whole_order() {
    for (atoms, expected) in [
        (
            "a/b , */* , =a/b-1 , >=a/b-1 , a/b:0",
            "*/* , a/b , >=a/b-1 , a/b:0 , =a/b-1",
        ),
        // Portage groups wildcards by name, in order of the names' first appearance.
        ("a/* , */b , a/*::gentoo", "*/b , a/*::gentoo , a/*"),
        ("x/y , */z", ""),
        (
            ">a/b-0.1 , <a/b-9 , >a/b-0.5",
            "<a/b-9 , >a/b-0.1 , >a/b-0.5",
        ),
    ] {
        assert_eq!(order(atoms, "a/b-1", "0"), expected, "{atoms}");
    }
}

#[test]
fn files_count_one_after_the_other() {
    let cpv = Cpv::parse("a/b-1").unwrap();
    let subject = Subject {
        cpn: &cpv.cpn,
        version: &cpv.version,
        slot: None,
        repository: None,
        build_id: None,
    };
    let mut map = AtomMap::default();
    for (atom, file) in [("=a/b-1", 1), ("a/b", 1), ("*/*", 2), ("a/b", 2)] {
        map.push(Dep::parse(atom, Syntax::USER).unwrap(), file);
    }
    let found: Vec<String> = map
        .by_file(&subject, |file| *file)
        .into_iter()
        .map(|(atom, file)| format!("{file}:{atom}"))
        .collect();
    assert_eq!(found, ["1:a/b", "1:=a/b-1", "2:*/*", "2:a/b"]);
}

#[test]
fn lines_of_one_atom_are_joined() {
    let text = "a/b x y\nc/d\n a/b z # no\nnonsense q\na/b[use] v\n";
    let notices = Notices::default();
    let lines = lines::parse(text, Path::new("/f"));
    let entries = dictionary(lines, Syntax::USER, UseDeps::Rejected, &notices);
    let read: Vec<String> = entries
        .iter()
        .map(|entry| {
            let words: Vec<String> = entry
                .words
                .iter()
                .map(|word| format!("{}{}", if word.starts_line { "|" } else { "" }, word.text))
                .collect();
            format!("{} {}", entry.atom, words.join(" "))
        })
        .collect();
    assert_eq!(read, ["a/b |x y |z", "c/d "]);
    let notices: Vec<String> = notices.sorted().iter().map(ToString::to_string).collect();
    assert_eq!(notices.len(), 2);
    assert!(
        notices[0].starts_with("/f:4: line skipped, invalid atom"),
        "{}",
        notices[0]
    );
    assert!(notices[1].starts_with("/f:5: "), "{}", notices[1]);
}
