//! `license`: a license that is not accepted.
//!
//! Follows `portage: LicenseManager.py:LicenseManager`. The license is the binary package's own.

use super::refusal::refusal;
use super::{Code, Facts, Rule, RuleResult, Test, always};
use crate::pms::Key;

pub(super) const RULE: Rule = Rule {
    code: Code::License,
    title: "license not accepted",
    explain: "The package has a license that ACCEPT_LICENSE and package.license do not accept. Read the \
              license; then accept it for this package in /etc/portage/package.license.",
    counts: always,
    test: Test::OfAny(of),
};

fn of(facts: &Facts<'_>) -> RuleResult {
    let license = facts.text(Key::License);
    let enabled = |flag: &str| facts.enabled(flag);
    match facts
        .local
        .accepted
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
        Err(_) => RuleResult::Accept, // `invalid` says so
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::Machine;

    #[test]
    fn all_licenses_have_to_be_accepted() {
        let machine = Machine::new();
        let detail = |license| machine.detail(Code::License, &[(Key::License, license)]);
        assert_eq!(detail("ZLIB"), None);
        assert_eq!(detail("|| ( unknown-license MIT )"), None);
        assert_eq!(
            detail("minizip? ( unknown-license ) MIT"),
            None,
            "not built so"
        );
        assert_eq!(
            detail("MIT unknown-license").as_deref(),
            Some("unknown-license")
        );
    }

    #[test]
    fn what_cannot_be_read_is_invalid_instead() {
        let machine = Machine::new();
        let broken = [(Key::License, "|| ( MIT")];
        assert_eq!(machine.detail(Code::License, &broken), None);
        assert!(machine.detail(Code::Invalid, &broken).is_some());
    }
}
