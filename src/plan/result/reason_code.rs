//! Stable words for why a package is compiled.

use std::cmp::Ordering;
use std::fmt;

use crate::check::Code;

/// A reason for compiling: a rule that rejects the nearest binary package, or what else stands between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    test,
    derive(schemars::JsonSchema),
    schemars(rename_all = "kebab-case")
)]
pub enum ReasonCode {
    /// No host has any version.
    NoBinary,
    /// Hosts have other versions only.
    VersionSkew,
    /// A host has it under a name that was given up.
    Renamed,
    /// Built against a slot or sub-slot that will not be there.
    SlotOperator,
    /// Nothing satisfies one of its dependencies.
    Dependency,
    /// Given up to solve a slot conflict.
    SlotConflict,
    /// An atom does not match it.
    Atom,
    /// It could not be determined.
    Undetermined,
    /// A rule rejects it.
    #[cfg_attr(test, schemars(untagged))]
    Rule(Code),
}

impl ReasonCode {
    /// The word in reports and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            ReasonCode::Rule(code) => code.as_str(),
            ReasonCode::NoBinary => "no-binary",
            ReasonCode::VersionSkew => "version-skew",
            ReasonCode::Renamed => "renamed",
            ReasonCode::SlotOperator => "slot-operator",
            ReasonCode::Dependency => "dependency",
            ReasonCode::SlotConflict => "slot-conflict",
            ReasonCode::Atom => "atom",
            ReasonCode::Undetermined => "undetermined",
        }
    }
}

/// By their words.
impl Ord for ReasonCode {
    fn cmp(&self, other: &ReasonCode) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl PartialOrd for ReasonCode {
    fn partial_cmp(&self, other: &ReasonCode) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for ReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_ordered_as_they_are_printed() {
        let mut codes = [
            ReasonCode::VersionSkew,
            ReasonCode::Rule(Code::Use),
            ReasonCode::Atom,
        ];
        codes.sort();
        assert_eq!(
            codes.map(ReasonCode::as_str),
            ["atom", "use", "version-skew"]
        );
    }
}
