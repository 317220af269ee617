//! What tells builds of one version apart, where nothing speaks against any of them: USE that Portage does not compare.

use std::collections::BTreeSet;

use super::Report;
use crate::check::{Judged, Verdict};
use crate::pms::signed;

/// How many flags are named.
const NAMED: usize = 6;
/// With how many builds on either side one is compared.
const COMPARED: usize = 30;

/// The flags in which an accepted instance differs from other accepted ones of its version, with `-` if it was built
/// without; empty where there is no other, or none differs.
pub fn apart(report: &Report<'_>, judged: &Judged<'_>) -> Vec<String> {
    // Instances of one version stand together.
    let Some((before, after)) = report.instances.around(judged.id) else {
        return Vec::new();
    };
    let package = &judged.candidate.package;
    let is_of_version = |other: &&Judged<'_>| other.candidate.package.cpv == package.cpv;
    let before = before.take_while(is_of_version).take(COMPARED);
    let after = after.take_while(is_of_version).take(COMPARED);
    let own: BTreeSet<&str> = package.built_use().collect();
    let mut flags: BTreeSet<String> = BTreeSet::new();
    for other in before.chain(after) {
        if other.verdict != Verdict::Accepted || judged.verdict != Verdict::Accepted {
            continue;
        }
        let others: BTreeSet<&str> = other.candidate.package.built_use().collect();
        let differing = own.symmetric_difference(&others);
        flags.extend(differing.map(|flag| signed(flag, own.contains(flag))));
    }
    let left = flags.len().saturating_sub(NAMED);
    let mut flags: Vec<String> = flags.into_iter().take(NAMED).collect();
    flags.extend((left > 0).then(|| format!("and {left} more")));
    flags
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::pms::{Key, Metadata};
    use crate::report::fixture::{candidate, fixture, report};

    #[test]
    fn flags_in_which_accepted_builds_differ() {
        let mut fixture = fixture(&["app-misc/jq"]);
        let build = |uses: &str| {
            let mut made = candidate("app-misc/jq-1.7", None, None);
            made.package.metadata = Metadata::from_pairs([(Key::Use, uses)]);
            (made, None)
        };
        fixture.pool.entries = vec![build("amd64 static"), build("amd64"), build("amd64 x")];
        fixture.findings = vec![Vec::new(); 3];
        let report = report(&fixture);
        let of = |place: usize| apart(&report, &report.instances.as_slice()[place]).join(" ");
        assert_eq!(of(0), "-x static");
        assert_eq!(of(1), "-static -x");
    }
}
