//! Why a binary package that every rule accepts is not used.

use crate::plan::result::reason_code::ReasonCode;
use crate::plan::result::rejection::{MovedSlot, Unsatisfied};
use crate::plan::result::required_by::RequiredBy;

/// Why a binary package that every rule accepts is not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RejectedBinary {
    /// It was built against a slot or sub-slot that will not be there.
    SlotOperator(Option<MovedSlot>),
    /// Nothing satisfies one of its dependencies.
    Dependency(Option<Unsatisfied>),
    /// It was given up to solve a slot conflict.
    SlotConflict(Vec<(RequiredBy, String)>),
    /// An atom does not match it.
    Atom {
        /// The atom.
        atom: String,
        /// What the binary package is or has instead, in words.
        why: Option<String>,
    },
}

impl RejectedBinary {
    /// A stable word.
    pub fn code(&self) -> ReasonCode {
        match self {
            RejectedBinary::SlotOperator(_) => ReasonCode::SlotOperator,
            RejectedBinary::Dependency(_) => ReasonCode::Dependency,
            RejectedBinary::SlotConflict(_) => ReasonCode::SlotConflict,
            RejectedBinary::Atom { .. } => ReasonCode::Atom,
        }
    }

    /// In words, with the facts.
    pub fn describe(&self) -> String {
        match self {
            RejectedBinary::SlotOperator(Some(moved)) => moved.to_string(),
            RejectedBinary::SlotOperator(None) => {
                "built against another slot or sub-slot".to_owned()
            }
            RejectedBinary::Dependency(Some(lacking)) => lacking.to_string(),
            RejectedBinary::Dependency(None) => "a dependency that nothing satisfies".to_owned(),
            RejectedBinary::SlotConflict(parents) => {
                let pull = |(parent, atom): &(RequiredBy, String)| match parent {
                    RequiredBy::Target(name) => format!("{atom} of {name}"),
                    RequiredBy::Package(cpv, _) => format!("{atom} of {cpv}"),
                    RequiredBy::Rebuild => format!("{atom} of a rebuild"),
                };
                let pulls: Vec<String> = parents.iter().map(pull).collect();
                if pulls.is_empty() {
                    "given up in a slot conflict".to_owned()
                } else {
                    format!("given up in a slot conflict for {}", pulls.join(", "))
                }
            }
            RejectedBinary::Atom { atom, why: None } => format!("required as {atom}"),
            RejectedBinary::Atom {
                atom,
                why: Some(why),
            } => format!("required as {atom}, the binary {why}"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)]

    use super::*;
    use crate::pms::Cpv;

    #[test]
    fn each_has_its_code_and_its_facts() {
        let by = RequiredBy::Package(
            Cpv::parse("a/a-1").expect("a version"),
            crate::pms::Kind::Ebuild,
        );
        let conflict = RejectedBinary::SlotConflict(vec![(by, "<b/b-2".to_owned())]);
        for (rejected, code, text) in [
            (
                RejectedBinary::SlotOperator(None),
                ReasonCode::SlotOperator,
                "built against another slot or sub-slot",
            ),
            (
                RejectedBinary::Dependency(None),
                ReasonCode::Dependency,
                "a dependency that nothing satisfies",
            ),
            (
                conflict,
                ReasonCode::SlotConflict,
                "given up in a slot conflict for <b/b-2 of a/a-1",
            ),
            (
                RejectedBinary::SlotConflict(Vec::new()),
                ReasonCode::SlotConflict,
                "given up in a slot conflict",
            ),
            (
                RejectedBinary::Atom {
                    atom: "b/b[x]".to_owned(),
                    why: Some("has USE -x".to_owned()),
                },
                ReasonCode::Atom,
                "required as b/b[x], the binary has USE -x",
            ),
        ] {
            assert_eq!(
                (rejected.code(), rejected.describe().as_str()),
                (code, text)
            );
        }
    }
}
