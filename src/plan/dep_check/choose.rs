//! The selection among alternatives (`portage: dep/dep_check.py:dep_check`, `dep_zapdeps`).

use std::collections::BTreeMap;
use std::rc::Rc;

use foldhash::HashSet;

use crate::plan::dep_check::DepCheck;
use crate::plan::dep_check::multiply::{Overlaps, multiply};
use crate::plan::dep_check::preference::{Alternative, PreferenceClass, rank};
use crate::plan::dep_check::virtuals::{DnfNode, Occurrence, Owners};
use crate::plan::graph::dependency::{Dependency, Parent, Priority};
use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::Id;
use crate::pms::Reduced;

/// Atoms that were selected from a dependency string.
#[derive(Debug, Default)]
pub(in crate::plan) struct SelectedAtoms {
    /// Those of the package itself.
    pub direct: Vec<Rc<Atom>>,
    /// For each version of a virtual that they lead to: how, and what it depends on.
    pub virtuals: Vec<(Dependency, Vec<Rc<Atom>>)>,
}

impl SelectedAtoms {
    /// All atoms, those of virtuals too.
    pub fn all_atoms(&self) -> impl Iterator<Item = &Atom> {
        let of_virtuals = self.virtuals.iter().flat_map(|(_, atoms)| atoms);
        self.direct.iter().chain(of_virtuals).map(|atom| &**atom)
    }
}

