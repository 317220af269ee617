//! USE changes that a dependency would make necessary (`portage: depgraph.py:depgraph._pkg_use_enabled`).
//!
//! emerge proposes such changes and then stops; a plan with them is one that the user has to allow.

use std::collections::{BTreeMap, HashMap};

use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::plan::select::selector::Selector;
use crate::pms::{UseDefault, UseDepKind};

/// USE of an ebuild as it would have to be changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::plan) struct UseChange {
    /// Flag and the state it must have.
    pub flags: BTreeMap<String, bool>,
}

/// The changes for each ebuild that has any.
pub(in crate::plan) type UseChanges = HashMap<Id, UseChange>;

/// Flags that the (evaluated) USE dependencies of an atom ask for, with the state.
pub(in crate::plan) fn demanded(atom: &Atom) -> impl Iterator<Item = (&str, bool)> {
    atom.dep
        .use_deps()
        .map(|dep| (dep.flag, dep.kind == UseDepKind::Enabled))
}

impl<'a> Selector<'_, 'a> {
    /// Whether changing USE could make an ebuild satisfy an atom: the flags are there and neither masked
    /// nor forced the wrong way.
    pub fn is_adjustable(&self, atom: &Atom, package: &PlanPackage<'a>) -> bool {
        if package.is_built() {
            return false;
        }
        demanded(atom).all(|(flag, state)| {
            if self.has_flag(package, flag) {
                self.can_have(package, flag, state)
            } else {
                let default = default_of(atom, flag);
                default.is_some_and(|default| (default == UseDefault::Enabled) == state)
            }
        })
    }

    /// Whether a flag of an ebuild has a state or could be given it. A flag that is both forced and masked
    /// counts as masked (`portage: config.py:config.setcpv`).
    pub fn can_have(&self, package: &PlanPackage<'a>, flag: &str, state: bool) -> bool {
        if self.enabled(package, flag) == state {
            return true;
        }
        let flags = &self.packages.facts(package).flags;
        if state {
            !flags.is_masked(flag)
        } else {
            !flags.is_forced(flag) || flags.is_masked(flag)
        }
    }

    /// The changes that would make an ebuild satisfy an atom, together with those that it has already;
    /// `None` where there is nothing to change or it is not possible.
    pub fn change_for(&self, atom: &Atom, package: &PlanPackage<'a>) -> Option<UseChange> {
        let old = self.use_changes.get(&package.id);
        let mut new = old.cloned().unwrap_or_default();
        for (flag, state) in demanded(atom) {
            if !self.has_flag(package, flag) || self.enabled(package, flag) == state {
                continue;
            }
            if new.flags.get(flag) == Some(&!state) {
                return None; // two dependencies ask for opposite states
            }
            new.flags.insert(flag.to_owned(), state);
        }
        let changed = old.map_or(!new.flags.is_empty(), |old| *old != new);
        let flags = &self.packages.facts(package).flags;
        let is_fixed = |flag: &String| flags.is_masked(flag) || flags.is_forced(flag);
        (changed && !new.flags.keys().any(is_fixed)).then_some(new)
    }
}

fn default_of(atom: &Atom, flag: &str) -> Option<UseDefault> {
    let mut deps = atom.dep.use_deps();
    deps.find(|dep| dep.flag == flag)
        .and_then(|dep| dep.default)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::options::ResolveOptions;
    use crate::plan::testing::{atom, database};

    #[test]
    fn flags_that_an_atom_asks_for() {
        let packages = database(&["ebuild a/a-1; IUSE=x +y", "installed a/a-1; IUSE=x"]);
        let options = ResolveOptions::default();
        let depgraph = packages.attempt(&options);
        let select = depgraph.selector();
        let ebuild = packages.ebuild("a/a-1");
        for (text, adjustable, flags) in [
            ("a/a[x]", true, Some("x=true")),
            ("a/a[-y]", true, Some("y=false")),
            ("a/a[x,y]", true, Some("x=true")),
            ("a/a[-x,y]", true, None),
            ("a/a[z]", false, None),
            ("a/a[z(+)]", true, None),
            ("a/a[-z(+)]", false, None),
        ] {
            let atom = atom(text);
            assert_eq!(select.is_adjustable(&atom, &ebuild), adjustable, "{text}");
            let change = select.change_for(&atom, &ebuild).map(|change| {
                let flags = change.flags.iter();
                let flags: Vec<String> = flags.map(|(flag, on)| format!("{flag}={on}")).collect();
                flags.join(" ")
            });
            assert_eq!(change.as_deref(), flags, "{text}");
        }
        let installed = packages.installed("a/a-1");
        assert!(!select.is_adjustable(&atom("a/a[x]"), &installed));
    }

    #[test]
    fn opposite_states_are_not_proposed() {
        let packages = database(&["ebuild a/a-1; IUSE=x z"]);
        let options = ResolveOptions::default();
        let depgraph = packages.attempt(&options);
        let ebuild = packages.ebuild("a/a-1");
        let first = depgraph
            .selector()
            .change_for(&atom("a/a[x]"), &ebuild)
            .unwrap_or_default();
        let changes = UseChanges::from([(ebuild.id, first)]);
        let select = depgraph.selector().with_use_changes(&changes);
        assert!(select.enabled(&ebuild, "x"));
        assert_eq!(select.change_for(&atom("a/a[-x]"), &ebuild), None);
        let both = select
            .change_for(&atom("a/a[z]"), &ebuild)
            .unwrap_or_default();
        assert_eq!(both.flags.len(), 2);
    }
}
