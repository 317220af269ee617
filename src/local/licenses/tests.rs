#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;

use super::*;
use crate::local::lines;
use crate::pms::{Cpv, DepSpecError};

const GROUPS: &str =
    "FREE GPL-2 @OSI\nOSI MIT BSD\nEULA NVIDIA Steam\nLOOP @POOL x\nPOOL @LOOP y\n";

fn licenses(accept: &str, entries: &str) -> Licenses {
    let notices = Notices::default();
    let mut groups = Groups::default();
    groups.add(lines::parse(GROUPS, Path::new("/license_groups")), &notices);
    let lines = lines::parse(entries, Path::new("/package.license"));
    let entries = dictionary(lines, Syntax::USER, UseDeps::Ignored, &notices);
    let (global, entries) = split_global(entries);
    let tokens = split(accept, &Source::BuiltIn).chain(global).collect();
    Licenses::new(&groups, tokens, entries, &notices)
}

fn missing(licenses: &Licenses, license: &str, used: &str) -> Result<String, DepSpecError> {
    let cpv = Cpv::parse("a/b-1").unwrap();
    let subject = Subject {
        cpn: &cpv.cpn,
        version: &cpv.version,
        slot: None,
        repository: None,
        build_id: None,
    };
    let found = licenses.missing(&subject, license, &|flag| used == flag)?;
    Ok(found.missing.join(" "))
}

/// Observed with Portage.
#[test]
fn observed() {
    const DEFAULT: &str = "* -@EULA";
    for (accept, entries, license, used, expected) in [
        (DEFAULT, "", "GPL-2", "", ""),
        (DEFAULT, "", "MIT", "", ""),
        (DEFAULT, "", "UNKNOWN", "", ""),
        (DEFAULT, "", "", "", ""),
        (DEFAULT, "", "NVIDIA", "", "NVIDIA"),
        (DEFAULT, "", "GPL-2 NVIDIA", "", "NVIDIA"),
        (DEFAULT, "", "|| ( NVIDIA GPL-2 )", "", ""),
        (DEFAULT, "", "|| ( ( GPL-2 NVIDIA ) MIT )", "", ""),
        (DEFAULT, "", "|| ( NVIDIA Steam )", "", "NVIDIA Steam"),
        (DEFAULT, "", "foo? ( NVIDIA ) GPL-2", "", ""),
        (DEFAULT, "", "foo? ( NVIDIA ) GPL-2", "foo", "NVIDIA"),
        ("-* @FREE", "", "GPL-2", "", ""),
        ("@FREE", "", "MIT", "", ""),
        ("@FREE", "", "UNKNOWN", "", "UNKNOWN"),
        (DEFAULT, "a/b NVIDIA", "NVIDIA", "", ""),
        ("-* @FREE", "*/* NVIDIA", "NVIDIA", "", ""),
        ("-* @FREE *", "", "NVIDIA", "", ""),
        ("-* @NOPE", "", "GPL-2", "", "GPL-2"),
        (
            "-* @FREE",
            "",
            "|| ( a? ( b ) )",
            "",
            "__const__/empty-any-of",
        ),
    ] {
        let licenses = licenses(accept, entries);
        let found = missing(&licenses, license, used).unwrap();
        assert_eq!(
            found, expected,
            "{accept:?} {entries:?} {license:?} {used:?}"
        );
    }
    assert!(missing(&licenses(DEFAULT, ""), "GPL-2 )", "").is_err());
}

#[test]
fn entries_by_specificity() {
    for (entries, license, expected) in [
        ("a/b -NVIDIA\n=a/b-1 NVIDIA", "NVIDIA", ""),
        ("=a/b-1 NVIDIA\na/b -NVIDIA", "NVIDIA", ""),
        ("=a/b-2 NVIDIA", "NVIDIA", "NVIDIA"),
        ("a/b -*", "MIT BSD MIT", "MIT BSD"),
        ("a/b @EULA", "NVIDIA Steam", ""),
        ("a/b -@OSI", "MIT BSD GPL-2", "MIT BSD"),
    ] {
        let found = missing(&licenses("* -@EULA", entries), license, "").unwrap();
        assert_eq!(found, expected, "{entries:?} {license:?}");
    }
}

#[test]
fn cycles_end() {
    let licenses = licenses("@LOOP", "");
    assert_eq!(missing(&licenses, "x y z", "").unwrap(), "z");
}

#[test]
fn undefined_group_is_a_notice() {
    let notices = Notices::default();
    let mut groups = Groups::default();
    groups.add(lines::parse(GROUPS, Path::new("/license_groups")), &notices);
    let source = Source::Env("ACCEPT_LICENSE".into());
    let expanded = groups.expand(split("-@NOPE", &source).collect(), &notices);
    assert_eq!(expanded[0].word, "-@NOPE");
    let notices = notices.sorted();
    assert_eq!(
        notices[0].to_string(),
        "environment variable ACCEPT_LICENSE: license group NOPE is not defined"
    );
}

#[test]
fn refusing_line_is_named() {
    let licenses = licenses("* -@EULA", "a/b -MIT");
    let cpv = Cpv::parse("a/b-1").unwrap();
    let subject = Subject {
        cpn: &cpv.cpn,
        version: &cpv.version,
        slot: None,
        repository: None,
        build_id: None,
    };
    let found = licenses.missing(&subject, "MIT", &|_| false).unwrap();
    assert_eq!(found.source.unwrap().to_string(), "/package.license:1");
}
