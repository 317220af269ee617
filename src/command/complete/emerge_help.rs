//! What emerge's options do of which bincheck's own help says nothing: those that change no verdict, and actions.

/// Names, and what a completion says about them.
const HELP: &[(&str, &str)] = &[
    ("alert", "Ring the bell before a question"),
    ("alphabetical", "Sort USE flags by name"),
    ("ask", "Show what would be done, and ask"),
    ("ask-enter-invalid", "Take no empty answer to a question"),
    (
        "autounmask-only",
        "Change configuration as needed, and stop",
    ),
    (
        "autounmask-unrestricted-atoms",
        "Unmask with >= atoms where that is possible",
    ),
    ("autounmask-write", "Write the changes of configuration"),
    (
        "changed-deps-report",
        "Name installed packages whose dependencies changed",
    ),
    ("check-news", "Count unread news"),
    (
        "circular-deps-report",
        "How circular dependencies are reported",
    ),
    ("clean", "Remove old versions in the same slot"),
    ("columns", "Align names and versions in columns"),
    (
        "config",
        "Run the configuration step of an installed package",
    ),
    ("debug", "Trace ebuilds"),
    ("depclean", "Remove packages that nothing needs"),
    (
        "depclean-lib-check",
        "Look for users of libraries before removing",
    ),
    ("deselect", "Take packages out of @world"),
    ("digest", "Make manifests where they are lacking"),
    ("fail-clean", "Remove files of failed builds"),
    ("fuzzy-search", "Also find names that are nearly the same"),
    ("info", "Show settings and versions"),
    ("jobs", "How many packages are built at once"),
    (
        "jobs-tmpdir-require-free-gb",
        "Start no job with less space than this",
    ),
    ("keep-going", "Go on after a failure with what remains"),
    ("list-sets", "List the sets"),
    ("load-average", "Start no job above this load"),
    (
        "merge-wait-scope",
        "Which packages wait until nothing else is built",
    ),
    ("metadata", "Transfer the metadata cache"),
    (
        "misspell-suggestions",
        "Suggest names like one that is unknown",
    ),
    ("noconfmem", "Ask again about configuration files"),
    ("nospinner", "Show no spinner"),
    ("oneshot", "Do not add the packages to @world"),
    ("package-moves", "Apply package moves"),
    ("pkg-format", "Which kind of binary package is built"),
    ("pretend", "Show what would be done"),
    ("prune", "Remove all but the highest installed version"),
    (
        "quickpkg-direct",
        "Take packages from what is installed elsewhere",
    ),
    ("quickpkg-direct-root", "The root they are taken from"),
    ("quiet-build", "Write build output to the log only"),
    ("quiet-fail", "Show no log after a failure"),
    ("quiet-repo-display", "Leave out the names of repositories"),
    ("quiet-unmerge-warn", "Do not warn before removing"),
    ("rage-clean", "Remove packages without any check"),
    ("read-news", "Offer to read news before the question"),
    ("regen", "Regenerate the metadata cache"),
    ("regex-search-auto", "Take patterns for regular expressions"),
    ("resume", "Go on with the last list of merges"),
    ("search", "Search names"),
    ("search-index", "Use the index when searching"),
    (
        "search-similarity",
        "How similar names have to be, in per cent",
    ),
    ("searchdesc", "Search names and descriptions"),
    ("select", "Add the packages to @world"),
    ("skipfirst", "With --resume: leave out the first package"),
    ("sync", "Update the repositories"),
    (
        "sync-submodule",
        "Update only this part of the repositories",
    ),
    ("unmerge", "Remove packages, whoever needs them"),
    ("unordered-display", "Show trees without order of merges"),
    ("verbose-conflicts", "Show all of slot conflicts"),
    (
        "verbose-missing-ebuilds",
        "Name installed packages without ebuild",
    ),
    ("verbose-slot-rebuilds", "Name what causes rebuilds"),
];

/// What an option of emerge does; empty for those that nobody should complete.
pub(super) fn of(name: &str) -> &'static str {
    HELP.iter()
        .find(|(known, _)| *known == name)
        .map_or("", |(_, help)| help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::options::EMERGE;

    #[test]
    fn all_are_options_of_emerge() {
        for (name, help) in HELP {
            assert!(EMERGE.iter().any(|option| option.name == *name), "{name}");
            assert!(!help.is_empty());
        }
    }
}
