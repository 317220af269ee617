//! The part of a dependency string that counts because of one flag
//! (`portage: dep/__init__.py:use_reduce` with `subset`).

use super::DepSpec;

impl<T: Clone> DepSpec<T> {
    /// What stands inside `flag? ( … )`, at any depth, where all conditions around it hold.
    pub fn only_for(
        nodes: &[DepSpec<T>],
        flag: &str,
        enabled: &dyn Fn(&str) -> bool,
    ) -> Vec<DepSpec<T>> {
        select(nodes, flag, enabled, false, false)
    }
}

fn select<T: Clone>(
    nodes: &[DepSpec<T>],
    flag: &str,
    enabled: &dyn Fn(&str) -> bool,
    inside_any_of: bool,
    selected: bool,
) -> Vec<DepSpec<T>> {
    let mut found = Vec::new();
    let mut add_all_of = |children: Vec<DepSpec<T>>| match children.is_empty() {
        true => {}
        false if inside_any_of => found.push(DepSpec::AllOf(children)),
        false => found.extend(children),
    };
    for node in nodes {
        match node {
            DepSpec::Leaf(_) if !selected => {}
            DepSpec::Leaf(_) => add_all_of(vec![node.clone()]),
            DepSpec::AllOf(children) => {
                add_all_of(select(children, flag, enabled, false, selected));
            }
            DepSpec::Conditional {
                flag: condition,
                enabled: state,
                children,
            } => {
                if node.is_active(enabled) {
                    let selected = selected || *state && **condition == *flag;
                    add_all_of(select(children, flag, enabled, false, selected));
                }
            }
            DepSpec::AnyOf(children)
            | DepSpec::ExactlyOneOf(children)
            | DepSpec::AtMostOneOf(children) => {
                let children = select(children, flag, enabled, true, selected);
                if !children.is_empty() {
                    add_all_of(vec![DepSpec::AnyOf(children)]);
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::pms::depspec::{reduce, reduced_text};

    #[test]
    fn what_a_flag_brings() {
        let enabled = |flag: &str| matches!(flag, "test" | "foo");
        for (text, wanted) in [
            ("a b", ""),
            ("a test? ( b c )", "b c"),
            ("foo? ( a test? ( b ) ) bar? ( test? ( c ) )", "b"),
            ("test? ( foo? ( a ) bar? ( b ) )", "a"),
            ("!test? ( a ) test? ( || ( b c ) )", "|| ( b c )"),
            ("|| ( a test? ( b c ) )", "|| ( ( b c ) )"),
        ] {
            let nodes = DepSpec::parse(text, |word| Ok::<_, String>(word.to_owned())).unwrap();
            let found = DepSpec::only_for(&nodes, "test", &enabled);
            let reduced = reduce(&nodes_of(wanted), None, &enabled);
            assert_eq!(
                reduced_text(&reduce(&found, None, &enabled)),
                reduced_text(&reduced),
                "{text}"
            );
        }
    }

    fn nodes_of(text: &str) -> Vec<DepSpec<String>> {
        DepSpec::parse(text, |word| Ok::<_, String>(word.to_owned())).unwrap()
    }
}
