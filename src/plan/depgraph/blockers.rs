//! Blockers: what they match, and whether an order of merges may solve them
//! (`portage: depgraph.py:depgraph._validate_blockers`).

use std::collections::HashSet;

use foldhash::{HashMap, HashSet as FastSet};

use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::graph::dependency::{Parent, Priority};
use crate::plan::options::RootDeps;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::plan::packages::root::Root;
use crate::plan::select::selector::Selector;
use crate::pms::{Cpn, Eapi, Key, Kind, Reduced};

/// A blocker of one package. Several packages may have the same one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::plan) struct Block {
    /// The number of the blocker.
    pub number: usize,
    /// Who blocks.
    pub parent: Id,
    /// The atom, with its `!`.
    pub atom: Atom,
    /// The strong blocker of a build, which counts even where nothing is installed.
    pub buildtime: bool,
    /// What it blocks.
    pub blocked: Vec<Id>,
    /// Who may make room.
    pub solution: Solution,
}

/// Whether an order of merges may solve a blocker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::plan) enum Solution {
    /// None.
    Impossible,
    /// These installed packages go before these others are merged.
    Uninstall(Vec<(Id, Id)>),
}

/// Blockers of the graph.
#[derive(Debug, Default)]
pub(in crate::plan) struct Blockers {
    atoms: Vec<(Id, Atom, Priority)>,
    involved: HashSet<Id>,
}

/// A blocker, with all that have it.
#[derive(Debug)]
struct Shared {
    atom: Atom,
    buildtime: bool,
    parents: Vec<Id>,
}

impl Blockers {
    /// A package of the graph has a blocker.
    pub fn note(&mut self, parent: Id, atom: Atom, priority: Priority) {
        self.atoms.push((parent, atom, priority));
    }

    /// A package leaves the graph.
    pub fn remove(&mut self, id: Id) {
        self.atoms.retain(|(parent, _, _)| *parent != id);
        self.involved.remove(&id);
    }

    /// Whether a package blocked or was blocked when the blockers were last looked at.
    pub fn involve(&self, id: Id) -> bool {
        self.involved.contains(&id)
    }
}

impl Depgraph<'_, '_> {
    /// Note which packages blockers involve.
    pub fn note_blocked(&mut self) {
        let blocks = self.blocks();
        let involved = blocks.iter().flat_map(|block| {
            let blocked = block.blocked.iter().copied();
            blocked.chain([block.parent])
        });
        self.records.blockers.involved = involved.collect();
    }

    /// All blockers that matter: those of the graph, and those of installed packages that stay.
    pub fn blocks(&self) -> Vec<Block> {
        if self.options.deps.nodeps {
            return Vec::new();
        }
        let check = BlockerCheck {
            select: self.selector(),
            traversed: &self.worklist.traversed,
        };
        let mut found = Vec::new();
        for (number, blocker) in self.shared_blockers(&check).iter().enumerate() {
            let parents = blocker.parents.iter();
            found.extend(parents.filter_map(|parent| check.judge(number, *parent, blocker)));
        }
        found
    }

    /// Each blocker once. It has the priority with which it came first, as in Portage.
    fn shared_blockers(&self, check: &BlockerCheck<'_, '_>) -> Vec<Shared> {
        let of_graph = self.records.blockers.atoms.iter();
        let of_graph = of_graph.map(|(parent, atom, priority)| {
            let buildtime = priority.buildtime && atom.is_strong_blocker();
            (*parent, atom.clone(), buildtime)
        });
        let of_installed = check.blockers_of_installed().into_iter();
        let of_installed = of_installed.map(|(parent, atom)| (parent, atom, false));
        let mut shared: Vec<Shared> = Vec::new();
        let mut places: HashMap<(Atom, Option<Eapi>), usize> = HashMap::default();
        let mut known: FastSet<(usize, Id)> = FastSet::default();
        for (parent, atom, buildtime) in of_graph.chain(of_installed) {
            let eapi = self.get(parent).package.eapi;
            let new = shared.len();
            let place = *places.entry((atom.clone(), eapi)).or_insert(new);
            if place == new {
                shared.push(Shared {
                    atom,
                    buildtime,
                    parents: Vec::new(),
                });
            }
            if known.insert((place, parent)) {
                shared[place].parents.push(parent);
            }
        }
        shared
    }
}

