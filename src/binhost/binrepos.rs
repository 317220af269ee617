//! binrepos.conf and PORTAGE_BINHOST (`portage: binrepo/config.py:BinRepoConfigLoader`).

use std::path::PathBuf;

use super::Uri;
use crate::local::Base;
use crate::pms::Dep;
use crate::source::{Notices, Source};

/// One binhost as configured.
#[derive(Clone, Debug)]
pub struct BinRepo {
    /// Section name; for a URI of PORTAGE_BINHOST or `--binhost` the MD5 of the URI, as in Portage.
    pub name: String,
    /// Whether `name` is a section's (false: it is the MD5).
    pub named: bool,
    /// Base of the index.
    pub sync_uri: Uri,
    /// Larger is asked first; 0 if unset.
    pub priority: i64,
    /// Where downloaded packages are kept.
    pub location: Option<PathBuf>,
    /// Never refreshed once cached.
    pub frozen: bool,
    /// `verify-signature`; `None` if unset, which leaves it to FEATURES.
    pub verify_signature: Option<bool>,
    /// `fetchcommand`.
    pub fetch_command: Option<String>,
    /// `getbinpkg-exclude`.
    pub exclude: Vec<Dep>,
    /// `getbinpkg-include`.
    pub include: Vec<Dep>,
    /// Where it is configured.
    pub source: Source,
}

/// All binhosts, in the order in which Portage processes them (highest priority first).
#[derive(Clone, Debug, Default)]
pub struct BinRepos {
    /// The hosts.
    pub list: Vec<BinRepo>,
}

impl BinRepos {
    /// Read binrepos.conf (Portage's and the user's) and PORTAGE_BINHOST, and add `extra` URIs
    /// (`--binhost`) as PORTAGE_BINHOST would.
    ///
    /// # Errors
    /// What makes Portage abort (interpolation). A broken file is a notice and discards all sections.
    pub fn load(_base: &Base, _extra: &[String], _notices: &Notices) -> anyhow::Result<BinRepos> {
        todo!()
    }
}
