//! The rules: one file each, each a pure function of a candidate and this machine.
//!
//! [`RULES`] lists them in the order in which Portage asks. All of them answer, since a user wants
//! every reason and not the first; whether a rule counts in this run is looked up once, in
//! [`judge_all`]. What other packages demand of a candidate (slots, USE) is no rule but matching.

mod case;
mod chost;
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
pub(crate) mod patches;
pub mod policy;
mod properties;
mod restrict;
mod shadowed;
mod signature;
mod soname;
pub(crate) mod r#use;
pub(crate) mod visibility;

use crate::binhost::Absent;

pub use case::{Case, OwnEbuilds};
pub use facts::Facts;
pub use finding::{Answer, Evidence, Finding, Judged, Remedy, Verdict};
pub use judge::{judge_all, judge_some};
pub use policy::{Compare, Policy};

/// One rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The stable code, which is also the name of its file.
    pub code: &'static str,
    /// What a rejection means, in a few words.
    pub title: &'static str,
    /// What the rule does, why, and what to do about a rejection.
    pub explain: &'static str,
    /// Whether the rule counts under these options.
    pub counts: fn(&Policy) -> bool,
    /// The answer for one candidate.
    pub judge: fn(&Case<'_, '_>) -> Answer,
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
    patches::RULE,
    ebuild::RULE,
    r#use::RULE,
    deps::RULE,
];

/// Rules for entries that never enter Portage's database, so that no other rule sees them.
pub const ABSENT_RULES: &[AbsentRule] = &[excluded::ABSENT, shadowed::RULE, signature::RULE];

/// A rule that was decided while candidates were collected.
#[derive(Clone, Copy, Debug)]
pub struct AbsentRule {
    /// The stable code, which is also the name of its file.
    pub code: &'static str,
    /// What it means, in a few words.
    pub title: &'static str,
    /// What the rule does, why, and what to do about it.
    pub explain: &'static str,
}

/// What a code means, in a few words.
pub fn title(code: &str) -> &str {
    let judging = RULES.iter().map(|rule| (rule.code, rule.title));
    let absent = ABSENT_RULES.iter().map(|rule| (rule.code, rule.title));
    let mut all = judging.chain(absent);
    all.find(|(known, _)| *known == code)
        .map_or(code, |(_, title)| title)
}

/// Whether the verdict on another entry holds for this instance.
pub fn is_taken_from_elsewhere(judged: &Judged<'_>) -> bool {
    matches!(judged.absent, Some(Absent::Shadowed(_)))
}

/// Whether nothing speaks against an instance but that no visible ebuild has its version.
pub fn lacks_only_an_ebuild(judged: &Judged<'_>) -> bool {
    matches!(&judged.findings[..], [only] if only.certain && only.code == ebuild::RULE.code)
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
