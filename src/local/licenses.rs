//! Accepted licenses (`portage: LicenseManager.py:LicenseManager`).

use super::Base;
use crate::pms::Subject;
use crate::source::{Notices, Source};

/// ACCEPT_LICENSE, license groups and package.license.
#[derive(Debug)]
pub struct Licenses {}

/// What of a LICENSE is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Unaccepted {
    /// The words, in order, without repetitions; empty if all is accepted.
    pub missing: Vec<String>,
    /// The line of the last token that refused, or of the accept list as a whole.
    pub source: Option<Source>,
}

/// A string that is no dependency string.
pub type Malformed = crate::pms::DepSpecError;

impl Licenses {
    /// Read license_groups, ACCEPT_LICENSE and package.license.
    ///
    /// # Errors
    /// A directory where a profile may have none.
    pub fn load(_base: &Base, _notices: &Notices) -> anyhow::Result<Licenses> {
        todo!()
    }

    /// What is missing for a package with this LICENSE and USE.
    ///
    /// # Errors
    /// The string is malformed (the package is then invalid).
    pub fn missing(
        &self,
        _subject: &Subject<'_>,
        _license: &str,
        _enabled: &dyn Fn(&str) -> bool,
    ) -> Result<Unaccepted, Malformed> {
        todo!()
    }
}
