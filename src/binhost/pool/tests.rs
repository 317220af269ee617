#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;

use super::*;
use crate::binhost::IndexOrigin;
use crate::binhost::{BinRepo, Uri};
use crate::local::testing;
use crate::pms::Syntax;
use crate::source::Source;

const TRUSTED: &str = "pkgdir-index-trusted";

fn atoms(text: &str) -> Vec<Dep> {
    let parse = |word| Dep::parse(word, Syntax::USER).unwrap();
    text.split_whitespace().map(parse).collect()
}

fn host(text: &str) -> HostState {
    HostState {
        repo: BinRepo {
            name: "host".to_owned(),
            named: true,
            sync_uri: Uri::new("http://u:p@h/x"),
            priority: 0,
            location: None,
            frozen: false,
            verify_signature: None,
            fetch_command: None,
            exclude: Vec::new(),
            include: Vec::new(),
            settings: Vec::new(),
            places: Vec::new(),
            source: Source::BuiltIn,
        },
        index: Some(Index::parse(format!("VERSION: 0\n{text}")).unwrap()),
        origin: IndexOrigin::Fetched,
        error: None,
        received: 0,
        insecure: None,
        is_unresponsive: false,
    }
}

/// A pool as text, one entry per line: host, CPV, PATH, why it is absent.
fn collect(
    local: &str,
    features: &str,
    hosts: &[HostState],
    options: &PoolOptions,
) -> (Vec<String>, String) {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("pkgs")).unwrap();
    fs::write(root.path().join("pkgs/Packages"), local).unwrap();
    let variables = [
        ("PKGDIR", "/pkgs"),
        ("FEATURES", features),
        ("CHOST", "own"),
    ];
    let base = testing::base(root.path(), &variables);
    let notices = Notices::default();
    let pool = Pool::collect(&base, hosts, options, &notices);
    let place = |host: HostId| HostId::number(hosts).position(|(id, _)| id == host);
    let lines = pool.entries.iter().map(|(candidate, absent)| {
        let host = candidate
            .host
            .and_then(place)
            .map_or("-".to_owned(), |place| place.to_string());
        let absent = match absent {
            None => "counts".to_owned(),
            Some(Absent::Excluded(text)) => text.clone(),
            Some(Absent::Shadowed(by)) => format!("shadowed {:?}", by.and_then(place)),
            Some(Absent::OwnExclusion(why)) => format!("hidden: {why}"),
            Some(Absent::Signature(_)) => "signature".to_owned(),
        };
        format!(
            "{host} {} {} {absent}",
            candidate.package.cpv,
            candidate.path()
        )
    });
    let notices = notices.sorted();
    (
        lines.collect(),
        notices.iter().map(|notice| format!("{notice}\n")).collect(),
    )
}

fn remote(hosts: &[HostState]) -> Vec<String> {
    collect("", TRUSTED, hosts, &getbinpkg()).0
}

fn getbinpkg() -> PoolOptions {
    PoolOptions {
        getbinpkg: true,
        ..PoolOptions::default()
    }
}

#[test]
fn local_instances_come_first_and_then_hosts_in_order() {
    let local = "VERSION: 0\n\nCPV: l/l-1\nPATH: l\n";
    let hosts = [
        host("\nCPV: b/b-1\nPATH: 2\n\nCPV: b/a-1\n"),
        host("\nCPV: a/a-1\n"),
    ];
    let (lines, _) = collect(local, TRUSTED, &hosts, &getbinpkg());
    assert_eq!(
        lines,
        [
            "- l/l-1 l counts",
            "0 b/b-1 2 counts",
            "0 b/a-1  counts",
            "1 a/a-1  counts"
        ]
    );
    let (lines, _) = collect(local, TRUSTED, &hosts, &PoolOptions::default());
    assert_eq!(lines, ["- l/l-1 l counts"]);
}

#[test]
fn one_instance_counts_once() {
    let entry = |path: &str| {
        format!("\nCPV: a/b-1\nBUILD_ID: 1\nSIZE: 2\nBUILD_TIME: 3\nMTIME: 4\nPATH: {path}\n")
    };
    let other = "\nCPV: a/b-1\nBUILD_ID: 1\nSIZE: 5\nBUILD_TIME: 3\nMTIME: 4\nPATH: other\n";
    let first = host(&format!("{}{other}{}", entry("x"), entry("y")));
    let second = host(&entry("z"));
    assert_eq!(
        remote(&[first.clone(), second]),
        [
            "0 a/b-1 x counts",
            "0 a/b-1 other counts",
            "0 a/b-1 y shadowed Some(0)",
            "1 a/b-1 z shadowed Some(0)"
        ]
    );
    let local = format!("VERSION: 0\n{}{}", entry("p"), entry("q"));
    let (lines, _) = collect(&local, TRUSTED, &[first], &getbinpkg());
    assert_eq!(lines[..2], ["- a/b-1 p shadowed None", "- a/b-1 q counts"]);
    assert_eq!(lines[2], "0 a/b-1 x shadowed None");
}

