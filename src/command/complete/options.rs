//! Options by name, and what their values may be.

use clap::CommandFactory;

use super::{Completion, emerge_help, is_offered};
use crate::cli::Cli;
use crate::cli::options::Shape;
use crate::cli::value::{Allowed, Value};
use crate::cli::words::KnownOption;
use crate::cpu;

/// What the value of an option is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum OptionKind {
    /// One of these.
    Words(Vec<String>),
    Directory,
    File,
    /// Package names and atoms.
    Packages,
    /// A processor, as `-march` or `-mcpu` names it.
    Processor,
    /// The URI of a binhost.
    Binhost,
    /// Nothing that could be known.
    Nothing,
}

/// By the shape of the option, else by how its help names the value.
pub(super) fn kind(known: &KnownOption) -> OptionKind {
    let words =
        |words: &[&str]| OptionKind::Words(words.iter().map(|word| (*word).to_owned()).collect());
    match known.shape {
        Shape::Flag => OptionKind::Nothing,
        Shape::Optional(Allowed::YesNo | Allowed::IntegerOrYesNo) => words(&["y", "n"]),
        Shape::Optional(Allowed::Words(these)) => words(these),
        Shape::Optional(Allowed::Integer | Allowed::Number) => OptionKind::Nothing,
        Shape::Required(Value::Words(these) | Value::WordList(these)) => words(these),
        Shape::Required(Value::Atoms | Value::AnyAtoms) => OptionKind::Packages,
        Shape::Required(Value::Count | Value::CountOrNothing | Value::Percentage) => {
            OptionKind::Nothing
        }
        Shape::Required(Value::Text) => kind_of_text(&known.name),
    }
}

fn kind_of_text(name: &str) -> OptionKind {
    let command = Cli::command();
    let Some(arg) = command
        .get_arguments()
        .find(|arg| arg.get_long() == Some(name))
    else {
        let is_root = name == "quickpkg-direct-root";
        return if is_root {
            OptionKind::Directory
        } else {
            OptionKind::Nothing
        };
    };
    let possible = arg.get_possible_values();
    if !possible.is_empty() {
        let words = possible.iter().map(|value| value.get_name().to_owned());
        return OptionKind::Words(words.collect());
    }
    let value = arg.get_value_names().and_then(<[_]>::first);
    match value.map(|value| value.as_str()) {
        Some("DIR") => OptionKind::Directory,
        Some("FILE" | "SYSTEM") => OptionKind::File,
        Some("ATOM" | "ATOMS") => OptionKind::Packages,
        Some("NAME") => OptionKind::Processor,
        Some("URI" | "MODEL") => OptionKind::Binhost,
        _ => OptionKind::Nothing,
    }
}

/// The words that begin so.
pub(super) fn matching(words: &[String], start: &str) -> Vec<Completion> {
    let words = words.iter().filter(|word| word.starts_with(start));
    words.map(|word| Completion::new(word, "")).collect()
}

/// Processors whose name begins so.
pub(super) fn processors(start: &str) -> Vec<Completion> {
    let mut names: Vec<_> = cpu::names()
        .filter(|(_, name)| name.starts_with(start))
        .collect();
    names.sort_unstable_by_key(|(family, name)| (*name, family.name()));
    names.dedup_by_key(|(_, name)| *name);
    let candidate = |(family, name): (cpu::Family, &str)| Completion::new(name, family.name());
    names.into_iter().map(candidate).collect()
}

/// Options that a word with a dash before it may become.
pub(super) fn names(current: &str, table: &[KnownOption], is_emerge: bool) -> Vec<Completion> {
    let mut command = Cli::command();
    command.build();
    let help = |known: &KnownOption| {
        let mut args = command.get_arguments();
        let arg = args.find(|arg| arg.get_long() == Some(&known.name));
        let help = arg
            .filter(|arg| !arg.is_hide_set())
            .and_then(|arg| arg.get_help());
        help.map_or_else(
            || emerge_help::of(&known.name).to_owned(),
            ToString::to_string,
        )
    };
    let offered = table.iter().filter(|known| is_offered(known, is_emerge));
    let mut offered: Vec<(&KnownOption, String)> = offered
        .map(|known| (known, help(known)))
        .filter(|(_, help)| !help.is_empty())
        .collect();
    offered.sort_by(|(left, _), (right, _)| left.name.cmp(&right.name));
    let long = |(known, help): &(&KnownOption, String)| {
        let sign = if matches!(known.shape, Shape::Required(_)) {
            "="
        } else {
            ""
        };
        Completion::new(format!("--{}{sign}", known.name), help)
    };
    let mut found: Vec<Completion> = offered.iter().map(long).collect();
    if !current.starts_with("--") {
        let short = |(known, help): &(&KnownOption, String)| {
            let short = known.short.filter(|short| !current[1..].contains(*short))?;
            Some(Completion::new(format!("{current}{short}"), help))
        };
        found.extend(offered.iter().filter_map(short));
        // A cluster may also be whole as it is.
        if current.len() > 1 {
            found.push(Completion::new(current, ""));
        }
    }
    found.retain(|one| one.word.starts_with(current));
    found
}
