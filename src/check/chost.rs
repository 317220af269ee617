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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::Machine;
    use crate::pms::Key;

    #[test]
    fn only_what_is_built_for_this_machine_is_accepted() {
        let machine = Machine::new();
        let detail = |chost| machine.detail(Code::Chost, &[(Key::Chost, chost)]);
        assert_eq!(detail("x86_64-pc-linux-gnu"), None);
        assert_eq!(
            detail("aarch64-linux-gnu").as_deref(),
            Some("aarch64-linux-gnu")
        );
        assert_eq!(
            machine.detail(Code::Chost, &[]),
            None,
            "an entry without CHOST"
        );
    }

    #[test]
    fn accept_chosts_decides_where_it_is_set() {
        let machine = Machine::new().file(
            "etc/portage/make.conf",
            "ACCEPT_CHOSTS=\"i[34567]86-.* aarch64-.*\"",
        );
        let detail = |chost| machine.detail(Code::Chost, &[(Key::Chost, chost)]);
        assert_eq!(detail("aarch64-linux-gnu"), None);
        assert!(detail("x86_64-pc-linux-gnu").is_some());
    }
}
