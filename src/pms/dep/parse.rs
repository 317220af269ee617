//! The grammar of atoms (PMS, "Package dependency specifications"; `portage:
//! dep/__init__.py:Atom.__init__`).

use super::package::{PackageParts, split_package};
use super::{Blocker, DepError, Operator, Parts, SlotOperator, Span, Syntax};
use crate::pms::{Eapi, UseDep, cpv, name, version};

/// Which of Portage's two parsers of atoms is meant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `Atom`: an atom on its own.
    Alone,
    /// The native parser of dependency strings.
    Native,
}

/// The parts of an atom, as slices of its text.
pub(super) struct AtomParts<'a> {
    blocker: Option<Blocker>,
    package: PackageParts<'a>,
    slot: SlotPieces<'a>,
    repository: Option<&'a str>,
    use_deps: Option<UsePieces<'a>>,
}

/// What stands between the brackets.
#[derive(Clone, Copy)]
struct UsePieces<'a> {
    words: &'a str,
    conditional: bool,
    defaults: bool,
}

#[derive(Clone, Copy, Default)]
struct SlotPieces<'a> {
    slot: Option<&'a str>,
    sub_slot: Option<&'a str>,
    operator: Option<SlotOperator>,
}

impl<'a> AtomParts<'a> {
    /// Cut an atom up, and check each part.
    pub(super) fn split(
        text: &'a str,
        syntax: Syntax,
        form: Form,
    ) -> Result<AtomParts<'a>, DepError> {
        let (blocker, rest) = split_blocker(text);
        let (operator, rest) = split_operator(rest);
        let tail = rest.bytes().position(|b| matches!(b, b':' | b'['));
        let (rest, tail) = rest
            .split_at_checked(tail.unwrap_or(rest.len()))
            .unwrap_or((rest, ""));
        let (tail, use_deps) = split_use(text, tail, form)?;
        let (slot, repository) = split_slot(text, tail)?;
        let package = split_package(rest, operator, syntax)
            .filter(|package| !package.wildcard || use_deps.is_none())
            .ok_or_else(|| wrong_name(text, rest, operator))?;
        let parts = AtomParts {
            blocker,
            package,
            slot,
            repository,
            use_deps,
        };
        parts.check_place(text, syntax)?;
        Ok(parts)
    }

    /// What the place and its EAPI do not allow.
    fn check_place(&self, text: &str, syntax: Syntax) -> Result<(), DepError> {
        let lacks = |feature: fn(Eapi) -> bool| !Eapi::allows(syntax.eapi, feature);
        let defaults = self.use_deps.is_some_and(|use_deps| use_deps.defaults);
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
        } else if defaults && lacks(Eapi::has_use_dep_defaults) {
            "has a USE dependency default, which its EAPI does not know"
        } else if self
            .use_deps
            .is_some_and(|words| words.has_contradicting_defaults())
        {
            "gives one flag different defaults"
        } else {
            return Ok(());
        };
        Err(wrong(text, fault))
    }

    /// The same parts as offsets.
    pub(super) fn locate(&self, text: &str) -> Option<Parts> {
        let locate = |part: Option<&str>| match part {
            Some(part) => Span::locate(text, part).map(Some),
            None => Some(None),
        };
        Some(Parts {
            blocker: self.blocker,
            operator: self.package.operator,
            slot_operator: self.slot.operator,
            wildcard: self.package.wildcard,
            conditional: self.use_deps.is_some_and(|use_deps| use_deps.conditional),
            name: Span::locate(text, self.package.name)?,
            version: locate(self.package.version)?,
            build_id: locate(self.package.build_id)?,
            slot: locate(self.slot.slot)?,
            sub_slot: locate(self.slot.sub_slot)?,
            repository: locate(self.repository)?,
            use_deps: locate(self.use_deps.map(|use_deps| use_deps.words))?,
        })
    }
}

