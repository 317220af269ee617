//! Binary packages that are of no use here, excluded as narrowly as its configuration can: by name and slot,
//! at the one host.

use crate::packages::Packages;
use crate::plan::Plan;
use crate::suggest::propose::Scope;
use crate::suggest::{Edit, Proposal, SlotName};

/// One proposal for each. Hosts that no section names have no settings, and PKGDIR has none.
pub(super) fn of<'p>(
    plan: &'p Plan<'_>,
    packages: &'p Packages<'_>,
    scope: Scope<'p>,
) -> impl Iterator<Item = Proposal> + 'p {
    plan.merges.iter().filter_map(move |merge| {
        let id = merge.origin.instance()?;
        let host = packages
            .entry(id)
            .0
            .host
            .filter(|_| scope.unusable.contains(&id))?;
        let repo = &host.of(scope.hosts)?.repo;
        let slot = SlotName::of(merge);
        (repo.named && !repo.is_added()).then(|| Proposal {
            edits: vec![Edit::Exclude {
                host,
                atom: slot.0.clone(),
            }],
            goals: vec![slot],
            notes: Vec::new(),
        })
    })
}
