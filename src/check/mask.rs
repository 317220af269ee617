//! `mask`: package.mask of a repository, of the profile or of the user.
//!
//! Follows `portage: MaskManager.py:MaskManager`.

use super::{Code, Evidence, Facts, Remedy, Rule, RuleResult, Test, always};

pub(super) const RULE: Rule = Rule {
    code: Code::Mask,
    title: "masked by package.mask",
    explain: "A package.mask entry matches the package and no package.unmask entry does. Read the comment \
              above the entry; then unmask this version in /etc/portage/package.unmask.",
    counts: always,
    test: Test::OfAny(of),
};

fn of(facts: &Facts<'_>) -> RuleResult {
    let Some(mask) = facts.local.masks.find(&facts.subject()) else {
        return RuleResult::Accept;
    };
    RuleResult::Reject {
        detail: mask.atom.to_string(),
        evidence: Evidence {
            wanted: "a package that no package.mask entry matches".into(),
            found: format!("masked by {}", mask.atom),
            sources: vec![mask.source.clone()],
            remedy: Some(Remedy::Line {
                line: format!("={}", facts.package.cpv),
                file: facts.local.remedy_file("package.unmask"),
            }),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::Machine;

    #[test]
    fn a_mask_hides_and_an_unmask_shows() {
        let plain = Machine::new();
        assert_eq!(plain.detail(Code::Mask, &[]), None);
        let masked = Machine::new().file("etc/portage/package.mask", ">=sys-libs/zlib-1.3\n");
        assert_eq!(
            masked.detail(Code::Mask, &[]).as_deref(),
            Some(">=sys-libs/zlib-1.3")
        );
        let shown = masked.file("etc/portage/package.unmask", "=sys-libs/zlib-1.3.1\n");
        assert_eq!(shown.detail(Code::Mask, &[]), None);
    }
}
