//! The Portage that emerge belongs to, and which options it knows.

use std::path::Path;

use semver::Version;

use crate::chroot::Chroot;
use crate::local::base::Base;
use crate::local::roots::running_root;

/// Options that bincheck adds, with the release that brought them (`portage: RELEASE-NOTES`, `NEWS`).
static SINCE: [(&str, Version); 4] = [
    ("binpkg-respect-use", Version::new(2, 1, 8)),
    ("usepkg-exclude", Version::new(2, 1, 10)),
    ("binpkg-changed-deps", Version::new(2, 2, 16)),
    ("getbinpkg-exclude", Version::new(3, 0, 78)),
];

/// The release that brought binrepos.conf.
pub const BINREPOS_CONF: Version = Version::new(3, 0, 6);

/// Whether a Portage has an option. One whose version is not known is taken for a recent one.
pub fn knows(portage: Option<&Version>, option: &str) -> bool {
    let since = SINCE.iter().find(|(name, _)| *name == option);
    match (portage, since) {
        (Some(portage), Some((_, since))) => portage >= since,
        _ => true,
    }
}

/// The version of the Portage that runs, as the running system has it installed. emerge itself is not
/// checked: that would take longer than all that is done here.
pub fn running(base: &Base) -> Option<Version> {
    installed(&base.chroot, &running_root(&base.env))
}

/// The newest `sys-apps/portage` of a system. With ROOT that is not the system that packages go to.
fn installed(chroot: &Chroot, root: &Path) -> Option<Version> {
    let names = chroot.list(&root.join("var/db/pkg/sys-apps")).ok()?;
    let versions = names
        .iter()
        .filter_map(|name| name.strip_prefix("portage-"));
    versions.filter_map(leading_numbers).max()
}

/// `3.0.30` of `3.0.30-r1` and of `3.0.30_p1`, `3.1.0` of `3.1`; semver would refuse or misplace them.
pub fn leading_numbers(text: &str) -> Option<Version> {
    let end = text.find(|c: char| c != '.' && !c.is_ascii_digit());
    let numbers = &text[..end.unwrap_or(text.len())];
    let mut numbers = numbers.split('.').map(str::parse);
    let mut next = || numbers.next().unwrap_or(Ok(0)).ok();
    Some(Version::new(next()?, next()?, next()?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;

    use super::*;

    #[test]
    fn only_leading_numbers_count() {
        for (text, numbers) in [
            ("3.0.83", Some((3, 0, 83))),
            ("3.0.30-r1", Some((3, 0, 30))),
            ("3.0.30.1_p2", Some((3, 0, 30))),
            ("3.1", Some((3, 1, 0))),
            ("9999", Some((9999, 0, 0))),
            ("3.0.99999999999999999999999", None),
            ("utils-0.90", None),
        ] {
            let version = numbers.map(|(major, minor, patch)| Version::new(major, minor, patch));
            assert_eq!(leading_numbers(text), version, "{text}");
        }
    }

    #[test]
    fn options_come_with_releases() {
        for (portage, option, known) in [
            (Some(Version::new(3, 0, 83)), "getbinpkg-exclude", true),
            (Some(Version::new(3, 0, 77)), "getbinpkg-exclude", false),
            (Some(Version::new(2, 2, 15)), "binpkg-changed-deps", false),
            (Some(Version::new(2, 2, 15)), "binpkg-respect-use", true),
            (Some(Version::new(1, 0, 0)), "getbinpkg", true),
            (None, "binpkg-changed-deps", true),
        ] {
            assert_eq!(
                knows(portage.as_ref(), option),
                known,
                "{portage:?} {option}"
            );
        }
    }

    #[test]
    fn the_installed_portage_is_found_by_its_directory() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(installed(&Chroot::default(), root.path()), None);
        for name in [
            "portage-3.0.9-r1",
            "portage-3.0.30-r2",
            "portage-utils-0.97",
            "-MERGING-portage-9",
        ] {
            fs::create_dir_all(root.path().join("var/db/pkg/sys-apps").join(name)).unwrap();
        }
        let found = installed(&Chroot::default(), root.path());
        assert_eq!(found, Some(Version::new(3, 0, 30)));
    }
}
