//! This machine: configuration, repositories and installed packages, as one immutable value.

pub mod accept;
pub mod atom_map;
pub mod base;
pub mod chosts;
pub mod files;
pub mod getconfig;
pub mod ini;
pub mod installed;
pub mod keywords;
pub mod licenses;
pub mod lines;
pub mod masks;
pub mod package_env;
pub mod patches;
pub mod profile;
pub mod repositories;
pub mod roots;
pub mod sets;
pub mod targets;
pub mod trees;
pub mod use_flags;
pub mod vars;

pub use base::Base;
pub use trees::{Ebuilds, Trees};

use crate::source::Notices;

/// Everything a rule may ask of this machine. Made once, never changed.
#[derive(Debug)]
pub struct Local {
    /// Roots, variables, profile and repositories.
    pub base: Base,
    /// USE per package.
    pub use_flags: use_flags::UseConfig,
    /// package.mask and package.unmask.
    pub masks: masks::Masks,
    /// Accepted keywords per package.
    pub keywords: keywords::Keywords,
    /// Accepted licenses per package.
    pub licenses: licenses::Licenses,
    /// Accepted PROPERTIES per package.
    pub properties: accept::Accept,
    /// Accepted RESTRICT per package.
    pub restrict: accept::Accept,
    /// Accepted CHOSTs.
    pub chosts: chosts::AcceptChosts,
    /// User patches below `/etc/portage/patches`.
    pub patches: patches::Patches,
    /// Installed packages.
    pub installed: installed::Installed,
}

impl Local {
    /// Load all of it.
    ///
    /// # Errors
    /// What makes Portage abort: no config root, a syntax error in make.conf, and the like.
    pub fn load(base: Base, notices: &Notices) -> anyhow::Result<Local> {
        let env = package_env::PackageEnv::load(&base, notices)?;
        Ok(Local {
            use_flags: use_flags::UseConfig::load(&base, &env, notices)?,
            masks: masks::Masks::load(&base, notices)?,
            keywords: keywords::Keywords::load(&base, notices)?,
            licenses: licenses::Licenses::load(&base, notices)?,
            properties: accept::Accept::load(&base, accept::Which::Properties, notices)?,
            restrict: accept::Accept::load(&base, accept::Which::Restrict, notices)?,
            chosts: chosts::AcceptChosts::load(&base, notices),
            patches: patches::Patches::load(&base, notices),
            installed: installed::Installed::load(&base, notices)?,
            base,
        })
    }
}
