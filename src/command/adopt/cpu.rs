//! `-march` as the host has it.

use std::collections::BTreeMap;

use crate::binhost::Candidate;
use crate::command::judging::Judging;
use crate::compat::{self, Built, Compatibility, CpuCompat, FLAGS, FlagsAnswer, Requested};
use crate::local::Local;
use crate::local::vars::Vars;
use crate::source::Notices;
use crate::suggest::{Edit, SuggestionKind};

/// So many packages are inspected.
const MOST: usize = 16;

/// What compiles as the host does, and what should be known of it.
#[derive(Default)]
pub(super) struct CompilerOptions {
    pub(super) edits: Vec<Edit>,
    pub(super) notes: Vec<String>,
}

impl CompilerOptions {
    /// By some of a host's packages, newest first.
    pub(super) fn of_packages(
        judging: &Judging,
        candidates: &[&Candidate],
        notices: &Notices,
    ) -> CompilerOptions {
        let mut newest = candidates.to_vec();
        newest.sort_by_key(|candidate| std::cmp::Reverse(candidate.package.build_time));
        newest.truncate(MOST);
        let seen = judging.compat_checker(notices).of_candidates(&newest);
        let mut by_name: BTreeMap<&str, Vec<&Compatibility>> = BTreeMap::new();
        for one in &seen {
            if let (Some(built_for), Some(_)) = (&one.built_for, one.flags) {
                by_name.entry(built_for).or_default().push(one);
            }
        }
        let most = by_name.into_iter().max_by_key(|(_, seen)| seen.len());
        let Some((name, seen)) = most else {
            let notes =
                vec!["for which processors it builds was not seen in its packages".to_owned()];
            return CompilerOptions {
                edits: Vec::new(),
                notes,
            };
        };
        options(name, &seen, &judging.local)
    }

    /// By the configuration of a build host.
    pub(super) fn of_config(judging: &Judging, vars: &Vars) -> CompilerOptions {
        let built = Built::of(|name| vars.get(name));
        let own = FLAGS
            .iter()
            .filter_map(|name| judging.local.base.vars.get(name));
        let requested = Requested::of(own, &judging.machine);
        let answer = compat::judge(&built, "", &judging.machine, &requested);
        match &answer.built_for {
            Some(name) => options(name, &[&answer], &judging.local),
            None => CompilerOptions::default(),
        }
    }
}

fn options(name: &str, seen: &[&Compatibility], local: &Local) -> CompilerOptions {
    let mut options = CompilerOptions::default();
    let is_same = |one: &&Compatibility| one.flags == Some(FlagsAnswer::Same);
    if seen.iter().all(is_same) {
        return options;
    }
    let runs = seen.iter().all(|one| one.runs == Some(CpuCompat::Yes));
    let is_word = |c: char| c.is_ascii_alphanumeric() || "_.+-".contains(c);
    let is_processor = !matches!(name, "generic" | "native") && name.chars().all(is_word);
    match (runs, is_processor) {
        (true, true) => {
            options.edits = lines(name, &local.base.vars);
            options.notes.push(
                "its packages are taken without the lines for the compiler too: with these, what is compiled here is \
                 built as there"
                    .to_owned(),
            );
        }
        (true, false) => options
            .notes
            .push(format!("it builds for {name}, which no line here is made of")),
        (false, _) => options.notes.push(format!(
            "it builds for {name}, which this machine does not run, or not for sure: CFLAGS stay as they are"
        )),
    }
    options
}

/// The compiler options of this machine, for another processor.
fn lines(name: &str, vars: &Vars) -> Vec<Edit> {
    let line = |variable: &&str| {
        let now = vars.get(variable).unwrap_or_default();
        if now.contains(['"', '$', '\\', '`']) {
            return None;
        }
        let words: Vec<&str> = now.split_whitespace().collect();
        let names = |word: &&&str| word.starts_with("-march=") || word.starts_with("-mcpu=");
        let option = match words.iter().find(names) {
            Some(word) if word.starts_with("-mcpu=") => format!("-mcpu={name}"),
            Some(_) => format!("-march={name}"),
            None if matches!(*variable, "CFLAGS" | "CXXFLAGS") => format!("-march={name}"),
            None => return None,
        };
        let others = words
            .iter()
            .filter(|word| !names(word) && !word.starts_with("-mtune="));
        let all: Vec<&str> = [option.as_str()]
            .into_iter()
            .chain(others.copied())
            .collect();
        let line = format!("{variable}=\"{}\"", all.join(" "));
        Some(Edit::line(SuggestionKind::MakeConf, line))
    };
    FLAGS.iter().filter_map(line).collect()
}
