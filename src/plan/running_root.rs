//! What packages of another root need of the running system: with `--root` emerge keeps two roots in one graph.
//!
//! Packages below ROOT depend on each other at run time; what builds and installs them is looked for in the running system
//! (`portage: depgraph.py:depgraph._add_pkg_deps`, `_running_root`), and nothing there depends on ROOT. So the plan for
//! ROOT comes first, and what it needs of the running system is a request of its own.

use std::collections::{BTreeMap, BTreeSet};

use crate::packages::Packages;
use crate::plan::argument::Argument;
use crate::plan::depgraph::attempt::{Depgraph, Retry};
use crate::plan::options::{Deep, DepOptions, ResolveOptions, SelectionOptions};
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::PackageDb;
use crate::plan::packages::plan_package::Id;
use crate::plan::request::PlanRequest;
use crate::plan::resolve_in;
use crate::plan::result::plan::{MergeRoot, Obstacle, Plan};
use crate::plan::result::required_by::RequiredBy;
use crate::plan::select::goal::Goal;
use crate::plan::select::parameters::BacktrackParameters;
use crate::plan::select::selector::Selector;
use crate::pms::{Kind, Reduced};

/// What a package needs of the running system.
#[derive(Clone, Debug)]
pub(in crate::plan) struct RunningNeed {
    /// The package, in the graph.
    pub parent: Id,
    /// The same by its name.
    pub by: RequiredBy,
    /// Whether it is no error if nothing satisfies it.
    pub optional: bool,
    /// The dependencies, with USE as it is configured.
    pub nodes: Vec<Reduced<Atom>>,
}

/// What the packages of a finished graph need.
pub(in crate::plan) fn needs(depgraph: &Depgraph<'_, '_>) -> Vec<RunningNeed> {
    let needs = depgraph.records.running.iter();
    needs
        .filter(|need| depgraph.graph.has(need.parent))
        .cloned()
        .collect()
}

/// A graph in which nothing is yet.
fn empty_graph<'u, 'a>(
    packages: &'u PackageDb<'a>,
    options: &'u ResolveOptions,
) -> Depgraph<'u, 'a> {
    let goal = Goal::new(Vec::new(), Vec::new(), Vec::new(), options);
    let parameters = BacktrackParameters::default();
    Depgraph::new(packages, options, parameters, Retry::Never, goal)
}

/// Whether the running system has dependencies, or there is something for it that satisfies them.
pub(in crate::plan) fn can_be_had(
    running: &PackageDb<'_>,
    options: &ResolveOptions,
    nodes: &[Reduced<Atom>],
) -> bool {
    let empty = empty_graph(running, options);
    let choice = RunningChoice {
        select: empty.selector(),
        takes_installed: true,
        plain: BTreeSet::new(),
    };
    let mut atoms = nodes.iter().flat_map(|node| choice.of(node));
    atoms.all(|atom| atom.is_blocker() || choice.is_there(&atom) || choice.can_be_had(&atom))
}

/// Add to a plan what it needs of the running system.
pub(in crate::plan) fn add<'a>(
    plan: &mut Plan<'a>,
    running: &'a Packages<'a>,
    options: &ResolveOptions,
    request: &PlanRequest,
    needs: Vec<RunningNeed>,
) {
    let database = PackageDb::new(running, options.deps.dynamic);
    let empty = empty_graph(&database, options);
    let choice = RunningChoice {
        select: empty.selector(),
        takes_installed: options.selection.empty || options.selection.deep != Deep::Levels(0),
        plain: needs.iter().flat_map(|need| plain(&need.nodes)).collect(),
    };
    let mut parents: BTreeMap<String, Vec<RequiredBy>> = BTreeMap::new();
    let mut arguments: Vec<Argument> = Vec::new();
    for need in needs {
        for atom in choice.of_all(&need.nodes, need.optional) {
            let name = atom.dep.as_str().to_owned();
            let by = parents.entry(name.clone()).or_default();
            if by.is_empty() {
                arguments.push(Argument::atom(&name, atom));
            }
            if !by.contains(&need.by) {
                by.push(need.by.clone());
            }
        }
    }
    // A graph that is completed anyway holds what is installed there.
    if arguments.is_empty() && !options.complete.always {
        return;
    }
    let request = PlanRequest::for_running(arguments, request.running_world.clone());
    let (mut own, _) = resolve_in(running, &options_of(options), &request);
    for merge in &mut own.merges {
        merge.root = MergeRoot::Running;
        let by = std::mem::take(&mut merge.parents).into_iter();
        merge.parents = by
            .flat_map(|(by, atom)| named(by, &parents).map(move |by| (by, atom.clone())))
            .collect();
    }
    for obstacle in &mut own.obstacles {
        if let Obstacle::Unsatisfied { parent, .. } = obstacle
            && let Some(by) = named(parent.clone(), &parents).next()
        {
            *parent = by;
        }
    }
    join(plan, own);
}

