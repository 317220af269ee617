//! A small report for tests, with text in it that no index should hold.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::{Instances, Report, Setting};
use crate::binhost::IndexOrigin;
use crate::binhost::{BinRepo, Candidate, HostId, HostState, InstanceId, Pool, Uri};
use crate::check::{Code, Evidence, Finding, Judged, Remedy, Verdict};
use crate::check::{Compare, Comparisons, DefaultOptions, PackageLists, PackageSources, Policy};
use crate::chroot::Chroot;
use crate::compat::Machine;
use crate::env::Env;
use crate::local::sets::Member;
use crate::local::targets::Target;
use crate::local::tree_state::TreeState;
use crate::local::{Base, Local};
use crate::packages::{Choice, MatchKey, Matches, TargetId};
use crate::pms::{Cpv, Dep, Key, Kind, Metadata, Package, Slot, Syntax};
use crate::source::{Notice, Notices, Source};

/// What a report borrows from.
pub(crate) struct Fixture {
    pub hosts: Vec<HostState>,
    pub policy: Policy,
    pub targets: Vec<Target>,
    pub pool: Pool,
    /// For each entry of the pool.
    pub findings: Vec<Vec<Finding>>,
    pub machine: Machine,
    pub tree: TreeState,
}

pub(crate) fn policy() -> Policy {
    Policy {
        sources: PackageSources {
            getbinpkg: true,
            usepkg: true,
            usepkgonly: false,
            ebuilds: true,
        },
        compare: Comparisons {
            respect_use: Compare::Auto,
            changed_deps: Compare::Auto,
            user_patches: true,
            bdeps: false,
            newuse: false,
            changed_use: false,
            use_ebuild_visibility: false,
        },
        lists: PackageLists::default(),
        defaults: DefaultOptions::default(),
    }
}

pub(crate) fn host(name: &str, named: bool, uri: &str) -> HostState {
    HostState {
        repo: BinRepo {
            name: name.to_owned(),
            named,
            sync_uri: Uri::new(uri),
            priority: 1,
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
        index: None,
        origin: IndexOrigin::Fetched,
        error: None,
        received: 0,
        insecure: None,
        is_unresponsive: false,
    }
}

pub(crate) fn candidate(cpv: &str, host: Option<HostId>, build_id: Option<i64>) -> Candidate {
    Candidate {
        package: Package {
            kind: Kind::Binary,
            cpv: Cpv::parse(cpv).expect(cpv),
            slot: Slot::parse("0", None),
            eapi: None,
            repository: Some("gentoo".into()),
            build_id,
            build_time: 100,
            metadata: Metadata::from_pairs([(Key::Path, "some/path.gpkg.tar")]),
        },
        host,
        chost: String::new(),
        size: Some(2048),
        mtime: Some(7),
    }
}

pub(crate) fn finding(code: Code, detail: &str, evidence: Evidence) -> Finding {
    Finding {
        code,
        certain: true,
        detail: detail.to_owned(),
        evidence,
    }
}

/// A name longer than any column.
pub(crate) const LONG: &str = "app-misc/a-very-long-package-name-that-nobody-would-ever-choose-for-a-package-of-their-own-9999";

pub(crate) fn fixture(words: &[&str]) -> Fixture {
    let target = |word: &&str| Target {
        word: (*word).to_owned(),
        atoms: vec![Member {
            atom: Dep::parse(word, Syntax::USER).unwrap(),
            source: Source::Option((*word).into()),
        }],
    };
    Fixture {
        hosts: vec![
            host("site", true, "https://site.example/packages"),
            host(
                "0123456789abcdef0123456789abcdef",
                false,
                "https://h1.example/a/rather/long/path",
            ),
        ],
        policy: policy(),
        targets: words.iter().map(target).collect(),
        tree: TreeState::default(),
        machine: Machine::of_config("-O2 -march=x86-64-v3", "", "x86_64-pc-linux-gnu"),
        pool: Pool {
            entries: vec![
                (
                    candidate("app-misc/jq-1.8.1", Some(HostId::new(0)), Some(2)),
                    None,
                ),
                (
                    candidate("app-misc/jq-1.7", Some(HostId::new(1)), None),
                    None,
                ),
                (candidate("dev-libs/one-1", None, Some(1)), None),
                (
                    candidate(LONG, Some(HostId::new(1)), Some(123_456_789)),
                    None,
                ),
            ],
        },
        findings: findings(),
    }
}

/// jq: best rejected, the other accepted; one: rejected with all there is to report; the long one:
/// rejected by hostile text.
fn findings() -> Vec<Vec<Finding>> {
    let keywords = Evidence {
        wanted: "amd64".into(),
        sources: vec![Source::Env("ACCEPT_KEYWORDS".into()), Source::BuiltIn],
        remedy: Some(Remedy::Option("--autounmask".into())),
        ..Evidence::default()
    };
    let deps = Evidence {
        remedy: Some(Remedy::Advice(
            "wait for the binhost to build the package again".into(),
        )),
        ..Evidence::default()
    };
    let hostile = "RDEPEND: \u{1b}[31m日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語\u{202E} \u{9b}2J";
    vec![
        vec![use_finding("-oniguruma doc")],
        Vec::new(),
        vec![
            use_finding(&"some_flag -other_flag ".repeat(30)),
            finding(Code::Keywords, "~amd64", keywords),
            finding(Code::Deps, "RDEPEND", deps),
        ],
        vec![finding(Code::Invalid, hostile, Evidence::default())],
    ]
}

pub(crate) fn report(fixture: &Fixture) -> Report<'_> {
    let instances: Instances<'_> = fixture.pool.ids().map(|id| judged(fixture, id)).collect();
    let setting = Setting {
        machine: &fixture.machine,
        tree: &fixture.tree,
        hosts: &fixture.hosts,
        policy: &fixture.policy,
        now: 1_000_000,
    };
    let matches = matches(&fixture.targets, &instances);
    Report {
        notices: vec![Notice {
            source: None,
            text: "a line\u{9b} was skipped".into(),
        }],
        ..Report::new(setting, &fixture.targets, matches, instances)
    }
}

