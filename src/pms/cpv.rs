//! Qualified package names, alone and at a version (`portage: versions.py:catpkgsplit`).

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use super::Version;

/// A qualified package name, `category/package`. Cheap to clone; looks itself up as `&str`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cpn(Arc<str>);

impl Cpn {
    /// Read `category/package`.
    pub fn parse(_text: &str) -> Option<Cpn> {
        todo!()
    }

    /// `category/package`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The category.
    pub fn category(&self) -> &str {
        self.0.split_once('/').map_or("", |(category, _)| category)
    }

    /// The package name.
    pub fn package(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, package)| package)
    }
}

impl Borrow<str> for Cpn {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Cpn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A qualified package name at a version, `category/package-version`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cpv {
    /// The qualified name.
    pub cpn: Cpn,
    /// The version.
    pub version: Version,
}

impl Cpv {
    /// Read `category/package-version`.
    pub fn parse(_text: &str) -> Option<Cpv> {
        todo!()
    }
}

impl fmt::Display for Cpv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.cpn, self.version)
    }
}
