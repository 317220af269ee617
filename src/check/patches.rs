//! `patches`: built with other user patches than lie in `/etc/portage/patches`.
//!
//! Follows `portage: UserPatches.py:UserPatches`, since 3.0.83. Packages built by an older Portage
//! record nothing, which counts as "no patches".

use super::{Case, Code, Evidence, Facts, Remedy, Rule, RuleResult, Test};
use crate::pms::Key;
use crate::source::Source;

pub(super) const RULE: Rule = Rule {
    code: Code::Patches,
    title: "user patches differ",
    explain: "The patches below /etc/portage/patches are not those that the package was built with. Remove \
              the patches, or ignore the difference with --binpkg-respect-user-patches=n.",
    counts: |policy| policy.compare.user_patches,
    test: Test::OfBinary(judge),
};

/// Whether a binary package was built with other patches than apply here.
pub(crate) fn differ(facts: &Facts<'_>) -> bool {
    let wanted = facts.local.patches.digest(facts.package);
    wanted != facts.text(Key::UserPatches).to_lowercase()
}

fn judge(case: &Case<'_, '_>) -> RuleResult {
    let patches = &case.local().patches;
    let wanted = patches.digest(case.package());
    let found = case.facts.text(Key::UserPatches).to_lowercase();
    if wanted == found {
        return RuleResult::Accept;
    }
    let paths = patches.files(case.package());
    let files: Vec<String> = paths
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    let describe = |digest: &str| match digest.get(..12) {
        Some(start) => format!("patches with digest {start}…"),
        None if digest.is_empty() => "no patches".to_owned(),
        None => format!("patches with digest {digest}"),
    };
    RuleResult::Reject {
        detail: files.join(" "),
        evidence: Evidence {
            wanted: match files.as_slice() {
                [] => describe(&wanted),
                files => files.join(", "),
            },
            found: describe(&found),
            sources: paths
                .into_iter()
                .map(|path| Source::File(path.into()))
                .collect(),
            remedy: Some(Remedy::Option("--binpkg-respect-user-patches=n".into())),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::Machine;

    #[test]
    fn patches_are_those_that_it_was_built_with() {
        let plain = Machine::new();
        assert_eq!(plain.detail(Code::Patches, &[]), None);
        let other = [(Key::UserPatches, "0123456789abcdef")];
        assert!(plain.detail(Code::Patches, &other).is_some());
        let path = "etc/portage/patches/sys-libs/zlib/fix.patch";
        let patched = Machine::new().file(path, "--- a\n+++ b\n");
        assert_eq!(
            patched.detail(Code::Patches, &[]).as_deref(),
            Some(&*format!("/{path}"))
        );
        let ignored = patched.policy(|policy| policy.compare.user_patches = false);
        assert_eq!(ignored.detail(Code::Patches, &[]), None);
    }
}
