//! Blockers: shown, not solved (`portage: depgraph.py:depgraph._validate_blockers`).

use std::collections::HashSet;
use std::rc::Rc;

use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::depgraph::cycles::needs_first;
use crate::plan::graph::dependency::{Parent, Priority};
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
    /// The strong blocker of a build, which counts even where nothing is installed.
    pub buildtime: bool,
}

/// Blockers of the graph.
#[derive(Debug, Default)]
pub(in crate::plan) struct Blockers {
    atoms: Vec<(Id, Atom, Priority)>,
    blocked: HashSet<Id>,
}

impl Blockers {
    /// A package of the graph has a blocker.
    pub fn note(&mut self, parent: Id, atom: Atom, priority: Priority) {
        self.atoms.push((parent, atom, priority));
    }

    /// A package leaves the graph.
    pub fn remove(&mut self, id: Id) {
        self.atoms.retain(|(parent, _, _)| *parent != id);
        self.blocked.remove(&id);
    }

    /// Whether some blocker matched a package when they were last looked at.
    pub fn is_blocked(&self, id: Id) -> bool {
        self.blocked.contains(&id)
    }

    /// Each blocker of each package once, and whether it is the strong blocker of a build.
    fn unique(&self) -> Vec<(Id, Atom, bool)> {
        let mut unique: Vec<(Id, Atom, bool)> = Vec::new();
        for (parent, atom, priority) in &self.atoms {
            let mut known = unique.iter();
            if !known.any(|(id, other, _)| id == parent && other == atom) {
                // Portage has one blocker for all parents, with the priority that it came with first.
                let mut first = self.atoms.iter().filter(|(_, other, _)| other == atom);
                let priority = first.next().map_or(priority, |(_, _, priority)| priority);
                let buildtime = priority.buildtime && atom.is_strong_blocker();
                unique.push((*parent, atom.clone(), buildtime));
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
        if self.options.deps.nodeps {
            return Vec::new();
        }
        let check = BlockerCheck {
            select: self.selector(),
            traversed: &self.worklist.traversed,
        };
        let mut all = self.blockers.unique();
        let of_installed = check.blockers_of_installed().into_iter();
        all.extend(of_installed.map(|(parent, atom)| (parent, atom, false)));
        let mut found = Vec::new();
        for (parent, atom, buildtime) in all {
            check.judge(parent, &atom, buildtime, &mut found);
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
    /// Runtime blockers of installed packages against what the graph brings. All that is installed is
    /// asked, also what the graph never met; not those whose dependencies were looked at, whose blockers
    /// are known, and only for names that change.
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
        if names.is_empty() {
            return Vec::new();
        }
        let packages = self.select.packages;
        let mut found = Vec::new();
        let blocking = packages.local.installed.blocking();
        for name in packages.local.installed.names() {
            let of_name = match blocking.contains(name) {
                true => packages.family(name.as_str()).of(Kind::Installed).to_vec(),
                false => packages.known_installed(name.as_str()),
            };
            for package in of_name {
                if self.traversed.contains(&package.id) {
                    continue;
                }
                let replaced = self.is_replaced(&package);
                for key in [Key::Idepend, Key::Pdepend, Key::Rdepend] {
                    if package.text(key).contains('!') {
                        let blockers = self.runtime_blockers(&package, key, &names);
                        let counts = |atom: &Atom| !replaced || atom.is_strong_blocker();
                        found.extend(blockers.into_iter().filter(|(_, atom)| counts(atom)));
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
        !self.replacements(installed).is_empty()
    }

    /// What will be merged into the slot of an installed package.
    fn replacements(&self, installed: &PlanPackage<'a>) -> Vec<Id> {
        let tracker = self.select.tracker;
        let new = tracker.named(self.select.packages, installed.name());
        let new = new.into_iter();
        let new = new.filter(|new| !new.is_installed() && new.slot() == installed.slot());
        new.map(|new| new.id).collect()
    }

    fn judge(&self, parent: Id, atom: &Atom, buildtime: bool, found: &mut Vec<Block>) {
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
                gives_way.push((package, parent));
            }
        }
        for package in self.select.tracker.finally(self.select.packages, atom) {
            if !self.select.matches(atom, &package) || own_slot(&package) {
                continue;
            }
            match (holder.is_installed(), package.is_installed()) {
                (true, true) => {}
                (false, true) => gives_way.push((package, parent)),
                (true, false) => gives_way.push((Rc::clone(&holder), package.id)),
                (false, false) => unsolvable.push(package),
            }
        }
        if self.select.options.build.buildpkgonly && !buildtime {
            gives_way.clear(); // nothing is uninstalled where nothing is installed
        }
        let is_unsolvable = !unsolvable.is_empty()
            || gives_way
                .iter()
                .any(|(package, task)| self.must_stay(package, *task, atom));
        if !is_unsolvable && holder.is_installed() && self.is_replaced(&holder) {
            return; // its replacement is merged first
        }
        let gives_way = gives_way.into_iter().map(|(package, _)| package);
        let blocked = unsolvable.into_iter().chain(gives_way);
        for package in blocked {
            let block = Block {
                parent,
                atom: atom.clone(),
                package: package.id,
                unsolvable: is_unsolvable,
                buildtime,
            };
            if !found.contains(&block) {
                found.push(block);
            }
        }
    }

    /// Whether an installed package cannot make room before something is merged: the graph has it, the
    /// blocker is a strong one, or the user selected it and nothing else satisfies that. One that is
    /// replaced makes room, unless what replaces it must be merged later.
    fn must_stay(&self, package: &Rc<PlanPackage<'a>>, task: Id, blocker: &Atom) -> bool {
        let parents = self.select.graph.parents(package.id);
        if parents
            .iter()
            .any(|known| *known != Parent::Package(package.id))
        {
            return true;
        }
        if !package.is_installed() {
            return false;
        }
        if self.is_replaced(package) {
            let mut new = self.replacements(package).into_iter();
            let is_later = |new| needs_first(self.select.graph, new, task);
            return blocker.is_strong_blocker() && new.any(is_later);
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
        let is_selected =
            !self.select.goal.must_complete() && !self.select.options.complete.ignore_world;
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
        depgraph
            .blockers
            .note(a.id, atom(blocker), Priority::RUNTIME);
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
