//! One package as every stage sees it: an ebuild, a binary package or an installed one.

use std::sync::{Arc, LazyLock};

use super::{Cpv, Eapi, Key, Metadata, Slot, Subject};

/// What a package is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Not built.
    Ebuild,
    /// Built and not installed.
    Binary,
    /// Installed.
    Installed,
}

impl Kind {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Ebuild => "ebuild",
            Kind::Binary => "binary",
            Kind::Installed => "installed",
        }
    }
}

/// A package with its metadata. What matching needs is typed; the rest is read from `metadata` by
/// the rule that asks for it.
#[derive(Clone, Debug)]
pub struct Package {
    /// Ebuild, binary or installed.
    pub kind: Kind,
    /// Name and version.
    pub cpv: Cpv,
    /// Slot; `None` where SLOT is empty or not valid for the EAPI.
    pub slot: Option<Slot>,
    /// EAPI; `None` where it is not supported (the text is `metadata.get(Key::Eapi)`).
    pub eapi: Option<Eapi>,
    /// Repository name; `None` where it is unknown.
    pub repository: Option<Arc<str>>,
    /// Build id, for binary packages that have one.
    pub build_id: Option<i64>,
    /// Seconds since 1970; 0 where absent.
    pub build_time: i64,
    /// All other values.
    pub metadata: Metadata,
}

/// One word of IUSE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Iuse<'a> {
    /// The flag without sign.
    pub flag: &'a str,
    /// A leading `+` or `-`, as a state.
    pub default: Option<bool>,
}

impl Package {
    /// The package for matching. An invalid slot counts as `0` there (`portage: versions.py:_pkg_str`).
    pub fn subject(&self) -> Subject<'_> {
        Subject {
            cpn: &self.cpv.cpn,
            version: &self.cpv.version,
            slot: Some(self.slot_or_zero()),
            repository: self.repository.as_deref(),
            build_id: self.build_id,
        }
    }

    /// The slot, or `0` in the place of an invalid one.
    pub fn slot_or_zero(&self) -> &Slot {
        static ZERO: LazyLock<Slot> = LazyLock::new(Slot::zero);
        self.slot.as_ref().unwrap_or(&ZERO)
    }

    /// Whether it was built.
    pub fn is_built(&self) -> bool {
        self.kind != Kind::Ebuild
    }

    /// The words of IUSE.
    pub fn iuse(&self) -> impl Iterator<Item = Iuse<'_>> {
        self.metadata
            .text(Key::Iuse)
            .split_whitespace()
            .map(|word| match word.as_bytes()[0] {
                b'+' => Iuse {
                    flag: &word[1..],
                    default: Some(true),
                },
                b'-' => Iuse {
                    flag: &word[1..],
                    default: Some(false),
                },
                _ => Iuse {
                    flag: word,
                    default: None,
                },
            })
    }

    /// The words of USE that the package was built with, implicit flags among them.
    pub fn built_use(&self) -> impl Iterator<Item = &str> {
        self.metadata.text(Key::Use).split_whitespace()
    }
}
