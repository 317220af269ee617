//! From what speaks against an instance to the lines that would lift it.

use crate::binhost::HostState;
use crate::check::r#use::is_about_stable;
use crate::check::{Code, Finding, Judged, Record, Remedy};
use crate::packages::{PackageId, Packages};
use crate::pms::{Key, RequiredUse};
use crate::source::Source;
use crate::suggest::edit::{Edit, OptionChange, SuggestionKind};
use crate::suggest::forbidden::is_forbidden;
use crate::suggest::note::SuggestionNote;

/// What it takes, and what should be known of it.
pub(in crate::suggest) struct Fix {
    pub(in crate::suggest) edits: Vec<Edit>,
    pub(in crate::suggest) notes: Vec<SuggestionNote>,
}

/// How many deciding lines are named.
const MOST_SOURCES: usize = 3;

/// What lifts all that speaks against an instance; `None` where something cannot, or should not, be lifted.
pub(in crate::suggest) fn fix(
    judged: &Judged<'_>,
    atom: &str,
    packages: &Packages<'_>,
) -> Option<Fix> {
    let mut fix = Fix {
        edits: Vec::new(),
        notes: Vec::new(),
    };
    for finding in judged.findings {
        let edit = edit(finding, atom, packages)?;
        if !fix.edits.contains(&edit) {
            fix.edits.push(edit);
        }
        if finding.code == Code::Use && !meets_required_use(judged, packages) {
            return None;
        }
        if finding.code == Code::Use {
            fix.notes
                .extend(overridden(&finding.evidence.sources, packages));
        }
    }
    Some(fix)
}

/// What lifts masks; `None` where something cannot, or should not, be lifted.
pub(super) fn lifts(masks: &[Finding], atom: &str, packages: &Packages<'_>) -> Option<Vec<Edit>> {
    let edits = masks.iter().map(|mask| edit(mask, atom, packages));
    edits.collect()
}

/// Whether the ebuild could be built with the USE of the package: Portage does not ask that of binary packages, but a
/// line of package.use counts for the ebuild too.
fn meets_required_use(judged: &Judged<'_>, packages: &Packages<'_>) -> bool {
    let built = packages.record(PackageId::Binary(judged.id));
    let flags = &built.facts().flags;
    let ebuilds = packages.own_ebuilds(&judged.candidate.package.cpv);
    let meets = |ebuild: &Record<'_>| {
        let package = ebuild.package;
        let text = package.metadata.text(Key::RequiredUse);
        let required = RequiredUse::parse(text, package.eapi);
        required.is_ok_and(|required| required.is_met(&|flag| flags.built_with(flag)))
    };
    ebuilds.own(built.package).is_none_or(meets)
}

fn edit(finding: &Finding, atom: &str, packages: &Packages<'_>) -> Option<Edit> {
    if !finding.certain {
        return None;
    }
    match (&finding.evidence.remedy, finding.code) {
        (_, Code::Deps) => Some(Edit::Option(OptionChange::IgnoreChangedDeps)),
        (Some(Remedy::Line { line, file }), code) => {
            let kind =
                SuggestionKind::of_file(file).filter(|kind| *kind != SuggestionKind::Mask)?;
            match (kind, code) {
                (SuggestionKind::Use, Code::Use) => use_line(finding, line, atom),
                // The rule names only what stands in such a line as itself.
                (SuggestionKind::MakeConf, Code::Chost) => Some(Edit::line(kind, line.clone())),
                // What has no keyword for this architecture was not tested on it.
                (SuggestionKind::Keywords, _) if line.ends_with(" **") => None,
                _ => is_plain(line).then(|| Edit::line(kind, line.clone())),
            }
        }
        (_, Code::Use) => as_testing(finding, atom, packages),
        _ => None,
    }
}

/// Whether a line names things and nothing like `*`, `@GROUP` or `-x`: its words come from an index, and whoever made
/// that does not choose what is accepted beyond the one package.
fn is_plain(line: &str) -> bool {
    let is_plain = |word: &str| {
        let word = word.strip_prefix('~').unwrap_or(word);
        let is_part = |c: char| c.is_ascii_alphanumeric() || "_.+-".contains(c);
        word.starts_with(|c: char| c.is_ascii_alphanumeric()) && word.chars().all(is_part)
    };
    line.split_whitespace().skip(1).all(is_plain)
}

/// The line of package.use, for the package instead of for one version.
fn use_line(finding: &Finding, line: &str, atom: &str) -> Option<Edit> {
    let (_, flags) = line.split_once(' ')?;
    is_choice(finding).then(|| Edit::line(SuggestionKind::Use, format!("{atom} {flags}")))
}

/// Whether none of the flags that differ makes a package one for another kind of system.
fn is_choice(finding: &Finding) -> bool {
    let mut flags = finding.detail.split_whitespace();
    !flags.any(|flag| is_forbidden(flag.trim_start_matches('-')))
}

/// Flags that are held for stable packages alone are free where the package counts as testing.
fn as_testing(finding: &Finding, atom: &str, packages: &Packages<'_>) -> Option<Edit> {
    let arch = packages.local().base.vars.get("ARCH")?;
    let is_held = finding.evidence.sources.iter().any(is_about_stable);
    let edit = || Edit::line(SuggestionKind::Keywords, format!("{atom} ~{arch}"));
    (is_held && is_choice(finding)).then(edit)
}

/// What is set on purpose, by this machine's user or by its profile, and would no longer hold.
fn overridden(sources: &[Source], packages: &Packages<'_>) -> Vec<SuggestionNote> {
    let base = &packages.local().base;
    let note = |source: &Source| {
        let path = source.path()?;
        let nodes = &base.profile.nodes;
        match path.starts_with(&base.roots.user_config) {
            true => Some(SuggestionNote::OverridesUser(source.clone())),
            false if nodes.iter().any(|node| path.starts_with(&node.dir)) => {
                Some(SuggestionNote::OverridesProfile(source.clone()))
            }
            false => None,
        }
    };
    sources.iter().take(MOST_SOURCES).filter_map(note).collect()
}

/// Until when staying with the versions of a host makes sense: it builds new ones meanwhile.
pub(super) fn stay_until(host: &HostState, packages: &Packages<'_>) -> Option<SuggestionNote> {
    let base = &packages.local().base;
    let built = host.index.as_ref()?.timestamp?;
    let synced = base.repositories.synced(&base.chroot);
    let host = if host.repo.named {
        host.repo.name.clone()
    } else {
        host.repo.sync_uri.to_string()
    };
    Some(match synced.filter(|synced| *synced > built) {
        Some(synced) => SuggestionNote::TreeIsNewer {
            seconds: synced.saturating_sub(built),
            synced,
            host,
        },
        None => SuggestionNote::WaitFor(host),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_an_index_accept_no_more_than_they_name() {
        for (line, plain) in [
            ("=a/b-1 GPL-2+ MIT", true),
            ("=a/b-1 ~amd64", true),
            ("=a/b-1 *", false),
            ("=a/b-1 MIT @EULA", false),
            ("=a/b-1 -MIT", false),
            ("=a/b-1 $(reboot)", false),
            ("=a/b-1 ~*", false),
        ] {
            assert_eq!(is_plain(line), plain, "{line}");
        }
    }
}
