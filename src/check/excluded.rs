//! `excluded`: an option or a configuration list keeps the package from being used as a binary.
//!
//! Follows `portage: depgraph.py:depgraph._wrapped_select_pkg_highest_available_imp` (`--exclude`,
//! `--usepkg-exclude`, `--usepkg-include`, `--usepkg-exclude-live`) and
//! `bintree.py:binarytree._populate_remote_repo` (`getbinpkg-exclude`, `getbinpkg-include`).

use super::{AbsentRule, Case, Code, Evidence, Policy, Remedy, Rule, RuleResult, Test, always};
use crate::pms::{Dep, Key, Subject};
use crate::source::Source;

const TITLE: &str = "excluded by option or configuration";
const EXPLAIN: &str = "An exclude list matches the package, or an include list does not: --exclude, \
                       --usepkg-exclude and --usepkg-include, usepkg-exclude in repos.conf, getbinpkg-exclude and \
                       getbinpkg-include in binrepos.conf, --usepkg-exclude-live. Remove the entry if you want the \
                       binary package.";

const USEPKG_EXCLUDE: &str = "--usepkg-exclude";

pub(super) const RULE: Rule = Rule {
    code: Code::Excluded,
    title: TITLE,
    explain: EXPLAIN,
    counts: always,
    test: Test::OfBinary(judge),
};

pub(super) const ABSENT: AbsentRule = AbsentRule {
    code: Code::Excluded,
    title: TITLE,
    explain: EXPLAIN,
};

pub(super) fn absent(list: &str, policy: &Policy) -> (Code, String, Evidence) {
    let source = match list.split_once(' ') {
        Some(("getbinpkg-exclude", atom)) => Dep::selection(atom).and_then(|atom| {
            policy
                .defaults
                .source_of("--getbinpkg-exclude", Some(&atom))
        }),
        _ if list == "not in getbinpkg-include" => {
            policy.defaults.source_of("--getbinpkg-include", None)
        }
        _ => None,
    };
    let evidence = Evidence {
        wanted: format!("not what {list} names"),
        found: "excluded".into(),
        sources: source.into_iter().cloned().collect(),
        remedy: Some(Remedy::Advice(format!("change {list}"))),
    };
    (RULE.code, list.to_owned(), evidence)
}

fn judge(case: &Case<'_, '_>) -> RuleResult {
    let Some((list, atom)) = excluding(case) else {
        return RuleResult::Accept;
    };
    if let Some(of_repository) = of_repository(case.policy, list, atom.as_deref()) {
        return of_repository;
    }
    let word = atom.as_deref().and_then(Dep::selection);
    let source = case.policy.defaults.source_of(list, word.as_ref());
    let found = match &atom {
        Some(atom) => format!("matched by {atom}"),
        None => "not in the list".to_owned(),
    };
    RuleResult::Reject {
        detail: match &atom {
            Some(atom) => format!("{list} {atom}"),
            None => list.to_owned(),
        },
        evidence: Evidence {
            wanted: format!("not what {list} keeps out"),
            found,
            sources: source.into_iter().cloned().collect(),
            remedy: Some(Remedy::Advice(format!(
                "change {list} (an option, EMERGE_DEFAULT_OPTS or repos.conf)"
            ))),
        },
    }
}

/// The same for an atom that repos.conf adds.
fn of_repository(policy: &Policy, list: &str, atom: Option<&str>) -> Option<RuleResult> {
    let mut known = policy.lists.of_repositories.iter();
    let is_meant = |(known, _): &&(Dep, Source)| Some(known.as_str()) == atom;
    let (known, source) = known.find(is_meant).filter(|_| list == USEPKG_EXCLUDE)?;
    let (name, repository) = known.as_str().split_once("::")?;
    let list = format!("usepkg-exclude {name} of [{repository}] in {source}");
    Some(RuleResult::Reject {
        evidence: Evidence {
            wanted: format!("not what {list} keeps out"),
            found: format!("matched by {known}"),
            sources: vec![source.clone()],
            remedy: Some(Remedy::Advice(format!("change {list}"))),
        },
        detail: list,
    })
}

