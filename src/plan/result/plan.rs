//! What resolving ends with: the merges, what stands in their way, and who requires them.

use crate::binhost::InstanceId;
use crate::plan::packages::root::Root;
use crate::plan::result::build_reason::BuildReason;
use crate::plan::result::reinstall::Reinstall;
use crate::plan::result::rejection::Unsatisfied;
use crate::plan::result::required_by::RequiredBy;
use crate::pms::{Cpn, Cpv, Dep, Package, Syntax};

/// What emerge would merge, and what keeps it from a plan.
#[derive(Clone, Debug, Default)]
pub struct Plan<'a> {
    /// Everything that would be merged, in emerge's order.
    /// Empty, as with emerge, where something that is needed cannot be had at all.
    pub merges: Vec<Merge<'a>>,
    /// Why emerge would end in an error; empty where it would not.
    pub obstacles: Vec<Obstacle>,
    /// What would be uninstalled to make room.
    pub uninstalls: Vec<Uninstalled>,
    /// Blockers that nothing solves, and those that an uninstall solves.
    pub blocks: Vec<Blocked>,
    /// Atoms of @world or @selected that nothing satisfies.
    pub missing: Vec<String>,
    /// Atoms of @world or @selected that only something installed satisfies, whose ebuild is gone.
    pub orphaned: Vec<String>,
    /// Updates that are skipped because of others.
    pub skipped: Vec<SkippedUpdate>,
    /// Targets that `package.provided` satisfies.
    pub provided: Vec<String>,
    /// How many attempts were made.
    pub attempts: u32,
    /// Names that were met with an ebuild that could not be read, so that the plan is uncertain.
    pub unreadable: Vec<String>,
    /// Updates of what is only needed to build, which emerge leaves out where it takes binary packages
    /// (`portage: create_depgraph_params.py:create_depgraph_params`, `bdeps`).
    pub left_out: Vec<LeftOut>,
}

/// An update that the request leaves out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// What is installed.
    pub installed: Cpv,
    /// What it would become.
    pub update: Cpv,
}

/// One package that would be merged.
#[derive(Clone, Debug)]
pub struct Merge<'a> {
    /// The ebuild or binary package.
    pub package: &'a Package,
    /// Where it goes.
    pub root: Root,
    /// Where it comes from.
    pub origin: Origin,
    /// What it does to what is installed.
    pub change: Change,
    /// The installed package that it replaces, or for a new slot the highest of the others.
    pub installed: Option<Cpv>,
    /// What is new, where the installed version is merged once more.
    pub reinstall: Option<Reinstall>,
    /// USE: every flag of IUSE in its order, and whether it is enabled.
    pub flags: Vec<(String, bool)>,
    /// Who requires it, with which atom.
    pub parents: Vec<(RequiredBy, String)>,
    /// The highest version of the slot, where that is another one, and why it is not taken.
    pub higher: Option<(Cpv, String)>,
    /// Whether it is open what emerge selects for this slot: it lies in an unsolved conflict.
    pub undecided: bool,
}

/// An update that is skipped because of others (emerge warns of it).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedUpdate {
    /// The version that is not taken.
    pub package: Cpv,
    /// The one that is there or comes instead.
    pub selected: Cpv,
    /// Why.
    pub because: SkippedBecause,
}

/// Why an update is skipped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SkippedBecause {
    /// Others depend on another version: who, and with which atom.
    Conflict(Vec<(RequiredBy, String)>),
    /// Nothing satisfies one of its dependencies.
    Dependency(Unsatisfied),
}

/// An installed package that would be uninstalled to make room for others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uninstalled {
    /// The package.
    pub package: Cpv,
    /// The root that it leaves.
    pub root: Root,
    /// How many merges come before it.
    pub after: usize,
}

/// Where a merge comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A binary package.
    Binary(InstanceId),
    /// The ebuild.
    Source(BuildReason),
}

impl Origin {
    /// The binary package, if it is one.
    pub fn instance(&self) -> Option<InstanceId> {
        match self {
            Origin::Binary(id) => Some(*id),
            Origin::Source(_) => None,
        }
    }
}

/// What a merge does to what is installed, as emerge marks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Change {
    /// `N`: no version was installed.
    New,
    /// `NS`: other slots are installed.
    NewSlot,
    /// `U`
    Upgrade,
    /// `UD`
    Downgrade,
    /// `R`: the same version once more.
    Reinstall,
}

impl Change {
    /// In words.
    pub fn as_str(self) -> &'static str {
        match self {
            Change::New => "new",
            Change::NewSlot => "new-slot",
            Change::Upgrade => "upgrade",
            Change::Downgrade => "downgrade",
            Change::Reinstall => "reinstall",
        }
    }

    /// In emerge's letters.
    pub fn letters(self) -> &'static str {
        match self {
            Change::New => "N",
            Change::NewSlot => "NS",
            Change::Upgrade => "U",
            Change::Downgrade => "UD",
            Change::Reinstall => "R",
        }
    }
}

