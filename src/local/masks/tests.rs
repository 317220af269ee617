#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;

use super::*;
use crate::local::lines;
use crate::pms::{Cpv, Slot};

fn atoms(text: &str) -> Vec<AtomLine> {
    let notices = Notices::default();
    let read = atom_lines(lines::parse(text, Path::new("/f")), Syntax::USER, &notices);
    assert_eq!(notices.sorted(), []);
    read
}

/// Masks as repositories gentoo, ovl (masters = gentoo) and ind, profile and user would give them.
#[derive(Default)]
struct Config {
    gentoo: &'static str,
    ovl: &'static str,
    profile: &'static str,
    user: &'static str,
    profile_unmask: &'static str,
    user_unmask: &'static str,
}

impl Config {
    fn masks(&self) -> Masks {
        let notices = Notices::default();
        let (gentoo, ovl) = (atoms(self.gentoo), atoms(self.ovl));
        let masked = Levels {
            repositories: stack_for("gentoo", [&[], &gentoo])
                .chain(stack_for("ovl", [&gentoo, &ovl]))
                .collect(),
            profiles: vec![atoms(self.profile)],
            user: atoms(self.user),
        };
        let unmasked = Levels {
            profiles: vec![atoms(self.profile_unmask)],
            user: atoms(self.user_unmask),
            ..Levels::default()
        };
        Masks {
            masked: masked.stack(&notices),
            unmasked: unmasked.stack(&notices),
        }
    }

    /// Whether a/b-1 of gentoo, ovl, ind and an unknown repository, and a/b-2 of gentoo, are masked.
    fn row(&self) -> String {
        let masks = self.masks();
        let packages = [
            ("a/b-1", Some("gentoo")),
            ("a/b-1", Some("ovl")),
            ("a/b-1", Some("ind")),
            ("a/b-1", None),
            ("a/b-2", Some("gentoo")),
        ];
        let letter = |(package, repository): (&str, Option<&str>)| {
            let cpv = Cpv::parse(package).unwrap();
            let slot = Slot::parse("0", None).unwrap();
            let subject = Subject {
                cpn: &cpv.cpn,
                version: &cpv.version,
                slot: Some(&slot),
                repository,
                build_id: None,
            };
            masks.find(&subject).map_or('.', |_| 'M')
        };
        packages.into_iter().map(letter).collect()
    }
}

/// Observed with Portage.
#[test]
fn levels() {
    let m1 = "=a/b-1\n";
    for (id, config, expected) in [
        (
            "M1",
            Config {
                gentoo: m1,
                ..Config::default()
            },
            "MM.M.",
        ),
        (
            "M2",
            Config {
                gentoo: m1,
                ovl: "-=a/b-1",
                ..Config::default()
            },
            "M..M.",
        ),
        (
            "M3",
            Config {
                gentoo: m1,
                user: "-=a/b-1",
                ..Config::default()
            },
            ".....",
        ),
        (
            "M4",
            Config {
                gentoo: m1,
                user_unmask: "a/b::gentoo",
                ..Config::default()
            },
            ".M...",
        ),
        (
            "M5",
            Config {
                profile: "a/b",
                ..Config::default()
            },
            "MMMMM",
        ),
        (
            "M6",
            Config {
                user: "a/b::ovl\n*/*::ind",
                ..Config::default()
            },
            ".MMM.",
        ),
        (
            "M7",
            Config {
                user: "a/b",
                user_unmask: "=a/b-1",
                ..Config::default()
            },
            "....M",
        ),
        (
            "M8",
            Config {
                gentoo: m1,
                profile_unmask: "a/b",
                ..Config::default()
            },
            ".....",
        ),
    ] {
        assert_eq!(config.row(), expected, "{id}");
    }
}

#[test]
fn removals() {
    for (config, expected) in [
        (
            Config {
                gentoo: "a/b",
                user: "-a/b::ovl",
                ..Config::default()
            },
            "M..MM",
        ),
        (
            Config {
                profile: "a/b\n-a/b",
                ..Config::default()
            },
            ".....",
        ),
        (
            Config {
                profile: "=a/b-1\n-a/b",
                ..Config::default()
            },
            "MMMM.",
        ),
        (
            Config {
                user: "a/b\n-a/b\n=a/b-2",
                ..Config::default()
            },
            "....M",
        ),
        // USE dependencies have no effect here.
        (
            Config {
                user: "a/b[foo]",
                ..Config::default()
            },
            "MMMMM",
        ),
    ] {
        assert_eq!(
            config.row(),
            expected,
            "{:?} {:?}",
            config.profile,
            config.user
        );
    }
}

#[test]
fn evidence() {
    let masks = Config {
        gentoo: "# why\n=a/b-1[x]\n",
        ..Config::default()
    }
    .masks();
    let cpv = Cpv::parse("a/b-1").unwrap();
    let subject = Subject {
        cpn: &cpv.cpn,
        version: &cpv.version,
        slot: None,
        repository: Some("gentoo"),
        build_id: None,
    };
    let mask = masks.find(&subject).unwrap();
    assert_eq!(mask.atom.as_str(), "=a/b-1::gentoo[x]");
    assert_eq!(mask.source.to_string(), "/f:2");
}

#[test]
fn bad_lines_are_notices() {
    let notices = Notices::default();
    let text = "a/b c/d\n-*\na/b\n=x/y\n";
    let read = atom_lines(lines::parse(text, Path::new("/f")), Syntax::USER, &notices);
    assert_eq!(read.len(), 1);
    let places: Vec<Option<u32>> = notices
        .sorted()
        .into_iter()
        .map(|notice| notice.source.unwrap().line())
        .collect();
    assert_eq!(places, [Some(1), Some(2), Some(4)]);
}
