//! Every exit status and its meaning, and errors that know what would help.

use std::fmt;
use std::process::ExitCode;

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Every target has a usable binary package, and nothing that a set wants would be compiled.
    AllUsable,
    /// A target has none, a set would have something compiled, or the request cannot be resolved.
    SomeMissing,
    /// It could not be told: wrong usage, no config root, no index at all.
    Unknown,
}

impl Exit {
    /// The worse of two: what is missing for certain outweighs what cannot be told.
    pub fn or_worse(self, other: Exit) -> Exit {
        match (self, other) {
            (Exit::SomeMissing, _) | (_, Exit::SomeMissing) => Exit::SomeMissing,
            (Exit::Unknown, _) | (_, Exit::Unknown) => Exit::Unknown,
            (Exit::AllUsable, Exit::AllUsable) => Exit::AllUsable,
        }
    }
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