/// What blockers are held against.
struct BlockerCheck<'s, 'a> {
    select: Selector<'s, 'a>,
    /// Packages whose dependencies were looked at, so that their blockers are known.
    traversed: &'s HashSet<Id>,
}

impl<'a> BlockerCheck<'_, 'a> {
    /// Runtime blockers of installed packages against what the graph brings. All that is installed is
    /// checked, also what the graph never met; not those whose dependencies were looked at, whose blockers
    /// are known, and only for names that change.
    fn blockers_of_installed(&self) -> Vec<(Id, Atom)> {
        let packages = self.select.packages;
        let only_target = self.select.options.deps.root_deps == Some(RootDeps::WithoutDepend);
        let roots = packages.roots();
        let roots = roots.filter(|root| *root == Root::Target || !only_target);
        roots.flat_map(|root| self.blockers_in(root)).collect()
    }

    fn blockers_in(&self, root: Root) -> Vec<(Id, Atom)> {
        let names: FastSet<Cpn> = self
            .select
            .graph
            .packages()
            .iter()
            .map(|id| self.select.get(*id))
            .filter(|package| !package.is_installed() && package.root() == root)
            .map(|package| package.cpn().clone())
            .collect();
        if names.is_empty() {
            return Vec::new();
        }
        let packages = self.select.packages;
        let mut found = Vec::new();
        let installed = &packages.local(root).installed;
        let blocking = installed.blocking();
        for name in installed.names() {
            let of_name = if blocking.contains(name) {
                let versions = packages.versions(root, name.as_str());
                versions.of(Kind::Installed).to_vec()
            } else {
                packages.known_installed(root, name.as_str())
            };
            for package in of_name {
                if self.traversed.contains(&package.id) {
                    continue;
                }
                for key in [Key::Idepend, Key::Pdepend, Key::Rdepend] {
                    if package.text(key).contains('!') {
                        found.extend(self.runtime_blockers(&package, key, &names));
                    }
                }
            }
        }
        found
    }

    fn runtime_blockers(
        &self,
        package: &PlanPackage<'a>,
        key: Key,
        names: &FastSet<Cpn>,
    ) -> Vec<(Id, Atom)> {
        let nodes = self.select.reduced_deps(package, key).unwrap_or_default();
        let blockers = nodes.iter().filter_map(|node| match node {
            Reduced::Leaf(atom) if atom.is_blocker() => Some(atom.clone()),
            _ => None,
        });
        blockers
            .filter(|atom| names.contains(atom.name()))
            .map(|atom| (package.id, atom.in_root(package.root())))
            .collect()
    }

    /// What a blocker of a package blocks; `None` where that is nothing.
    fn judge(&self, number: usize, parent: Id, blocker: &Shared) -> Option<Block> {
        let atom = &blocker.atom;
        let holder = self.select.get(parent);
        if !self.select.tracker.has(&holder) && !holder.is_installed() {
            return None;
        }
        // Two packages of one slot are never there together; only a strong blocker minds the moment between.
        let own_slot =
            |package: &PlanPackage<'a>| package.shares_slot(&holder) && !atom.is_strong_blocker();
        let mut blocked: Vec<Id> = Vec::new();
        let mut makes_room: Vec<(Id, Id)> = Vec::new();
        let mut is_impossible = false;
        if !holder.is_installed() {
            for package in self.select.packages.matching(Kind::Installed, atom) {
                if self.select.use_matches(atom, &package) && !own_slot(&package) {
                    blocked.push(package.id);
                    makes_room.push((package.id, parent));
                }
            }
        }
        for package in self.select.tracker.finally(self.select.packages, atom) {
            if !self.select.matches(atom, &package) || own_slot(&package) {
                continue;
            }
            match (holder.is_installed(), package.is_installed()) {
                (true, true) => continue,
                (false, true) => makes_room.push((package.id, parent)),
                (true, false) => makes_room.push((parent, package.id)),
                (false, false) => is_impossible = true,
            }
            blocked.push(package.id);
        }
        if self.select.options.build.buildpkgonly && !blocker.buildtime {
            makes_room.clear(); // nothing is uninstalled where nothing is installed
        }
        is_impossible |= makes_room.iter().any(|(id, _)| self.is_required(*id));
        dedup(&mut blocked);
        dedup(&mut makes_room);
        let solution = match is_impossible {
            true => Solution::Impossible,
            false if makes_room.is_empty() => return None,
            false => Solution::Uninstall(makes_room),
        };
        Some(Block {
            number,
            parent,
            atom: atom.clone(),
            buildtime: blocker.buildtime,
            blocked,
            solution,
        })
    }

    /// Whether something of the graph depends on a package.
    fn is_required(&self, id: Id) -> bool {
        let mut parents = self.select.graph.parents(id).iter();
        parents.any(|parent| *parent != Parent::Package(id))
    }
}

