//! Atoms: what was read prints as it was written, and rewriting gives atoms again.

use bincheck::pms::{Cpv, Dep, Eapi, Slot, Subject, Syntax};

use crate::guard;
use crate::input::{Input, state_of};

pub(super) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let syntax = input.choose(&SYNTAXES)();
    let seed = input.byte();
    let text = input.text();
    if let Ok(atom) = Dep::parse(&text, syntax) {
        check(&atom, &text, syntax, seed);
    }
    guard::linear(bytes, b"", |bytes| {
        let _ = Dep::parse(&String::from_utf8_lossy(bytes), syntax);
    });
}

const SYNTAXES: [fn() -> Syntax; 6] = [
    || Syntax::USER,
    || Syntax::dependency(None),
    || Syntax::dependency(Eapi::parse("8")),
    || Syntax::dependency(Eapi::parse("4")),
    || Syntax::dependency(Eapi::parse("0")),
    || Syntax {
        wildcard: false,
        build_id: false,
        ..Syntax::USER
    },
];

fn check(atom: &Dep, text: &str, syntax: Syntax, seed: u8) {
    assert_eq!(atom.as_str(), text);
    assert_eq!(atom.to_string(), text);
    assert!(text.is_ascii() && text.contains('/'), "{text}");
    assert_eq!(rebuilt(atom), text, "the parts make the whole");
    assert_eq!(
        atom.has_conditional_use(),
        atom.use_deps().any(|dep| dep.is_conditional())
    );

    let evaluated = atom.evaluate_use(|flag| state_of(flag, seed));
    assert!(!evaluated.has_conditional_use());
    let stripped = atom.strip_built_slot();
    for made in [&evaluated, &stripped, &evaluated.strip_built_slot()] {
        let again = Dep::parse(made.as_str(), syntax);
        assert!(again.is_ok(), "{text} became {made}: {again:?}");
        assert_eq!(rebuilt(made), made.as_str(), "made of {text}");
        assert_eq!((made.name(), made.version()), (atom.name(), atom.version()));
    }
    // Either order gives the same.
    let other = stripped.evaluate_use(|flag| state_of(flag, seed));
    assert_eq!(other.as_str(), evaluated.strip_built_slot().as_str());
    matching(atom);
}

/// The atom's text, put together from its parts.
fn rebuilt(atom: &Dep) -> String {
    use bincheck::pms::{Blocker, Operator, SlotOperator};
    let blocker = match atom.blocker() {
        Some(Blocker::Weak) => "!",
        Some(Blocker::Strong) => "!!",
        None => "",
    };
    let (before, between, behind) = match atom.operator() {
        Some(Operator::Less) => ("<", "-", ""),
        Some(Operator::LessOrEqual) => ("<=", "-", ""),
        Some(Operator::Equal) => ("=", "-", ""),
        Some(Operator::EqualGlob) => ("=", "-", "*"),
        Some(Operator::Approximate) => ("~", "-", ""),
        Some(Operator::GreaterOrEqual) => (">=", "-", ""),
        Some(Operator::Greater) => (">", "-", ""),
        Some(Operator::Contains) => ("=", "-*", "*"),
        None => ("", "", ""),
    };
    let mut text = format!("{blocker}{before}{}", atom.name());
    if let Some(version) = atom.version() {
        text += &format!("{between}{version}");
    }
    // A number beyond 64 bits counts as the greatest: only its digits are lost.
    match atom.build_id() {
        Some(i64::MAX) => {
            let end = atom.as_str()[text.len()..].find([':', '[']);
            let rest = &atom.as_str()[text.len()..];
            text += &rest[..end.unwrap_or(rest.len())];
        }
        Some(id) => text += &format!("-{id}"),
        None => {}
    }
    text += behind;
    if atom.slot().is_some() || atom.slot_operator().is_some() {
        text += ":";
        text += atom.slot().unwrap_or_default();
        if let Some(sub) = atom.sub_slot() {
            text += &format!("/{sub}");
        }
        text += match atom.slot_operator() {
            Some(SlotOperator::Equal) => "=",
            Some(SlotOperator::Any) => "*",
            None => "",
        };
    }
    if let Some(repository) = atom.repository() {
        text += &format!("::{repository}");
    }
    let words: Vec<String> = atom.use_deps().map(|dep| dep.to_string()).collect();
    if !words.is_empty() {
        text += &format!("[{}]", words.join(","));
    }
    text
}

/// A package made of the atom's own parts matches it, as far as its operator holds for equal versions.
fn matching(atom: &Dep) {
    use bincheck::pms::Operator;
    let version = atom.version().unwrap_or("1");
    let Some(cpv) = Cpv::parse(&format!("{}-{version}", atom.name())) else {
        return;
    };
    let slot = match (atom.slot(), atom.sub_slot()) {
        (Some(slot), Some(sub)) => format!("{slot}/{sub}"),
        (slot, _) => slot.unwrap_or("0").to_owned(),
    };
    let slot = Slot::parse(&slot, None);
    let subject = Subject {
        cpn: &cpv.cpn,
        version: &cpv.version,
        slot: slot.as_ref(),
        repository: atom.repository(),
        build_id: atom.build_id(),
    };
    let strict = matches!(atom.operator(), Some(Operator::Less | Operator::Greater));
    // A name that ends like a version takes part of it: the package is another one.
    if cpv.cpn.as_str() == atom.name() && !atom.is_wildcard() {
        assert_eq!(atom.matches(&subject), !strict, "{atom} and {cpv}");
    }
}
