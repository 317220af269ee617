//! This machine: configuration, repositories and installed packages, as one immutable value.

pub mod accept;
pub mod atom_map;
pub mod base;
pub mod chosts;
pub(crate) mod dep_strings;
pub mod files;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
pub mod getconfig;
pub mod ini;
pub mod installed;
pub mod keywords;
pub mod licenses;
pub mod lines;
pub mod masks;
pub mod moves;
pub mod package_env;
pub mod patches;
pub mod profile;
pub mod provided;
pub mod repositories;
pub mod roots;
pub mod sets;
mod soname_provided;
pub mod targets;
#[cfg(test)]
pub(crate) mod testing;
pub mod tree_state;
pub mod trees;
pub mod use_flags;
pub mod vars;

pub use base::Base;
pub use dep_strings::DepStrings;
pub use trees::{Ebuilds, SharedTrees, Trees};

use std::sync::{Arc, OnceLock};

use crate::chroot::{AddedText, FileKind};
use crate::pms::Eapi;
use crate::source::Notices;

/// Everything a rule may ask of this machine. Made once, never changed.
#[derive(Debug)]
pub struct Local {
    /// Roots, variables, profile and repositories.
    pub base: Base,
    /// USE per package.
    pub use_flags: use_flags::UseConfig,
    /// package.env.
    pub package_env: package_env::PackageEnv,
    /// package.mask and package.unmask.
    pub masks: masks::Masks,
    /// What is accepted of packages.
    pub accepted: Accepted,
    /// User patches below `/etc/portage/patches`.
    pub patches: patches::Patches,
    /// Packages of package.provided.
    pub provided: provided::Provided,
    /// Shared libraries of soname.provided.
    pub soname_provided: soname_provided::SonameProvided,
    /// Installed packages.
    pub installed: Arc<installed::Installed>,
    directories: Vec<&'static str>,
    moves: OnceLock<moves::Moves>,
    /// Dependency strings that were parsed for other machines too.
    dep_strings: Option<Arc<DepStrings>>,
}

/// What this machine accepts of packages.
#[derive(Debug)]
pub struct Accepted {
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
}

/// Configuration that may be a file or a directory, and that remedies name.
const REMEDY_FILES: [&str; 9] = [
    "package.use",
    "package.accept_keywords",
    "package.license",
    "package.properties",
    "package.accept_restrict",
    "package.unmask",
    "package.mask",
    "make.conf",
    "binrepos.conf",
];

/// Variables of the environment that count for the running system too where packages go to another root.
const OF_ANY_ROOT: [&str; 3] = ["PORTAGE_OVERRIDE_EPREFIX", "PORTAGE_REPOSITORIES", "PATH"];

impl Local {
    /// Load all of it.
    ///
    /// # Errors
    /// What makes Portage abort: no config root, a syntax error in make.conf, and the like.
    pub fn load(base: Base, notices: &Notices) -> anyhow::Result<Local> {
        let installed = installed::Installed::load(&base, notices)?;
        Local::of(base, Arc::new(installed), notices)
    }

    /// The same machine as if more lines stood in its configuration, which is read anew. What is installed is not.
    ///
    /// # Errors
    /// As [`Local::load`].
    pub fn with_added(&self, added: AddedText, notices: &Notices) -> anyhow::Result<Local> {
        let chroot = self.base.chroot.with_added(added);
        let base = Base::load(chroot, self.base.env.clone(), notices)?;
        Local::of(base, Arc::clone(&self.installed), notices)
    }

    fn of(
        base: Base,
        installed: Arc<installed::Installed>,
        notices: &Notices,
    ) -> anyhow::Result<Local> {
        let env = package_env::PackageEnv::load(&base, notices)?;
        Ok(Local {
            use_flags: use_flags::UseConfig::load(&base, &env, notices)?,
            masks: masks::Masks::load(&base, notices)?,
            accepted: Accepted {
                keywords: keywords::Keywords::load(&base, notices)?,
                licenses: licenses::Licenses::load(&base, notices)?,
                properties: accept::Accept::load(&base, accept::Which::Properties, notices)?,
                restrict: accept::Accept::load(&base, accept::Which::Restrict, notices)?,
                chosts: chosts::AcceptChosts::load(&base, notices),
            },
            provided: provided::Provided::load(&base, notices)?,
            soname_provided: soname_provided::SonameProvided::load(&base, notices)?,
            patches: patches::Patches::load(&base)?,
            installed,
            directories: directories(&base),
            moves: OnceLock::new(),
            dep_strings: None,
            package_env: env,
            base,
        })
    }

    /// The running system, where packages go to another root: what builds and installs them lies there. Its configuration
    /// is that of `/` (`portage: __init__.py:create_trees`).
    ///
    /// # Errors
    /// As [`Local::load`].
    pub fn running(&self, notices: &Notices) -> anyhow::Result<Option<Local>> {
        if !self.base.roots.is_other(&self.base.env) {
            return Ok(None);
        }
        let env = self.base.env.clone().only(&OF_ANY_ROOT);
        let base = Base::load(self.base.chroot.clone(), env, notices)?;
        Local::load(base, notices).map(Some)
    }

    /// Whether an atom of the configuration names a build, so that two builds of one version may count differently.
    pub fn names_builds(&self) -> bool {
        let accepted = &self.accepted;
        self.use_flags.names_builds()
            || self.masks.names_builds()
            || accepted.keywords.names_builds()
            || accepted.licenses.names_builds()
            || accepted.properties.names_builds()
            || accepted.restrict.names_builds()
    }

    /// The same, one of several machines that have these dependency strings in common.
    pub fn sharing(self, strings: &Arc<DepStrings>) -> Local {
        Local {
            dep_strings: Some(Arc::clone(strings)),
            ..self
        }
    }

    /// A dependency string, parsed by the rules of an EAPI.
    pub(crate) fn dep_string(&self, text: &str, eapi: Option<Eapi>) -> dep_strings::DepString {
        match &self.dep_strings {
            Some(strings) => strings.read(text, eapi),
            None => dep_strings::parse(text, eapi),
        }
    }

    /// Package moves, read when first requested.
    pub fn moves(&self) -> &moves::Moves {
        self.moves.get_or_init(|| moves::Moves::load(&self.base))
    }

    /// The file in the user's configuration that a line for `name` (such as `package.use`) would go to.
    pub fn remedy_file(&self, name: &str) -> String {
        let file = self.base.roots.user_config.join(name);
        let file = if self.directories.contains(&name) {
            file.join("bincheck")
        } else {
            file
        };
        file.display().to_string()
    }
}

fn directories(base: &Base) -> Vec<&'static str> {
    let is_dir =
        |name: &&str| base.chroot.kind(&base.roots.user_config.join(name)) == Some(FileKind::Dir);
    REMEDY_FILES.into_iter().filter(is_dir).collect()
}
