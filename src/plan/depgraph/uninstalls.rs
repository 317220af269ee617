//! Which installed packages may be uninstalled to make room, and which packages come first of all
//! (`portage: depgraph.py:depgraph._serialize_tasks`).

use crate::plan::dep_check::DepCheck;
use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::depgraph::blockers::Block;
use crate::plan::graph::dependency::Priority;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::plan::packages::root::Root;
use crate::plan::select::goal::Goal;
use crate::plan::select::memo::Memo;
use crate::plan::select::selector::Selector;
use crate::pms::{Dep, Eapi, Key, Kind, Syntax};

/// Portage itself.
const PORTAGE: &str = "sys-apps/portage";
/// What stands for the C library.
const LIBC: &str = "virtual/libc";
/// What stands for the headers of the kernel.
const OS_HEADERS: &str = "virtual/os-headers";

fn plain(name: &str, root: Root) -> Option<Atom> {
    let dep = Dep::parse(name, Syntax::USER).ok()?;
    Some(Atom::plain(dep, root))
}

impl<'a> Depgraph<'_, 'a> {
    /// Whether an installed package may be uninstalled for some blockers: the graph does not have it, no
    /// blocker is a strong one, and the user did not select it, unless something else satisfies that. What is not in the
    /// running system may go before what takes its place is there.
    pub(super) fn may_uninstall(&self, package: &PlanPackage<'a>, blocks: &[&Block]) -> bool {
        if self.graph.has(package.id) {
            return false;
        }
        let is_running = package.root() == self.packages.running_root();
        if is_running && blocks.iter().any(|block| block.atom.is_strong_blocker()) {
            return false;
        }
        let is_vague = |block: &&Block| {
            let eapi = self.get(block.parent).package.eapi;
            !Eapi::allows(eapi, Eapi::has_strong_blocks)
        };
        if is_running && blocks.iter().any(is_vague) && self.is_vital(package) {
            return false;
        }
        if self.goal.must_complete() || self.options.complete.ignore_world {
            return true;
        }
        let mut selected = self.goal.selected().iter();
        selected
            .all(|atom| !self.selector().matches(atom, package) || self.has_other(atom, package))
    }

    /// Whether something else than a package satisfies an atom in the end.
    fn has_other(&self, atom: &Atom, package: &PlanPackage<'a>) -> bool {
        let finally = self.tracker.finally(self.packages, atom);
        finally
            .iter()
            .any(|other| other.id != package.id && self.selector().matches(atom, other))
    }

    /// Whether @system or Portage needs a package. In an EAPI without strong blockers any blocker may be
    /// meant as one.
    fn is_vital(&self, package: &PlanPackage<'a>) -> bool {
        let select = self.selector();
        let needed = self.portage_runtime_deps();
        let mut needed = needed.iter().filter(|atom| select.matches(atom, package));
        let is_only = |atom: &Atom| {
            let mut installed = self.packages.matching(Kind::Installed, atom);
            !installed.any(|other| other.id != package.id && select.use_matches(atom, &other))
        };
        if needed.any(is_only) {
            return true;
        }
        let mut system = self.goal.system().iter();
        self.options.order.implicit_system_deps && system.any(|atom| select.matches(atom, package))
    }

    /// Portage, and what the installed one needs to run.
    fn portage_runtime_deps(&self) -> Vec<Atom> {
        let Some(portage) = plain(PORTAGE, self.packages.running_root()) else {
            return Vec::new();
        };
        let mut atoms = vec![portage.clone()];
        if let Some(running) = self.packages.matching(Kind::Installed, &portage).last() {
            let select = self.selector();
            let nodes = select.reduced_deps(&running, Key::Rdepend);
            let nodes = nodes.unwrap_or_default();
            let check = DepCheck::new(select, running.id);
            let selected = check.select_atoms(&nodes, Priority::RUNTIME);
            atoms.extend(
                selected
                    .all_atoms()
                    .filter(|atom| !atom.is_blocker())
                    .cloned(),
            );
        }
        atoms
    }

    /// Portage itself, where another version of it is merged.
    pub(super) fn replaced_portage(&self) -> Option<Id> {
        let portage = plain(PORTAGE, self.packages.running_root())?;
        let finally = self.tracker.finally(self.packages, &portage);
        let new = finally.first()?;
        let installed = self.packages.matching(Kind::Installed, &portage);
        let is_running = installed.last().is_some_and(|running| running.id == new.id);
        (!is_running).then_some(new.id)
    }

    /// What all others may depend on without saying so comes first: a new C library, and before it the
    /// headers of the kernel.
    pub(super) fn early(&self) -> Vec<Id> {
        let libc = self.new_providers(LIBC);
        if libc.is_empty() {
            return libc;
        }
        let mut early = self.new_providers(OS_HEADERS);
        early.extend(libc);
        early
    }

    /// What is merged for a virtual and was not installed in that version
    /// (`portage: depgraph.py:depgraph._expand_virt_from_graph`).
    fn new_providers(&self, name: &str) -> Vec<Id> {
        let atoms = self.expand_virtual(name);
        let merges = atoms
            .iter()
            .flat_map(|atom| self.tracker.finally(self.packages, atom));
        let mut new: Vec<Id> = Vec::new();
        for package in merges.filter(|package| package.is_merge()) {
            let family = self.packages.versions_of(&package);
            let mut installed = family.of(Kind::Installed).iter();
            if !installed.any(|old| old.cpv() == package.cpv()) && !new.contains(&package.id) {
                new.push(package.id);
            }
        }
        new
    }

    /// What the versions of a virtual depend on that will be there in the end; the virtual itself where
    /// there is none.
    fn expand_virtual(&self, name: &str) -> Vec<Atom> {
        let Some(atom) = plain(name, self.packages.running_root()) else {
            return Vec::new();
        };
        let virtuals = self.tracker.finally(self.packages, &atom);
        if virtuals.is_empty() {
            return vec![atom];
        }
        // Alternatives are selected among what the graph has.
        let mut goal = Goal::new(Vec::new(), Vec::new(), Vec::new(), self.options);
        goal.start_completing();
        let memo = Memo::default();
        let select = Selector {
            goal: &goal,
            memo: &memo,
            ..self.selector()
        };
        let mut atoms = Vec::new();
        for package in virtuals {
            let nodes = select.reduced_deps(&package, Key::Rdepend);
            let nodes = nodes.unwrap_or_default();
            let check = DepCheck::new(select, package.id);
            let selected = check.select_atoms(&nodes, Priority::RUNTIME);
            let real = |atom: &&Atom| atom.original.is_none() && !atom.is_blocker();
            atoms.extend(selected.all_atoms().filter(real).cloned());
        }
        atoms
    }
}
