//! Dependency strings with virtuals opened: each virtual becomes an any-of group over its versions,
//! and each version what it depends on (`portage: dep/dep_check.py:_expand_new_virtuals`).

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use foldhash::{HashMap, HashSet};

use crate::plan::dep_check::DepCheck;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::Id;
use crate::plan::packages::root::Root;
use crate::pms::{Dep, Eapi, Key, Reduced};

/// Virtuals inside virtuals are opened down to this depth. Portage has no limit of its own; one is needed
/// for a virtual that depends on itself.
const MAX_DEPTH: usize = 16;

/// What opening one version of a virtual counts for: versions inside versions multiply.
const STEPS_OF_A_VIRTUAL: usize = 100;

/// A node of an opened dependency string.
#[derive(Clone, Debug)]
pub(super) enum DnfNode {
    Leaf(Rc<Atom>),
    AllOf(Vec<DnfNode>),
    AnyOf(Vec<DnfNode>),
}

/// One atom, by identity: see [`Owners::intern`].
#[derive(Clone, Debug)]
pub(super) struct Occurrence(pub Rc<Atom>);

impl PartialEq for Occurrence {
    fn eq(&self, other: &Occurrence) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Occurrence {}

impl Hash for Occurrence {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Rc::as_ptr(&self.0).hash(state);
    }
}

/// Which atoms belong to whom, in order of their coming. There may be tens of thousands.
#[derive(Debug, Default)]
pub(super) struct Owners {
    /// The owner (`None`: the package itself, else a version of a virtual) and its atoms.
    atoms: HashMap<Option<Id>, Vec<Rc<Atom>>>,
    known: HashSet<(Option<Id>, Occurrence)>,
    /// Atoms that represent one version of a virtual.
    versions: HashMap<Occurrence, Id>,
    interned: HashMap<(Atom, Option<Eapi>), Rc<Atom>>,
}

impl Owners {
    /// Nothing yet, with room for the atoms of so many nodes.
    pub fn for_nodes(count: usize) -> Owners {
        let mut owners = Owners::default();
        owners.known.reserve(count);
        owners.interned.reserve(count);
        owners
    }

    /// Atoms that read the same and have the same EAPI are one, whoever has them: what one dependency string
    /// selects counts for another one too (`portage: dep/__init__.py:_intern_atom`). Not so the atoms that represent versions of
    /// virtuals.
    fn intern(&mut self, atom: &Atom, eapi: Option<Eapi>) -> Rc<Atom> {
        let key = (atom.clone(), eapi);
        let interned = self.interned.entry(key);
        Rc::clone(interned.or_insert_with(|| Rc::new(atom.clone())))
    }

    fn add(&mut self, owner: Option<Id>, atom: &Rc<Atom>) {
        if self.known.insert((owner, Occurrence(Rc::clone(atom)))) {
            self.atoms.entry(owner).or_default().push(Rc::clone(atom));
        }
    }

    /// Whether there is no atom at all.
    pub fn is_empty(&self) -> bool {
        self.atoms.is_empty()
    }

    /// Atoms of an owner.
    pub fn of(&self, owner: Option<Id>) -> &[Rc<Atom>] {
        self.atoms.get(&owner).map_or(&[], Vec::as_slice)
    }

    /// The version of a virtual that an atom represents.
    pub fn version(&self, atom: &Rc<Atom>) -> Option<Id> {
        self.versions.get(&Occurrence(Rc::clone(atom))).copied()
    }
}

