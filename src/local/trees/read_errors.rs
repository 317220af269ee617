//! What was wrong with ebuilds on the way, counted: one notice a repository and kind, not one an
//! ebuild.

use std::collections::BTreeMap;
use std::path::Path;

use crate::source::Notices;

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum MetadataProblem {
    /// No cache has an entry that can be read.
    NoEntry,
    /// Entries are there and describe other states of ebuild or eclasses.
    Stale,
    /// The file name is not that of an ebuild of its package.
    BadName,
    /// The category is listed nowhere.
    HiddenCategory,
}

/// Problems by repository and kind: how many, and the first in order of text.
#[derive(Debug, Default)]
pub(super) struct ReadErrors(BTreeMap<(usize, MetadataProblem), (usize, String)>);

impl ReadErrors {
    /// Count one.
    pub(super) fn add(&mut self, tree: usize, kind: MetadataProblem, example: String) {
        self.add_many(tree, kind, 1, example);
    }

    /// Count those of another as well.
    pub(super) fn merge(&mut self, other: &ReadErrors) {
        for ((tree, kind), (count, example)) in &other.0 {
            self.add_many(*tree, *kind, *count, example.clone());
        }
    }

    fn add_many(&mut self, tree: usize, kind: MetadataProblem, count: usize, example: String) {
        let (total, first) = self
            .0
            .entry((tree, kind))
            .or_insert_with(|| (0, example.clone()));
        *total += count;
        if example < *first {
            *first = example;
        }
    }

    /// Make notices.
    ///
    /// `of` gives the location and the name of a repository.
    pub(super) fn report<'t>(
        self,
        of: impl Fn(usize) -> Option<(&'t Path, &'t str)>,
        notices: &Notices,
    ) {
        for ((position, kind), (count, example)) in self.0 {
            if let Some((location, name)) = of(position) {
                notices.file(location, words(kind, count, &example, name));
            }
        }
    }
}

fn words(kind: MetadataProblem, count: usize, example: &str, repository: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    let remedy = format!(
        "what {} would need is unknown; run `emerge --sync {repository}`, or for a repository \
         without cache `egencache --repo {repository} --update`; `emerge -p` as root also fills Portage's own cache",
        if count == 1 { "it" } else { "they" }
    );
    match kind {
        MetadataProblem::NoEntry => {
            format!("no metadata cache entry for {count} ebuild{s} (such as {example}): {remedy}")
        }
        MetadataProblem::Stale => format!(
            "stale metadata cache entry for {count} ebuild{s} (such as {example}): {remedy}"
        ),
        MetadataProblem::BadName => format!(
            "{count} file name{s} not of the form package-version.ebuild (such as {example}), skipped"
        ),
        MetadataProblem::HiddenCategory => format!(
            "{count} package{s} hidden (such as {example}), because the category is listed in no \
             profiles/categories; list it in /etc/portage/categories"
        ),
    }
}
