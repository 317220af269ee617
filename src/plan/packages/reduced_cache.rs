//! Dependency variables of a package that were reduced before.

use std::cell::OnceCell;
use std::rc::Rc;

use crate::check::deps;
use crate::plan::packages::atom::Atom;
use crate::pms::{Key, Reduced};

/// A reduced dependency variable; `None` where it cannot be read.
pub(in crate::plan) type ReducedDeps = Option<Rc<[Reduced<Atom>]>>;

/// The dependency variables of one package, reduced when they were first requested.
#[derive(Debug, Default)]
pub(in crate::plan) struct ReducedCache([OnceCell<ReducedDeps>; deps::KEYS.len()]);

impl ReducedCache {
    /// A variable; `reduce` makes it if it was not requested yet.
    pub fn get(&self, key: Key, reduce: impl FnOnce() -> ReducedDeps) -> ReducedDeps {
        let place = deps::KEYS.iter().position(|known| *known == key);
        let Some(cell) = place.and_then(|place| self.0.get(place)) else {
            return reduce();
        };
        cell.get_or_init(reduce).clone()
    }
}
