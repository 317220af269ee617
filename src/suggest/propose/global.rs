//! One line of make.conf where it does what many lines of package.use would do.

use std::collections::BTreeMap;

use crate::packages::Packages;
use crate::suggest::edit::{Edit, Kind};
use crate::suggest::note::Note;
use crate::suggest::{Proposal, SlotName};

/// So many packages have to want the same of a flag.
const LEAST: usize = 3;

/// USE for all packages, with what so many of them want and none wants otherwise. Flags that something decides for
/// one package alone, as its own package.use does, would not change: then nothing comes of trying it.
pub(super) fn use_lines<'w>(
    ways: &'w [Vec<Proposal>],
    packages: &'w Packages<'_>,
) -> impl Iterator<Item = Proposal> + 'w {
    let mut wanted: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let flags: Vec<Option<Vec<String>>> = ways.iter().map(|ways| flags_of(ways.first())).collect();
    for (place, flags) in flags.iter().enumerate() {
        for flag in flags.iter().flatten() {
            wanted.entry(flag.clone()).or_default().push(place);
        }
    }
    let common: Vec<String> = wanted
        .iter()
        .filter(|(flag, places)| places.len() >= LEAST && !wanted.contains_key(&opposite(flag)))
        .map(|(flag, _)| flag.clone())
        .collect();
    let is_done = |flags: &Option<Vec<String>>| {
        flags
            .as_ref()
            .is_some_and(|flags| flags.iter().all(|flag| common.contains(flag)))
    };
    let done: Vec<usize> = (0..ways.len())
        .filter(|place| is_done(&flags[*place]))
        .collect();
    let used = |flag: &&String| {
        let mut all = done.iter().filter_map(|place| flags[*place].as_ref());
        all.any(|flags| flags.contains(flag))
    };
    let line: Vec<&str> = common.iter().filter(used).map(String::as_str).collect();
    let goals: Vec<SlotName> = done
        .iter()
        .flat_map(|place| ways[*place][0].goals.clone())
        .collect();
    let proposal = (goals.len() >= LEAST).then(|| Proposal {
        edits: vec![Edit::line(
            Kind::MakeConf,
            format!("USE=\"${{USE}} {}\"", line.join(" ")),
        )],
        notes: line
            .iter()
            .filter_map(|flag| others(flag, packages))
            .collect(),
        goals,
    });
    proposal.into_iter()
}

/// The flags of a way that is one line of package.use.
fn flags_of(way: Option<&Proposal>) -> Option<Vec<String>> {
    match way?.edits.as_slice() {
        [
            Edit::Line {
                kind: Kind::Use,
                line,
            },
        ] => Some(line.split_whitespace().skip(1).map(str::to_owned).collect()),
        _ => None,
    }
}

fn opposite(flag: &str) -> String {
    flag.strip_prefix('-')
        .map_or_else(|| format!("-{flag}"), str::to_owned)
}

/// How many installed packages were built otherwise: the next `--newuse` merges them again.
fn others(word: &str, packages: &Packages<'_>) -> Option<Note> {
    let (flag, on) = match word.strip_prefix('-') {
        Some(flag) => (flag, false),
        None => (word, true),
    };
    let installed = packages.local().installed.packages();
    let differs = installed.filter(|package| {
        let mut iuse = package.iuse();
        iuse.any(|iuse| iuse.flag == flag) && package.built_use().any(|built| built == flag) != on
    });
    let count = differs.count();
    (count > 0).then(|| Note::BuiltOtherwise(word.to_owned(), count))
}
