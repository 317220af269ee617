//! What an archive is.

use serde::{Deserialize, Serialize};

/// What an archive is, and what it lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The layout of the archive.
    pub format: u32,
    /// The version of bincheck that wrote it.
    pub bincheck: String,
    /// The version of Portage that was installed, if one was.
    pub portage: Option<String>,
    /// Whether it holds its repositories as a whole.
    pub with_repositories: bool,
    /// Of how many package names it holds ebuilds.
    pub names: usize,
    /// What is not as it was on the machine.
    pub left_out: Vec<Omission>,
}

/// A file that is not in the archive, or not as it was.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Omission {
    /// Its path in the system.
    pub path: String,
    /// Why.
    pub why: String,
}

impl About {
    /// The layout that is written and read.
    pub const FORMAT: u32 = 1;
}
