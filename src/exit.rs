//! Every exit status and its meaning.

use std::process::ExitCode;

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Every target has a usable binary package.
    AllUsable,
    /// Some target has none.
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