impl<'a> UsePieces<'a> {
    /// Check each word.
    fn parse(text: &str, words: &'a str, form: Form) -> Result<UsePieces<'a>, DepError> {
        let parse = match form {
            Form::Alone => UseDep::parse,
            Form::Native => UseDep::parse_native,
        };
        let (mut conditional, mut defaults) = (false, false);
        for word in words.split(is_comma) {
            let dep = parse(word)
                .ok_or_else(|| wrong(text, &format!("has no valid USE dependency \"{word}\"")))?;
            conditional |= dep.is_conditional();
            defaults |= dep.default.is_some();
        }
        Ok(UsePieces {
            words,
            conditional,
            defaults,
        })
    }

    /// Whether a flag stands there with different defaults, or with and without one.
    fn has_contradicting_defaults(&self) -> bool {
        if !self.defaults || !self.words.contains(',') {
            return false;
        }
        let deps = self.words.split(is_comma).map(UseDep::split);
        let mut flags: Vec<_> = deps.map(|dep| (dep.flag, dep.default)).collect();
        flags.sort_unstable();
        flags
            .windows(2)
            .any(|pair| pair[0].0 == pair[1].0 && pair[0].1 != pair[1].1)
    }
}

fn wrong(text: &str, fault: &str) -> DepError {
    DepError {
        reason: format!("\"{text}\" {fault}"),
    }
}

/// Report what is wrong with a name that does not fit the operator.
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

/// For splitting; a `char` would be searched for by a routine made for longer texts.
fn is_comma(c: char) -> bool {
    c == ','
}

/// Split off `[…]`.
fn split_use<'a>(
    text: &str,
    tail: &'a str,
    form: Form,
) -> Result<(&'a str, Option<UsePieces<'a>>), DepError> {
    let Some((tail, words)) = name::split_once(tail, b'[') else {
        return Ok((tail, None));
    };
    let words = words
        .strip_suffix(']')
        .ok_or_else(|| wrong(text, "does not end with its \"]\""))?;
    Ok((tail, Some(UsePieces::parse(text, words, form)?)))
}

/// Split `:slot::repository`, both of which may be missing.
fn split_slot<'a>(
    text: &str,
    tail: &'a str,
) -> Result<(SlotPieces<'a>, Option<&'a str>), DepError> {
    let Some(tail) = tail.strip_prefix(':') else {
        return Ok((SlotPieces::default(), None));
    };
    let (slot, repository) = match name::split_once(tail, b':') {
        None => (Some(tail), None),
        Some(("", repository)) => (None, Some(repository)),
        // the second colon of the two is missing, or is the first byte behind
        Some((slot, rest)) => (Some(slot), Some(rest.strip_prefix(':').unwrap_or_default())),
    };
    if repository.is_some_and(|repository| !name::is_repository(repository)) {
        return Err(wrong(text, "does not end in a repository name"));
    }
    match slot.map(SlotPieces::parse) {
        None => Ok((SlotPieces::default(), repository)),
        Some(Some(slot)) => Ok((slot, repository)),
        Some(None) => Err(wrong(text, "has no valid slot behind its \":\"")),
    }
}

impl<'a> SlotPieces<'a> {
    /// `slot`, `slot/sub-slot`, either with `=`, or `=` or `*` alone.
    fn parse(text: &'a str) -> Option<SlotPieces<'a>> {
        let (slot, operator) = match text.strip_suffix('=') {
            Some(slot) => (slot, Some(SlotOperator::Equal)),
            None if text == "*" => ("", Some(SlotOperator::Any)),
            None => (text, None),
        };
        if slot.is_empty() && operator.is_some() {
            return Some(SlotPieces {
                operator,
                ..SlotPieces::default()
            });
        }
        let (slot, sub_slot) = match name::split_once(slot, b'/') {
            Some((slot, sub_slot)) => (slot, Some(sub_slot)),
            None => (slot, None),
        };
        let valid = name::is_slot(slot) && sub_slot.is_none_or(name::is_slot);
        valid.then_some(SlotPieces {
            slot: Some(slot),
            sub_slot,
            operator,
        })
    }
}
