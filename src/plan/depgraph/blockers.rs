//! Blockers: shown, not solved (`portage: depgraph.py:depgraph._validate_blockers`).

use std::rc::Rc;

use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::graph::dependency::Parent;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::{Id, PlanPackage};
use crate::pms::{Key, Kind};

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

impl<'a> Depgraph<'_, 'a> {
    /// Note which packages some blocker speaks of.
    pub fn find_blocked(&mut self) {
        self.blocked = self
            .blocks()
            .into_iter()
            .map(|block| block.package)
            .collect();
    }

    /// All blockers that matter: those of the graph, and those of installed packages that stay.
    pub fn blocks(&mut self) -> Vec<Block> {
        if self.options.nodeps {
            return Vec::new();
        }
        let mut all: Vec<(Id, Atom)> = Vec::new();
        for (parent, atom, _) in &self.blockers {
            let known = all.iter().any(|(id, other)| id == parent && other == atom);
            if !known {
                all.push((*parent, atom.clone()));
            }
        }
        all.extend(self.blockers_of_new_neighbours());
        let mut found = Vec::new();
        for (parent, atom) in all {
            self.judge_blocker(parent, &atom, &mut found);
        }
        found
    }

    /// Runtime blockers of installed packages against what the graph brings. Only packages whose
    /// dependencies were not looked at are asked, and only for names that change.
    fn blockers_of_new_neighbours(&self) -> Vec<(Id, Atom)> {
        let names: Vec<String> = self
            .graph
            .packages()
            .iter()
            .map(|id| self.get(*id))
            .filter(|choice| !choice.is_installed())
            .map(|choice| choice.package.cpv.cpn.as_str().to_owned())
            .collect();
        let mut found = Vec::new();
        for name in self.packages.local.installed.names() {
            for choice in self.packages.known_installed(name.as_str()) {
                if self.traversed.contains(&choice.id) || self.is_replaced(&choice) {
                    continue;
                }
                for key in [Key::Idepend, Key::Pdepend, Key::Rdepend] {
                    if choice.package.metadata.text(key).contains('!') {
                        found.extend(self.runtime_blockers(&choice, key, &names));
                    }
                }
            }
        }
        found
    }

    fn runtime_blockers(
        &self,
        choice: &PlanPackage<'a>,
        key: Key,
        names: &[String],
    ) -> Vec<(Id, Atom)> {
        let nodes = self.reduced_deps(choice, key).unwrap_or_default();
        let blockers = nodes.into_iter().filter_map(|node| match node {
            crate::pms::Reduced::Leaf(atom) if atom.is_blocker() => Some(atom),
            _ => None,
        });
        blockers
            .filter(|atom| names.iter().any(|name| name == atom.name()))
            .map(|atom| (choice.id, atom))
            .collect()
    }

    fn is_replaced(&self, installed: &PlanPackage<'a>) -> bool {
        let new = self
            .tracker
            .named(self.packages, installed.package.cpv.cpn.as_str());
        new.iter()
            .any(|new| !new.is_installed() && new.slot() == installed.slot())
    }

    fn judge_blocker(&self, parent: Id, atom: &Atom, found: &mut Vec<Block>) {
        let holder = self.get(parent);
        if !self.tracker.has(&holder) && !holder.is_installed() {
            return;
        }
        let own_slot = |choice: &PlanPackage<'a>| {
            choice.slot_key() == holder.slot_key() && !atom.is_strong_blocker()
        };
        let mut unsolvable = Vec::new();
        let mut gives_way = Vec::new();
        for choice in self.packages.matching(Kind::Installed, atom) {
            if self.use_matches(atom, &choice) && !own_slot(&choice) && !holder.is_installed() {
                gives_way.push(choice);
            }
        }
        for choice in self.tracker.finally(self.packages, atom) {
            if !self.matches(atom, &choice) || own_slot(&choice) {
                continue;
            }
            match (holder.is_installed(), choice.is_installed()) {
                (true, true) => {}
                (false, true) => gives_way.push(choice),
                (true, false) => gives_way.push(Rc::clone(&holder)),
                (false, false) => unsolvable.push(choice),
            }
        }
        let stuck =
            !unsolvable.is_empty() || gives_way.iter().any(|choice| self.must_stay(choice, atom));
        let blocked = unsolvable.into_iter().chain(gives_way);
        for choice in blocked {
            let block = Block {
                parent,
                atom: atom.clone(),
                package: choice.id,
                unsolvable: stuck,
            };
            if !found.contains(&block) {
                found.push(block);
            }
        }
    }

    /// Whether an installed package cannot be uninstalled to make room: the graph needs it, the
    /// blocker is a strong one, or the user selected it and nothing else serves that.
    fn must_stay(&self, choice: &Rc<PlanPackage<'a>>, blocker: &Atom) -> bool {
        let parents = self.graph.parents(choice.id);
        if parents
            .iter()
            .any(|known| *known != Parent::Package(choice.id))
        {
            return true;
        }
        if !choice.is_installed() || self.is_replaced(choice) {
            return false;
        }
        let served = |atom: &&Atom| {
            let finally = self.tracker.finally(self.packages, atom);
            finally
                .iter()
                .any(|other| other.id != choice.id && self.matches(atom, other))
        };
        let selected = self
            .selected
            .iter()
            .filter(|atom| self.matches(atom, choice));
        let is_wanted = !self.complete && !self.options.ignore_world;
        blocker.is_strong_blocker() || is_wanted && !selected.into_iter().all(|atom| served(&atom))
    }

    /// Whether blockers make emerge uninstall something that nothing replaces.
    pub fn uninstalls(&self, blocks: &[Block]) -> bool {
        let mut blocked = blocks.iter().map(|block| self.get(block.package));
        blocked.any(|choice| choice.is_installed() && !self.is_replaced(&choice))
    }
}
