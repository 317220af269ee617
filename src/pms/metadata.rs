//! Metadata of one package as `KEY → text`, whatever file it came from.

use std::sync::Arc;

macro_rules! keys {
    ($($variant:ident = $name:literal),* $(,)?) => {
        /// A metadata key that bincheck reads.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs, reason = "each variant is the key of that name")]
        pub enum Key { $($variant),* }

        impl Key {
            /// All keys.
            pub const ALL: [Key; Key::COUNT] = [$(Key::$variant),*];

            /// How many there are.
            pub const COUNT: usize = [$(Key::$variant),*].len();

            /// The key of this name.
            pub fn parse(name: &str) -> Option<Key> {
                match name { $($name => Some(Key::$variant),)* _ => None }
            }

            /// Its name.
            pub fn name(self) -> &'static str {
                match self { $(Key::$variant => $name),* }
            }
        }
    };
}

keys! {
    Bdepend = "BDEPEND", BuildId = "BUILD_ID", BuildTime = "BUILD_TIME", Cflags = "CFLAGS",
    Chost = "CHOST", Cpv = "CPV", Cxxflags = "CXXFLAGS",
    DefinedPhases = "DEFINED_PHASES", Depend = "DEPEND", Eapi = "EAPI", Eclasses = "_eclasses_",
    Idepend = "IDEPEND", Iuse = "IUSE", Keywords = "KEYWORDS", License = "LICENSE", Md5 = "MD5",
    Md5Cache = "_md5_", Mtime = "_mtime_", Path = "PATH", Pdepend = "PDEPEND", Properties = "PROPERTIES",
    Provides = "PROVIDES", Rdepend = "RDEPEND", Repository = "repository", RequiredUse = "REQUIRED_USE",
    Requires = "REQUIRES", Restrict = "RESTRICT", Sha1 = "SHA1", Size = "SIZE", Slot = "SLOT", Use = "USE",
    UserPatches = "USER_PATCHES",
}

/// Places of values in a text, start and end in bytes, by `key as usize`.
pub type Spans = [Option<(u32, u32)>; Key::COUNT];

/// Values of one package, as spans of the text that they were read from: an index holds all its
/// packages in one buffer, and a value costs eight bytes.
#[derive(Clone, Debug)]
pub struct Metadata {
    text: Text,
    /// Bit `key as u64` is set where the key is present.
    present: u64,
    /// Spans of the keys that are present, in the order of the bits. Shared, so that a copy is cheap.
    spans: Arc<[(u32, u32)]>,
}

/// A text in whatever holder its reader had it, so that large ones are not copied.
#[derive(Clone, Debug)]
enum Text {
    Slice(Arc<str>),
    Whole(Arc<String>),
}

impl Text {
    fn as_str(&self) -> &str {
        match self {
            Text::Slice(text) => text,
            Text::Whole(text) => text,
        }
    }
}

const _: () = assert!(Key::COUNT <= u64::BITS as usize);

impl Metadata {
    /// No values yet, in a text (smaller than 4 GiB) that they will lie in.
    pub fn new(text: Arc<str>) -> Metadata {
        Metadata {
            text: Text::Slice(text),
            present: 0,
            spans: Arc::default(),
        }
    }

    /// All values at once, in a text that many packages share.
    pub fn of_spans(text: Arc<String>, spans: &Spans) -> Metadata {
        let bits = (0u32..).zip(spans);
        Metadata {
            text: Text::Whole(text),
            present: bits.fold(0, |bits, (bit, span)| {
                bits | (u64::from(span.is_some()) << bit)
            }),
            spans: spans.iter().copied().flatten().collect(),
        }
    }