impl<'a> DepCheck<'_, 'a> {
    /// Open all virtuals of an all-of group.
    pub(super) fn open(
        &self,
        nodes: &[Reduced<Atom>],
        owner: Option<Id>,
        depth: usize,
        owners: &mut Owners,
    ) -> Vec<DnfNode> {
        let mut all = Vec::with_capacity(nodes.len());
        for node in nodes {
            match node {
                Reduced::AnyOf(alternatives) => {
                    let opened = self.open_any(alternatives, owner, depth, owners);
                    all.push(DnfNode::AnyOf(opened));
                }
                Reduced::AllOf(nodes) => all.extend(self.open(nodes, owner, depth, owners)),
                Reduced::Leaf(atom) => match self.open_atom(atom, owner, depth, owners) {
                    Opened::Plain(atom) => all.push(DnfNode::Leaf(atom)),
                    Opened::Versions(mut versions) if versions.len() == 1 => {
                        all.extend(versions.remove(0))
                    }
                    Opened::Versions(versions) => all.push(DnfNode::AnyOf(
                        versions.into_iter().map(DnfNode::AllOf).collect(),
                    )),
                },
                Reduced::EmptyAnyOf => all.push(DnfNode::Leaf(unsatisfiable(owner, owners))),
            }
        }
        all
    }

    fn open_any(
        &self,
        alternatives: &[Reduced<Atom>],
        owner: Option<Id>,
        depth: usize,
        owners: &mut Owners,
    ) -> Vec<DnfNode> {
        let mut any = Vec::new();
        for alternative in alternatives {
            match alternative {
                Reduced::AllOf(nodes) => {
                    let mut opened = self.open(nodes, owner, depth, owners);
                    match (opened.len(), opened.pop()) {
                        (1, Some(DnfNode::AnyOf(inner))) => any.extend(inner),
                        (1, Some(only)) => any.push(only),
                        (_, Some(last)) => {
                            opened.push(last);
                            any.push(DnfNode::AllOf(opened));
                        }
                        (_, None) => {}
                    }
                }
                Reduced::AnyOf(inner) => any.extend(self.open_any(inner, owner, depth, owners)),
                Reduced::Leaf(atom) => match self.open_atom(atom, owner, depth, owners) {
                    Opened::Plain(atom) => any.push(DnfNode::Leaf(atom)),
                    Opened::Versions(versions) => {
                        any.extend(versions.into_iter().map(DnfNode::AllOf))
                    }
                },
                Reduced::EmptyAnyOf => any.push(DnfNode::Leaf(unsatisfiable(owner, owners))),
            }
        }
        any
    }

    fn open_atom(
        &self,
        atom: &Atom,
        owner: Option<Id>,
        depth: usize,
        owners: &mut Owners,
    ) -> Opened {
        let holder = self.select.get(owner.unwrap_or(self.parent));
        // Portage parses what an installed version of a virtual depends on by no EAPI, so that its atoms are those of no
        // other package.
        let is_parsed_by_none = owner.is_some() && holder.is_installed();
        let eapi = holder.package.eapi.filter(|_| !is_parsed_by_none);
        let atom = owners.intern(atom, eapi);
        let plain = |owners: &mut Owners| {
            owners.add(owner, &atom);
            Opened::Plain(Rc::clone(&atom))
        };
        let effort = &self.select.packages.effort;
        if !atom.is_virtual() || atom.is_blocker() || depth >= MAX_DEPTH || effort.is_spent() {
            return plain(owners);
        }
        let mut versions = self.available(&atom.without_use());
        versions.retain(|package| package.is_virtual());
        versions.reverse();
        if versions.is_empty() {
            return plain(owners);
        }
        let mut opened = Vec::new();
        for version in versions {
            self.select.packages.effort.spend(STEPS_OF_A_VIRTUAL);
            let id = version.id;
            let of_version = Dep::of_version(version.cpv()).with_use_of(atom.unevaluated());
            let parent = self.select.get(self.parent);
            let enabled = |flag: &str| self.select.enabled(&parent, flag);
            let of_version = Rc::new(Atom::of_version(&of_version, &enabled, &atom));
            let of_virtual = DepCheck {
                virtual_parent: Some(id),
                ..*self
            };
            let mut atoms = match self.select.reduced_deps(&version, Key::Rdepend) {
                Some(nodes) => of_virtual.check(&nodes, Some(id), depth + 1, owners),
                None => Vec::new(),
            };
            atoms.push(Rc::clone(&of_version));
            opened.push(atoms.into_iter().map(DnfNode::Leaf).collect());
            owners.add(owner, &of_version);
            owners.versions.insert(Occurrence(of_version), id);
            owners.add(owner, &atom);
        }
        if opened.is_empty() {
            plain(owners)
        } else {
            Opened::Versions(opened)
        }
    }
}

enum Opened {
    Plain(Rc<Atom>),
    Versions(Vec<Vec<DnfNode>>),
}

/// No root has a package for it.
fn unsatisfiable(owner: Option<Id>, owners: &mut Owners) -> Rc<Atom> {
    let atom = Rc::new(Atom::plain(Dep::of_empty_any_of(), Root::Target));
    owners.add(owner, &atom);
    atom
}
