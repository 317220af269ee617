//! Atoms made from the parts of packages and of other atoms. What the parts are valid in, the whole is
//! valid in, so that nothing here is parsed and nothing can fail
//! (`portage: dep/__init__.py:Atom.with_slot`, `.without_slot`, `.without_use`).

use super::{Dep, Operator, Parts, SlotOperator, Span};
use crate::pms::{Cpn, Cpv};

/// What stands behind the version.
#[derive(Clone, Copy, Default)]
struct Tail<'t> {
    slot: Option<&'t str>,
    sub_slot: Option<&'t str>,
    operator: Option<SlotOperator>,
    repository: Option<&'t str>,
    /// Without the brackets.
    use_deps: Option<&'t str>,
    conditional: bool,
}

impl Dep {
    /// `category/package:slot`.
    pub fn of_slot(cpn: &Cpn, slot: &str) -> Dep {
        Dep::of_name(cpn.as_str()).with_tail(Tail {
            slot: Some(slot),
            ..Tail::default()
        })
    }

    /// `=category/package-version`.
    pub fn of_version(cpv: &Cpv) -> Dep {
        let text = format!("={cpv}");
        let name_end = "=".len() + cpv.cpn.as_str().len();
        Dep {
            parts: Parts {
                operator: Some(Operator::Equal),
                version: Some(Span::between(name_end + "-".len(), text.len())),
                ..Parts::of_name(Span::between("=".len(), name_end))
            },
            text: text.into(),
            required: None,
        }
    }

    /// The atom that stands for an any-of group without alternatives: nothing matches it
    /// (`portage: dep/__init__.py:_use_reduce_cached`).
    pub fn of_empty_any_of() -> Dep {
        Dep::of_name("__const__/empty-any-of")
    }

    /// The same atom without USE dependencies, and without what dropped conditionals required.
    pub fn without_use(&self) -> Dep {
        self.with_tail(Tail {
            use_deps: None,
            conditional: false,
            ..self.tail()
        })
    }

    /// The same atom with the USE dependencies that another one is written with.
    pub fn with_use_of(&self, other: &Dep) -> Dep {
        let Tail {
            use_deps,
            conditional,
            ..
        } = other.tail();
        self.with_tail(Tail {
            use_deps,
            conditional,
            ..self.tail()
        })
    }

    /// The same atom for one slot with its sub-slot, `:slot/sub-slot`.
    pub fn in_slot(&self, slot: &str, sub_slot: &str) -> Dep {
        self.with_tail(Tail {
            slot: Some(slot),
            sub_slot: Some(sub_slot),
            operator: None,
            ..self.tail()
        })
    }

    /// The same atom as a build against a package writes it, `:slot/sub-slot=`.
    pub fn bound_to(&self, slot: &str, sub_slot: &str) -> Dep {
        self.with_tail(Tail {
            slot: Some(slot),
            sub_slot: Some(sub_slot),
            operator: Some(SlotOperator::Equal),
            ..self.tail()
        })
    }

    /// The same atom for any slot, bound to which it will be: `:=`.
    pub fn unbound(&self) -> Dep {
        self.with_tail(Tail {
            slot: None,
            sub_slot: None,
            operator: Some(SlotOperator::Equal),
            ..self.tail()
        })
    }

    /// The same atom without slot and slot operator.
    pub fn without_slot(&self) -> Dep {
        self.with_tail(Tail {
            slot: None,
            sub_slot: None,
            operator: None,
            ..self.tail()
        })
    }

    fn of_name(name: &str) -> Dep {
        Dep {
            text: name.into(),
            parts: Parts::of_name(Span::between(0, name.len())),
            required: None,
        }
    }

