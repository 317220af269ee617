//! `chost`: built for a machine this one does not accept.
//!
//! Follows `portage: config.py:config._accept_chost`. An entry without CHOST is accepted, as there.

use super::{Code, Evidence, Facts, Remedy, Rule, RuleResult, Test, always};

pub(super) const RULE: Rule = Rule {
    code: Code::Chost,
    title: "built for another CHOST",
    explain: "The package was built for another kind of machine (CHOST) than ACCEPT_CHOSTS, or CHOST where \
              that is unset, accepts. Use a binhost that is built for this machine; add to ACCEPT_CHOSTS \
              only what runs here.",
    counts: always,
    test: Test::OfNew(of),
};

fn of(facts: &Facts<'_>) -> RuleResult {
    let accepted = &facts.local.accepted.chosts;
    if accepted.accepts(facts.chost) {
        return RuleResult::Accept;
    }
    RuleResult::Reject {
        detail: facts.chost.to_owned(),
        evidence: Evidence {
            wanted: accepted.wanted().to_owned(),
            found: facts.chost.to_owned(),
            sources: accepted.source().cloned().into_iter().collect(),
            remedy: Some(remedy(facts)),
        },
    }
}

/// ACCEPT_CHOSTS with this one too where this machine runs it by its name.
fn remedy(facts: &Facts<'_>) -> Remedy {
    let own = facts.local.base.vars.get("CHOST").unwrap_or_default();
    if runs(own, facts.chost) {
        Remedy::Line {
            line: format!(
                "ACCEPT_CHOSTS=\"{} {}\"",
                facts.local.accepted.chosts.wanted(),
                facts.chost
            ),
            file: facts.local.remedy_file("make.conf"),
        }
    } else {
        Remedy::Advice("use a binhost that is built for this machine".into())
    }
}

/// Processors of one family, older first: each runs what is built for those before it.
const FAMILIES: [&[&str]; 2] = [
    &["i386", "i486", "i586", "i686"],
    &[
        "armv4t", "armv5t", "armv5te", "armv5tel", "armv6", "armv6j", "armv6z", "armv7a", "armv8a",
    ],
];

/// Whether a machine of one CHOST runs what is built for another: system, C library and ABI are the same, and the
/// processor is the same or an older one of the family. Who made the machine proves nothing.
fn runs(own: &str, other: &str) -> bool {
    // It comes from an index, and is to stand in a line in which words are regular expressions.
    let is_plain = other
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    let (Some((own, own_system)), Some((other, other_system))) = (divided(own), divided(other))
    else {
        return false;
    };
    let is_older = || {
        FAMILIES.iter().any(|family| {
            let place = |name: &str| family.iter().position(|known| *known == name);
            matches!((place(own), place(other)), (Some(own), Some(other)) if other <= own)
        })
    };
    is_plain && own_system == other_system && (own == other || is_older())
}

/// `x86_64` and `linux-gnu` of `x86_64-pc-linux-gnu`.
fn divided(chost: &str) -> Option<(&str, &str)> {
    let (processor, rest) = chost.split_once('-')?;
    let system = match rest.find("linux") {
        Some(at) if at == 0 || rest[..at].ends_with('-') => &rest[at..],
        _ => rest.rsplit_once('-').map_or(rest, |(_, system)| system),
    };
    Some((processor, system))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::Machine;
    use crate::pms::Key;

    #[test]
    fn only_what_is_built_for_this_machine_is_accepted() {
        let machine = Machine::new();
        let detail = |chost| machine.detail(Code::Chost, &[(Key::Chost, chost)]);
        assert_eq!(detail("x86_64-pc-linux-gnu"), None);
        assert_eq!(
            detail("aarch64-linux-gnu").as_deref(),
            Some("aarch64-linux-gnu")
        );
        assert_eq!(
            machine.detail(Code::Chost, &[]),
            None,
            "an entry without CHOST"
        );
    }

    #[test]
    fn machines_that_run_what_is_built_for_others() {
        for (own, other, expected) in [
            (
                "armv7a-softfloat-linux-gnueabi",
                "armv7a-unknown-linux-gnueabi",
                true,
            ),
            (
                "armv7a-unknown-linux-gnueabihf",
                "armv7a-unknown-linux-gnueabi",
                false,
            ),
            (
                "armv7a-unknown-linux-gnueabihf",
                "armv7a-unknown-linux-gnueabihft64",
                false,
            ),
            (
                "armv7a-unknown-linux-gnueabihf",
                "armv6j-unknown-linux-gnueabihf",
                true,
            ),
            (
                "armv6j-unknown-linux-gnueabihf",
                "armv7a-unknown-linux-gnueabihf",
                false,
            ),
            ("x86_64-pc-linux-gnu", "x86_64-gentoo-linux-gnu", true),
            ("x86_64-pc-linux-gnu", "x86_64-linux-gnu", true),
            ("x86_64-pc-linux-gnu", "x86_64-pc-linux-musl", false),
            ("x86_64-pc-linux-gnu", "i686-pc-linux-gnu", false),
            ("i686-pc-linux-gnu", "i486-pc-linux-gnu", true),
            ("x86_64-apple-darwin20", "x86_64-pc-darwin20", true),
            ("x86_64-pc-linux-gnu", "x86_64-.*-linux-gnu", false),
            ("x86_64-pc-linux-gnu", "x86_64-a|.*-linux-gnu", false),
            ("x86_64-pc-linux-gnu", "", false),
            ("", "x86_64-pc-linux-gnu", false),
        ] {
            assert_eq!(runs(own, other), expected, "{own} {other}");
        }
    }

    #[test]
    fn accept_chosts_decides_where_it_is_set() {
        let machine = Machine::new().file(
            "etc/portage/make.conf",
            "ACCEPT_CHOSTS=\"i[34567]86-.* aarch64-.*\"",
        );
        let detail = |chost| machine.detail(Code::Chost, &[(Key::Chost, chost)]);
        assert_eq!(detail("aarch64-linux-gnu"), None);
        assert!(detail("x86_64-pc-linux-gnu").is_some());
    }
}
