//! What a report comes to: for each merge whether it is a usable binary package, for each atom what the plan does
//! with it, and how the run ends. All that is reported of a package follows from these.

use super::Report;
use super::plan::Planned;
use crate::exit::Exit;
use crate::packages::{Choice, MatchKey, Matches};
use crate::plan::{Merge, Origin, Plan, SkippedBecause, SkippedUpdate};

/// What one merge comes to, from good to bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MergeState {
    /// A binary package that is there, passes the signature check that is configured, and runs here.
    Usable,
    /// A binary package of which that cannot be determined.
    Uncertain,
    /// A binary package over which emerge would stumble, or that would not run.
    Unusable,
    /// It is compiled.
    Compiled,
}

impl MergeState {
    /// The word by which programs know it.
    pub fn as_str(self) -> &'static str {
        match self {
            MergeState::Usable => "binary",
            MergeState::Uncertain => "uncertain",
            MergeState::Unusable => "unusable",
            MergeState::Compiled => "compiled",
        }
    }
}

/// What becomes of an atom that was requested.
#[derive(Clone, Copy, Debug)]
pub enum Answer<'r, 'a> {
    /// emerge would merge this for it.
    Merged(&'r Merge<'a>),
    /// emerge would merge nothing for it: what is installed, or provided, is as it should be.
    Nothing,
    /// Nothing satisfies it, or emerge would end before it gets there.
    Unresolved,
    /// There is no plan; what emerge would take of the instances alone.
    Alone(Choice),
}

/// Whether an update is left out since something that it needs cannot be had.
fn lacks_update(plan: &Plan<'_>) -> bool {
    let is_lacking =
        |update: &SkippedUpdate| matches!(update.because, SkippedBecause::Dependency(_));
    plan.skipped.iter().any(is_lacking)
}

impl<'a> Report<'a> {
    /// What a merge comes to.
    pub fn state(&self, merge: &Merge<'_>) -> MergeState {
        let Origin::Binary(id) = merge.origin else {
            return MergeState::Compiled;
        };
        match self.compatibility(id) {
            Some(compatibility) if compatibility.must_be_excluded() => MergeState::Unusable,
            Some(compatibility) if compatibility.is_uncertain() => MergeState::Uncertain,
            _ => MergeState::Usable,
        }
    }

