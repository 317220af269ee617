//! emerge's options: names, shapes, and what each has to do with a verdict
//! (`portage: main.py:parse_opts`, facts of release 3.0.83).

/// How an option takes its argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// None.
    Flag,
    /// Always one.
    Required,
    /// The next word, if it is an allowed one (or what `=` gives).
    Optional(Allowed),
}

/// Which words an optional argument may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// `y` or `n`
    YesNo,
    /// A whole number from 0.
    Integer,
    /// `y`, `n` or a whole number from 0.
    IntegerOrYesNo,
    /// A number from 0, with or without fraction.
    Number,
    /// One of these.
    Words(&'static [&'static str]),
}

impl Allowed {
    /// Whether a word is taken as the argument.
    pub fn has(self, word: &str) -> bool {
        match self {
            Allowed::YesNo => matches!(word, "y" | "n"),
            Allowed::Integer => is_integer(word),
            Allowed::IntegerOrYesNo => matches!(word, "y" | "n") || is_integer(word),
            Allowed::Number => word.parse::<f64>().is_ok_and(|number| number >= 0.0),
            Allowed::Words(words) => words.contains(&word),
        }
    }
}

fn is_integer(word: &str) -> bool {
    let digits = word.strip_prefix('+').unwrap_or(word);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
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

use Effect::{Action, Colour, Display, Nothing, Start, Unjudged, Verdict};
use Shape::{Flag, Required};

/// All of them, by name.
pub const EMERGE: &[EmergeOption] = &[
    option("accept-properties", NONE, Required, Start),
    option("accept-restrict", NONE, Required, Start),
    option("alert", 'A', YES_NO, Nothing),
    option("alphabetical", NONE, Flag, Nothing),
    option("ask", 'a', YES_NO, Nothing),
    option("ask-enter-invalid", NONE, Flag, Nothing),
    option("autounmask", NONE, YES_NO, Verdict),
    option("autounmask-backtrack", NONE, Required, Nothing),
    option("autounmask-continue", NONE, YES_NO, Nothing),
    option("autounmask-keep-keywords", NONE, YES_NO, Nothing),
    option("autounmask-keep-masks", NONE, YES_NO, Nothing),
    option("autounmask-license", NONE, Required, Unjudged),
    option("autounmask-only", NONE, YES_NO, Nothing),
    option("autounmask-unrestricted-atoms", NONE, YES_NO, Nothing),
    option("autounmask-use", NONE, Required, Verdict),
    option("autounmask-write", NONE, YES_NO, Nothing),
    option("backtrack", NONE, Required, Verdict),
    option("binpkg-changed-deps", NONE, YES_NO, Verdict),
    option("binpkg-respect-use", NONE, YES_NO, Verdict),
    option("binpkg-respect-user-patches", NONE, YES_NO, Verdict),
    option("buildpkg", 'b', YES_NO, Nothing),
    option("buildpkg-exclude", NONE, Required, Nothing),
    option("buildpkgonly", 'B', Flag, Nothing),
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
    option("color", NONE, Required, Colour),
    option("cols", NONE, Flag, Nothing),
    option("columns", NONE, Flag, Nothing),
    option("complete-graph", NONE, YES_NO, Verdict),
    option("complete-graph-if-new-use", NONE, Required, Verdict),
    option("complete-graph-if-new-ver", NONE, Required, Verdict),
    option("config", NONE, Flag, Action),
    option("config-root", NONE, Required, Start),
    option("debug", 'd', Flag, Nothing),
    option("deep", 'D', INTEGER, Verdict),
    option("depclean", 'c', Flag, Action),
    option("depclean-lib-check", NONE, YES_NO, Nothing),
    option("deselect", 'W', YES_NO, Action),
    option("digest", NONE, Flag, Nothing),
    option("dynamic-deps", NONE, Required, Verdict),
    option("emptytree", 'e', Flag, Verdict),
    option("exclude", 'X', Required, Verdict),
    option("fail-clean", NONE, YES_NO, Nothing),
    option("fetch-all-uri", 'F', Flag, Nothing),
    option("fetchonly", 'f', Flag, Nothing),
    option("fuzzy-search", NONE, YES_NO, Nothing),
    option("getbinpkg", 'g', YES_NO, Verdict),
    option("getbinpkg-exclude", NONE, Required, Verdict),
    option("getbinpkg-include", NONE, Required, Verdict),
    option("getbinpkgonly", 'G', YES_NO, Verdict),
    option("help", 'h', Flag, Action),
    option("ignore-built-slot-operator-deps", NONE, Required, Verdict),
    option("ignore-default-opts", NONE, Flag, Verdict),
    option("ignore-soname-deps", NONE, Required, Nothing),
    option("ignore-world", NONE, YES_NO, Verdict),
    option("implicit-system-deps", NONE, Required, Nothing),
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
    option("merge-wait-scope", NONE, Required, Nothing),
    option("metadata", NONE, Flag, Action),
    option("misspell-suggestions", NONE, Required, Nothing),
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
    option("pkg-format", NONE, Required, Nothing),
    option("prefix", NONE, Required, Start),
    option("pretend", 'p', Flag, Nothing),
    option("prune", 'P', Flag, Action),
    option("quickpkg-direct", NONE, Required, Unjudged),
    option("quickpkg-direct-root", NONE, Required, Nothing),
    option("quiet", 'q', YES_NO, Display),
    option("quiet-build", NONE, YES_NO, Nothing),
    option("quiet-fail", NONE, YES_NO, Nothing),
    option("quiet-repo-display", NONE, Flag, Nothing),
    option("quiet-unmerge-warn", NONE, Flag, Nothing),
    option("rage-clean", NONE, Flag, Action),
    option("read-news", NONE, YES_NO, Nothing),
    option("rebuild-exclude", NONE, Required, Nothing),
    option("rebuild-if-new-rev", NONE, YES_NO, Unjudged),
    option("rebuild-if-new-slot", NONE, YES_NO, Verdict),
    option("rebuild-if-new-ver", NONE, YES_NO, Unjudged),
    option("rebuild-if-unbuilt", NONE, YES_NO, Unjudged),
    option("rebuild-ignore", NONE, Required, Nothing),
    option("rebuilt-binaries", NONE, YES_NO, Verdict),
    option("rebuilt-binaries-timestamp", NONE, Required, Verdict),
    option("regen", NONE, Flag, Action),
    option("regex-search-auto", NONE, Required, Nothing),
    option("reinstall", NONE, Required, Verdict),
    option("reinstall-atoms", NONE, Required, Verdict),
    option("resume", 'r', Flag, Nothing),
    option("root", NONE, Required, Start),
    option(
        "root-deps",
        NONE,
        Shape::Optional(Allowed::Words(&["rdeps"])),
        Unjudged,
    ),
    option("search", 's', Flag, Action),
    option("search-index", NONE, Required, Nothing),
    option("search-similarity", NONE, Required, Nothing),
    option("searchdesc", 'S', Flag, Action),
    option("select", 'w', YES_NO, Nothing),
    option("selective", NONE, YES_NO, Verdict),
    option("skip-first", NONE, Flag, Nothing),
    option("skipfirst", NONE, Flag, Nothing),
    option("status", NONE, Flag, Action),
    option("sync", NONE, Flag, Action),
    option("sync-submodule", NONE, Required, Nothing),
    option("sysroot", NONE, Required, Start),
    option("tree", 't', Flag, Display),
    option("unmerge", 'C', Flag, Action),
    option("unordered-display", NONE, Flag, Nothing),
    option("update", 'u', Flag, Verdict),
    option("update-if-installed", NONE, Flag, Unjudged),
    option("use-ebuild-visibility", NONE, YES_NO, Verdict),
    option("useoldpkg-atoms", NONE, Required, Verdict),
    option("usepkg", 'k', YES_NO, Verdict),
    option("usepkg-exclude", NONE, Required, Verdict),
    option("usepkg-exclude-live", NONE, YES_NO, Verdict),
    option("usepkg-include", NONE, Required, Verdict),
    option("usepkgonly", 'K', YES_NO, Verdict),
    option("verbose", 'v', YES_NO, Display),
    option("verbose-conflicts", NONE, Flag, Nothing),
    option("verbose-missing-ebuilds", NONE, YES_NO, Nothing),
    option("verbose-slot-rebuilds", NONE, YES_NO, Nothing),
    option("version", 'V', Flag, Action),
    option("with-bdeps", NONE, Required, Verdict),
    option("with-bdeps-auto", NONE, Required, Verdict),
    option("with-test-deps", NONE, YES_NO, Unjudged),
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
