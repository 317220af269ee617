//! Packages that cannot be merged in any order, since each must be there before the other is built
//! (`portage: depgraph.py:depgraph._serialize_tasks`, `digraph.py:digraph.get_cycles`).
//!
//! The order of merges is not worked out; only whether there is one.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::depgraph::create_graph::ResolveError;
use crate::plan::depgraph::outcome::Problem;
use crate::plan::graph::dependency::{Parent, Strength};
use crate::plan::graph::digraph::Digraph;
use crate::plan::packages::package_db::Id;

impl Depgraph<'_, '_> {
    /// Fail where no order exists, and note which dependencies the next attempt is to avoid.
    pub fn check_order(&mut self) -> Result<(), ResolveError> {
        let cycles = Order { graph: &self.graph }.unsolvable_cycles();
        if cycles.is_empty() {
            return Ok(());
        }
        let mut unsolved = false;
        let mut circular: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
        for cycle in cycles {
            for (place, id) in cycle.iter().enumerate() {
                unsolved |= self.parameters.circular.contains_key(id);
                let before = place.checked_sub(1).unwrap_or(cycle.len() - 1);
                circular.entry(*id).or_default().insert(cycle[before]);
            }
            self.outcome
                .problems
                .push(Problem::Circular { packages: cycle });
        }
        if self.may_retry() {
            self.outcome.feedback.config = true;
            self.outcome.feedback.circular = circular;
        }
        // A cycle that was to be avoided already is not avoided by another attempt.
        if unsolved || !self.may_retry() {
            self.outcome.forbid_restart();
        } else {
            self.outcome.request_restart();
        }
        Err(ResolveError)
    }
}

impl Depgraph<'_, '_> {
    /// Whether some package must be merged before another can be built: with `--buildpkgonly` nothing
    /// is merged.
    pub fn needs_merge_first(&mut self) -> bool {
        let merges = |id: &Id| self.get(*id).is_merge();
        let pair = self.graph.packages().iter().find_map(|id| {
            let mut children = self.graph.children(Parent::Package(*id)).iter();
            let child = children.find(|child| {
                merges(child) && self.graph.strength(*id, **child) == Strength::Hard
            })?;
            merges(id).then_some((*id, *child))
        });
        if let Some((parent, child)) = pair {
            self.outcome.problems.push(Problem::NeedsMerge {
                package: child,
                parent: Parent::Package(parent),
            });
        }
        pair.is_some()
    }
}

/// Whether a package can only be merged after another one, or is that one.
pub(super) fn needs_first(graph: &Digraph, id: Id, other: Id) -> bool {
    let order = Order { graph };
    let mut seen: HashSet<Id> = HashSet::from([id]);
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        if id == other {
            return true;
        }
        open.extend(order.required(id).filter(|child| seen.insert(*child)));
    }
    false
}

/// The order of merges, as far as it has to exist.
struct Order<'g> {
    graph: &'g Digraph,
}

