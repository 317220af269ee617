//! Dependency strings: groups of atoms, licenses or words (PMS, "Dependency specification
//! format"; `portage: dep/__init__.py:use_reduce`).

mod parse;
mod reduce;
mod subset;

use std::fmt;

pub(super) use self::parse::{Grammar, GroupOperator, one_of_group};
pub use self::reduce::{reduce, reduce_dependencies, reduced_text, strip_built_slots};
use super::{Dep, Eapi, Syntax, UseDep};

/// A node of a dependency string, for any kind of leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DepSpec<T> {
    /// An atom, a license or another word.
    Leaf(T),
    /// `( … )`
    AllOf(Vec<DepSpec<T>>),
    /// `|| ( … )`
    AnyOf(Vec<DepSpec<T>>),
    /// `^^ ( … )`
    ExactlyOneOf(Vec<DepSpec<T>>),
    /// `?? ( … )`
    AtMostOneOf(Vec<DepSpec<T>>),
    /// `flag? ( … )`, or `!flag? ( … )` when `enabled` is false.
    Conditional {
        /// The flag.
        flag: Box<str>,
        /// The state of the flag in which the group counts.
        enabled: bool,
        /// The group.
        children: Vec<DepSpec<T>>,
    },
}

/// Why a text is not a dependency string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepSpecError {
    /// What is wrong, in lower case.
    pub reason: String,
}

impl fmt::Display for DepSpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for DepSpecError {}

/// A reduced dependency string in Portage's normal form: conditionals evaluated, redundant
/// groups gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reduced<T> {
    /// An atom, a license or another word.
    Leaf(T),
    /// An all-of group that stays nested inside an any-of group.
    AllOf(Vec<Reduced<T>>),
    /// An any-of group with its alternatives.
    AnyOf(Vec<Reduced<T>>),
    /// `__const__/empty-any-of`: an any-of group without alternatives, which nothing satisfies.
    EmptyAnyOf,
}

impl<T> DepSpec<T> {
    /// Read a dependency string; `leaf` turns each word into a value.
    ///
    /// These are the rules of Portage's Python parser, which reads LICENSE, PROPERTIES, RESTRICT
    /// and, with atoms as leaves, dependencies before EAPI 5: `^^` and `??` are not groups but words
    /// for `leaf` (`portage: dep/__init__.py:use_reduce`).
    ///
    /// # Errors
    /// Groups are empty, not closed or not opened, nested more than 256 deep, a conditional has no
    /// valid flag, or `leaf` fails.
    pub fn parse<E: fmt::Display>(
        text: &str,
        leaf: impl Fn(&str) -> Result<T, E>,
    ) -> Result<Vec<DepSpec<T>>, DepSpecError> {
        Grammar::WORDS.parse(text, leaf)
    }

    /// All flags that conditionals of these nodes ask for, nested ones too.
    pub fn conditional_flags(nodes: &[DepSpec<T>]) -> Vec<&str> {
        let mut flags = Vec::new();
        visit(nodes, &mut |node| {
            if let DepSpec::Conditional { flag, .. } = node {
                flags.push(&**flag);
            }
        });
        flags
    }

    /// All leaves, in order, whatever group they are in and whether or not a conditional holds.
    pub fn leaves(nodes: &[DepSpec<T>]) -> Vec<&T> {
        let mut leaves = Vec::new();
        visit(nodes, &mut |node| leaves.extend(node.as_leaf()));
        leaves
    }

    /// Whether an exactly-one-of or at-most-one-of group is among the nodes, nested ones too.
    pub fn has_counted_group(nodes: &[DepSpec<T>]) -> bool {
        nodes.iter().any(|node| match node {
            DepSpec::Leaf(_) => false,
            DepSpec::ExactlyOneOf(_) | DepSpec::AtMostOneOf(_) => true,
            DepSpec::AllOf(children)
            | DepSpec::AnyOf(children)
            | DepSpec::Conditional { children, .. } => DepSpec::has_counted_group(children),
        })
    }