#[test]
fn lists_of_a_host_and_of_the_command_line() {
    let entries = "\nCPV: a/b-1\nSLOT: 2\n\nCPV: a/c-1\n\nCPV: d/b-1\n";
    // host's exclude, host's include, exclude, include, which remain
    let table = [
        ("", "", "", "", "a/b a/c d/b"),
        ("a/b", "", "", "", "a/c d/b"),
        ("*/b", "", "", "", "a/c"),
        ("a/b:2 a/c:2", "", "", "", "a/c d/b"),
        ("", "a/*", "", "", "a/b a/c"),
        ("a/b", "a/*", "", "", "a/c"),
        ("", "", "a/c", "", "a/b d/b"),
        ("", "", "", "a/c", "a/c"),
        ("a/b a/c", "", "", "a/c", "a/c"),
        ("", "a/b a/c", "a/c", "", "a/b"),
        ("", "a/c", "a/c", "", "a/b d/b"),
        ("", "", "a/c", "a/c", "a/b a/c d/b"),
        ("*/b", "", "", "a/b", ""),
    ];
    for (host_exclude, host_include, exclude, include, remain) in table {
        let mut host = host(entries);
        host.repo.exclude = atoms(host_exclude);
        host.repo.include = atoms(host_include);
        let options = PoolOptions {
            getbinpkg: true,
            exclude: atoms(exclude),
            include: atoms(include),
            ..PoolOptions::default()
        };
        let (lines, _) = collect("", TRUSTED, &[host], &options);
        let counting = lines.iter().filter(|line| line.ends_with("counts"));
        let names: Vec<&str> = counting.map(|line| &line[2..5]).collect();
        assert_eq!(
            names.join(" "),
            remain,
            "{host_exclude}|{host_include}|{exclude}|{include}"
        );
        for line in lines.iter().filter(|line| !line.ends_with("counts")) {
            assert!(line.contains("getbinpkg-"), "{line}");
        }
    }
}

#[test]
fn what_is_excluded_or_unsigned_shadows_nothing_and_may_come_from_a_later_host() {
    let entry = "\nCPV: a/b-1\nPATH: b.xpak\n";
    let mut excluding = host(entry);
    excluding.repo.exclude = atoms("a/b");
    let mut verifying = host(entry);
    verifying.repo.verify_signature = Some(true);
    assert_eq!(
        remote(&[excluding, verifying.clone(), host(entry), verifying]),
        [
            "0 a/b-1 b.xpak getbinpkg-exclude a/b",
            "1 a/b-1 b.xpak shadowed Some(2)",
            "2 a/b-1 b.xpak counts",
            "3 a/b-1 b.xpak shadowed Some(2)",
        ]
    );
}

#[test]
fn only_gpkg_files_can_be_signed() {
    let paths = ["b.gpkg.tar", "b.xpak", "b.tbz2", "b.zip", "", "b.GPKG.TAR"];
    let entries: String = (1..)
        .zip(paths)
        .map(|(version, path)| format!("\nCPV: a/b-{version}\nPATH: {path}\n"))
        .collect();
    let table = [
        (None, TRUSTED, 6),
        (Some(false), TRUSTED, 6),
        (Some(true), TRUSTED, 1),
        (None, "pkgdir-index-trusted binpkg-request-signature", 1),
        (
            Some(false),
            "pkgdir-index-trusted binpkg-request-signature",
            1,
        ),
        (
            Some(true),
            "pkgdir-index-trusted binpkg-ignore-signature",
            1,
        ),
    ];
    for (verify, features, count) in table {
        let mut host = host(&entries);
        host.repo.verify_signature = verify;
        let (lines, _) = collect("", features, &[host], &getbinpkg());
        let counting: Vec<&String> = lines
            .iter()
            .filter(|line| line.ends_with("counts"))
            .collect();
        assert_eq!(counting.len(), count, "{verify:?} {features}");
        assert_eq!(counting[0], "0 a/b-1 b.gpkg.tar counts");
    }
}

#[test]
fn a_trusted_local_index_is_believed_but_for_entries_without_path() {
    let local = "VERSION: 0\n\nCPV: a/b-1\nPATH: b.xpak\n\nCPV: a/b-2\n";
    let features = "pkgdir-index-trusted binpkg-request-signature";
    let (lines, _) = collect(local, features, &[], &getbinpkg());
    assert_eq!(lines, ["- a/b-1 b.xpak counts", "- a/b-2  signature"]);
    for unsupported in ["VERSION: 1\n\nCPV: a/b-1\n", "", "\u{0}"] {
        assert_eq!(collect(unsupported, TRUSTED, &[], &getbinpkg()).0, [""; 0]);
    }
}

#[test]
fn entries_without_chost() {
    let chost = |text: &str| {
        let hosts = [host(text)];
        let options = PoolOptions::default();
        let admission = Admission::of(HostId::new(0), &hosts[0], &options, false);
        let mut collector = InstanceCollector::with_room(&[], &hosts);
        let index = hosts[0].index.as_ref().unwrap();
        let default = default_chost(index, "own");
        collector.add_remote(
            HostId::new(0),
            &hosts[0],
            index,
            &admission,
            default,
            &Notices::default(),
        );
        collector.pool.entries[0].0.chost.clone()
    };
    assert_eq!(chost("\nCPV: a/b-1\n"), "own");
    assert_eq!(chost("CHOST: x\n\nCPV: a/b-1\n"), "x");
    assert_eq!(chost("CHOST: x\n\nCPV: a/b-1\nCHOST:\n"), "");
    assert_eq!(chost("CHOST:\n\nCPV: a/b-1\n"), "");
}

#[test]
fn bad_cpvs_are_one_notice() {
    let entries: String = (0..50)
        .map(|number| format!("\nCPV: a/bad{number}\x1b\n"))
        .collect();
    let hosts = [host(&format!("{entries}\nCPV: a/b-1\n"))];
    let (lines, notices) = collect("VERSION: 0\n\nCPV: x\n", TRUSTED, &hosts, &getbinpkg());
    assert_eq!(lines, ["0 a/b-1  counts"]);
    let notices: Vec<&str> = notices.lines().collect();
    assert_eq!(notices.len(), 2, "{notices:?}");
    assert!(notices[0].contains("binhost http://h/x") && notices[0].contains("and 47 more"));
    assert!(notices[0].contains("a/bad0") && !notices[0].contains('\x1b'));
    assert!(notices[1].contains("the local PKGDIR"), "{notices:?}");
}
