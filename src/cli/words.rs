//! The command line taken apart as emerge does (`portage: main.py:insert_optional_args`), so that
//! clap only sees `--name`, `--name=value` and targets.
//!
//! An optional argument is taken only if the next word is an allowed one; `-kn` is `-k -n` while
//! `-k n` is `--usepkg=n`; long names may be cut short where that is unambiguous.

use std::iter::Peekable;
use std::slice::Iter;

use super::options::{EMERGE, Effect, Shape};
use super::value::Allowed;

/// An option as this command line may name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownOption {
    /// Long name without dashes.
    pub name: String,
    /// Short name.
    pub short: Option<char>,
    /// How it takes its argument.
    pub shape: Shape,
    /// What it is to bincheck; `None` for an option that emerge has not.
    pub effect: Option<Effect>,
}

/// emerge's options alone: what EMERGE_DEFAULT_OPTS may name.
pub fn emerge_table() -> Vec<KnownOption> {
    let known = |option: &super::options::EmergeOption| KnownOption {
        name: option.name.to_owned(),
        short: option.short,
        shape: option.shape,
        effect: Some(option.effect),
    };
    EMERGE.iter().map(known).collect()
}

/// One token of a command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommandToken<'t> {
    /// An option with its argument; an optional one that was left out reads `y`.
    Option(&'t KnownOption, Option<String>),
    /// A word that is not an option.
    Target(String),
    /// A word that looks like an option and is none, or lacks its argument.
    Invalid {
        /// The word.
        word: String,
        /// What is wrong with it; `None` if no option has this name.
        reason: Option<String>,
    },
}

/// Take words apart.
pub fn split<'t>(words: &[String], table: &'t [KnownOption]) -> Vec<CommandToken<'t>> {
    let mut tokens = Vec::new();
    let mut rest = words.iter().peekable();
    while let Some(word) = rest.next() {
        if word == "--" {
            tokens.extend(rest.map(|word| CommandToken::Target(word.clone())));
            break;
        }
        if let Some(long) = word.strip_prefix("--") {
            tokens.push(long_option(word, long, table, &mut rest));
        } else if word.len() > 1 && word.starts_with('-') && !word.contains(char::is_whitespace) {
            cluster(&word[1..], table, &mut rest, &mut tokens);
        } else {
            tokens.push(CommandToken::Target(word.clone()));
        }
    }
    tokens
}

fn bad<'t>(word: &str, reason: impl Into<Option<String>>) -> CommandToken<'t> {
    CommandToken::Invalid {
        word: word.to_owned(),
        reason: reason.into(),
    }
}

fn long_option<'t>(
    word: &str,
    long: &str,
    table: &'t [KnownOption],
    rest: &mut Peekable<Iter<'_, String>>,
) -> CommandToken<'t> {
    let (name, value) = match long.split_once('=') {
        Some((name, value)) => (name, Some(value.to_owned())),
        None => (long, None),
    };
    let (known, exact) = match find(name, table) {
        Ok(found) => found,
        Err(reason) => return bad(word, reason),
    };
    match (known.shape, value) {
        (Shape::Flag, None) => CommandToken::Option(known, None),
        (Shape::Flag, Some(_)) => bad(word, format!("--{} takes no value", known.name)),
        (_, Some(value)) => valued(known, value),
        (Shape::Optional(allowed), None) if exact => optional(known, allowed, rest),
        (_, None) => required(known, word, rest),
    }
}

/// The option of this name and whether the name is whole; else the reason, if the start fits several.
fn find<'t>(
    name: &str,
    table: &'t [KnownOption],
) -> Result<(&'t KnownOption, bool), Option<String>> {
    if let Some(known) = table.iter().find(|known| known.name == name) {
        return Ok((known, true));
    }
    let mut matching = table.iter().filter(|known| known.name.starts_with(name));
    match (matching.next(), matching.next()) {
        (Some(only), None) if !name.is_empty() => Ok((only, false)),
        (Some(first), Some(second)) if !name.is_empty() => Err(Some(format!(
            "--{name} could be --{}, --{}{}",
            first.name,
            second.name,
            if matching.next().is_some() {
                ", …"
            } else {
                ""
            },
        ))),
        _ => Err(None),
    }
}

/// The option of this name, which may be cut short where that is unambiguous.
pub(crate) fn named<'t>(name: &str, table: &'t [KnownOption]) -> Option<&'t KnownOption> {
    find(name, table).ok().map(|(known, _)| known)
}

