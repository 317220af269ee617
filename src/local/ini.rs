//! repos.conf, binrepos.conf and sets.conf: strict INI with interpolation, as Python's
//! `configparser` reads it (`portage: util/configparser.py`).

use std::path::PathBuf;

use crate::chroot::Chroot;
use crate::source::{Notices, Source};

/// One option of a section, as written (before interpolation).
#[derive(Clone, Debug)]
pub struct IniOption {
    /// The key in lower case.
    pub key: String,
    /// The raw value; continuation lines are joined with a line feed.
    pub raw: String,
    /// File and line.
    pub source: Source,
}

/// All files of one configuration, merged.
#[derive(Clone, Debug, Default)]
pub struct Ini {
    defaults: Vec<IniOption>,
    sections: Vec<(String, Vec<IniOption>)>,
}

impl Ini {
    /// Read files in order; later ones override keys of earlier ones. `builtin` are names that
    /// `%(name)s` may use besides `[DEFAULT]` and the section's own.
    ///
    /// # Errors
    /// What makes Portage discard all files at once: text before the first section, a section or
    /// key twice within one file, a line that is neither. The error names file and line.
    pub fn read(
        _chroot: &Chroot,
        _files: &[PathBuf],
        _builtin: &[(&str, &str)],
        _notices: &Notices,
    ) -> anyhow::Result<Ini> {
        todo!()
    }

    /// Names of the sections but `DEFAULT`, in order of first appearance.
    pub fn sections(&self) -> impl Iterator<Item = &str> {
        self.sections.iter().map(|(name, _)| name.as_str())
    }

    /// A value, interpolated, with its source; `[DEFAULT]` stands in for a missing key. The section
    /// `DEFAULT` itself may be asked for.
    ///
    /// # Errors
    /// A lone `%` or an unknown name in `%(name)s` (Portage aborts there).
    pub fn get(&self, _section: &str, _key: &str) -> anyhow::Result<Option<(String, Source)>> {
        let _ = &self.defaults;
        todo!()
    }
}
