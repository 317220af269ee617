//! The grammar of atoms (PMS, "Package dependency specifications"; `portage:
//! dep/__init__.py:Atom.__init__`).

use super::{Blocker, DepError, Operator, Parts, SlotOperator, Span, Syntax};
use crate::pms::{Eapi, UseDep, cpv, name, version};

/// Which of Portage's two parsers of atoms is meant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `Atom`: an atom by itself.
    Alone,
    /// The native parser of dependency strings.
    Native,
}

/// The parts of an atom, as slices of its text.
pub(super) struct Pieces<'a> {
    blocker: Option<Blocker>,
    operator: Option<Operator>,
    name: &'a str,
    version: Option<&'a str>,
    build_id: Option<&'a str>,
    wildcard: bool,
    slot: SlotPieces<'a>,
    repository: Option<&'a str>,
    use_deps: Option<&'a str>,
    conditional: bool,
}

#[derive(Clone, Copy, Default)]
struct SlotPieces<'a> {
    slot: Option<&'a str>,
    sub_slot: Option<&'a str>,
    operator: Option<SlotOperator>,
}

/// Name, version and what belongs to them.
struct NamePieces<'a> {
    operator: Option<Operator>,
    name: &'a str,
    version: Option<&'a str>,
    build_id: Option<&'a str>,
    wildcard: bool,
}

