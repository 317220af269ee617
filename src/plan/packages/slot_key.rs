//! What only one installed package can occupy.

use std::fmt;
use std::rc::Rc;

use crate::plan::packages::atom::Atom;
use crate::plan::packages::root::Root;
use crate::pms::{Cpn, Dep};

/// `category/package:slot` in a root; the sub-slot does not count.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::plan) struct SlotKey {
    /// The qualified name.
    pub cpn: Cpn,
    /// The slot.
    pub slot: Rc<str>,
    /// The root.
    pub root: Root,
}

impl SlotKey {
    /// The atom that any package of the slot matches (`portage: Package.py:Package.slot_atom`).
    pub fn atom(&self) -> Atom {
        Atom::plain(Dep::of_slot(&self.cpn, &self.slot), self.root)
    }
}

impl fmt::Display for SlotKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.cpn, self.slot)
    }
}