/// What is there first is what builds the others.
fn join<'a>(plan: &mut Plan<'a>, mut own: Plan<'a>) {
    let before = own.merges.len();
    for uninstall in &mut plan.uninstalls {
        uninstall.after += before;
    }
    own.merges.append(&mut plan.merges);
    plan.merges = own.merges;
    if !own.obstacles.is_empty() {
        plan.obstacles.append(&mut own.obstacles);
    }
    plan.blocks.append(&mut own.blocks);
    plan.skipped.append(&mut own.skipped);
    plan.unreadable.append(&mut own.unreadable);
    plan.attempts += own.attempts;
}

/// A target of the request for the running system stands for the packages that need it.
fn named<'p>(
    by: RequiredBy,
    parents: &'p BTreeMap<String, Vec<RequiredBy>>,
) -> impl Iterator<Item = RequiredBy> + use<'p> {
    let needing = match &by {
        RequiredBy::Target(name) => parents.get(name),
        RequiredBy::Package(..) | RequiredBy::Rebuild => None,
    };
    let own = needing.is_none().then_some(by);
    own.into_iter()
        .chain(needing.into_iter().flatten().cloned())
}

/// What is needed counts as dependencies do: what is installed is kept, and looked at for updates only below `--deep`.
fn options_of(options: &ResolveOptions) -> ResolveOptions {
    let deep = match options.selection.deep {
        Deep::Levels(levels) => Deep::Levels(levels.saturating_sub(1)),
        Deep::All => Deep::All,
    };
    let is_deep = options.selection.deep != Deep::Levels(0);
    ResolveOptions {
        selection: SelectionOptions {
            update: options.selection.update && is_deep,
            deep,
            selective: !options.selection.empty,
            ..options.selection.clone()
        },
        deps: DepOptions {
            onlydeps: false,
            with_test: false,
            root_deps: None,
            ..options.deps.clone()
        },
        ..options.clone()
    }
}

/// Names of dependencies that are no alternatives.
fn plain(nodes: &[Reduced<Atom>]) -> Vec<String> {
    let of = |node: &Reduced<Atom>| match node {
        Reduced::Leaf(atom) => vec![atom.name().to_owned()],
        Reduced::AllOf(nodes) => plain(nodes),
        Reduced::AnyOf(_) | Reduced::EmptyAnyOf => Vec::new(),
    };
    nodes.iter().flat_map(of).collect()
}

/// Which atoms are requested of the running system.
struct RunningChoice<'c, 'a> {
    select: Selector<'c, 'a>,
    /// Whether what is installed there is requested too, for its updates.
    takes_installed: bool,
    /// Names that are requested anyway.
    plain: BTreeSet<String>,
}

impl RunningChoice<'_, '_> {
    fn of_all(&self, nodes: &[Reduced<Atom>], optional: bool) -> Vec<Atom> {
        let atoms = nodes.iter().flat_map(|node| self.of(node));
        let is_requested = |atom: &Atom| {
            let is_there = self.is_there(atom);
            !atom.is_blocker()
                && (!is_there || self.takes_installed)
                && (!optional || is_there || self.can_be_had(atom))
        };
        atoms.filter(is_requested).collect()
    }

    /// The atoms of a node; of alternatives the first that is requested anyway, else that is there, else that can be had.
    fn of(&self, node: &Reduced<Atom>) -> Vec<Atom> {
        match node {
            Reduced::Leaf(atom) => vec![atom.clone()],
            Reduced::AllOf(nodes) => nodes.iter().flat_map(|node| self.of(node)).collect(),
            Reduced::EmptyAnyOf => Vec::new(),
            Reduced::AnyOf(nodes) => {
                let ways: Vec<Vec<Atom>> = nodes.iter().map(|node| self.of(node)).collect();
                let all = |test: &dyn Fn(&Atom) -> bool| {
                    ways.iter().find(|way| way.iter().all(test)).cloned()
                };
                let is_there = |atom: &Atom| atom.is_blocker() || self.is_there(atom);
                let can_be_had = |atom: &Atom| is_there(atom) || self.can_be_had(atom);
                let is_requested =
                    |atom: &Atom| self.plain.contains(atom.name()) && self.can_be_had(atom);
                all(&is_requested)
                    .or_else(|| all(&is_there))
                    .or_else(|| all(&can_be_had))
                    .or_else(|| ways.first().cloned())
                    .unwrap_or_default()
            }
        }
    }

    fn is_there(&self, atom: &Atom) -> bool {
        let packages = self.select.packages;
        let mut installed = packages.matching(Kind::Installed, atom);
        installed.any(|one| self.select.use_matches(atom, &one)) || packages.is_provided(atom)
    }

    fn can_be_had(&self, atom: &Atom) -> bool {
        let kinds = [Kind::Binary, Kind::Ebuild].into_iter();
        let packages = self.select.packages;
        let mut all = kinds.flat_map(|kind| packages.matching(kind, atom));
        all.any(|package| packages.is_visible(&package) && self.select.use_matches(atom, &package))
    }
}
