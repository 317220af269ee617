//! emerge's options: names, shapes, and what each has to do with a verdict
//! (`portage: main.py:parse_opts`, facts of release 3.0.83).

use super::value::{Allowed, Value};

/// How an option takes its argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// None.
    Flag,
    /// Always one.
    Required(Value),
    /// The next word, if it is an allowed one (or what `=` gives).
    Optional(Allowed),
}

/// What an option has to do with a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It changes verdicts, or what is merged.
    Verdict,
    /// It is put into the environment before the configuration is read; emerge takes no notice of
    /// it in EMERGE_DEFAULT_OPTS.
    Start,
    /// It changes what is shown, here as there.
    Colour,
    /// It changes what is shown; in EMERGE_DEFAULT_OPTS it speaks of emerge's own display.
    Display,
    /// It changes which package emerge picks in ways that bincheck does not judge.
    Unjudged,
    /// It changes nothing that bincheck answers.
    Nothing,
    /// It makes emerge do something else than install.
    Action,
}

/// One option of emerge.
#[derive(Clone, Copy, Debug)]
pub struct EmergeOption {
    /// Long name without dashes.
    pub name: &'static str,
    /// Short name.
    pub short: Option<char>,
    /// How it takes its argument.
    pub shape: Shape,
    /// What it is to bincheck.
    pub effect: Effect,
}

const fn option(name: &'static str, short: char, shape: Shape, effect: Effect) -> EmergeOption {
    EmergeOption {
        name,
        short: if short == NONE { None } else { Some(short) },
        shape,
        effect,
    }
}

/// In the table below: no short name.
const NONE: char = '\0';
const YES_NO: Shape = Shape::Optional(Allowed::YesNo);
const INTEGER: Shape = Shape::Optional(Allowed::Integer);
const TEXT: Shape = Shape::Required(Value::Text);
const ONE_OF_Y_N: Shape = Shape::Required(Value::Words(&["y", "n"]));
const ATOMS: Shape = Shape::Required(Value::Atoms);

use Effect::{Action, Colour, Display, Nothing, Start, Unjudged, Verdict};
use Shape::{Flag, Required};

