//! Files that Portage ships in its global configuration directory, and what they hold where they are
//! missing.

use std::collections::HashMap;
use std::path::PathBuf;

use crate::chroot::Chroot;
use crate::local::getconfig::{self, Assignment};
use crate::local::profile::DEFAULTS;
use crate::local::roots::Roots;
use crate::source::{Notices, Source};

/// What of make.globals bears on the choice of packages.
const GLOBALS: [(&str, &str); 12] = [
    ("ACCEPT_PROPERTIES", "*"),
    ("ACCEPT_RESTRICT", "*"),
    ("BINPKG_COMPRESS", "zstd"),
    ("BINPKG_FORMAT", "gpkg"),
    ("BINPKG_GPG_VERIFY_GPG_HOME", "/etc/portage/gnupg"),
    ("CONFIG_PROTECT", "/etc"),
    ("CONFIG_PROTECT_MASK", "/etc/env.d"),
    ("DISTDIR", "/var/cache/distfiles"),
    (
        "FEATURES",
        "binpkg-multi-instance compress-index distlocks pkgdir-index-trusted",
    ),
    ("PKGDIR", "/var/cache/binpkgs"),
    ("PORTAGE_TMPDIR", "/var/tmp"),
    ("PORTAGE_TRUST_HELPER", "/usr/bin/getuto"),
];

/// The main repository, as Portage's repos.conf has it.
const REPOS_CONF: &str = "\
[DEFAULT]
main-repo = gentoo
[gentoo]
location = /var/db/repos/gentoo
";

/// Where make.globals lies.
pub(super) fn globals_path(roots: &Roots) -> PathBuf {
    roots.global_config.join("make.globals")
}

/// make.globals, or its defaults.
///
/// # Errors
/// A syntax error.
pub(super) fn make_globals(
    chroot: &Chroot,
    roots: &Roots,
    map: &mut HashMap<String, String>,
    notices: &Notices,
) -> anyhow::Result<Vec<Assignment>> {
    let path = globals_path(roots);
    if chroot.kind(&path).is_some() {
        return getconfig::read(chroot, &path, map, DEFAULTS, notices);
    }
    notices.file(&path, "is missing; the defaults of Portage 3.0.83 are used");
    let assignments = GLOBALS.map(|(name, value)| {
        map.insert(name.to_owned(), value.to_owned());
        Assignment::new(name, value, Source::BuiltIn)
    });
    Ok(assignments.into())
}

/// The text that stands in for a missing repos.conf of Portage's.
pub(super) fn repos_conf(chroot: &Chroot, roots: &Roots) -> &'static str {
    match chroot.kind(&roots.global_config.join("repos.conf")) {
        Some(_) => "",
        None => REPOS_CONF,
    }
}