/// Something that makes emerge end in an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// Nothing satisfies an atom.
    Unsatisfied {
        /// The atom.
        atom: String,
        /// Who requires it.
        parent: RequiredBy,
        /// Who requires that, and so on, up to a target.
        path: Vec<RequiredBy>,
        /// Why nothing does.
        why: Unsatisfied,
    },
    /// REQUIRED_USE of an ebuild does not hold.
    RequiredUse {
        /// The ebuild.
        package: Cpv,
        /// The parts of it that do not hold.
        unmet: Vec<String>,
        /// The flags that these name, with their state.
        flags: Vec<(String, bool)>,
        /// Who requires it.
        parent: RequiredBy,
    },
    /// Packages that cannot be merged in any order, since they wait for each other.
    Circular {
        /// A cycle.
        packages: Vec<Cpv>,
        /// Packages with a flag each that would break it, and the state that the flag would need.
        breaks: Vec<(Cpv, String, bool)>,
    },
    /// A package must be merged before its parent is built, and `--buildpkgonly` merges nothing.
    NeedsMerge {
        /// What would have to be merged.
        package: Cpv,
        /// Who is built with it.
        parent: RequiredBy,
    },
    /// USE would have to be changed first.
    UseChange {
        /// The ebuild.
        package: Cpv,
        /// Flags with the state that they must have.
        flags: Vec<(String, bool)>,
        /// Who requires that, with which atom.
        parents: Vec<(RequiredBy, String)>,
    },
    /// The configuration would have to accept a package that it hides.
    Unmask {
        /// The package.
        package: Cpv,
        /// The keyword to accept, `**` where the package has none for this architecture.
        keyword: Option<String>,
        /// Whether package.mask hides it.
        masked: bool,
        /// The licenses to accept.
        licenses: Vec<String>,
        /// Who requires it, with which atom.
        parents: Vec<(RequiredBy, String)>,
    },
    /// Several packages for one slot.
    SlotConflict {
        /// `category/package:slot`
        slot: String,
        /// The packages, each with who requires it and the atom.
        packages: Vec<(Cpv, Vec<(RequiredBy, String)>)>,
    },
    /// Two packages that exclude each other would both be merged.
    Blocked(Blocked),
    /// It takes more work than is allowed to find out what emerge would do.
    TooComplex,
}

/// A blocker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// Who blocks.
    pub by: Cpv,
    /// The atom, with its `!`.
    pub atom: String,
    /// What is blocked.
    pub package: Cpv,
    /// Who requires what blocks, and with which atom.
    pub by_parents: Vec<(RequiredBy, String)>,
    /// Who requires what is blocked.
    pub parents: Vec<(RequiredBy, String)>,
    /// Whether neither can give way.
    pub unsolvable: bool,
}

impl Obstacle {
    /// Whether it says the same; a cycle is the same wherever it begins.
    pub(in crate::plan) fn is_same(&self, other: &Obstacle) -> bool {
        match (self, other) {
            (
                Obstacle::Circular { packages: one, .. },
                Obstacle::Circular {
                    packages: other, ..
                },
            ) => one.len() == other.len() && one.iter().all(|cpv| other.contains(cpv)),
            _ => self == other,
        }
    }
}

impl Plan<'_> {
    /// Whether emerge would carry it out.
    pub fn is_sound(&self) -> bool {
        self.obstacles.is_empty()
    }

    /// Whether all that it rests on could be read and worked out.
    pub fn is_certain(&self) -> bool {
        self.unreadable.is_empty() && !self.is_given_up()
    }

    /// Whether it was given up, so that it is unknown what emerge would do.
    pub fn is_given_up(&self) -> bool {
        self.obstacles.contains(&Obstacle::TooComplex)
    }

    /// The names of what is compiled although a host might have it, and of what nothing satisfies.
    pub fn names_without_binary(&self) -> Vec<Cpn> {
        let compiled = self
            .from_source()
            .map(|merge| merge.package.cpv.cpn.clone());
        let of_atom = |atom: &str| Cpn::parse(Dep::parse(atom, Syntax::USER).ok()?.name());
        let unsatisfied = self.obstacles.iter().filter_map(|obstacle| match obstacle {
            Obstacle::Unsatisfied { atom, .. } => of_atom(atom),
            _ => None,
        });
        let missing = self.missing.iter().filter_map(|atom| of_atom(atom));
        compiled.chain(unsatisfied).chain(missing).collect()
    }

    /// The binary packages that come nearest to those that are compiled.
    pub fn nearest(&self) -> impl Iterator<Item = InstanceId> {
        self.from_source().filter_map(|merge| match &merge.origin {
            Origin::Source(reason) => reason.nearest(),
            Origin::Binary(_) => None,
        })
    }

    /// What would be merged to the root of the request.
    pub fn to_target(&self) -> impl Iterator<Item = &Merge<'_>> {
        let merges = self.merges.iter();
        merges.filter(|merge| merge.root == Root::Target)
    }

    /// What would be uninstalled from the root of the request.
    pub fn uninstalled_from_target(&self) -> impl Iterator<Item = &Cpv> {
        let uninstalls = self.uninstalls.iter();
        let from_target = uninstalls.filter(|gone| gone.root == Root::Target);
        from_target.map(|gone| &gone.package)
    }

    /// What would be merged to the running system beside it.
    pub fn to_running(&self) -> impl Iterator<Item = &Merge<'_>> {
        let merges = self.merges.iter();
        merges.filter(|merge| merge.root == Root::Running)
    }

    /// What would be compiled.
    pub fn from_source(&self) -> impl Iterator<Item = &Merge<'_>> {
        self.merges
            .iter()
            .filter(|merge| merge.origin.instance().is_none())
    }
}
