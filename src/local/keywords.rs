//! Accepted keywords (`portage: KeywordsManager.py:KeywordsManager`).

use super::Base;
use crate::pms::Package;
use crate::source::{Notices, Source};

/// ACCEPT_KEYWORDS and the package.* files that change it.
#[derive(Debug)]
pub struct Keywords {}

/// What a package's KEYWORDS come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeywordVerdict {
    /// The keywords of which none is accepted (`**` where there are none); empty if accepted.
    pub missing: Vec<String>,
    /// Accepted, and it would not be if each keyword were testing.
    pub stable: bool,
    /// What was accepted for this package, each with its line.
    pub accepted: Vec<(String, Source)>,
}

impl Keywords {
    /// Read profiles and user files.
    ///
    /// # Errors
    /// A directory where a profile may have none.
    pub fn load(_base: &Base, _notices: &Notices) -> anyhow::Result<Keywords> {
        todo!()
    }

    /// Judge a package by its own KEYWORDS.
    pub fn judge(&self, _package: &Package) -> KeywordVerdict {
        todo!()
    }
}
