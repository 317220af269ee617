//! `deps`: the ebuild of this version has other dependencies than the binary package.
//!
//! Follows `portage: depgraph.py:depgraph._changed_deps`: both sides are reduced with the flags that the
//! package was built with, `:slot/sub-slot=` loses what a build wrote into it, the C library that builds
//! add to RDEPEND is left out, and what remains must be the same, in the same order.

use std::collections::HashSet;

use super::changed_deps::normal_form;
pub(crate) use super::dependencies::{KEYS, read};
use super::{Case, Code, Evidence, Facts, Remedy, Rule, RuleResult, Test, ebuild};
use crate::pms::{Dep, Key, Reduced, depspec};
use crate::source::Source;

pub(super) const RULE: Rule = Rule {
    code: Code::Deps,
    title: "dependencies changed",
    explain: "The ebuild's dependencies were changed after the package was built. The binary may still work; take it \
              with --binpkg-changed-deps=n, or wait until the binhost has built it again.",
    counts: |policy| policy.compare.changed_deps.is_on(),
    test: Test::OfBinary(judge),
};

fn judge(case: &Case<'_, '_>) -> RuleResult {
    if case.is_old_package() {
        return RuleResult::Accept;
    }
    let package = case.package();
    let Some(own) = case.ebuilds.own(package) else {
        return case
            .ebuilds
            .unread(package)
            .map_or(RuleResult::Accept, |name| ebuild::unreadable(package, name));
    };
    if let Some(repository) = case.ebuilds.unread(package) {
        return ebuild::unreadable(package, repository);
    }
    let ebuild = own.facts();
    let changed = case.changed_deps();
    if changed.is_empty() {
        return RuleResult::Accept;
    }
    let names: Vec<&str> = changed.iter().map(|key| key.name()).collect();
    RuleResult::Reject {
        detail: names.join(" "),
        evidence: evidence(case, ebuild, changed),
    }
}

fn evidence(case: &Case<'_, '_>, ebuild: &Facts<'_>, changed: &[Key]) -> Evidence {
    let (mut wanted, mut found) = (Vec::new(), Vec::new());
    for &key in changed {
        let ours = normal_form(ebuild, case.facts, key)
            .map(|nodes| texts(&nodes))
            .unwrap_or_default();
        let theirs = normal_form(case.facts, case.facts, key)
            .map(|nodes| texts(&nodes))
            .unwrap_or_default();
        wanted.push(format!("{}: {}", key.name(), only_in(&ours, &theirs)));
        found.push(format!("{}: {}", key.name(), only_in(&theirs, &ours)));
    }
    Evidence {
        wanted: wanted.join("; "),
        found: found.join("; "),
        sources: only_for_building(case, changed),
        remedy: Some(Remedy::Option("--binpkg-changed-deps=n".into())),
    }
}

/// Where the option comes from without which what differs would not be compared.
fn only_for_building(case: &Case<'_, '_>, changed: &[Key]) -> Vec<Source> {
    let is_for_building = |key: &Key| matches!(key, Key::Depend | Key::Bdepend);
    let source = case.policy.defaults.source_of("--with-bdeps", None);
    let source = source.filter(|_| changed.iter().all(is_for_building));
    source.into_iter().cloned().collect()
}

/// The nodes of a variable that only the ebuild has, and those that only the built package has; nothing where one of
/// them cannot be read.
pub(crate) fn only_on_one_side(
    built: &Facts<'_>,
    ebuild: &Facts<'_>,
    key: Key,
) -> (Vec<String>, Vec<String>) {
    let sides = [ebuild, built].map(|facts| normal_form(facts, built, key));
    let [Some(ours), Some(theirs)] = sides.map(|side| side.map(|nodes| texts(&nodes))) else {
        return (Vec::new(), Vec::new());
    };
    let only = |here: &[String], there: &[String]| -> Vec<String> {
        let others: HashSet<&String> = there.iter().collect();
        let own = here.iter().filter(|text| !others.contains(text));
        own.cloned().collect()
    };
    (only(&ours, &theirs), only(&theirs, &ours))
}

/// What one side has and the other has not, or that only the order differs.
fn only_in(here: &[String], there: &[String]) -> String {
    let others: HashSet<&String> = there.iter().collect();
    let own: Vec<&str> = here
        .iter()
        .filter(|text| !others.contains(text))
        .map(String::as_str)
        .collect();
    let ours: HashSet<&String> = here.iter().collect();
    if !own.is_empty() {
        own.join(" ")
    } else if there.iter().all(|text| ours.contains(text)) {
        "the same in another order or number".to_owned()
    } else {
        "nothing more".to_owned()
    }
}

fn texts(nodes: &[Reduced<Dep>]) -> Vec<String> {
    nodes
        .iter()
        .map(|node| depspec::reduced_text(std::slice::from_ref(node)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::Machine;

    const LINES: &str =
        "IUSE=minizip\nKEYWORDS=amd64\nLICENSE=ZLIB\nSLOT=0/1\nRDEPEND=a/one:= b/two\n";

    fn machine() -> Machine {
        Machine::new().ebuild("sys-libs", "zlib-1.3.1", "zlib", LINES)
    }

    #[test]
    fn what_a_build_wrote_into_them_does_not_count() {
        let machine = machine();
        let detail = |deps| machine.detail(Code::Deps, &[(Key::Rdepend, deps)]);
        assert_eq!(detail("a/one:0/3= b/two"), None);
        assert_eq!(detail("a/one:0/3= b/two minizip? ( c/three )"), None);
        assert_eq!(detail("a/one:0/3=").as_deref(), Some("RDEPEND"));
        assert_eq!(
            detail("b/two a/one:0/3=").as_deref(),
            Some("RDEPEND"),
            "the order"
        );
        assert_eq!(detail("not an atom (").as_deref(), Some("RDEPEND"));
    }

    #[test]
    fn build_dependencies_count_on_demand() {
        let deps = [(Key::Rdepend, "a/one:0/3= b/two"), (Key::Bdepend, "d/four")];
        assert_eq!(machine().detail(Code::Deps, &deps), None);
        let bdeps = machine().policy(|policy| policy.compare.bdeps = true);
        assert_eq!(bdeps.detail(Code::Deps, &deps).as_deref(), Some("BDEPEND"));
    }

    #[test]
    fn it_cannot_be_told_without_metadata() {
        let entry = "var/db/repos/gentoo/metadata/md5-cache/sys-libs/zlib-1.3.1";
        let stale = Machine::new().without(entry);
        let detail = stale.detail(Code::Deps, &[(Key::Rdepend, "a/one")]);
        assert_eq!(
            detail.as_deref(),
            Some("? no valid md5-cache entry in gentoo")
        );
    }

    #[test]
    fn evidence_names_what_only_one_side_has() {
        let texts = |text: &str| -> Vec<String> { text.split(' ').map(str::to_owned).collect() };
        for (here, there, only) in [
            ("a b", "b", "a"),
            ("a b", "b a", "the same in another order or number"),
            ("a", "a b", "nothing more"),
        ] {
            assert_eq!(only_in(&texts(here), &texts(there)), only);
        }
    }
}
