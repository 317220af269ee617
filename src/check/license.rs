//! `license`: a license that is not accepted.
//!
//! Follows `portage: LicenseManager.py:LicenseManager`. The license is the binary package's own.

use super::{Answer, Code, Evidence, Facts, Remedy, Rule, Test, always};
use crate::local::accept::Unaccepted;
use crate::pms::Key;

pub(super) const RULE: Rule = Rule {
    code: Code::License,
    title: "license not accepted",
    explain: "The package has a license that ACCEPT_LICENSE and package.license do not accept. Read the \
              license; then accept it for this package in /etc/portage/package.license.",
    counts: always,
    test: Test::OfAny(of),
};

fn of(facts: &Facts<'_>) -> Answer {
    let license = facts.text(Key::License);
    let enabled = |flag: &str| facts.enabled(flag);
    match facts
        .local
        .licenses
        .missing(&facts.subject(), license, &enabled)
    {
        Ok(unaccepted) => refusal(
            facts,
            unaccepted,
            license,
            "package.license",
            "ACCEPT_LICENSE",
        ),
        Err(_) => Answer::Accept, // `invalid` says so
    }
}

/// The answer that an accept list makes; PROPERTIES and RESTRICT share it.
pub(super) fn refusal(
    facts: &Facts<'_>,
    unaccepted: Unaccepted,
    found: &str,
    file: &str,
    list: &str,
) -> Answer {
    if unaccepted.missing.is_empty() {
        return Answer::Accept;
    }
    let words = unaccepted.missing.join(" ");
    Answer::Reject {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::Machine;

    #[test]
    fn all_licenses_have_to_be_accepted() {
        let machine = Machine::new();
        let says = |license| machine.says(Code::License, &[(Key::License, license)]);
        assert_eq!(says("ZLIB"), None);
        assert_eq!(says("|| ( unknown-license MIT )"), None);
        assert_eq!(
            says("minizip? ( unknown-license ) MIT"),
            None,
            "not built so"
        );
        assert_eq!(
            says("MIT unknown-license").as_deref(),
            Some("unknown-license")
        );
    }

    #[test]
    fn what_cannot_be_read_is_invalid_instead() {
        let machine = Machine::new();
        let broken = [(Key::License, "|| ( MIT")];
        assert_eq!(machine.says(Code::License, &broken), None);
        assert!(machine.says(Code::Invalid, &broken).is_some());
    }
}
