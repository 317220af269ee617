//! Dependency strings: reducing them changes their shape and not their meaning, and what is printed
//! reads the same.

use bincheck::pms::{Dep, DepSpec, Eapi, Reduced, depspec, reduce_dependencies};

use crate::guard;
use crate::input::{Input, hash, state_of};

pub(super) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let eapi = Eapi::parse(input.choose(&["8", "7", "6", "5", "4", "0", "none"]));
    let seed = input.byte();
    let text = input.text();
    let enabled = |flag: &str| state_of(flag, seed);
    let _ = DepSpec::parse_checked(&text, eapi, &|flag| flag.len() % 2 == 0);
    if let Ok(nodes) = DepSpec::parse_dependencies(&text, eapi) {
        check(&nodes, eapi, seed);
    }
    guard::linear(bytes, b" ", |bytes| {
        let text = String::from_utf8_lossy(bytes);
        if let Ok(nodes) = DepSpec::parse_dependencies(&text, eapi) {
            depspec::reduced_text(&reduce_dependencies(&nodes, eapi, &enabled));
        }
    });
}

fn check(nodes: &[DepSpec<Dep>], eapi: Option<Eapi>, seed: u8) {
    let enabled = |flag: &str| state_of(flag, seed);
    let mut reduced = reduce_dependencies(nodes, eapi, &enabled);
    let text = depspec::reduced_text(&reduced);
    let again = DepSpec::parse_dependencies(&text, eapi);
    let again = again.unwrap_or_else(|error| panic!("{text}: {error}"));

    let drops = eapi.is_some_and(Eapi::drops_empty_any_of);
    for world in 0..8 {
        let holds = |atom: &Dep| holds(atom.as_str(), world);
        let written = all(nodes, &|node| spec(node, &enabled, drops, &holds));
        let normal = reduced.iter().all(|node| normal(node, &holds));
        assert_eq!(written != Some(false), normal, "{text}");
        let printed = all(&again, &|node| spec(node, &enabled, drops, &holds));
        assert_eq!(printed != Some(false), normal, "{text} read again");
    }
    let active = DepSpec::active_leaves(nodes, &enabled);
    assert!(active.len() <= DepSpec::leaves(nodes).len());
    depspec::strip_built_slots(&mut reduced);
    let stripped = depspec::reduced_text(&reduced);
    assert!(
        DepSpec::parse_dependencies(&stripped, eapi).is_ok(),
        "{stripped}"
    );
}

/// Whether an atom holds in one of several invented worlds.
fn holds(atom: &str, world: u8) -> bool {
    atom != EMPTY && hash(atom.as_bytes()) >> world & 1 == 1
}

const EMPTY: &str = "__const__/empty-any-of";

/// Whether a node holds; `None` for one that has no meaning.
fn spec(
    node: &DepSpec<Dep>,
    enabled: &dyn Fn(&str) -> bool,
    drops: bool,
    holds: &dyn Fn(&Dep) -> bool,
) -> Option<bool> {
    let children = || {
        node.children()
            .iter()
            .map(|child| spec(child, enabled, drops, holds))
    };
    match node {
        DepSpec::Leaf(atom) => Some(holds(&atom.evaluate_use(enabled))),
        DepSpec::AllOf(_) => children().flatten().reduce(|a, b| a && b),
        DepSpec::Conditional {
            flag,
            enabled: state,
            ..
        } if enabled(flag) == *state => children().flatten().reduce(|a, b| a && b),
        DepSpec::Conditional { .. } => None,
        // The native parser takes all three for any-of groups.
        _ => match children().flatten().reduce(|a, b| a || b) {
            None if !drops => Some(false),
            any => any,
        },
    }
}

fn all<T>(nodes: &[T], each: &dyn Fn(&T) -> Option<bool>) -> Option<bool> {
    nodes.iter().filter_map(each).reduce(|a, b| a && b)
}

fn normal(node: &Reduced<Dep>, holds: &dyn Fn(&Dep) -> bool) -> bool {
    match node {
        Reduced::Leaf(atom) => holds(atom),
        Reduced::AllOf(nodes) => nodes.iter().all(|node| normal(node, holds)),
        Reduced::AnyOf(nodes) => {
            assert!(nodes.len() > 1, "an any-of group of one alternative");
            nodes.iter().any(|node| normal(node, holds))
        }
        Reduced::EmptyAnyOf => false,
    }
}
