//! `invalid`: metadata that Portage cannot use.
//!
//! Follows `_emerge/Package.py:Package.__init__`, `._validate_deps`: SLOT, IUSE defaults in EAPI 0, the
//! five dependency variables, LICENSE, PROPERTIES and RESTRICT, and for built packages PROVIDES and
//! REQUIRES; for ebuilds REQUIRED_USE and slot operators that only builds may write.

use super::{Code, Evidence, Facts, Remedy, Rule, RuleResult, Test, always, deps, soname};
use crate::pms::{Dep, DepSpec, Eapi, Key, Kind, RequiredUse, SlotOperator, UseDepKind};

pub(super) const RULE: Rule = Rule {
    code: Code::Invalid,
    title: "invalid metadata",
    explain: "The package's metadata do not follow the rules of its EAPI, so Portage hides it. Only whoever runs \
              the binhost can mend it, by building the package again.",
    counts: always,
    test: Test::OfAny(of),
};

fn of(facts: &Facts<'_>) -> RuleResult {
    let Some(reason) = first_problem(facts) else {
        return RuleResult::Accept;
    };
    RuleResult::Reject {
        evidence: Evidence {
            wanted: "valid metadata".into(),
            found: reason.clone(),
            sources: Vec::new(),
            remedy: Some(Remedy::Advice(
                "have the binhost build the package again".into(),
            )),
        },
        detail: reason,
    }
}

fn first_problem(facts: &Facts<'_>) -> Option<String> {
    slot(facts)
        .or_else(|| iuse(facts))
        .or_else(|| deps::KEYS.iter().find_map(|&key| dependencies(facts, key)))
        .or_else(|| {
            [Key::License, Key::Properties, Key::Restrict]
                .into_iter()
                .find_map(|key| words(facts, key))
        })
        .or_else(|| {
            if facts.package.is_built() {
                sonames(facts)
            } else {
                required(facts)
            }
        })
}

fn slot(facts: &Facts<'_>) -> Option<String> {
    facts
        .package
        .slot
        .is_none()
        .then(|| format!("SLOT: invalid value: '{}'", facts.text(Key::Slot)))
}

fn iuse(facts: &Facts<'_>) -> Option<String> {
    let defaults = facts.package.kind != Kind::Installed
        && facts.package.eapi == Some(Eapi::ZERO)
        && facts.package.iuse().any(|flag| flag.default.is_some());
    defaults.then(|| "IUSE contains defaults, but EAPI 0 does not allow them".to_owned())
}

fn dependencies(facts: &Facts<'_>, key: Key) -> Option<String> {
    let text = facts.text(key);
    if text.is_empty() {
        return None;
    }
    let problem = |reason: String| Some(format!("{}: {reason}", key.name()));
    let installed = facts.package.kind == Kind::Installed;
    let specs = match facts.deps(key) {
        Ok(specs) => specs,
        Err(reason) if installed => return problem(reason.clone()),
        Err(_) => return strictly(facts, text).and_then(problem),
    };
    if installed {
        return None; // long built: which flags IUSE had no longer matters
    }
    if DepSpec::has_counted_group(specs) {
        return strictly(facts, text).and_then(problem);
    }
    if let Some(flag) = unknown_flag(facts, specs).or_else(|| unknown_use_dep(facts, specs)) {
        return problem(format!("USE flag '{flag}' is not in IUSE"));
    }
    if facts.package.is_built() {
        return None;
    }
    let built = DepSpec::leaves(specs)
        .into_iter()
        .find(|atom| is_built(atom))?;
    problem(format!("slot operator of a built package in {built}"))
}

/// What is wrong by the grammar that Portage judges validity with, which is stricter than the one
/// that it reduces with.
fn strictly(facts: &Facts<'_>, text: &str) -> Option<String> {
    let is_valid = |flag: &str| facts.flags.is_valid(flag);
    DepSpec::parse_checked(text, facts.package.eapi, &is_valid)
        .err()
        .map(|error| error.reason)
}

