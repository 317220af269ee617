//! What emerge itself would ask for before it does anything.

use super::fixes::fix;
use crate::packages::Packages;
use crate::plan::{Obstacle, Plan};
use crate::pms::{Cpn, Dep, Syntax, signed};
use crate::suggest::Proposal;
use crate::suggest::edit::{Edit, SuggestionKind};
use crate::suggest::note::SuggestionNote;

/// The lines without which the request cannot be carried out; `None` where it can, or where no line helps.
pub(super) fn of(plan: &Plan<'_>, packages: &Packages<'_>) -> Option<Proposal> {
    let mut edits = Vec::new();
    for obstacle in &plan.obstacles {
        edits.extend(lines(obstacle, packages)?);
    }
    (!edits.is_empty()).then(|| Proposal {
        edits,
        goals: Vec::new(),
        notes: vec![SuggestionNote::Needed],
    })
}

fn lines(obstacle: &Obstacle, packages: &Packages<'_>) -> Option<Vec<Edit>> {
    match obstacle {
        Obstacle::Unsatisfied { atom, .. } => satisfied(atom, packages),
        Obstacle::UseChange { package, flags, .. } => {
            let flags = flags.iter().map(|(flag, on)| signed(flag, *on));
            let flags: Vec<String> = flags.collect();
            let line = format!("={package} {}", flags.join(" "));
            Some(vec![Edit::line(SuggestionKind::Use, line)])
        }
        Obstacle::Unmask {
            package,
            keyword,
            masked: false,
            licenses,
            ..
        } => {
            let keyword = keyword.as_ref().map(|keyword| {
                Edit::line(SuggestionKind::Keywords, format!("={package} {keyword}"))
            });
            let license = (!licenses.is_empty()).then(|| {
                Edit::line(
                    SuggestionKind::License,
                    format!("={package} {}", licenses.join(" ")),
                )
            });
            Some(keyword.into_iter().chain(license).collect())
        }
        _ => None,
    }
}

/// What lets the best binary package be taken for an atom that nothing satisfies, as under `--getbinpkgonly`.
fn satisfied(atom: &str, packages: &Packages<'_>) -> Option<Vec<Edit>> {
    let read =
        Dep::parse(atom, Syntax::USER).or_else(|_| Dep::parse(atom, Syntax::dependency(None)));
    let dep = read.ok()?;
    let name = Cpn::parse(dep.name())?;
    let mut ids = packages.instances_of(name.as_str()).iter();
    ids.find_map(|id| {
        let judged = packages.judged(*id);
        let package = &judged.candidate.package;
        if judged.absent.is_some() || !dep.matches(&package.subject()) {
            return None;
        }
        let edits = fix(&judged, &format!("={}", package.cpv), packages)?.edits;
        (!edits.is_empty()).then_some(edits)
    })
}
