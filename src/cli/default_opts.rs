//! EMERGE_DEFAULT_OPTS: split as a shell would, and prepended to the command line
//! (`portage: main.py:emerge_main`).

use super::form::{emerge_form, normal_form};
use super::options::Effect;
use super::words::{self, CommandToken};
use crate::shlex::{self, SplitError};

/// Options under which emerge passes over binary packages that it would take otherwise.
const PASSING_OVER: [&str; 10] = [
    "binpkg-changed-deps",
    "binpkg-respect-use",
    "getbinpkg-include",
    "rebuild-if-new-rev",
    "rebuild-if-new-ver",
    "rebuild-if-unbuilt",
    "use-ebuild-visibility",
    "usepkg-exclude-live",
    "usepkg-include",
    // With it the dependencies for building are compared too.
    "with-bdeps",
];

/// An option and its value.
type GivenOption = (String, Option<String>);

/// What is left of an option: nothing, all of it, or the words of its list that are not in the way.
fn left_of(option: &GivenOption, is_in_the_way: &dyn Fn(&str) -> bool) -> Option<GivenOption> {
    let (name, value) = option;
    let list = value.as_deref().unwrap_or_default();
    match name.as_str() {
        "usepkg-exclude" | "getbinpkg-exclude" => {
            let words = list.split_whitespace();
            let kept: Vec<&str> = words.filter(|word| !is_in_the_way(word)).collect();
            let is_whole = kept.len() == list.split_whitespace().count();
            let value = if is_whole {
                list.to_owned()
            } else {
                kept.join(" ")
            };
            (!value.is_empty()).then(|| (name.clone(), Some(value)))
        }
        name if PASSING_OVER.contains(&name) && list != "n" => None,
        _ => Some(option.clone()),
    }
}

fn form((name, value): &GivenOption) -> String {
    emerge_form(name, value.as_deref())
}

/// A word as the variable may hold it.
fn quoted(word: &str) -> String {
    if word.contains(char::is_whitespace) {
        format!("'{word}'")
    } else {
        word.to_owned()
    }
}

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

    /// The same without options for which binary packages may be passed over, or without the words of their lists that are
    /// in the way: each such option alone, then all of them. Gives them as they stand there, and what is left.
    pub fn without_each(
        text: &str,
        is_in_the_way: &dyn Fn(&str) -> bool,
    ) -> Vec<(Vec<String>, String)> {
        let table = words::emerge_table();
        let words = DefaultOpts::words(text).unwrap_or_default();
        let token = |token| match token {
            CommandToken::Option(known, value) => Some((known.name.clone(), value)),
            CommandToken::Target(_) | CommandToken::Invalid { .. } => None,
        };
        let tokens = words::split(&words, &table).into_iter().map(token);
        let Some(tokens) = tokens.collect::<Option<Vec<GivenOption>>>() else {
            return Vec::new();
        };
        let changed: Vec<usize> = (0..tokens.len())
            .filter(|place| {
                left_of(&tokens[*place], is_in_the_way).as_ref() != Some(&tokens[*place])
            })
            .collect();
        let alone = changed.iter().map(|place| vec![*place]);
        let all = (changed.len() > 1).then(|| changed.clone());
        let without = |places: Vec<usize>| {
            let removed = places.iter().map(|place| form(&tokens[*place])).collect();
            let rest = tokens.iter().enumerate().filter_map(|(place, token)| {
                if places.contains(&place) {
                    left_of(token, is_in_the_way)
                } else {
                    Some(token.clone())
                }
            });
            let rest: Vec<String> = rest.map(|token| quoted(&form(&token))).collect();
            (removed, rest.join(" "))
        };
        alone.chain(all).map(without).collect()
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
    fn what_passes_over_binary_packages_can_be_left_out() {
        let without = |text: &str| {
            let found = DefaultOpts::without_each(text, &|word| word == "a/b");
            let found = found
                .iter()
                .map(|(gone, rest)| format!("{} => {rest}", gone.join(", ")));
            found.collect::<Vec<_>>()
        };
        for (text, expected) in [
            (
                "--jobs=4 --with-bdeps=y",
                &["--with-bdeps=y => --jobs=4"][..],
            ),
            ("--with-bdeps=n -av --usepkg-exclude c/d", &[]),
            (
                "--usepkg-exclude 'a/b c/d e/f' --jobs 2",
                &["--usepkg-exclude=a/b c/d e/f => '--usepkg-exclude=c/d e/f' --jobs=2"],
            ),
            (
                "--usepkg-exclude=a/b --with-bdeps=y",
                &[
                    "--usepkg-exclude=a/b => --with-bdeps=y",
                    "--with-bdeps=y => --usepkg-exclude=a/b",
                    "--usepkg-exclude=a/b, --with-bdeps=y => ",
                ],
            ),
            ("--with-bdeps=y a/target", &[]),
            ("'--with-bdeps=y", &[]),
        ] {
            assert_eq!(without(text), expected, "{text}");
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