/// `:slot/sub-slot=`, which only builds write.
fn is_built(atom: &Dep) -> bool {
    atom.slot_operator() == Some(SlotOperator::Equal) && atom.sub_slot().is_some()
}

fn unknown_flag<T>(facts: &Facts<'_>, specs: &[DepSpec<T>]) -> Option<String> {
    let flags = DepSpec::conditional_flags(specs);
    flags
        .into_iter()
        .find(|flag| !facts.flags.is_valid(flag))
        .map(str::to_owned)
}

fn unknown_use_dep(facts: &Facts<'_>, specs: &[DepSpec<Dep>]) -> Option<String> {
    let conditional = |kind| !matches!(kind, UseDepKind::Enabled | UseDepKind::Disabled);
    DepSpec::leaves(specs).into_iter().find_map(|atom| {
        let mut deps = atom.use_deps().filter(|dep| conditional(dep.kind));
        deps.find(|dep| !facts.flags.is_valid(dep.flag))
            .map(|dep| dep.flag.to_owned())
    })
}

fn words(facts: &Facts<'_>, key: Key) -> Option<String> {
    let text = facts.text(key);
    if text.is_empty() {
        return None;
    }
    match DepSpec::parse(text, |_| Ok::<(), std::convert::Infallible>(())) {
        Err(error) => Some(format!("{}: {error}", key.name())),
        Ok(specs) => {
            if facts.package.kind == Kind::Installed {
                return None;
            }
            let flag = unknown_flag(facts, &specs)?;
            Some(format!("{}: USE flag '{flag}' is not in IUSE", key.name()))
        }
    }
}

fn sonames(facts: &Facts<'_>) -> Option<String> {
    let malformed = |key: &Key| !soname::is_valid(facts.text(*key));
    let key = [Key::Provides, Key::Requires].into_iter().find(malformed)?;
    Some(format!("{}: not a list of sonames by category", key.name()))
}

fn required(facts: &Facts<'_>) -> Option<String> {
    let text = facts.text(Key::RequiredUse);
    if text.is_empty() {
        return None;
    }
    let eapi = facts.package.eapi;
    if eapi.is_some_and(|eapi| !eapi.has_required_use()) {
        return Some("REQUIRED_USE is set, but the EAPI does not allow it".to_owned());
    }
    match RequiredUse::parse(text, eapi) {
        Err(error) => Some(format!("REQUIRED_USE: {error}")),
        Ok(required) => {
            let flag = required
                .flags()
                .into_iter()
                .find(|flag| !facts.flags.is_valid(flag))?;
            Some(format!("REQUIRED_USE: USE flag '{flag}' is not in IUSE"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::Machine;

    #[test]
    fn metadata_that_portage_cannot_use() {
        let machine = Machine::new();
        assert_eq!(machine.detail(Code::Invalid, &[]), None);
        for (key, text, detail) in [
            (Key::Slot, "", "SLOT: invalid value: ''"),
            (Key::Rdepend, "nonsense", "RDEPEND: "),
            (
                Key::Rdepend,
                "unknown? ( a/b )",
                "RDEPEND: USE flag 'unknown' is not in IUSE",
            ),
            (Key::License, "( MIT", "LICENSE: "),
            (
                Key::Requires,
                "libz.so.1",
                "REQUIRES: not a list of sonames by category",
            ),
        ] {
            let found = machine.detail(Code::Invalid, &[(key, text)]);
            let found = found.unwrap_or_default();
            assert!(found.starts_with(detail), "{key:?} {text:?}: {found}");
        }
    }

    #[test]
    fn defaults_of_flags_need_more_than_eapi_0() {
        let machine = Machine::new();
        let iuse =
            |eapi| machine.detail(Code::Invalid, &[(Key::Eapi, eapi), (Key::Iuse, "+minizip")]);
        assert_eq!(iuse("5"), None);
        assert!(iuse("0").is_some());
    }
}