impl Order<'_> {
    /// The cycles that no order of merges solves; none where there is an order.
    fn unsolvable_cycles(&self) -> Vec<Vec<Id>> {
        self.cycles(&self.unmergeable())
    }

    /// Packages that some package must have before it, in order of their coming.
    fn required(&self, id: Id) -> impl Iterator<Item = Id> {
        let children = self.graph.children(Parent::Package(id)).iter().copied();
        children.filter(move |child| self.graph.strength(id, *child) > Strength::Soft)
    }

    /// Everything that can never be merged: groups that depend on each other, with one that must be there
    /// before another is built; and whatever depends on those.
    fn unmergeable(&self) -> HashSet<Id> {
        let mut unmergeable: HashSet<Id> = HashSet::new();
        for group in self.groups() {
            let inside = |child: &Id| group.contains(child);
            let deadlock = group.iter().any(|id| {
                let mut children = self.required(*id).filter(inside);
                children.any(|child| self.graph.strength(*id, child) == Strength::Hard)
            });
            let blocked = group
                .iter()
                .any(|id| self.required(*id).any(|child| unmergeable.contains(&child)));
            if deadlock || blocked {
                unmergeable.extend(group);
            }
        }
        unmergeable
    }

    /// Groups of packages that depend on each other, each after those that it depends on (Tarjan's algorithm,
    /// without recursion).
    fn groups(&self) -> Vec<Vec<Id>> {
        let mut index: HashMap<Id, usize> = HashMap::new();
        let mut low: HashMap<Id, usize> = HashMap::new();
        let mut open: Vec<Id> = Vec::new();
        let mut is_open: HashSet<Id> = HashSet::new();
        let mut groups = Vec::new();
        for root in self.graph.packages() {
            if index.contains_key(root) {
                continue;
            }
            let mut work: Vec<(Id, Vec<Id>)> = Vec::new();
            let mut next = Some(*root);
            loop {
                if let Some(id) = next.take() {
                    let number = index.len();
                    index.insert(id, number);
                    low.insert(id, number);
                    open.push(id);
                    is_open.insert(id);
                    work.push((id, self.required(id).collect()));
                }
                let Some((id, children)) = work.last_mut() else {
                    break;
                };
                let id = *id;
                if let Some(child) = children.pop() {
                    match index.get(&child) {
                        None => next = Some(child),
                        Some(number) if is_open.contains(&child) => {
                            let lowest = low[&id].min(*number);
                            low.insert(id, lowest);
                        }
                        Some(_) => {}
                    }
                    continue;
                }
                work.pop();
                if let Some((parent, _)) = work.last() {
                    let lowest = low[parent].min(low[&id]);
                    low.insert(*parent, lowest);
                }
                if low[&id] == index[&id] {
                    let start = open.iter().rposition(|known| *known == id).unwrap_or(0);
                    let group = open.split_off(start);
                    group.iter().for_each(|id| {
                        is_open.remove(id);
                    });
                    groups.push(group);
                }
            }
        }
        groups
    }

    /// The shortest cycles through each of the packages that can never be merged.
    fn cycles(&self, unmergeable: &HashSet<Id>) -> Vec<Vec<Id>> {
        let mut cycles = Vec::new();
        for id in self
            .graph
            .packages()
            .iter()
            .filter(|id| unmergeable.contains(id))
        {
            let mut shortest: Option<usize> = None;
            let mut found: Vec<Vec<Id>> = Vec::new();
            for child in self
                .required(*id)
                .filter(|child| unmergeable.contains(child))
            {
                let Some(path) = self.path(child, *id, unmergeable) else {
                    continue;
                };
                if shortest.is_none_or(|length| length >= path.len()) {
                    shortest = Some(path.len());
                    found.push(path);
                }
            }
            found.retain(|path| Some(path.len()) == shortest);
            cycles.extend(found);
        }
        cycles
    }

    /// The shortest way from one package to another along what each depends on.
    fn path(&self, start: Id, end: Id, within: &HashSet<Id>) -> Option<Vec<Id>> {
        let mut came_from: HashMap<Id, Option<Id>> = HashMap::from([(start, None)]);
        let mut queue = VecDeque::from([start]);
        while let Some(id) = queue.pop_front() {
            if id == end {
                let mut path = vec![id];
                let mut at = id;
                while let Some(before) = came_from[&at] {
                    path.push(before);
                    at = before;
                }
                path.reverse();
                return Some(path);
            }
            for child in self.required(id).filter(|child| within.contains(child)) {
                came_from.entry(child).or_insert_with(|| {
                    queue.push_back(child);
                    Some(id)
                });
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::options::ResolveOptions;
    use crate::plan::testing::database;

    /// The cycles of edges such as `a>b`, or `a=b` where b must be there before a.
    fn cycles(edges: &str) -> Vec<String> {
        let lines = ["a", "b", "c", "d"].map(|name| format!("ebuild x/{name}-1"));
        let packages = database(&lines.each_ref().map(String::as_str));
        let mut graph = Digraph::default();
        for edge in edges.split(' ') {
            let [from, to] =
                [&edge[..1], &edge[2..]].map(|name| packages.ebuild(&format!("x/{name}-1")).id);
            let strength = if edge.contains('=') {
                Strength::Hard
            } else {
                Strength::Medium
            };
            graph.add(to, Some(Parent::Package(from)));
            graph.add_strength(Parent::Package(from), to, strength);
        }
        let cycles = Order { graph: &graph }.unsolvable_cycles();
        let name = |id: &Id| packages.get(*id).cpn().package().to_owned();
        let mut texts: Vec<String> = cycles
            .iter()
            .map(|cycle| cycle.iter().map(name).collect())
            .collect();
        texts.sort();
        texts
    }

    #[test]
    fn only_what_must_be_built_before_itself_has_no_order() {
        assert!(cycles("a>b b>a").is_empty(), "they are merged together");
        assert!(cycles("a=b b=c a=c").is_empty());
        assert_eq!(cycles("a=b b>a"), ["ab", "ba"]);
        assert_eq!(cycles("a=a"), ["a"]);
        assert_eq!(cycles("a>b b=c c>b d=a"), ["bc", "cb"]);
    }

    #[test]
    fn the_next_attempt_avoids_a_cycle_once() {
        let packages = database(&["ebuild a/a-1", "ebuild b/b-1"]);
        let [a, b] = ["a/a-1", "b/b-1"].map(|cpv| packages.ebuild(cpv));
        let options = ResolveOptions::default();
        for (avoided, restarts) in [(false, true), (true, false)] {
            let mut depgraph = packages.attempt(&options);
            depgraph.insert(&a, Some((b.id, "a/a")));
            depgraph.insert(&b, Some((a.id, "b/b")));
            let parent = Parent::Package(a.id);
            depgraph.graph.add_strength(parent, b.id, Strength::Hard);
            if avoided {
                depgraph.parameters.circular.entry(a.id).or_default();
            }
            assert!(depgraph.check_order().is_err());
            assert_eq!(depgraph.outcome.calls_for_restart(), restarts);
            assert_eq!(
                depgraph.outcome.feedback.circular[&a.id],
                BTreeSet::from([b.id])
            );
        }
    }
}
