//! What emerge itself would ask for before it does anything, and what would let it go on where it asks for nothing.

use std::collections::BTreeSet;

use super::alternatives;
use super::fixes::{fix, lifts};
use crate::local::use_flags::PackageUse;
use crate::packages::{PackageId, Packages};
use crate::plan::{Obstacle, Plan};
use crate::pms::{Cpn, Cpv, Dep, Syntax, UseDepKind, signed};
use crate::suggest::edit::{Edit, SuggestionKind};

/// How many ways are tried of one plan.
const MOST_WAYS: usize = 6;

/// Ways to lift all that a request stops at, the best first; what they lead to may stop at something else. Empty where
/// nothing stops it, or no line of the kinds that are wanted helps.
pub fn lifting(
    plan: &Plan<'_>,
    packages: &Packages<'_>,
    kinds: &BTreeSet<SuggestionKind>,
) -> Vec<Vec<Edit>> {
    let of = |obstacle: &Obstacle| choices(obstacle, packages);
    // An obstacle that no change lifts may go with the others: emerge takes other packages then.
    let choices = plan.obstacles.iter().map(of);
    let choices: Vec<Vec<Vec<Edit>>> = choices.filter(|all| !all.is_empty()).collect();
    // Of several obstacles one is lifted otherwise at a time.
    let others = choices
        .iter()
        .enumerate()
        .flat_map(|(place, all)| (1..all.len()).map(move |choice| (place, choice)));
    let picks = std::iter::once((0, 0)).chain(others);
    let way = |(changed, choice): (usize, usize)| {
        let parts = choices.iter().enumerate();
        let parts = parts.map(|(place, all)| all.get(if place == changed { choice } else { 0 }));
        let mut way: Vec<Edit> = Vec::new();
        for part in parts {
            way = Edit::joined(&way, part?).unwrap_or(way);
        }
        (!way.is_empty()).then_some(way)
    };
    let is_wanted = |way: &Vec<Edit>| way.iter().all(|edit| kinds.contains(&edit.kind()));
    let ways = picks.filter_map(way).take(MOST_WAYS);
    ways.filter(is_wanted).collect()
}

/// Changes of which each lifts an obstacle.
fn choices(obstacle: &Obstacle, packages: &Packages<'_>) -> Vec<Vec<Edit>> {
    match obstacle {
        Obstacle::Unsatisfied { atom, parent, .. } => {
            let read = read(atom);
            let name = read.as_ref().map_or("", |(dep, _)| dep.name());
            let beside = alternatives::beside(std::iter::once(parent), name, packages);
            let own = read.iter().flat_map(|(dep, _)| satisfying(dep, packages));
            let others = beside.iter().flat_map(|other| satisfying(other, packages));
            own.chain(others).collect()
        }
        Obstacle::RequiredUse { package, .. } => as_built(package, packages),
        Obstacle::UseChange { package, flags, .. } => {
            let flags = flags.iter().map(|(flag, on)| signed(flag, *on));
            let flags: Vec<String> = flags.collect();
            vec![vec![use_line(package, &flags.join(" "))]]
        }
        Obstacle::Circular { breaks, .. } => {
            let change = |(package, flag, on): &(Cpv, String, bool)| {
                vec![use_line(package, &signed(flag, *on))]
            };
            breaks.iter().map(change).collect()
        }
        Obstacle::Unmask {
            package,
            keyword,
            masked: false,
            licenses,
            ..
        } => {
            let keyword = keyword
                .as_ref()
                .map(|keyword| line(SuggestionKind::Keywords, package, keyword));
            let license = (!licenses.is_empty())
                .then(|| line(SuggestionKind::License, package, &licenses.join(" ")));
            vec![keyword.into_iter().chain(license).collect()]
        }
        Obstacle::Unmask { masked: true, .. }
        | Obstacle::NeedsMerge { .. }
        | Obstacle::SlotConflict { .. }
        | Obstacle::TooComplex
        | Obstacle::Blocked(_) => Vec::new(),
    }
}

fn line(kind: SuggestionKind, package: &Cpv, words: &str) -> Edit {
    Edit::line(kind, format!("={package} {words}"))
}

fn use_line(package: &Cpv, flags: &str) -> Edit {
    line(SuggestionKind::Use, package, flags)
}

