//! ACCEPT_PROPERTIES and ACCEPT_RESTRICT with their package.* files
//! (`portage: config.py:config._getMissingProperties`, `._getMissingRestrict`).

use super::Base;
use super::licenses::{Malformed, Unaccepted};
use crate::pms::Subject;
use crate::source::Notices;

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// ACCEPT_PROPERTIES, package.properties
    Properties,
    /// ACCEPT_RESTRICT, package.accept_restrict
    Restrict,
}

/// One accept list.
#[derive(Debug)]
pub struct Accept {}

impl Accept {
    /// Read the variable and its package.* file.
    ///
    /// # Errors
    /// A file that Portage would abort on.
    pub fn load(_base: &Base, _which: Which, _notices: &Notices) -> anyhow::Result<Accept> {
        todo!()
    }

    /// What is missing for a package with this string and USE.
    ///
    /// # Errors
    /// The string is malformed (the package is then invalid).
    pub fn missing(
        &self,
        _subject: &Subject<'_>,
        _text: &str,
        _enabled: &dyn Fn(&str) -> bool,
    ) -> Result<Unaccepted, Malformed> {
        todo!()
    }
}
