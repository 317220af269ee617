//! What was selected so far in an attempt.
//!
//! An answer holds as long as what it was made from: the targets ([`Goal`]) and the
//! packages of the graph count up generations by themselves, and an answer of an older generation is not
//! found any more. As in Portage (`_add_pkg` drops `_highest_pkg_cache_cp_map[cp]`, `_remove_pkg` clears
//! the cache) a package that comes concerns its own name, and one that goes concerns all names.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use foldhash::{HashMap, HashSet};

use crate::plan::graph::package_tracker::PackageTracker;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::plan::packages::root::{ByRoot, Root};
use crate::plan::select::goal::Goal;
use crate::plan::select::query::{Autounmask, Purpose, Query};

/// What tells one question about a name from another
/// (`portage: depgraph.py:depgraph._select_pkg_highest_available`, `cache_key`). The parent is not in it,
/// there as here: the first query decides for all.
type MemoKey = (Atom, Autounmask, Purpose);

/// The answers about one name.
type Answers = HashMap<MemoKey, Option<Id>>;

/// What counts as available, and in which state.
type Available = (Stamp, Rc<[Id]>);

/// The state that an answer was made from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::plan) struct Stamp {
    goal: u64,
    removals: u64,
    additions: u64,
    /// How many visible packages were selected, and flags proposed to be changed: what may be installed, and what
    /// an atom matches.
    visible: usize,
    changes: usize,
}

#[derive(Debug, Default)]
struct Stamped<T> {
    stamp: Stamp,
    values: T,
}

impl<T: Default> Stamped<T> {
    /// The values of this state; those of another one are gone.
    fn at(&mut self, stamp: Stamp) -> &mut T {
        if self.stamp != stamp {
            *self = Stamped {
                stamp,
                values: T::default(),
            };
        }
        &mut self.values
    }
}

/// What was selected so far, and what was noticed on the way.
#[derive(Debug, Default)]
pub(in crate::plan) struct Memo {
    selected: RefCell<ByRoot<HashMap<Box<str>, Stamped<Answers>>>>,
    available: RefCell<HashMap<Atom, Available>>,
    visible_deps: RefCell<HashMap<Id, (Stamp, bool)>>,
    visible: RefCell<ByRoot<HashMap<Box<str>, Vec<Id>>>>,
    reinstalled: RefCell<HashSet<Id>>,
    ignored_binaries: RefCell<HashSet<Id>>,
    virtual_cycle: RefCell<BTreeSet<Id>>,
}

impl Memo {
    /// What was selected for a query in this state, if the query is not new.
    pub fn selected(
        &self,
        goal: &Goal,
        tracker: &PackageTracker,
        query: &Query<'_>,
    ) -> Option<Option<Id>> {
        let atom = query.atom;
        let selected = self.selected.borrow();
        let of_name = selected[atom.root].get(atom.name())?;
        if of_name.stamp != name_stamp(goal, tracker, atom) {
            return None;
        }
        of_name.values.get(&key(query)).copied()
    }

    /// Keep what was selected.
    pub fn keep_selected(
        &self,
        goal: &Goal,
        tracker: &PackageTracker,
        query: &Query<'_>,
        id: Option<Id>,
    ) {
        let atom = query.atom;
        let mut selected = self.selected.borrow_mut();
        change(&mut selected[atom.root], atom.name(), |of_name| {
            let values = of_name.at(name_stamp(goal, tracker, atom));
            values.insert(key(query), id);
        });
    }

    /// What counted as available for an atom in a state.
    pub fn available(&self, stamp: Stamp, atom: &Atom) -> Option<Rc<[Id]>> {
        let available = self.available.borrow();
        let known = available.get(atom).filter(|(at, _)| *at == stamp);
        known.map(|(_, ids)| Rc::clone(ids))
    }

    /// Keep what counted as available.
    pub fn keep_available(&self, stamp: Stamp, atom: &Atom, ids: Rc<[Id]>) {
        let mut available = self.available.borrow_mut();
        available.insert(atom.clone(), (stamp, ids));
    }

    /// Whether all that a virtual depends on was visible in a state.
    pub fn visible_deps(&self, stamp: Stamp, id: Id) -> Option<bool> {
        let visible = self.visible_deps.borrow();
        let known = visible.get(&id).filter(|(at, _)| *at == stamp);
        known.map(|(_, visible)| *visible)
    }

    /// Keep whether all that a virtual depends on was visible.
    pub fn keep_visible_deps(&self, stamp: Stamp, id: Id, visible: bool) {
        self.visible_deps.borrow_mut().insert(id, (stamp, visible));
    }

    /// How many visible packages of a name were selected so far.
    fn visible_of(&self, root: Root, name: &str) -> usize {
        self.visible.borrow()[root].get(name).map_or(0, Vec::len)
    }

