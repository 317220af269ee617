//! SLOT values (PMS, "SLOT"; `portage: versions.py:_pkg_str`).

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::{Eapi, name};

/// A slot with its sub-slot; without a written sub-slot, the sub-slot is the slot, so `0` equals
/// `0/0`.
#[derive(Clone, Debug)]
pub struct Slot {
    text: Arc<str>,
}

impl Slot {
    /// Read a SLOT value; `slot/sub-slot` is allowed without EAPI and from EAPI 5.
    pub fn parse(text: &str, eapi: Option<Eapi>) -> Option<Slot> {
        let valid = match text.split_once('/') {
            Some((slot, sub_slot)) => {
                Eapi::allows(eapi, Eapi::has_sub_slots)
                    && name::is_slot(slot)
                    && name::is_slot(sub_slot)
            }
            None => name::is_slot(text),
        };
        valid.then(|| Slot { text: text.into() })
    }

    /// Slot `0`, with sub-slot `0`.
    pub fn zero() -> Slot {
        Slot { text: "0".into() }
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

    fn parts(&self) -> (&str, &str) {
        (self.slot(), self.sub_slot())
    }
}

impl PartialEq for Slot {
    fn eq(&self, other: &Slot) -> bool {
        self.parts() == other.parts()
    }
}

impl Eq for Slot {}

impl PartialOrd for Slot {
    fn partial_cmp(&self, other: &Slot) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Slot {
    fn cmp(&self, other: &Slot) -> Ordering {
        self.parts().cmp(&other.parts())
    }
}

impl Hash for Slot {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.parts().hash(state);
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn grammar_depends_on_the_eapi() {
        let parse = |text, eapi: &str| Slot::parse(text, Eapi::parse(eapi));
        for text in ["0", "1.2-r3_+x", "_1", "0/1", "a/b.c"] {
            assert!(
                parse(text, "8").is_some() && parse(text, "none").is_some(),
                "{text}"
            );
        }
        for text in ["", "b@d", "0/", "/1", "0/1/2", "-1", ".1", "+1", "0 ", "0="] {
            assert!(
                parse(text, "8").is_none() && parse(text, "none").is_none(),
                "{text}"
            );
        }
        assert!(parse("0/1", "4").is_none() && parse("0", "4").is_some());
        assert!(parse("0/1", "5").is_some());
    }

    #[test]
    fn sub_slot_defaults_to_the_slot() {
        let slot = |text| Slot::parse(text, None).unwrap();
        assert_eq!((slot("3").slot(), slot("3").sub_slot()), ("3", "3"));
        assert_eq!((slot("3/4").slot(), slot("3/4").sub_slot()), ("3", "4"));
        assert_eq!(slot("0"), slot("0/0"));
        assert_ne!(slot("0"), slot("0/1"));
        assert_eq!(slot("0/0").to_string(), "0/0");
    }
}
