//! SLOT values (PMS, "SLOT"; `portage: versions.py:_pkg_str`).

use std::fmt;
use std::sync::Arc;

use super::Eapi;

/// A slot with its sub-slot; without a written sub-slot, the sub-slot is the slot.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot {
    text: Arc<str>,
}

impl Slot {
    /// Read a SLOT value; `slot/sub-slot` is allowed without EAPI and from EAPI 5.
    pub fn parse(_text: &str, _eapi: Option<Eapi>) -> Option<Slot> {
        todo!()
    }

    /// The slot.
    pub fn slot(&self) -> &str {
        self.text
            .split_once('/')
            .map_or(&self.text, |(slot, _)| slot)
    }

    /// The sub-slot.
    pub fn sub_slot(&self) -> &str {
        self.text.split_once('/').map_or(&self.text, |(_, sub)| sub)
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
