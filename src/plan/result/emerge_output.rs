//! What `emerge --pretend` prints, and where it differs from a plan
//! (`portage: _emerge/resolver/output.py:Display`).

use std::collections::BTreeMap;

use crate::plan::result::plan::{Merge, Plan};
use crate::pms::{Cpv, Kind};

/// One line of emerge's merge list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmergeOutput {
    /// The package.
    pub cpv: Cpv,
    /// Whether it comes from a binary package.
    pub binary: bool,
    /// Its build id, where emerge shows one.
    pub build_id: Option<i64>,
}

/// Read the merge list out of emerge's output; all other lines are skipped.
pub fn merge_list(text: &str) -> Vec<EmergeOutput> {
    text.lines().filter_map(merge_line).collect()
}

/// `[binary   R    ] cat/pkg-1.0-2:0/3::repo  USE="…" 12 KiB`
fn merge_line(line: &str) -> Option<EmergeOutput> {
    let (head, rest) = line.trim_start().strip_prefix('[')?.split_once(']')?;
    let binary = match head.split_whitespace().next()? {
        "binary" => true,
        "ebuild" => false,
        _ => return None,
    };
    let word = rest.split_whitespace().next()?;
    let word = word.split_once("::").map_or(word, |(word, _)| word);
    let word = word.split_once(':').map_or(word, |(word, _)| word);
    if let Some(cpv) = Cpv::parse(word) {
        let build_id = None;
        return Some(EmergeOutput {
            cpv,
            binary,
            build_id,
        });
    }
    let (word, id) = word.rsplit_once('-')?;
    Some(EmergeOutput {
        cpv: Cpv::parse(word)?,
        binary,
        build_id: Some(id.parse().ok()?),
    })
}

/// One package that emerge and the plan see differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The package.
    pub cpv: Cpv,
    /// What emerge would do; `None` if it does not list the package.
    pub emerge: Option<MergeSource>,
    /// What the plan says; `None` if it does not list the package.
    pub plan: Option<MergeSource>,
}

/// Where a listed package comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MergeSource {
    /// The ebuild.
    Ebuild,
    /// A binary package, with its build id where that is known.
    Binary(Option<i64>),
}

impl MergeSource {
    fn of_merge(merge: &Merge<'_>) -> MergeSource {
        match merge.package.kind {
            Kind::Ebuild => MergeSource::Ebuild,
            Kind::Binary | Kind::Installed => MergeSource::Binary(merge.package.build_id),
        }
    }

    fn of_line(line: &EmergeOutput) -> MergeSource {
        if line.binary {
            MergeSource::Binary(line.build_id)
        } else {
            MergeSource::Ebuild
        }
    }

    /// Whether both agree; a build id counts where both know it.
    fn agrees(self, other: MergeSource) -> bool {
        match (self, other) {
            (MergeSource::Ebuild, MergeSource::Ebuild) => true,
            (MergeSource::Binary(one), MergeSource::Binary(other)) => {
                one.is_none() || other.is_none() || one == other
            }
            _ => false,
        }
    }
}

/// Where a plan and emerge's list differ, in order of name.
pub fn differences(plan: &Plan<'_>, emerge: &[EmergeOutput]) -> Vec<Difference> {
    let mut all: BTreeMap<String, Difference> = BTreeMap::new();
    let empty = |cpv: &Cpv| Difference {
        cpv: cpv.clone(),
        emerge: None,
        plan: None,
    };
    for merge in &plan.merges {
        let cpv = &merge.package.cpv;
        let entry = all.entry(cpv.to_string()).or_insert_with(|| empty(cpv));
        entry.plan = Some(MergeSource::of_merge(merge));
    }
    for line in emerge {
        let entry = all
            .entry(line.cpv.to_string())
            .or_insert_with(|| empty(&line.cpv));
        entry.emerge = Some(MergeSource::of_line(line));
    }
    let differs = |difference: &Difference| match (difference.emerge, difference.plan) {
        (Some(emerge), Some(plan)) => !emerge.agrees(plan),
        _ => true,
    };
    all.into_values().filter(differs).collect()
}

/// Where two lists of the same merges part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderDifference {
    /// How many merges come before.
    pub after: usize,
    /// What emerge merges next.
    pub emerge: Cpv,
    /// What the plan merges next.
    pub plan: Cpv,
}

/// The first place where emerge's list has another order than the plan.
pub fn order_difference(plan: &Plan<'_>, emerge: &[EmergeOutput]) -> Option<OrderDifference> {
    let merges = plan.merges.iter().map(|merge| &merge.package.cpv);
    let pairs = merges.zip(emerge.iter().map(|line| &line.cpv)).enumerate();
    let mut parted = pairs.filter(|(_, (plan, emerge))| plan != emerge);
    let (after, (plan, emerge)) = parted.next()?;
    Some(OrderDifference {
        after,
        emerge: emerge.clone(),
        plan: plan.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_emerge() {
        for (line, expected) in [
            (
                "[ebuild  N     ] a/b-1::gentoo  USE=\"-x\" 0 KiB",
                "a/b-1 false None",
            ),
            (
                "[binary   R    ] a/b-1.0-r2-3:0/5::gentoo  12 KiB",
                "a/b-1.0-r2 true Some(3)",
            ),
            (
                "[binary    gU  ] a/b-1_p2-12::x [1::x]",
                "a/b-1_p2 true Some(12)",
            ),
            (
                "  [ebuild     UD ]  a/lib3-2:3.1::gentoo",
                "a/lib3-2 false None",
            ),
        ] {
            let read = merge_line(line)
                .map(|read| format!("{} {} {:?}", read.cpv, read.binary, read.build_id));
            assert_eq!(read.as_deref(), Some(expected), "{line}");
        }
        for line in [
            "[blocks B      ] a/b (\"a/b\" is blocking c/d-1)",
            "[uninstall     ] a/b-1::gentoo",
            "[ebuild",
            "[binary N ] not-a-package",
            "Total: 2 packages",
            "",
        ] {
            assert_eq!(merge_line(line), None, "{line}");
        }
    }

    #[test]
    fn a_build_id_counts_where_both_know_it() {
        for (one, other, agrees) in [
            (MergeSource::Ebuild, MergeSource::Ebuild, true),
            (MergeSource::Ebuild, MergeSource::Binary(None), false),
            (
                MergeSource::Binary(Some(1)),
                MergeSource::Binary(Some(1)),
                true,
            ),
            (
                MergeSource::Binary(Some(1)),
                MergeSource::Binary(Some(2)),
                false,
            ),
            (
                MergeSource::Binary(Some(1)),
                MergeSource::Binary(None),
                true,
            ),
        ] {
            assert_eq!(one.agrees(other), agrees, "{one:?} {other:?}");
            assert_eq!(other.agrees(one), agrees, "{other:?} {one:?}");
        }
    }
}
