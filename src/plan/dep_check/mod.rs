//! The selection among alternatives in dependencies (`portage: dep/dep_check.py`).

mod available;
mod candidates;
mod choose;
pub(in crate::plan) mod minimize;
mod multiply;
mod preference;
mod virtuals;

use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::Id;
use crate::plan::select::query::Query;
use crate::plan::select::selector::Selector;

/// The selection among the alternatives of one package's dependencies. It changes nothing: what it
/// selects, it returns.
#[derive(Clone, Copy)]
pub(in crate::plan) struct DepCheck<'s, 'a> {
    select: Selector<'s, 'a>,
    /// The package whose dependencies are looked at.
    parent: Id,
    /// The version of a virtual whose dependencies are looked at on the way
    /// (`portage: dep/dep_check.py:_expand_new_virtuals`, `virt_parent`). It stays where the
    /// dependencies of another virtual are looked at in between, as there.
    virtual_parent: Option<Id>,
    /// Virtuals whose dependencies are being checked for visibility.
    chain: Option<&'s VirtualChain<'s>>,
}

/// A virtual whose dependencies are being checked for visibility, and those that led to it.
#[derive(Debug)]
struct VirtualChain<'s> {
    id: Id,
    outer: Option<&'s VirtualChain<'s>>,
}

impl VirtualChain<'_> {
    fn includes(&self, id: Id) -> bool {
        self.id == id || self.outer.is_some_and(|outer| outer.includes(id))
    }
}

impl<'s, 'a> DepCheck<'s, 'a> {
    /// For the dependencies of a package.
    pub fn new(select: Selector<'s, 'a>, parent: Id) -> DepCheck<'s, 'a> {
        DepCheck {
            select,
            parent,
            virtual_parent: None,
            chain: None,
        }
    }

    /// Select a package for an atom, with USE as it is.
    fn pick(&self, atom: &Atom) -> Option<Id> {
        let query = Query {
            alternatives_of: Some(self.parent),
            ..Query::new(atom)
        };
        self.select.select(&query).package
    }
}
