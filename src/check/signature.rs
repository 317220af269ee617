//! `signature`: signatures are required and the file cannot carry one.
//!
//! Follows `portage: bintree.py:binarytree._populate_remote_repo`: with `verify-signature = true` or
//! FEATURES `binpkg-request-signature` only `.gpkg.tar` files enter the database.

use super::{AbsentRule, Code, Evidence, Remedy};
use crate::binhost::{Candidate, HostState};

pub(super) const RULE: AbsentRule = AbsentRule {
    code: Code::Signature,
    title: "file format cannot be signed",
    explain: "This host must deliver signed packages (verify-signature in binrepos.conf, or FEATURES \
              binpkg-request-signature), and only .gpkg.tar files can be signed. Ask for gpkg packages, or set \
              verify-signature = false for this host if you trust it without.",
};

/// Of a host, unless FEATURES ask for signatures, its setting does.
pub(super) fn absent(
    candidate: &Candidate,
    detail: &str,
    host: Option<&HostState>,
) -> (Code, String, Evidence) {
    let asks = host
        .map(|host| &host.repo)
        .filter(|repo| repo.verify_signature == Some(true));
    let source = asks.map(|repo| repo.place("verify-signature").clone());
    let evidence = Evidence {
        wanted: "a signed .gpkg.tar file".into(),
        found: match candidate.path() {
            "" => "an entry without PATH".into(),
            path => path.to_owned(),
        },
        sources: source.into_iter().collect(),
        remedy: Some(Remedy::Advice(
            "use gpkg packages, or set verify-signature = false for this host".into(),
        )),
    };
    (RULE.code, detail.to_owned(), evidence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::binhost::Absent;
    use crate::check::testing::Machine;
    use crate::pms::Key;

    #[test]
    fn the_path_shows_what_cannot_be_signed() {
        let machine = Machine::new().absent(Absent::Signature("no signature".to_owned()));
        let found = |path| {
            let found = machine.find(Code::Signature, &[(Key::Path, path)]);
            found.map(|found| found.evidence.found)
        };
        assert_eq!(found("a/b-1.xpak").as_deref(), Some("a/b-1.xpak"));
        assert_eq!(found("").as_deref(), Some("an entry without PATH"));
        assert_eq!(Machine::new().detail(Code::Signature, &[]), None);
    }
}
