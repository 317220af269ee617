//! The disjunctive normal form of any-of groups that overlap (`portage: dep/dep_check.py:_overlap_dnf`).

use std::collections::{BTreeSet, LinkedList};

use foldhash::HashMap;

use crate::plan::dep_check::virtuals::DnfNode;

/// Overlapping any-of groups are multiplied out as long as this many combinations suffice. Portage has
/// no limit of its own; ebuilds stay far below this one.
const MAX_COMBINATIONS: usize = 20_000;

/// And as long as all of them together have no more nodes than this.
const MAX_NODES: usize = 400_000;

/// Whether any-of groups had names in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Overlaps {
    /// None had.
    None,
    /// Some had, and were multiplied out. Then alternatives with fewer new slots come first
    /// (`portage: dep/dep_check.py:dep_zapdeps`, `minimize_slots`).
    Multiplied,
}

/// Any-of groups, those joined that share a name. Names are looked up and not compared with those of all
/// other groups, of which there may be tens of thousands.
#[derive(Default)]
struct Joined {
    /// Nodes of each set of groups; emptied where a set was joined with another.
    sets: Vec<LinkedList<DnfNode>>,
    /// The set that another was joined with, or itself.
    parents: Vec<usize>,
    /// The set in whose place each stands.
    places: Vec<usize>,
    by_name: HashMap<String, usize>,
}

impl Joined {
    /// The set that this one is part of now.
    fn root(&mut self, mut set: usize) -> usize {
        while self.parents[set] != set {
            self.parents[set] = self.parents[self.parents[set]];
            set = self.parents[set];
        }
        set
    }

    /// Add a group: it stands where the first set that it overlaps with stood.
    fn add(&mut self, node: DnfNode, names: BTreeSet<String>) {
        let new = self.sets.len();
        self.parents.push(new);
        self.places.push(new);
        let mut others = BTreeSet::new();
        for name in names {
            let known = *self.by_name.entry(name).or_insert(new);
            let root = self.root(known);
            if root != new {
                others.insert((self.places[root], root));
            }
        }
        if let Some((place, _)) = others.first() {
            self.places[new] = *place;
        }
        let mut all = LinkedList::from([node]);
        for (_, other) in others {
            let mut together = std::mem::take(&mut self.sets[other]);
            together.append(&mut all);
            all = together;
            self.parents[other] = new;
        }
        self.sets.push(all);
    }

    /// The sets, in order of their places.
    fn into_sets(self) -> Vec<LinkedList<DnfNode>> {
        let mut sets: Vec<_> = self.places.into_iter().zip(self.sets).collect();
        sets.retain(|(_, nodes)| !nodes.is_empty());
        sets.sort_by_key(|(place, _)| *place);
        sets.into_iter().map(|(_, nodes)| nodes).collect()
    }
}

/// Any-of groups that share a name are multiplied out, so that one package may satisfy
/// several.
pub(super) fn multiply(nodes: Vec<DnfNode>) -> (Vec<DnfNode>, Overlaps) {
    if !nodes.iter().any(|node| matches!(node, DnfNode::AnyOf(_))) {
        return (nodes, Overlaps::None);
    }
    let mut result = Vec::new();
    let mut joined = Joined::default();
    for node in nodes {
        let names = match &node {
            DnfNode::AnyOf(_) => names_of(&node),
            _ => BTreeSet::new(),
        };
        if names.is_empty() {
            result.push(node);
            continue;
        }
        joined.add(node, names);
    }
    let mut overlaps = Overlaps::None;
    for nodes in joined.into_sets() {
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
        let size = |all: &[Vec<DnfNode>]| all.iter().map(Vec::len).sum::<usize>();
        let before = size(&combinations).saturating_mul(flat.len());
        let nodes = before.saturating_add(size(&flat).saturating_mul(combinations.len()));
        if combinations.len().saturating_mul(flat.len()) > MAX_COMBINATIONS || nodes > MAX_NODES {
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
                if let [part] = &parts[..] {
                    for one in &mut all {
                        one.extend(part.iter().cloned());
                    }
                    continue;
                }
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
