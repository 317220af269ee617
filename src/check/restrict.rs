//! `restrict`: RESTRICT holds a word that is not accepted.
//!
//! Follows `portage: config.py:config._getMissingRestrict`. The value is the binary package's own.

use super::license::refusal;
use super::{Answer, Code, Facts, Rule, Test, always};
use crate::pms::Key;

pub(super) const RULE: Rule = Rule {
    code: Code::Restrict,
    title: "RESTRICT not accepted",
    explain: "The package has a word in RESTRICT that ACCEPT_RESTRICT does not accept. Accept it for \
              this package in /etc/portage/package.accept_restrict.",
    counts: always,
    test: Test::OfNew(of),
};

fn of(facts: &Facts<'_>) -> Answer {
    let text = facts.text(Key::Restrict);
    let enabled = |flag: &str| facts.enabled(flag);
    match facts
        .local
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
        Err(_) => Answer::Accept, // `invalid` says so
    }
}