    /// What becomes of an atom, or under `--all` of a name.
    pub fn answer<'r>(&'r self, matches: &Matches<'_>) -> Answer<'r, 'a> {
        let (Some(planned), MatchKey::Atom { atom, .. }) = (&self.plan, matches.key) else {
            return Answer::Alone(matches.choice);
        };
        let plan = &planned.plan;
        let is_missing = || plan.missing.iter().any(|missing| missing == atom.as_str());
        match planned.merge_for(atom.as_str()) {
            Some(merge) => Answer::Merged(merge),
            None if plan.is_sound() && !is_missing() => Answer::Nothing,
            None => Answer::Unresolved,
        }
    }

    /// Whether emerge, given this request, merges a usable binary package for it or nothing at all; `None` where
    /// that cannot be determined.
    pub fn is_usable(&self, matches: &Matches<'_>) -> Option<bool> {
        let is_certain = |planned: &Planned<'_>| planned.plan.is_certain();
        let is_certain = self.plan.as_ref().is_none_or(is_certain);
        let is_sound = |planned: &Planned<'_>| planned.plan.is_sound();
        if !self.plan.as_ref().is_none_or(is_sound) {
            return is_certain.then_some(false);
        }
        match self.answer(matches) {
            Answer::Merged(merge) => match self.state(merge) {
                MergeState::Usable => is_certain.then_some(true),
                MergeState::Uncertain => None,
                MergeState::Unusable | MergeState::Compiled => Some(false),
            },
            Answer::Nothing => is_certain.then_some(true),
            Answer::Unresolved => is_certain.then_some(false),
            Answer::Alone(Choice::Taken(id)) if !self.targets.is_empty() => {
                match self.compatibility(id) {
                    Some(compatibility) if compatibility.must_be_excluded() => Some(false),
                    Some(compatibility) if compatibility.is_uncertain() => None,
                    _ => Some(true),
                }
            }
            Answer::Alone(_) => matches.is_usable(),
        }
    }

    /// How the run ends. A check against emerge decides alone; else the plan or, where there is none, the worst
    /// answer to a target, as far as the indexes that are there can tell.
    pub fn exit(&self) -> Exit {
        if let Some(checked) = &self.check {
            return checked.exit();
        }
        let answered = match &self.plan {
            Some(planned) => self.exit_of(planned),
            None => self.exit_of_matches(),
        };
        self.indexes().exit(answered)
    }

    fn exit_of(&self, planned: &Planned<'_>) -> Exit {
        let plan = &planned.plan;
        let certain = plan.is_certain();
        let worst = plan.merges.iter().map(|merge| self.state(merge)).max();
        match worst.unwrap_or(MergeState::Usable) {
            _ if !plan.is_sound() && certain => Exit::SomeMissing,
            _ if !plan.is_sound() => Exit::Unknown,
            MergeState::Compiled | MergeState::Unusable => Exit::SomeMissing,
            _ if !plan.missing.is_empty() || lacks_update(plan) => Exit::SomeMissing,
            MergeState::Usable if certain => Exit::AllUsable,
            MergeState::Usable | MergeState::Uncertain => Exit::Unknown,
        }
    }

    fn exit_of_matches(&self) -> Exit {
        let exit = |matches: &Matches<'_>| match self.is_usable(matches) {
            Some(true) => Exit::AllUsable,
            Some(false) => Exit::SomeMissing,
            None => Exit::Unknown,
        };
        let all = self.matches.iter().map(exit);
        all.fold(Exit::AllUsable, Exit::or_worse)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::binhost::{Index, InstanceId};
    use crate::compat::{Compatibility, ConcernCode, CpuCompat};
    use crate::emerge_log::CompileTimes;
    use crate::plan::{BuildReason, Change, Obstacle, Plan, RequiredBy};
    use crate::pms::{Kind, Package};
    use crate::report::fixture::{Fixture, candidate, fixture, report};

    /// What is known of the binary package that is merged.
    fn known(word: &str) -> Compatibility {
        match word {
            "runs" => Compatibility {
                runs: Some(CpuCompat::Yes),
                ..Compatibility::default()
            },
            "no" => Compatibility {
                runs: Some(CpuCompat::No),
                ..Compatibility::default()
            },
            word => Compatibility::unknown(code(word), String::new()),
        }
    }

    fn code(word: &str) -> ConcernCode {
        use ConcernCode::{Gone, NoKeyring, Size, Unreadable, Unsigned};
        let codes = [Gone, Size, Unsigned, NoKeyring, Unreadable];
        codes
            .into_iter()
            .find(|code| code.as_str() == word)
            .unwrap()
    }

    fn ebuild(cpv: &str) -> Package {
        Package {
            kind: Kind::Ebuild,
            ..candidate(cpv, None, None).package
        }
    }

    fn merge<'a>(package: &'a Package, origin: Origin, atom: &str) -> Merge<'a> {
        Merge {
            package,
            root: crate::plan::Root::Target,
            origin,
            change: Change::New,
            installed: None,
            reinstall: None,
            flags: Vec::new(),
            parents: vec![(RequiredBy::Target(atom.to_owned()), atom.to_owned())],
            higher: None,
            undecided: false,
        }
    }

    /// Usable and status of a report on `app-misc/jq`, for which these are merged: `binary WORD`, `ebuild`, and what
    /// keeps emerge from it: `obstacle`, `given-up`, `unreadable`, `missing`, `unread` hosts, `added` ones.
    fn outcome(words: &[&str]) -> (Option<bool>, u8) {
        let mut fixture = fixture(&["app-misc/jq"]);
        for host in &mut fixture.hosts {
            host.index = Some(Index::parse("VERSION: 0\n\n".to_owned()).unwrap());
        }
        if words.contains(&"unread") {
            fixture.hosts[1].index = None;
        }
        if words.contains(&"added") {
            fixture.hosts[1].repo.source = crate::source::Source::Option("--binhost".into());
        }
        outcome_of(&fixture, words)
    }

    fn outcome_of(fixture: &Fixture, words: &[&str]) -> (Option<bool>, u8) {
        let has = |word: &str| words.contains(&word);
        let id: InstanceId = fixture.pool.ids().nth(1).unwrap();
        let (compiled, other) = (ebuild("app-misc/jq-1.8.1"), ebuild("a/b-1"));
        let built = &fixture.pool.entries[1].0.package;
        let mut report = report(fixture);
        let mut plan = Plan::default();
        for word in words {
            let source = || Origin::Source(BuildReason::NoBinary);
            match word.split_once(' ') {
                Some(("binary", word)) => {
                    report.compatibility.insert(id, known(word));
                    let merge = merge(built, Origin::Binary(id), "app-misc/jq");
                    plan.merges.push(merge);
                }
                _ if *word == "ebuild" => {
                    plan.merges.push(merge(&compiled, source(), "app-misc/jq"))
                }
                _ if *word == "dependency" => plan.merges.push(merge(&other, source(), "a/b")),
                _ => {}
            }
        }
        if has("given-up") {
            plan.obstacles.push(Obstacle::TooComplex);
        }
        if has("obstacle") {
            plan.obstacles.push(Obstacle::Circular {
                packages: Vec::new(),
                breaks: Vec::new(),
            });
        }
        plan.unreadable
            .extend(has("unreadable").then(|| "a/b".to_owned()));
        plan.missing
            .extend(has("missing").then(|| "app-misc/jq".to_owned()));
        report.plan = Some(Planned::new(plan, false, CompileTimes::default()));
        let usable = report.is_usable(&report.matches[0]);
        (usable, report.exit().code())
    }

    #[test]
    fn usable_is_what_is_there_and_runs() {
        for (words, usable, status) in [
            (&["binary runs"][..], Some(true), 0),
            (&["binary no"], Some(false), 1),
            (&["binary gone"], Some(false), 1),
            (&["binary size"], Some(false), 1),
            (&["binary unsigned"], Some(false), 1),
            (&["binary no-keyring"], Some(false), 1),
            (&["binary unreadable"], None, 2),
            (&["ebuild"], Some(false), 1),
            (&[], Some(true), 0),
            (&["binary runs", "dependency"], Some(true), 1),
            (&["binary runs", "obstacle"], Some(false), 1),
            (&["binary runs", "unreadable"], None, 2),
            (&["obstacle", "unreadable"], None, 2),
            (&["given-up"], None, 2),
            (&["missing"], Some(false), 1),
        ] {
            assert_eq!(outcome(words), (usable, status), "{words:?}");
        }
    }

    #[test]
    fn a_host_without_an_index_may_have_what_is_lacking() {
        for (words, status) in [
            (&["binary runs", "unread"][..], 0),
            (&["ebuild", "unread"], 2),
            (&["binary runs", "unread", "added"], 2),
            (&["binary runs", "added"], 0),
        ] {
            assert_eq!(outcome(words).1, status, "{words:?}");
        }
    }
}
