//! What must be there, and for whom.

use crate::plan::argument::ArgumentId;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::Id;

/// Who depends on a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::plan) enum Parent {
    /// A target.
    Argument(ArgumentId),
    /// A package of the graph.
    Package(Id),
}

impl Parent {
    /// The package, unless it is a target.
    pub fn package(self) -> Option<Id> {
        match self {
            Parent::Package(id) => Some(id),
            Parent::Argument(_) => None,
        }
    }
}

/// How far below the targets a package stands; `None` for what only the installed system depends on.
pub(in crate::plan) type Depth = Option<u32>;

/// Why a dependency counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::plan) struct Priority {
    /// Needed to build.
    pub buildtime: bool,
    /// Needed to run.
    pub runtime: bool,
    /// Needed some time after it (PDEPEND).
    pub runtime_post: bool,
    /// Not having it is not an error.
    pub optional: bool,
    /// Looked at only once the graph is completed.
    pub ignored: bool,
    /// Something installed satisfies it.
    pub satisfied: bool,
    /// The atom has `:=`.
    pub slot_operator: bool,
    /// Who has it goes to another root than the running system. What runs there is not what runs here.
    pub cross: bool,
}

impl Priority {
    /// Needed to run.
    pub const RUNTIME: Priority = Priority {
        buildtime: false,
        runtime: true,
        runtime_post: false,
        optional: false,
        ignored: false,
        satisfied: false,
        slot_operator: false,
        cross: false,
    };

    /// Needed some time after it.
    pub const POST_RUNTIME: Priority = Priority {
        runtime: false,
        runtime_post: true,
        ..Priority::RUNTIME
    };
}

/// One dependency of one package, or a target.
#[derive(Clone, Debug)]
pub(in crate::plan) struct Dependency {
    /// The atom.
    pub atom: Atom,
    /// Who has it.
    pub parent: Parent,
    /// Depth of what satisfies it.
    pub depth: Depth,
    /// Why it counts.
    pub priority: Priority,
    /// The package that was selected for it.
    pub child: Option<Id>,
    /// Whether an update of the child is considered at its depth.
    pub update_child: bool,
    /// Priority of the dependency that led here through a virtual. If that one is optional, not having
    /// this one is not an error either.
    pub collapsed: Priority,
    /// Who has the dependency that led here through a virtual.
    pub collapsed_parent: Parent,
}

impl Dependency {
    /// A dependency without a package yet.
    pub fn new(atom: Atom, parent: Parent, depth: Depth, priority: Priority) -> Dependency {
        Dependency {
            atom,
            parent,
            depth,
            priority,
            child: None,
            update_child: false,
            collapsed: priority,
            collapsed_parent: parent,
        }
    }
}
