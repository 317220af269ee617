//! USE changes that a dependency would need (`portage: depgraph.py:depgraph._pkg_use_enabled`).
//!
//! emerge proposes such changes and then stops; a plan with them is one that the user has to allow.

use std::collections::BTreeMap;

use crate::check::deps;
use crate::plan::depgraph::attempt::{Depgraph, UseChange};
use crate::plan::graph::dependency::Parent;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::PlanPackage;
use crate::pms::{Dep, DepSpec, UseDepKind};

impl<'a> Depgraph<'_, 'a> {
    /// Flags that the (evaluated) USE dependencies of an atom ask for, with the state.
    fn demanded(atom: &Atom) -> impl Iterator<Item = (&str, bool)> {
        atom.dep
            .use_deps()
            .map(|dep| (dep.flag, dep.kind == UseDepKind::Enabled))
    }

    /// Whether changing USE could make an ebuild serve an atom: the flags are there and neither masked
    /// nor forced the wrong way.
    pub fn is_adjustable(&self, atom: &Atom, choice: &PlanPackage<'a>) -> bool {
        if choice.package.is_built() {
            return false;
        }
        let flags = &self.packages.facts(choice).flags;
        Depgraph::demanded(atom).all(|(flag, state)| {
            if !self.has_flag(choice, flag) {
                let default = atom
                    .dep
                    .use_deps()
                    .find(|dep| dep.flag == flag)
                    .and_then(|dep| dep.default);
                return default
                    .is_some_and(|default| (default == crate::pms::UseDefault::Enabled) == state);
            }
            if self.enabled(choice, flag) == state {
                return true;
            }
            if state {
                !flags.is_masked(flag)
            } else {
                !flags.is_forced(flag) || flags.is_masked(flag)
            }
        })
    }

    /// Note the changes that would make an ebuild serve an atom, if they are possible.
    pub fn change_use(&mut self, atom: &Atom, choice: &PlanPackage<'a>) {
        let old = self
            .use_changes
            .get(&choice.id)
            .map(|change| change.flags.clone())
            .unwrap_or_default();
        let mut new = old.clone();
        for (flag, state) in Depgraph::demanded(atom) {
            if !self.has_flag(choice, flag) || self.enabled(choice, flag) == state {
                continue;
            }
            if new.get(flag) == Some(&!state) {
                return; // two dependencies want it both ways
            }
            new.insert(flag.to_owned(), state);
        }
        if new == old {
            return;
        }
        let flags = &self.packages.facts(choice).flags;
        if new
            .keys()
            .any(|flag| flags.is_masked(flag) || flags.is_forced(flag))
        {
            return;
        }
        let change = UseChange { flags: new };
        self.use_changes.insert(choice.id, change.clone());
        self.feedback.config = true;
        self.feedback.use_changes.insert(choice.id, change.clone());
        if self.graph.has(choice.id) && self.changes_graph(choice, &change.flags) {
            self.restart = true;
        }
    }

    /// Whether a change of USE of a package that is in the graph already makes the graph wrong.
    fn changes_graph(&self, choice: &PlanPackage<'a>, changes: &BTreeMap<String, bool>) -> bool {
        let facts = self.packages.facts(choice);
        let before = |flag: &str| facts.enabled(flag);
        let after = |flag: &str| {
            changes
                .get(flag)
                .copied()
                .unwrap_or_else(|| facts.enabled(flag))
        };
        let differs = |key: &crate::pms::Key| match facts.deps(*key) {
            Ok(specs) => active(specs, &before) != active(specs, &after),
            Err(_) => false,
        };
        if deps::KEYS.iter().any(differs) {
            return true;
        }
        self.graph.atoms(choice.id).iter().any(|(parent, atom)| {
            matches!(parent, Parent::Package(_))
                && Depgraph::demanded(atom)
                    .any(|(flag, state)| changes.get(flag).is_some_and(|new| *new != state))
        })
    }
}

/// Texts of the atoms whose conditionals hold.
fn active<'d>(
    specs: &'d [DepSpec<Dep>],
    enabled: &dyn Fn(&str) -> bool,
) -> std::collections::BTreeSet<&'d str> {
    let mut found = std::collections::BTreeSet::new();
    collect(specs, enabled, &mut found);
    found
}

fn collect<'d>(
    specs: &'d [DepSpec<Dep>],
    enabled: &dyn Fn(&str) -> bool,
    found: &mut std::collections::BTreeSet<&'d str>,
) {
    for spec in specs {
        match spec {
            DepSpec::Leaf(atom) => {
                found.insert(atom.as_str());
            }
            DepSpec::Conditional {
                flag,
                enabled: state,
                children,
            } => {
                if enabled(flag) == *state {
                    collect(children, enabled, found);
                }
            }
            DepSpec::AllOf(children)
            | DepSpec::AnyOf(children)
            | DepSpec::ExactlyOneOf(children)
            | DepSpec::AtMostOneOf(children) => collect(children, enabled, found),
        }
    }
}
