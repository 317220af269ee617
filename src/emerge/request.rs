//! What an emerge command line asks for, in emerge's own grammar (`portage: main.py:parse_opts`).

use crate::cli::emerge_form;
use crate::cli::options::Effect;
use crate::cli::words::{self, CommandToken};

/// Words among emerge's that are bincheck's own; no option of emerge begins with them.
const FORCE: &str = "--force";
const STRICT: &str = "--strict";

/// A command line for emerge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EmergeRequest {
    /// emerge's words, as typed.
    pub words: Vec<String>,
    /// Go on although the plan is not complete.
    pub force: bool,
    /// End with an error where bincheck cannot do its part.
    pub strict: bool,
}

impl EmergeRequest {
    /// Remove what is meant for bincheck. A value of another option cannot begin with a dash, and
    /// what follows `--` is a target.
    pub fn new(words: &[String]) -> EmergeRequest {
        let mut request = EmergeRequest::default();
        let mut targets_only = false;
        for word in words {
            targets_only |= word == "--";
            match word.as_str() {
                FORCE if !targets_only => request.force = true,
                STRICT if !targets_only => request.strict = true,
                _ => request.words.push(word.clone()),
            }
        }
        request
    }
}

/// Options and targets, in order; of options that are given twice the later one counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Long names with values; an optional argument that was left out reads `y`.
    pub given: Vec<(String, Option<String>)>,
    /// Words that are not options.
    pub targets: Vec<String>,
    /// Options that emerge 3.0.83 does not have; a later one may.
    pub unknown: Vec<String>,
    /// An action other than installing.
    pub action: Option<String>,
    /// What emerge itself will complain of.
    pub wrong: bool,
}

impl Options {
    /// Read words of a command line.
    pub fn parse(words: &[String]) -> Options {
        let mut options = Options::default();
        for token in words::split(words, &words::emerge_table()) {
            options.add(token);
        }
        options
    }

    /// Read the words of EMERGE_DEFAULT_OPTS.
    pub fn parse_defaults(words: &[String]) -> Options {
        let mut options = Options::default();
        for token in words::split(words, &words::emerge_table()) {
            if !is_typed_only(&token) {
                options.add(token);
            }
        }
        options
    }

    /// These options, and after them others.
    #[must_use]
    pub fn then(&self, later: &Options) -> Options {
        let mut all = self.clone();
        all.given.extend_from_slice(&later.given);
        all.targets.extend_from_slice(&later.targets);
        all.unknown.extend_from_slice(&later.unknown);
        all.action = later.action.clone().or(all.action);
        all.wrong |= later.wrong;
        all
    }

    fn add(&mut self, token: CommandToken<'_>) {
        match token {
            CommandToken::Option(known, value) => {
                if known.effect != Some(Effect::Action) {
                    self.given.push((known.name.clone(), value));
                } else if value.as_deref() != Some("n") {
                    // Only --deselect takes a value, and with that one it asks for nothing.
                    self.action = Some(known.name.clone());
                }
            }
            CommandToken::Target(word) => self.targets.push(word),
            CommandToken::Invalid { word, reason: None } => self.unknown.push(word),
            CommandToken::Invalid { .. } => self.wrong = true,
        }
    }

    /// Whether an option is given, with whatever value.
    pub fn has(&self, name: &str) -> bool {
        self.given.iter().any(|(given, _)| given == name)
    }

    /// The value of an option; the last one counts.
    pub fn value(&self, name: &str) -> Option<&str> {
        let last = self.given.iter().rfind(|(given, _)| given == name);
        last?.1.as_deref()
    }

    /// Whether one of several is given.
    pub fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.has(name))
    }

    /// Whether an option is given and not `n`; the last one counts.
    pub fn is_on(&self, name: &str) -> bool {
        let last = self.given.iter().rfind(|(given, _)| given == name);
        last.is_some_and(|(_, value)| value.as_deref() != Some("n"))
    }

    /// Whether something would be installed (or shown as if).
    pub fn installs(&self) -> bool {
        let something = !self.targets.is_empty() || self.is_resume();
        something && self.action.is_none() && !self.wrong
    }

    /// Whether what an earlier run left over is requested, which only emerge knows.
    pub fn is_resume(&self) -> bool {
        self.has("resume")
    }

    /// Whether binary packages are used (`portage: actions.py:run_action`); `feature` is
    /// FEATURES=getbinpkg.
    pub fn uses_binaries(&self, feature: bool) -> bool {
        let on = |name| self.is_on(name);
        let by_feature = feature && !self.has("getbinpkg");
        on("getbinpkgonly") || on("getbinpkg") || by_feature || on("usepkg") || on("usepkgonly")
    }

    /// What stands for `--resume`: these atoms, and nothing for their sake.
    pub fn for_resume(mut self, atoms: Vec<String>) -> Options {
        self.given.push(("nodeps".to_owned(), None));
        self.targets = atoms;
        self
    }

    /// The words for bincheck's own command line: every option that emerge 3.0.83 has, and the targets.
    pub fn to_words(&self) -> Vec<String> {
        let options = self.given.iter();
        let options = options.map(|(name, value)| emerge_form(name, value.as_deref()));
        let mut words: Vec<String> = options.collect();
        words.push("--".to_owned());
        words.extend(self.targets.iter().cloned());
        words
    }
}

