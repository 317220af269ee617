//! The profile chain (`portage: LocationsManager.py:LocationsManager.load_profiles`).

use std::path::PathBuf;

use super::getconfig::Assignment;
use super::lines::Line;
use super::repositories::ProfileFormats;
use crate::chroot::Chroot;
use crate::pms::{Eapi, Syntax};
use crate::source::Notices;

/// One directory of the chain.
#[derive(Clone, Debug)]
pub struct ProfileNode {
    /// Its directory (logical path).
    pub dir: PathBuf,
    /// Its EAPI; `None` for a user profile without an `eapi` file, which allows every syntax.
    pub eapi: Option<Eapi>,
    /// What its files may hold.
    pub formats: ProfileFormats,
    /// Whether `package.*` and `use.*` may be directories here.
    pub allow_directories: bool,
    /// Whether this is `/etc/portage/profile`.
    pub is_user: bool,
    /// `make.defaults`, expanded in the chain.
    pub make_defaults: Vec<Assignment>,
}

impl ProfileNode {
    /// The lines of one of its files (or directories, where allowed).
    ///
    /// # Errors
    /// A directory where none is allowed, which makes Portage abort.
    pub fn lines(
        &self,
        _chroot: &Chroot,
        _name: &str,
        _notices: &Notices,
    ) -> anyhow::Result<Vec<Line>> {
        todo!()
    }

    /// What atoms in its files may look like; `wildcards_if_undefined` is for `package.use*`, where
    /// an undefined EAPI allows extended atoms.
    pub fn syntax(&self, _wildcards_if_undefined: bool) -> Syntax {
        todo!()
    }

    /// Whether its EAPI is at least `number`; an undefined one counts as the newest.
    pub fn eapi_at_least(&self, number: u8) -> bool {
        self.eapi.is_none_or(|eapi| eapi.number() >= number)
    }
}

/// The chain, parents first; a parent that is reached twice stands twice.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// The directories.
    pub nodes: Vec<ProfileNode>,
}
