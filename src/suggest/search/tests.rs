#![allow(clippy::unwrap_used)]

use super::*;
use crate::suggest::outcome::tests::outcome;
use crate::suggest::related::Relations;
use crate::suggest::{Proposal, SuggestionKind};

/// A function of the lines gives their result.
struct Fake<'f> {
    outcome: &'f dyn Fn(&[&str]) -> TrialOutcome,
    trials: usize,
}

impl Laboratory for Fake<'_> {
    fn try_out(&mut self, edits: &[Edit]) -> Option<TrialOutcome> {
        self.trials += 1;
        let lines = edits.iter().filter_map(|edit| match edit {
            Edit::Line { line, .. } => Some(line.as_str()),
            Edit::Exclude { .. } | Edit::Option(_) => None,
        });
        Some((self.outcome)(&lines.collect::<Vec<_>>()))
    }

    fn is_usable(&mut self, gain: &Gain) -> bool {
        !gain
            .binary
            .keys()
            .any(|slot| slot.0.starts_with("a/unusable"))
    }

    fn proposals(&mut self, _: &[Edit]) -> Option<Proposals> {
        None
    }

    fn has_time(&self) -> bool {
        self.trials < 20
    }

    fn has_time_for_single(&self) -> bool {
        self.trials < 8
    }
}

#[test]
fn what_is_installed_does_not_stay_for_the_use_that_it_was_built_with() {
    let rule = |lines: &[&str]| match lines.len() {
        0 => merges(&["a/ax", "a/bx"], &|_| false),
        _ => merges(&["a/bx"], &|_| false),
    };
    let with_use = found(Vec::new(), vec![proposal(&["a/ax"])], &[], &rule);
    assert!(with_use.suggestions.is_empty());
    let mut mask = proposal(&["a/ax"]);
    mask.edits = vec![Edit::line(SuggestionKind::Mask, ">a/ax-1".to_owned())];
    let masked = found(Vec::new(), vec![mask], &[], &rule);
    assert_eq!(masked.suggestions.len(), 1);
}

/// A line for each of these packages.
fn proposal(names: &[&str]) -> Proposal {
    Proposal {
        edits: names
            .iter()
            .map(|name| Edit::line(SuggestionKind::Use, format!("{name} foo")))
            .collect(),
        goals: names
            .iter()
            .map(|name| SlotName(format!("{name}:0")))
            .collect(),
        notes: Vec::new(),
    }
}

/// Merges of these packages, binary where the rule holds for the lines.
fn merges(names: &[&str], is_binary: &dyn Fn(&str) -> bool) -> TrialOutcome {
    let texts = names.iter().map(|name| {
        if is_binary(name) {
            format!("{name}-1 binary")
        } else {
            format!("{name}-1 source")
        }
    });
    let texts: Vec<String> = texts.collect();
    outcome(&texts.iter().map(String::as_str).collect::<Vec<_>>())
}

fn found(
    groups: Vec<Proposal>,
    single: Vec<Proposal>,
    relations: &[(&str, &str)],
    rule: &dyn Fn(&[&str]) -> TrialOutcome,
) -> Found {
    let slot = |name: &str| SlotName(format!("{name}:0"));
    let pairs = relations
        .iter()
        .map(|(one, other)| (slot(one), slot(other)));
    let proposals = Proposals {
        defaults: Vec::new(),
        groups,
        single,
        relations: pairs.collect::<Relations>(),
    };
    let mut fake = Fake {
        outcome: rule,
        trials: 0,
    };
    search(rule(&[]), proposals, &mut fake)
}

/// The lines of each suggestion.
fn lines(found: &Found) -> Vec<String> {
    let line = |edit: &Edit| match edit {
        Edit::Line { line, .. } => line.clone(),
        Edit::Exclude { atom, .. } => atom.clone(),
        Edit::Option(option) => option.as_str().to_owned(),
    };
    let all = found.suggestions.iter();
    all.map(|one| one.edits.iter().map(line).collect::<Vec<_>>().join("; "))
        .collect()
}

#[test]
fn what_helps_alone_stands_alone() {
    let names = ["a/a", "a/b", "a/c"];
    let rule = |lines: &[&str]| {
        merges(&names, &|name| {
            name != "a/c" && lines.contains(&format!("{name} foo").as_str())
        })
    };
    let single = names.map(|name| proposal(&[name])).to_vec();
    let found = found(Vec::new(), single, &[], &rule);
    // Each helps alone, and both set the same.
    assert_eq!(lines(&found), ["a/a foo; a/b foo"]);
    assert_eq!(
        (found.before.total().binary, found.after.total().binary),
        (0, 2)
    );
}

