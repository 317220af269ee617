//! Small values for tests of the resolver.
#![allow(clippy::unwrap_used, reason = "tests may fail")]

use crate::plan::packages::atom::Atom;
use crate::pms::{Dep, Syntax};

/// An atom.
pub(in crate::plan) fn atom(text: &str) -> Atom {
    Atom::plain(Dep::parse(text, Syntax::USER).unwrap())
}
