//! A small report for tests, with text in it that no index should hold.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::{Answer, Ask, Choice, Report};
use crate::binhost::fetch::Origin;
use crate::binhost::{BinRepo, Candidate, HostState, Uri};
use crate::check::policy::{Compare, Policy};
use crate::check::{Evidence, Finding, Judged, Remedy, Verdict};
use crate::local::sets::Member;
use crate::local::targets::Target;
use crate::pms::{Cpv, Dep, Key, Kind, Metadata, Package, Slot, Syntax};
use crate::runs::Machine;
use crate::source::{Notice, Source};

/// What a report borrows from.
pub(crate) struct Facts {
    pub hosts: Vec<HostState>,
    pub policy: Policy,
    pub targets: Vec<Target>,
    pub candidates: Vec<Candidate>,
    pub machine: Machine,
}

pub(crate) fn policy() -> Policy {
    Policy {
        getbinpkg: true,
        usepkg: true,
        ebuilds: true,
        usepkgonly: false,
        respect_use: Compare::Auto,
        changed_deps: Compare::Auto,
        bdeps: false,
        newuse: false,
        changed_use: false,
        user_patches: true,
        use_ebuild_visibility: false,
        exclude_live: false,
        exclude: Vec::new(),
        usepkg_exclude: Vec::new(),
        usepkg_include: Vec::new(),
        getbinpkg_exclude: Vec::new(),
        getbinpkg_include: Vec::new(),
        useoldpkg: Vec::new(),
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
            source: Source::BuiltIn,
        },
        index: None,
        origin: Origin::Fetched,
        trouble: None,
        received: 0,
        insecure: None,
        is_unresponsive: false,
    }
}

pub(crate) fn candidate(cpv: &str, host: Option<usize>, build_id: Option<i64>) -> Candidate {
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

pub(crate) fn finding(code: &'static str, detail: &str, evidence: Evidence) -> Finding {
    Finding {
        code,
        certain: true,
        detail: detail.to_owned(),
        evidence,
    }
}

/// A name longer than any column.
pub(crate) const LONG: &str = "app-misc/a-very-long-package-name-that-nobody-would-ever-choose-for-a-package-of-their-own-9999";

pub(crate) fn facts(words: &[&str]) -> Facts {
    let target = |word: &&str| Target {
        word: (*word).to_owned(),
        atoms: vec![Member {
            atom: Dep::parse(word, Syntax::USER).unwrap(),
            source: Source::Option((*word).into()),
        }],
    };
    Facts {
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
        machine: Machine::of_config("-O2 -march=x86-64-v3", "", "x86_64-pc-linux-gnu"),
        candidates: vec![
            candidate("app-misc/jq-1.8.1", Some(0), Some(2)),
            candidate("app-misc/jq-1.7", Some(1), None),
            candidate("dev-libs/one-1", None, Some(1)),
            candidate(LONG, Some(1), Some(123_456_789)),
        ],
    }
}

/// jq: best rejected, the other accepted; one: rejected with all there is to say; the long one:
/// rejected by hostile text.
pub(crate) fn report(facts: &Facts) -> Report<'_> {
    let instances = vec![
        judged(&facts.candidates[0], vec![use_finding("-oniguruma doc")]),
        judged(&facts.candidates[1], vec![]),
        judged(
            &facts.candidates[2],
            vec![
                use_finding(&"some_flag -other_flag ".repeat(30)),
                finding(
                    "keywords",
                    "~amd64",
                    Evidence {
                        wanted: "amd64".into(),
                        sources: vec![Source::Env("ACCEPT_KEYWORDS".into()), Source::BuiltIn],
                        remedy: Some(Remedy::Option("--autounmask".into())),
                        ..Evidence::default()
                    },
                ),
                finding(
                    "deps",
                    "RDEPEND",
                    Evidence {
                        remedy: Some(Remedy::Advice(
                            "wait for the binhost to build the package again".into(),
                        )),
                        ..Evidence::default()
                    },
                ),
            ],
        ),
        judged(
            &facts.candidates[3],
            vec![finding(
                "invalid",
                "RDEPEND: \u{1b}[31m日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語\u{202E} \u{9b}2J",
                Evidence::default(),
            )],
        ),
    ];
    Report {
        targets: &facts.targets,
        answers: answers(&facts.targets, &instances),
        instances,
        fitness: Vec::new(),
        machine: &facts.machine,
        plan: None,
        check: None,
        hosts: &facts.hosts,
        policy: &facts.policy,
        now: 1_000_000,
        notices: vec![Notice {
            source: None,
            text: "a line\u{9b} was skipped".into(),
        }],
    }
}

fn use_finding(detail: &str) -> Finding {
    finding(
        "use",
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

fn judged(candidate: &Candidate, findings: Vec<Finding>) -> Judged<'_> {
    let verdict = if findings.is_empty() {
        Verdict::Accepted
    } else {
        Verdict::Rejected
    };
    Judged {
        candidate,
        absent: None,
        verdict,
        findings,
    }
}

fn answers<'a>(targets: &'a [Target], instances: &[Judged<'a>]) -> Vec<Answer<'a>> {
    let serves = |name: &str| -> Vec<usize> {
        let fits =
            |position: &usize| instances[*position].candidate.package.cpv.cpn.as_str() == name;
        (0..instances.len()).filter(fits).collect()
    };
    if targets.is_empty() {
        let mut names: Vec<&str> = instances
            .iter()
            .map(|judged| judged.candidate.package.cpv.cpn.as_str())
            .collect();
        names.dedup();
        let answer = |name: &'a str| Answer {
            ask: Ask::Name(name),
            choice: choice(&serves(name), instances),
            instances: serves(name),
        };
        return names.into_iter().map(answer).collect();
    }
    let answer = |(target, word): (usize, &'a Target)| Answer {
        ask: Ask::Atom {
            target,
            atom: &word.atoms[0].atom,
        },
        choice: choice(&serves(word.atoms[0].atom.name()), instances),
        instances: serves(word.atoms[0].atom.name()),
    };
    targets.iter().enumerate().map(answer).collect()
}

fn choice(positions: &[usize], instances: &[Judged<'_>]) -> Choice {
    let accepted = |position: &&usize| instances[**position].verdict == Verdict::Accepted;
    let first = positions.iter().find(accepted);
    first.map_or(Choice::Nothing, |&first| Choice::Taken(first))
}
