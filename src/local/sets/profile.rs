//! `packages` of the profiles: `@system` and `@profile`
//! (`portage: _sets/profiles.py:PackagesSystemSet`, `_sets/ProfilePackageSet.py`).

use super::super::Base;
use super::super::lines::Line;
use super::super::profile::ProfileNode;
use super::Member;
use crate::pms::Dep;
use crate::source::{Notices, Source};

/// Starred entries of all profiles.
pub(super) fn system(base: &Base, notices: &Notices) -> anyhow::Result<Vec<Member>> {
    members(base, true, |_| true, notices)
}

/// Entries without star, of profiles that make a set of them.
pub(super) fn profile(base: &Base, notices: &Notices) -> anyhow::Result<Vec<Member>> {
    members(base, false, |node| node.formats.profile_set, notices)
}

/// A line of `packages`.
struct PackagesLine {
    is_system: bool,
    atom: Dep,
    source: Source,
}

fn members(
    base: &Base,
    is_system: bool,
    counts: impl Fn(&ProfileNode) -> bool,
    notices: &Notices,
) -> anyhow::Result<Vec<Member>> {
    let mut entries: Vec<PackagesLine> = Vec::new();
    for node in base.profile.nodes.iter().filter(|node| counts(node)) {
        for line in node.lines(&base.chroot, "packages", notices)? {
            stack(&mut entries, line, node, notices);
        }
    }
    let wanted = entries
        .into_iter()
        .filter(|entry| entry.is_system == is_system);
    let member = |PackagesLine { atom, source, .. }| Member { atom, source };
    Ok(wanted.map(member).collect())
}

fn stack(entries: &mut Vec<PackagesLine>, line: Line, node: &ProfileNode, notices: &Notices) {
    let text = line.words.join(" ");
    if text == "-*" {
        entries.clear();
        return;
    }
    let (is_removal, rest) = strip(&text, '-');
    let (is_system, rest) = strip(rest, '*');
    match Dep::parse(rest, node.syntax(false)) {
        Ok(atom) if atom.blocker().is_some() => notices.at(
            &line.source,
            format!("\"{text}\" is a blocker, which `packages` may not hold, skipped"),
        ),
        Ok(atom) if is_removal => {
            entries.retain(|entry| entry.is_system != is_system || entry.atom != atom);
        }
        Ok(atom) => entries.push(PackagesLine {
            is_system,
            atom,
            source: line.source,
        }),
        Err(error) => notices.at(
            &line.source,
            format!("\"{text}\" is not an atom: {error}, skipped"),
        ),
    }
}

fn strip(text: &str, sign: char) -> (bool, &str) {
    match text.strip_prefix(sign) {
        Some(rest) => (true, rest),
        None => (false, text),
    }
}
