//! One merge in words, for all blocks that name merges.

use owo_colors::OwoColorize;

use super::names;
use crate::plan::{Change, FlagChange, Merge, RequiredBy};
use crate::pms::Package;
use crate::sanitize::sanitize;

/// How many are named of those who want a package.
const PARENTS: usize = 6;

/// emerge's letters.
pub(super) fn letters(change: Change) -> String {
    let letters = format!("{:<2}", change.letters());
    match change {
        Change::New | Change::NewSlot => letters.green().to_string(),
        Change::Upgrade => letters.cyan().to_string(),
        Change::Downgrade => letters.red().to_string(),
        Change::Reinstall => letters.yellow().to_string(),
    }
}

/// A binary package as emerge takes it after `=`; an ebuild's version.
pub(super) fn name(package: &Package) -> String {
    if package.is_built() {
        names::with_build_id(package)
    } else {
        sanitize(&package.cpv.to_string()).into_owned()
    }
}

/// The name, and in brackets the version that is there now if it is another one.
pub(super) fn with_old(merge: &Merge<'_>) -> String {
    let name = name(merge.package);
    let is_other = !matches!(merge.change, Change::New | Change::Reinstall);
    match merge.installed.as_ref().filter(|_| is_other) {
        Some(old) => format!("{name} [{}]", sanitize(&old.version.to_string())),
        None => name,
    }
}

/// Why the installed version is merged once more; nothing where emerge would report nothing.
pub(super) fn why_again(merge: &Merge<'_>) -> String {
    let Some(reinstall) = &merge.reinstall else {
        return String::new();
    };
    let flags: Vec<String> = reinstall.flags.iter().map(FlagChange::to_string).collect();
    let is_target = |(parent, _): &(RequiredBy, String)| match parent {
        RequiredBy::Target(name) => !name.starts_with('@'),
        _ => false,
    };
    let text = match () {
        () if reinstall.is_rebuild => "for a new slot or sub-slot of what it uses".to_owned(),
        () if !flags.is_empty() => format!("USE {}", flags.join(" ")),
        () if reinstall.is_other_build => "another build".to_owned(),
        () if merge.parents.iter().any(is_target) => "requested".to_owned(),
        () => String::new(),
    };
    sanitize(&text).into_owned()
}

/// Who wants it, and why not a higher version.
pub(super) fn parents(merge: &Merge<'_>) -> Vec<String> {
    let named = |(required_by, atom): &(RequiredBy, String)| match required_by {
        RequiredBy::Target(name) if name == atom => format!("target {atom}"),
        _ => format!("{} ({atom})", required_by_name(required_by)),
    };
    let mut named: Vec<String> = merge.parents.iter().map(named).collect();
    if let Some(left) = named.len().checked_sub(PARENTS).filter(|left| *left > 1) {
        named.truncate(PARENTS);
        named.push(format!("{left} more"));
    }
    let higher = merge.higher.iter();
    let higher = higher.map(|(cpv, why)| format!("not {cpv}: {why}"));
    let wanted = (!named.is_empty()).then(|| format!("required by {}", named.join(", ")));
    let texts = wanted.into_iter().chain(higher);
    texts.map(|text| sanitize(&text).into_owned()).collect()
}

/// A target, package or rebuild in a few words.
pub(super) fn required_by_name(required_by: &RequiredBy) -> String {
    match required_by {
        RequiredBy::Target(name) => name.clone(),
        RequiredBy::Package(cpv, _) => cpv.to_string(),
        RequiredBy::Rebuild => "a rebuild".to_owned(),
    }
}
