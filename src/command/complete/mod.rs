//! What may stand where the cursor is: the one source of completions in all shells.
//!
//! A shell hands over the words up to the cursor, without quotes, the last one as far as it is typed. The answer is a
//! line for each word that may stand there, with a description behind a tab; or one line that leaves paths to the shell, which knows how
//! to quote them. No request is sent, and what cannot be read completes nothing.

mod emerge_help;
mod options;
mod packages;
mod system;

use std::io::{self, Write};

use crate::cli::options::{Effect, Shape};
use crate::cli::words::{self, CommandToken, KnownOption};
use crate::cli::{self, SUGGEST_KINDS};
use crate::env::Env;
use options::OptionKind;
use packages::OfferedPackages;
use system::SystemAtHand;

/// Something that may stand at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Completion {
    /// The whole word.
    word: String,
    /// What it means, in a few words.
    help: String,
}

impl Completion {
    fn new(word: impl Into<String>, help: impl Into<String>) -> Completion {
        let (word, help) = (word.into(), help.into());
        Completion { word, help }
    }
}

/// What may stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Completions {
    /// One of these.
    Words(Vec<Completion>),
    /// A directory, which the shell completes.
    Directories,
    /// A file, likewise.
    Files,
}

/// Write what may stand at the end of a command line: its words, the program's name first.
///
/// # Errors
/// Writing to the stream fails.
pub fn write(words: &[String], env: Env, out: &mut dyn Write) -> io::Result<()> {
    match answer(words, env) {
        Completions::Directories => writeln!(out, ":directories"),
        Completions::Files => writeln!(out, ":files"),
        Completions::Words(candidates) => {
            let mut plain = candidates.iter().filter(|one| is_plain(&one.word));
            plain.try_for_each(|one| writeln!(out, "{}\t{}", one.word, one.help))
        }
    }
}

/// Whether a word means the same in every shell; a word of a host or a file name may hold anything.
fn is_plain(word: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-+.,/:@=<>~!%* ".contains(&byte);
    word.bytes().all(is_plain)
}

/// A command line up to the cursor.
struct TypedLine<'w> {
    /// The options that count: those of emerge behind `--emerge`.
    table: Vec<KnownOption>,
    is_emerge: bool,
    /// Whole words, those before `--emerge` among them.
    all: &'w [String],
    /// Whole words to which the table applies.
    before: &'w [String],
    /// The word at the cursor, as far as it is typed.
    current: &'w str,
}

impl<'w> TypedLine<'w> {
    fn of(words: &'w [String]) -> Option<TypedLine<'w>> {
        let (current, whole) = words.split_last()?;
        let all = whole.get(1..)?;
        let emerge = all.iter().position(|word| word == "--emerge");
        Some(TypedLine {
            table: emerge.map_or_else(cli::table, |_| words::emerge_table()),
            is_emerge: emerge.is_some(),
            all,
            before: emerge.map_or(all, |position| &all[position + 1..]),
            current,
        })
    }

    /// What the option means that the word at the cursor is the value of.
    fn value(&self) -> Option<(&KnownOption, &'w str, &'w str)> {
        if self.is_past_options() {
            return None;
        }
        let start = self.current.find('=').map_or(0, |position| position + 1);
        let (option, value) = self.current.split_at(start);
        if let Some(name) = option.strip_prefix("--") {
            let known = words::named(name.trim_end_matches('='), &self.table)?;
            return (known.shape != Shape::Flag).then_some((known, option, value));
        }
        let last = self.before.last()?;
        let known = words::awaits(last, &self.table)?;
        let fits = match known.shape {
            Shape::Required(_) => !self.current.starts_with('-'),
            Shape::Optional(_) | Shape::Flag => false,
        };
        fits.then_some((known, "", self.current))
    }

    fn is_past_options(&self) -> bool {
        self.before.iter().any(|word| word == "--")
    }

    /// Whether an option was given.
    fn has(&self, names: &[&str]) -> bool {
        let tokens = words::split(self.before, &self.table);
        tokens.iter().any(
            |token| matches!(token, CommandToken::Option(known, _) if names.contains(&known.name.as_str())),
        )
    }
}

/// Actions of emerge about what is installed.
const ABOUT_INSTALLED: [&str; 7] = [
    "clean",
    "config",
    "depclean",
    "deselect",
    "prune",
    "rage-clean",
    "unmerge",
];

fn answer(words: &[String], env: Env) -> Completions {
    let Some(line) = TypedLine::of(words) else {
        return Completions::Words(Vec::new());
    };
    if let Some((known, option, value)) = line.value() {
        return values(&line, known, option, value, env);
    }
    let current = line.current;
    if current.starts_with('-') && !line.is_past_options() {
        return Completions::Words(options::names(current, &line.table, line.is_emerge));
    }
    if current.starts_with(['/', '.']) {
        return Completions::Files;
    }
    let mut found: Vec<Completion> = Vec::new();
    if line.has(&["suggest"]) {
        let kinds = SUGGEST_KINDS
            .iter()
            .filter(|kind| kind.starts_with(current));
        found.extend(kinds.map(|kind| Completion::new(*kind, "only such changes")));
    }
    if let Some(system) = SystemAtHand::load(&line, env) {
        found.extend(packages(&line, &system).targets(current));
    }
    Completions::Words(found)
}

fn packages<'s>(line: &TypedLine<'_>, system: &'s SystemAtHand) -> OfferedPackages<'s> {
    OfferedPackages::of(system, line.has(&ABOUT_INSTALLED))
}

/// What the value of an option may be; `option` is what stands before it in the same word.
fn values(
    line: &TypedLine<'_>,
    known: &KnownOption,
    option: &str,
    value: &str,
    env: Env,
) -> Completions {
    // Some values are lists: the last word of one is completed.
    let start = value.rfind(' ').map_or(0, |position| position + 1);
    let (listed, last) = value.split_at(start);
    let found = match options::kind(known) {
        OptionKind::Directory => return Completions::Directories,
        OptionKind::File => return Completions::Files,
        OptionKind::Nothing => Vec::new(),
        OptionKind::Words(words) => options::matching(&words, last),
        OptionKind::Processor => options::processors(last),
        OptionKind::Binhost if last.starts_with('/') => return Completions::Directories,
        OptionKind::Binhost => {
            SystemAtHand::load(line, env).map_or_else(Vec::new, |system| system.binhosts(last))
        }
        OptionKind::Packages => SystemAtHand::load(line, env)
            .map_or_else(Vec::new, |system| packages(line, &system).names(last)),
    };
    let whole =
        |one: Completion| Completion::new(format!("{option}{listed}{}", one.word), one.help);
    Completions::Words(found.into_iter().map(whole).collect())
}

/// Whether an option is offered: actions of emerge are nothing for bincheck, and what changes nothing here need not
/// be typed.
fn is_offered(known: &KnownOption, is_emerge: bool) -> bool {
    is_emerge
        || !matches!(
            known.effect,
            Some(Effect::Action | Effect::Nothing | Effect::Unjudged)
        )
}

#[cfg(test)]
mod tests;
