//! What an accept list refuses of a package's words.

use std::collections::HashSet;

use super::PackageAccept;
use crate::source::Source;

/// What of a LICENSE, PROPERTIES or RESTRICT is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Unaccepted {
    /// The words, in order, without repetitions; empty if all is accepted.
    pub missing: Vec<String>,
    /// The line of the last token that refused, or of the accept list as a whole.
    pub source: Option<Source>,
}

impl Unaccepted {
    /// Put words that a list refuses together with the place that did.
    pub(in crate::local) fn of(missing: Vec<&str>, accepted: &PackageAccept<'_>) -> Unaccepted {
        let source = missing
            .last()
            .and_then(|word| accepted.refusal(word))
            .cloned();
        let mut seen = HashSet::new();
        let words = missing.into_iter().filter(|word| seen.insert(*word));
        Unaccepted {
            missing: words.map(str::to_owned).collect(),
            source,
        }
    }
}
