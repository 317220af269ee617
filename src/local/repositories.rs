//! Ebuild repositories: repos.conf and each one's layout.conf
//! (`portage: repository/config.py:RepoConfigLoader`).

use std::path::PathBuf;
use std::sync::Arc;

use crate::pms::Eapi;
use crate::source::Source;

/// Words of `profile-formats` that have an effect here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProfileFormats {
    /// `portage-1`, `portage-2` or the compatible default: `package.*` and `use.*` may be directories.
    pub directories: bool,
    /// `portage-2`: colon parents.
    pub colon_parents: bool,
    /// `profile-set`: unstarred entries of `packages` form `@profile`.
    pub profile_set: bool,
    /// `build-id`: atoms in profile files may carry a build-id.
    pub build_id: bool,
    /// `profile-repo-deps`: atoms in profile files may carry `::repository`.
    pub repo_deps: bool,
    /// `profile-license`: `package.license` in profiles counts.
    pub license: bool,
}

/// One ebuild repository.
#[derive(Clone, Debug)]
pub struct Repository {
    /// Its name.
    pub name: Arc<str>,
    /// Its directory, links resolved (logical path).
    pub location: PathBuf,
    /// Larger is preferred.
    pub priority: i64,
    /// Its masters, as positions in [`Repositories::list`].
    pub masters: Vec<usize>,
    /// From `profile-formats`.
    pub formats: ProfileFormats,
    /// EAPI of its `profiles/` directory (0 without a file).
    pub profiles_eapi: Eapi,
    /// EAPI of profile directories without an `eapi` file.
    pub default_profile_eapi: Eapi,
    /// Atoms (restricted to this repository) of `usepkg-exclude`, as written.
    pub usepkg_exclude: Vec<(String, Source)>,
    /// Atoms of `usepkg-include`, as written.
    pub usepkg_include: Vec<(String, Source)>,
}

/// All repositories, lowest priority first.
#[derive(Clone, Debug, Default)]
pub struct Repositories {
    /// In ascending order of (priority, name).
    pub list: Vec<Repository>,
    /// Position of the main repository.
    pub main: Option<usize>,
}

impl Repositories {
    /// The repository of this name.
    pub fn get(&self, name: &str) -> Option<&Repository> {
        self.list
            .iter()
            .find(|repository| &*repository.name == name)
    }
}
