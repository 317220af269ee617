//! Every exit status and its meaning, and errors that know what would help.

use std::fmt;
use std::process::ExitCode;

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All that emerge would merge are usable binary packages, or nothing is to be merged.
    AllUsable,
    /// Something would be compiled, would fail on the way, would not run, or cannot be resolved.
    SomeMissing,
    /// It could not be determined: wrong usage, broken configuration, an index that could not be read, data missing.
    Unknown,
}

impl Exit {
    /// The exit status.
    pub fn code(self) -> u8 {
        match self {
            Exit::AllUsable => 0,
            Exit::SomeMissing => 1,
            Exit::Unknown => 2,
        }
    }

    /// The worse of two: what is missing for certain outweighs what cannot be determined.
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
        ExitCode::from(exit.code())
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
