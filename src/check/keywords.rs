//! `keywords`: none of the package's keywords is accepted.
//!
//! Follows `portage: KeywordsManager.py:KeywordsManager`. The keywords are the binary package's own.

use super::{Code, Evidence, Facts, Remedy, Rule, RuleResult, Test, always};
use crate::pms::Key;

pub(super) const RULE: Rule = Rule {
    code: Code::Keywords,
    title: "keywords not accepted",
    explain: "None of the keywords that the package was built with is in ACCEPT_KEYWORDS or in \
              package.accept_keywords. Accept one for this version in /etc/portage/package.accept_keywords.",
    counts: always,
    test: Test::OfNew(of),
};

fn of(facts: &Facts<'_>) -> RuleResult {
    let missing = &facts.keywords.missing;
    if missing.is_empty() {
        return RuleResult::Accept;
    }
    let accepted: Vec<&str> = facts
        .keywords
        .accepted
        .iter()
        .map(|(word, _)| word.as_str())
        .collect();
    RuleResult::Reject {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::Machine;

    #[test]
    fn one_accepted_keyword_is_enough() {
        let machine = Machine::new();
        let detail = |keywords| machine.detail(Code::Keywords, &[(Key::Keywords, keywords)]);
        assert_eq!(detail("amd64"), None);
        assert_eq!(detail("~arm64 amd64"), None);
        assert_eq!(detail("~amd64").as_deref(), Some("~amd64"));
        assert!(detail("").is_some(), "no keywords at all");
    }

    #[test]
    fn the_user_accepts_them_for_a_package() {
        let machine = Machine::new().file(
            "etc/portage/package.accept_keywords",
            "sys-libs/zlib ~amd64\n",
        );
        let detail = |keywords| machine.detail(Code::Keywords, &[(Key::Keywords, keywords)]);
        assert_eq!(detail("~amd64"), None);
        assert!(detail("arm64").is_some());
    }

    #[test]
    fn the_remedy_names_the_keyword_of_this_architecture() {
        let machine = Machine::new();
        let found = machine.find(Code::Keywords, &[(Key::Keywords, "~arm64 ~amd64")]);
        let line = Remedy::Line {
            line: "=sys-libs/zlib-1.3.1 ~amd64".to_owned(),
            file: "/etc/portage/package.accept_keywords".to_owned(),
        };
        assert_eq!(found.and_then(|found| found.evidence.remedy), Some(line));
    }
}
