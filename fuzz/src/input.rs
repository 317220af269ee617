//! Choices and texts out of the bytes of one input.

use std::borrow::Cow;

/// An input that is used up from the front.
#[derive(Clone, Copy)]
pub struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    /// All of it.
    pub fn new(bytes: &'a [u8]) -> Input<'a> {
        Input(bytes)
    }

    /// One of several things; an input that is used up chooses the first.
    pub fn choose<T: Copy>(&mut self, things: &[T]) -> T {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        things[usize::from(*first) % things.len()]
    }

    /// A byte.
    pub fn byte(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        *first
    }

    /// What is left.
    pub fn rest(self) -> &'a [u8] {
        self.0
    }

    /// What is left, as text, in which bad bytes are replaced as bincheck replaces them.
    pub fn text(self) -> Cow<'a, str> {
        String::from_utf8_lossy(self.0)
    }
}

/// Text as it is put in a line: none of the characters that end one.
pub fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

/// Which flags are on: one bit of the hash of each name.
pub fn state_of(flag: &str, seed: u8) -> bool {
    hash(flag.as_bytes()) >> (seed % 64) & 1 == 1
}

/// FNV-1a: the same on every machine and in every run.
pub fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
