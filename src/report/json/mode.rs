//! The options as they took effect.

use serde::Serialize;

use crate::check::Compare;
use crate::check::Policy;
use crate::pms::Dep;

/// `mode`
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ModeJson<'r> {
    #[serde(flatten)]
    sources: Sources,
    #[serde(flatten)]
    compare: ComparisonsJson,
    #[serde(flatten)]
    lists: Lists<'r>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Sources {
    getbinpkg: bool,
    usepkg: bool,
    usepkgonly: bool,
    ebuilds: bool,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ComparisonsJson {
    binpkg_respect_use: &'static str,
    binpkg_changed_deps: &'static str,
    binpkg_respect_user_patches: bool,
    bdeps: bool,
    newuse: bool,
    changed_use: bool,
    use_ebuild_visibility: bool,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Lists<'r> {
    usepkg_exclude_live: bool,
    exclude: Vec<&'r str>,
    usepkg_exclude: Vec<&'r str>,
    usepkg_include: Vec<&'r str>,
    getbinpkg_exclude: Vec<&'r str>,
    getbinpkg_include: Vec<&'r str>,
    useoldpkg_atoms: Vec<&'r str>,
}

impl<'r> ModeJson<'r> {
    pub(super) fn of(policy: &'r Policy) -> ModeJson<'r> {
        let Policy {
            sources,
            compare,
            lists,
        } = policy;
        ModeJson {
            sources: Sources {
                getbinpkg: sources.getbinpkg,
                usepkg: sources.usepkg,
                usepkgonly: sources.usepkgonly,
                ebuilds: sources.ebuilds,
            },
            compare: ComparisonsJson {
                binpkg_respect_use: word(compare.respect_use),
                binpkg_changed_deps: word(compare.changed_deps),
                binpkg_respect_user_patches: compare.user_patches,
                bdeps: compare.bdeps,
                newuse: compare.newuse,
                changed_use: compare.changed_use,
                use_ebuild_visibility: compare.use_ebuild_visibility,
            },
            lists: Lists {
                usepkg_exclude_live: lists.exclude_live,
                exclude: sorted(&lists.exclude),
                usepkg_exclude: sorted(&lists.usepkg_exclude),
                usepkg_include: sorted(&lists.usepkg_include),
                getbinpkg_exclude: sorted(&lists.getbinpkg_exclude),
                getbinpkg_include: sorted(&lists.getbinpkg_include),
                useoldpkg_atoms: sorted(&lists.useoldpkg),
            },
        }
    }
}

fn word(value: Compare) -> &'static str {
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
