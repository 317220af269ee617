//! The disjunctive normal form of any-of groups that overlap (`portage: dep/dep_check.py:_overlap_dnf`).

use std::collections::BTreeSet;

use crate::plan::dep_check::virtuals::DnfNode;

/// Overlapping any-of groups are multiplied out as long as this many combinations suffice. Portage has
/// no limit of its own; ebuilds stay far below this one.
const MAX_COMBINATIONS: usize = 20_000;

/// Whether any-of groups had names in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Overlaps {
    /// None had.
    None,
    /// Some had, and were multiplied out. Then alternatives with fewer new slots come first
    /// (`portage: dep/dep_check.py:dep_zapdeps`, `minimize_slots`).
    Multiplied,
}

/// Any-of groups that share a name are multiplied out, so that one package may satisfy
/// several.
pub(super) fn multiply(nodes: Vec<DnfNode>) -> (Vec<DnfNode>, Overlaps) {
    let mut result = Vec::new();
    let mut groups: Vec<(Vec<DnfNode>, BTreeSet<String>)> = Vec::new();
    for node in nodes {
        let names = match &node {
            DnfNode::AnyOf(_) => names_of(&node),
            _ => BTreeSet::new(),
        };
        if names.is_empty() {
            result.push(node);
            continue;
        }
        groups.push((vec![node], names));
    }
    let mut merged: Vec<(Vec<DnfNode>, BTreeSet<String>)> = Vec::new();
    for (nodes, names) in groups {
        let mut group = (nodes, names);
        let mut place = None;
        let mut rest = Vec::new();
        for (position, other) in merged.into_iter().enumerate() {
            if other.1.is_disjoint(&group.1) {
                rest.push(other);
            } else {
                place.get_or_insert(position.min(rest.len()));
                let mut together = other;
                together.0.append(&mut group.0);
                together.1.append(&mut group.1);
                group = together;
            }
        }
        rest.insert(place.unwrap_or(rest.len()), group);
        merged = rest;
    }
    let mut overlaps = Overlaps::None;
    for (nodes, _) in merged {
        if nodes.len() == 1 {
            result.extend(nodes);
            continue;
        }
        overlaps = Overlaps::Multiplied;
        let mut unique: Vec<DnfNode> = Vec::new();
        let mut known = BTreeSet::new();
        for node in nodes {
            if known.insert(text(&node)) {
                unique.push(node);
            }
        }
        if unique.len() == 1 {
            result.extend(unique);
        } else {
            result.extend(product(unique));
        }
    }
    (result, overlaps)
}

/// The disjunctive normal form of several any-of groups; they stay as they are if it were too large.
fn product(groups: Vec<DnfNode>) -> Vec<DnfNode> {
    let mut combinations: Vec<Vec<DnfNode>> = vec![Vec::new()];
    for group in &groups {
        let DnfNode::AnyOf(alternatives) = group else {
            continue;
        };
        let flat: Vec<Vec<DnfNode>> = alternatives.iter().flat_map(conjunctions).collect();
        if combinations.len().saturating_mul(flat.len()) > MAX_COMBINATIONS {
            return groups;
        }
        let extend = |combination: &Vec<DnfNode>| {
            let mut out = Vec::new();
            for alternative in &flat {
                let mut longer = combination.clone();
                longer.extend(alternative.iter().cloned());
                out.push(longer);
            }
            out
        };
        combinations = combinations.iter().flat_map(extend).collect();
    }
    let mut known = BTreeSet::new();
    let unique = combinations
        .into_iter()
        .map(without_repetitions)
        .map(DnfNode::AllOf);
    vec![DnfNode::AnyOf(
        unique.filter(|node| known.insert(text(node))).collect(),
    )]
}

fn without_repetitions(nodes: Vec<DnfNode>) -> Vec<DnfNode> {
    let mut known = BTreeSet::new();
    nodes
        .into_iter()
        .filter(|node| known.insert(text(node)))
        .collect()
}

/// An alternative as all-of groups of atoms, any-of groups inside it multiplied out.
fn conjunctions(node: &DnfNode) -> Vec<Vec<DnfNode>> {
    match node {
        DnfNode::Leaf(_) => vec![vec![node.clone()]],
        DnfNode::AnyOf(alternatives) => alternatives.iter().flat_map(conjunctions).collect(),
        DnfNode::AllOf(nodes) => {
            let mut all: Vec<Vec<DnfNode>> = vec![Vec::new()];
            for node in nodes {
                let parts = conjunctions(node);
                let mut longer = Vec::new();
                for one in &all {
                    for part in &parts {
                        let mut together = one.clone();
                        together.extend(part.iter().cloned());
                        longer.push(together);
                    }
                    if longer.len() > MAX_COMBINATIONS {
                        return longer;
                    }
                }
                all = longer;
            }
            all
        }
    }
}

fn names_of(node: &DnfNode) -> BTreeSet<String> {
    match node {
        DnfNode::Leaf(atom) if atom.is_blocker() => BTreeSet::new(),
        DnfNode::Leaf(atom) => BTreeSet::from([atom.name().to_owned()]),
        DnfNode::AllOf(nodes) | DnfNode::AnyOf(nodes) => nodes.iter().flat_map(names_of).collect(),
    }
}

fn text(node: &DnfNode) -> String {
    let join = |nodes: &[DnfNode]| nodes.iter().map(text).collect::<Vec<_>>().join(" ");
    match node {
        DnfNode::Leaf(atom) => atom.to_string(),
        DnfNode::AllOf(nodes) => format!("( {} )", join(nodes)),
        DnfNode::AnyOf(nodes) => format!("|| ( {} )", join(nodes)),
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::plan::testing::atom;

    fn any(words: &str) -> DnfNode {
        let leaf = |word: &str| DnfNode::Leaf(Rc::new(atom(word)));
        DnfNode::AnyOf(words.split(' ').map(leaf).collect())
    }

    fn multiplied(groups: &[&str]) -> (String, Overlaps) {
        let (nodes, overlaps) = multiply(groups.iter().map(|words| any(words)).collect());
        let texts: Vec<String> = nodes.iter().map(text).collect();
        (texts.join(" "), overlaps)
    }

    #[test]
    fn groups_with_a_name_in_common() {
        assert_eq!(
            multiplied(&["a/a b/b", "c/c d/d"]),
            ("|| ( a/a b/b ) || ( c/c d/d )".to_owned(), Overlaps::None)
        );
        let (text, overlaps) = multiplied(&["a/a b/b", "x/x y/y", "b/b c/c"]);
        assert_eq!(
            text,
            "|| ( ( a/a b/b ) ( a/a c/c ) ( b/b ) ( b/b c/c ) ) || ( x/x y/y )"
        );
        assert_eq!(overlaps, Overlaps::Multiplied);
        let (text, _) = multiplied(&["a/a b/b", "a/a b/b"]);
        assert_eq!(text, "|| ( a/a b/b )", "the same group twice");
    }

    #[test]
    fn too_many_combinations_stay_as_they_are() {
        let words: Vec<String> = (0..30).map(|number| format!("a/p{number}")).collect();
        let groups: Vec<String> = (0..4)
            .map(|number| format!("z/z {} y/y{number}", words.join(" ")))
            .collect();
        let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
        let (text, _) = multiplied(&groups);
        assert_eq!(text.matches("||").count(), 4);
    }
}
