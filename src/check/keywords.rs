//! `keywords`: none of the package's keywords is accepted.
//!
//! Follows `portage: KeywordsManager.py:KeywordsManager`. The keywords are the binary package's own.

use super::{Answer, Code, Evidence, Facts, Remedy, Rule, Test, always};
use crate::pms::Key;

pub(super) const RULE: Rule = Rule {
    code: Code::Keywords,
    title: "keywords not accepted",
    explain: "None of the keywords that the package was built with is in ACCEPT_KEYWORDS or in \
              package.accept_keywords. Accept one for this version in /etc/portage/package.accept_keywords.",
    counts: always,
    test: Test::OfNew(of),
};

fn of(facts: &Facts<'_>) -> Answer {
    let missing = &facts.keywords.missing;
    if missing.is_empty() {
        return Answer::Accept;
    }
    let accepted: Vec<&str> = facts
        .keywords
        .accepted
        .iter()
        .map(|(word, _)| word.as_str())
        .collect();
    Answer::Reject {
        detail: missing.join(" "),
        evidence: Evidence {
            wanted: format!("one of {}", accepted.join(" ")),
            found: match facts.text(Key::Keywords).trim() {
                "" => "no keywords".into(),
                keywords => keywords.to_owned(),
            },
            sources: facts
                .keywords
                .accepted
                .iter()
                .rev()
                .take(1)
                .map(|(_, source)| source.clone())
                .collect(),
            remedy: Some(Remedy::Line {
                line: format!(
                    "={} {}",
                    facts.package.cpv,
                    keyword_to_accept(facts, missing)
                ),
                file: facts.local.remedy_file("package.accept_keywords"),
            }),
        },
    }
}

/// The least that would accept the package: a keyword of this architecture, else any.
fn keyword_to_accept<'a>(facts: &Facts<'_>, missing: &'a [String]) -> &'a str {
    let arch = facts.local.base.vars.get("ARCH").unwrap_or("");
    let of_arch = |keyword: &&String| keyword.trim_start_matches('~') == arch;
    missing.iter().find(of_arch).map_or("**", String::as_str)
}
