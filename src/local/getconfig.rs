//! make.conf and files of its grammar (`portage: util/__init__.py:getconfig`, `varexpand`).

use std::collections::HashMap;
use std::path::Path;

use crate::chroot::Chroot;
use crate::source::{Notices, Source};

/// One `NAME=value`, expanded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The variable.
    pub name: String,
    /// The value after expansion.
    pub value: String,
    /// File, and line of the name.
    pub source: Source,
}

/// How a file is read.
#[derive(Clone, Copy, Debug)]
pub struct Mode {
    /// `source FILE` is understood.
    pub allow_source: bool,
    /// `$NAME` is expanded.
    pub expand: bool,
}

/// Read one file. `map` is the expansion map; every assignment is added to it.
///
/// # Errors
/// A syntax error, with file and line; a sourced file that is missing; an unreadable file.
pub fn read(
    _chroot: &Chroot,
    _path: &Path,
    _map: &mut HashMap<String, String>,
    _mode: Mode,
    _notices: &Notices,
) -> anyhow::Result<Vec<Assignment>> {
    todo!()
}
