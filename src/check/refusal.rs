//! What the rules about LICENSE, PROPERTIES and RESTRICT report: words that an accept list does not accept.

use super::{Evidence, Facts, Remedy, RuleResult};
use crate::local::accept::Unaccepted;

/// The answer that an accept list makes.
pub(super) fn refusal(
    facts: &Facts<'_>,
    unaccepted: Unaccepted,
    found: &str,
    file: &str,
    list: &str,
) -> RuleResult {
    if unaccepted.missing.is_empty() {
        return RuleResult::Accept;
    }
    let words = unaccepted.missing.join(" ");
    RuleResult::Reject {
        evidence: Evidence {
            wanted: format!("what {list} accepts"),
            found: found.to_owned(),
            sources: unaccepted.source.into_iter().collect(),
            remedy: Some(Remedy::Line {
                line: format!("={} {words}", facts.package.cpv),
                file: facts.local.remedy_file(file),
            }),
        },
        detail: words,
    }
}
