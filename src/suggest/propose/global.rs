//! One line of make.conf where it does what many lines of package.use would do.

use std::collections::{BTreeMap, BTreeSet};

use crate::packages::Packages;
use crate::suggest::Proposal;
use crate::suggest::edit::{Edit, SuggestionKind, opposite};
use crate::suggest::note::SuggestionNote;

/// So many packages have to want the same of a flag.
const LEAST: usize = 3;

/// For USE, and for each variable of USE_EXPAND, a line with what so many packages want and none wants otherwise.
/// Flags that something decides for one package alone, as its own package.use does, would not change: then nothing
/// comes of trying it.
pub(super) fn use_lines(ways: &[Vec<Proposal>], packages: &Packages<'_>) -> Vec<Proposal> {
    let firsts: Vec<(&Proposal, Vec<String>)> = ways
        .iter()
        .filter_map(|ways| ways.first())
        .filter_map(|way| Some((way, flags_of(way)?)))
        .collect();
    let common = common(&firsts);
    let variables = variables(packages);
    let name = |flag: &str| variable_of(&variables, flag);
    let names: BTreeSet<Option<&str>> = common.iter().map(|flag| name(flag)).collect();
    let variables_of = |flags: &[String]| -> BTreeSet<Option<&str>> {
        flags.iter().map(|flag| name(flag)).collect()
    };
    let is_common = |flags: &[String]| flags.iter().all(|flag| common.contains(flag));
    let usable = firsts.iter().filter(|(_, flags)| is_common(flags));
    let usable: Vec<&(&Proposal, Vec<String>)> = usable.collect();
    // What differs in flags of several variables needs a line of each.
    let spanning = usable
        .iter()
        .filter(|(_, flags)| variables_of(flags).len() > 1);
    let together = (spanning.count() >= LEAST).then(|| names.clone());
    let alone = names.into_iter().map(|name| BTreeSet::from([name]));
    let proposals = together.into_iter().chain(alone).filter_map(|names| {
        let fits = |flags: &[String]| variables_of(flags).is_subset(&names);
        let done = usable.iter().filter(|(_, flags)| fits(flags));
        let done: Vec<&&(&Proposal, Vec<String>)> = done.collect();
        let flags: BTreeSet<&str> = done
            .iter()
            .flat_map(|(_, flags)| flags.iter().map(String::as_str))
            .collect();
        let line = |one: &Option<&str>| {
            let own: BTreeSet<&str> = flags
                .iter()
                .copied()
                .filter(|flag| name(flag) == *one)
                .collect();
            Edit::line(SuggestionKind::MakeConf, flags_line(*one, &own, packages))
        };
        let overridden = done.iter().flat_map(|(way, _)| way.notes.iter().cloned());
        let mut notes: Vec<SuggestionNote> = overridden
            .chain(flags.iter().filter_map(|flag| others(flag, packages)))
            .collect();
        notes.sort();
        notes.dedup();
        (done.len() >= LEAST).then(|| Proposal {
            edits: names.iter().map(line).collect(),
            goals: done.iter().flat_map(|(way, _)| way.goals.clone()).collect(),
            notes,
        })
    });
    proposals.collect()
}

/// The flags of a way that is one line of package.use.
fn flags_of(way: &Proposal) -> Option<Vec<String>> {
    match way.edits.as_slice() {
        [
            Edit::Line {
                kind: SuggestionKind::Use,
                line,
            },
        ] => Some(line.split_whitespace().skip(1).map(str::to_owned).collect()),
        _ => None,
    }
}

/// Flags, with their sign, that enough packages want and none wants otherwise.
fn common(firsts: &[(&Proposal, Vec<String>)]) -> BTreeSet<String> {
    let mut wanted: BTreeMap<&str, usize> = BTreeMap::new();
    for flag in firsts.iter().flat_map(|(_, flags)| flags) {
        *wanted.entry(flag).or_default() += 1;
    }
    let is_common = |(flag, count): &(&&str, &usize)| {
        **count >= LEAST && !wanted.contains_key(opposite(flag).as_str())
    };
    let common = wanted.iter().filter(is_common);
    common.map(|(flag, _)| (*flag).to_owned()).collect()
}

/// The variables of USE_EXPAND with what their flags begin with.
pub(in crate::suggest) fn variables(packages: &Packages<'_>) -> Vec<(String, String)> {
    let words = packages.local().base.vars.incremental("USE_EXPAND");
    let prefixed = words.into_iter().map(|token| {
        let prefix = format!("{}_", token.word.to_lowercase());
        (token.word, prefix)
    });
    prefixed.collect()
}

/// The variable that sets a flag, which may have a sign; none for those of USE itself.
pub(in crate::suggest) fn variable_of<'v>(
    variables: &'v [(String, String)],
    flag: &str,
) -> Option<&'v str> {
    let flag = flag.trim_start_matches('-');
    let mut all = variables.iter();
    let found = all.find(|(_, prefix)| flag.starts_with(prefix.as_str()));
    found.map(|(name, _)| name.as_str())
}

/// The line of make.conf that sets flags of one variable, or of USE.
pub(in crate::suggest) fn flags_line(
    variable: Option<&str>,
    flags: &BTreeSet<&str>,
    packages: &Packages<'_>,
) -> String {
    match variable {
        None => use_line(flags),
        Some(name) => variable_line(name, flags, packages),
    }
}

fn use_line(flags: &BTreeSet<&str>) -> String {
    let flags: Vec<&str> = flags.iter().copied().collect();
    format!("USE=\"${{USE}} {}\"", flags.join(" "))
}

/// The variable as it is, with these changes: what make.conf sets replaces what the profile does.
fn variable_line(name: &str, flags: &BTreeSet<&str>, packages: &Packages<'_>) -> String {
    let prefix = name.len() + 1;
    let now = packages.local().base.vars.get(name).unwrap_or_default();
    let value = |flag: &str| flag.get(prefix..).unwrap_or_default().to_owned();
    let gone = flags.iter().filter_map(|flag| flag.strip_prefix('-'));
    let gone: BTreeSet<String> = gone.map(value).collect();
    let mut words: Vec<String> = now.split_whitespace().map(str::to_owned).collect();
    words.retain(|word| !gone.contains(word));
    for flag in flags.iter().filter(|flag| !flag.starts_with('-')) {
        let word = value(flag);
        if !words.contains(&word) {
            words.push(word);
        }
    }
    format!("{name}=\"{}\"", words.join(" "))
}

/// How many installed packages were built otherwise: the next `--newuse` merges them again.
fn others(word: &str, packages: &Packages<'_>) -> Option<SuggestionNote> {
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
    (count > 0).then(|| SuggestionNote::BuiltOtherwise(word.to_owned(), count))
}