/// The option with which a word ends that takes the next word as its value, or may.
pub(crate) fn awaits<'t>(word: &str, table: &'t [KnownOption]) -> Option<&'t KnownOption> {
    if let Some(long) = word.strip_prefix("--") {
        let is_open = !long.is_empty() && !long.contains('=');
        return is_open.then(|| named(long, table)).flatten();
    }
    let letters = word.strip_prefix('-')?;
    let of = |letter| table.iter().find(|known| known.short == Some(letter));
    let takes = |letter| of(letter).is_some_and(|known| matches!(known.shape, Shape::Required(_)));
    // The first one that takes a value takes what is left of the word, if anything is.
    let first = letters.find(takes).unwrap_or(letters.len());
    let last = letters.chars().next_back()?;
    (first + last.len_utf8() >= letters.len())
        .then(|| of(last))
        .flatten()
}

/// An option with the value that was given for it, if emerge takes that.
fn valued(known: &KnownOption, value: String) -> CommandToken<'_> {
    let refusal = match known.shape {
        Shape::Flag => None,
        Shape::Required(accepted) => accepted.refusal(&value),
        Shape::Optional(allowed) => allowed.refusal(&known.name, &value),
    };
    match refusal {
        Some(expected) => bad(
            &format!("--{}={value}", known.name),
            format!("--{} takes {expected}, not \"{value}\"", known.name),
        ),
        None if value == "True" && matches!(known.shape, Shape::Optional(_)) => {
            CommandToken::Option(known, Some("y".to_owned()))
        }
        None => CommandToken::Option(known, Some(value)),
    }
}

fn optional<'t>(
    known: &'t KnownOption,
    allowed: Allowed,
    rest: &mut Peekable<Iter<'_, String>>,
) -> CommandToken<'t> {
    match rest.next_if(|next| allowed.has(next)) {
        Some(value) => valued(known, value.clone()),
        None => inserted(known),
    }
}

/// An option whose argument was left out. emerge inserts `True`, which one of its options does not take.
fn inserted(known: &KnownOption) -> CommandToken<'_> {
    match known.name.as_str() {
        "jobs-tmpdir-require-free-gb" => bad(
            "--jobs-tmpdir-require-free-gb",
            "--jobs-tmpdir-require-free-gb needs a whole number".to_owned(),
        ),
        _ => CommandToken::Option(known, Some("y".to_owned())),
    }
}

fn required<'t>(
    known: &'t KnownOption,
    word: &str,
    rest: &mut Peekable<Iter<'_, String>>,
) -> CommandToken<'t> {
    let is_value = |next: &&String| !next.starts_with('-') || next.contains(char::is_whitespace);
    match rest.next_if(is_value) {
        Some(value) => valued(known, value.clone()),
        None => bad(word, format!("--{} needs a value", known.name)),
    }
}

/// Short options with optional arguments, in the order in which emerge looks for them in a cluster.
const OPTIONAL_SHORTS: &str = "DjlaAbgGkKqvwW";

/// Short options in one word. emerge takes those with optional arguments out first, wherever they
/// stand, and only one that stands alone may use the next word.
fn cluster<'t>(
    letters: &str,
    table: &'t [KnownOption],
    rest: &mut Peekable<Iter<'_, String>>,
    tokens: &mut Vec<CommandToken<'t>>,
) {
    let mut letters = letters.to_owned();
    while let Some(letter) = OPTIONAL_SHORTS
        .chars()
        .find(|short| letters.contains(*short))
    {
        let Some(known) = table.iter().find(|known| known.short == Some(letter)) else {
            break;
        };
        let allowed = allowed_after(letter);
        let after = letters.strip_prefix(letter).map(str::to_owned);
        match after {
            Some(after) if after.is_empty() => {
                tokens.push(optional(known, allowed, rest));
                return;
            }
            Some(after) if allowed != Allowed::YesNo && allowed.has(&after) => {
                tokens.push(CommandToken::Option(known, Some(after)));
                return;
            }
            Some(after) => letters = after,
            None => letters.retain(|other| other != letter),
        }
        tokens.push(CommandToken::Option(known, Some("y".to_owned())));
    }
    plain_shorts(&letters, table, rest, tokens);
}

fn allowed_after(letter: char) -> Allowed {
    match letter {
        'D' | 'j' => Allowed::Integer,
        'l' => Allowed::Number,
        _ => Allowed::YesNo,
    }
}

