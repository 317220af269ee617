//! The part of an atom that names packages: name, version and build id.

use super::{Operator, Syntax};
use crate::pms::{cpv, name, version};

/// Name, version and what belongs to them.
pub(super) struct PackageParts<'a> {
    pub(super) operator: Option<Operator>,
    pub(super) name: &'a str,
    pub(super) version: Option<&'a str>,
    pub(super) build_id: Option<&'a str>,
    pub(super) wildcard: bool,
}

/// What stands before the slot, by the ordinary grammar or else by that of extended atoms.
pub(super) fn split_package(
    text: &str,
    operator: Option<Operator>,
    syntax: Syntax,
) -> Option<PackageParts<'_>> {
    let plain = match operator {
        None => split_plain(text),
        Some(operator) => split_versioned(text, operator, syntax.build_id),
    };
    plain.or_else(|| syntax.wildcard.then(|| split_wildcard(text, operator))?)
}

fn split_plain(text: &str) -> Option<PackageParts<'_>> {
    cpv::is_cpn(text).then_some(PackageParts {
        operator: None,
        name: text,
        version: None,
        build_id: None,
        wildcard: false,
    })
}

/// `cat/pkg-1`, `cat/pkg-1*` after `=`, or `cat/pkg-1-2` where 2 is a build id.
fn split_versioned(text: &str, operator: Operator, build_ids: bool) -> Option<PackageParts<'_>> {
    let (operator, text) = match text.strip_suffix('*') {
        Some(text) if operator == Operator::Equal => (Operator::EqualGlob, text),
        _ => (operator, text),
    };
    let (name, version) = version::split_name(text)?;
    let parts = PackageParts {
        operator: Some(operator),
        name,
        version: Some(version),
        build_id: None,
        wildcard: false,
    };
    if cpv::is_cpn(name) {
        return Some(parts);
    }
    if !build_ids || operator == Operator::EqualGlob {
        return None;
    }
    // Only here a name may end like a version: in `=a/b-1-2-3` it is `b-1`.
    let (text, build_id) = text.rsplit_once('-').filter(|(_, id)| is_build_id(id))?;
    let (name, version) = version::split_name(text)?;
    cpv::is_cpn_text(name).then_some(PackageParts {
        name,
        version: Some(version),
        build_id: Some(build_id),
        ..parts
    })
}

fn is_build_id(text: &str) -> bool {
    text == "0" || (!text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit()))
}

/// `cat/*`, or `=cat/*-*1*`. What lacks only its operator is not taken for a name here either.
fn split_wildcard(text: &str, operator: Option<Operator>) -> Option<PackageParts<'_>> {
    let (operator, name, version) = match operator {
        None if version::split_name(text).is_some_and(|(name, _)| cpv::is_cpn_text(name)) => {
            return None;
        }
        None => (None, text, None),
        Some(Operator::Equal) => {
            let (name, version) = text.strip_suffix('*')?.rsplit_once("-*")?;
            name::is_word(version).then_some((Some(Operator::Contains), name, Some(version)))?
        }
        Some(_) => return None,
    };
    let (category, package) = name.split_once('/')?;
    let valid = name::is_wildcard_category(category) && name::is_wildcard_package(package);
    valid.then_some(PackageParts {
        operator,
        name,
        version,
        build_id: None,
        wildcard: true,
    })
}
