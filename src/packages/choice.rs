//! Which of the instances that satisfy an atom emerge takes
//! (`portage: depgraph.py:depgraph._wrapped_select_pkg_highest_available_imp`).
//!
//! The first acceptable one, with two things that a verdict on one instance cannot know: a package that
//! `usepkg-exclude` names (or `-include` does not) ends the search among all of them, and an ebuild of the
//! same version is only requested if some ebuild satisfies the atom.

use super::{PackageId, Packages};
use crate::binhost::InstanceId;
use crate::check::{self, Record, Verdict};
use crate::pms::{Cpn, Dep};

/// Which instance emerge would take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// This one: the first that is accepted, or that lacks nothing but an ebuild where none satisfies the atom.
    Taken(InstanceId),
    /// None, because an exclude or include list ends the search at this one.
    Ended(InstanceId),
    /// None.
    Nothing,
    /// It cannot be determined.
    Unknown,
}

impl Packages<'_> {
    /// The choice among these instances, best first; without an atom, for their name.
    pub fn choose(&self, atom: Option<&Dep>, instances: &[InstanceId]) -> Choice {
        let many_names = atom.is_some_and(Dep::is_wildcard);
        let mut unknown = false;
        for &id in instances {
            let judged = self.judged(id);
            if judged.absent.is_some() {
                continue;
            }
            let package = &judged.candidate.package;
            if check::excluded::ends_search(self.policy(), &package.subject()) {
                match (many_names, unknown) {
                    (true, _) => continue,
                    (false, true) => return Choice::Unknown,
                    (false, false) => return Choice::Ended(id),
                }
            }
            match judged.verdict {
                Verdict::Accepted => return Choice::Taken(id),
                Verdict::Unknown => unknown = true,
                Verdict::Rejected => {
                    if check::lacks_only_an_ebuild(&judged)
                        && !self.policy().compare.use_ebuild_visibility
                        && !self.has_ebuild(&package.cpv.cpn, atom)
                    {
                        return Choice::Taken(id);
                    }
                }
            }
        }
        if unknown {
            Choice::Unknown
        } else {
            Choice::Nothing
        }
    }

    /// Whether emerge would find an ebuild. One whose metadata cannot be read counts.
    fn has_ebuild(&self, cpn: &Cpn, atom: Option<&Dep>) -> bool {
        if !self.policy().sources.ebuilds {
            return false;
        }
        let ids = self.ebuilds_of(cpn);
        let satisfies = |id| self.satisfies(&self.record(PackageId::Ebuild(id)), atom);
        ids.len() < self.all_ebuilds_of(cpn).len() || ids.into_iter().any(satisfies)
    }

    fn satisfies(&self, ebuild: &Record<'_>, atom: Option<&Dep>) -> bool {
        let subject = ebuild.package.subject();
        let fits = |atom: &Dep| atom.matches(&subject);
        if self.policy().lists.exclude.iter().any(fits) || !atom.is_none_or(fits) {
            return false;
        }
        let facts = ebuild.facts();
        let flag = |flag: &str| facts.flags.is_valid(flag).then(|| facts.enabled(flag));
        facts.is_visible() && atom.is_none_or(|atom| atom.use_matches(flag))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::binhost::{Absent, Pool};
    use crate::check::{Code, Evidence, Finding, Policy};
    use crate::local::Trees;
    use crate::packages::{Origins, Shelf};
    use crate::pms::Syntax;
    use crate::report::fixture::{self, candidate, workstation};
    use crate::source::Notices;

    /// What is chosen of builds of dev-lang/python, each written as its version and what is found against it;
    /// the tree has 3.13.7.
    fn choose(options: &[&str], atom: &str, builds: &[&str]) -> String {
        let notices = Notices::default();
        let local = workstation(&notices);
        let mut pool = Pool::default();
        for build in builds {
            let version = build.split(' ').next().unwrap();
            let cpv = format!("dev-lang/python-{version}");
            let absent = build.contains("shadowed").then_some(Absent::Shadowed(None));
            pool.entries.push((candidate(&cpv, None, Some(1)), absent));
        }
        let shelf = Shelf::default();
        let policy = policy(options);
        let trees = Trees::open(&local.base).unwrap();
        let origins = Origins {
            local: &local,
            policy: &policy,
            trees: &trees,
            hosts: &[],
            pool: &pool,
            notices: &notices,
        };
        let packages = Packages::new(&shelf, origins);
        let ids: Vec<InstanceId> = pool.ids().collect();
        for (id, build) in ids.iter().zip(builds) {
            packages.instances.keep(*id, findings(build));
        }
        let atom = Dep::parse(atom, Syntax::USER).unwrap();
        match packages.choose(Some(&atom), &ids) {
            Choice::Taken(id) => format!("taken {}", id.index()),
            Choice::Ended(id) => format!("ended {}", id.index()),
            Choice::Nothing => "nothing".to_owned(),
            Choice::Unknown => "unknown".to_owned(),
        }
    }

    /// Options as `--name` or `--name=atom`.
    fn policy(options: &[&str]) -> Policy {
        let mut policy = fixture::policy();
        for option in options {
            let (name, atom) = option.split_once('=').unwrap_or((option, "*/*"));
            let syntax = Syntax {
                wildcard: true,
                ..Syntax::USER
            };
            let atoms = vec![Dep::parse(atom, syntax).unwrap()];
            match name {
                "--exclude" => policy.lists.exclude = atoms,
                "--usepkg-exclude" => policy.lists.usepkg_exclude = atoms,
                "--usepkg-include" => policy.lists.usepkg_include = atoms,
                "--use-ebuild-visibility" => policy.compare.use_ebuild_visibility = true,
                _ => panic!("{option}"),
            }
        }
        policy
    }

    fn findings(build: &str) -> Vec<Finding> {
        let finding = |word: &str| Finding {
            code: [Code::Ebuild, Code::Use, Code::Shadowed]
                .into_iter()
                .find(|code| word.starts_with(code.as_str()))
                .unwrap(),
            certain: !word.ends_with('?'),
            detail: String::new(),
            evidence: Evidence::default(),
        };
        build.split(' ').skip(1).map(finding).collect()
    }

    #[test]
    fn the_first_acceptable_instance_is_taken() {
        for (builds, choice) in [
            (&["3.13.7", "3.13.5"][..], "taken 0"),
            (&["3.13.7 shadowed", "3.13.7"], "taken 1"),
            (&["3.13.7 use", "3.13.7"], "taken 1"),
            (&["3.13.7 use?", "3.13.7"], "taken 1"),
            (&["3.13.7 use?", "3.13.5 use"], "unknown"),
            (&["3.13.7 use"], "nothing"),
            (&["3.13.5 ebuild"], "nothing"),
        ] {
            assert_eq!(choose(&[], "dev-lang/python", builds), choice, "{builds:?}");
        }
    }

    #[test]
    fn no_ebuild_is_asked_for_where_none_serves_the_atom() {
        let builds = &["3.13.5 ebuild"];
        for (options, atom, choice) in [
            (&[][..], "=dev-lang/python-3.13.5", "taken 0"),
            (&[], "~dev-lang/python-3.13.5", "taken 0"),
            (&[], "<=dev-lang/python-3.13.7", "nothing"),
            (&[], "dev-lang/python::site", "taken 0"),
            (&["--exclude=*/python"], "dev-lang/python", "taken 0"),
            (
                &["--use-ebuild-visibility"],
                "=dev-lang/python-3.13.5",
                "nothing",
            ),
        ] {
            assert_eq!(choose(options, atom, builds), choice, "{options:?} {atom}");
        }
        let atom = "=dev-lang/python-3.13.5";
        assert_eq!(choose(&[], atom, &["3.13.5 ebuild use"]), "nothing");
        assert_eq!(choose(&[], atom, &["3.13.5 ebuild?"]), "unknown");
    }

    #[test]
    fn the_search_ends_at_a_package_that_a_list_keeps_out() {
        let builds = &["3.13.7 use", "3.13.5"];
        for (option, choice) in [
            ("--usepkg-exclude=*/python", "ended 0"),
            ("--usepkg-include=*/perl", "ended 0"),
            ("--usepkg-include=*/python", "taken 1"),
            // This one only passes over.
            ("--exclude=*/python", "taken 1"),
        ] {
            assert_eq!(
                choose(&[option], "dev-lang/python", builds),
                choice,
                "{option}"
            );
        }
        let options = &["--usepkg-exclude=*/python"];
        assert_eq!(choose(options, "dev-lang/*", builds), "nothing");
        let doubtful = &["3.13.7 shadowed", "3.13.7 use"];
        assert_eq!(choose(options, "dev-lang/python", doubtful), "ended 1");
    }
}
