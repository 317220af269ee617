//! EMERGE_DEFAULT_OPTS: split as a shell would, and prepended to the command line
//! (`portage: main.py:emerge_main`).

use super::form::{emerge_form, normal_form};
use super::options::Effect;
use super::words::{self, CommandToken};
use crate::shlex::{self, SplitError};

/// What EMERGE_DEFAULT_OPTS comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DefaultOpts {
    /// Options with an effect here, as `--name` or `--name=value`.
    pub args: Vec<String>,
    /// Words that are not options: emerge takes them as targets, before those of the command line.
    pub targets: Vec<String>,
    /// Options that change what emerge would merge, in the form that emerge reads.
    pub emerge: Vec<String>,
    /// Options that emerge 3.0.83 does not have; a later one may.
    pub unknown: Vec<String>,
    /// Options that change emerge's choice in a way that bincheck does not judge.
    pub unjudged: Vec<String>,
}

/// Why emerge would refuse EMERGE_DEFAULT_OPTS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DefaultOptsError {
    /// An unfinished quotation or escape.
    Split(SplitError),
    /// An option with a value that it does not take, without one that it needs, or cut too short.
    Refused(String),
}

impl std::fmt::Display for DefaultOptsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            DefaultOptsError::Split(error) => write!(f, "it cannot be split into words: {error}"),
            DefaultOptsError::Refused(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for DefaultOptsError {}

impl DefaultOpts {
    /// Read the value of the variable.
    ///
    /// # Errors
    /// What emerge ends with a usage error for.
    pub fn read(text: &str) -> Result<DefaultOpts, DefaultOptsError> {
        let table = words::emerge_table();
        let mut read = DefaultOpts::default();
        let words = DefaultOpts::words(text)?;
        for token in words::split(&words, &table) {
            match token {
                CommandToken::Option(known, value) => read.add(known, value.as_deref()),
                CommandToken::Target(word) => read.targets.push(word),
                CommandToken::Invalid { word, reason: None } => read.unknown.push(word),
                CommandToken::Invalid {
                    reason: Some(reason),
                    ..
                } => return Err(DefaultOptsError::Refused(reason)),
            }
        }
        Ok(read)
    }

    /// Split the value of the variable.
    ///
    /// # Errors
    /// An unfinished quotation or escape.
    pub fn words(text: &str) -> Result<Vec<String>, DefaultOptsError> {
        shlex::split(text).map_err(DefaultOptsError::Split)
    }

    fn add(&mut self, known: &words::KnownOption, value: Option<&str>) {
        if let Some(Effect::Verdict | Effect::Unjudged) = known.effect {
            let form = emerge_form(&known.name, value);
            self.emerge.push(form);
        }
        match known.effect {
            Some(Effect::Verdict | Effect::Colour) => {
                self.args.push(normal_form(&known.name, value));
            }
            Some(Effect::Unjudged) => self.unjudged.push(known.name.clone()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn options_with_and_without_effect() {
        for (text, args, targets, unknown) in [
            (
                "--with-bdeps=y --quiet-build=y --jobs=4 --keep-going -j4",
                "--with-bdeps=y",
                "",
                0,
            ),
            (
                "--usepkg-exclude 'sys-kernel/* dev-vcs/git' --ask-enter-invalid",
                "--usepkg-exclude=sys-kernel/* dev-vcs/git",
                "",
                0,
            ),
            ("-avk --quiet --color n", "--usepkg=y --color=n", "", 0),
            ("--root /x --config-root=/y --depclean", "", "", 0),
            ("--all --json --from-the-future=3 a/b -y", "", "a/b", 4),
        ] {
            let read = DefaultOpts::read(text).unwrap();
            assert_eq!(read.args.join(" "), args, "{text}");
            assert_eq!(read.targets.join(" "), targets, "{text}");
            assert_eq!(read.unknown.len(), unknown, "{text}");
        }
    }

    #[test]
    fn what_emerge_refuses() {
        for text in [
            "--jobs=CORES",
            "--load-average=much",
            "--verbose=very",
            "--deselect=x",
            "--deep=y",
            "--exclude",
            "--with-bdeps maybe",
            "--usep",
            "--newuse=y",
            "--usepkg-exclude==a/b-1",
            "'unfinished",
        ] {
            assert!(DefaultOpts::read(text).is_err(), "{text}");
        }
    }
}
