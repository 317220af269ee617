//! Maps by name that are read much more often than they are filled.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map by package name or USE flag.
///
/// The hash is quick and not random. That is safe: keys come from this machine's configuration only,
/// so that names in an index, which only look things up, cannot make the map slow.
pub(in crate::local) type NameMap<V> = HashMap<Box<str>, V, BuildHasherDefault<NameHasher>>;

/// Multiplies eight bytes at a time and folds the two halves of each product together.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::local) struct NameHasher(u64);

impl NameHasher {
    fn add(&mut self, word: u64) {
        let product =
            u128::from(self.0 ^ word).wrapping_mul(0xf135_7aea_2e62_a9c5_9d1b_a4f7_35c6_8a4d);
        self.0 = (product ^ (product >> 64)) as u64;
    }
}

impl Hasher for NameHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        if !rest.is_empty() {
            let rest = rest
                .iter()
                .fold(1, |word, byte| word << 8 | u64::from(*byte));
            self.add(rest);
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.add(u64::from(byte));
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::hash::BuildHasher;

    use super::*;

    #[test]
    fn names_differ() {
        let hasher = BuildHasherDefault::<NameHasher>::default();
        let names: Vec<String> = (0..20_000)
            .map(|number| format!("dev-libs/lib{number}"))
            .collect();
        let whole: HashSet<u64> = names
            .iter()
            .map(|name| hasher.hash_one(name.as_str()))
            .collect();
        assert_eq!(whole.len(), names.len());
        let low: HashSet<u64> = whole.iter().map(|hash| hash & 0xffff).collect();
        assert!(low.len() > 15_000, "{}", low.len());
    }
}
