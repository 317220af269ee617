#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::binhost::Absent;
use crate::check::{Code, Evidence};
use crate::compat::{Compatibility, ConcernCode, CpuCompat, FlagsAnswer};
use crate::emerge_log::CompileTimes;
use crate::plan::{BuildReason, Change, Merge, Obstacle, Origin, Plan, RequiredBy, Unsatisfied};
use crate::pms::{Kind, Package};
use crate::report::fixture::{Fixture, LONG, candidate, finding, fixture, report};
use crate::report::layout::{WIDTH, width};
use crate::sanitize::is_unsafe;

const WORDS: [&str; 4] = [
    "app-misc/jq",
    "dev-libs/one",
    "dev-libs/none",
    "=app-misc/a-very-long-package-name-that-nobody-would-ever-choose-for-a-package-of-their-own-9999",
];

fn text(fixture: &Fixture, detail: Detail) -> String {
    text_of(&report(fixture), detail)
}

fn text_of(report: &Report<'_>, detail: Detail) -> String {
    let mut out = anstream::StripStream::new(Vec::new());
    let style = Style {
        detail,
        tree: false,
        columns: WIDTH,
    };
    write(report, style, &mut out).unwrap();
    String::from_utf8(out.into_inner()).unwrap()
}

#[test]
fn nothing_is_wide_or_harmful() {
    for words in [&WORDS[..], &[]] {
        let fixture = fixture(words);
        for detail in [Detail::Quiet, Detail::Normal, Detail::Verbose] {
            for line in text(&fixture, detail).lines() {
                assert!(width(line) <= WIDTH, "{detail:?}: {line}");
                assert!(!line.contains(is_unsafe), "{detail:?}: {line:?}");
                assert_eq!(line.trim_end(), line);
            }
        }
    }
}

#[test]
fn one_target_in_full() {
    let fixture = fixture(&WORDS[..1]);
    let text = text(&fixture, Detail::Normal);
    let expected = "\
app-misc/jq: app-misc/jq-1.8.1-2 from site is rejected; app-misc/jq-1.7 from
h1.example is taken
  use: USE flags differ
    binary has    -oniguruma doc
    configured    oniguruma -doc
    decided by    /etc/portage/package.use/all:1
    decided by    /etc/portage/package.use/all:2
    decided by    /etc/portage/package.use/all:3
                  and 2 more
";
    assert!(text.ends_with(expected), "{text}");
    assert!(
        text.contains("1 of 1 atom has a usable binary package (2.0 KiB to fetch)"),
        "{text}"
    );
    let row = "app-misc/jq-1.8.1-2  site        rejected  use -oniguruma doc\n";
    assert!(text.contains(row), "{text}");
}

#[test]
fn what_no_host_has_is_reported() {
    let fixture = fixture(&WORDS);
    assert!(
        text(&fixture, Detail::Normal)
            .ends_with("\nno index that could be read has:\n  dev-libs/none\n")
    );
    let quiet = text(&fixture, Detail::Quiet);
    assert_eq!(quiet.lines().count(), 4);
    assert!(
        quiet.starts_with("app-misc/jq: app-misc/jq-1.7 from h1.example"),
        "{quiet}"
    );
    assert!(
        quiet.contains("dev-libs/none: no index could be read: site, h1.example"),
        "{quiet}"
    );
}

#[test]
fn all_instances_are_explained_on_demand() {
    let fixture = fixture(&[]);
    let normal = text(&fixture, Detail::Normal);
    assert!(
        normal.ends_with("\n-v explains 3 whose best build is rejected\n"),
        "{normal}"
    );
    let verbose = text(&fixture, Detail::Verbose);
    assert!(
        verbose.contains("dev-libs/one: no usable binary package; nearest is"),
        "{verbose}"
    );
    assert!(verbose.contains("all:5\n"), "{verbose}");
    assert_eq!(
        text(&fixture, Detail::Quiet),
        "1 of 3 packages have an instance that emerge takes (2.0 KiB to fetch)\n"
    );
}

#[test]
fn an_instance_that_is_taken_from_elsewhere_is_not_explained() {
    let mut fixture = fixture(&WORDS[..1]);
    fixture.findings[0] = vec![finding(Code::Shadowed, "local", Evidence::default())];
    fixture.pool.entries[0].1 = Some(Absent::Shadowed(None));
    let text = text(&fixture, Detail::Normal);
    assert!(text.contains("rejected  shadowed local"), "{text}");
    assert!(text.ends_with("PKGDIR\n"), "{text}");
}

