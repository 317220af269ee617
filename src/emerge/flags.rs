//! The options that bincheck adds to a command line.

use semver::Version;

use super::Options;
use super::version::knows;

/// Options that choose where packages come from.
const ORIGIN: [&str; 4] = ["getbinpkg", "getbinpkgonly", "usepkg", "usepkgonly"];

/// Options that ask for what only ebuilds give: packages to be built, and all sources.
const OF_SOURCES: [&str; 2] = ["buildpkgonly", "fetch-all-uri"];

/// Comparisons that are on: under `-G` emerge makes none unless an option asks, and under `-g` it then keeps
/// from changing USE to suit a binary package.
const COMPARISONS: [&str; 2] = ["binpkg-respect-use", "binpkg-changed-deps"];

/// Options that ask for changes to the configuration. `--binpkg-respect-use=y` forbids those to USE
/// (`portage: create_depgraph_params.py`), while left alone it judges alike.
const AUTOUNMASK: [&str; 5] = [
    "autounmask",
    "autounmask-continue",
    "autounmask-only",
    "autounmask-use",
    "autounmask-write",
];

/// What is prepended to emerge's words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// The options.
    pub words: Vec<String>,
    /// Names of those that this Portage is too old for.
    pub left_out: Vec<&'static str>,
}

/// What to add: `-g` unless an option names where packages come from or asks for what only ebuilds give, and each
/// comparison that no option names. `feature` is FEATURES=getbinpkg.
pub fn added(options: &Options, feature: bool, portage: Option<&Version>) -> Added {
    let mut added = Added::default();
    let origin_is_set = feature || options.has_any(&ORIGIN);
    if origin_is_set && !options.uses_binaries(feature) {
        return added;
    }
    if !origin_is_set && OF_SOURCES.iter().any(|name| options.is_on(name)) {
        return added;
    }
    if !origin_is_set {
        added.words.push("-g".to_owned());
    }
    if options.is_resume() {
        // emerge takes all other options of the run that it resumes, but loads indexes before.
        return added;
    }
    let wanted = |name: &&str| !options.has(name) && !is_better_left(name, options);
    for name in COMPARISONS.into_iter().filter(wanted) {
        if knows(portage, name) {
            added.words.push(format!("--{name}=y"))
        } else {
            added.left_out.push(name)
        }
    }
    added
}

/// Whether an option is on without being given, and does harm when it is given.
fn is_better_left(name: &str, options: &Options) -> bool {
    let is_default = !options.has("usepkgonly") && !options.is_on("getbinpkgonly");
    let changes = AUTOUNMASK.iter().any(|name| options.is_on(name));
    name == "binpkg-respect-use" && is_default && changes
}

/// emerge's words with others prepended. A `-g` that would take the first of them as its argument gets its value
/// itself.
pub fn prepended(added: &[String], words: &[String]) -> Vec<String> {
    let mut all = [added, words].concat();
    let next_is_value = words.first().is_some_and(|word| word == "y" || word == "n");
    if next_is_value
        && let Some(last) = added.len().checked_sub(1)
        && all[last] == "-g"
    {
        all[last] = "--getbinpkg=y".to_owned();
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn what_is_added() {
        const BOTH: &str = "--binpkg-respect-use=y --binpkg-changed-deps=y";
        for (defaults, typed, feature, wanted) in [
            ("", "a/b", false, format!("-g {BOTH}")),
            ("", "-g a/b", false, BOTH.to_owned()),
            ("", "-G a/b", false, BOTH.to_owned()),
            ("", "-k a/b", false, BOTH.to_owned()),
            ("", "-K a/b", false, BOTH.to_owned()),
            ("", "a/b", true, BOTH.to_owned()),
            ("-g", "a/b", false, BOTH.to_owned()),
            ("-k", "a/b", false, BOTH.to_owned()),
            ("", "--usepkg=n a/b", false, String::new()),
            ("", "--getbinpkg=n a/b", false, String::new()),
            ("", "--getbinpkg n a/b", true, String::new()),
            ("", "--getbinpkg=n -k a/b", false, BOTH.to_owned()),
            (
                "",
                "--binpkg-respect-use=n a/b",
                false,
                "-g --binpkg-changed-deps=y".to_owned(),
            ),
            (
                "--binpkg-respect-use n",
                "--binpkg-changed-deps a/b",
                false,
                "-g".to_owned(),
            ),
            (
                "--binpkg-respect-use",
                "-G --binpkg-ch=n a/b",
                false,
                String::new(),
            ),
            ("", "-B a/b", false, String::new()),
            ("", "--fetch-all-uri a/b", false, String::new()),
            ("", "-B -k a/b", false, BOTH.to_owned()),
            ("", "-B a/b", true, BOTH.to_owned()),
            ("", "--buildpkgonly=n a/b", false, format!("-g {BOTH}")),
            ("", "-f a/b", false, format!("-g {BOTH}")),
            ("", "-b a/b", false, format!("-g {BOTH}")),
            ("", "--resume", false, "-g".to_owned()),
            ("-k", "-r", false, String::new()),
            (
                "",
                "--autounmask-write a/b",
                false,
                "-g --binpkg-changed-deps=y".to_owned(),
            ),
            (
                "--autounmask=n",
                "--autounmask-use n a/b",
                false,
                format!("-g {BOTH}"),
            ),
            ("--autounmask-continue", "-G a/b", false, BOTH.to_owned()),
        ] {
            let options = Options::parse_defaults(&words(defaults));
            let options = options.then(&Options::parse(&words(typed)));
            let found = added(&options, feature, None).words.join(" ");
            assert_eq!(found, wanted, "{defaults} | {typed}");
        }
    }

    #[test]
    fn an_old_portage_gets_what_it_knows() {
        let options = Options::parse(&words("a/b"));
        let old = added(&options, false, Some(&Version::new(2, 2, 15)));
        assert_eq!(old.words, ["-g", "--binpkg-respect-use=y"]);
        assert_eq!(old.left_out, ["binpkg-changed-deps"]);
    }

    #[test]
    fn a_target_is_no_argument() {
        for (added, typed, all) in [
            ("-g", "n", "--getbinpkg=y n"),
            ("-g", "a/b", "-g a/b"),
            (
                "-g --binpkg-respect-use=y",
                "y",
                "-g --binpkg-respect-use=y y",
            ),
            ("", "y", "y"),
        ] {
            assert_eq!(prepended(&words(added), &words(typed)).join(" "), all);
        }
    }
}
