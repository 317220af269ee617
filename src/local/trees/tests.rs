#![allow(clippy::unwrap_used, reason = "tests may fail")]

use super::eclasses::hex_md5;
use super::testing::Machine;
use super::*;
use crate::pms::Key;

/// `version::repository` of all ebuilds of a name, unknown ones with `?`.
fn load(machine: &Machine, name: &str) -> (String, Vec<String>) {
    let notices = Notices::default();
    let trees = Trees::open(machine.base()).unwrap();
    let cpn = Cpn::parse(name).unwrap();
    let ebuilds = trees.load([&cpn], &notices);
    let texts: Vec<String> = ebuilds.of(name).iter().map(show).collect();
    let notices = notices.sorted();
    (
        texts.join(" "),
        notices.iter().map(ToString::to_string).collect(),
    )
}

fn show(ebuild: &Ebuild) -> String {
    let mark = if ebuild.package().is_some() { "" } else { "?" };
    let repository = ebuild.repository().unwrap_or_default();
    format!("{}::{repository}{mark}", ebuild.cpv().version)
}

fn machine() -> Machine {
    let mut machine = Machine::new();
    machine.repository("gentoo", &[]);
    machine.repository("overlay", &[0]);
    machine.write("/repos/gentoo/profiles/categories", "a\nvirtual\n");
    machine
}

#[test]
fn versions_of_all_repositories() {
    let machine = machine();
    machine.ebuild("gentoo", "a/b-10", "b", "");
    machine.ebuild("gentoo", "a/b-2", "b", "KEYWORDS=amd64\n");
    machine.ebuild("overlay", "a/b-2", "b", "");
    machine.ebuild("overlay", "a/b-1-r1", "b", "");
    let (texts, notices) = load(&machine, "a/b");
    assert_eq!(texts, "1-r1::overlay 2::gentoo 2::overlay 10::gentoo");
    assert_eq!(notices, [""; 0]);
}

#[test]
fn values_of_an_ebuild() {
    let machine = machine();
    machine.ebuild("gentoo", "a/b-1", "b", "IUSE=+x y\nRDEPEND=c/d\nSLOT=1/2\n");
    let notices = Notices::default();
    let trees = Trees::open(machine.base()).unwrap();
    let ebuilds = trees.load([&Cpn::parse("a/b").unwrap()], &notices);
    let package = ebuilds.of("a/b")[0].package().unwrap();
    assert_eq!(package.metadata.text(Key::Rdepend), "c/d");
    assert_eq!(package.metadata.text(Key::Iuse), "+x y");
    assert_eq!(package.slot.as_ref().unwrap().sub_slot(), "2");
    assert_eq!(package.eapi.unwrap().number(), 8);
}

#[test]
fn highest_repository_first_at_a_version() {
    let machine = machine();
    machine.ebuild("gentoo", "a/b-1.0", "b", "");
    machine.ebuild("overlay", "a/b-1.0-r0", "b", "");
    machine.ebuild("overlay", "a/b-2", "b", "");
    let notices = Notices::default();
    let trees = Trees::open(machine.base()).unwrap();
    let ebuilds = trees.load([&Cpn::parse("a/b").unwrap()], &notices);
    let at = |cpv: &str| {
        let cpv = Cpv::parse(cpv).unwrap();
        let texts: Vec<String> = ebuilds.at(&cpv).map(show).collect();
        texts.join(" ")
    };
    assert_eq!(at("a/b-1.0"), "1.0-r0::overlay 1.0::gentoo");
    assert_eq!(at("a/b-2"), "2::overlay");
    assert_eq!(at("a/b-3"), "");
    assert_eq!(at("a/c-1"), "");
}

#[test]
fn missing_and_stale_entries_are_told_once() {
    let machine = machine();
    for version in 1..=3 {
        let path = format!("/repos/gentoo/a/b/b-{version}.ebuild");
        machine.write(&path, "EAPI=8\n");
    }
    machine.ebuild("gentoo", "a/b-4", "b", "");
    machine.write("/repos/gentoo/a/b/b-4.ebuild", "EAPI=8\nchanged\n");
    let (texts, notices) = load(&machine, "a/b");
    assert_eq!(texts, "1::gentoo? 2::gentoo? 3::gentoo? 4::gentoo?");
    assert_eq!(notices.len(), 2);
    assert!(notices[0].contains("no metadata cache entry for 3 ebuilds (such as a/b-1)"));
    assert!(notices[1].contains("stale metadata cache entry for 1 ebuild (such as a/b-4)"));
}

#[test]
fn what_is_read_ahead_is_read_once_and_told_when_requested() {
    let machine = machine();
    machine.write("/repos/gentoo/a/b/b-1.ebuild", "EAPI=8\n");
    machine.write("/repos/gentoo/a/c/c-1.ebuild", "EAPI=8\n");
    let trees = Trees::open(machine.base()).unwrap();
    let [b, c] = ["a/b", "a/c"].map(|name| Cpn::parse(name).unwrap());
    trees.read_ahead(&b);
    trees.read_ahead(&c);
    machine.write("/repos/gentoo/a/b/b-2.ebuild", "EAPI=8\n");
    for expected in [1, 0] {
        let notices = Notices::default();
        assert_eq!(trees.load([&b], &notices).of("a/b").len(), 1);
        assert_eq!(notices.sorted().len(), expected, "{notices:?}");
    }
}