/// Whether the lists of `usepkg-exclude` and `-include` keep a binary package out.
pub(crate) fn by_usepkg_lists(policy: &Policy, subject: &Subject<'_>) -> bool {
    let include = &policy.lists.usepkg_include;
    listed(&policy.lists.usepkg_exclude, subject)
        || !include.is_empty() && !listed(include, subject)
}

/// Whether those lists end emerge's search among binary packages here; `--exclude` comes before them
/// and only passes a package over.
pub(crate) fn ends_search(policy: &Policy, subject: &Subject<'_>) -> bool {
    !listed(&policy.lists.exclude, subject) && by_usepkg_lists(policy, subject)
}

fn listed(atoms: &[Dep], subject: &Subject<'_>) -> bool {
    atoms.iter().any(|atom| atom.matches(subject))
}

/// The list that keeps the candidate out, and the atom in it.
fn excluding(case: &Case<'_, '_>) -> Option<(&'static str, Option<String>)> {
    let subject = case.facts.subject();
    let policy = case.policy;
    let find = |atoms: &[Dep]| {
        atoms
            .iter()
            .find(|atom| atom.matches(&subject))
            .map(|atom| atom.to_string())
    };
    if let Some(atom) = find(&policy.lists.exclude) {
        return Some(("--exclude", Some(atom)));
    }
    let is_own = |atom: &Dep| policy.lists.own.iter().any(|own| own.atom == *atom);
    let mut users = policy
        .lists
        .usepkg_exclude
        .iter()
        .filter(|atom| !is_own(atom));
    if let Some(atom) = users.find(|atom| atom.matches(&subject)) {
        return Some((USEPKG_EXCLUDE, Some(atom.to_string())));
    }
    if !policy.lists.usepkg_include.is_empty() && find(&policy.lists.usepkg_include).is_none() {
        return Some(("--usepkg-include", None));
    }
    let live = policy.lists.exclude_live
        && case
            .facts
            .text(Key::Properties)
            .split_whitespace()
            .any(|word| word == "live");
    live.then(|| ("--usepkg-exclude-live", Some("PROPERTIES=live".to_owned())))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::binhost::Absent;
    use crate::check::testing::Machine;
    use crate::pms::Syntax;

    /// What the rule says under options that a change makes.
    fn detail(change: impl FnOnce(&mut Policy)) -> Option<String> {
        Machine::new().policy(change).detail(Code::Excluded, &[])
    }

    fn atoms(text: &str) -> Vec<Dep> {
        text.split(' ')
            .map(|atom| Dep::parse(atom, Syntax::USER).unwrap())
            .collect()
    }

    #[test]
    fn lists_that_name_the_package_or_do_not() {
        assert_eq!(detail(|_| {}), None);
        assert_eq!(detail(|policy| policy.lists.exclude = atoms("a/b")), None);
        assert_eq!(
            detail(|policy| policy.lists.usepkg_include = atoms("sys-libs/*")),
            None
        );
        for (detail, wanted) in [
            (
                detail(|policy| policy.lists.exclude = atoms("sys-libs/zlib:0")),
                "--exclude sys-libs/zlib:0",
            ),
            (
                detail(|policy| policy.lists.usepkg_exclude = atoms("*/zlib")),
                "--usepkg-exclude */zlib",
            ),
            (
                detail(|policy| policy.lists.usepkg_include = atoms("a/b")),
                "--usepkg-include",
            ),
        ] {
            assert_eq!(detail.as_deref(), Some(wanted));
        }
    }

    #[test]
    fn live_packages_are_excluded_on_demand() {
        let live = [(Key::Properties, "live")];
        let machine = Machine::new().policy(|policy| policy.lists.exclude_live = true);
        assert!(machine.detail(Code::Excluded, &live).is_some());
        assert_eq!(machine.detail(Code::Excluded, &[]), None);
    }

    #[test]
    fn what_never_enters_the_database_has_this_one_finding() {
        let list = Absent::Excluded("getbinpkg-exclude a/b".to_owned());
        let machine = Machine::new().absent(list);
        let broken = [(Key::Eapi, "nonsense")];
        assert_eq!(
            machine.detail(Code::Excluded, &broken).as_deref(),
            Some("getbinpkg-exclude a/b")
        );
        assert_eq!(machine.detail(Code::Eapi, &broken), None);
    }
}