#[test]
fn what_needs_another_stands_with_it_and_with_nothing_else() {
    let names = ["a/a", "a/b", "a/c"];
    let rule = |lines: &[&str]| {
        let both = lines.contains(&"a/a foo") && lines.contains(&"a/b foo");
        merges(&names, &|name| both && name != "a/c")
    };
    let single = names.map(|name| proposal(&[name])).to_vec();
    let related = [("a/a", "a/b"), ("a/b", "a/c")];
    // a/c never becomes binary.
    assert_eq!(
        lines(&found(Vec::new(), single.clone(), &related, &rule)),
        ["a/a foo; a/b foo"]
    );
    // Only related ones are tried together.
    assert_eq!(lines(&found(Vec::new(), single, &[], &rule)), [""; 0]);
}

#[test]
fn a_change_for_many_loses_those_that_it_does_not_help() {
    let names = ["a/a", "a/b", "a/c"];
    let rule = |lines: &[&str]| {
        merges(&names, &|name| {
            name != "a/b" && lines.contains(&format!("{name} foo").as_str())
        })
    };
    let group = proposal(&names);
    let single = names.map(|name| proposal(&[name])).to_vec();
    let found = found(vec![group], single, &[], &rule);
    assert_eq!(lines(&found), ["a/a foo; a/c foo"], "and nothing twice");
}

#[test]
fn what_does_not_go_together_is_left_out() {
    let names = ["a/a", "a/b"];
    let rule = |lines: &[&str]| {
        let only = lines.len() == 1;
        merges(&names, &|name| {
            only && lines.contains(&format!("{name} foo").as_str())
        })
    };
    let single = names.map(|name| proposal(&[name])).to_vec();
    let found = found(Vec::new(), single, &[], &rule);
    assert_eq!(lines(&found), ["a/a foo"]);
    assert_eq!(found.after.total().binary, 1);
}

#[test]
fn what_cannot_be_used_here_is_no_help() {
    let rule = |lines: &[&str]| merges(&["a/unusable"], &|_| !lines.is_empty());
    let single = vec![proposal(&["a/unusable"])];
    assert_eq!(lines(&found(Vec::new(), single, &[], &rule)), [""; 0]);
}

/// Fifty packages, of which each is binary with a line of its own as long as there are no more lines than this.
fn many(most: usize) -> (Vec<usize>, usize) {
    let names: Vec<String> = (0..50).map(|number| format!("a/p{number}x")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let rule = |lines: &[&str]| {
        merges(&names, &|name| {
            lines.len() <= most && lines.contains(&format!("{name} foo").as_str())
        })
    };
    let single = names.iter().map(|name| proposal(&[name])).collect();
    let found = found(Vec::new(), single, &[], &rule);
    let counts = found.suggestions.iter().map(|one| one.edits.len());
    (counts.collect(), found.untried)
}

#[test]
fn what_there_is_no_time_for_alone_is_tried_together() {
    assert_eq!(many(50), (vec![50], 0), "all set the same");
}

#[test]
fn trying_ends_in_time() {
    // What does not go together is tried in ever smaller parts.
    let (suggestions, untried) = many(1);
    assert_eq!(suggestions, [1]);
    assert!((30..42).contains(&untried), "{untried}");
}

/// What is needed, for a request that each of these lines in turn is asked for.
fn needed(steps: &[&str]) -> Option<Vec<String>> {
    let rule = |lines: &[&str]| {
        let done = steps.iter().take_while(|step| lines.contains(step)).count();
        let next = steps.get(done);
        let next = next.map(|next| vec![Edit::line(SuggestionKind::Use, (*next).to_owned())]);
        TrialOutcome {
            is_sound: done == steps.len(),
            needed: next.into_iter().collect(),
            ..TrialOutcome::default()
        }
    };
    let found = found(Vec::new(), Vec::new(), &[], &rule);
    let place = |edit: &Edit| match edit {
        Edit::Line { line, .. } => line.clone(),
        Edit::Exclude { atom, .. } => atom.clone(),
        Edit::Option(option) => option.as_str().to_owned(),
    };
    Some(found.needed?.edits.iter().map(place).collect())
}

#[test]
fn what_is_lifted_may_show_the_next_thing_to_lift() {
    assert_eq!(needed(&["a/a x"]).unwrap(), ["a/a x"]);
    let steps = ["a/a x", "a/b y", "a/c z"];
    assert_eq!(needed(&steps).unwrap(), steps);
    // A line that takes back an earlier one leads in a circle.
    assert_eq!(needed(&["a/a x", "a/a -x"]), None);
    let many: Vec<String> = (0..40).map(|number| format!("a/p{number} x")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(needed(&many), None);
}

#[test]
fn what_emerge_would_ask_for_then_comes_with_a_change() {
    let rule = |lines: &[&str]| {
        let names = ["a/a", "a/b"];
        let both = lines.contains(&"a/a foo") && lines.contains(&"a/b bar");
        let mut outcome = merges(&names, &|name| both && name == "a/a");
        outcome.is_sound = both || lines.is_empty();
        let needed = Edit::line(SuggestionKind::Use, "a/b bar".to_owned());
        outcome.needed.push(vec![needed]);
        outcome
    };
    let found = found(Vec::new(), vec![proposal(&["a/a"])], &[], &rule);
    assert_eq!(lines(&found), ["a/a foo; a/b bar"]);
}
