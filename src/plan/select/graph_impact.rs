//! Whether a change of USE makes the graph wrong as it stands
//! (`portage: depgraph.py:depgraph._pkg_use_enabled`, its last part).

use std::collections::{BTreeMap, BTreeSet};

use crate::check::deps;
use crate::plan::graph::dependency::Parent;
use crate::plan::packages::plan_package::PlanPackage;
use crate::plan::select::selector::Selector;
use crate::plan::select::use_changes::demanded;
use crate::pms::{Dep, DepSpec, Key};

impl<'a> Selector<'_, 'a> {
    /// Whether a change of USE of a package that is in the graph already makes the graph wrong.
    pub(in crate::plan) fn changes_graph(
        &self,
        package: &PlanPackage<'a>,
        changes: &BTreeMap<String, bool>,
    ) -> bool {
        let facts = self.packages.facts(package);
        let before = |flag: &str| facts.enabled(flag);
        let after = |flag: &str| {
            changes
                .get(flag)
                .copied()
                .unwrap_or_else(|| facts.enabled(flag))
        };
        let differs = |key: &Key| match facts.deps(*key) {
            Ok(specs) => active(specs, &before) != active(specs, &after),
            Err(_) => false,
        };
        if deps::KEYS.iter().any(differs) {
            return true;
        }
        self.graph.atoms(package.id).iter().any(|(parent, atom)| {
            matches!(parent, Parent::Package(_))
                && demanded(atom)
                    .any(|(flag, state)| changes.get(flag).is_some_and(|new| *new != state))
        })
    }
}

/// Texts of the atoms whose conditionals hold.
fn active<'d>(specs: &'d [DepSpec<Dep>], enabled: &dyn Fn(&str) -> bool) -> BTreeSet<&'d str> {
    let mut found = BTreeSet::new();
    collect(specs, enabled, &mut found);
    found
}

fn collect<'d>(
    specs: &'d [DepSpec<Dep>],
    enabled: &dyn Fn(&str) -> bool,
    found: &mut BTreeSet<&'d str>,
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