/// What lets something be taken for an atom that nothing satisfies: the best binary package that can be, and the best
/// ebuild.
fn satisfying(dep: &Dep, packages: &Packages<'_>) -> Vec<Vec<Edit>> {
    let Some(name) = Cpn::parse(dep.name()) else {
        return Vec::new();
    };
    let binary = lifted_binary(dep, &name, packages);
    let ebuild = lifted_ebuild(dep, &name, packages);
    let ways = binary.into_iter().chain(ebuild);
    let mut ways: Vec<Vec<Edit>> = ways.filter(|edits| !edits.is_empty()).collect();
    ways.dedup();
    ways
}

/// An atom as a plan names it, with its name.
fn read(atom: &str) -> Option<(Dep, Cpn)> {
    let dep =
        Dep::parse(atom, Syntax::USER).or_else(|_| Dep::parse(atom, Syntax::dependency(None)));
    let dep = dep.ok()?;
    let name = Cpn::parse(dep.name())?;
    Some((dep, name))
}

/// What lets the best binary package be taken that can be, for an atom.
pub(super) fn opened_binary(dep: &Dep, packages: &Packages<'_>) -> Option<Vec<Edit>> {
    lifted_binary(dep, &Cpn::parse(dep.name())?, packages)
}

fn lifted_binary(dep: &Dep, name: &Cpn, packages: &Packages<'_>) -> Option<Vec<Edit>> {
    let mut ids = packages.instances_of(name.as_str()).iter();
    ids.find_map(|id| {
        let judged = packages.judged(*id);
        let package = &judged.candidate.package;
        if judged.absent.is_some() || !dep.matches(&package.subject()) {
            return None;
        }
        let record = packages.record(PackageId::Binary(*id));
        let flags = &record.facts().flags;
        let state = |flag: &str| flags.is_valid(flag).then(|| flags.built_with(flag));
        if !dep.use_matches(state) {
            return None;
        }
        Some(fix(&judged, &format!("={}", package.cpv), packages)?.edits)
    })
}

/// What makes the highest ebuild one for an atom that lines can make so: visible, and with the USE that the atom asks
/// for. emerge proposes the latter on its own, but not under `--binpkg-respect-use=y`.
fn lifted_ebuild(dep: &Dep, name: &Cpn, packages: &Packages<'_>) -> Option<Vec<Edit>> {
    if !packages.policy().sources.ebuilds {
        return None;
    }
    let mut ebuilds = packages.ebuilds_of(name);
    let version = |id: &_| &packages.record(PackageId::Ebuild(*id)).package.cpv.version;
    ebuilds.sort_by(|one, other| version(other).cmp_version(version(one)));
    ebuilds.into_iter().find_map(|id| {
        let record = packages.record(PackageId::Ebuild(id));
        let package = record.package;
        if !dep.matches(&package.subject()) {
            return None;
        }
        let atom = format!("={}", package.cpv);
        let mut edits = lifts(record.facts().masks(), &atom, packages)?;
        let flags = lacking_use(dep, &record.facts().flags)?;
        if !flags.is_empty() {
            edits.push(use_line(&package.cpv, &flags.join(" ")));
        }
        Some(edits)
    })
}

/// Flags as an atom asks for them that an ebuild does not have so; `None` where no line gives it one of them.
fn lacking_use(dep: &Dep, flags: &PackageUse<'_>) -> Option<Vec<String>> {
    let state = |flag: &str| flags.is_valid(flag).then(|| flags.enabled(flag));
    let unmet = dep
        .use_deps()
        .filter(|wanted| !wanted.is_met(state(wanted.flag)));
    let lacking = unmet.map(|wanted| {
        let flag = wanted.flag;
        let is_fixed = flags.is_masked(flag) || flags.is_forced(flag);
        (flags.is_valid(flag) && !is_fixed)
            .then(|| signed(flag, wanted.kind == UseDepKind::Enabled))
    });
    lacking.collect()
}

/// What makes an ebuild of which REQUIRED_USE does not hold what a host has built: that has USE with which it does.
fn as_built(package: &Cpv, packages: &Packages<'_>) -> Vec<Vec<Edit>> {
    let ids = packages.instances_of(package.cpn.as_str()).iter();
    let judged = ids.map(|id| packages.judged(*id));
    let same = judged.filter(|judged| {
        let version = &judged.candidate.package.cpv.version;
        judged.absent.is_none() && version.cmp_version(&package.version).is_eq()
    });
    let fixes = same.filter_map(|judged| fix(&judged, &format!("={package}"), packages));
    let mut ways: Vec<Vec<Edit>> = fixes.map(|fix| fix.edits).collect();
    ways.retain(|edits| !edits.is_empty());
    ways.dedup();
    ways
}
