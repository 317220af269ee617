//! Every exit status and its meaning, and errors that know what would help.

use std::fmt;
use std::process::ExitCode;

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Everything that would be merged comes from binary packages.
    AllUsable,
    /// Something would be compiled, or cannot be had.
    SomeMissing,
    /// It could not be told: wrong usage, no config root, no index at all.
    Unknown,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::AllUsable => ExitCode::from(0),
            Exit::SomeMissing => ExitCode::from(1),
            Exit::Unknown => ExitCode::from(2),
        }
    }
}

/// An error together with what the user can do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hinted {
    /// What is wrong: lower case, without a full stop.
    pub message: String,
    /// What to do, one line each; shown after `hint: `.
    pub hints: Vec<String>,
}

impl fmt::Display for Hinted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Hinted {}
