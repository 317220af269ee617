//! The rules: one file each, each a pure function of a candidate and this machine.

pub mod policy;

pub use policy::Policy;

use crate::binhost::Candidate;
use crate::source::Source;

/// What Portage will do with a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// emerge would install it if it were the best one.
    Accepted,
    /// emerge passes it over.
    Rejected,
    /// The data to tell are not there.
    Unknown,
}

/// One change that would make a candidate usable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Put this line into this file (a path of the judged system).
    Line {
        /// The line.
        line: String,
        /// The file, such as `/etc/portage/package.use/bincheck`.
        file: String,
    },
    /// Give this option to emerge.
    Option(String),
    /// Something else, in a few words.
    Advice(String),
}

/// Why a rule answered as it did. One shape for all rules.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Evidence {
    /// What this machine wants.
    pub wanted: String,
    /// What the binary has.
    pub found: String,
    /// The configuration lines that decided, strongest first.
    pub sources: Vec<Source>,
    /// The one change that would help.
    pub remedy: Option<Remedy>,
}

/// A rule's answer against a candidate (or without data).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule: `use`, `deps`, `chost`, `eapi`, `keywords`, `license`, `properties`, `restrict`, `mask`,
    /// `invalid`, `ebuild`, `excluded`, `patches`, `shadowed`, `signature`.
    pub code: &'static str,
    /// False where the rule could not tell; the finding then says what is missing.
    pub certain: bool,
    /// The offending value in Portage's words: flags with `-` if off in the binary, variables, atoms.
    pub detail: String,
    /// What stands behind it.
    pub evidence: Evidence,
}

/// A candidate with all answers.
#[derive(Clone, Debug)]
pub struct Judged<'a> {
    /// The candidate.
    pub candidate: &'a Candidate,
    /// The outcome.
    pub verdict: Verdict,
    /// All findings, in the order of the rules; empty if accepted.
    pub findings: Vec<Finding>,
}

/// Judge every entry of a pool, in its order.
pub fn judge_all<'a>(
    _local: &crate::local::Local,
    _ebuilds: &crate::local::Ebuilds,
    _policy: &Policy,
    _pool: &'a crate::binhost::Pool,
) -> Vec<Judged<'a>> {
    todo!()
}