    /// The state as far as it concerns what is available of some names in a root; `None` stands for all names.
    pub fn stamp<'n>(
        &self,
        goal: &Goal,
        tracker: &PackageTracker,
        changes: usize,
        root: Root,
        names: Option<impl Iterator<Item = &'n str>>,
    ) -> Stamp {
        let mut stamp = Stamp {
            goal: goal.generation(),
            removals: tracker.removals(),
            changes,
            ..Stamp::default()
        };
        let Some(names) = names else {
            stamp.additions = tracker.additions();
            return stamp;
        };
        for name in names {
            stamp.additions += tracker.additions_of(root, name);
            stamp.visible += self.visible_of(root, name);
        }
        stamp
    }

    /// A visible package was selected (`portage: depgraph.py:_dynamic_depgraph_config._visible_pkgs`).
    pub fn note_visible(&self, package: &PlanPackage<'_>) {
        let mut visible = self.visible.borrow_mut();
        change(&mut visible[package.root()], package.name(), |of_name| {
            if !of_name.contains(&package.id) {
                of_name.push(package.id);
            }
        });
    }

    /// Whether some visible package of the name of an atom that was selected so far has a property.
    pub fn any_visible(&self, atom: &Atom, has: impl FnMut(Id) -> bool) -> bool {
        let visible = self.visible.borrow();
        let of_name = visible[atom.root].get(atom.name()).into_iter().flatten();
        of_name.copied().any(has)
    }

    /// A package replaces an installed one of its version since USE changed.
    pub fn note_reinstalled(&self, id: Id) {
        self.reinstalled.borrow_mut().insert(id);
    }

    /// Whether a package replaces an installed one since USE changed
    /// (`portage: depgraph.py:_dynamic_depgraph_config._reinstall_nodes`).
    pub fn is_reinstalled(&self, id: Id) -> bool {
        self.reinstalled.borrow().contains(&id)
    }

    /// A binary package was passed over for USE or dependencies.
    pub fn note_ignored_binary(&self, id: Id) {
        self.ignored_binaries.borrow_mut().insert(id);
    }

    /// Binary packages that were passed over for USE or dependencies
    /// (`portage: depgraph.py:_dynamic_depgraph_config.ignored_binaries`).
    pub fn ignored_binaries(&self) -> Vec<Id> {
        self.ignored_binaries.borrow().iter().copied().collect()
    }

    /// Virtuals need each other, so that their dependencies cannot be judged.
    pub fn note_virtual_cycle(&self, ids: impl IntoIterator<Item = Id>) {
        self.virtual_cycle.borrow_mut().extend(ids);
    }

    /// Virtuals that need each other (`portage: depgraph.py:depgraph._virtual_cycle_error`).
    pub fn virtual_cycle(&self) -> BTreeSet<Id> {
        self.virtual_cycle.borrow().clone()
    }
}

/// Change the value of a name. The name is copied only when it is new.
fn change<T: Default>(map: &mut HashMap<Box<str>, T>, name: &str, change: impl FnOnce(&mut T)) {
    if let Some(value) = map.get_mut(name) {
        return change(value);
    }
    let mut value = T::default();
    change(&mut value);
    map.insert(name.into(), value);
}

fn key(query: &Query<'_>) -> MemoKey {
    (query.atom.clone(), query.autounmask, query.purpose)
}

/// Answers about one name change when a package of it comes, or when any package goes.
fn name_stamp(goal: &Goal, tracker: &PackageTracker, atom: &Atom) -> Stamp {
    Stamp {
        goal: goal.generation(),
        removals: tracker.removals(),
        additions: tracker.additions_of(atom.root, atom.name()),
        ..Stamp::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::argument::Argument;
    use crate::plan::options::ResolveOptions;
    use crate::plan::testing::{atom, database};

    #[test]
    fn answers_end_with_the_state_that_they_were_made_from() {
        let packages = database(&["ebuild a/a-1", "ebuild b/b-1"]);
        let [a, b] = ["a/a-1", "b/b-1"].map(|cpv| packages.ebuild(cpv));
        let mut goal = Goal::new(
            Vec::new(),
            Vec::new(),
            Vec::new(),
            &ResolveOptions::default(),
        );
        let mut tracker = PackageTracker::default();
        let memo = Memo::default();
        let atom = atom("a/a");
        let query = Query::new(&atom);
        let keep = |goal: &Goal, tracker: &PackageTracker| {
            memo.keep_selected(goal, tracker, &query, Some(a.id));
            let stamp = memo.stamp(
                goal,
                tracker,
                0,
                Root::Target,
                None::<std::iter::Empty<&str>>,
            );
            memo.keep_available(stamp, &atom, [a.id].into());
        };
        let known = |goal: &Goal, tracker: &PackageTracker| {
            let selected = memo.selected(goal, tracker, &query).is_some();
            let stamp = memo.stamp(
                goal,
                tracker,
                0,
                Root::Target,
                None::<std::iter::Empty<&str>>,
            );
            (selected, memo.available(stamp, &atom).is_some())
        };
        assert_eq!(known(&goal, &tracker), (false, false));
        keep(&goal, &tracker);
        assert_eq!(known(&goal, &tracker), (true, true));
        tracker.add(&b);
        assert_eq!(known(&goal, &tracker), (true, false), "another name came");
        keep(&goal, &tracker);
        tracker.add(&a);
        assert_eq!(known(&goal, &tracker), (false, false), "the name came");
        keep(&goal, &tracker);
        tracker.remove(&b);
        assert_eq!(known(&goal, &tracker), (false, false), "another name went");
        keep(&goal, &tracker);
        goal.add_argument(Argument::set("@x", Root::Target, Vec::new()));
        assert_eq!(known(&goal, &tracker), (false, false), "a target came");
    }

    #[test]
    fn questions_are_told_apart() {
        let goal = Goal::new(
            Vec::new(),
            Vec::new(),
            Vec::new(),
            &ResolveOptions::default(),
        );
        let (tracker, memo) = (PackageTracker::default(), Memo::default());
        let atom = atom("a/a");
        let query = Query::new(&atom);
        memo.keep_selected(&goal, &tracker, &query, None);
        assert_eq!(memo.selected(&goal, &tracker, &query), Some(None));
        for other in [
            Query {
                autounmask: Autounmask::Propose,
                ..query
            },
            Query {
                purpose: Purpose::Dependencies,
                ..query
            },
        ] {
            assert_eq!(memo.selected(&goal, &tracker, &other), None);
        }
    }
}
