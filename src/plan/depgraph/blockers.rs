//! Blockers: shown, not solved (`portage: depgraph.py:depgraph._validate_blockers`).

use std::collections::HashSet;
use std::rc::Rc;

use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::graph::dependency::Parent;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::{Id, PlanPackage};
use crate::plan::select::selector::Selector;
use crate::pms::{Key, Kind, Reduced};

/// A blocker between two packages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::plan) struct Block {
    /// Who blocks.
    pub parent: Id,
    /// The atom, with its `!`.
    pub atom: Atom,
    /// What is blocked.
    pub package: Id,
    /// Neither can give way.
    pub unsolvable: bool,
}

/// Blockers of the graph.
#[derive(Debug, Default)]
pub(in crate::plan) struct Blockers {
    atoms: Vec<(Id, Atom)>,
    blocked: HashSet<Id>,
}

impl Blockers {
    /// A package of the graph has a blocker.
    pub fn note(&mut self, parent: Id, atom: Atom) {
        self.atoms.push((parent, atom));
    }

    /// A package leaves the graph.
    pub fn remove(&mut self, id: Id) {
        self.atoms.retain(|(parent, _)| *parent != id);
        self.blocked.remove(&id);
    }

    /// Whether some blocker matched a package when they were last looked at.
    pub fn is_blocked(&self, id: Id) -> bool {
        self.blocked.contains(&id)
    }

    fn unique(&self) -> Vec<(Id, Atom)> {
        let mut unique: Vec<(Id, Atom)> = Vec::new();
        for pair in &self.atoms {
            if !unique.contains(pair) {
                unique.push(pair.clone());
            }
        }
        unique
    }
}

impl Depgraph<'_, '_> {
    /// Note which packages some blocker matches.
    pub fn note_blocked(&mut self) {
        let blocks = self.blocks();
        self.blockers.blocked = blocks.into_iter().map(|block| block.package).collect();
    }

    /// All blockers that matter: those of the graph, and those of installed packages that stay.
    pub fn blocks(&self) -> Vec<Block> {
        if self.options.nodeps {
            return Vec::new();
        }
        let check = BlockerCheck {
            select: self.selector(),
            traversed: &self.worklist.traversed,
        };
        let mut all = self.blockers.unique();
        all.extend(check.blockers_of_installed());
        let mut found = Vec::new();
        for (parent, atom) in all {
            check.judge(parent, &atom, &mut found);
        }
        found
    }

    /// Whether blockers make emerge uninstall something that nothing replaces.
    pub fn uninstalls(&self, blocks: &[Block]) -> bool {
        let check = BlockerCheck {
            select: self.selector(),
            traversed: &self.worklist.traversed,
        };
        let mut blocked = blocks.iter().map(|block| self.get(block.package));
        blocked.any(|package| package.is_installed() && !check.is_replaced(&package))
    }
}

/// What blockers are held against.
struct BlockerCheck<'s, 'a> {
    select: Selector<'s, 'a>,
    /// Packages whose dependencies were looked at, so that their blockers are known.
    traversed: &'s HashSet<Id>,
}