#[test]
fn eclasses_of_masters_and_own() {
    let machine = machine();
    machine.write("/repos/gentoo/eclass/one.eclass", "1");
    machine.write("/repos/gentoo/eclass/two.eclass", "2");
    machine.write("/repos/overlay/eclass/two.eclass", "own");
    let eclasses = |two: &str| {
        format!(
            "_eclasses_=one\t{}\ttwo\t{}\n",
            hex_md5(b"1"),
            hex_md5(two.as_bytes())
        )
    };
    machine.ebuild("gentoo", "a/b-1", "b", &eclasses("2"));
    machine.ebuild("gentoo", "a/b-2", "b", &eclasses("own"));
    machine.ebuild("overlay", "a/b-3", "b", &eclasses("own"));
    machine.ebuild("overlay", "a/b-4", "b", &eclasses("2"));
    machine.ebuild("overlay", "a/b-5", "b", "_eclasses_=one\n");
    machine.ebuild(
        "overlay",
        "a/b-6",
        "b",
        &format!("_eclasses_=none\t{}\n", hex_md5(b"1")),
    );
    machine.ebuild("overlay", "a/b-7", "b", "_eclasses_=\n");
    let (texts, _) = load(&machine, "a/b");
    assert_eq!(
        texts,
        "1::gentoo 2::gentoo? 3::overlay 4::overlay? 5::overlay? 6::overlay? 7::overlay"
    );
}

#[test]
fn portages_own_cache_comes_second() {
    let machine = machine();
    machine.write("/repos/gentoo/a/b/b-1.ebuild", "EAPI=8\n");
    let entry = format!("EAPI=8\nSLOT=0\n_md5_={}\n", hex_md5(b"EAPI=8\n"));
    machine.write("/var/cache/edb/dep/repos/gentoo/a/b-1", &entry);
    assert_eq!(load(&machine, "a/b"), ("1::gentoo".to_owned(), Vec::new()));
}

#[test]
fn ebuilds_of_unknown_eapis_exist() {
    let machine = machine();
    machine.write("/repos/gentoo/a/b/b-1.ebuild", "# x\nEAPI=99\n");
    machine.write(
        "/repos/gentoo/metadata/md5-cache/a/b-1",
        "EAPI=99\nSLOT=0\n",
    );
    let notices = Notices::default();
    let trees = Trees::open(machine.base()).unwrap();
    let ebuilds = trees.load([&Cpn::parse("a/b").unwrap()], &notices);
    let package = ebuilds.of("a/b")[0].package().unwrap();
    assert_eq!(
        (package.eapi, package.metadata.text(Key::Eapi)),
        (None, "99")
    );
    assert!(notices.sorted().is_empty());
}

#[test]
fn other_files_are_no_ebuilds() {
    let machine = machine();
    machine.ebuild("gentoo", "a/b-1", "b", "");
    machine.ebuild("gentoo", "a/c-1", "b", "");
    machine.write("/repos/gentoo/a/b/b.ebuild", "");
    machine.write("/repos/gentoo/a/b/metadata.xml", "");
    machine.write("/repos/gentoo/a/b/files/b-2.ebuild", "");
    let (texts, notices) = load(&machine, "a/b");
    assert_eq!(texts, "1::gentoo");
    assert_eq!(notices.len(), 1);
    assert!(notices[0].contains("2 file names"), "{notices:?}");
}

#[test]
fn unlisted_categories_hide_their_packages() {
    let machine = machine();
    machine.ebuild("gentoo", "z/b-1", "b", "");
    let (texts, notices) = load(&machine, "z/b");
    assert_eq!(texts, "");
    assert!(
        notices[0].contains("/etc/portage/categories"),
        "{notices:?}"
    );
    machine.write("/etc/portage/categories", "z\n");
    assert_eq!(load(&machine, "z/b"), ("1::gentoo".to_owned(), Vec::new()));
}

#[test]
fn names_and_categories() {
    let machine = machine();
    machine.ebuild("gentoo", "a/b-1", "b", "");
    machine.ebuild("overlay", "virtual/b-1", "b", "");
    machine.ebuild("overlay", "z/b-1", "b", "");
    machine.mkdir("/repos/gentoo/a/empty");
    machine.write("/repos/gentoo/a/file", "");
    let trees = Trees::open(machine.base()).unwrap();
    let join = |names: Vec<Cpn>| {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        names.join(" ")
    };
    let names = trees.names().into_iter().collect();
    assert_eq!(join(names), "a/b a/empty virtual/b");
}

#[test]
fn repositories_may_be_missing() {
    let mut machine = Machine::new();
    machine.repository("gentoo", &[7]);
    machine.remove("/repos/gentoo");
    assert_eq!(load(&machine, "a/b"), (String::new(), Vec::new()));
}