/// All of them, by name.
pub const EMERGE: &[EmergeOption] = &[
    option("accept-properties", NONE, TEXT, Start),
    option("accept-restrict", NONE, TEXT, Start),
    option("alert", 'A', YES_NO, Nothing),
    option("alphabetical", NONE, Flag, Nothing),
    option("ask", 'a', YES_NO, Nothing),
    option("ask-enter-invalid", NONE, Flag, Nothing),
    option("autounmask", NONE, YES_NO, Verdict),
    option("autounmask-backtrack", NONE, ONE_OF_Y_N, Verdict),
    option("autounmask-continue", NONE, YES_NO, Verdict),
    option("autounmask-keep-keywords", NONE, YES_NO, Verdict),
    option("autounmask-keep-masks", NONE, YES_NO, Verdict),
    option("autounmask-license", NONE, ONE_OF_Y_N, Verdict),
    option("autounmask-only", NONE, YES_NO, Nothing),
    option("autounmask-unrestricted-atoms", NONE, YES_NO, Nothing),
    option("autounmask-use", NONE, ONE_OF_Y_N, Verdict),
    option("autounmask-write", NONE, YES_NO, Nothing),
    option("backtrack", NONE, Required(Value::Count), Verdict),
    option("binpkg-changed-deps", NONE, YES_NO, Verdict),
    option("binpkg-respect-use", NONE, YES_NO, Verdict),
    option("binpkg-respect-user-patches", NONE, YES_NO, Verdict),
    option("buildpkg", 'b', YES_NO, Verdict),
    option("buildpkg-exclude", NONE, Required(Value::AnyAtoms), Verdict),
    option("buildpkgonly", 'B', Flag, Verdict),
    option("changed-deps", NONE, YES_NO, Verdict),
    option("changed-deps-report", NONE, YES_NO, Nothing),
    option("changed-slot", NONE, YES_NO, Verdict),
    option("changed-use", 'U', Flag, Verdict),
    option("check-news", NONE, Flag, Action),
    option(
        "circular-deps-report",
        NONE,
        Shape::Optional(Allowed::Words(&["text", "json"])),
        Nothing,
    ),
    option("clean", NONE, Flag, Action),
    option("color", NONE, ONE_OF_Y_N, Colour),
    option("cols", NONE, Flag, Nothing),
    option("columns", NONE, Flag, Nothing),
    option("complete-graph", NONE, YES_NO, Verdict),
    option("complete-graph-if-new-use", NONE, ONE_OF_Y_N, Verdict),
    option("complete-graph-if-new-ver", NONE, ONE_OF_Y_N, Verdict),
    option("config", NONE, Flag, Action),
    option("config-root", NONE, TEXT, Start),
    option("debug", 'd', Flag, Nothing),
    option("deep", 'D', INTEGER, Verdict),
    option("depclean", 'c', Flag, Action),
    option("depclean-lib-check", NONE, YES_NO, Nothing),
    option("deselect", 'W', YES_NO, Action),
    option("digest", NONE, Flag, Nothing),
    option("dynamic-deps", NONE, ONE_OF_Y_N, Verdict),
    option("emptytree", 'e', Flag, Verdict),
    option("exclude", 'X', ATOMS, Verdict),
    option("fail-clean", NONE, YES_NO, Nothing),
    option("fetch-all-uri", 'F', Flag, Verdict),
    option("fetchonly", 'f', Flag, Verdict),
    option("fuzzy-search", NONE, YES_NO, Nothing),
    option("getbinpkg", 'g', YES_NO, Verdict),
    option("getbinpkg-exclude", NONE, ATOMS, Verdict),
    option("getbinpkg-include", NONE, ATOMS, Verdict),
    option("getbinpkgonly", 'G', YES_NO, Verdict),
    option("help", 'h', Flag, Action),
    option("ignore-built-slot-operator-deps", NONE, ONE_OF_Y_N, Verdict),
    option("ignore-default-opts", NONE, Flag, Verdict),
    option("ignore-soname-deps", NONE, ONE_OF_Y_N, Verdict),
    option("ignore-world", NONE, YES_NO, Verdict),
    option("implicit-system-deps", NONE, ONE_OF_Y_N, Verdict),
    option("info", NONE, Flag, Action),
    option(
        "jobs",
        'j',
        Shape::Optional(Allowed::IntegerOrYesNo),
        Nothing,
    ),
    option("jobs-tmpdir-require-free-gb", NONE, INTEGER, Nothing),
    option("keep-going", NONE, YES_NO, Nothing),
    option("list-sets", NONE, Flag, Action),
    option(
        "load-average",
        'l',
        Shape::Optional(Allowed::Number),
        Nothing,
    ),
    option(
        "merge-wait-scope",
        NONE,
        Required(Value::Words(&["deep", "system", "toolchain", "none"])),
        Nothing,
    ),
    option("metadata", NONE, Flag, Action),
    option("misspell-suggestions", NONE, ONE_OF_Y_N, Nothing),
    option("moo", NONE, Flag, Action),
    option("newrepo", NONE, Flag, Verdict),
    option("newuse", 'N', Flag, Verdict),
    option("nobindeps", NONE, Flag, Verdict),
    option("noconfmem", NONE, Flag, Nothing),
    option("nodeps", 'O', Flag, Verdict),
    option("noreplace", 'n', Flag, Verdict),
    option("nospinner", NONE, Flag, Nothing),
    option("oneshot", '1', Flag, Nothing),
    option("onlydeps", 'o', Flag, Verdict),
    option("onlydeps-with-ideps", NONE, YES_NO, Verdict),
    option("onlydeps-with-rdeps", NONE, YES_NO, Verdict),
    option("package-moves", NONE, YES_NO, Nothing),
    option(
        "pkg-format",
        NONE,
        Required(Value::WordList(&["tar", "rpm"])),
        Nothing,
    ),
    option("prefix", NONE, TEXT, Start),
    option("pretend", 'p', Flag, Nothing),
    option("prune", 'P', Flag, Action),
    option("quickpkg-direct", NONE, ONE_OF_Y_N, Unjudged),
    option("quickpkg-direct-root", NONE, TEXT, Nothing),
    option("quiet", 'q', YES_NO, Display),
    option("quiet-build", NONE, YES_NO, Nothing),
    option("quiet-fail", NONE, YES_NO, Nothing),
    option("quiet-repo-display", NONE, Flag, Nothing),
    option("quiet-unmerge-warn", NONE, Flag, Nothing),
    option("rage-clean", NONE, Flag, Action),
    option("read-news", NONE, YES_NO, Nothing),
    option("rebuild-exclude", NONE, ATOMS, Verdict),
    option("rebuild-if-new-rev", NONE, YES_NO, Verdict),
    option("rebuild-if-new-slot", NONE, YES_NO, Verdict),
    option("rebuild-if-new-ver", NONE, YES_NO, Verdict),
    option("rebuild-if-unbuilt", NONE, YES_NO, Verdict),
    option("rebuild-ignore", NONE, ATOMS, Verdict),
    option("rebuilt-binaries", NONE, YES_NO, Verdict),
    option(
        "rebuilt-binaries-timestamp",
        NONE,
        Required(Value::CountOrNothing),
        Verdict,
    ),
    option("regen", NONE, Flag, Action),
    option("regex-search-auto", NONE, ONE_OF_Y_N, Nothing),
    option(
        "reinstall",
        NONE,
        Required(Value::Words(&["changed-use"])),
        Verdict,
    ),
    option("reinstall-atoms", NONE, ATOMS, Verdict),
    option("resume", 'r', Flag, Nothing),
    option("root", NONE, TEXT, Start),
    option(
        "root-deps",
        NONE,
        Shape::Optional(Allowed::Words(&["rdeps"])),
        Verdict,
    ),
    option("search", 's', Flag, Action),
    option("search-index", NONE, ONE_OF_Y_N, Nothing),
    option(
        "search-similarity",
        NONE,
        Required(Value::Percentage),
        Nothing,
    ),
    option("searchdesc", 'S', Flag, Action),
    option("select", 'w', YES_NO, Nothing),
    option("selective", NONE, YES_NO, Verdict),
    option("skip-first", NONE, Flag, Nothing),
    option("skipfirst", NONE, Flag, Nothing),
    option("status", NONE, Flag, Action),
    option("sync", NONE, Flag, Action),
    option(
        "sync-submodule",
        NONE,
        Required(Value::Words(&["glsa", "news", "profiles"])),
        Nothing,
    ),
    option("sysroot", NONE, TEXT, Start),
    option("tree", 't', Flag, Display),
    option("unmerge", 'C', Flag, Action),
    option("unordered-display", NONE, Flag, Nothing),
    option("update", 'u', Flag, Verdict),
    option("update-if-installed", NONE, Flag, Verdict),
    option("use-ebuild-visibility", NONE, YES_NO, Verdict),
    option("useoldpkg-atoms", NONE, ATOMS, Verdict),
    option("usepkg", 'k', YES_NO, Verdict),
    option("usepkg-exclude", NONE, ATOMS, Verdict),
    option("usepkg-exclude-live", NONE, YES_NO, Verdict),
    option("usepkg-include", NONE, ATOMS, Verdict),
    option("usepkgonly", 'K', YES_NO, Verdict),
    option("verbose", 'v', YES_NO, Display),
    option("verbose-conflicts", NONE, Flag, Nothing),
    option("verbose-missing-ebuilds", NONE, YES_NO, Nothing),
    option("verbose-slot-rebuilds", NONE, YES_NO, Nothing),
    option("version", 'V', Flag, Action),
    option("with-bdeps", NONE, ONE_OF_Y_N, Verdict),
    option("with-bdeps-auto", NONE, ONE_OF_Y_N, Verdict),
    option("with-test-deps", NONE, YES_NO, Verdict),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_that_are_taken() {
        for (allowed, yes, no) in [
            (Allowed::YesNo, "y n", "True yes 1 a/b"),
            (Allowed::Integer, "0 3 +12", "y -1 1.5 + a"),
            (Allowed::IntegerOrYesNo, "y n 4", "-1 x"),
            (Allowed::Number, "0 1.5 4", "y -1.5 a/b"),
            (Allowed::Words(&["rdeps"]), "rdeps", "y deps"),
        ] {
            assert!(yes.split(' ').all(|word| allowed.has(word)), "{allowed:?}");
            assert!(!no.split(' ').any(|word| allowed.has(word)), "{allowed:?}");
        }
    }

    #[test]
    fn names_are_sorted_and_shorts_unique() {
        assert!(EMERGE.is_sorted_by(|a, b| a.name < b.name));
        let mut shorts: Vec<char> = EMERGE.iter().filter_map(|option| option.short).collect();
        let all = shorts.len();
        shorts.sort_unstable();
        shorts.dedup();
        assert_eq!(all, shorts.len());
    }
}
