//! Who requires what, and flags as words.

use serde::Serialize;

use crate::plan::RequiredBy;
use crate::pms::{Kind, signed};

/// Who wants a package: a target or another package.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ParentJson<'r> {
    /// The target that was typed; null if a package wants it.
    target: Option<&'r str>,
    /// The package; null if a target wants it.
    cpv: Option<String>,
    /// Whether that is installed and stays.
    installed: bool,
    /// The atom by which it is wanted.
    atom: &'r str,
}

pub(super) fn parent((required_by, atom): &(RequiredBy, String)) -> ParentJson<'_> {
    wanted(required_by, atom)
}

pub(super) fn wanted<'r>(required_by: &'r RequiredBy, atom: &'r str) -> ParentJson<'r> {
    let (target, cpv, installed) = match required_by {
        RequiredBy::Target(name) => (Some(name.as_str()), None, false),
        RequiredBy::Rebuild => (None, None, false),
        RequiredBy::Package(cpv, kind) => (None, Some(cpv.to_string()), *kind == Kind::Installed),
    };
    ParentJson {
        target,
        cpv,
        installed,
        atom,
    }
}

pub(super) fn flags(flags: &[(String, bool)]) -> Vec<String> {
    let words = flags.iter().map(|(flag, enabled)| signed(flag, *enabled));
    words.collect()
}
