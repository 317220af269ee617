//! `chost`: built for a machine this one does not accept.
//!
//! Follows `portage: config.py:config._accept_chost`. An entry without CHOST is accepted, as there.

use super::{Answer, Code, Evidence, Facts, Remedy, Rule, Test, always};

pub(super) const RULE: Rule = Rule {
    code: Code::Chost,
    title: "built for another CHOST",
    explain: "The package was built for another kind of machine (CHOST) than ACCEPT_CHOSTS, or CHOST where \
              that is unset, accepts. Use a binhost that is built for this machine; add to ACCEPT_CHOSTS \
              only what runs here.",
    counts: always,
    test: Test::OfNew(of),
};

fn of(facts: &Facts<'_>) -> Answer {
    let accepted = &facts.local.chosts;
    if accepted.accepts(facts.chost) {
        return Answer::Accept;
    }
    Answer::Reject {
        detail: facts.chost.to_owned(),
        evidence: Evidence {
            wanted: accepted.wanted().to_owned(),
            found: facts.chost.to_owned(),
            sources: accepted.source().cloned().into_iter().collect(),
            remedy: Some(Remedy::Advice(
                "use a binhost that is built for this machine".into(),
            )),
        },
    }
}
