//! Dependencies of a binary package against those of its ebuild, atom by atom.

use crate::check::Facts;
use crate::check::deps;
use crate::pms::Key;

/// One dependency variable that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DependencyDifference {
    /// The variable, such as `RDEPEND`.
    pub variable: &'static str,
    /// What only the ebuild has.
    pub added: Vec<String>,
    /// What only the binary package has.
    pub removed: Vec<String>,
}

/// The variables that differ, whether or not they count under the options. What was built does not record what it
/// was built with where that is empty, so build dependencies of the ebuild alone prove nothing.
pub(super) fn differences(built: &Facts<'_>, ebuild: &Facts<'_>) -> Vec<DependencyDifference> {
    let differs = |key: &Key| {
        let (added, removed) = deps::only_on_one_side(built, ebuild, *key);
        let unrecorded = matches!(key, Key::Bdepend | Key::Depend) && built.text(*key).is_empty();
        let is_empty = added.is_empty() && removed.is_empty();
        (!is_empty && !unrecorded).then_some(DependencyDifference {
            variable: key.name(),
            added,
            removed,
        })
    };
    deps::KEYS.iter().filter_map(differs).collect()
}
