//! Where things lie: config root, ROOT, EPREFIX and what follows from them
//! (`portage: LocationsManager.py:LocationsManager`).

use std::path::PathBuf;

/// Absolute logical paths; semantics section "Roots".
#[derive(Clone, Debug)]
pub struct Roots {
    /// Prefix of every `/etc/…` configuration path.
    pub config_root: PathBuf,
    /// Target root.
    pub root: PathBuf,
    /// Root of build dependencies.
    pub sysroot: PathBuf,
    /// Offset prefix; empty on ordinary systems.
    pub eprefix: PathBuf,
    /// `ROOT` + `EPREFIX`: installed packages and world file.
    pub eroot: PathBuf,
    /// `/usr/share/portage/config`: make.globals and shipped defaults.
    pub global_config: PathBuf,
    /// `<config root>/etc/portage`.
    pub user_config: PathBuf,
}
