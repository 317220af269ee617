//! Whose commands are run. A fetch command of this machine's own configuration is run, as Portage does
//! it. One that comes with another root is a stranger's program, and whoever only wants to know what
//! that root would take has not requested it.

use std::path::Path;

use crate::local::Base;
use crate::local::roots::running_root;
use crate::source::Source;

/// The variable from which `ssh` gets options, among them commands.
pub(super) const SSH_OPTIONS: &str = "PORTAGE_SSH_OPTS";

/// Whether a command that a setting of the configuration names may be run.
pub(super) fn may_run(base: &Base, setting: Option<&Source>, allowed: bool) -> bool {
    if base.chroot.is_foreign() {
        return false;
    }
    allowed || (has_own_configuration(base) && !setting.is_some_and(|one| is_of_root(base, one)))
}

/// Why a command is not run, and what to do; reads after a comma.
pub(super) fn why_not(base: &Base) -> &'static str {
    if base.chroot.is_foreign() {
        "because no command is run for a system under --chroot"
    } else {
        "because the command comes from another system's configuration; read it, and give \
         --allow-fetchcommand if it may be run here"
    }
}

/// Whether `etc/portage` is that of the Portage that runs.
fn has_own_configuration(base: &Base) -> bool {
    base.roots.config_root == running_root(&base.env)
}

/// Whether a setting comes from the target root, whose `etc/profile.env` counts as configuration.
fn is_of_root(base: &Base, source: &Source) -> bool {
    let root = &base.roots.root;
    let path = source.path();
    root != Path::new("/") && path.is_some_and(|path| path.starts_with(root))
}
