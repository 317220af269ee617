//! Which of the instances that serve an atom emerge takes
//! (`portage: depgraph.py:depgraph._wrapped_select_pkg_highest_available_imp`).
//!
//! The first acceptable one, with two things that a verdict on one instance cannot know: a package that
//! `usepkg-exclude` names (or `-include` does not) ends the search among all of them, and an ebuild of the
//! same version is only asked for if some ebuild serves the atom.

use crate::check::{self, Facts, Judged, Policy, Verdict};
use crate::local::Local;
use crate::local::trees::{Ebuild, Ebuilds};
use crate::pms::{Dep, Package};
use crate::report::Choice;

/// What the choice depends on besides the instances.
pub(super) struct Chooser<'a> {
    pub(super) local: &'a Local,
    pub(super) ebuilds: &'a Ebuilds,
    pub(super) policy: &'a Policy,
}

impl Chooser<'_> {
    /// The choice among the instances at these positions, best first; without an atom, for their name.
    pub(super) fn choose(
        &self,
        atom: Option<&Dep>,
        positions: &[usize],
        instances: &[Judged<'_>],
    ) -> Choice {
        let many_names = atom.is_some_and(Dep::is_wildcard);
        let mut doubt = false;
        for &position in positions {
            let judged = &instances[position];
            if judged.absent.is_some() {
                continue;
            }
            let package = &judged.candidate.package;
            if check::excluded::ends_search(self.policy, &package.subject()) {
                match (many_names, doubt) {
                    (true, _) => continue,
                    (false, true) => return Choice::Unknown,
                    (false, false) => return Choice::Ended(position),
                }
            }
            match judged.verdict {
                Verdict::Accepted => return Choice::Taken(position),
                Verdict::Unknown => doubt = true,
                Verdict::Rejected if self.needs_no_ebuild(judged, atom) => {
                    return Choice::Taken(position);
                }
                Verdict::Rejected => {}
            }
        }
        if doubt {
            Choice::Unknown
        } else {
            Choice::Nothing
        }
    }

    fn needs_no_ebuild(&self, judged: &Judged<'_>, atom: Option<&Dep>) -> bool {
        check::lacks_only_an_ebuild(judged)
            && !self.policy.use_ebuild_visibility
            && !self.has_ebuild(judged.candidate.package.cpv.cpn.as_str(), atom)
    }

    /// Whether emerge would find an ebuild. One whose metadata cannot be read counts.
    fn has_ebuild(&self, name: &str, atom: Option<&Dep>) -> bool {
        let serves = |ebuild: &Ebuild| match ebuild.package() {
            Some(package) => self.serves(package, atom),
            None => true,
        };
        self.policy.ebuilds && self.ebuilds.of(name).iter().any(serves)
    }

    fn serves(&self, ebuild: &Package, atom: Option<&Dep>) -> bool {
        let subject = ebuild.subject();
        let fits = |atom: &Dep| atom.matches(&subject);
        if self.policy.exclude.iter().any(fits) || !atom.is_none_or(fits) {
            return false;
        }
        let chost = self.local.base.vars.get("CHOST").unwrap_or("");
        let facts = Facts::of(self.local, ebuild, chost);
        let flag = |flag: &str| facts.flags.is_valid(flag).then(|| facts.enabled(flag));
        check::visibility::hidden(&facts).is_none()
            && atom.is_none_or(|atom| atom.use_matches(flag))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::binhost::{Absent, Candidate};
    use crate::check::{Evidence, Finding};
    use crate::chroot::Chroot;
    use crate::cli::{Cli, DefaultOpts};
    use crate::env::Env;
    use crate::local::{Base, Trees};
    use crate::pms::Syntax;
    use crate::report::fixture::candidate;
    use crate::source::Notices;

    /// What is chosen of builds of dev-lang/python, each written as its version and what is found against it;
    /// the tree has 3.13.7.
    fn choose(options: &[&str], atom: &str, builds: &[&str]) -> Choice {
        let notices = Notices::default();
        let local = workstation(&notices);
        let trees = Trees::open(&local.base).unwrap();
        let candidates: Vec<Candidate> = builds
            .iter()
            .map(|build| build.split(' ').next().unwrap())
            .map(|version| candidate(&format!("dev-lang/python-{version}"), None, Some(1)))
            .collect();
        let ebuilds = trees.load(&local.base, [&candidates[0].package.cpv.cpn], &notices);
        let instances: Vec<Judged<'_>> = candidates
            .iter()
            .zip(builds)
            .map(|(candidate, build)| judged(candidate, build))
            .collect();
        let positions: Vec<usize> = (0..instances.len()).collect();
        let chooser = Chooser {
            local: &local,
            ebuilds: &ebuilds,
            policy: &policy(options, &local.base),
        };
        let atom = Dep::parse(atom, Syntax::USER).unwrap();
        chooser.choose(Some(&atom), &positions, &instances)
    }

    fn workstation(notices: &Notices) -> Local {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/workstation");
        let chroot = Chroot::new(Some(root.into())).unwrap();
        Local::load(
            Base::load(chroot, Env::default(), notices).unwrap(),
            notices,
        )
        .unwrap()
    }

    fn policy(options: &[&str], base: &Base) -> Policy {
        let words: Vec<String> = options.iter().map(|word| (*word).to_owned()).collect();
        let cli = Cli::parse(&words, &DefaultOpts::default()).unwrap();
        Policy::new(&cli.emerge, base, &Notices::default()).unwrap()
    }

    fn judged<'a>(candidate: &'a Candidate, build: &str) -> Judged<'a> {
        static ABSENT: Absent = Absent::Shadowed(None);
        let finding = |word: &str| Finding {
            code: ["ebuild", "use", "shadowed"]
                .into_iter()
                .find(|code| word.starts_with(code))
                .unwrap(),
            certain: !word.ends_with('?'),
            detail: String::new(),
            evidence: Evidence::default(),
        };
        let findings = build.split(' ').skip(1).map(finding).collect();
        Judged::new(
            candidate,
            build.contains("shadowed").then_some(&ABSENT),
            findings,
        )
    }

    #[test]
    fn the_first_acceptable_instance_is_taken() {
        for (builds, choice) in [
            (&["3.13.7", "3.13.5"][..], Choice::Taken(0)),
            (&["3.13.7 shadowed", "3.13.7"], Choice::Taken(1)),
            (&["3.13.7 use", "3.13.7"], Choice::Taken(1)),
            (&["3.13.7 use?", "3.13.7"], Choice::Taken(1)),
            (&["3.13.7 use?", "3.13.5 use"], Choice::Unknown),
            (&["3.13.7 use"], Choice::Nothing),
            (&["3.13.5 ebuild"], Choice::Nothing),
        ] {
            assert_eq!(choose(&[], "dev-lang/python", builds), choice, "{builds:?}");
        }
    }

    #[test]
    fn no_ebuild_is_asked_for_where_none_serves_the_atom() {
        let builds = &["3.13.5 ebuild"];
        for (options, atom, choice) in [
            (&[][..], "=dev-lang/python-3.13.5", Choice::Taken(0)),
            (&[], "~dev-lang/python-3.13.5", Choice::Taken(0)),
            (&[], "<=dev-lang/python-3.13.7", Choice::Nothing),
            (&[], "dev-lang/python::site", Choice::Taken(0)),
            (&["--exclude=python"], "dev-lang/python", Choice::Taken(0)),
            (
                &["--use-ebuild-visibility"],
                "=dev-lang/python-3.13.5",
                Choice::Nothing,
            ),
        ] {
            assert_eq!(choose(options, atom, builds), choice, "{options:?} {atom}");
        }
        let atom = "=dev-lang/python-3.13.5";
        assert_eq!(choose(&[], atom, &["3.13.5 ebuild use"]), Choice::Nothing);
        assert_eq!(choose(&[], atom, &["3.13.5 ebuild?"]), Choice::Unknown);
    }

    #[test]
    fn the_search_ends_at_a_package_that_a_list_keeps_out() {
        let builds = &["3.13.7 use", "3.13.5"];
        for (option, choice) in [
            ("--usepkg-exclude=python", Choice::Ended(0)),
            ("--usepkg-include=perl", Choice::Ended(0)),
            ("--usepkg-include=python", Choice::Taken(1)),
            // This one only passes over.
            ("--exclude=python", Choice::Taken(1)),
        ] {
            assert_eq!(
                choose(&[option], "dev-lang/python", builds),
                choice,
                "{option}"
            );
        }
        let options = &["--usepkg-exclude=python"];
        assert_eq!(choose(options, "dev-lang/*", builds), Choice::Nothing);
        let doubtful = &["3.13.7 shadowed", "3.13.7 use"];
        assert_eq!(
            choose(options, "dev-lang/python", doubtful),
            Choice::Ended(1)
        );
    }
}
