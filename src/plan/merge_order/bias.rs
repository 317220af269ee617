//! Which task comes first where several may (`portage: depgraph.py:depgraph._merge_order_bias`,
//! `_find_deep_system_runtime_deps.py`).

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::plan::graph::edge::{Edge, Ignore};
use crate::plan::merge_order::task_graph::{TaskGraph, TaskIndex};
use crate::plan::merge_order::{OrderInput, OrderTask};
use crate::plan::packages::plan_package::Id;

/// The graph of all tasks, and where each package and each uninstall is.
#[derive(Debug, Default)]
pub(super) struct Arranged {
    pub graph: TaskGraph,
    pub packages: HashMap<Id, TaskIndex>,
    pub uninstalls: HashMap<Id, TaskIndex>,
}

/// A task before it has its place.
struct OrderDraft {
    task: OrderTask,
    rank: usize,
    is_system: bool,
    children: Vec<(usize, Edge)>,
    /// How many others wait for it.
    wanted_by: usize,
    is_left: bool,
}

/// Bring the tasks in order of preference. What is there and nothing waits for is left out.
pub(super) fn arrange(input: &OrderInput) -> Arranged {
    let mut drafts = drafts(input);
    prune(&mut drafts);
    let mut order: Vec<usize> = (0..drafts.len())
        .filter(|draft| drafts[*draft].is_left)
        .collect();
    if input.implicit_system_deps {
        let is_deep = deep_system(&drafts);
        order.sort_by_key(|draft| {
            let OrderDraft {
                task, wanted_by, ..
            } = drafts[*draft];
            match task {
                OrderTask::Uninstall(_) => (true, false, Reverse(0)),
                _ => (false, !is_deep[*draft], Reverse(wanted_by)),
            }
        });
    }
    place(&drafts, &order)
}

/// All tasks; uninstalls come last.
fn drafts(input: &OrderInput) -> Vec<OrderDraft> {
    let mut drafts: Vec<OrderDraft> =
        Vec::with_capacity(input.nodes.len() + input.uninstalls.len());
    let places = input.nodes.iter().enumerate();
    let places: HashMap<Id, usize> = places
        .map(|(place, node)| (node.task.id(), place))
        .collect();
    let found = |(id, edge): &(Id, Edge)| Some((*places.get(id)?, *edge));
    for node in &input.nodes {
        drafts.push(OrderDraft {
            task: node.task,
            rank: node.rank,
            is_system: node.is_system,
            children: node.children.iter().filter_map(found).collect(),
            wanted_by: 0,
            is_left: true,
        });
    }
    for uninstall in &input.uninstalls {
        let place = drafts.len();
        for parent in uninstall.parents.iter().filter_map(|id| places.get(id)) {
            drafts[*parent].children.push((place, Edge::BLOCKER));
        }
        drafts.push(OrderDraft {
            task: OrderTask::Uninstall(uninstall.package),
            rank: uninstall.rank,
            is_system: false,
            children: Vec::new(),
            wanted_by: 0,
            is_left: true,
        });
    }
    for draft in 0..drafts.len() {
        for index in 0..drafts[draft].children.len() {
            let (child, _) = drafts[draft].children[index];
            drafts[child].wanted_by += 1;
        }
    }
    drafts
}

/// Leave out what is there and nothing waits for, then what only that waited for.
fn prune(drafts: &mut [OrderDraft]) {
    let is_useless =
        |draft: &OrderDraft| draft.wanted_by == 0 && !matches!(draft.task, OrderTask::Merge(_));
    let all = 0..drafts.len();
    let mut open: Vec<usize> = all.filter(|draft| is_useless(&drafts[*draft])).collect();
    while let Some(draft) = open.pop() {
        drafts[draft].is_left = false;
        for index in 0..drafts[draft].children.len() {
            let (child, _) = drafts[draft].children[index];
            drafts[child].wanted_by -= 1;
            if is_useless(&drafts[child]) {
                open.push(child);
            }
        }
    }
}

/// Packages of @system, and what they need to run, all the way down.
fn deep_system(drafts: &[OrderDraft]) -> Vec<bool> {
    let mut is_deep = vec![false; drafts.len()];
    let all = 0..drafts.len();
    let mut open: Vec<usize> = all
        .filter(|draft| drafts[*draft].is_left && drafts[*draft].is_system)
        .collect();
    while let Some(draft) = open.pop() {
        if matches!(drafts[draft].task, OrderTask::Uninstall(_)) || is_deep[draft] {
            continue;
        }
        is_deep[draft] = true;
        let needed = drafts[draft].children.iter();
        let needed = needed.filter(|(_, edge)| edge.survives_without_blockers(Ignore::NotRuntime));
        open.extend(needed.map(|(child, _)| *child));
    }
    is_deep
}

fn place(drafts: &[OrderDraft], order: &[usize]) -> Arranged {
    let mut arranged = Arranged::default();
    let mut places: HashMap<usize, TaskIndex> = HashMap::new();
    for draft in order {
        let OrderDraft { task, rank, .. } = drafts[*draft];
        let place = arranged.graph.add(task, rank);
        places.insert(*draft, place);
        match task {
            OrderTask::Uninstall(id) => arranged.uninstalls.insert(id, place),
            _ => arranged.packages.insert(task.id(), place),
        };
    }
    for draft in order {
        for (child, edge) in &drafts[*draft].children {
            if let (Some(parent), Some(child)) = (places.get(draft), places.get(child)) {
                arranged.graph.wait_first(*parent, *child, *edge);
            }
        }
    }
    arranged
}
