//! REQUIRED_USE (PMS, "REQUIRED_USE"; `portage: dep/__init__.py:check_required_use`).

use super::depspec::{Grammar, GroupOperator, one_of_group};
use super::{DepSpec, DepSpecError, Eapi};

/// A REQUIRED_USE that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequiredUse {
    nodes: Vec<DepSpec<Demand>>,
    /// Whether `|| ( )` and `^^ ( )` hold, as they do up to EAPI 6.
    empty_holds: bool,
}

/// `flag` or `!flag`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Demand {
    flag: Box<str>,
    enabled: bool,
}

impl RequiredUse {
    /// Read a REQUIRED_USE. Whether its flags are in IUSE is left to the caller
    /// ([`RequiredUse::flags`]).
    ///
    /// # Errors
    /// Groups are not closed or not opened, or nested more than 256 deep.
    pub fn parse(text: &str, eapi: Option<Eapi>) -> Result<RequiredUse, DepSpecError> {
        let grammar = Grammar {
            is_flag: &|flag| !flag.is_empty(),
            group: if Eapi::allows(eapi, Eapi::has_at_most_one_of) {
                one_of_group
            } else {
                exactly_one_of_group
            },
            empty_groups: true,
            ..Grammar::WORDS
        };
        let nodes = grammar.parse(text, Demand::parse)?;
        Ok(RequiredUse {
            nodes,
            empty_holds: eapi.is_some_and(Eapi::drops_empty_any_of),
        })
    }

    /// All flags that are named, in order, with repetitions.
    pub fn flags(&self) -> Vec<&str> {
        let mut flags = DepSpec::conditional_flags(&self.nodes);
        flags.extend(
            DepSpec::leaves(&self.nodes)
                .iter()
                .map(|demand| &*demand.flag),
        );
        flags
    }

    /// Whether it holds with these flags enabled.
    pub fn is_met(&self, enabled: &dyn Fn(&str) -> bool) -> bool {
        self.all_hold(&self.nodes, enabled)
    }

    /// The parts of a REQUIRED_USE that do not hold with these flags enabled, as they are written.
    pub fn unmet(text: &str, eapi: Option<Eapi>, enabled: &dyn Fn(&str) -> bool) -> Vec<String> {
        let is_unmet = |part: &String| {
            RequiredUse::parse(part, eapi).is_ok_and(|required| !required.is_met(enabled))
        };
        parts(text).into_iter().filter(is_unmet).collect()
    }

    fn all_hold(&self, nodes: &[DepSpec<Demand>], enabled: &dyn Fn(&str) -> bool) -> bool {
        nodes
            .iter()
            .all(|node| self.holds(node, enabled) != Some(false))
    }

    /// Whether one node holds; `None` where it is empty, and so is not an alternative either.
    fn holds(&self, node: &DepSpec<Demand>, enabled: &dyn Fn(&str) -> bool) -> Option<bool> {
        let children = node.children();
        let count = || {
            let values = children
                .iter()
                .filter_map(|child| self.holds(child, enabled));
            values.fold((0, 0), |(held, all), holds| {
                (held + usize::from(holds), all + 1)
            })
        };
        match node {
            DepSpec::Leaf(demand) => Some(enabled(&demand.flag) == demand.enabled),
            // that an active conditional is empty counts as true, an empty group does not count
            DepSpec::Conditional { .. } => node
                .is_active(enabled)
                .then(|| self.all_hold(children, enabled)),
            DepSpec::AllOf(_) => match count() {
                (_, 0) => None,
                (held, all) => Some(held == all),
            },
            DepSpec::AnyOf(_) => Some(match count() {
                (_, 0) => self.empty_holds,
                (held, _) => held > 0,
            }),
            DepSpec::ExactlyOneOf(_) => Some(match count() {
                (_, 0) => self.empty_holds,
                (held, _) => held == 1,
            }),
            DepSpec::AtMostOneOf(_) => Some(count().0 <= 1),
        }
    }
}

impl Demand {
    fn parse(word: &str) -> Result<Demand, DepSpecError> {
        // as in Portage one sign is taken off, and `!!flag` asks for a flag `!flag`
        let (flag, enabled) = match word.strip_prefix('!') {
            Some(flag) => (flag, false),
            None => (word, true),
        };
        Ok(Demand {
            flag: flag.into(),
            enabled,
        })
    }
}

