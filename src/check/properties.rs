//! `properties`: PROPERTIES holds a word that is not accepted.
//!
//! Follows `portage: config.py:config._getMissingProperties`. The value is the binary package's own.

use super::refusal::refusal;
use super::{Code, Facts, Rule, RuleResult, Test, always};
use crate::pms::Key;

pub(super) const RULE: Rule = Rule {
    code: Code::Properties,
    title: "PROPERTIES not accepted",
    explain: "The package has a word in PROPERTIES that ACCEPT_PROPERTIES does not accept. Accept it for \
              this package in /etc/portage/package.properties.",
    counts: always,
    test: Test::OfNew(of),
};

fn of(facts: &Facts<'_>) -> RuleResult {
    let text = facts.text(Key::Properties);
    let enabled = |flag: &str| facts.enabled(flag);
    match facts
        .local
        .accepted
        .properties
        .missing(&facts.subject(), text, &enabled)
    {
        Ok(unaccepted) => refusal(
            facts,
            unaccepted,
            text,
            "package.properties",
            "ACCEPT_PROPERTIES",
        ),
        Err(_) => RuleResult::Accept, // `invalid` says so
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::Machine;

    #[test]
    fn words_that_are_not_accepted() {
        let properties = [(Key::Properties, "live")];
        let anything = Machine::new();
        assert_eq!(anything.detail(Code::Properties, &properties), None);
        let strict = Machine::new().file("etc/portage/make.conf", "ACCEPT_PROPERTIES=\"* -live\"");
        assert_eq!(
            strict.detail(Code::Properties, &properties).as_deref(),
            Some("live")
        );
        assert_eq!(strict.detail(Code::Properties, &[]), None);
    }

    #[test]
    fn the_user_accepts_them_for_a_package() {
        let machine = Machine::new()
            .file("etc/portage/make.conf", "ACCEPT_PROPERTIES=\"-*\"")
            .file("etc/portage/package.properties", "sys-libs/zlib live\n");
        assert_eq!(
            machine.detail(Code::Properties, &[(Key::Properties, "live")]),
            None
        );
    }
}
