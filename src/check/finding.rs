//! What rules answer, in one shape for all of them.

use super::Code;
use crate::binhost::{Absent, Candidate, InstanceId};
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

/// Why a rule answered as it did.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Evidence {
    /// What is required.
    pub wanted: String,
    /// What the binary has.
    pub found: String,
    /// The configuration lines that decided, strongest first.
    pub sources: Vec<Source>,
    /// The one change that would help.
    pub remedy: Option<Remedy>,
}

/// A rule's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleResult {
    /// Nothing speaks against the candidate.
    Accept,
    /// Portage passes the candidate over.
    Reject {
        /// The offending value in Portage's words: flags with `-` if off in the binary, variables, atoms.
        detail: String,
        /// What stands behind it.
        evidence: Evidence,
    },
    /// The data are not there.
    Unknown {
        /// What is missing.
        detail: String,
        /// What stands behind it.
        evidence: Evidence,
    },
}

/// A rule's answer against a candidate, or for want of data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub code: Code,
    /// False where the rule could not tell; the detail then says what is missing.
    pub certain: bool,
    /// The offending value in Portage's words: flags with `-` if off in the binary, variables, atoms.
    pub detail: String,
    /// What stands behind it.
    pub evidence: Evidence,
}

impl Finding {
    /// The finding that an answer makes, if it makes one.
    pub(super) fn of(code: Code, answer: RuleResult) -> Option<Finding> {
        let (certain, detail, evidence) = match answer {
            RuleResult::Accept => return None,
            RuleResult::Reject { detail, evidence } => (true, detail, evidence),
            RuleResult::Unknown { detail, evidence } => (false, detail, evidence),
        };
        Some(Finding {
            code,
            certain,
            detail,
            evidence,
        })
    }
}

/// An instance with all answers.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// The instance.
    pub id: InstanceId,
    /// Its entry.
    pub candidate: &'a Candidate,
    /// Why it never enters Portage's database; such an entry has this one finding.
    pub absent: Option<&'a Absent>,
    /// The outcome.
    pub verdict: Verdict,
    /// All findings, in the order of the rules; empty if accepted.
    pub findings: &'a [Finding],
}

impl Verdict {
    /// What findings come to: one certain rejection decides, then what is unknown.
    pub fn of(findings: &[Finding]) -> Verdict {
        if findings.iter().any(|finding| finding.certain) {
            Verdict::Rejected
        } else if findings.is_empty() {
            Verdict::Accepted
        } else {
            Verdict::Unknown
        }
    }
}