/// What is left of a cluster: flags, and at most one option that takes the remainder or the next word.
fn plain_shorts<'t>(
    letters: &str,
    table: &'t [KnownOption],
    rest: &mut Peekable<Iter<'_, String>>,
    tokens: &mut Vec<CommandToken<'t>>,
) {
    for (position, letter) in letters.char_indices() {
        if letter == '-' {
            // As a word of its own it would make targets of all options that follow.
            let reason = format!("-{letters} has a dash among its options");
            tokens.push(bad(&format!("-{letters}"), reason));
            return;
        }
        let after = &letters[position + letter.len_utf8()..];
        let Some(known) = table.iter().find(|known| known.short == Some(letter)) else {
            tokens.push(bad(&format!("-{letter}"), None));
            return;
        };
        match known.shape {
            Shape::Flag => tokens.push(CommandToken::Option(known, None)),
            _ if after.is_empty() => {
                tokens.push(required(known, &format!("-{letter}"), rest));
            }
            _ => {
                let value = after.strip_prefix('=').unwrap_or(after).to_owned();
                tokens.push(valued(known, value));
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Options in normal form, targets as they are, `?` before what is bad.
    fn normal(line: &str) -> String {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let table = emerge_table();
        let shown: Vec<String> = split(&words, &table)
            .into_iter()
            .map(|token| match token {
                CommandToken::Option(known, None) => format!("--{}", known.name),
                CommandToken::Option(known, Some(value)) => format!("--{}={value}", known.name),
                CommandToken::Target(word) => word,
                CommandToken::Invalid { word, .. } => format!("?{word}"),
            })
            .collect();
        shown.join(" ")
    }

    #[test]
    fn words_as_emerge_reads_them() {
        for (typed, read) in [
            ("-k n", "--usepkg=n"),
            ("-kn", "--usepkg=y --noreplace"),
            ("-nk n", "--usepkg=y --noreplace n"),
            ("-k a/b", "--usepkg=y a/b"),
            ("--usepkg n a/b", "--usepkg=n a/b"),
            ("--usepkg=n", "--usepkg=n"),
            ("--usepkg x", "--usepkg=y x"),
            ("-D2", "--deep=2"),
            ("-D 2", "--deep=2"),
            ("-D a/b", "--deep=y a/b"),
            ("-uDN @world", "--deep=y --update --newuse @world"),
            ("-uD 2", "--deep=y --update 2"),
            ("-D2u", "--deep=y ?-2"),
            ("-j4", "--jobs=4"),
            ("-j y", "--jobs=y y"),
            ("--jobs y", "--jobs=y"),
            ("-l 1.5", "--load-average=1.5"),
            ("-kg y", "--getbinpkg=y --usepkg=y"),
            ("-kg n", "--getbinpkg=y --usepkg=n"),
            ("-avuDN", "--deep=y --ask=y --verbose=y --update --newuse"),
            ("-1v a/b", "--verbose=y --oneshot a/b"),
            ("--root-deps rdeps", "--root-deps=rdeps"),
            ("--root-deps a/b", "--root-deps=y a/b"),
            ("-X foo a/b", "--exclude=foo a/b"),
            ("-Xfoo", "--exclude=foo"),
            ("--exclude a/b c/d", "--exclude=a/b c/d"),
            ("--getbinpkgo y", "--getbinpkgonly=y"),
            ("--usepkg-exclude-l n", "--usepkg-exclude-live=n"),
            ("--newu", "--newuse"),
            ("--usepk", "?--usepk"),
            ("--nonsense", "?--nonsense"),
            ("--newuse=y", "?--newuse=y"),
            ("--exclude -k", "?--exclude --usepkg=y"),
            ("-- -k --x", "-k --x"),
            ("-", "-"),
            ("-y", "?-y"),
            ("-kü", "--usepkg=y ?-ü"),
        ] {
            assert_eq!(normal(typed), read, "{typed}");
        }
    }

    #[test]
    fn a_dash_in_a_cluster_ends_no_options() {
        let words = ["-G-", "-v"].map(str::to_owned);
        let table = emerge_table();
        let tokens = split(&words, &table);
        let refused = CommandToken::Invalid {
            word: "--".to_owned(),
            reason: Some("-- has a dash among its options".to_owned()),
        };
        assert!(tokens.contains(&refused), "{tokens:?}");
    }

    proptest::proptest! {
        #[test]
        fn any_words_end_well(words in proptest::collection::vec("[-=a-zA-ZüD2 ]{0,9}", 0..6)) {
            let table = emerge_table();
            let _ = split(&words, &table);
        }
    }
}