    /// Put a key's value at `start..end` of the text. A span that is out of range, or splits a
    /// character, reads as absent.
    pub fn set(&mut self, key: Key, start: usize, end: usize) {
        let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(end)) else {
            return self.unset(key);
        };
        let (place, replaced) = (self.place(key), usize::from(self.has(key)));
        let mut spans = self.spans.to_vec();
        spans.splice(place..place + replaced, [(start, end)]);
        self.spans = spans.into();
        self.present |= bit(key);
    }

    /// A copy of pairs, for callers that have no common text.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (Key, &'a str)>) -> Metadata {
        let mut text = String::new();
        let mut spans: Spans = [None; Key::COUNT];
        for (key, value) in pairs {
            let start = text.len();
            text.push_str(value);
            let span = u32::try_from(start)
                .ok()
                .zip(u32::try_from(text.len()).ok());
            spans[key as usize] = span;
        }
        Metadata::of_spans(Arc::new(text), &spans)
    }

    /// The value; `None` where the key is absent, which is not the same as an empty value.
    pub fn get(&self, key: Key) -> Option<&str> {
        if !self.has(key) {
            return None;
        }
        let (start, end) = *self.spans.get(self.place(key))?;
        self.text.as_str().get(start as usize..end as usize)
    }

    /// The value, or nothing where the key is absent.
    pub fn text(&self, key: Key) -> &str {
        self.get(key).unwrap_or("")
    }

    /// Whether all values but those of some keys are the same.
    pub fn is_same_but(&self, other: &Metadata, keys: &[Key]) -> bool {
        let left_out = keys.iter().fold(0, |bits, key| bits | bit(*key));
        let counting = self.present & !left_out;
        counting == other.present & !left_out
            && Key::ALL
                .into_iter()
                .all(|key| counting & bit(key) == 0 || self.get(key) == other.get(key))
    }

    fn has(&self, key: Key) -> bool {
        self.present & bit(key) != 0
    }

    /// Where the span of a key lies, or would.
    fn place(&self, key: Key) -> usize {
        (self.present & (bit(key) - 1)).count_ones() as usize
    }

    fn unset(&mut self, key: Key) {
        if self.has(key) {
            let mut spans = self.spans.to_vec();
            spans.remove(self.place(key));
            self.spans = spans.into();
            self.present &= !bit(key);
        }
    }
}

fn bit(key: Key) -> u64 {
    1 << key as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_whatever_the_order_they_were_set_in() {
        let mut metadata = Metadata::new("use slot é".into());
        assert_eq!(metadata.get(Key::Slot), None);
        metadata.set(Key::Use, 0, 3);
        metadata.set(Key::Slot, 4, 8);
        metadata.set(Key::Bdepend, 0, 0);
        assert_eq!(metadata.get(Key::Use), Some("use"));
        assert_eq!(metadata.get(Key::Slot), Some("slot"));
        assert_eq!(metadata.get(Key::Bdepend), Some(""));
        metadata.set(Key::Use, 1, 3);
        assert_eq!(metadata.text(Key::Use), "se");
    }

    #[test]
    fn bad_spans_read_as_absent() {
        let mut metadata = Metadata::new("use slot é".into());
        metadata.set(Key::Use, 9, 10);
        metadata.set(Key::Slot, 5, 99);
        metadata.set(Key::Size, 3, 1);
        metadata.set(Key::Path, 0, 3);
        metadata.set(Key::Path, 0, usize::MAX);
        for key in [Key::Use, Key::Slot, Key::Size, Key::Path] {
            assert_eq!(metadata.get(key), None, "{}", key.name());
        }
    }

    #[test]
    fn the_same_but_for_what_does_not_count() {
        let of = |pairs: &[(Key, &'static str)]| Metadata::from_pairs(pairs.iter().copied());
        let one = of(&[(Key::Use, "x"), (Key::Md5, "1"), (Key::Slot, "0")]);
        let but_md5 = |other: &Metadata| one.is_same_but(other, &[Key::Md5]);
        assert!(but_md5(&of(&[(Key::Slot, "0"), (Key::Use, "x")])));
        assert!(but_md5(&of(&[
            (Key::Md5, "2"),
            (Key::Slot, "0"),
            (Key::Use, "x")
        ])));
        assert!(!but_md5(&of(&[
            (Key::Md5, "1"),
            (Key::Slot, "0"),
            (Key::Use, "y")
        ])));
        assert!(!but_md5(&of(&[(Key::Md5, "1"), (Key::Slot, "0")])));
        let empty = of(&[(Key::Slot, "0"), (Key::Use, "x"), (Key::Rdepend, "")]);
        assert!(!but_md5(&empty));
    }

    #[test]
    fn every_key_has_its_own_place() {
        let pairs =
            || [Key::UserPatches, Key::Bdepend, Key::Use, Key::Md5].map(|key| (key, key.name()));
        let metadata = Metadata::from_pairs(pairs());
        for (key, name) in pairs() {
            assert_eq!(metadata.get(key), Some(name));
            assert_eq!(Key::parse(name), Some(key));
        }
        assert_eq!(metadata.get(Key::Slot), None);
    }
}
