//! What must be there, and for whom.

use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::Id;

/// Who asks for a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::plan) enum Parent {
    /// A target, by its position.
    Argument(usize),
    /// A package of the graph.
    Package(Id),
}

impl Parent {
    /// The package, unless a target asks.
    pub fn package(self) -> Option<Id> {
        match self {
            Parent::Package(id) => Some(id),
            Parent::Argument(_) => None,
        }
    }
}

/// How far below the targets a package stands; `None` for what only the installed system needs.
pub(in crate::plan) type Depth = Option<u32>;

/// Why a dependency counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::plan) struct Priority {
    /// Needed to build.
    pub buildtime: bool,
    /// Needed to run.
    pub runtime: bool,
    /// Not having it is no error.
    pub optional: bool,
    /// Something installed satisfies it.
    pub satisfied: bool,
    /// The atom has `:=`.
    pub slot_operator: bool,
}

/// How strictly a dependency must be merged before what needs it
/// (`portage: DepPrioritySatisfiedRange.py`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::plan) enum Strength {
    /// Not at all.
    Soft,
    /// Together with it at the latest.
    Medium,
    /// Before it.
    Hard,
}

impl Priority {
    /// How strictly it must be merged first.
    pub fn strength(self) -> Strength {
        let needed = self.buildtime || self.runtime;
        match self {
            _ if self.optional || self.satisfied || !needed => Strength::Soft,
            _ if self.buildtime || self.slot_operator => Strength::Hard,
            _ => Strength::Medium,
        }
    }
}

/// One dependency of one package, or a target.
#[derive(Clone, Debug)]
pub(in crate::plan) struct Dependency {
    /// The atom.
    pub atom: Atom,
    /// Who asks.
    pub parent: Parent,
    /// Depth of what serves it.
    pub depth: Depth,
    /// Why it counts.
    pub priority: Priority,
    /// The package that was chosen for it.
    pub child: Option<Id>,
    /// Whether an update of the child is wanted at its depth.
    pub want_update: bool,
    /// Priority of the dependency that led here through a virtual.
    pub collapsed_optional: bool,
}

impl Dependency {
    /// A need that nothing serves yet.
    pub fn new(atom: Atom, parent: Parent, depth: Depth, priority: Priority) -> Dependency {
        let collapsed_optional = priority.optional;
        Dependency {
            atom,
            parent,
            depth,
            priority,
            child: None,
            want_update: false,
            collapsed_optional,
        }
    }
}
