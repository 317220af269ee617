//! Who requires what, and flags as words.

use serde::Serialize;

use crate::plan::RequiredBy;
use crate::pms::{Kind, signed};

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ParentJson<'r> {
    target: Option<&'r str>,
    cpv: Option<String>,
    installed: bool,
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