/// The machine in `testdata/workstation`.
pub(crate) fn workstation(notices: &Notices) -> Local {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/workstation");
    let chroot = Chroot::new(Some(root.into())).unwrap();
    let base = Base::load(chroot, Env::default(), notices).unwrap();
    Local::load(base, notices).unwrap()
}

fn use_finding(detail: &str) -> Finding {
    finding(
        Code::Use,
        detail.trim(),
        Evidence {
            wanted: "oniguruma -doc".into(),
            found: detail.trim().into(),
            sources: (1..6)
                .map(|line| {
                    Source::Line(
                        std::path::Path::new("/etc/portage/package.use/all").into(),
                        line,
                    )
                })
                .collect(),
            remedy: Some(Remedy::Line {
                line: format!("app-misc/jq {}", detail.trim()),
                file: "/etc/portage/package.use/bincheck".into(),
            }),
        },
    )
}

fn judged(fixture: &Fixture, id: InstanceId) -> Judged<'_> {
    let (candidate, absent) = &fixture.pool.entries[id.index()];
    let findings = &fixture.findings[id.index()];
    Judged {
        id,
        candidate,
        absent: absent.as_ref(),
        verdict: Verdict::of(findings),
        findings,
    }
}

fn matches<'a>(targets: &'a [Target], instances: &Instances<'a>) -> Vec<Matches<'a>> {
    let name = |judged: &Judged<'a>| judged.candidate.package.cpv.cpn.as_str();
    let of_name = |key: MatchKey<'a>, wanted: &str| {
        let same_name = instances.iter().filter(|judged| name(judged) == wanted);
        let accepted = same_name
            .clone()
            .find(|judged| judged.verdict == Verdict::Accepted);
        Matches {
            key,
            choice: accepted.map_or(Choice::Nothing, |judged| Choice::Taken(judged.id)),
            instances: same_name.map(|judged| judged.id).collect(),
        }
    };
    if targets.is_empty() {
        let mut names: Vec<&str> = instances.iter().map(name).collect();
        names.dedup();
        let names = names.into_iter();
        return names
            .map(|name| of_name(MatchKey::Name(name), name))
            .collect();
    }
    let atom = |(number, target): (usize, &'a Target)| {
        let atom = &target.atoms[0].atom;
        let target = TargetId::new(number);
        of_name(MatchKey::Atom { target, atom }, atom.name())
    };
    targets.iter().enumerate().map(atom).collect()
}
