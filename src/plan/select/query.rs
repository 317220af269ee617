//! What the selection of a package is to find.

use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::Id;

/// What a package is selected for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::plan) enum Purpose {
    /// To be merged; also used when alternatives are compared.
    Merge,
    /// To be merged, for a dependency without a selected package. emerge remembers an answer by its
    /// `onlydeps` argument, which the selection among alternatives leaves at false, but `_add_dep` at none:
    /// it asks anew what the others could not get.
    Unselected,
    /// For its dependencies alone: a target under `--onlydeps`.
    Dependencies,
}

/// Whether changes of USE may be proposed (`portage: depgraph.py:_dynamic_depgraph_config._autounmask`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::plan) enum Autounmask {
    /// An ebuild may be selected whose USE would have to be changed.
    Propose,
    /// USE is what the user set.
    Off,
}

/// One question: which package for this atom, and for whom.
#[derive(Clone, Copy, Debug)]
pub(in crate::plan) struct Query<'q> {
    /// The atom.
    pub atom: &'q Atom,
    /// The package whose dependency the atom is.
    pub parent: Option<Id>,
    /// The package among whose alternatives is selected. Unlike `parent` it does not make an installed
    /// package stay: Portage's `_dep_check_composite_db` asks without a parent.
    pub alternatives_of: Option<Id>,
    /// What the package is for.
    pub purpose: Purpose,
    /// Whether changes of USE may be proposed.
    pub autounmask: Autounmask,
}

impl<'q> Query<'q> {
    /// For nobody, to be merged, with USE as it is.
    pub fn new(atom: &'q Atom) -> Query<'q> {
        Query {
            atom,
            parent: None,
            alternatives_of: None,
            purpose: Purpose::Merge,
            autounmask: Autounmask::Off,
        }
    }
}
