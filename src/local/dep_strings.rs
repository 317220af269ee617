//! Dependency strings that several machines of one run have in common: each text is parsed once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::pms::{Dep, DepSpec, Eapi};

/// How many bytes of texts are kept. Those of all packages that a fleet meets are a few MiB.
const MOST: usize = 8 << 20;

/// One dependency variable, or why it cannot be read. Builds of one version share what reads the same.
pub type DepString = Result<Arc<[DepSpec<Dep>]>, String>;

/// What was parsed, by the EAPI whose rules count and the text. Nothing else makes a difference.
#[derive(Debug, Default)]
pub struct DepStrings(Mutex<Parsed>);

#[derive(Debug, Default)]
struct Parsed {
    by_eapi: HashMap<Option<Eapi>, HashMap<Box<str>, DepString>>,
    bytes: usize,
}

impl DepStrings {
    /// A text, parsed now or before.
    pub fn read(&self, text: &str, eapi: Option<Eapi>) -> DepString {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known().of(text, eapi) {
            return known.clone();
        }
        // Without the lock: another machine may parse the same meanwhile.
        let string = parse(text, eapi);
        known().keep(text, eapi, &string);
        string
    }
}

impl Parsed {
    fn of(&self, text: &str, eapi: Option<Eapi>) -> Option<&DepString> {
        self.by_eapi.get(&eapi)?.get(text)
    }

    fn keep(&mut self, text: &str, eapi: Option<Eapi>, string: &DepString) {
        let bytes = self.bytes + text.len();
        if bytes <= MOST && self.of(text, eapi).is_none() {
            self.bytes = bytes;
            let of_eapi = self.by_eapi.entry(eapi).or_default();
            of_eapi.insert(text.into(), string.clone());
        }
    }
}

/// Read a dependency string by the rules of an EAPI.
pub(crate) fn parse(text: &str, eapi: Option<Eapi>) -> DepString {
    let specs = DepSpec::parse_dependencies(text, eapi);
    specs.map(Into::into).map_err(|error| error.reason)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_reads_the_same_is_one() {
        let strings = DepStrings::default();
        let eapi = Eapi::parse("8");
        let read = |text: &str, eapi| strings.read(text, eapi).unwrap();
        let first = read("a/b c/d", eapi);
        assert!(Arc::ptr_eq(&first, &read("a/b c/d", eapi)));
        assert!(!Arc::ptr_eq(&first, &read("a/b c/d", None)));
        assert_eq!(first.len(), 2);
        assert!(strings.read("( a/b", eapi).is_err());
        assert!(strings.read("( a/b", eapi).is_err());
    }

    /// Systems are strangers': what they hold does not grow without end.
    #[test]
    fn what_is_kept_is_bounded() {
        let strings = DepStrings::default();
        let text = |number: usize| format!("a/b{number}{}", " ".repeat(MOST / 2));
        for number in 0..4 {
            assert!(strings.read(&text(number), None).is_ok());
        }
        let kept = strings.0.into_inner().unwrap();
        assert!(kept.bytes <= MOST);
        assert_eq!(kept.by_eapi[&None].len(), 1);
    }
}