impl<'a> DepCheck<'_, 'a> {
    /// Select the atoms of a dependency string that will be followed
    /// (`portage: depgraph.py:depgraph._select_atoms_highest_available`).
    pub(in crate::plan) fn select_atoms(
        &self,
        nodes: &[Reduced<Atom>],
        priority: Priority,
    ) -> SelectedAtoms {
        let mut owners = Owners::for_nodes(nodes.len());
        let selected_atoms = self.check(nodes, None, 0, &mut owners);
        if owners.is_empty() {
            return SelectedAtoms {
                direct: selected_atoms,
                virtuals: Vec::new(),
            };
        }
        self.group(&selected_atoms, &owners, priority)
    }

    /// Distribute the selected atoms over the package and the virtuals that they lead to.
    fn group(
        &self,
        selected_atoms: &[Rc<Atom>],
        owners: &Owners,
        priority: Priority,
    ) -> SelectedAtoms {
        let with_originals = selected_atoms
            .iter()
            .flat_map(|atom| [Some(atom), atom.original.as_ref()])
            .flatten();
        let taken: HashSet<Occurrence> = with_originals.cloned().map(Occurrence).collect();
        let is_selected = |atom: &Rc<Atom>| taken.contains(&Occurrence(Rc::clone(atom)));
        // a parent that is not in the graph yet is looked at as if it were a target
        let depth = match self.select.graph.depth(self.parent) {
            Some(depth) => depth.map(|depth| depth + 1),
            None => Some(1),
        };
        let mut selected = SelectedAtoms::default();
        let mut seen: HashSet<Option<Id>> = HashSet::default();
        let mut stack: Vec<(Option<Id>, Option<Dependency>)> = vec![(None, None)];
        while let Some((owner, dependency)) = stack.pop() {
            seen.insert(owner);
            let mut atoms = Vec::new();
            for atom in owners.of(owner).iter().filter(|atom| is_selected(atom)) {
                atoms.push(Rc::clone(atom));
                let Some(version) = owners.version(atom) else {
                    continue;
                };
                if seen.contains(&Some(version))
                    || !self.select.matches(atom, &self.select.get(version))
                {
                    continue;
                }
                let from = owner.unwrap_or(self.parent);
                let priority = match owner {
                    None => priority,
                    Some(_) => Priority::RUNTIME,
                };
                let mut dependency =
                    Dependency::new((**atom).clone(), Parent::Package(from), depth, priority);
                dependency.child = Some(version);
                stack.push((Some(version), Some(dependency)));
            }
            match dependency {
                None => selected.direct = atoms,
                Some(dependency) => selected.virtuals.push((dependency, atoms)),
            }
        }
        selected
    }

    /// Open virtuals, multiply overlapping groups, and select.
    pub(super) fn check(
        &self,
        nodes: &[Reduced<Atom>],
        owner: Option<Id>,
        depth: usize,
        owners: &mut Owners,
    ) -> Vec<Rc<Atom>> {
        let opened = self.open(nodes, owner, depth, owners);
        let (nodes, overlaps) = multiply(opened);
        self.choose_all(&nodes, overlaps)
    }

    fn choose_all(&self, nodes: &[DnfNode], overlaps: Overlaps) -> Vec<Rc<Atom>> {
        let mut selected_atoms = Vec::with_capacity(nodes.len());
        for node in nodes {
            match node {
                DnfNode::Leaf(atom) if self.select.packages.is_provided(atom) => {}
                DnfNode::Leaf(atom) => selected_atoms.push(Rc::clone(atom)),
                DnfNode::AllOf(nodes) => selected_atoms.extend(self.choose_all(nodes, overlaps)),
                DnfNode::AnyOf(alternatives) => {
                    selected_atoms.extend(self.choose_one(alternatives, overlaps))
                }
            }
        }
        selected_atoms
    }

    fn is_provided_tree(&self, node: &DnfNode) -> bool {
        match node {
            DnfNode::Leaf(atom) => self.select.packages.is_provided(atom),
            DnfNode::AllOf(nodes) => nodes.iter().all(|node| self.is_provided_tree(node)),
            DnfNode::AnyOf(nodes) => nodes.iter().any(|node| self.is_provided_tree(node)),
        }
    }

    fn choose_one(&self, alternatives: &[DnfNode], overlaps: Overlaps) -> Vec<Rc<Atom>> {
        if alternatives.is_empty() || alternatives.iter().any(|node| self.is_provided_tree(node)) {
            return Vec::new();
        }
        let mut classes: BTreeMap<PreferenceClass, Vec<Alternative<'a>>> = BTreeMap::new();
        for node in alternatives {
            let atoms = match node {
                DnfNode::Leaf(atom) => vec![Rc::clone(atom)],
                DnfNode::AllOf(nodes) => self.choose_all(nodes, overlaps),
                DnfNode::AnyOf(nodes) => self.choose_one(nodes, overlaps),
            };
            let (class, alternative) = self.judge(atoms);
            classes.entry(class).or_default().push(alternative);
        }
        for alternatives in classes.values_mut() {
            if overlaps == Overlaps::Multiplied {
                alternatives.sort_by_key(|alternative| alternative.new_slots);
            }
            rank(alternatives, &self.select.packages.effort);
        }
        let best = classes
            .values()
            .flatten()
            .find(|alternative| alternative.is_available);
        let any = best.or_else(|| classes.values().flatten().next());
        any.map(|alternative| alternative.atoms.clone())
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::dep_check::DepCheck;
    use crate::plan::graph::dependency::Priority;
    use crate::plan::testing::database;
    use crate::plan::testing::options_with;
    use crate::pms::Key;

    /// The atoms that are followed for the RDEPEND of `a/a-1`.
    fn followed(lines: &[&str], in_graph: &[&str]) -> String {
        let packages = database(lines);
        let options = options_with(|options| options.selection.update = true);
        let mut depgraph = packages.attempt(&options);
        for cpv in in_graph {
            depgraph.insert(&packages.ebuild(cpv), None);
        }
        let parent = packages.ebuild("a/a-1");
        let select = depgraph.selector();
        let nodes = select
            .reduced_deps(&parent, Key::Rdepend)
            .unwrap_or_default();
        let selected = DepCheck::new(select, parent.id).select_atoms(&nodes, Priority::RUNTIME);
        let atoms: Vec<String> = selected.all_atoms().map(ToString::to_string).collect();
        atoms.join(" ")
    }

    #[test]
    fn the_first_alternative_that_can_be_had() {
        let any = "ebuild a/a-1; RDEPEND=|| ( b/b c/c d/d )";
        let all = [any, "ebuild b/b-1", "ebuild c/c-1", "ebuild d/d-1"];
        assert_eq!(followed(&all, &[]), "b/b");
        assert_eq!(followed(&[any, "ebuild c/c-1", "ebuild d/d-1"], &[]), "c/c");
        assert_eq!(followed(&[any], &[]), "b/b", "an error names the first");
    }

    #[test]
    fn what_is_installed_or_in_the_graph_goes_before_the_first() {
        let any = "ebuild a/a-1; RDEPEND=|| ( b/b c/c )";
        let lines = [any, "ebuild b/b-1", "ebuild c/c-1"];
        assert_eq!(followed(&lines, &["c/c-1"]), "c/c");
        let lines = [any, "ebuild b/b-1", "ebuild c/c-1", "installed c/c-1"];
        assert_eq!(followed(&lines, &[]), "c/c");
    }

    /// What is installed ranks before a downgrade, but only what is available is selected.
    #[test]
    fn what_cannot_be_had_is_passed_over_although_it_ranks_higher() {
        let lines = [
            "ebuild a/a-1; RDEPEND=|| ( b/b <c/c-2 )",
            "installed b/b-1; KEYWORDS=",
            "installed c/c-2",
            "ebuild c/c-2",
            "ebuild c/c-1",
        ];
        assert_eq!(followed(&lines, &[]), "<c/c-2");
    }

    #[test]
    fn one_package_for_groups_that_overlap() {
        let lines = [
            "ebuild a/a-1; RDEPEND=|| ( b/b c/c ) || ( c/c d/d )",
            "ebuild b/b-1",
            "ebuild c/c-1",
            "ebuild d/d-1",
        ];
        assert_eq!(followed(&lines, &[]), "c/c");
    }

    /// An atom that is selected for one dependency string counts for another that has it, unless an installed version of
    /// a virtual has it.
    #[test]
    fn what_is_selected_elsewhere_counts_for_a_new_virtual_alone() {
        let others = ["ebuild b/b-1", "ebuild c/c-1"];
        for (kind, times) in [("ebuild", 2), ("installed", 1)] {
            let version = format!("{kind} virtual/v-1; RDEPEND=|| ( b/b c/c )");
            let parent = "ebuild a/a-1; RDEPEND=virtual/v c/c";
            let lines = [&[parent, &version], &others[..]].concat();
            let found = followed(&lines, &[]);
            assert_eq!(found.matches("c/c").count(), times, "{kind}: {found}");
        }
    }

    #[test]
    fn virtuals_lead_to_what_they_depend_on() {
        let lines = [
            "ebuild a/a-1; RDEPEND=virtual/v",
            "ebuild virtual/v-1; RDEPEND=|| ( b/b c/c )",
            "ebuild b/b-1; KEYWORDS=",
            "ebuild c/c-1",
        ];
        assert_eq!(followed(&lines, &[]), "=virtual/v-1 virtual/v c/c");
    }
}
