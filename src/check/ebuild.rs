//! `ebuild`: no visible ebuild of the same version.
//!
//! Follows `portage: depgraph.py:depgraph._equiv_ebuild_visible`: the ebuild of the package's own
//! repository must be visible; only where there is none, any visible one of that version will do.
//! Not asked where ebuilds are not used (`--usepkgonly`, even `=n`), unless `--use-ebuild-visibility` says so.

use super::{Answer, Case, Evidence, OwnEbuilds, Remedy, Rule};
use crate::pms::Package;

pub(super) const RULE: Rule = Rule {
    code: "ebuild",
    title: "no visible ebuild of this version",
    explain: "Portage takes a binary package only if an ebuild of the same version exists and is not masked, as \
              soon as another version has an ebuild. Sync the repository, unmask the ebuild, or use --usepkgonly.",
    counts: |policy| policy.use_ebuild_visibility || policy.ebuilds,
    judge,
};

fn judge(case: &Case<'_, '_>) -> Answer {
    if case.is_old_package() && !case.policy.use_ebuild_visibility {
        return Answer::Accept;
    }
    let (package, ebuilds) = (case.package(), case.ebuilds);
    let visible = match ebuilds.in_repository(package) {
        Some(own) => own.hidden().is_none(),
        None => ebuilds.visible().next().is_some(),
    };
    if visible {
        return Answer::Accept;
    }
    match ebuilds.doubt(package) {
        Some(repository) => unreadable(package, repository),
        None => hidden(package, ebuilds),
    }
}

/// The answer of rules that need an ebuild whose metadata cannot be read.
pub(super) fn unreadable(package: &Package, repository: &str) -> Answer {
    Answer::Unknown {
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

fn hidden(package: &Package, ebuilds: &OwnEbuilds<'_>) -> Answer {
    let (detail, evidence) = match ebuilds.own(package) {
        None => ("missing".to_owned(), missing(package)),
        Some(ebuild) => {
            let evidence = match ebuild.hidden() {
                Some((code, Answer::Reject { detail, evidence })) => Evidence {
                    wanted: "a visible ebuild of this version".into(),
                    found: format!("its ebuild is hidden by {code}: {detail}"),
                    sources: evidence.sources.clone(),
                    remedy: evidence.remedy.clone(),
                },
                _ => missing(package),
            };
            ("masked".to_owned(), evidence)
        }
    };
    Answer::Reject { detail, evidence }
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
