//! `use`: built with other USE flags than the configured ones.
//!
//! Follows `portage: depgraph.py:depgraph._reinstall_for_flags`: the flags of the package's IUSE are held
//! against the visible ebuild of the same version, or against the configuration alone where there is none.
//! Under `--usepkgonly` the package's own IUSE is the reference.

use super::case::UseReference;
use super::{Case, Code, Evidence, Facts, Policy, Record, Remedy, Rule, RuleResult, Test, ebuild};
use crate::pms::{Package, signed};
use crate::source::Source;

pub(super) const RULE: Rule = Rule {
    code: Code::Use,
    title: "USE flags differ",
    explain: "The package was built with other USE flags, or has other flags in IUSE, than this machine's \
              configuration gives the ebuild. Set the flags as the binary has them in /etc/portage/package.use, \
              or take it as it is with --binpkg-respect-use=n.",
    counts: |policy| {
        policy.compare.newuse || policy.compare.changed_use || policy.compare.respect_use.is_on()
    },
    test: Test::OfBinary(judge),
};

fn judge(case: &Case<'_, '_>) -> RuleResult {
    if case.is_old_package() {
        return RuleResult::Accept;
    }
    let by_ebuild = case.use_reference == UseReference::Ebuild;
    let ebuilds = by_ebuild || case.policy.sources.ebuilds;
    let own = if ebuilds { measure(case) } else { None };
    if own.is_none()
        && ebuilds
        && let Some(repository) = case.ebuilds.unread(case.package())
    {
        return ebuild::unreadable(case.package(), repository);
    }
    let reference = own.map_or(case.facts, |ebuild| ebuild.facts());
    let wanted = |flag: &str| reference.flags.enabled(flag);
    let own_iuse = case.policy.sources.usepkgonly && !(by_ebuild && own.is_some());
    let differing = differing(case.policy, case.facts, reference, &wanted, own_iuse);
    if differing.is_empty() {
        return RuleResult::Accept;
    }
    let words: Vec<String> = differing
        .iter()
        .map(|flag| signed(flag, case.facts.flags.built_with(flag)))
        .collect();
    RuleResult::Reject {
        detail: words.join(" "),
        evidence: evidence(case, reference, &differing),
    }
}

/// The ebuild that the package is held against: the best visible one. emerge passes over one that
/// `--exclude` names; where that is true of the package too, the other findings are reported too.
fn measure<'b, 'a>(case: &Case<'a, 'b>) -> Option<&'b Record<'a>> {
    let named = |package: &Package| {
        let subject = package.subject();
        let exclude = &case.policy.lists.exclude;
        exclude.iter().any(|atom| atom.matches(&subject))
    };
    let excluded = named(case.package());
    let mut visible = case.ebuilds.visible();
    visible.find(|ebuild| excluded || !named(ebuild.package))
}

/// The flags that tell a built package from what is wanted, sorted
/// (`portage: depgraph.py:depgraph._reinstall_for_flags`). `wanted` tells USE of the reference;
/// with `own_iuse` the package's own IUSE stands for the reference's.
pub(crate) fn differing<'a>(
    policy: &Policy,
    built: &'a Facts<'_>,
    reference: &'a Facts<'_>,
    wanted: &dyn Fn(&str) -> bool,
    own_iuse: bool,
) -> Vec<&'a str> {
    let old = built.flags.names();
    let new = if own_iuse {
        old.clone()
    } else {
        reference.flags.names()
    };
    let presence = policy.compare.newuse || !policy.compare.changed_use;
    let mut differing = Vec::new();
    let (mut old, mut new) = (old.into_iter().peekable(), new.into_iter().peekable());
    loop {
        let flag = match (old.peek(), new.peek()) {
            (Some(one), Some(other)) => *one.min(other),
            (Some(flag), None) | (None, Some(flag)) => *flag,
            (None, None) => return differing,
        };
        let in_old = old.next_if_eq(&flag).is_some();
        let in_new = new.next_if_eq(&flag).is_some();
        let had = in_old && built.flags.built_with(flag);
        let has = in_new && wanted(flag);
        let only_one_has_it = presence && in_old != in_new;
        let protected = || reference.flags.is_masked(flag) || reference.flags.is_forced(flag);
        if had != has || only_one_has_it && !protected() {
            differing.push(flag);
        }
    }
}

fn evidence(case: &Case<'_, '_>, reference: &Facts<'_>, differing: &[&str]) -> Evidence {
    let has = |facts: &Facts<'_>, flag: &str| facts.package.iuse().any(|iuse| iuse.flag == flag);
    let describe = |facts: &Facts<'_>, enabled: &dyn Fn(&str) -> bool| {
        let word = |flag: &&str| {
            if has(facts, flag) {
                signed(flag, enabled(flag))
            } else {
                format!("(no {flag})")
            }
        };
        differing.iter().map(word).collect::<Vec<_>>().join(" ")
    };
    let built = |flag: &str| case.facts.flags.built_with(flag);
    let wanted = |flag: &str| reference.flags.enabled(flag);
    Evidence {
        wanted: format!("USE=\"{}\"", describe(reference, &wanted)),
        found: format!("USE=\"{}\"", describe(case.facts, &built)),
        sources: sources(reference, differing),
        remedy: Some(remedy(case, reference, differing)),
    }
}