fn dedup<T: PartialEq + Copy>(all: &mut Vec<T>) {
    let mut known: Vec<T> = Vec::with_capacity(all.len());
    for one in all.iter() {
        if !known.contains(one) {
            known.push(*one);
        }
    }
    *all = known;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::options::ResolveOptions;
    use crate::plan::testing::{atom, database};

    /// What a blocker of `a/a-1` blocks with `b/b-1` in the graph (`new`) or installed.
    fn blocks(blocker: &str, installed: bool, required: bool) -> Vec<(String, bool)> {
        let kind = if installed { "installed" } else { "ebuild" };
        let packages = database(&["ebuild a/a-1", &format!("{kind} b/b-1")]);
        let options = ResolveOptions::default();
        let mut depgraph = packages.attempt(&options);
        let a = packages.ebuild("a/a-1");
        let b = packages.versions(Root::Target, "b/b");
        let b = if installed {
            &b.of(Kind::Installed)[0]
        } else {
            &b.of(Kind::Ebuild)[0]
        };
        depgraph.insert(&a, None);
        if !installed || required {
            depgraph.insert(b, Some((a.id, "b/b")));
        }
        depgraph
            .records
            .blockers
            .note(a.id, atom(blocker), Priority::RUNTIME);
        depgraph.note_blocked();
        let found = depgraph.blocks();
        assert_eq!(depgraph.records.blockers.involve(b.id), !found.is_empty());
        let name = |id: &Id| packages.get(*id).cpv().to_string();
        let is_impossible = |block: &Block| block.solution == Solution::Impossible;
        let blocked = |block: &Block| {
            let blocked = block.blocked.iter().map(name);
            let is_impossible = is_impossible(block);
            blocked
                .map(|name| (name, is_impossible))
                .collect::<Vec<_>>()
        };
        found.iter().flat_map(blocked).collect()
    }

    #[test]
    fn who_gives_way() {
        let b = |unsolvable| vec![("b/b-1".to_owned(), unsolvable)];
        assert_eq!(
            blocks("!b/b", false, false),
            b(true),
            "both are to be merged"
        );
        assert_eq!(blocks("!b/b", true, false), b(false), "it is uninstalled");
        assert_eq!(
            blocks("!!b/b", true, false),
            b(false),
            "whether it may be, the order of merges tells"
        );
        assert_eq!(
            blocks("!b/b", true, true),
            b(true),
            "something depends on it"
        );
        assert_eq!(blocks("!b/b:5", true, false), []);
    }
}
