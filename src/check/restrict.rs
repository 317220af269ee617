//! `restrict`: RESTRICT holds a word that is not accepted.
//!
//! Follows `portage: config.py:config._getMissingRestrict`. The value is the binary package's own.

use super::refusal::refusal;
use super::{Code, Facts, Rule, RuleResult, Test, always};
use crate::pms::Key;

pub(super) const RULE: Rule = Rule {
    code: Code::Restrict,
    title: "RESTRICT not accepted",
    explain: "The package has a word in RESTRICT that ACCEPT_RESTRICT does not accept. Accept it for \
              this package in /etc/portage/package.accept_restrict.",
    counts: always,
    test: Test::OfNew(of),
};

fn of(facts: &Facts<'_>) -> RuleResult {
    let text = facts.text(Key::Restrict);
    let enabled = |flag: &str| facts.enabled(flag);
    match facts
        .local
        .accepted
        .restrict
        .missing(&facts.subject(), text, &enabled)
    {
        Ok(unaccepted) => refusal(
            facts,
            unaccepted,
            text,
            "package.accept_restrict",
            "ACCEPT_RESTRICT",
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
        let restrict = [(Key::Restrict, "bindist")];
        let anything = Machine::new();
        assert_eq!(anything.detail(Code::Restrict, &restrict), None);
        let strict = Machine::new().file("etc/portage/make.conf", "ACCEPT_RESTRICT=\"* -bindist\"");
        assert_eq!(
            strict.detail(Code::Restrict, &restrict).as_deref(),
            Some("bindist")
        );
        assert_eq!(strict.detail(Code::Restrict, &[]), None);
    }

    #[test]
    fn the_user_accepts_them_for_a_package() {
        let machine = Machine::new()
            .file("etc/portage/make.conf", "ACCEPT_RESTRICT=\"-*\"")
            .file(
                "etc/portage/package.accept_restrict",
                "sys-libs/zlib bindist\n",
            );
        assert_eq!(
            machine.detail(Code::Restrict, &[(Key::Restrict, "bindist")]),
            None
        );
    }
}
