//! Which of several matching atoms is more specific
//! (`portage: dep/__init__.py:best_match_to_list`).

use crate::pms::{Dep, Operator, Version};

/// A version range; among several of them closeness to the package decides.
const RANGE: i8 = 2;

/// Sort matching entries, least specific first.
///
/// Portage picks the most specific entry over and over, each time the first listed of the best, and
/// turns the picks around.
pub(super) fn sort<V>(matches: &mut [&(Dep, V)], version: &Version) {
    if matches.len() < 2 {
        return;
    }
    matches.sort_by_key(|(atom, _)| -value(atom));
    let ranges = matches.partition_point(|(atom, _)| value(atom) > RANGE)
        ..matches.partition_point(|(atom, _)| value(atom) >= RANGE);
    pick_closest_first(&mut matches[ranges], version);
    matches.reverse();
}

/// The rank of an atom's form.
fn value(atom: &Dep) -> i8 {
    if atom.is_wildcard() {
        return match (atom.operator(), atom.slot()) {
            (Some(_), _) => 0,
            (None, Some(_)) => -1,
            (None, None) => -2,
        };
    }
    let by_operator = match atom.operator() {
        Some(Operator::Equal) => 6,
        Some(Operator::Approximate) => 5,
        Some(Operator::EqualGlob | Operator::Contains) => 4,
        Some(_) => RANGE,
        None => 1,
    };
    let by_slot = atom.slot().map_or(0, |_| 3);
    by_operator.max(by_slot)
}

/// Order ranges by picking. "Closer" is not transitive when the package lies between two of them, so
/// this cannot be a sort.
fn pick_closest_first<V>(ranges: &mut [&(Dep, V)], version: &Version) {
    let versions: Vec<Option<Version>> = ranges
        .iter()
        .map(|(atom, _)| atom.version().and_then(Version::parse))
        .collect();
    let mut left: Vec<(&(Dep, V), Option<&Version>)> = ranges
        .iter()
        .copied()
        .zip(versions.iter().map(Option::as_ref))
        .collect();
    for place in ranges.iter_mut() {
        let mut best = 0;
        for other in 1..left.len() {
            if is_closer(left[other].1, left[best].1, version) {
                best = other;
            }
        }
        *place = left.remove(best).0;
    }
}

/// Whether `other` beats `best`: both lie on the same side of the package and it lies nearer.
fn is_closer(other: Option<&Version>, best: Option<&Version>, package: &Version) -> bool {
    let (Some(other), Some(best)) = (other, best) else {
        return false;
    };
    if best == package || best == other {
        return false;
    }
    if other == package {
        return true;
    }
    let mut sorted = [best, package, other];
    sorted.sort_by(|a, b| a.cmp_version(b));
    let at_an_end = std::ptr::eq(sorted[0], package) || std::ptr::eq(sorted[2], package);
    at_an_end && std::ptr::eq(sorted[1], other)
}