/// A text in its outermost parts: a flag, or a group with what stands before it.
fn parts(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let (mut part, mut depth) = (Vec::new(), 0_usize);
    for word in text.split_whitespace() {
        part.push(word);
        match word {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        let announces = matches!(word, "||" | "^^" | "??") || word.ends_with('?');
        if depth == 0 && !announces {
            parts.push(std::mem::take(&mut part).join(" "));
        }
    }
    parts
}

fn exactly_one_of_group(word: &str) -> Option<GroupOperator<'static>> {
    one_of_group(word).filter(|group| *group == GroupOperator::ExactlyOneOf)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn is_met(text: &str, eapi: &str, enabled: &str) -> bool {
        let enabled: Vec<&str> = enabled.split_whitespace().collect();
        let parsed = RequiredUse::parse(text, Eapi::parse(eapi)).unwrap();
        parsed.is_met(&|flag| enabled.contains(&flag))
    }

    #[test]
    fn what_does_not_hold_is_named_as_it_is_written() {
        let text = "|| ( X wayland ) lua? ( ^^ ( luajit lua5 ) ) !a";
        for (enabled, unmet) in [
            (&["X"][..], &[][..]),
            (&[], &["|| ( X wayland )"]),
            (&["X", "lua", "a"], &["lua? ( ^^ ( luajit lua5 ) )", "!a"]),
        ] {
            let is_enabled = |flag: &str| enabled.contains(&flag);
            assert_eq!(
                RequiredUse::unmet(text, Eapi::parse("8"), &is_enabled),
                unmet
            );
        }
    }

    /// Text, sets of enabled flags with which it holds, with which it does not.
    #[test]
    fn groups() {
        let rows: [(&str, &[&str], &[&str]); 14] = [
            ("^^ ( a b )", &["a", "b"], &["", "a b"]),
            ("?? ( a b )", &["", "a", "b"], &["a b"]),
            ("|| ( a b )", &["a", "b", "a b"], &[""]),
            ("a? ( b )", &["", "b", "a b"], &["a"]),
            ("!a? ( b )", &["a", "b", "a b"], &[""]),
            ("a? ( !b )", &["", "a", "b"], &["a b"]),
            ("!!a", &["", "a"], &["!a"]),
            ("a !b", &["a"], &["", "b", "a b"]),
            ("( a b )", &["a b"], &["a", "b", ""]),
            ("|| ( a? ( b ) c )", &["c", "a b"], &["", "a"]),
            ("^^ ( a? ( b ) !c )", &["", "a b c"], &["a b", "c"]),
            ("^^ ( ( a b ) c )", &["a b", "c", "a c"], &["a b c", ""]),
            ("|| ( || ( a ) )", &["a"], &[""]),
            ("", &["", "a"], &[]),
        ];
        for (text, with, without) in rows {
            for enabled in with {
                assert!(is_met(text, "8", enabled), "{text}: {enabled}");
            }
            for enabled in without {
                assert!(!is_met(text, "8", enabled), "{text}: {enabled}");
            }
        }
    }

    /// Text, whether it holds with `a` off in EAPI 6, in EAPI 8.
    #[test]
    fn empty_groups() {
        for (text, old, new) in [
            ("^^ ( )", true, false),
            ("|| ( )", true, false),
            ("?? ( )", true, true),
            ("( )", true, true),
            ("a? ( )", true, true),
            ("|| ( a? ( b ) )", true, false),
            ("^^ ( a? ( b ) )", true, false),
            ("|| ( ( ) )", true, false),
            ("|| ( !a? ( ) )", true, true),
        ] {
            assert_eq!(is_met(text, "6", ""), old, "{text}");
            assert_eq!(is_met(text, "8", ""), new, "{text}");
        }
    }

    #[test]
    fn malformed() {
        for text in [
            "^^ a", "^^", "a?", "a? b", "( a", "a )", "|| ( a b", "(a )", "?", "!?",
        ] {
            assert!(RequiredUse::parse(text, None).is_err(), "{text}");
        }
        assert!(RequiredUse::parse(&"( ".repeat(100_000), None).is_err());
    }

    #[test]
    fn flags_are_reported() {
        let parsed = RequiredUse::parse("a? ( !b ) ^^ ( c a )", None).unwrap();
        assert_eq!(parsed.flags(), ["a", "b", "c", "a"]);
    }
}