    /// The leaves that are in no conditional group that does not hold, in order.
    pub fn active_leaves<'a>(
        nodes: &'a [DepSpec<T>],
        enabled: &dyn Fn(&str) -> bool,
    ) -> Vec<&'a T> {
        let mut leaves = Vec::new();
        visit_if(nodes, &|node| node.is_active(enabled), &mut |node| {
            leaves.extend(node.as_leaf());
        });
        leaves
    }

    /// Whether the node counts: anything but a conditional group whose flag has the other state.
    pub fn is_active(&self, is_enabled: impl FnOnce(&str) -> bool) -> bool {
        match self {
            DepSpec::Conditional { flag, enabled, .. } => is_enabled(flag) == *enabled,
            _ => true,
        }
    }

    /// The nodes of a group; none for a leaf.
    pub fn children(&self) -> &[DepSpec<T>] {
        match self {
            DepSpec::Leaf(_) => &[],
            DepSpec::AllOf(children)
            | DepSpec::AnyOf(children)
            | DepSpec::ExactlyOneOf(children)
            | DepSpec::AtMostOneOf(children)
            | DepSpec::Conditional { children, .. } => children,
        }
    }

    fn as_leaf(&self) -> Option<&T> {
        match self {
            DepSpec::Leaf(leaf) => Some(leaf),
            _ => None,
        }
    }
}

impl DepSpec<Dep> {
    /// Read the dependencies of a package as Portage does when it reduces them or reads those of
    /// an installed package (then without EAPI).
    ///
    /// From EAPI 5, and without EAPI, this is the grammar of Portage's native parser: `^^` and `??`
    /// groups are read, which [`reduce()`] takes for any-of groups; flags may begin with `_` or `+`;
    /// `::repository` and build ids are not allowed.
    ///
    /// # Errors
    /// As [`DepSpec::parse`], and where a word is not an atom of this EAPI.
    pub fn parse_dependencies(
        text: &str,
        eapi: Option<Eapi>,
    ) -> Result<Vec<DepSpec<Dep>>, DepSpecError> {
        // the native parser does not run for EAPIs without sub-slots
        if Eapi::allows(eapi, Eapi::has_sub_slots) {
            return Grammar::NATIVE.parse(text, |word| Dep::parse_native(word, eapi));
        }
        DepSpec::parse(text, |word| Dep::parse(word, Syntax::dependency(eapi)))
    }

    /// Read the dependencies of a package that is not installed as Portage does when it judges
    /// whether the package is valid. It then never uses its native parser, and every flag that a
    /// group or a USE dependency depends on must be one of the package's
    /// (`portage: _emerge/Package.py:Package._validate_deps`).
    ///
    /// # Errors
    /// As [`DepSpec::parse`], and where a word is not an atom of this EAPI or a flag is not valid.
    pub fn parse_checked(
        text: &str,
        eapi: Option<Eapi>,
        is_valid_flag: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<DepSpec<Dep>>, DepSpecError> {
        let is_unknown = |dep: &UseDep<'_>| dep.is_conditional() && !is_valid_flag(dep.flag);
        let grammar = Grammar {
            is_flag: is_valid_flag,
            ..Grammar::WORDS
        };
        grammar.parse(text, |word| {
            let dep = Dep::parse(word, Syntax::dependency(eapi)).map_err(|error| error.reason)?;
            if let Some(unknown) = dep.use_deps().find(is_unknown) {
                let flag = unknown.flag;
                return Err(format!(
                    "\"{word}\" depends on the flag \"{flag}\", which is not in IUSE"
                ));
            }
            Ok(dep)
        })
    }
}

/// Call a function on all nodes, in order. The parser limits the depth.
fn visit<'a, T>(nodes: &'a [DepSpec<T>], each: &mut dyn FnMut(&'a DepSpec<T>)) {
    visit_if(nodes, &|_| true, each);
}

/// Call a function on all nodes that are wanted, and their children.
fn visit_if<'a, T>(
    nodes: &'a [DepSpec<T>],
    wanted: &dyn Fn(&DepSpec<T>) -> bool,
    each: &mut dyn FnMut(&'a DepSpec<T>),
) {
    for node in nodes.iter().filter(|node| wanted(node)) {
        each(node);
        visit_if(node.children(), wanted, each);
    }
}

#[cfg(test)]
mod tests;
