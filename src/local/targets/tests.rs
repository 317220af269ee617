#![allow(clippy::unwrap_used, reason = "tests may fail")]

use super::*;
use crate::local::installed::Installed;
use crate::local::trees::testing::Machine;
use crate::pms::Cpn;

#[test]
fn kinds_of_words() {
    let table = [
        ("foo.tbz2", TargetKind::BinaryFile),
        ("/x/foo-1.xpak", TargetKind::BinaryFile),
        ("foo-1-1.gpkg.tar", TargetKind::BinaryFile),
        ("/r/a/b/b-1.ebuild", TargetKind::Ebuild),
        ("b-1.ebuild", TargetKind::Ebuild),
        ("/usr/bin/sh", TargetKind::File),
        ("./x", TargetKind::File),
        ("../x", TargetKind::File),
        ("world", TargetKind::Set("world")),
        ("system", TargetKind::Set("system")),
        ("@world", TargetKind::Set("world")),
        ("@", TargetKind::Set("")),
        ("selected", TargetKind::Atom),
        ("a/b", TargetKind::Atom),
        ("", TargetKind::Atom),
    ];
    for (word, expected) in table {
        assert_eq!(kind(word), expected, "{word}");
    }
}

#[test]
fn binary_files_are_answered_with_a_hint() {
    let known = KnownNames([Cpn::parse("app-misc/jq").unwrap()].into());
    assert_eq!(
        binary_file("/x/jq-1.7-2.gpkg.tar", &known),
        "/x/jq-1.7-2.gpkg.tar is a binary package file; name the package instead: =app-misc/jq-1.7"
    );
    assert!(binary_file("what.xpak", &known).ends_with("=category/package-version"));
}

#[test]
fn ebuild_files() {
    let mut machine = Machine::new();
    machine.repository("gentoo", &[]);
    machine.ebuild("gentoo", "a/b-1", "b", "");
    machine.link("/link", "/repos/gentoo");
    machine.write("/other/a/b/b-1.ebuild", "");
    machine.env("PWD", "/repos/gentoo/a");
    let ebuild = |word: &str| {
        path::ebuild(word, machine.base())
            .map(|member| member.atom.as_str().to_owned())
            .map_err(|error| error.to_string())
    };
    for word in [
        "/repos/gentoo/a/b/b-1.ebuild",
        "/link/a/b/b-1.ebuild",
        "b/b-1.ebuild",
        "./b/../b/b-1.ebuild",
    ] {
        assert_eq!(ebuild(word).as_deref(), Ok("=a/b-1::gentoo"), "{word}");
    }
    let table = [
        ("/repos/gentoo/a/b/b-2.ebuild", "there is no ebuild"),
        (
            "/repos/gentoo/a/c/b-1.ebuild",
            "does not lie in a repository",
        ),
        ("/other/a/b/b-1.ebuild", "no configured repository"),
    ];
    for (word, part) in table {
        let error = ebuild(word).unwrap_err();
        assert!(error.contains(part), "{word}: {error}");
    }
}

#[test]
fn files_of_installed_packages() {
    let mut machine = Machine::new();
    machine.mkdir("/usr/bin");
    machine.installed(
        "a/b-1",
        &[
            ("SLOT", "3"),
            ("CONTENTS", "dir /usr/bin\nobj /usr/bin/b 0 1\n"),
        ],
    );
    machine.installed("c/d-1", &[("SLOT", "0"), ("CONTENTS", "dir /usr/bin\n")]);
    machine.env("PWD", "/usr");
    let installed = Installed::load(machine.base(), &Notices::default()).unwrap();
    let owners = |word: &str| {
        let members = path::owners(word, machine.base(), &installed);
        let members = members.map_err(|error| error.to_string())?;
        let atoms: Vec<&str> = members.iter().map(|member| member.atom.as_str()).collect();
        Ok::<String, String>(atoms.join(" "))
    };
    assert_eq!(owners("/usr/bin/b").as_deref(), Ok("a/b:3"));
    assert_eq!(owners("./bin/b").as_deref(), Ok("a/b:3"));
    assert_eq!(owners("/usr/bin").as_deref(), Ok("a/b:3 c/d:0"));
    assert!(
        owners("/usr/bin/none")
            .unwrap_err()
            .contains("no installed package")
    );
}
