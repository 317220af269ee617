//! The options as they took effect.

use serde::Serialize;

use crate::check::Compare;
use crate::check::Policy;
use crate::pms::Dep;

/// `mode`
#[derive(Serialize)]
pub(super) struct Mode<'r> {
    getbinpkg: bool,
    usepkg: bool,
    usepkgonly: bool,
    ebuilds: bool,
    binpkg_respect_use: &'static str,
    binpkg_changed_deps: &'static str,
    binpkg_respect_user_patches: bool,
    bdeps: bool,
    newuse: bool,
    changed_use: bool,
    use_ebuild_visibility: bool,
    usepkg_exclude_live: bool,
    exclude: Vec<&'r str>,
    usepkg_exclude: Vec<&'r str>,
    usepkg_include: Vec<&'r str>,
    getbinpkg_exclude: Vec<&'r str>,
    getbinpkg_include: Vec<&'r str>,
    useoldpkg_atoms: Vec<&'r str>,
}

impl<'r> Mode<'r> {
    pub(super) fn of(policy: &'r Policy) -> Mode<'r> {
        Mode {
            getbinpkg: policy.getbinpkg,
            usepkg: policy.usepkg,
            usepkgonly: policy.usepkgonly,
            ebuilds: policy.ebuilds,
            binpkg_respect_use: compare(policy.respect_use),
            binpkg_changed_deps: compare(policy.changed_deps),
            binpkg_respect_user_patches: policy.user_patches,
            bdeps: policy.bdeps,
            newuse: policy.newuse,
            changed_use: policy.changed_use,
            use_ebuild_visibility: policy.use_ebuild_visibility,
            usepkg_exclude_live: policy.exclude_live,
            exclude: sorted(&policy.exclude),
            usepkg_exclude: sorted(&policy.usepkg_exclude),
            usepkg_include: sorted(&policy.usepkg_include),
            getbinpkg_exclude: sorted(&policy.getbinpkg_exclude),
            getbinpkg_include: sorted(&policy.getbinpkg_include),
            useoldpkg_atoms: sorted(&policy.useoldpkg),
        }
    }
}

fn compare(value: Compare) -> &'static str {
    match value {
        Compare::Auto => "auto",
        Compare::Yes => "y",
        Compare::No => "n",
    }
}

fn sorted(atoms: &[Dep]) -> Vec<&str> {
    let mut texts: Vec<&str> = atoms.iter().map(Dep::as_str).collect();
    texts.sort_unstable();
    texts
}