/// What emerge takes from the command line only, or what speaks of its own display.
fn is_typed_only(token: &CommandToken<'_>) -> bool {
    let CommandToken::Option(known, _) = token else {
        return false;
    };
    matches!(known.effect, Some(Effect::Start | Effect::Display))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    fn read(line: &str) -> Options {
        Options::parse(&words(line))
    }

    #[test]
    fn own_words_are_taken_out() {
        for (typed, left, force, strict) in [
            ("-avuDN @world", "-avuDN @world", false, false),
            ("--force -G a/b", "-G a/b", true, false),
            ("-G a/b --strict --force", "-G a/b", true, true),
            ("a/b -- --force", "a/b -- --force", false, false),
            ("--forcefully", "--forcefully", false, false),
        ] {
            let request = EmergeRequest::new(&words(typed));
            assert_eq!(request.words.join(" "), left);
            assert_eq!((request.force, request.strict), (force, strict), "{typed}");
        }
    }

    #[test]
    fn what_installs_and_what_does_not() {
        for (line, installs) in [
            ("-avuDN @world", true),
            ("-1 firefox", true),
            ("-p a/b", true),
            ("-f a/b", true),
            ("--resume", true),
            ("-r --skipfirst", true),
            ("--deselect=n a/b", true),
            ("--from-the-future a/b", true),
            ("", false),
            ("-av", false),
            ("--sync", false),
            ("-s vim", false),
            ("--search vim", false),
            ("-S vim", false),
            ("--info", false),
            ("--info a/b", false),
            ("-c", false),
            ("-ac", false),
            ("--depclean -p", false),
            ("-C a/b", false),
            ("-CW a/b", false),
            ("-P a/b", false),
            ("-W a/b", false),
            ("--deselect a/b", false),
            ("-V", false),
            ("--version", false),
            ("-h", false),
            ("--help a/b", false),
            ("--config a/b", false),
            ("--regen", false),
            ("--metadata", false),
            ("--list-sets", false),
            ("--check-news", false),
            ("--moo", false),
            ("--rage-clean a/b", false),
            ("--clean a/b", false),
            ("--usepk a/b", false),
            ("--exclude", false),
        ] {
            assert_eq!(read(line).installs(), installs, "{line:?}");
        }
    }

    #[test]
    fn the_later_option_counts() {
        for (defaults, typed, name, on) in [
            ("-k", "a/b", "usepkg", true),
            ("-k", "--usepkg=n a/b", "usepkg", false),
            ("--usepkg=n", "-k a/b", "usepkg", true),
            ("", "-k n a/b", "usepkg", false),
            ("", "-kn a/b", "usepkg", true),
            ("", "-pv a/b", "pretend", true),
            ("", "a/b", "pretend", false),
            ("", "--getbinpkgo y a/b", "getbinpkgonly", true),
        ] {
            let defaults_read = Options::parse_defaults(&words(defaults));
            let options = defaults_read.then(&read(typed));
            assert_eq!(options.is_on(name), on, "{defaults} | {typed}");
        }
    }

    #[test]
    fn binary_packages_are_used_as_emerge_does() {
        for (line, feature, used) in [
            ("a/b", false, false),
            ("a/b", true, true),
            ("--getbinpkg=n a/b", true, false),
            ("--getbinpkg=n -k a/b", true, true),
            ("--usepkg=n a/b", true, true),
            ("--usepkg=n a/b", false, false),
            ("-G a/b", false, true),
            ("-K a/b", false, true),
            ("--getbinpkgonly=n a/b", false, false),
        ] {
            assert_eq!(read(line).uses_binaries(feature), used, "{line} {feature}");
        }
    }

    #[test]
    fn words_for_judging_are_unabridged() {
        assert_eq!(
            read("-uDN -j4 --exclu foo --later=1 a/b -- -c")
                .to_words()
                .join(" "),
            "--deep --update --newuse --jobs=4 --exclude=foo -- a/b -c"
        );
    }
}
