//! Which instances are asked for, and which atom each of them serves.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use super::choice::Chooser;
use crate::binhost::{Absent, Candidate, Pool};
use crate::check::{Judged, Verdict};
use crate::local::Local;
use crate::local::targets::Target;
use crate::plan::Plan;
use crate::pms::Dep;
use crate::report::plan::{Origin, Planned};
use crate::report::{Answer, Ask};

/// An entry of a pool.
pub(super) type Entry = (Candidate, Option<Absent>);

/// All atoms of all targets, found by package name.
pub(super) struct Atoms<'a> {
    all: Vec<(usize, &'a Dep)>,
    by_name: HashMap<&'a str, Vec<usize>>,
    wildcards: Vec<usize>,
}

impl<'a> Atoms<'a> {
    pub(super) fn of(targets: &'a [Target]) -> Atoms<'a> {
        let mut atoms = Atoms {
            all: Vec::new(),
            by_name: HashMap::new(),
            wildcards: Vec::new(),
        };
        for (number, target) in targets.iter().enumerate() {
            for member in &target.atoms {
                atoms.add(number, &member.atom);
            }
        }
        atoms
    }

    fn add(&mut self, target: usize, atom: &'a Dep) {
        let position = self.all.len();
        self.all.push((target, atom));
        if atom.is_wildcard() {
            self.wildcards.push(position);
        } else {
            self.by_name.entry(atom.name()).or_default().push(position);
        }
    }

    /// The atoms that a candidate serves, as positions.
    fn served_by(&self, candidate: &Candidate, local: &Local) -> Vec<usize> {
        let subject = candidate.package.subject();
        let named = self.by_name.get(subject.cpn.as_str()).into_iter().flatten();
        let fits = |position: &&usize| {
            let (_, atom) = self.all[**position];
            atom.matches(&subject) && use_fits(atom, candidate, local)
        };
        named.chain(&self.wildcards).filter(fits).copied().collect()
    }

    /// The entries of a pool that serve some atom or bear one of the names, in its order.
    pub(super) fn served_or_named<'p>(
        &self,
        pool: &'p Pool,
        local: &Local,
        names: &HashSet<&str>,
    ) -> Vec<&'p Entry> {
        let wanted = |entry: &&Entry| {
            names.contains(entry.0.package.cpv.cpn.as_str())
                || !self.served_by(&entry.0, local).is_empty()
        };
        pool.entries.iter().filter(wanted).collect()
    }

    /// For each atom, the instances (best first) that serve it, and the choice among them.
    pub(super) fn answers(
        &self,
        instances: &[Judged<'a>],
        chooser: &Chooser<'_>,
    ) -> Vec<Answer<'a>> {
        let mut serving: Vec<Vec<usize>> = vec![Vec::new(); self.all.len()];
        for (position, judged) in instances.iter().enumerate() {
            for atom in self.served_by(judged.candidate, chooser.local) {
                serving[atom].push(position);
            }
        }
        let asked = self.all.iter().zip(serving);
        let answer = |(&(target, atom), positions): (&(usize, &'a Dep), Vec<usize>)| Answer {
            ask: Ask::Atom { target, atom },
            choice: chooser.choose(Some(atom), &positions, instances),
            instances: positions,
        };
        asked.map(answer).collect()
    }
}

/// USE dependencies against what the package was built with.
fn use_fits(atom: &Dep, candidate: &Candidate, local: &Local) -> bool {
    if atom.use_deps().next().is_none() {
        return true;
    }
    let package = &candidate.package;
    let flags = local
        .use_flags
        .of(package, local.keywords.judge(package).stable);
    atom.use_matches(|flag| flags.is_valid(flag).then(|| flags.built_with(flag)))
}

/// How many instances are looked into for one thing that was asked for: the best, of which emerge takes the
/// first that it may.
const MOST_OF_ONE: usize = 100;

