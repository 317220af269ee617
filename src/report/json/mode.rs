//! The options as they took effect.

use serde::Serialize;

use crate::check::Compare;
use crate::check::Policy;
use crate::pms::Dep;

/// The options as they took effect.
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
    /// Whether packages are taken from binhosts (-g, -G).
    getbinpkg: bool,
    /// Whether binary packages are taken at all.
    usepkg: bool,
    /// Whether nothing is compiled (-G, -K).
    usepkgonly: bool,
    /// Whether ebuilds count.
    ebuilds: bool,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ComparisonsJson {
    /// `y`, `n` or `auto`.
    binpkg_respect_use: &'static str,
    /// `y`, `n` or `auto`.
    binpkg_changed_deps: &'static str,
    /// Whether user patches are compared.
    binpkg_respect_user_patches: bool,
    /// Whether build dependencies are compared too.
    bdeps: bool,
    /// --newuse.
    newuse: bool,
    /// --changed-use.
    changed_use: bool,
    /// --use-ebuild-visibility.
    use_ebuild_visibility: bool,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Lists<'r> {
    /// --usepkg-exclude-live.
    usepkg_exclude_live: bool,
    /// --exclude.
    exclude: Vec<&'r str>,
    /// --usepkg-exclude, with what repos.conf adds.
    usepkg_exclude: Vec<&'r str>,
    /// --usepkg-include, with what repos.conf adds; all packages if empty.
    usepkg_include: Vec<&'r str>,
    /// --getbinpkg-exclude.
    getbinpkg_exclude: Vec<&'r str>,
    /// --getbinpkg-include.
    getbinpkg_include: Vec<&'r str>,
    /// --useoldpkg-atoms.
    useoldpkg_atoms: Vec<&'r str>,
}

impl<'r> ModeJson<'r> {
    pub(super) fn of(policy: &'r Policy) -> ModeJson<'r> {
        let Policy {
            sources,
            compare,
            lists,
            defaults: _,
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
