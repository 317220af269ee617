//! Metadata of one package as `KEY → text`, whatever file it came from.

use std::sync::Arc;

macro_rules! keys {
    ($($variant:ident = $name:literal),* $(,)?) => {
        /// A metadata key that bincheck reads.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs, reason = "each variant is the key of that name")]
        pub enum Key { $($variant),* }

        impl Key {
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
    Bdepend = "BDEPEND", BuildId = "BUILD_ID", BuildTime = "BUILD_TIME", Chost = "CHOST", Cpv = "CPV",
    DefinedPhases = "DEFINED_PHASES", Depend = "DEPEND", Eapi = "EAPI", Eclasses = "_eclasses_",
    Idepend = "IDEPEND", Iuse = "IUSE", Keywords = "KEYWORDS", License = "LICENSE", Md5 = "MD5",
    Md5Cache = "_md5_", Mtime = "_mtime_", Path = "PATH", Pdepend = "PDEPEND", Properties = "PROPERTIES",
    Provides = "PROVIDES", Rdepend = "RDEPEND", Repository = "repository", RequiredUse = "REQUIRED_USE",
    Requires = "REQUIRES", Restrict = "RESTRICT", Sha1 = "SHA1", Size = "SIZE", Slot = "SLOT", Use = "USE",
    UserPatches = "USER_PATCHES",
}

/// Values of one package, as spans of the text that they were read from: an index holds all its
/// packages in one buffer, and a value costs eight bytes.
#[derive(Clone, Debug)]
pub struct Metadata {
    text: Arc<str>,
    spans: Box<[Option<(u32, u32)>; Key::COUNT]>,
}

impl Metadata {
    /// No values yet, in a text (smaller than 4 GiB) that they will lie in.
    pub fn new(text: Arc<str>) -> Metadata {
        Metadata {
            text,
            spans: Box::new([None; Key::COUNT]),
        }
    }

    /// Put a key's value at `start..end` of the text. A span that is out of range, or splits a
    /// character, reads as absent.
    pub fn set(&mut self, key: Key, start: usize, end: usize) {
        let span = u32::try_from(start).ok().zip(u32::try_from(end).ok());
        self.spans[key as usize] = span;
    }

    /// A copy of pairs, for callers that have no common text.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (Key, &'a str)>) -> Metadata {
        let mut text = String::new();
        let mut places = Vec::new();
        for (key, value) in pairs {
            places.push((key, text.len(), text.len() + value.len()));
            text.push_str(value);
        }
        let mut metadata = Metadata::new(text.into());
        for (key, start, end) in places {
            metadata.set(key, start, end);
        }
        metadata
    }

    /// The value; `None` where the key is absent, which is not the same as an empty value.
    pub fn get(&self, key: Key) -> Option<&str> {
        let (start, end) = self.spans[key as usize]?;
        self.text.get(start as usize..end as usize)
    }

    /// The value, or nothing where the key is absent.
    pub fn text(&self, key: Key) -> &str {
        self.get(key).unwrap_or("")
    }
}
