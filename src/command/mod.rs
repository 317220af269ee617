//! One file an action: the only place where stages are joined.

mod asked;
mod check_plan;
mod choice;
mod fitness;
pub mod generate;
mod output;
mod portage;
mod verdict;

use crate::cli::{Cli, DefaultOpts};
use crate::env::Env;
use crate::exit::Exit;

/// Run a command line (without the program's name) in an environment.
pub fn run(words: &[String], env: Env) -> Exit {
    let cli = match Cli::parse(words, &DefaultOpts::default()) {
        Ok(cli) => cli,
        Err(error) => return output::clap(&error),
    };
    let done = match cli.output.generate {
        Some(what) => output::to_stdout(|out| generate::write(what, out)).map(|()| Exit::AllUsable),
        None => verdict::run(words, cli, env),
    };
    done.unwrap_or_else(|error| output::error(&error))
}
