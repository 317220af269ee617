//! Dependency strings: groups of atoms, licenses or words (PMS, "Dependency specification
//! format"; `portage: dep/__init__.py:use_reduce`).

use std::fmt;

use super::Eapi;

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

/// Why a text is no dependency string.
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
    pub fn parse<E: fmt::Display>(
        _text: &str,
        _leaf: impl Fn(&str) -> Result<T, E>,
    ) -> Result<Vec<DepSpec<T>>, DepSpecError> {
        todo!()
    }

    /// All flags that conditionals of these nodes ask for, nested ones too.
    pub fn conditional_flags(_nodes: &[DepSpec<T>]) -> Vec<&str> {
        todo!()
    }

    /// All leaves, in order, whatever group they are in and whether or not a conditional holds.
    pub fn leaves(_nodes: &[DepSpec<T>]) -> Vec<&T> {
        todo!()
    }
}

/// Reduce a dependency string with the enabled USE flags to Portage's normal form.
pub fn reduce<T: Clone>(
    _nodes: &[DepSpec<T>],
    _eapi: Option<Eapi>,
    _enabled: &dyn Fn(&str) -> bool,
) -> Vec<Reduced<T>> {
    todo!()
}
