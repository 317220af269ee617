//! Holding an atom against a package (`portage: dep/__init__.py:match_from_list`).

use std::cmp::Ordering;

use super::{Dep, Operator, Subject};
use crate::pms::{Cpv, name, version};

impl Dep {
    /// Whether the package fits, USE dependencies and blocker left aside.
    pub fn matches(&self, subject: &Subject<'_>) -> bool {
        self.name_matches(subject.cpn.as_str())
            && self.version_matches(subject)
            && self.slot_matches(subject)
            && self.repository_matches(subject)
    }

    /// Whether a version fits of which nothing else is known: slot and repository may be any.
    pub fn matches_version(&self, cpv: &Cpv) -> bool {
        let subject = Subject {
            cpn: &cpv.cpn,
            version: &cpv.version,
            slot: None,
            repository: None,
            build_id: None,
        };
        self.name_matches(cpv.cpn.as_str()) && self.version_matches(&subject)
    }

    /// Whether the USE dependencies hold: `state` gives `None` for a flag that the package has not
    /// (neither in IUSE nor implicit), else whether it is enabled.
    pub fn use_matches(&self, state: impl Fn(&str) -> Option<bool>) -> bool {
        if !self.asks_for_use() {
            return true;
        }
        self.use_deps().all(|dep| dep.is_met(state(dep.flag)))
            && self.required_flags().all(|flag| state(flag).is_some())
    }

    /// Whether `category/package` fits.
    pub fn name_matches(&self, cpn: &str) -> bool {
        if self.parts.wildcard {
            name::matches_wildcard(self.name(), cpn)
        } else {
            self.name() == cpn
        }
    }

    fn version_matches(&self, subject: &Subject<'_>) -> bool {
        let (Some(operator), Some(wanted)) = (self.operator(), self.version()) else {
            return true;
        };
        let found = subject.version.as_str();
        let order = || version::compare(found, wanted);
        match operator {
            Operator::Less => order() == Ordering::Less,
            Operator::LessOrEqual => order() != Ordering::Greater,
            Operator::GreaterOrEqual => order() != Ordering::Less,
            Operator::Greater => order() == Ordering::Greater,
            Operator::Equal => order() == Ordering::Equal && self.build_id_matches(subject),
            Operator::EqualGlob => has_version_prefix(found, wanted),
            // Portage asks for the same text too, so `~1.0` does not match `1.00`
            Operator::Approximate => {
                version::split_revision(found).0 == version::split_revision(wanted).0
            }
            Operator::Contains => found.contains(wanted),
        }
    }

    /// A build id counts only with `=`.
    fn build_id_matches(&self, subject: &Subject<'_>) -> bool {
        self.build_id()
            .is_none_or(|id| subject.build_id == Some(id))
    }

    fn slot_matches(&self, subject: &Subject<'_>) -> bool {
        let Some(wanted) = self.slot() else {
            return true;
        };
        subject.slot.is_some_and(|slot| {
            slot.slot() == wanted && self.sub_slot().is_none_or(|sub| slot.sub_slot() == sub)
        })
    }

    fn repository_matches(&self, subject: &Subject<'_>) -> bool {
        match (self.repository(), subject.repository) {
            (Some(wanted), Some(found)) => wanted == found,
            _ => true,
        }
    }
}

/// `=…*`: a prefix of the text, leading zeros aside, that ends where a component does.
fn has_version_prefix(found: &str, wanted: &str) -> bool {
    let wanted = without_leading_zeros(wanted).as_bytes();
    let Some(rest) = without_leading_zeros(found).as_bytes().strip_prefix(wanted) else {
        return false;
    };
    match (wanted.last(), rest.first()) {
        (_, None | Some(b'.' | b'_' | b'-')) => true,
        (Some(last), Some(next)) => last.is_ascii_digit() != next.is_ascii_digit(),
        (None, Some(_)) => true,
    }
}

/// Leading zeros go, but a version still begins with a digit.
fn without_leading_zeros(version: &str) -> &str {
    let rest = version.trim_start_matches('0');
    match rest.as_bytes() {
        [b'0'..=b'9', ..] => rest,
        _ => &version[(version.len() - rest.len()).saturating_sub(1)..],
    }
}
