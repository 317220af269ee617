//! One file an action: the only place where stages are joined.

mod adopt;
mod changes;
mod check_plan;
mod compare;
mod compatibility;
mod complete;
mod deploy;
mod emerge;
mod export;
mod files;
mod fleet;
mod freeze;
pub mod generate;
mod hosts;
mod judging;
mod known_machines;
mod manual;
mod new_file;
mod options;
mod output;
pub mod policy;
mod portage;
mod resolve_options;
mod run;
mod sonames;
mod suggest;
mod survey;
mod system;
mod thawed;
mod verdict;
mod why;

use std::ffi::OsString;

use crate::cli::{Cli, DefaultOpts};
use crate::env::Env;
use crate::exit::Exit;
use crate::interrupt;

/// Run a command line (without the program's name) in an environment.
pub fn run(typed: &[OsString], env: Env) -> Exit {
    interrupt::outlive_file_limit();
    if let Some((first, line)) = typed.split_first()
        && first == "--complete"
    {
        let done = output::to_stdout(|out| complete::write(&lossy(line), env, out));
        return done.map_or_else(|error| output::error(&error), |()| Exit::AllUsable);
    }
    if let Some(position) = typed.iter().position(|word| word == "--emerge") {
        return emerge::run(&lossy(&typed[..position]), &typed[position + 1..], &env);
    }
    let words = &lossy(typed);
    let cli = match Cli::parse(words, &DefaultOpts::default()) {
        Ok(cli) => cli,
        Err(error) => return output::clap(&error),
    };
    let done = match cli.output.generate {
        Some(what) => output::to_stdout(|out| generate::write(what, out)).map(|()| Exit::AllUsable),
        None => run::run(words, cli, env),
    };
    done.unwrap_or_else(|error| output::error(&error))
}

/// Words as text; bytes that are none are replaced, as Portage does.
fn lossy(words: &[OsString]) -> Vec<String> {
    let lossy = |word: &OsString| word.to_string_lossy().into_owned();
    words.iter().map(lossy).collect()
}
