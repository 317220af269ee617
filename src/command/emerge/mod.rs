//! `--emerge`: judge what an emerge command line asks for, then become emerge.

mod prepare;
mod said;
mod supply;

use std::ffi::OsString;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;

use anyhow::anyhow;

use super::{lossy, output};
use crate::cli::Cli;
use crate::emerge::{Options, Request, program, quote};
use crate::env::Env;
use crate::exit::Exit;

/// Run emerge's words, after what stands before `--emerge`. Returns only if emerge is not run.
pub(super) fn run(before: &[String], typed: &[OsString], env: &Env) -> Exit {
    let before = Request::new(before);
    let own = match Cli::parse_before_emerge(&before.words) {
        Ok(own) => own,
        Err(error) => return output::clap(&error),
    };
    let path = std::env::var_os("PATH").unwrap_or_default();
    let program = program::check_circle(env).and_then(|()| program::find(&path));
    let program = match program {
        Ok(program) => program,
        Err(error) => return output::error(&error.into()),
    };
    let mut request = Request::new(&lossy(typed));
    request.force |= before.force;
    request.strict |= before.strict;
    let emerge = Emerge {
        own: &own,
        own_words: &before.words,
        program,
        request,
        env,
    };
    if !typed.iter().all(|word| word.to_str().is_some()) {
        // What is no text is no package, and would not survive being read as one.
        return emerge.exec(typed, None);
    }
    emerge.run()
}

/// What is known before anything is read.
struct Emerge<'a> {
    own: &'a Cli,
    own_words: &'a [String],
    program: PathBuf,
    request: Request,
    env: &'a Env,
}

/// How it goes on.
enum Next {
    /// Run emerge.
    Run {
        /// Its words.
        words: Vec<String>,
        /// PORTAGE_BINHOST, if it is to be another.
        binhosts: Option<String>,
    },
    /// Do not run it: something is missing.
    Stop,
}

impl Emerge<'_> {
    fn run(&self) -> Exit {
        let options = Options::read(&[], &self.request.words);
        if !options.installs() {
            return self.exec_words(&self.request.words, None);
        }
        let checked = panic::catch_unwind(AssertUnwindSafe(|| self.prepare()));
        let checked =
            checked.unwrap_or_else(|_| Err(anyhow!("bincheck has a fault, which is said above")));
        match checked {
            Ok(Next::Run { words, binhosts }) => {
                self.show(&words, binhosts.as_deref());
                self.exec_words(&words, binhosts.as_deref())
            }
            Ok(Next::Stop) => Exit::SomeMissing,
            Err(error) => self.run_unchecked(&error, &options),
        }
    }

    /// A failure of bincheck is no reason not to run emerge.
    fn run_unchecked(&self, error: &anyhow::Error, options: &Options) -> Exit {
        let exit = output::error(error);
        if self.request.strict {
            return exit;
        }
        self.show(&self.request.words, None);
        let asks_itself = options.is_on("ask") || options.is_on("pretend");
        if !asks_itself && !output::agreed("run it without a check?") {
            return exit;
        }
        self.exec_words(&self.request.words, None)
    }

    /// The command line that is run, for people and their shells.
    fn show(&self, words: &[String], binhosts: Option<&str>) {
        let setting = binhosts.map(|value| format!("PORTAGE_BINHOST={} ", quote::word(value)));
        let words = quote::line(words.iter().map(String::as_str));
        output::told(&format!("{}emerge {words}", setting.unwrap_or_default()));
    }

    fn exec_words(&self, words: &[String], binhosts: Option<&str>) -> Exit {
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        self.exec(&words, binhosts)
    }

    fn exec(&self, words: &[OsString], binhosts: Option<&str>) -> Exit {
        let error = program::become_emerge(&self.program, words, binhosts);
        let error = anyhow::Error::new(error);
        output::error(&error.context(format!("cannot run {}", self.program.display())))
    }
}