/// Positions of the accepted instances that are worth a look inside: those that serve targets, and with a plan
/// those that serve packages asked for by name and those that it takes.
pub(super) fn positions(
    targets: &[Target],
    answers: &[Answer<'_>],
    instances: &[Judged<'_>],
    plan: Option<&Planned<'_>>,
) -> HashSet<usize> {
    let is_asked = |answer: &&Answer<'_>| match answer.ask {
        Ask::Atom { target, .. } => {
            plan.is_none() || !targets.get(target).is_some_and(Target::is_set)
        }
        Ask::Name(_) => true,
    };
    let asked = answers.iter().filter(is_asked);
    let is_accepted = |position: &usize| {
        let judged = instances.get(*position);
        judged.is_some_and(|judged| judged.verdict == Verdict::Accepted)
    };
    let best = |answer: &'_ Answer<'_>| -> Vec<usize> {
        let accepted = answer.instances.iter().copied().filter(is_accepted);
        accepted.take(MOST_OF_ONE).collect()
    };
    let mut positions: HashSet<usize> = asked.flat_map(best).collect();
    let origins = plan.into_iter().flat_map(|plan| &plan.origins);
    positions.extend(origins.filter_map(|origin| match origin {
        Origin::Binary(position) => Some(*position),
        Origin::Source(_) => None,
    }));
    positions
}

/// Names of everything that a plan merges.
pub(super) fn names_of_plan<'p>(plan: &Plan<'p>) -> HashSet<&'p str> {
    let names = plan
        .merges
        .iter()
        .map(|merge| merge.package.cpv.cpn.as_str());
    names.collect()
}

/// For `--all`: one answer a package name. The instances are in order of name.
pub(super) fn by_name<'a>(instances: &[Judged<'a>], chooser: &Chooser<'_>) -> Vec<Answer<'a>> {
    let name = |judged: &Judged<'a>| judged.candidate.package.cpv.cpn.as_str();
    let mut start = 0;
    let same_name = instances.chunk_by(|a, b| name(a) == name(b));
    same_name
        .map(|chunk| {
            let positions: Vec<usize> = (start..start + chunk.len()).collect();
            start += chunk.len();
            Answer {
                ask: Ask::Name(name(&chunk[0])),
                choice: chooser.choose(None, &positions, instances),
                instances: positions,
            }
        })
        .collect()
}

/// Put instances, which come in the order of Portage's database, into the order of the report: by
/// name, then as emerge tries them: highest version, newest build, and of equals the last inserted
/// (`portage: dbapi/__init__.py:dbapi._cmp_cpv`).
pub(super) fn best_first(instances: &mut [Judged<'_>]) {
    instances.reverse();
    instances.sort_by(|a, b| {
        let (a, b) = (&a.candidate.package, &b.candidate.package);
        a.cpv
            .cpn
            .cmp(&b.cpv.cpn)
            .then_with(|| b.cpv.version.cmp_version(&a.cpv.version))
            .then_with(|| Reverse(a.build_time).cmp(&Reverse(b.build_time)))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::candidate;

    #[test]
    fn the_order_in_which_emerge_tries() {
        let mut candidates: Vec<Candidate> = Vec::new();
        for (cpv, id, time) in [
            ("a/b-1", 1, 100),
            ("a/b-1", 2, 200),
            ("a/b-1", 3, 100),
            ("a/b-1.0", 4, 50),
            ("a/b-10", 5, 1),
            ("a/a-1", 6, 1),
            ("a/b-1_rc1", 7, 900),
        ] {
            let mut made = candidate(cpv, None, Some(id));
            made.package.build_time = time;
            candidates.push(made);
        }
        let mut instances: Vec<Judged<'_>> = candidates
            .iter()
            .map(|candidate| Judged::new(candidate, None, Vec::new()))
            .collect();
        best_first(&mut instances);
        let ids: Vec<i64> = instances
            .iter()
            .filter_map(|judged| judged.candidate.package.build_id)
            .collect();
        assert_eq!(ids, [6, 5, 4, 2, 3, 1, 7]);
    }
}
