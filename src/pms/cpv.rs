//! Qualified package names, alone and at a version (`portage: versions.py:catpkgsplit`).

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use super::{Version, name, version};

/// A qualified package name, `category/package`. Cheap to clone; looks itself up as `&str`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cpn(Arc<str>);

impl Cpn {
    /// Read `category/package`. A package name does not end like a version (`a/b-1` is none).
    pub fn parse(text: &str) -> Option<Cpn> {
        is_cpn(text).then(|| Cpn(text.into()))
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

/// Whether the text is `category/package`.
pub(super) fn is_cpn(text: &str) -> bool {
    is_cpn_text(text) && version::split_name(text).is_none()
}

/// Whether the characters are those of `category/package`; the end may look like a version.
pub(super) fn is_cpn_text(text: &str) -> bool {
    name::split_once(text, b'/').is_some_and(|(category, package)| {
        name::is_category(category) && name::is_package_text(package)
    })
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
    pub fn parse(text: &str) -> Option<Cpv> {
        let (name, version) = version::split_name(text)?;
        Some(Cpv {
            cpn: Cpn::parse(name)?,
            version: Version::parse(version)?,
        })
    }
}

impl fmt::Display for Cpv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.cpn, self.version)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cpv_splits_at_the_version() {
        for (text, package, version) in [
            ("cat/foo-1", "foo", "1"),
            ("cat/foo-1-r1", "foo", "1-r1"),
            ("cat/foo-1-r0", "foo", "1-r0"),
            ("cat/foo-bar-1.2_p3-r4", "foo-bar", "1.2_p3-r4"),
            ("cat/foo-100dpi-1.0", "foo-100dpi", "1.0"),
            ("cat/font-75dpi-1", "font-75dpi", "1"),
            ("c.at/foo+bar-1", "foo+bar", "1"),
            ("cat/foo--1", "foo-", "1"),
            ("cat/foo_bar-1", "foo_bar", "1"),
        ] {
            let cpv = Cpv::parse(text).unwrap();
            assert_eq!(
                (cpv.cpn.package(), cpv.version.as_str()),
                (package, version)
            );
            assert_eq!(cpv.to_string(), text);
        }
        let none = "cat/foo-1-1 cat/foo-1-bar cat/foo cat/foo-1.0-2 cat/foo-r1 cat/foo-1a-2 -cat/foo-1 \
                    cat/-foo-1 cat/foo-1-r1-r2 a/b/c-1 cat/font-75dpi cat/foo-1-2-3 foo-1 cat/foo-٣ é/foo-1 /-1";
        for text in none.split_whitespace() {
            assert_eq!(Cpv::parse(text), None, "{text}");
        }
    }

    #[test]
    fn cpn_does_not_end_like_a_version() {
        for text in ["a/b", "A/B", "a/b-r1", "a/b-1-x", "a/b-", "a/b-75dpi"] {
            assert!(Cpn::parse(text).is_some(), "{text}");
        }
        for text in [
            "a/b-1", "a/b-1-r1", "a/b-1_p", "a/b.c", "b", "a/b/c", "a/", "/b", "",
        ] {
            assert!(Cpn::parse(text).is_none(), "{text}");
        }
        let cpn = Cpn::parse("sys-apps/sed").unwrap();
        assert_eq!((cpn.category(), cpn.package()), ("sys-apps", "sed"));
    }

    proptest! {
        #[test]
        fn text_survives(text in "[a-c]{1,2}/[b+]-?[0-9a-]{0,4}(-[0-9_pr.]{1,5})?(-r[0-9])?") {
            if let Some(cpv) = Cpv::parse(&text) {
                prop_assert_eq!(cpv.to_string(), text);
            }
        }
    }
}
