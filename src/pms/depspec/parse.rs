//! The grammar of dependency strings, in time linear in the text and without recursion.

use std::fmt;

use super::{DepSpec, DepSpecError};
use crate::pms::name;

/// How deeply groups may nest. Real strings have less than ten levels; Portage stops, with its
/// Python's recursion, below a thousand.
const MAX_DEPTH: usize = 256;

/// What differs between Portage's parsers.
pub(in crate::pms) struct Grammar<'f> {
    /// What is the flag of a conditional group.
    pub(in crate::pms) is_flag: &'f dyn Fn(&str) -> bool,
    /// Whether words are separated by what Python's `str.split` takes for white space, and not
    /// only by blanks, tabs and line ends.
    pub(in crate::pms) unicode_space: bool,
    /// Whether this word begins a group of its own kind, besides `||`.
    pub(in crate::pms) group: fn(&str) -> Option<GroupOperator<'static>>,
    /// Whether `( )` is allowed.
    pub(in crate::pms) empty_groups: bool,
}

/// What begins a group.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::pms) enum GroupOperator<'a> {
    AllOf,
    AnyOf,
    ExactlyOneOf,
    AtMostOneOf,
    Conditional { flag: &'a str, enabled: bool },
}

/// A group that is not closed yet.
struct OpenGroup<'a, T> {
    group: GroupOperator<'a>,
    children: Vec<DepSpec<T>>,
}

impl Grammar<'static> {
    /// Portage's Python parser.
    pub(in crate::pms) const WORDS: Grammar<'static> = Grammar {
        is_flag: &name::is_use_flag,
        unicode_space: true,
        group: |_| None,
        empty_groups: false,
    };

    /// Portage's native parser.
    pub(in crate::pms) const NATIVE: Grammar<'static> = Grammar {
        is_flag: &name::is_native_use_flag,
        unicode_space: false,
        group: one_of_group,
        empty_groups: false,
    };
}

impl Grammar<'_> {
    /// Read a text; `leaf` turns each word that belongs to no group into a value.
    pub(in crate::pms) fn parse<T, E: fmt::Display>(
        &self,
        text: &str,
        leaf: impl Fn(&str) -> Result<T, E>,
    ) -> Result<Vec<DepSpec<T>>, DepSpecError> {
        let mut top = Vec::new();
        let mut open: Vec<OpenGroup<'_, T>> = Vec::new();
        let mut begun: Option<(GroupOperator<'_>, &str)> = None;
        for word in text
            .split(|c| self.is_space(c))
            .filter(|word| !word.is_empty())
        {
            match (word, begun.take()) {
                ("(", group) => {
                    if open.len() == MAX_DEPTH {
                        return Err(wrong("groups are nested too deeply".to_owned()));
                    }
                    open.push(OpenGroup {
                        group: group.map_or(GroupOperator::AllOf, |(group, _)| group),
                        children: Vec::new(),
                    });
                }
                (_, Some((_, opener))) => return Err(not_opened(opener)),
                (")", None) => {
                    let node = self.close(open.pop())?;
                    open.last_mut()
                        .map_or(&mut top, |open| &mut open.children)
                        .push(node);
                }
                (word, None) => match self.begin(word)? {
                    Some(group) => begun = Some((group, word)),
                    None => {
                        let node = DepSpec::Leaf(leaf(word).map_err(|e| wrong(e.to_string()))?);
                        open.last_mut()
                            .map_or(&mut top, |open| &mut open.children)
                            .push(node);
                    }
                },
            }
        }
        match (begun, open.is_empty()) {
            (Some((_, opener)), _) => Err(not_opened(opener)),
            (None, false) => Err(wrong("a \"(\" has no \")\"".to_owned())),
            (None, true) => Ok(top),
        }
    }

    /// Python knows four separators of ASCII's besides Unicode's white space.
    #[inline]
    fn is_space(&self, c: char) -> bool {
        match c {
            ' ' | '\t' | '\n' | '\r' => true,
            '!'..='~' => false,
            '\x1c'..='\x1f' => self.unicode_space,
            _ => self.unicode_space && c.is_whitespace(),
        }
    }

    /// The group that a word begins, if it does.
    fn begin<'a>(&self, word: &'a str) -> Result<Option<GroupOperator<'a>>, DepSpecError> {
        if word == "||" {
            return Ok(Some(GroupOperator::AnyOf));
        }
        if word == "->" {
            return Err(wrong("\"->\" is allowed in SRC_URI only".to_owned()));
        }
        if let Some(group) = (self.group)(word) {
            return Ok(Some(group));
        }
        let Some(condition) = word.strip_suffix('?') else {
            return Ok(None);
        };
        let (flag, enabled) = match condition.strip_prefix('!') {
            Some(flag) => (flag, false),
            None => (condition, true),
        };
        if (self.is_flag)(flag) {
            Ok(Some(GroupOperator::Conditional { flag, enabled }))
        } else {
            Err(wrong(format!("\"{word}\" names no valid USE flag")))
        }
    }

    fn close<T>(&self, open: Option<OpenGroup<'_, T>>) -> Result<DepSpec<T>, DepSpecError> {
        let Some(OpenGroup { group, children }) = open else {
            return Err(wrong("a \")\" has no \"(\"".to_owned()));
        };
        if children.is_empty() && !self.empty_groups {
            return Err(wrong("a group is empty".to_owned()));
        }
        Ok(match group {
            GroupOperator::AllOf => DepSpec::AllOf(children),
            GroupOperator::AnyOf => DepSpec::AnyOf(children),
            GroupOperator::ExactlyOneOf => DepSpec::ExactlyOneOf(children),
            GroupOperator::AtMostOneOf => DepSpec::AtMostOneOf(children),
            GroupOperator::Conditional { flag, enabled } => DepSpec::Conditional {
                flag: flag.into(),
                enabled,
                children,
            },
        })
    }
}

/// `^^` and `??`.
pub(in crate::pms) fn one_of_group(word: &str) -> Option<GroupOperator<'static>> {
    match word {
        "^^" => Some(GroupOperator::ExactlyOneOf),
        "??" => Some(GroupOperator::AtMostOneOf),
        _ => None,
    }
}

fn wrong(reason: String) -> DepSpecError {
    DepSpecError { reason }
}

fn not_opened(opener: &str) -> DepSpecError {
    wrong(format!("\"{opener}\" is not followed by \"(\""))
}
