#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;

use super::*;
use crate::local::testing;

/// Hosts for a shipped and a user's binrepos.conf, and the notices.
fn try_load(
    shipped: &str,
    user: &str,
    binhost: &str,
    extra: &[&str],
) -> Result<(Vec<BinRepo>, Vec<String>)> {
    let root = tempfile::tempdir().unwrap();
    for (directory, text) in [("usr/share/portage/config", shipped), ("etc/portage", user)] {
        fs::create_dir_all(root.path().join(directory)).unwrap();
        fs::write(root.path().join(directory).join("binrepos.conf"), text).unwrap();
    }
    let variables = [("PORTAGE_BINHOST", binhost), ("PKGDIR", "/pkgdir")];
    let base = testing::base(root.path(), &variables);
    let notices = Notices::default();
    let extra: Vec<String> = extra.iter().map(|text| (*text).to_owned()).collect();
    let repos = BinRepos::load(&base, &extra, &notices)?;
    let notices = notices
        .sorted()
        .iter()
        .map(|notice| notice.to_string())
        .collect();
    Ok((repos.list, notices))
}

fn load(user: &str, binhost: &str) -> (Vec<BinRepo>, Vec<String>) {
    try_load("", user, binhost, &[]).unwrap()
}

fn names(list: &[BinRepo]) -> String {
    let names: Vec<&str> = list.iter().map(|repo| &*repo.name).collect();
    names.join(" ")
}

#[test]
fn order_is_by_priority_and_then_by_name_backwards() {
    let text = "[a]\nsync-uri=u:a\npriority=5\n[b]\nsync-uri=u:b\npriority= 5 \n[c]\nsync-uri=u:c\n\
                [d]\nsync-uri=u:d\npriority=-1\n[e]\nsync-uri=u:e\npriority=zz\n";
    assert_eq!(names(&load(text, "").0), "b a e c d");
}

#[test]
fn listed_uris_become_hosts() {
    let (list, _) = load("", "https://h1/p https://h2/q/");
    let shown: Vec<(String, i64)> = list
        .iter()
        .map(|repo| (repo.sync_uri.to_string(), repo.priority))
        .collect();
    assert_eq!(
        shown,
        [
            ("https://h1/p".to_owned(), 2),
            ("https://h2/q".to_owned(), 1)
        ]
    );
    assert_eq!(list[0].name, "121b65ab18b8b3dc4c60ed08fad70b7d");
    assert_eq!(list[1].name, "9d3f222414723833b81d0d144844f8a3");
    for repo in &list {
        assert_eq!(
            (repo.named, repo.frozen, repo.verify_signature),
            (false, false, None)
        );
        assert_eq!(repo.location, None);
    }
}

#[test]
fn a_name_is_no_hash_of_a_password() {
    let name = |uri: &str| load("", uri).0.remove(0).name;
    assert_eq!(name("https://me:canary@h/p"), name("https://me:other@h/p"));
    assert_eq!(name("https://me:canary@h/p"), name("https://h/p"));
}

#[test]
fn a_listed_uri_that_a_section_has_is_that_section() {
    let text = "[a]\nsync-uri = https://h1/p/\npriority = 1\n[z]\nsync-uri = https://z\n";
    let (list, _) = load(text, "https://h1/p https://h2/q/ https://h2/q");
    let uris: Vec<String> = list.iter().map(|repo| repo.sync_uri.to_string()).collect();
    assert_eq!(uris, ["https://h1/p", "https://h2/q", "https://z"]);
    assert_eq!(list[1].priority, 1);
}

#[test]
fn uris_of_the_command_line_come_first() {
    let (list, _) = try_load("", "", "https://b https://c", &["https://a/", "https://c"]).unwrap();
    let shown: Vec<(&str, bool, i64)> = list
        .iter()
        .map(|repo| (&*repo.name, repo.is_added(), repo.priority))
        .collect();
    assert_eq!(
        shown[..2],
        [("a", true, 4), ("c", true, 3)],
        "one that PORTAGE_BINHOST has too is no longer its own"
    );
    assert_eq!((shown[2].1, shown[2].2), (false, 1));
}

#[test]
fn uris_of_the_command_line_are_sections_that_verify() {
    let text =
        "[h-2]\nsync-uri = https://taken\n[x]\nsync-uri = https://own/\nverify-signature = no\n";
    let extra = [
        "https://me:canary@h/?token=canary",
        "https://h",
        "https://own",
        "https://me:ca/nary@h/%p",
        "///",
        "x://DEFAULT",
    ];
    let (list, notices) = try_load("", text, "", &extra).unwrap();
    assert_eq!(names(&list), "h h-3 h-p binhost DEFAULT-2 x h-2");
    assert_eq!(notices, [""; 0]);
    assert!(!format!("{list:?}").contains("canary"));
    for repo in list.iter().filter(|repo| repo.is_added()) {
        assert_eq!(repo.verify_signature, Some(true), "{}", repo.name);
        let location = format!("/var/cache/binhost/{}", repo.name);
        assert_eq!(repo.location, Some(location.into()));
        assert!(repo.named);
    }
    assert_eq!(list[2].sync_uri.secret(), "https://me:ca/nary@h/%p");
    let text = "[DEFAULT]\nverify-signature = false\nlocation = /l\ngetbinpkg-exclude = a/b\n";
    let (list, _) = try_load("", text, "https://b", &["https://a"]).unwrap();
    assert_eq!(list[0].verify_signature, Some(false));
    assert_eq!(list[0].location, Some("/l".into()));
    assert_eq!(list[0].exclude.len(), 1);
}

