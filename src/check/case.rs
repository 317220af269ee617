//! One package before the rules: what is known of it, the ebuilds of its version, the options.

use super::{Code, Facts, Finding, OwnEbuilds, Policy, RULES, Record, Rule, Test, changed_deps};
use crate::local::Local;
use crate::pms::{Key, Package};

/// What tells the USE that is wanted of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UseReference {
    /// As emerge has it: where ebuilds count for nothing, the package's own IUSE.
    AsEmerge,
    /// The ebuild, wherever there is one: a package need not have the defaults of IUSE.
    Ebuild,
}

/// One package with all that rules may ask.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a, 'b> {
    record: &'b Record<'a>,
    /// What the configuration says about it.
    pub facts: &'b Facts<'a>,
    /// The ebuilds of its version.
    pub ebuilds: &'b OwnEbuilds<'a>,
    /// The options.
    pub policy: &'a Policy,
    /// What its USE is held against.
    pub use_reference: UseReference,
}

impl<'a, 'b> Case<'a, 'b> {
    /// Put together what is known.
    pub fn new(
        record: &'b Record<'a>,
        ebuilds: &'b OwnEbuilds<'a>,
        policy: &'a Policy,
    ) -> Case<'a, 'b> {
        Case {
            record,
            facts: record.facts(),
            ebuilds,
            policy,
            use_reference: UseReference::AsEmerge,
        }
    }

    /// This machine.
    pub fn local(&self) -> &'a Local {
        self.facts.local
    }

    /// The package.
    pub fn package(&self) -> &'a Package {
        self.facts.package
    }

    /// Whether `--useoldpkg-atoms` names it, which lifts the comparisons with ebuilds.
    pub fn is_old_package(&self) -> bool {
        self.policy
            .lists
            .useoldpkg
            .iter()
            .any(|atom| atom.matches(&self.facts.subject()))
    }

    /// Whether an ebuild lets it be used as a binary package
    /// (`portage: depgraph.py:depgraph._equiv_ebuild_visible`).
    pub fn has_visible_ebuild(&self) -> bool {
        let find = || self.ebuilds.let_through(self.package());
        self.record.has_visible_ebuild(find)
    }

    /// The dependency variables that differ from its ebuild's; none where there is no ebuild
    /// (`portage: depgraph.py:depgraph._changed_deps`).
    pub fn changed_deps(&self) -> &'b [Key] {
        self.record.changed_deps(|| self.compare_deps())
    }

    /// Compare them.
    pub fn compare_deps(&self) -> Vec<Key> {
        let own = self.ebuilds.own(self.package());
        let changed =
            |own: &Record<'_>| changed_deps::changed(self.policy, self.facts, own.facts());
        own.map(changed).unwrap_or_default()
    }

    /// What rules that compare a binary package with what is wanted of it here would find, if options did not
    /// switch them off. emerge takes such a package without a word.
    pub fn uncompared(&self) -> Vec<Finding> {
        let is_off = |rule: &&Rule| {
            matches!(rule.code, Code::Use | Code::Deps) && !(rule.counts)(self.policy)
        };
        let case = Case {
            use_reference: UseReference::Ebuild,
            ..*self
        };
        let off = RULES.iter().filter(is_off);
        let findings = off.filter_map(|rule| match rule.test {
            Test::OfBinary(judge) => Finding::of(rule.code, judge(&case)),
            Test::OfAny(_) | Test::OfNew(_) => None,
        });
        findings.filter(|finding| finding.certain).collect()
    }

    /// Findings of all rules that count, for a binary package.
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = self.facts.masks().to_vec();
        let counting = RULES.iter().filter(|rule| (rule.counts)(self.policy));
        findings.extend(counting.filter_map(|rule| match rule.test {
            Test::OfBinary(judge) => Finding::of(rule.code, judge(self)),
            Test::OfAny(_) | Test::OfNew(_) => None,
        }));
        findings
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::Machine;
    use crate::check::{Code, Compare};
    use crate::pms::Key;

    #[test]
    fn what_is_switched_off_is_said_and_nothing_else() {
        let differs = [
            (
                Key::Use,
                "abi_x86_64 amd64 elibc_glibc kernel_linux minizip",
            ),
            (Key::Rdepend, "app-misc/other"),
        ];
        for (use_is_on, deps_are_on, expected) in [
            (Compare::No, Compare::No, &[Code::Use, Code::Deps][..]),
            (Compare::Yes, Compare::No, &[Code::Deps]),
            (Compare::No, Compare::Auto, &[Code::Use]),
            (Compare::Auto, Compare::Auto, &[]),
        ] {
            let machine = Machine::new().policy(|policy| {
                policy.compare.respect_use = use_is_on;
                policy.compare.changed_deps = deps_are_on;
            });
            let uncompared = |changed: &[(Key, &str)]| -> Vec<Code> {
                let found = machine.ask(changed, |packages, id| packages.uncompared(id));
                found.iter().map(|finding| finding.code).collect()
            };
            assert_eq!(uncompared(&differs), expected);
            assert_eq!(uncompared(&[]), []);
        }
    }
}
