//! How what a host built stands with a configuration.

use std::collections::{BTreeMap, BTreeSet};

use crate::binhost::{Candidate, InstanceId};
use crate::check::{Code, Verdict};
use crate::packages::Packages;
use crate::suggest::edit::opposite;
use crate::suggest::propose::fixes::fix;
use crate::suggest::propose::global::{flags_line, variable_of, variables};
use crate::suggest::propose::slot_atom;
use crate::suggest::{Edit, SuggestionKind};

/// A line of make.conf is tried in the place of so many lines for packages.
const LEAST: usize = 3;

/// How packages stand, and what they lack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Those that are taken as they were built.
    pub accepted: BTreeSet<InstanceId>,
    /// Those that lines would let be taken, with these.
    pub fixable: BTreeMap<InstanceId, Vec<Edit>>,
    /// Those that no line helps, with what speaks against them.
    pub left: BTreeMap<InstanceId, Vec<Code>>,
    /// Lines of make.conf that many packages want.
    pub common: Vec<Edit>,
}

/// Of each name and slot the newest build that a host delivers.
pub fn newest_of_slots(
    packages: &Packages<'_>,
    is_wanted: impl Fn(&Candidate) -> bool,
) -> Vec<InstanceId> {
    let mut seen = BTreeSet::new();
    let newest = packages.instances().filter(|id| {
        let (candidate, absent) = packages.entry(*id);
        let package = &candidate.package;
        let slot = package.slot_or_zero().slot().to_owned();
        absent.is_none()
            && is_wanted(candidate)
            && seen.insert((package.cpv.cpn.as_str().to_owned(), slot))
    });
    newest.collect()
}

impl Standing {
    /// How these stand; `is_testing` tells whether the host takes testing packages in general.
    pub fn of(packages: &Packages<'_>, ids: &[InstanceId], is_testing: bool) -> Standing {
        packages.judge(ids);
        let mut standing = Standing::default();
        for id in ids {
            let judged = packages.judged(*id);
            let package = &judged.candidate.package;
            let atom = slot_atom(&package.cpv.cpn, package.slot_or_zero().slot(), packages);
            let lines = || fix(&judged, &atom, packages).map(|fix| fix.edits);
            if judged.verdict == Verdict::Accepted {
                standing.accepted.insert(*id);
            } else if let Some(edits) = lines().filter(|edits| !edits.is_empty()) {
                standing.fixable.insert(*id, edits);
            } else {
                let codes = judged.findings.iter().map(|finding| finding.code);
                standing.left.insert(*id, codes.collect());
            }
        }
        standing.common = keywords_line(&standing, packages)
            .filter(|_| is_testing)
            .into_iter()
            .chain(use_lines(&standing, ids, packages))
            .collect();
        standing
    }

    /// Packages that nothing helps, and lines that the others lack: less is better.
    pub fn cost(&self) -> (usize, usize) {
        let lines: BTreeSet<&Edit> = self.fixable.values().flatten().collect();
        (self.left.len(), lines.len())
    }

    fn lines(&self, wanted: SuggestionKind) -> impl Iterator<Item = &str> {
        let edits = self.fixable.values().flatten();
        edits.filter_map(move |edit| match edit {
            Edit::Line { kind, line } if *kind == wanted => Some(line.as_str()),
            Edit::Line { .. } | Edit::Exclude { .. } | Edit::Option(_) => None,
        })
    }
}

/// Testing packages of this architecture in general, where many are wanted.
fn keywords_line(standing: &Standing, packages: &Packages<'_>) -> Option<Edit> {
    let testing = format!("~{}", packages.local().base.vars.get("ARCH")?);
    let lines = standing.lines(SuggestionKind::Keywords);
    let count = lines.filter(|line| line.ends_with(&format!(" {testing}")));
    (count.count() >= LEAST).then(|| {
        let line = format!("ACCEPT_KEYWORDS=\"${{ACCEPT_KEYWORDS}} {testing}\"");
        Edit::line(SuggestionKind::MakeConf, line)
    })
}

/// For USE, and for each variable of USE_EXPAND, a line with the flags that more packages want than were built otherwise.
fn use_lines(standing: &Standing, ids: &[InstanceId], packages: &Packages<'_>) -> Vec<Edit> {
    let mut wanted: BTreeMap<&str, usize> = BTreeMap::new();
    for line in standing.lines(SuggestionKind::Use) {
        for flag in line.split_whitespace().skip(1) {
            *wanted.entry(flag).or_default() += 1;
        }
    }
    wanted.retain(|_, count| *count >= LEAST);
    let mut against: BTreeMap<String, usize> = BTreeMap::new();
    for id in ids {
        for word in built(packages, *id) {
            let opposite = opposite(&word);
            if wanted.contains_key(opposite.as_str()) {
                *against.entry(opposite).or_default() += 1;
            }
        }
    }
    wanted.retain(|flag, count| *count > against.get(*flag).copied().unwrap_or(0));
    let variables = variables(packages);
    let mut lines: BTreeMap<Option<&str>, BTreeSet<&str>> = BTreeMap::new();
    for flag in wanted.keys() {
        lines
            .entry(variable_of(&variables, flag))
            .or_default()
            .insert(flag);
    }
    let lines = lines
        .iter()
        .map(|(name, flags)| flags_line(*name, flags, packages));
    lines
        .map(|line| Edit::line(SuggestionKind::MakeConf, line))
        .collect()
}

/// The flags of IUSE as a package was built, those that are off with a sign.
fn built(packages: &Packages<'_>, id: InstanceId) -> impl Iterator<Item = String> {
    let package = &packages.entry(id).0.package;
    let enabled: BTreeSet<&str> = package.built_use().collect();
    package.iuse().map(move |iuse| {
        let sign = if enabled.contains(iuse.flag) { "" } else { "-" };
        format!("{sign}{}", iuse.flag)
    })
}