#[test]
fn a_name_too_long_for_its_column_has_a_line_of_its_own() {
    let fixture = fixture(&[]);
    let text = text(&fixture, Detail::Normal);
    let lines: Vec<&str> = text.lines().collect();
    let name = lines.iter().position(|line| line.starts_with(&LONG[..70]));
    let name = name.expect("the name");
    assert!(lines[name + 1].starts_with("          "), "{text}");
    let verdict = |line: &&str| Some(width(&line[..line.find("ed  ")?]));
    let columns: Vec<usize> = lines[1..=name + 1].iter().filter_map(verdict).collect();
    assert!(columns.windows(2).all(|pair| pair[0] == pair[1]), "{text}");
}

/// The report with an answer about running for the instance that is accepted.
fn with_compatibility(fixture: &Fixture, compatibility: Compatibility) -> Report<'_> {
    let mut report = report(fixture);
    let accepted = fixture.pool.ids().nth(1).unwrap();
    report.compatibility.insert(accepted, compatibility);
    report
}

fn lacking(detail: &str) -> Compatibility {
    Compatibility {
        runs: Some(CpuCompat::No),
        ..Compatibility::unknown(ConcernCode::Cpu, detail.to_owned())
    }
}

#[test]
fn what_does_not_run_is_said_beside_the_verdict_and_below() {
    let fixture = fixture(&WORDS[..1]);
    let detail = "needs avx512f (built for x86-64-v4), which x86-64-v3 lacks";
    let report = with_compatibility(&fixture, lacking(detail));
    let text = text_of(&report, Detail::Normal);
    assert!(text.contains("accepted  will not run: needs avx"), "{text}");
    let total = "  checked against -march=x86-64-v3 of its configuration: 1 will not run\n";
    assert!(text.contains(total), "{text}");
    let below = "\
app-misc/jq-1.7 from h1.example will not run
  cpu: needs avx512f (built for x86-64-v4), which x86-64-v3 lacks
";
    assert!(text.ends_with(below), "{text}");
    let quiet = text_of(&report, Detail::Quiet);
    assert!(quiet.contains("(will not run: "), "{quiet}");
}

#[test]
fn what_runs_is_told_shortly() {
    let fixture = fixture(&WORDS[..1]);
    for (flags, built_for, expected) in [
        (FlagsAnswer::Same, "x86-64-v3", "accepted  runs\n"),
        (
            FlagsAnswer::Lower,
            "generic",
            "runs, generic build (generic)\n",
        ),
        (
            FlagsAnswer::Higher,
            "znver3",
            "runs, more than requested (znver3)\n",
        ),
        (
            FlagsAnswer::Different,
            "znver1",
            "runs, different tuning (znver1)\n",
        ),
    ] {
        let compatibility = Compatibility {
            runs: Some(CpuCompat::Yes),
            flags: Some(flags),
            built_for: Some(built_for.to_owned()),
            ..Compatibility::default()
        };
        let text = text_of(&with_compatibility(&fixture, compatibility), Detail::Normal);
        assert!(text.contains(expected), "{flags:?}: {text}");
    }
}

#[test]
fn what_packages_say_of_themselves_does_no_harm() {
    let hostile = "\u{1b}[2J日本語\u{202e}".repeat(40);
    for words in [&WORDS[..1], &[]] {
        let fixture = fixture(words);
        let compatibility = Compatibility {
            built_for: Some(hostile.clone()),
            ..lacking(&hostile)
        };
        let report = with_compatibility(&fixture, compatibility);
        for detail in [Detail::Quiet, Detail::Normal, Detail::Verbose] {
            for line in text_of(&report, detail).lines() {
                assert!(width(line) <= WIDTH, "{detail:?}: {line}");
                assert!(!line.contains(is_unsafe), "{detail:?}: {line:?}");
            }
        }
    }
}

