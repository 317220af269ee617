//! Dependency strings with virtuals opened: each virtual becomes an any-of group over its versions,
//! and each version what it needs (`portage: dep/dep_check.py:_expand_new_virtuals`, `_overlap_dnf`).

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::Id;
use crate::pms::{Key, Reduced};

/// Virtuals inside virtuals are opened down to this depth.
const MAX_DEPTH: usize = 16;

/// Overlapping any-of groups are multiplied out as long as this many combinations suffice.
const MAX_COMBINATIONS: usize = 20_000;

/// A node of an opened dependency string.
#[derive(Clone, Debug)]
pub(in crate::plan) enum DnfNode {
    Leaf(Rc<Atom>),
    AllOf(Vec<DnfNode>),
    AnyOf(Vec<DnfNode>),
}

/// Which atoms belong to whom, in order of their coming.
#[derive(Debug, Default)]
pub(in crate::plan) struct Owners {
    /// The owner (`None`: the package itself, else a version of a virtual) and its atoms.
    pub atoms: Vec<(Option<Id>, Vec<Rc<Atom>>)>,
    /// Atoms that stand for one version of a virtual.
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

    /// The version of a virtual that an atom stands for.
    pub fn version(&self, atom: &Rc<Atom>) -> Option<Id> {
        self.versions
            .iter()
            .find(|(known, _)| Rc::ptr_eq(known, atom))
            .map(|(_, id)| *id)
    }
}

