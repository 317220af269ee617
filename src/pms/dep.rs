//! Package dependency specifications; users read "atom" (PMS, "Package dependency
//! specifications"; `portage: dep/__init__.py:Atom`, `.match_from_list`).

use std::fmt;

use super::{Cpn, Eapi, Slot, UseDep, Version};

/// Which kinds of atom a place allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Syntax {
    /// The EAPI whose rules hold; `None` allows what any EAPI does, and build-ids.
    pub eapi: Option<Eapi>,
    /// `::repository` is allowed.
    pub repository: bool,
    /// `*/foo`, `=*/*-*9999*` and their like are allowed.
    pub wildcard: bool,
    /// A build-id after the version (`=a/b-1-2`) is allowed.
    pub build_id: bool,
}

impl Syntax {
    /// Everything: what user configuration allows.
    pub const USER: Syntax = Syntax {
        eapi: None,
        repository: true,
        wildcard: true,
        build_id: true,
    };

    /// What a dependency string of this EAPI allows.
    pub fn dependency(eapi: Option<Eapi>) -> Syntax {
        Syntax {
            eapi,
            repository: eapi.is_none(),
            wildcard: false,
            build_id: eapi.is_none(),
        }
    }
}

/// `!` or `!!`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Blocker {
    /// `!`
    Weak,
    /// `!!`
    Strong,
}

/// A version operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `=`
    Equal,
    /// `=…*`
    EqualGlob,
    /// `~`
    Approximate,
    /// `>=`
    GreaterOrEqual,
    /// `>`
    Greater,
    /// `=cat/pkg-*version*`, in configuration files only
    Contains,
}

/// `:=` or `:*`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SlotOperator {
    /// `=`
    Equal,
    /// `*`
    Any,
}

/// Why a text is no atom here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepError {
    /// What is wrong, in lower case: `"=a/b" has an operator and no version`.
    pub reason: String,
}

impl fmt::Display for DepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for DepError {}

/// One atom: its text, and where its parts lie in it. Equality is equality of text, which is
/// what Portage compares.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Dep {
    text: Box<str>,
    // offsets of the parts
}

/// What an atom can be held against: any package, without its USE.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Qualified name.
    pub cpn: &'a Cpn,
    /// Version.
    pub version: &'a Version,
    /// Slot and sub-slot; `None` where the package's SLOT is invalid.
    pub slot: Option<&'a Slot>,
    /// Repository; `None` where it is unknown, which matches any `::repository`.
    pub repository: Option<&'a str>,
    /// Build id of a binary package.
    pub build_id: Option<i64>,
}

impl Dep {
    /// Read an atom.
    pub fn parse(_text: &str, _syntax: Syntax) -> Result<Dep, DepError> {
        todo!()
    }

    /// The text as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// `!` or `!!` in front.
    pub fn blocker(&self) -> Option<Blocker> {
        todo!()
    }

    /// The version operator.
    pub fn operator(&self) -> Option<Operator> {
        todo!()
    }

    /// `category/package`, which may hold `*` in an extended atom.
    pub fn name(&self) -> &str {
        todo!()
    }

    /// Whether this is an extended atom (`*` in the name, or `-*version*`).
    pub fn is_wildcard(&self) -> bool {
        todo!()
    }

    /// The version text, without operator, build-id and `*`.
    pub fn version(&self) -> Option<&str> {
        todo!()
    }

    /// The build id.
    pub fn build_id(&self) -> Option<i64> {
        todo!()
    }

    /// The slot demanded.
    pub fn slot(&self) -> Option<&str> {
        todo!()
    }

    /// The sub-slot demanded.
    pub fn sub_slot(&self) -> Option<&str> {
        todo!()
    }

    /// The slot operator.
    pub fn slot_operator(&self) -> Option<SlotOperator> {
        todo!()
    }

    /// The repository demanded.
    pub fn repository(&self) -> Option<&str> {
        todo!()
    }

    /// The USE dependencies, in order.
    pub fn use_deps(&self) -> impl Iterator<Item = UseDep<'_>> {
        std::iter::empty()
    }

    /// Whether any USE dependency is conditional (`flag?`, `flag=`, …).
    pub fn has_conditional_use(&self) -> bool {
        todo!()
    }

    /// The same atom with conditional USE dependencies evaluated by the parent's USE.
    pub fn evaluate_use(&self, _enabled: impl Fn(&str) -> bool) -> Dep {
        todo!()
    }

    /// The same atom with `:slot/sub-slot=` and `:slot=` made `:=` (`portage: _slot_operator.py:strip_slots`).
    pub fn strip_built_slot(&self) -> Dep {
        todo!()
    }

    /// Whether the package fits, USE dependencies and blocker left aside.
    pub fn matches(&self, _subject: &Subject<'_>) -> bool {
        todo!()
    }

    /// Whether the USE dependencies hold: `state` gives `None` for a flag that the package has not
    /// (neither in IUSE nor implicit), else whether it is enabled.
    pub fn use_matches(&self, _state: impl Fn(&str) -> Option<bool>) -> bool {
        todo!()
    }
}

impl fmt::Display for Dep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
