//! `ebuild`: no visible ebuild of the same version.
//!
//! Follows `portage: depgraph.py:depgraph._equiv_ebuild_visible`: the ebuild of the package's own
//! repository must be visible; only where there is none, any visible one of that version will do.
//! Not applied where ebuilds are not used (`--usepkgonly`, even `=n`), unless `--use-ebuild-visibility` asks for it.

use super::{Case, Code, Evidence, OwnEbuilds, Remedy, Rule, RuleResult, Test};
use crate::pms::Package;

pub(super) const RULE: Rule = Rule {
    code: Code::Ebuild,
    title: "no visible ebuild of this version",
    explain: "Portage takes a binary package only if an ebuild of the same version exists and is not masked, as \
              soon as another version has an ebuild. Sync the repository, unmask the ebuild, or use --usepkgonly.",
    counts: |policy| policy.compare.use_ebuild_visibility || policy.sources.ebuilds,
    test: Test::OfBinary(judge),
};

fn judge(case: &Case<'_, '_>) -> RuleResult {
    if case.is_old_package() && !case.policy.compare.use_ebuild_visibility {
        return RuleResult::Accept;
    }
    if case.has_visible_ebuild() {
        return RuleResult::Accept;
    }
    let (package, ebuilds) = (case.package(), case.ebuilds);
    match ebuilds.unread(package) {
        Some(repository) => unreadable(package, repository),
        None => hidden(package, ebuilds),
    }
}

/// The answer of rules that need an ebuild whose metadata cannot be read.
pub(super) fn unreadable(package: &Package, repository: &str) -> RuleResult {
    RuleResult::Unknown {
        detail: format!("no valid md5-cache entry in {repository}"),
        evidence: Evidence {
            wanted: format!("metadata of {}::{repository}", package.cpv),
            found: "a missing or stale md5-cache entry".into(),
            sources: Vec::new(),
            remedy: Some(Remedy::Advice(format!(
                "run `emerge --sync {repository}` or `egencache --repo {repository} --update`"
            ))),
        },
    }
}

fn hidden(package: &Package, ebuilds: &OwnEbuilds<'_>) -> RuleResult {
    let (detail, evidence) = match ebuilds.own(package) {
        None => ("missing".to_owned(), missing(package)),
        Some(_) => {
            let evidence = match ebuilds.hidden(package) {
                Some(mask) => Evidence {
                    wanted: "a visible ebuild of this version".into(),
                    found: format!("its ebuild is hidden by {}: {}", mask.code, mask.detail),
                    sources: mask.evidence.sources.clone(),
                    remedy: mask.evidence.remedy.clone(),
                },
                None => missing(package),
            };
            ("masked".to_owned(), evidence)
        }
    };
    RuleResult::Reject { detail, evidence }
}

fn missing(package: &Package) -> Evidence {
    let repository = package.repository.as_deref().unwrap_or("any repository");
    Evidence {
        wanted: "an ebuild of this version".into(),
        found: format!("{repository} has no {}", package.cpv),
        sources: Vec::new(),
        remedy: Some(Remedy::Advice(
            "sync, use the version that the tree has, or use --usepkgonly".into(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::Machine;

    const EBUILD: &str = "var/db/repos/gentoo/sys-libs/zlib/zlib-1.3.1.ebuild";
    const ENTRY: &str = "var/db/repos/gentoo/metadata/md5-cache/sys-libs/zlib-1.3.1";

    #[test]
    fn an_ebuild_of_the_version_has_to_be_visible() {
        let sound = Machine::new();
        assert_eq!(sound.detail(Code::Ebuild, &[]), None);
        let gone = Machine::new().without(EBUILD);
        assert_eq!(gone.detail(Code::Ebuild, &[]).as_deref(), Some("missing"));
        let masked = Machine::new().file("etc/portage/package.mask", "sys-libs/zlib::gentoo\n");
        assert_eq!(masked.detail(Code::Ebuild, &[]).as_deref(), Some("masked"));
    }

    #[test]
    fn it_cannot_be_told_without_metadata() {
        let stale = Machine::new().without(ENTRY);
        assert_eq!(
            stale.detail(Code::Ebuild, &[]).as_deref(),
            Some("? no valid md5-cache entry in gentoo")
        );
    }

    #[test]
    fn options_lift_it() {
        let gone = || Machine::new().without(EBUILD);
        let alone = gone().policy(|policy| policy.sources.ebuilds = false);
        assert_eq!(alone.detail(Code::Ebuild, &[]), None);
        let requested = gone().policy(|policy| {
            policy.sources.ebuilds = false;
            policy.compare.use_ebuild_visibility = true;
        });
        assert!(requested.detail(Code::Ebuild, &[]).is_some());
    }
}
