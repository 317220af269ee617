#![allow(clippy::unwrap_used, reason = "tests may fail")]

use std::path::Path;
use std::time::UNIX_EPOCH;

use super::*;
use crate::local::trees::testing::Machine;
use crate::pms::Key;

fn load(machine: &Machine) -> (Installed, Vec<String>) {
    let notices = Notices::default();
    let installed = Installed::load(machine.base(), &notices).unwrap();
    let notices = notices.sorted();
    (installed, notices.iter().map(ToString::to_string).collect())
}

#[test]
fn directories_are_packages() {
    let machine = Machine::new();
    for dir in [
        "a/b-1",
        "a/b-1-r1",
        "a/b-10",
        "a/b-9",
        "c/d-1",
        ".x/e-1",
        "a/.hidden-1",
    ] {
        machine.installed(dir, &[]);
    }
    machine.installed("a/-MERGING-f-1", &[]);
    machine.installed("-MERGING-x/f-1", &[]);
    machine.installed("lost+found/f-1", &[]);
    machine.installed("a/noversion", &[]);
    machine.write("/var/db/pkg/a/file-1", "");
    let (installed, notices) = load(&machine);
    let names: Vec<&str> = installed.names().map(Cpn::as_str).collect();
    assert_eq!(names, ["a/b", "c/d"]);
    let versions: Vec<&str> = installed
        .versions("a/b")
        .iter()
        .map(|cpv| cpv.version.as_str())
        .collect();
    assert_eq!(versions, ["1", "1-r1", "9", "10"]);
    assert_eq!(notices.len(), 1);
    assert!(
        notices[0].starts_with("/var/db/pkg/a/noversion: "),
        "{notices:?}"
    );
}

#[test]
fn what_is_read_ahead_is_read_once() {
    let machine = Machine::new();
    machine.installed("a/b-1", &[("SLOT", "3")]);
    let (installed, _) = load(&machine);
    installed.read_ahead("a/b");
    installed.read_ahead("a/none");
    machine.write("/var/db/pkg/a/b-1/SLOT", "4");
    let slot = installed.of("a/b")[0].slot.as_ref().unwrap();
    assert_eq!(slot.slot(), "3");
}

#[test]
fn no_database_is_an_empty_one() {
    let (installed, notices) = load(&Machine::new());
    assert_eq!(installed.names().count(), 0);
    assert!(installed.of("a/b").is_empty());
    assert_eq!(notices, [""; 0]);
}

#[test]
fn a_file_instead_of_a_database_is_an_error() {
    let machine = Machine::new();
    machine.write("/var/db/pkg", "");
    let error = Installed::load(machine.base(), &Notices::default()).unwrap_err();
    assert!(error.to_string().contains("/var/db/pkg"), "{error}");
}

#[test]
fn single_files() {
    let machine = Machine::new();
    machine.installed(
        "a/b-1-r0",
        &[
            ("EAPI", "8\n"),
            ("SLOT", "2/3\n"),
            ("USE", "x\n  y \n"),
            ("repository", "gentoo\n"),
            ("BUILD_TIME", "1700000000\n"),
            ("BUILD_ID", "4\n"),
            ("RDEPEND", "c/d:0/1=\n>=e/f-1"),
            ("INHERITED", "git-r3 toolchain"),
        ],
    );
    let (installed, _) = load(&machine);
    let package = &installed.of("a/b")[0];
    assert_eq!(package.cpv.to_string(), "a/b-1-r0");
    assert_eq!(package.slot.as_ref().unwrap().to_string(), "2/3");
    assert_eq!(package.repository.as_deref(), Some("gentoo"));
    assert_eq!(
        (package.build_time, package.build_id),
        (1_700_000_000, Some(4))
    );
    assert_eq!(package.built_use().collect::<Vec<_>>(), ["x", "y"]);
    assert_eq!(package.metadata.text(Key::Rdepend), "c/d:0/1= >=e/f-1");
    assert_eq!(package.metadata.get(Key::Pdepend), Some(""));
    assert_eq!(
        installed.variable(&package.cpv, "INHERITED"),
        "git-r3 toolchain"
    );
}

#[test]
fn missing_values_have_defaults() {
    let machine = Machine::new();
    machine.installed(
        "a/b-1",
        &[("SLOT", "0 1"), ("EAPI", "8"), ("BUILD_TIME", "x")],
    );
    machine.installed("a/c-1", &[]);
    let (installed, _) = load(&machine);
    let package = &installed.of("a/b")[0];
    assert_eq!(package.slot.as_ref().unwrap().slot(), "0");
    assert_eq!(package.build_time, -1);
    let package = &installed.of("a/c")[0];
    assert_eq!(package.slot.as_ref().unwrap().sub_slot(), "0");
    assert_eq!(package.eapi, Some(crate::pms::Eapi::ZERO));
    assert_eq!(
        (package.repository.as_deref(), package.build_time),
        (None, 0)
    );
}

#[test]
fn consolidated_file_wins_while_it_is_current() {
    let machine = Machine::new();
    machine.installed(
        "a/b-1",
        &[("SLOT", "1"), ("metadata", ""), ("HOMEPAGE", "old")],
    );
    let dir = machine.base().chroot.label(Path::new("/var/db/pkg/a/b-1"));
    let modified = std::fs::metadata(&dir).unwrap().modified().unwrap();
    let time = modified.duration_since(UNIX_EPOCH).unwrap().as_nanos();
    let text = format!("#format=1\nEAPI=8\nSLOT=2\nHOMEPAGE=new\n#dir_mtime={time}\n");
    machine.write("/var/db/pkg/a/b-1/metadata", &text);
    let (installed, _) = load(&machine);
    let package = &installed.of("a/b")[0];
    assert_eq!(package.slot.as_ref().unwrap().slot(), "2");
    assert_eq!(package.metadata.get(Key::Use), Some(""));
    assert_eq!(installed.variable(&package.cpv, "HOMEPAGE"), "new");
    machine.write("/var/db/pkg/a/b-1/NEW", "");
    let (installed, _) = load(&machine);
    assert_eq!(installed.of("a/b")[0].slot.as_ref().unwrap().slot(), "1");
}

#[test]
fn owners() {
    let machine = Machine::new();
    machine.link("/bin", "usr/bin");
    machine.mkdir("/usr/bin");
    machine.installed(
        "a/b-1",
        &[
            ("SLOT", "2"),
            ("CONTENTS", "dir /usr\ndir /usr/bin\nobj /usr/bin/sh 0 1\n"),
        ],
    );
    machine.installed(
        "c/d-1",
        &[("CONTENTS", "sym /bin/x -> sh 1\nobj /usr/bin/shh 0 1\n")],
    );
    let (installed, _) = load(&machine);
    let owners = |path: &str| {
        let owners = installed.owners_of(machine.base(), Path::new(path));
        let atoms: Vec<String> = owners::slot_atoms(&installed, owners).into_iter().collect();
        atoms.join(" ")
    };
    assert_eq!(owners("/usr/bin/sh"), "a/b:2");
    assert_eq!(owners("/bin/sh"), "a/b:2");
    assert_eq!(owners("/usr/bin/x"), "c/d:0");
    assert_eq!(owners("/usr/bin"), "a/b:2");
    assert_eq!(owners("/usr/bin/none"), "");
    assert_eq!(owners("/"), "");
}