impl<'a> Pieces<'a> {
    /// Cut an atom up, and check each part.
    pub(super) fn split(text: &'a str, syntax: Syntax, form: Form) -> Result<Pieces<'a>, DepError> {
        let (blocker, rest) = split_blocker(text);
        let (operator, rest) = split_operator(rest);
        let (rest, use_deps) = split_use(text, rest)?;
        let (rest, repository) = match rest.split_once("::") {
            Some((rest, repository)) => (rest, Some(repository)),
            None => (rest, None),
        };
        let (rest, slot) = match rest.split_once(':') {
            Some((rest, slot)) => (rest, split_slot(text, slot)?),
            None => (rest, SlotPieces::default()),
        };
        if repository.is_some_and(|repository| !name::is_repository(repository)) {
            return Err(wrong(text, "does not end in a repository name"));
        }
        let conditional = use_deps.map_or(Ok(false), |words| check_use(text, words, form))?;
        let names = split_name(rest, operator, syntax)
            .filter(|names| !names.wildcard || use_deps.is_none())
            .ok_or_else(|| wrong_name(text, rest, operator))?;
        let pieces = Pieces {
            blocker,
            operator: names.operator,
            name: names.name,
            version: names.version,
            build_id: names.build_id,
            wildcard: names.wildcard,
            slot,
            repository,
            use_deps,
            conditional,
        };
        pieces.check_place(text, syntax)?;
        Ok(pieces)
    }

    /// What the place and its EAPI do not allow.
    fn check_place(&self, text: &str, syntax: Syntax) -> Result<(), DepError> {
        let lacks = |feature: fn(Eapi) -> bool| !Eapi::allows(syntax.eapi, feature);
        let defaults = || self.use_deps.is_some_and(|words| words.contains('('));
        let fault = if self.repository.is_some() && !syntax.repository {
            "names a repository, which is not allowed here"
        } else if self.blocker == Some(Blocker::Strong) && lacks(Eapi::has_strong_blocks) {
            "has a strong block, which its EAPI does not know"
        } else if (self.slot.slot.is_some() || self.slot.operator.is_some())
            && lacks(Eapi::has_slot_deps)
        {
            "names a slot, which its EAPI does not know"
        } else if (self.slot.sub_slot.is_some() || self.slot.operator.is_some())
            && lacks(Eapi::has_sub_slots)
        {
            "has a sub-slot or slot operator, which its EAPI does not know"
        } else if self.use_deps.is_some() && lacks(Eapi::has_use_deps) {
            "has USE dependencies, which its EAPI does not know"
        } else if defaults() && lacks(Eapi::has_use_dep_defaults) {
            "has a USE dependency default, which its EAPI does not know"
        } else if defaults() && self.has_contradicting_defaults() {
            "gives one flag different defaults"
        } else {
            return Ok(());
        };
        Err(wrong(text, fault))
    }

    /// Whether a flag stands there with different defaults, or with and without one.
    fn has_contradicting_defaults(&self) -> bool {
        let words = self.use_deps.unwrap_or("").split(',');
        let mut flags: Vec<_> = words
            .map(UseDep::split)
            .map(|dep| (dep.flag, dep.default))
            .collect();
        flags.sort_unstable();
        flags
            .windows(2)
            .any(|pair| pair[0].0 == pair[1].0 && pair[0].1 != pair[1].1)
    }

    /// The same parts as offsets.
    pub(super) fn locate(&self, text: &str) -> Option<Parts> {
        let locate = |part: Option<&str>| match part {
            Some(part) => Span::locate(text, part).map(Some),
            None => Some(None),
        };
        Some(Parts {
            blocker: self.blocker,
            operator: self.operator,
            slot_operator: self.slot.operator,
            wildcard: self.wildcard,
            conditional: self.conditional,
            name: Span::locate(text, self.name)?,
            version: locate(self.version)?,
            build_id: locate(self.build_id)?,
            slot: locate(self.slot.slot)?,
            sub_slot: locate(self.slot.sub_slot)?,
            repository: locate(self.repository)?,
            use_deps: locate(self.use_deps)?,
        })
    }
}

fn wrong(text: &str, fault: &str) -> DepError {
    DepError {
        reason: format!("\"{text}\" {fault}"),
    }
}

/// Say what is wrong with a name that does not fit the operator.
fn wrong_name(text: &str, name: &str, operator: Option<Operator>) -> DepError {
    let has_version = version::split_name(name).is_some();
    let fault = match operator {
        None if has_version => "has a version and no operator",
        Some(_) if !has_version && cpv::is_cpn(name) => "has an operator and no version",
        _ => "is not an atom",
    };
    wrong(text, fault)
}

fn split_blocker(text: &str) -> (Option<Blocker>, &str) {
    if let Some(rest) = text.strip_prefix("!!") {
        (Some(Blocker::Strong), rest)
    } else if let Some(rest) = text.strip_prefix('!') {
        (Some(Blocker::Weak), rest)
    } else {
        (None, text)
    }
}

fn split_operator(text: &str) -> (Option<Operator>, &str) {
    let (operator, length) = match text.as_bytes() {
        [b'>', b'=', ..] => (Operator::GreaterOrEqual, 2),
        [b'<', b'=', ..] => (Operator::LessOrEqual, 2),
        [b'>', ..] => (Operator::Greater, 1),
        [b'<', ..] => (Operator::Less, 1),
        [b'=', ..] => (Operator::Equal, 1),
        [b'~', ..] => (Operator::Approximate, 1),
        _ => return (None, text),
    };
    (Some(operator), &text[length..])
}

/// Split off `[…]`, without its brackets.
fn split_use<'a>(text: &str, rest: &'a str) -> Result<(&'a str, Option<&'a str>), DepError> {
    let Some((rest, words)) = rest.split_once('[') else {
        return Ok((rest, None));
    };
    match words.strip_suffix(']') {
        Some(words) => Ok((rest, Some(words))),
        None => Err(wrong(text, "does not end with its \"]\"")),
    }
}

/// Check USE dependencies; tells whether one is conditional.
fn check_use(text: &str, words: &str, form: Form) -> Result<bool, DepError> {
    let parse = match form {
        Form::Alone => UseDep::parse,
        Form::Native => UseDep::parse_native,
    };
    let mut conditional = false;
    for word in words.split(',') {
        match parse(word) {
            Some(dep) => conditional |= dep.is_conditional(),
            None => {
                return Err(wrong(
                    text,
                    &format!("has no valid USE dependency \"{word}\""),
                ));
            }
        }
    }
    Ok(conditional)
}