/// A plan that merges the accepted instance and compiles two packages, with text of strangers wherever it can stand.
fn planned<'a>(fixture: &'a Fixture, ebuilds: &'a [Package]) -> Planned<'a> {
    let hostile = "\u{1b}[2J日本語\u{202e}/x".repeat(40);
    let id = fixture.pool.ids().nth(1).unwrap();
    let merge = |package, origin| Merge {
        package,
        root: crate::plan::Root::Target,
        origin,
        change: Change::Downgrade,
        installed: Some(ebuilds[0].cpv.clone()),
        reinstall: None,
        flags: Vec::new(),
        parents: vec![(RequiredBy::Target(hostile.clone()), hostile.clone())],
        higher: Some((ebuilds[0].cpv.clone(), hostile.clone())),
        undecided: true,
    };
    let rejected = BuildReason::Rejected {
        nearest: fixture.pool.ids().nth(2).unwrap(),
        codes: vec![Code::Use, Code::Keywords, Code::Deps],
    };
    let plan = Plan {
        merges: vec![
            merge(&fixture.pool.entries[1].0.package, Origin::Binary(id)),
            merge(&ebuilds[0], Origin::Source(rejected)),
            merge(&ebuilds[1], Origin::Source(BuildReason::NoBinary)),
        ],
        obstacles: vec![Obstacle::Unsatisfied {
            path: Vec::new(),
            atom: hostile.clone(),
            parent: RequiredBy::Target(hostile.clone()),
            why: Unsatisfied {
                atom: hostile.clone(),
                candidates: Vec::new(),
            },
        }],
        missing: vec![hostile.clone()],
        ..Plan::default()
    };
    Planned::new(plan, true, CompileTimes::default())
}

fn ebuilds() -> Vec<Package> {
    let ebuild = |cpv| Package {
        kind: Kind::Ebuild,
        ..candidate(cpv, None, None).package
    };
    vec![ebuild("dev-libs/one-1"), ebuild(LONG)]
}

fn text_of_plan(columns: usize, detail: Detail, tree: bool) -> String {
    let (fixture, ebuilds) = (fixture(&WORDS[..1]), ebuilds());
    let mut report = with_compatibility(&fixture, lacking("needs avx512f"));
    report.plan = Some(planned(&fixture, &ebuilds));
    let mut out = anstream::StripStream::new(Vec::new());
    let style = Style {
        detail,
        tree,
        columns,
    };
    write(&report, style, &mut out).unwrap();
    String::from_utf8(out.into_inner()).unwrap()
}

#[test]
fn no_page_is_wider_than_its_terminal() {
    for columns in [60, 80, 120, 160] {
        for tree in [false, true] {
            let text = text_of_plan(columns, Detail::Normal, tree);
            for line in text.lines() {
                assert!(width(line) <= columns, "{columns}: {text}");
                assert!(!line.contains(is_unsafe), "{columns}: {line:?}");
                assert_eq!(line.trim_end(), line);
            }
        }
    }
}

#[test]
fn the_answer_comes_last() {
    let text = text_of_plan(80, Detail::Normal, false);
    let last = "0 of 3 binary (0 %) · 2 compiled · 1 will not run · emerge would stop · 1 not\n  to be had · no index of site, h1.example\n\
                next: the same again when the index of site or h1.example can be read\n";
    assert!(text.ends_with(last), "{text}");
    let order = [
        "BINARY",
        "COMPILED",
        "emerge would stop:",
        "CHECK",
        "0 of 3",
    ];
    let places: Vec<Option<usize>> = order.iter().map(|word| text.find(word)).collect();
    assert!(places.is_sorted() && places[0].is_some(), "{text}");
    assert!(text.contains("3 downgrades: "), "{text}");
    assert!(text.contains("will not run, it needs avx512f"), "{text}");
}

#[test]
fn many_that_are_compiled_stand_by_cause_alone_before_emerge() {
    let (fixture, ebuilds) = (fixture(&WORDS[..1]), ebuilds());
    for (times, has_rows) in [(1, true), (6, false)] {
        let mut plan = planned(&fixture, &ebuilds);
        plan.plan.merges = vec![plan.plan.merges[2].clone(); times];
        plan.plan.obstacles.clear();
        plan.plan.missing.clear();
        let mut report = with_compatibility(&fixture, lacking("needs avx512f"));
        report.plan = Some(plan);
        let mut out = anstream::StripStream::new(Vec::new());
        let style = Style {
            detail: Detail::Short,
            tree: false,
            columns: 80,
        };
        write(&report, style, &mut out).unwrap();
        let text = String::from_utf8(out.into_inner()).unwrap();
        assert!(text.contains("no-binary"), "{text}");
        assert_eq!(text.contains("UD   app-misc/"), has_rows, "{text}");
    }
}
