//! `eapi`: an EAPI that this Portage does not support.
//!
//! Follows `_emerge/Package.py:Package._eval_masks`. Text with blanks around it and the deprecated
//! names make Portage 3.0.83 abort; here they count as unsupported.

use super::{Code, Evidence, Facts, Remedy, Rule, RuleResult, Test, always};
use crate::pms::Key;

pub(super) const RULE: Rule = Rule {
    code: Code::Eapi,
    title: "EAPI not supported",
    explain: "The package uses an EAPI that Portage 3.0.83 does not know. Update sys-apps/portage, or take \
              an older version of the package.",
    counts: always,
    test: Test::OfAny(of),
};

fn of(facts: &Facts<'_>) -> RuleResult {
    if facts.package.eapi.is_some() {
        return RuleResult::Accept;
    }
    let found = facts
        .package
        .metadata
        .get(Key::Eapi)
        .unwrap_or("0")
        .to_owned();
    RuleResult::Reject {
        detail: found.clone(),
        evidence: Evidence {
            wanted: "EAPI 0 to 9".into(),
            found: format!("EAPI {found}"),
            sources: Vec::new(),
            remedy: Some(Remedy::Advice(
                "update sys-apps/portage, or use another version".into(),
            )),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::Machine;

    #[test]
    fn an_eapi_is_known_or_not() {
        let machine = Machine::new();
        let detail = |eapi| machine.detail(Code::Eapi, &[(Key::Eapi, eapi)]);
        assert_eq!(detail("8"), None);
        assert_eq!(detail("0"), None);
        for eapi in ["10", "", "8 ", "4-slot-abi"] {
            assert_eq!(detail(eapi).as_deref(), Some(eapi), "{eapi:?}");
        }
    }
}