/// What follows the colon: `slot`, `slot/sub-slot`, either with `=`, or `=` or `*` alone.
fn split_slot<'a>(text: &str, slot: &'a str) -> Result<SlotPieces<'a>, DepError> {
    let operator = match slot {
        "*" => Some(SlotOperator::Any),
        _ if slot.ends_with('=') => Some(SlotOperator::Equal),
        _ => None,
    };
    if matches!(slot, "*" | "=") {
        return Ok(SlotPieces {
            operator,
            ..SlotPieces::default()
        });
    }
    let slot = slot.strip_suffix('=').unwrap_or(slot);
    let (slot, sub_slot) = match slot.split_once('/') {
        Some((slot, sub_slot)) => (slot, Some(sub_slot)),
        None => (slot, None),
    };
    if !name::is_slot(slot) || !sub_slot.is_none_or(name::is_slot) {
        return Err(wrong(text, "has no valid slot behind its \":\""));
    }
    Ok(SlotPieces {
        slot: Some(slot),
        sub_slot,
        operator,
    })
}

/// What stands before the slot, by the ordinary grammar or else by that of extended atoms.
fn split_name(text: &str, operator: Option<Operator>, syntax: Syntax) -> Option<NamePieces<'_>> {
    let plain = match operator {
        None => split_plain(text),
        Some(operator) => split_versioned(text, operator, syntax.build_id),
    };
    plain.or_else(|| syntax.wildcard.then(|| split_wildcard(text, operator))?)
}

fn split_plain(text: &str) -> Option<NamePieces<'_>> {
    cpv::is_cpn(text).then_some(NamePieces {
        operator: None,
        name: text,
        version: None,
        build_id: None,
        wildcard: false,
    })
}

/// `cat/pkg-1`, `cat/pkg-1*` after `=`, or `cat/pkg-1-2` where 2 is a build id.
fn split_versioned(text: &str, operator: Operator, build_ids: bool) -> Option<NamePieces<'_>> {
    let (operator, text) = match text.strip_suffix('*') {
        Some(text) if operator == Operator::Equal => (Operator::EqualGlob, text),
        _ => (operator, text),
    };
    let (name, version) = version::split_name(text)?;
    let pieces = NamePieces {
        operator: Some(operator),
        name,
        version: Some(version),
        build_id: None,
        wildcard: false,
    };
    if cpv::is_cpn(name) {
        return Some(pieces);
    }
    if !build_ids || operator == Operator::EqualGlob {
        return None;
    }
    // Only here a name may end like a version: in `=a/b-1-2-3` it is `b-1`.
    let (text, build_id) = text.rsplit_once('-').filter(|(_, id)| is_build_id(id))?;
    let (name, version) = version::split_name(text)?;
    cpv::is_cpn_text(name).then_some(NamePieces {
        name,
        version: Some(version),
        build_id: Some(build_id),
        ..pieces
    })
}

fn is_build_id(text: &str) -> bool {
    text == "0" || (!text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit()))
}

/// `cat/*`, or `=cat/*-*1*`. What lacks only its operator is not taken for a name here either.
fn split_wildcard(text: &str, operator: Option<Operator>) -> Option<NamePieces<'_>> {
    let (operator, name, version) = match operator {
        None if version::split_name(text).is_some_and(|(name, _)| cpv::is_cpn_text(name)) => {
            return None;
        }
        None => (None, text, None),
        Some(Operator::Equal) => {
            let (name, version) = text.strip_suffix('*')?.rsplit_once("-*")?;
            let is_word = !version.is_empty() && version.bytes().all(name::is_word_byte);
            is_word.then_some((Some(Operator::Contains), name, Some(version)))?
        }
        Some(_) => return None,
    };
    let (category, package) = name.split_once('/')?;
    let valid = name::is_wildcard_category(category) && name::is_wildcard_package(package);
    valid.then_some(NamePieces {
        operator,
        name,
        version,
        build_id: None,
        wildcard: true,
    })
}
