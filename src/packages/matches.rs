//! What binary packages there are for what is requested, and which of them emerge takes.

use std::collections::HashMap;

use super::{Choice, PackageId, Packages};
use crate::binhost::InstanceId;
use crate::local::targets::Target;
use crate::pms::Dep;

/// The instances that match one atom or, under `--all`, bear one name.
#[derive(Clone, Debug)]
pub struct Matches<'a> {
    /// What they match.
    pub key: MatchKey<'a>,
    /// The instances, best first.
    pub instances: Vec<InstanceId>,
    /// What emerge does with them.
    pub choice: Choice,
}

/// A target, by its place among those that were requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TargetId(usize);

impl TargetId {
    /// The target at a place.
    pub fn new(place: usize) -> TargetId {
        TargetId(place)
    }

    /// The target, of those that the matches were made for.
    pub fn of(self, targets: &[Target]) -> Option<&Target> {
        targets.get(self.0)
    }
}

/// What instances match.
#[derive(Clone, Copy, Debug)]
pub enum MatchKey<'a> {
    /// An atom of a target.
    Atom {
        /// The target.
        target: TargetId,
        /// The atom.
        atom: &'a Dep,
    },
    /// A package name that some index has.
    Name(&'a str),
}

impl MatchKey<'_> {
    /// The atom or name.
    pub fn as_str(&self) -> &str {
        match self {
            MatchKey::Atom { atom, .. } => atom.as_str(),
            MatchKey::Name(name) => name,
        }
    }

    /// The name of the package, which may hold wildcards.
    pub fn name(&self) -> &str {
        match self {
            MatchKey::Atom { atom, .. } => atom.name(),
            MatchKey::Name(name) => name,
        }
    }
}

impl Matches<'_> {
    /// Whether there is a usable instance, if that can be determined.
    pub fn is_usable(&self) -> Option<bool> {
        match self.choice {
            Choice::Taken(_) => Some(true),
            Choice::Ended(_) | Choice::Nothing => Some(false),
            Choice::Unknown => None,
        }
    }
}

impl<'a> Packages<'a> {
    /// For each atom of each target, in order, the instances that match it, judged.
    pub fn matches<'t>(&self, targets: &'t [Target]) -> Vec<Matches<'t>> {
        let mut atoms = Vec::new();
        for (number, target) in targets.iter().enumerate() {
            let members = target.atoms.iter();
            atoms.extend(members.map(|member| (TargetId::new(number), &member.atom)));
        }
        let found = AtomTable::of(&atoms).find(atoms.len(), self);
        self.judge(&found.concat());
        let matches =
            |((target, atom), instances): ((TargetId, &'t Dep), Vec<InstanceId>)| Matches {
                key: MatchKey::Atom { target, atom },
                choice: self.choose(Some(atom), &instances),
                instances,
            };
        atoms.into_iter().zip(found).map(matches).collect()
    }

    /// For each name, in order, its instances.
    pub fn by_name(&self) -> Vec<Matches<'a>> {
        let instances: Vec<InstanceId> = self.instances().collect();
        let name = |id: &InstanceId| self.entry(*id).0.package.cpv.cpn.as_str();
        let same_name = instances.chunk_by(|left, right| name(left) == name(right));
        let matches = |ids: &[InstanceId]| Matches {
            key: MatchKey::Name(name(&ids[0])),
            choice: self.choose(None, ids),
            instances: ids.to_vec(),
        };
        same_name.map(matches).collect()
    }
}

/// Atoms by package name, as their places in a list.
struct AtomTable<'t> {
    atoms: &'t [(TargetId, &'t Dep)],
    by_name: HashMap<&'t str, Vec<usize>>,
    wildcards: Vec<usize>,
}

impl<'t> AtomTable<'t> {
    fn of(atoms: &'t [(TargetId, &'t Dep)]) -> AtomTable<'t> {
        let mut table = AtomTable {
            atoms,
            by_name: HashMap::new(),
            wildcards: Vec::new(),
        };
        for (place, (_, atom)) in atoms.iter().enumerate() {
            let list = if atom.is_wildcard() {
                &mut table.wildcards
            } else {
                table.by_name.entry(atom.name()).or_default()
            };
            list.push(place);
        }
        table
    }

    /// For each of the atoms the instances that match it, best first.
    fn find(&self, count: usize, packages: &Packages<'_>) -> Vec<Vec<InstanceId>> {
        let mut found = vec![Vec::new(); count];
        for id in packages.instances() {
            let subject = packages.entry(id).0.package.subject();
            let named = self.by_name.get(subject.cpn.as_str());
            for &place in named.into_iter().flatten().chain(&self.wildcards) {
                let (_, atom) = self.atoms[place];
                if atom.matches(&subject) && has_use(atom, id, packages) {
                    found[place].push(id);
                }
            }
        }
        found
    }
}

/// USE dependencies against what the package was built with.
fn has_use(atom: &Dep, id: InstanceId, packages: &Packages<'_>) -> bool {
    if atom.use_deps().next().is_none() {
        return true;
    }
    let record = packages.record(PackageId::Binary(id));
    let flags = &record.facts().flags;
    atom.use_matches(|flag| flags.is_valid(flag).then(|| flags.built_with(flag)))
}
