//! Options of EMERGE_DEFAULT_OPTS for which binary packages are passed over.

use crate::cli::DefaultOpts;
use crate::command::judging::Judging;
use crate::command::options;
use crate::plan::Plan;
use crate::pms::Dep;
use crate::suggest::{Edit, Proposal, SuggestionNote};

/// What a double quotation in make.conf does not hold as it is.
const SPECIAL: [char; 4] = ['"', '\\', '$', '`'];

/// EMERGE_DEFAULT_OPTS without each of them, and without all.
pub(super) fn proposals(judging: &Judging, plan: &Plan<'_>) -> Vec<Proposal> {
    let args = &judging.cli.emerge;
    let assignment = options::default_opts(&judging.local.base)
        .filter(|_| !args.ignore_default_opts && !args.lists.nobindeps)
        .filter(|assignment| !assignment.value.contains(SPECIAL));
    let Some(assignment) = assignment else {
        return Vec::new();
    };
    let is_compiled = |word: &str| {
        let atom = Dep::selection(word);
        let matches = |atom: &Dep| {
            let mut compiled = plan.from_source();
            compiled.any(|merge| atom.matches(&merge.package.subject()))
        };
        atom.as_ref().is_some_and(matches)
    };
    let changes = DefaultOpts::without_each(&assignment.value, &is_compiled);
    let proposal = |(removed, rest): (Vec<String>, String)| Proposal {
        edits: vec![Edit::defaults(&rest)],
        goals: Vec::new(),
        notes: vec![SuggestionNote::WithoutDefaults(
            removed,
            assignment.source.clone(),
        )],
    };
    changes.into_iter().map(proposal).collect()
}
