//! Dependency strings with virtuals opened: each virtual becomes an any-of group over its versions,
//! and each version what it depends on (`portage: dep/dep_check.py:_expand_new_virtuals`).

use std::rc::Rc;

use crate::plan::dep_check::DepCheck;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::Id;
use crate::pms::{Dep, Key, Reduced};

/// Virtuals inside virtuals are opened down to this depth. Portage has no limit of its own; one is needed
/// for a virtual that depends on itself.
const MAX_DEPTH: usize = 16;

/// A node of an opened dependency string.
#[derive(Clone, Debug)]
pub(super) enum DnfNode {
    Leaf(Rc<Atom>),
    AllOf(Vec<DnfNode>),
    AnyOf(Vec<DnfNode>),
}

/// Which atoms belong to whom, in order of their coming.
#[derive(Debug, Default)]
pub(super) struct Owners {
    /// The owner (`None`: the package itself, else a version of a virtual) and its atoms.
    pub atoms: Vec<(Option<Id>, Vec<Rc<Atom>>)>,
    /// Atoms that represent one version of a virtual.
    pub versions: Vec<(Rc<Atom>, Id)>,
}

impl Owners {
    fn add(&mut self, owner: Option<Id>, atom: &Rc<Atom>) {
        let place = match self.atoms.iter().position(|(known, _)| *known == owner) {
            Some(place) => place,
            None => {
                self.atoms.push((owner, Vec::new()));
                self.atoms.len() - 1
            }
        };
        let atoms = &mut self.atoms[place].1;
        if !atoms.iter().any(|known| Rc::ptr_eq(known, atom)) {
            atoms.push(Rc::clone(atom));
        }
    }

    /// Atoms of an owner.
    pub fn of(&self, owner: Option<Id>) -> &[Rc<Atom>] {
        self.atoms
            .iter()
            .find(|(known, _)| *known == owner)
            .map_or(&[], |(_, atoms)| atoms)
    }

    /// The version of a virtual that an atom represents.
    pub fn version(&self, atom: &Rc<Atom>) -> Option<Id> {
        self.versions
            .iter()
            .find(|(known, _)| Rc::ptr_eq(known, atom))
            .map(|(_, id)| *id)
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
        let mut all = Vec::new();
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
        let atom = Rc::new(atom.clone());
        let plain = |owners: &mut Owners| {
            owners.add(owner, &atom);
            Opened::Plain(Rc::clone(&atom))
        };
        if !atom.is_virtual() || atom.is_blocker() || depth >= MAX_DEPTH {
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
            let id = version.id;
            let of_version = Dep::of_version(version.cpv()).with_use_of(&atom.unevaluated);
            let parent = self.select.get(self.parent);
            let evaluated =
                Atom::evaluated(&of_version, &|flag| self.select.enabled(&parent, flag));
            let of_version = Rc::new(Atom {
                original: Some(Rc::clone(&atom)),
                ..evaluated
            });
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
            owners.versions.push((of_version, id));
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

fn unsatisfiable(owner: Option<Id>, owners: &mut Owners) -> Rc<Atom> {
    let atom = Rc::new(Atom::plain(Dep::of_empty_any_of()));
    owners.add(owner, &atom);
    atom
}
