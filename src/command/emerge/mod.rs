//! `--emerge`: judge what an emerge command line asks for, then become emerge.

mod binhost_view;
mod messages;
mod prepare;

use std::ffi::OsString;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;

use anyhow::{Result, anyhow};

use super::{lossy, output};
use crate::cli::Cli;
use crate::emerge::hosts::BinhostList;
use crate::emerge::overlay::Overlay;
use crate::emerge::{EmergeRequest, Options, program, quote};
use crate::env::Env;
use crate::exit::Exit;

/// Run emerge's words, after what stands before `--emerge`. Returns only if emerge is not run.
pub(super) fn run(before: &[String], typed: &[OsString], env: &Env) -> Exit {
    let before = EmergeRequest::new(before);
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
    let mut request = EmergeRequest::new(&lossy(typed));
    request.force |= before.force;
    request.strict |= before.strict;
    let emerge = Emerge {
        own: &own,
        own_words: &before.words,
        program,
        options: Options::parse(&request.words),
        request,
        env,
    };
    if !typed.iter().all(|word| word.to_str().is_some()) {
        // What is not text is not a package, and would not survive being read as one.
        return emerge
            .exec(typed, None, &[])
            .unwrap_or_else(|error| output::error(&error));
    }
    emerge.run()
}

/// What is known before anything is read.
struct Emerge<'a> {
    own: &'a Cli,
    own_words: &'a [String],
    program: PathBuf,
    request: EmergeRequest,
    /// What the words of the request mean.
    options: Options,
    env: &'a Env,
}

/// How it goes on.
enum Next {
    /// Run emerge.
    Run {
        /// Its words.
        words: Vec<String>,
        /// PORTAGE_BINHOST, if it is to be another.
        binhosts: Option<BinhostList>,
        /// What it is to see.
        overlay: Option<Box<Overlay>>,
    },
    /// emerge cannot be shown what was checked; judge again what it takes from the hosts.
    Again(anyhow::Error),
    /// Do not run it: something is missing.
    Stop,
}

impl Next {
    /// Run emerge as it is.
    fn plain(words: Vec<String>) -> Next {
        Next::Run {
            words,
            binhosts: None,
            overlay: None,
        }
    }
}

impl Emerge<'_> {
    fn run(&self) -> Exit {
        if !self.options.installs() {
            return self.exec_words(&self.request.words);
        }
        let mut failure = None;
        loop {
            let first = failure.is_none();
            let prepared = panic::catch_unwind(AssertUnwindSafe(|| self.prepare(failure.take())));
            let prepared =
                prepared.unwrap_or_else(|_| Err(anyhow!("internal error (see the panic above)")));
            let error = match prepared {
                Ok(Next::Stop) => return Exit::SomeMissing,
                Err(error) => return self.run_unchecked(&error),
                Ok(Next::Again(error)) => error,
                Ok(Next::Run {
                    words,
                    binhosts,
                    overlay,
                }) => match self.exec_in(&words, binhosts.as_ref(), overlay.as_deref()) {
                    Err(error) if overlay.is_some() => error,
                    ended => return ended.unwrap_or_else(|error| output::error(&error)),
                },
            };
            if !first {
                // Without an overlay there is nothing that could be tried once more.
                return self.run_unchecked(&error);
            }
            failure = Some(error);
        }
    }

    /// A failure of bincheck is not a reason not to run emerge.
    fn run_unchecked(&self, error: &anyhow::Error) -> Exit {
        let exit = output::error(error);
        if self.request.strict {
            return exit;
        }
        self.show(&self.request.words, None);
        let emerge_asks = self.options.is_on("ask") || self.options.is_on("pretend");
        if !emerge_asks && !output::agreed("run it without a check?") {
            return exit;
        }
        self.exec_words(&self.request.words)
    }

    /// The command line that is run, for people and their shells.
    fn show(&self, words: &[String], binhosts: Option<&BinhostList>) {
        let quoted = |list: &BinhostList| quote::word(&list.to_string());
        let setting = binhosts.map(|list| format!("PORTAGE_BINHOST={} ", quoted(list)));
        let words = quote::line(words.iter().map(String::as_str));
        output::message(&format!("{}emerge {words}", setting.unwrap_or_default()));
    }

    /// Become emerge, which sees what it is to see. Nothing else is done once that can be seen.
    fn exec_in(
        &self,
        words: &[String],
        binhosts: Option<&BinhostList>,
        overlay: Option<&Overlay>,
    ) -> Result<Exit> {
        let words_as_typed: Vec<OsString> = words.iter().map(OsString::from).collect();
        let environment = overlay.map_or(&[][..], Overlay::environment);
        let exec = || {
            self.show(words, binhosts);
            self.exec(&words_as_typed, binhosts, environment)
        };
        match overlay {
            Some(overlay) => overlay.inside(exec),
            None => exec(),
        }
    }

    fn exec_words(&self, words: &[String]) -> Exit {
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        self.exec(&words, None, &[])
            .unwrap_or_else(|error| output::error(&error))
    }

    /// Become emerge.
    ///
    /// # Errors
    /// It cannot be run, which is the only way to come back.
    fn exec(
        &self,
        words: &[OsString],
        binhosts: Option<&BinhostList>,
        environment: &[(&str, String)],
    ) -> Result<Exit> {
        let error = program::become_emerge(&self.program, words, binhosts, environment);
        let error = anyhow::Error::new(error);
        Err(error.context(format!("cannot run {}", self.program.display())))
    }
}
