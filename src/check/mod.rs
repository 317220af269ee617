//! The rules: one file each, each a pure function of a candidate and this machine.
//!
//! [`RULES`] lists them in the order in which Portage asks. All of them answer, since a user wants
//! every reason and not the first; whether a rule counts in this run is looked up once, in
//! [`Case::findings`]. What other packages demand of a candidate (slots, USE) is not a rule but matching.

mod case;
mod changed_deps;
mod chost;
mod code;
pub(crate) mod dependencies;
pub(crate) mod deps;
mod eapi;
mod ebuild;
pub(crate) mod excluded;
mod facts;
mod finding;
mod invalid;
mod judge;
mod keywords;
mod license;
mod mask;
mod own_exclusion;
pub(crate) mod patches;
mod policy;
mod properties;
mod record;
mod refusal;
mod restrict;
mod shadowed;
mod signature;
mod soname;
pub(crate) mod r#use;

use crate::binhost::Absent;

pub use case::Case;
pub use code::Code;
pub use facts::Facts;
pub use finding::{Evidence, Finding, Judged, Remedy, RuleResult, Verdict};
pub use judge::{Instance, Judge, Task, TaskEbuilds};
pub use policy::{
    Compare, Comparisons, DefaultOptions, OwnExclude, PackageLists, PackageSources, Policy,
};
pub use record::{OwnEbuilds, Record};

/// One rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The stable code.
    pub code: Code,
    /// What a rejection means, in a few words.
    pub title: &'static str,
    /// What the rule does, why, and what to do about a rejection.
    pub explain: &'static str,
    /// Whether the rule counts under these options.
    pub counts: fn(&Policy) -> bool,
    /// How a package is judged.
    pub test: Test,
}

/// What a rule looks at, and so which packages it can judge.
#[derive(Clone, Copy, Debug)]
pub enum Test {
    /// What the configuration says about one package of any kind; also hides what is installed.
    OfAny(fn(&Facts<'_>) -> RuleResult),
    /// The same, but only what is yet to be installed is hidden.
    OfNew(fn(&Facts<'_>) -> RuleResult),
    /// A binary package, the ebuilds of its version, and the options.
    OfBinary(fn(&Case<'_, '_>) -> RuleResult),
}

/// For rules that no option switches off.
fn always(_: &Policy) -> bool {
    true
}

/// All rules that judge a candidate, in Portage's order.
pub const RULES: &[Rule] = &[
    invalid::RULE,
    chost::RULE,
    eapi::RULE,
    keywords::RULE,
    properties::RULE,
    restrict::RULE,
    mask::RULE,
    license::RULE,
    excluded::RULE,
    own_exclusion::RULE,
    patches::RULE,
    ebuild::RULE,
    r#use::RULE,
    deps::RULE,
];

/// Rules for entries that never enter Portage's database, so that no other rule sees them.
pub const ABSENT_RULES: &[AbsentRule] = &[
    excluded::ABSENT,
    own_exclusion::ABSENT,
    shadowed::RULE,
    signature::RULE,
];

/// A rule that was decided while candidates were collected.
#[derive(Clone, Copy, Debug)]
pub struct AbsentRule {
    /// The stable code.
    pub code: Code,
    /// What it means, in a few words.
    pub title: &'static str,
    /// What the rule does, why, and what to do about it.
    pub explain: &'static str,
}

/// What a code means, in a few words.
pub fn title(code: Code) -> &'static str {
    let judging = RULES.iter().map(|rule| (rule.code, rule.title));
    let absent = ABSENT_RULES.iter().map(|rule| (rule.code, rule.title));
    let mut all = judging.chain(absent);
    all.find(|(known, _)| *known == code)
        .map_or(code.as_str(), |(_, title)| title)
}

/// Whether the verdict on another entry holds for this instance.
pub fn is_taken_from_elsewhere(judged: &Judged<'_>) -> bool {
    matches!(judged.absent, Some(Absent::Shadowed(_)))
}

/// Whether nothing speaks against an instance but that no visible ebuild has its version.
pub fn lacks_only_an_ebuild(judged: &Judged<'_>) -> bool {
    matches!(judged.findings, [only] if only.certain && only.code == Code::Ebuild)
}

/// Every code with its title and explanation, each once, in the order of the rules.
pub fn catalogue() -> Vec<AbsentRule> {
    let rules = RULES.iter().map(|rule| AbsentRule {
        code: rule.code,
        title: rule.title,
        explain: rule.explain,
    });
    let mut all: Vec<AbsentRule> = rules.collect();
    for rule in ABSENT_RULES {
        if all.iter().all(|known| known.code != rule.code) {
            all.push(*rule);
        }
    }
    all
}

#[cfg(test)]
mod testing;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_has_a_rule() {
        let codes: Vec<Code> = catalogue().iter().map(|rule| rule.code).collect();
        let unique: BTreeSet<Code> = codes.iter().copied().collect();
        assert_eq!(codes.len(), unique.len(), "{codes:?}");
        assert_eq!(codes.len(), 16, "{codes:?}");
        assert!(codes.iter().all(|code| title(*code) != code.as_str()));
    }

    /// Where Portage stops at the first mask, the order decides what it says.
    #[test]
    fn what_masks_any_package_comes_first() {
        let is_mask = |rule: &Rule| !matches!(rule.test, Test::OfBinary(_));
        assert!(RULES.is_sorted_by_key(|rule| !is_mask(rule)));
    }
}