impl<'a> Depgraph<'_, 'a> {
    /// Open all virtuals of an all-of group.
    pub(in crate::plan) fn open(
        &mut self,
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
        &mut self,
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
        &mut self,
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
        versions.retain(|choice| choice.is_virtual());
        versions.reverse();
        if versions.is_empty() {
            return plain(owners);
        }
        let mut opened = Vec::new();
        for version in versions {
            let id = version.id;
            let written = written_use(&atom);
            let Some(of_version) = Atom::parse(&format!("={}{written}", version.package.cpv))
            else {
                continue;
            };
            let parent = self.choosing_for.map(|id| self.get(id));
            let evaluated = Atom::evaluated(&of_version.dep, &|flag| {
                parent
                    .as_ref()
                    .is_some_and(|parent| self.enabled(parent, flag))
            });
            let of_version = Rc::new(Atom {
                original: Some(Rc::clone(&atom)),
                ..evaluated
            });
            let choosing_in = self.choosing_in.replace(id);
            let mut atoms = match self.reduced_deps(&version, Key::Rdepend) {
                Some(nodes) => self.check(&nodes, Some(id), depth + 1, owners),
                None => Vec::new(),
            };
            self.choosing_in = choosing_in;
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

/// USE dependencies of an atom as written, with their brackets.
fn written_use(atom: &Atom) -> &str {
    let text = atom.unevaluated.as_str();
    text.find('[').map_or("", |start| &text[start..])
}

fn unsatisfiable(owner: Option<Id>, owners: &mut Owners) -> Rc<Atom> {
    let atom = Rc::new(crate::plan::select::similar::nothing());
    owners.add(owner, &atom);
    atom
}

/// Any-of groups that share a name are multiplied out, so that one package may serve several.
/// Gives the nodes, and whether anything was multiplied.
pub(in crate::plan) fn multiply(nodes: Vec<DnfNode>) -> (Vec<DnfNode>, bool) {
    let mut result = Vec::new();
    let mut groups: Vec<(Vec<DnfNode>, BTreeSet<String>)> = Vec::new();
    for node in nodes {
        let names = match &node {
            DnfNode::AnyOf(_) => names_of(&node),
            _ => BTreeSet::new(),
        };
        if names.is_empty() {
            result.push(node);
            continue;
        }
        groups.push((vec![node], names));
    }
    let mut merged: Vec<(Vec<DnfNode>, BTreeSet<String>)> = Vec::new();
    for (nodes, names) in groups {
        let mut group = (nodes, names);
        let mut place = None;
        let mut rest = Vec::new();
        for (position, other) in merged.into_iter().enumerate() {
            if other.1.is_disjoint(&group.1) {
                rest.push(other);
            } else {
                place.get_or_insert(position.min(rest.len()));
                let mut together = other;
                together.0.append(&mut group.0);
                together.1.append(&mut group.1);
                group = together;
            }
        }
        rest.insert(place.unwrap_or(rest.len()), group);
        merged = rest;
    }
    let mut multiplied = false;
    for (nodes, _) in merged {
        if nodes.len() == 1 {
            result.extend(nodes);
            continue;
        }
        multiplied = true;
        let mut unique: Vec<DnfNode> = Vec::new();
        let mut known = BTreeSet::new();
        for node in nodes {
            if known.insert(text(&node)) {
                unique.push(node);
            }
        }
        if unique.len() == 1 {
            result.extend(unique);
        } else {
            result.extend(product(unique));
        }
    }
    (result, multiplied)
}

/// The disjunctive normal form of several any-of groups; they stay as they are if it were too large.
fn product(groups: Vec<DnfNode>) -> Vec<DnfNode> {
    let mut combinations: Vec<Vec<DnfNode>> = vec![Vec::new()];
    for group in &groups {
        let DnfNode::AnyOf(alternatives) = group else {
            continue;
        };
        let flat: Vec<Vec<DnfNode>> = alternatives.iter().flat_map(conjunctions).collect();
        if combinations.len().saturating_mul(flat.len()) > MAX_COMBINATIONS {
            return groups;
        }
        let extend = |combination: &Vec<DnfNode>| {
            let mut out = Vec::new();
            for alternative in &flat {
                let mut longer = combination.clone();
                longer.extend(alternative.iter().cloned());
                out.push(longer);
            }
            out
        };
        combinations = combinations.iter().flat_map(extend).collect();
    }
    let mut known = BTreeSet::new();
    let unique = combinations
        .into_iter()
        .map(without_repetitions)
        .map(DnfNode::AllOf);
    vec![DnfNode::AnyOf(
        unique.filter(|node| known.insert(text(node))).collect(),
    )]
}

fn without_repetitions(nodes: Vec<DnfNode>) -> Vec<DnfNode> {
    let mut known = BTreeSet::new();
    nodes
        .into_iter()
        .filter(|node| known.insert(text(node)))
        .collect()
}

/// An alternative as all-of groups of atoms, any-of groups inside it multiplied out.
fn conjunctions(node: &DnfNode) -> Vec<Vec<DnfNode>> {
    match node {
        DnfNode::Leaf(_) => vec![vec![node.clone()]],
        DnfNode::AnyOf(alternatives) => alternatives.iter().flat_map(conjunctions).collect(),
        DnfNode::AllOf(nodes) => {
            let mut all: Vec<Vec<DnfNode>> = vec![Vec::new()];
            for node in nodes {
                let parts = conjunctions(node);
                let mut longer = Vec::new();
                for one in &all {
                    for part in &parts {
                        let mut together = one.clone();
                        together.extend(part.iter().cloned());
                        longer.push(together);
                    }
                    if longer.len() > MAX_COMBINATIONS {
                        return longer;
                    }
                }
                all = longer;
            }
            all
        }
    }
}

fn names_of(node: &DnfNode) -> BTreeSet<String> {
    match node {
        DnfNode::Leaf(atom) if atom.is_blocker() => BTreeSet::new(),
        DnfNode::Leaf(atom) => BTreeSet::from([atom.name().to_owned()]),
        DnfNode::AllOf(nodes) | DnfNode::AnyOf(nodes) => nodes.iter().flat_map(names_of).collect(),
    }
}

fn text(node: &DnfNode) -> String {
    let join = |nodes: &[DnfNode]| nodes.iter().map(text).collect::<Vec<_>>().join(" ");
    match node {
        DnfNode::Leaf(atom) => atom.to_string(),
        DnfNode::AllOf(nodes) => format!("( {} )", join(nodes)),
        DnfNode::AnyOf(nodes) => format!("|| ( {} )", join(nodes)),
    }
}
