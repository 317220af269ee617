//! `signature`: signatures are required and the file cannot carry one.
//!
//! Follows `portage: bintree.py:binarytree._populate_remote_repo`: with `verify-signature = true` or
//! FEATURES `binpkg-request-signature` only `.gpkg.tar` files enter the database.

use super::{AbsentRule, Code, Evidence, Remedy};
use crate::binhost::Candidate;

pub(super) const RULE: AbsentRule = AbsentRule {
    code: Code::Signature,
    title: "file format cannot be signed",
    explain: "This host must deliver signed packages (verify-signature in binrepos.conf, or FEATURES \
              binpkg-request-signature), and only .gpkg.tar files can be signed. Ask for gpkg packages, or set \
              verify-signature = false for this host if you trust it without.",
};

pub(super) fn absent(candidate: &Candidate, detail: &str) -> (Code, String, Evidence) {
    let evidence = Evidence {
        wanted: "a signed .gpkg.tar file".into(),
        found: match candidate.path() {
            "" => "an entry without PATH".into(),
            path => path.to_owned(),
        },
        sources: Vec::new(),
        remedy: Some(Remedy::Advice(
            "use gpkg packages, or set verify-signature = false for this host".into(),
        )),
    };
    (RULE.code, detail.to_owned(), evidence)
}
