//! Portage's normal form of dependency strings (`portage: dep/__init__.py:use_reduce`).
//!
//! Portage builds nested lists and removes those that are empty, in an order of its own. The
//! result is compared in order and by text, so its shape is reproduced and not only its meaning.

use std::fmt::{self, Write};

use super::{DepSpec, Reduced};
use crate::pms::{Dep, Eapi};

/// The atom that Portage writes for an any-of group without alternatives.
const EMPTY_ANY_OF: &str = "__const__/empty-any-of";

/// Reduce a dependency string with the enabled USE flags to Portage's normal form.
///
/// Leaves are copied as they are; see [`reduce_dependencies`] for atoms. The shape is the one that
/// atoms get; for plain words Portage dissolves an all-of group that is the only alternative of an
/// any-of group within another, which means the same. As in Portage's native
/// parser, `^^` and `??` groups count as any-of groups.
pub fn reduce<T: Clone>(
    nodes: &[DepSpec<T>],
    eapi: Option<Eapi>,
    enabled: &dyn Fn(&str) -> bool,
) -> Vec<Reduced<T>> {
    reduce_with(nodes, eapi, enabled, &|leaf| Reduced::Leaf(leaf.clone()))
}

/// Reduce dependencies to Portage's normal form, conditional USE dependencies evaluated too.
///
/// An atom `__const__/empty-any-of`, as indexes hold it where the binhost's Portage wrote it,
/// becomes [`Reduced::EmptyAnyOf`].
pub fn reduce_dependencies(
    nodes: &[DepSpec<Dep>],
    eapi: Option<Eapi>,
    enabled: &dyn Fn(&str) -> bool,
) -> Vec<Reduced<Dep>> {
    reduce_with(nodes, eapi, enabled, &|dep| match dep.as_str() {
        EMPTY_ANY_OF => Reduced::EmptyAnyOf,
        _ => Reduced::Leaf(dep.evaluate_use(enabled)),
    })
}

/// Make `:slot/sub-slot=` and `:slot=` of all atoms `:=` (`portage: _slot_operator.py:strip_slots`).
pub fn strip_built_slots(nodes: &mut [Reduced<Dep>]) {
    for node in nodes {
        match node {
            Reduced::Leaf(dep) => {
                if dep.slot().is_some() && dep.slot_operator().is_some() {
                    *dep = dep.strip_built_slot();
                }
            }
            Reduced::AllOf(children) | Reduced::AnyOf(children) => strip_built_slots(children),
            Reduced::EmptyAnyOf => {}
        }
    }
}

/// The text that Portage writes for a reduced string, `|| ( a/b ( c/d e/f ) )`.
pub fn reduced_text<T: fmt::Display>(nodes: &[Reduced<T>]) -> String {
    let mut text = String::new();
    write_nodes(&mut text, nodes);
    text
}

fn write_nodes<T: fmt::Display>(text: &mut String, nodes: &[Reduced<T>]) {
    for node in nodes {
        if !text.is_empty() {
            text.push(' ');
        }
        // writing to a string does not fail
        let _ = match node {
            Reduced::Leaf(leaf) => write!(text, "{leaf}"),
            Reduced::EmptyAnyOf => write!(text, "{EMPTY_ANY_OF}"),
            Reduced::AllOf(children) => {
                text.push('(');
                write_nodes(text, children);
                write!(text, " )")
            }
            Reduced::AnyOf(children) => {
                text.push_str("|| (");
                write_nodes(text, children);
                write!(text, " )")
            }
        };
    }
}

fn reduce_with<T, U>(
    nodes: &[DepSpec<T>],
    eapi: Option<Eapi>,
    enabled: &dyn Fn(&str) -> bool,
    leaf: &dyn Fn(&T) -> Reduced<U>,
) -> Vec<Reduced<U>> {
    let reducer = Reducer {
        drops_empty: eapi.is_some_and(Eapi::drops_empty_any_of),
        enabled,
        leaf,
    };
    let mut reduced = Vec::with_capacity(nodes.len());
    reducer.sequence(nodes, false, &mut reduced);
    reduced
}

struct Reducer<'f, T, U> {
    /// Whether any-of groups without alternatives vanish.
    drops_empty: bool,
    enabled: &'f dyn Fn(&str) -> bool,
    leaf: &'f dyn Fn(&T) -> Reduced<U>,
}

impl<T, U> Reducer<'_, T, U> {
    /// Nodes of which all must hold.
    fn sequence(&self, nodes: &[DepSpec<T>], inside_any_of: bool, out: &mut Vec<Reduced<U>>) {
        for node in nodes {
            match node {
                DepSpec::Leaf(leaf) => out.push((self.leaf)(leaf)),
                DepSpec::AllOf(children) => self.sequence(children, inside_any_of, out),
                DepSpec::Conditional { children, .. } => {
                    if node.is_active(self.enabled) {
                        self.sequence(children, inside_any_of, out);
                    }
                }
                DepSpec::AnyOf(children)
                | DepSpec::ExactlyOneOf(children)
                | DepSpec::AtMostOneOf(children) => self.any_of(children, inside_any_of, out),
            }
        }
    }

    fn any_of(&self, nodes: &[DepSpec<T>], inside_any_of: bool, out: &mut Vec<Reduced<U>>) {
        let mut alternatives = self.alternatives(nodes);
        if alternatives.len() > 1 {
            out.push(Reduced::AnyOf(alternatives));
            return;
        }
        match alternatives.pop() {
            None if self.drops_empty => {}
            None => out.push(Reduced::EmptyAnyOf),
            Some(Reduced::AllOf(children)) if !inside_any_of => out.extend(children),
            Some(only) => out.push(only),
        }
    }

    /// Nodes of which one must hold.
    fn alternatives(&self, nodes: &[DepSpec<T>]) -> Vec<Reduced<U>> {
        let mut out = Vec::with_capacity(nodes.len());
        for node in nodes {
            match node {
                DepSpec::Leaf(leaf) => out.push((self.leaf)(leaf)),
                DepSpec::AllOf(children) => self.alternative(children, &mut out),
                DepSpec::Conditional { children, .. } => {
                    if node.is_active(self.enabled) {
                        self.alternative(children, &mut out);
                    }
                }
                DepSpec::AnyOf(children)
                | DepSpec::ExactlyOneOf(children)
                | DepSpec::AtMostOneOf(children) => {
                    let nested = self.alternatives(children);
                    if nested.is_empty() && !self.drops_empty {
                        out.push(Reduced::AllOf(vec![Reduced::EmptyAnyOf]));
                    }
                    out.extend(nested);
                }
            }
        }
        out
    }

    /// One alternative that is a group: it stays nested only if it holds more than one thing.
    fn alternative(&self, nodes: &[DepSpec<T>], out: &mut Vec<Reduced<U>>) {
        let mut all = Vec::with_capacity(nodes.len());
        self.sequence(nodes, true, &mut all);
        if all.len() > 1 {
            out.push(Reduced::AllOf(all));
            return;
        }
        match all.pop() {
            Some(Reduced::AnyOf(alternatives)) => out.extend(alternatives),
            Some(only) => out.push(only),
            None => {}
        }
    }
}