/// The lines that decided about the flags, each once, in order of the flags. A line about stable packages has decided
/// together with the one that makes the package stable.
fn sources(reference: &Facts<'_>, differing: &[&str]) -> Vec<Source> {
    let mut all: Vec<Source> = Vec::new();
    let deciding = differing
        .iter()
        .filter_map(|flag| reference.flags.decide(flag).source);
    for source in deciding {
        let made_stable = reference.keywords.made_stable.clone();
        let made_stable = made_stable.filter(|_| is_about_stable(&source));
        for source in [Some(source), made_stable].into_iter().flatten() {
            if !all.contains(&source) {
                all.push(source);
            }
        }
    }
    all
}

/// Whether a line stands in `use.stable.mask` or one of its like.
pub(crate) fn is_about_stable(source: &Source) -> bool {
    let is_stable = |part: &std::ffi::OsStr| part.to_string_lossy().contains("use.stable.");
    source.path().is_some_and(|path| path.iter().any(is_stable))
}

/// The package.use line that makes the configuration want what the package has, where one can.
fn remedy(case: &Case<'_, '_>, reference: &Facts<'_>, differing: &[&str]) -> Remedy {
    let has = |facts: &Facts<'_>, flag: &str| facts.package.iuse().any(|iuse| iuse.flag == flag);
    if let Some(flag) = differing
        .iter()
        .find(|flag| !has(case.facts, flag) || !has(reference, flag))
    {
        let side = if has(case.facts, flag) {
            "only the binary has"
        } else {
            "only the ebuild has"
        };
        return Remedy::Advice(format!(
            "no USE setting helps, since {side} the flag {flag}: --binpkg-respect-use=n takes it, or wait for a rebuild"
        ));
    }
    let decided = |flag: &&&str| reference.flags.decide(flag);
    if let Some(flag) = differing.iter().find(|flag| decided(flag).forced) {
        return Remedy::Advice(format!(
            "the profile holds {flag} (use.mask or use.force): change it below /etc/portage/profile, or use \
             --binpkg-respect-use=n"
        ));
    }
    let environment = |flag: &&&str| matches!(decided(flag).source, Some(Source::Env(_)));
    if let Some(flag) = differing.iter().find(environment) {
        return Remedy::Advice(format!(
            "the environment's USE decides about {flag}: change it there"
        ));
    }
    let flags: Vec<String> = differing
        .iter()
        .map(|flag| signed(flag, case.facts.flags.built_with(flag)))
        .collect();
    Remedy::Line {
        line: format!("={} {}", case.package().cpv, flags.join(" ")),
        file: case.local().remedy_file("package.use"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Compare;
    use crate::check::testing::Machine;
    use crate::pms::Key;

    const MINIZIP: [(Key, &str); 1] = [(
        Key::Use,
        "abi_x86_64 amd64 elibc_glibc kernel_linux minizip",
    )];

    #[test]
    fn flags_are_those_of_the_configuration() {
        let machine = Machine::new();
        assert_eq!(machine.detail(Code::Use, &[]), None);
        assert_eq!(
            machine.detail(Code::Use, &MINIZIP).as_deref(),
            Some("minizip")
        );
        let wanted = Machine::new().file("etc/portage/package.use", "sys-libs/zlib minizip\n");
        assert_eq!(wanted.detail(Code::Use, &MINIZIP), None);
        assert_eq!(wanted.detail(Code::Use, &[]).as_deref(), Some("-minizip"));
    }

    #[test]
    fn flags_that_only_one_side_has() {
        let machine = Machine::new();
        let more = [(Key::Iuse, "minizip static-libs")];
        assert_eq!(
            machine.detail(Code::Use, &more).as_deref(),
            Some("-static-libs")
        );
        let changed = Machine::new().policy(|policy| policy.compare.changed_use = true);
        assert_eq!(
            changed.detail(Code::Use, &more),
            None,
            "it is off on both sides"
        );
    }

    #[test]
    fn it_cannot_be_told_without_metadata() {
        let entry = "var/db/repos/gentoo/metadata/md5-cache/sys-libs/zlib-1.3.1";
        let stale = Machine::new().without(entry);
        let detail = stale.detail(Code::Use, &MINIZIP);
        assert_eq!(
            detail.as_deref(),
            Some("? no valid md5-cache entry in gentoo")
        );
    }

    #[test]
    fn the_line_that_makes_it_stable_has_decided_too() {
        let machine = Machine::new()
            .file(
                "var/db/repos/gentoo/profiles/arch/amd64/use.stable.mask",
                "minizip\n",
            )
            .file("etc/portage/make.conf", "ACCEPT_KEYWORDS=\"~amd64\"\n")
            .file(
                "etc/portage/package.accept_keywords",
                "sys-libs/zlib -~amd64\n",
            );
        let found = machine.find(Code::Use, &MINIZIP);
        let sources = found
            .map(|found| found.evidence.sources)
            .unwrap_or_default();
        let sources: Vec<String> = sources.iter().map(ToString::to_string).collect();
        let ends = ["amd64/use.stable.mask:1", "package.accept_keywords:1"];
        assert_eq!(sources.len(), 2, "{sources:?}");
        assert!(
            sources
                .iter()
                .zip(ends)
                .all(|(source, end)| source.ends_with(end)),
            "{sources:?}"
        );
    }

    #[test]
    fn no_option_no_comparison() {
        let machine = Machine::new().policy(|policy| policy.compare.respect_use = Compare::No);
        assert_eq!(machine.detail(Code::Use, &MINIZIP), None);
    }
}