/// `get_local_repo` knows no section of what was fetched into PKGDIR.
#[test]
fn a_notice_where_signatures_are_not_required() {
    let verify = "verify-signature = true\n";
    for (text, binhost, wanted) in [
        ("[a]\nsync-uri = x\n", "", false),
        ("[a]\nsync-uri = x\n", "https://h", true),
        ("[a]\nsync-uri = x\nlocation = /own\n", "https://h", false),
        ("[a]\nsync-uri = x\nlocation = /pkgdir\n", "", true),
    ] {
        let (_, notices) = load(&format!("{text}{verify}"), binhost);
        let found = notices
            .iter()
            .any(|notice| notice.contains("unsigned packages of [a]"));
        assert_eq!(found, wanted, "{text} {binhost} {notices:?}");
    }
}

#[test]
fn options_of_a_section() {
    let text = "[DEFAULT]\nfrozen = Yes\n[a]\nSync-URI: http://h/a b # x\nverify-signature = on\n\
                fetchcommand = wget ${URI}\nlocation = /pkgdir\n[b]\nsync-uri = %(eroot)sx%%\n\
                frozen = 1\nlocation = /elsewhere\n[c]\nsync-uri=x\n";
    let shipped = "[DEFAULT]\nverify-signature = true\n";
    let (list, notices) = try_load(shipped, text, "", &[]).unwrap();
    let [c, b, a] = &list[..] else {
        panic!("{list:?}")
    };
    assert_eq!(notices, [""; 0]);
    assert_eq!(a.sync_uri.secret(), "http://h/a b # x");
    assert_eq!((a.frozen, a.verify_signature), (true, Some(false)));
    assert_eq!(a.fetch_command.as_deref(), Some("wget ${URI}"));
    assert_eq!(a.location, None);
    assert_eq!(b.sync_uri.secret(), "/x%");
    assert_eq!((b.frozen, b.verify_signature), (false, Some(true)));
    assert_eq!(b.location, Some("/elsewhere".into()));
    assert_eq!(c.location, Some("/var/cache/binhost/c".into()));
    assert!(c.named);
    // With PORTAGE_BINHOST set there is no default location.
    let (list, _) = load("[c]\nsync-uri=x\n", "https://h");
    assert_eq!(list[1].location, None);
}

#[test]
fn name_lists() {
    let text = "[a]\nsync-uri = x\ngetbinpkg-exclude = foo a/b\n  a/c:2 =a/d-1\ngetbinpkg-include = a/b */foo a/e\n";
    let (list, notices) = load(text, "");
    let texts = |list: &[Dep]| -> Vec<String> { list.iter().map(Dep::to_string).collect() };
    assert_eq!(texts(&list[0].exclude), ["a/c:2"]);
    assert_eq!(texts(&list[0].include), ["a/e"]);
    assert_eq!(notices.len(), 3, "{notices:?}");
    for text in [
        "*/foo is in both",
        "a/b is in both",
        "\"=a/d-1\" is skipped",
    ] {
        assert!(
            notices.iter().any(|notice| notice.contains(text)),
            "{text}: {notices:?}"
        );
    }
}

#[test]
fn a_section_without_uri_is_a_notice() {
    let (list, notices) = load("[a]\npriority = 1\n[b]\nsync-uri = x\n", "");
    assert_eq!(names(&list), "b");
    assert_eq!(notices.len(), 1);
    assert!(
        notices[0].contains("/etc/portage/binrepos.conf:1: binhost [a] has no sync-uri"),
        "{notices:?}"
    );
}

#[test]
fn a_broken_file_discards_all_sections() {
    let shipped = "[s]\nsync-uri = s\n";
    for broken in [
        "[a]\nsync-uri=x\n[a]\n",
        "sync-uri=x\n",
        "[a]\nsync-uri=x\nsync-uri=y\n",
    ] {
        let (list, notices) = try_load(shipped, broken, "https://h", &[]).unwrap();
        assert_eq!(list.len(), 1, "{broken}");
        assert!(!list[0].named);
        assert!(notices[0].contains("binrepos.conf"), "{notices:?}");
    }
}

#[test]
fn bad_interpolation_is_an_error() {
    for value in ["http://u%40h", "%(nonsense)s"] {
        let error = try_load("", &format!("[a]\nsync-uri = {value}\n"), "", &[]).unwrap_err();
        assert!(format!("{error:#}").contains("binrepos.conf"), "{error:#}");
    }
}
