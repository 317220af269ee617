//! `own-exclusion`: bincheck itself excludes the package from what its emerge sees, since it would not run here or its file
//! is not what the index says.
//!
//! Portage knows nothing of it. Where only exclude lists can exclude one build, others of the name go with it.

use super::{AbsentRule, Case, Code, Evidence, Rule, RuleResult, Test, always};

const TITLE: &str = "excluded by bincheck";
const EXPLAIN: &str = "bincheck --emerge excludes packages that would not run on this machine, or whose file is gone, \
                       altered or not signed as it has to be. The detail names what is wrong.";

pub(super) const RULE: Rule = Rule {
    code: Code::OwnExclusion,
    title: TITLE,
    explain: EXPLAIN,
    counts: always,
    test: Test::OfBinary(judge),
};

pub(super) const ABSENT: AbsentRule = AbsentRule {
    code: Code::OwnExclusion,
    title: TITLE,
    explain: EXPLAIN,
};

pub(super) fn absent(why: &str) -> (Code, String, Evidence) {
    (RULE.code, why.to_owned(), Evidence::default())
}

/// Whether an exclude list names it that bincheck has written.
fn judge(case: &Case<'_, '_>) -> RuleResult {
    let subject = case.facts.subject();
    let listed = &case.policy.lists.usepkg_exclude;
    let mut own = case.policy.lists.own.iter();
    let own = own.find(|own| own.atom.matches(&subject) && listed.contains(&own.atom));
    own.map_or(RuleResult::Accept, |own| RuleResult::Reject {
        detail: own.why.clone(),
        evidence: Evidence::default(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::binhost::Absent;
    use crate::check::OwnExclude;
    use crate::check::testing::Machine;
    use crate::pms::{Dep, Syntax};

    #[test]
    fn what_bincheck_excludes_is_not_excluded_by_the_user() {
        let machine = Machine::new().absent(Absent::OwnExclusion("the file is gone".to_owned()));
        let detail = machine.detail(Code::OwnExclusion, &[]);
        assert_eq!(detail.as_deref(), Some("the file is gone"));
        let atom = Dep::parse("sys-libs/zlib", Syntax::USER).unwrap();
        let listed = Machine::new().policy(|policy| {
            policy.lists.usepkg_exclude = vec![atom.clone()];
            policy.lists.own = vec![OwnExclude {
                atom: atom.clone(),
                why: "with a/b-1, which is gone".to_owned(),
            }];
        });
        assert_eq!(listed.detail(Code::Excluded, &[]), None);
        assert!(
            listed
                .detail(Code::OwnExclusion, &[])
                .unwrap()
                .contains("a/b-1")
        );
    }
}
