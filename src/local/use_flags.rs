//! USE of each package under this configuration (`portage: config.py:config.regenerate`,
//! `.setcpv`, `UseManager.py`).
//!
//! A flag is looked up from the strongest layer down until a token decides it, so the answer
//! comes with the line that decided.

use super::Base;
use super::package_env::PackageEnv;
use crate::pms::Package;
use crate::source::{Notices, Source};

/// All USE configuration, compiled for look-ups.
#[derive(Debug)]
pub struct UseConfig {}

impl UseConfig {
    /// Read every layer: profile.env, repositories, profiles, make.conf, package.use, environment,
    /// and the mask and force families.
    ///
    /// # Errors
    /// What makes Portage abort, such as a directory where a profile may have none.
    pub fn load(_base: &Base, _env: &PackageEnv, _notices: &Notices) -> anyhow::Result<UseConfig> {
        todo!()
    }

    /// The view of one package. `stable` is what [`super::keywords::Keywords::judge`] says of it.
    /// For a built package its own recorded USE counts as implicit IUSE from EAPI 5.
    pub fn of<'a>(&'a self, _package: &'a Package, _stable: bool) -> PackageUse<'a> {
        todo!()
    }
}

/// USE of one package.
#[derive(Debug)]
pub struct PackageUse<'a> {
    config: &'a UseConfig,
    package: &'a Package,
}

/// Why a flag is as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The outcome.
    pub enabled: bool,
    /// The line that decided; `None` where nothing speaks of the flag.
    pub source: Option<Source>,
    /// Whether `use.mask` or `use.force` (and their like) decided.
    pub forced: bool,
}

impl PackageUse<'_> {
    /// Whether the flag is in IUSE or implicit for this package (IUSE_EFFECTIVE; for EAPI 4 and
    /// older the patterns of that time).
    pub fn is_valid(&self, _flag: &str) -> bool {
        let _ = (self.config, self.package);
        todo!()
    }

    /// Whether the configuration enables the flag; false for one that is not valid.
    pub fn enabled(&self, flag: &str) -> bool {
        self.is_valid(flag) && self.decide(flag).enabled
    }

    /// The outcome for a flag and the line that decided it.
    pub fn decide(&self, _flag: &str) -> Decision {
        todo!()
    }

    /// Whether the mask family holds the flag off.
    pub fn is_masked(&self, _flag: &str) -> bool {
        todo!()
    }

    /// Whether the force family holds the flag on.
    pub fn is_forced(&self, _flag: &str) -> bool {
        todo!()
    }

    /// For a built package: whether it was built with the flag, judged as Portage does
    /// (`_emerge/Package.py:Package._init_use`): in its USE, and in its IUSE or implicit.
    pub fn built_with(&self, _flag: &str) -> bool {
        todo!()
    }
}