impl<'a> BlockerCheck<'_, 'a> {
    /// Runtime blockers of installed packages against what the graph brings. Only packages whose
    /// dependencies were not looked at are asked, and only for names that change.
    fn blockers_of_installed(&self) -> Vec<(Id, Atom)> {
        let names: Vec<String> = self
            .select
            .graph
            .packages()
            .iter()
            .map(|id| self.select.get(*id))
            .filter(|package| !package.is_installed())
            .map(|package| package.name().to_owned())
            .collect();
        let mut found = Vec::new();
        for name in self.select.packages.local.installed.names() {
            for package in self.select.packages.known_installed(name.as_str()) {
                if self.traversed.contains(&package.id) || self.is_replaced(&package) {
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
        names: &[String],
    ) -> Vec<(Id, Atom)> {
        let nodes = self.select.reduced_deps(package, key).unwrap_or_default();
        let blockers = nodes.into_iter().filter_map(|node| match node {
            Reduced::Leaf(atom) if atom.is_blocker() => Some(atom),
            _ => None,
        });
        blockers
            .filter(|atom| names.iter().any(|name| name == atom.name()))
            .map(|atom| (package.id, atom))
            .collect()
    }

    fn is_replaced(&self, installed: &PlanPackage<'a>) -> bool {
        let new = self
            .select
            .tracker
            .named(self.select.packages, installed.name());
        new.iter()
            .any(|new| !new.is_installed() && new.slot() == installed.slot())
    }

    fn judge(&self, parent: Id, atom: &Atom, found: &mut Vec<Block>) {
        let holder = self.select.get(parent);
        if !self.select.tracker.has(&holder) && !holder.is_installed() {
            return;
        }
        let own_slot =
            |package: &PlanPackage<'a>| package.shares_slot(&holder) && !atom.is_strong_blocker();
        let mut unsolvable = Vec::new();
        let mut gives_way = Vec::new();
        for package in self.select.packages.matching(Kind::Installed, atom) {
            if self.select.use_matches(atom, &package)
                && !own_slot(&package)
                && !holder.is_installed()
            {
                gives_way.push(package);
            }
        }
        for package in self.select.tracker.finally(self.select.packages, atom) {
            if !self.select.matches(atom, &package) || own_slot(&package) {
                continue;
            }
            match (holder.is_installed(), package.is_installed()) {
                (true, true) => {}
                (false, true) => gives_way.push(package),
                (true, false) => gives_way.push(Rc::clone(&holder)),
                (false, false) => unsolvable.push(package),
            }
        }
        let is_unsolvable = !unsolvable.is_empty()
            || gives_way
                .iter()
                .any(|package| self.must_stay(package, atom));
        let blocked = unsolvable.into_iter().chain(gives_way);
        for package in blocked {
            let block = Block {
                parent,
                atom: atom.clone(),
                package: package.id,
                unsolvable: is_unsolvable,
            };
            if !found.contains(&block) {
                found.push(block);
            }
        }
    }

    /// Whether an installed package cannot be uninstalled to make room: the graph has it, the
    /// blocker is a strong one, or the user selected it and nothing else satisfies that.
    fn must_stay(&self, package: &Rc<PlanPackage<'a>>, blocker: &Atom) -> bool {
        let parents = self.select.graph.parents(package.id);
        if parents
            .iter()
            .any(|known| *known != Parent::Package(package.id))
        {
            return true;
        }
        if !package.is_installed() || self.is_replaced(package) {
            return false;
        }
        let is_satisfied = |atom: &&Atom| {
            let finally = self.select.tracker.finally(self.select.packages, atom);
            finally
                .iter()
                .any(|other| other.id != package.id && self.select.matches(atom, other))
        };
        let selected = self
            .select
            .goal
            .selected()
            .iter()
            .filter(|atom| self.select.matches(atom, package));
        let is_selected = !self.select.goal.must_complete() && !self.select.options.ignore_world;
        blocker.is_strong_blocker()
            || is_selected && !selected.into_iter().all(|atom| is_satisfied(&atom))
    }
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
        let b = packages.family("b/b");
        let b = if installed {
            &b.of(Kind::Installed)[0]
        } else {
            &b.of(Kind::Ebuild)[0]
        };
        depgraph.insert(&a, None);
        if !installed || required {
            depgraph.insert(b, Some((a.id, "b/b")));
        }
        depgraph.blockers.note(a.id, atom(blocker));
        depgraph.note_blocked();
        let found = depgraph.blocks();
        assert_eq!(depgraph.blockers.is_blocked(b.id), !found.is_empty());
        found
            .iter()
            .map(|block| {
                (
                    packages.get(block.package).cpv().to_string(),
                    block.unsolvable,
                )
            })
            .collect()
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
            b(true),
            "not for a strong blocker"
        );
        assert_eq!(
            blocks("!b/b", true, true),
            b(true),
            "something depends on it"
        );
        assert_eq!(blocks("!b/b:5", true, false), []);
    }
}