    fn tail(&self) -> Tail<'_> {
        Tail {
            slot: self.slot(),
            sub_slot: self.sub_slot(),
            operator: self.slot_operator(),
            repository: self.repository(),
            use_deps: self.part(self.parts.use_deps),
            conditional: self.parts.conditional,
        }
    }

    fn with_tail(&self, tail: Tail<'_>) -> Dep {
        let end = self.text.find([':', '[']).unwrap_or(self.text.len());
        let mut text = self.text.get(..end).unwrap_or_default().to_owned();
        let mut push = |before: &str, part: Option<&str>, after: &str| {
            let part = part?;
            text.push_str(before);
            let start = text.len();
            text.push_str(part);
            let span = Span::between(start, text.len());
            text.push_str(after);
            Some(span)
        };
        let operator = match tail.operator {
            Some(SlotOperator::Equal) => "=",
            Some(SlotOperator::Any) => "*",
            None => "",
        };
        let colon = (tail.slot.is_some() || tail.operator.is_some()).then_some("");
        push(":", colon, "");
        let slot = push("", tail.slot, "");
        let sub_slot = push("/", tail.sub_slot, "");
        push(operator, Some(""), "");
        Dep {
            parts: Parts {
                slot,
                sub_slot,
                slot_operator: tail.operator,
                repository: push("::", tail.repository, ""),
                use_deps: push("[", tail.use_deps, "]"),
                conditional: tail.conditional,
                ..self.parts
            },
            text: text.into(),
            required: None,
        }
    }
}

impl Parts {
    fn of_name(name: Span) -> Parts {
        Parts {
            blocker: None,
            operator: None,
            slot_operator: None,
            wildcard: false,
            conditional: false,
            name,
            version: None,
            build_id: None,
            slot: None,
            sub_slot: None,
            repository: None,
            use_deps: None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::pms::Syntax;
    use crate::pms::dep::tests::assert_same_parts;

    fn parse(text: &str) -> Dep {
        Dep::parse(text, Syntax::USER).unwrap()
    }

    #[test]
    fn parts_of_packages_make_atoms() {
        let cpv = Cpv::parse("a/b-1.2-r3").unwrap();
        for (made, text) in [
            (Dep::of_slot(&cpv.cpn, "2.1"), "a/b:2.1"),
            (Dep::of_version(&cpv), "=a/b-1.2-r3"),
            (Dep::of_empty_any_of(), "__const__/empty-any-of"),
            (
                Dep::of_version(&cpv).with_use_of(&parse("a/b:0=[x?,-y(+)]")),
                "=a/b-1.2-r3[x?,-y(+)]",
            ),
            (
                Dep::of_version(&cpv).with_use_of(&parse("a/b")),
                "=a/b-1.2-r3",
            ),
        ] {
            assert_eq!(made.as_str(), text);
            assert_same_parts(&made, &parse(text));
        }
    }

    #[test]
    fn parts_of_atoms_are_replaced() {
        type Rewrite = fn(&Dep) -> Dep;
        let in_slot: Rewrite = |dep| dep.in_slot("2", "3");
        let bound_to: Rewrite = |dep| dep.bound_to("2", "3");
        for (text, rewrite, wanted) in [
            ("a/b", in_slot, "a/b:2/3"),
            ("!!>=a/b-1:0/1=::x[y?]", in_slot, "!!>=a/b-1:2/3::x[y?]"),
            ("=a/b-1*[y]", bound_to, "=a/b-1*:2/3=[y]"),
            ("a/b:=", bound_to, "a/b:2/3="),
            ("a/b:0/1=[y]", Dep::unbound, "a/b:=[y]"),
            ("a/b", Dep::unbound, "a/b:="),
            ("=a/b-1-2:0/1=::x[y]", Dep::without_slot, "=a/b-1-2::x[y]"),
            ("a/b:*", Dep::without_slot, "a/b"),
            ("~a/b-1:0/1=::x[y?,z]", Dep::without_use, "~a/b-1:0/1=::x"),
            ("a/b:*[z]", Dep::without_use, "a/b:*"),
            ("a/b", Dep::without_use, "a/b"),
        ] {
            let made = rewrite(&parse(text));
            assert_eq!(made.as_str(), wanted, "{text}");
            assert_same_parts(&made, &parse(wanted));
        }
    }

    #[test]
    fn what_dropped_conditionals_asked_for_goes_too() {
        let dep = parse("a/b[x?]").evaluate_use(|_| false);
        assert_eq!(dep.required_flags().count(), 1);
        assert_eq!(dep.without_use().required_flags().count(), 0);
    }
}
