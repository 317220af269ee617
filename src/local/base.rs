//! What everything else of this machine is read with: roots, variables, profile, repositories.

use super::profile::Profile;
use super::repositories::Repositories;
use super::roots::Roots;
use super::vars::Vars;
use crate::chroot::Chroot;
use crate::env::Env;
use crate::source::Notices;

/// Loaded first; nothing in it depends on a single package.
#[derive(Debug)]
pub struct Base {
    /// The files of the judged system.
    pub chroot: Chroot,
    /// Where things lie.
    pub roots: Roots,
    /// The environment that counts (with what options put into it).
    pub env: Env,
    /// Ebuild repositories.
    pub repositories: Repositories,
    /// The profile chain.
    pub profile: Profile,
    /// All variables.
    pub vars: Vars,
}

impl Base {
    /// Read the configuration in Portage's order (semantics section "Files read, in order").
    ///
    /// # Errors
    /// No config root, a syntax error in make.conf or make.defaults, and whatever else makes
    /// Portage abort; each with file and line.
    pub fn load(_chroot: Chroot, _env: Env, _notices: &Notices) -> anyhow::Result<Base> {
        todo!()
    }
}
