//! Package dependency specifications; users read "atom" (PMS, "Package dependency
//! specifications"; `portage: dep/__init__.py:Atom`, `.match_from_list`).

mod evaluate;
mod matching;
mod package;
mod parse;
mod rewrite;
mod span;

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use self::parse::{AtomParts, Form};
use self::span::Span;
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

    /// Names and slot atoms, as lists of packages in options have them.
    pub const SELECTION: Syntax = Syntax {
        eapi: None,
        repository: false,
        wildcard: true,
        build_id: false,
    };

    /// What Portage's `Atom` allows for this EAPI.
    ///
    /// Inside dependency strings Portage's native parser decides, which never takes `::repository`
    /// and build-ids: see [`DepSpec::parse_dependencies`](super::DepSpec::parse_dependencies).
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

/// Why a text is not an atom here.
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
#[derive(Clone)]
pub struct Dep {
    /// Shared: the resolver copies atoms for every package that has them.
    text: Arc<str>,
    parts: Parts,
    /// Flags, separated by commas, that the package must have though no USE dependency names them
    /// any more: those of conditionals that were dropped when they were evaluated.
    required: Option<Box<str>>,
}

/// Where the parts lie in the text.
#[derive(Clone, Copy)]
struct Parts {
    blocker: Option<Blocker>,
    operator: Option<Operator>,
    slot_operator: Option<SlotOperator>,
    wildcard: bool,
    conditional: bool,
    name: Span,
    version: Option<Span>,
    build_id: Option<Span>,
    slot: Option<Span>,
    sub_slot: Option<Span>,
    repository: Option<Span>,
    use_deps: Option<Span>,
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
    ///
    /// # Errors
    /// The text is not an atom, or one that the place or its EAPI does not allow.
    pub fn parse(text: &str, syntax: Syntax) -> Result<Dep, DepError> {
        Dep::from_parts(text, AtomParts::split(text, syntax, Form::Alone)?)
    }

    /// The atom that a word of a list of packages stands for: `foo` is `*/foo`. `None` for anything but
    /// a name or a slot atom (`portage: repository/config.py:_find_bad_atoms`).
    pub fn selection(word: &str) -> Option<Dep> {
        let name = word.split(':').next().unwrap_or(word);
        let atom = if name.contains('/') {
            Dep::parse(word, Syntax::SELECTION)
        } else {
            Dep::parse(&format!("*/{word}"), Syntax::SELECTION)
        };
        let is_plain = |atom: &Dep| {
            atom.operator().is_none()
                && atom.blocker().is_none()
                && atom.use_deps().next().is_none()
        };
        atom.ok().filter(is_plain)
    }

    /// Read an atom of a dependency string as Portage's native parser does.
    pub(super) fn parse_native(text: &str, eapi: Option<Eapi>) -> Result<Dep, DepError> {
        let syntax = Syntax {
            eapi,
            repository: false,
            wildcard: false,
            build_id: false,
        };
        Dep::from_parts(text, AtomParts::split(text, syntax, Form::Native)?)
    }

    fn from_parts(text: &str, parts: AtomParts<'_>) -> Result<Dep, DepError> {
        let parts = parts.locate(text).ok_or_else(|| DepError {
            reason: "an atom is longer than 4 GiB".to_owned(),
        })?;
        Ok(Dep {
            text: text.into(),
            parts,
            required: None,
        })
    }

    /// The text as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// A leading `!` or `!!`.
    pub fn blocker(&self) -> Option<Blocker> {
        self.parts.blocker
    }

    /// The version operator.
    pub fn operator(&self) -> Option<Operator> {
        self.parts.operator
    }

    /// `category/package`, which may hold `*` in an extended atom.
    pub fn name(&self) -> &str {
        self.parts.name.of(&self.text)
    }

    /// Whether this is an extended atom (`*` in the name, or `-*version*`).
    pub fn is_wildcard(&self) -> bool {
        self.parts.wildcard
    }

    /// The version text, without operator, build-id and `*`.
    pub fn version(&self) -> Option<&str> {
        self.part(self.parts.version)
    }

    /// The build id; one beyond 64 bits, which no package has, counts as the greatest.
    pub fn build_id(&self) -> Option<i64> {
        let digits = self.part(self.parts.build_id)?;
        Some(digits.parse().unwrap_or(i64::MAX))
    }

    /// The slot demanded.
    pub fn slot(&self) -> Option<&str> {
        self.part(self.parts.slot)
    }

    /// The sub-slot demanded.
    pub fn sub_slot(&self) -> Option<&str> {
        self.part(self.parts.sub_slot)
    }

    /// The slot operator.
    pub fn slot_operator(&self) -> Option<SlotOperator> {
        self.parts.slot_operator
    }

    /// The repository demanded.
    pub fn repository(&self) -> Option<&str> {
        self.part(self.parts.repository)
    }

    /// The USE dependencies, in order.
    pub fn use_deps(&self) -> impl Iterator<Item = UseDep<'_>> {
        let words = self.part(self.parts.use_deps);
        words
            .into_iter()
            .flat_map(|words| words.split(','))
            .map(UseDep::split)
    }

    /// Flags that the package must have although no USE dependency names them: those of
    /// conditionals without default that [`Dep::evaluate_use`] dropped.
    pub fn required_flags(&self) -> impl Iterator<Item = &str> {
        let flags = self.required.as_deref().unwrap_or("").split(',');
        flags.filter(|flag| !flag.is_empty())
    }

    /// Whether USE of a package counts at all.
    pub fn asks_for_use(&self) -> bool {
        self.parts.use_deps.is_some() || self.required.is_some()
    }

    /// Whether any USE dependency is conditional (`flag?`, `flag=`, …).
    pub fn has_conditional_use(&self) -> bool {
        self.parts.conditional
    }

    fn part(&self, span: Option<Span>) -> Option<&str> {
        span.map(|span| span.of(&self.text))
    }
}

impl PartialEq for Dep {
    fn eq(&self, other: &Dep) -> bool {
        self.text == other.text
    }
}

impl Eq for Dep {}

impl Hash for Dep {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl fmt::Debug for Dep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Dep").field(&self.text).finish()
    }
}

impl fmt::Display for Dep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests;
