//! `shadowed`: the same instance was already taken from a preferred place.
//!
//! Two entries are one instance if name, version, build id, size, build time and MTIME agree; the local
//! PKGDIR comes first, then hosts by priority (`portage: virtual.py:fakedbapi._instance_key_multi_instance`).

use super::{AbsentRule, Code, Evidence, Remedy};
use crate::binhost::HostState;

pub(super) const RULE: AbsentRule = AbsentRule {
    code: Code::Shadowed,
    title: "same instance taken from elsewhere",
    explain: "A binhost of higher priority, or the local PKGDIR, has the very same instance, and Portage takes \
              it from there. Nothing is wrong; change `priority` in binrepos.conf to prefer this host.",
};

pub(super) fn absent(by: Option<&HostState>) -> (Code, String, Evidence) {
    let name = by.map_or("local", |host| host.repo.name.as_str());
    let evidence = Evidence {
        wanted: "each instance once".into(),
        found: format!("the same instance as on {name}"),
        sources: by
            .map(|host| host.repo.source.clone())
            .into_iter()
            .collect(),
        remedy: Some(Remedy::Advice(format!(
            "none needed: emerge takes it from {name}"
        ))),
    };
    (RULE.code, name.to_owned(), evidence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::binhost::{Absent, HostId};
    use crate::check::testing::Machine;

    #[test]
    fn the_host_that_delivers_it_is_named() {
        let here = Machine::new().absent(Absent::Shadowed(None));
        assert_eq!(here.detail(Code::Shadowed, &[]).as_deref(), Some("local"));
        let there = Machine::new().absent(Absent::Shadowed(Some(HostId::new(0))));
        assert_eq!(there.detail(Code::Shadowed, &[]).as_deref(), Some("site"));
        assert_eq!(Machine::new().detail(Code::Shadowed, &[]), None);
    }
}
