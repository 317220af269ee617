//! Package versions and their order (PMS, "Version comparison"; `portage: versions.py:vercmp`).

use std::cmp::Ordering;
use std::fmt;

/// A valid version, with its revision if written. Keeps its text: `1.0` and `1.00` are equal in
/// order and differ as text, and `1-r0` keeps its `-r0`.
///
/// `==` compares text; `Version::cmp_version` compares versions.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version(Box<str>);

impl Version {
    /// Read a version such as `1.2.3a_rc1-r2`.
    pub fn parse(_text: &str) -> Option<Version> {
        todo!()
    }

    /// The text as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text before `-rN`, and the revision number text (`None` where none is written).
    pub fn split_revision(&self) -> (&str, Option<&str>) {
        todo!()
    }

    /// Compare as versions.
    pub fn cmp_version(&self, _other: &Version) -> Ordering {
        todo!()
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
