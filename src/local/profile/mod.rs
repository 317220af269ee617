//! The profile chain (`portage: LocationsManager.py:LocationsManager.load_profiles`).

mod chain;

pub(crate) use chain::NotGentoo;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::bail;

use super::files;
use super::getconfig::{self, Assignment, Mode};
use super::lines::Line;
use super::repositories::{ProfileFormats, Repositories, RepositoryNames};
use super::roots::Roots;
use crate::chroot::{Chroot, FileKind};
use crate::pms::{Eapi, Syntax};
use crate::source::Notices;

/// Files that are never directories, whatever the profile allows.
const SINGLE_FILES: [&str; 4] = ["packages", "packages.build", "parent", "deprecated"];

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
        chroot: &Chroot,
        name: &str,
        notices: &Notices,
    ) -> anyhow::Result<Vec<Line>> {
        let path = self.dir.join(name);
        if self.allow_directories && !SINGLE_FILES.contains(&name) {
            return files::lines(chroot, &path, notices);
        }
        if files::kind(chroot, &path)? == Some(FileKind::Dir) {
            bail!(
                "{}: must be a file; directories here need EAPI 7, or portage-1 or portage-2 in \
                 'profile-formats' of the repository's layout.conf",
                path.display()
            );
        }
        files::read_lines(chroot, &path)
    }

    /// What atoms in its files may look like; `wildcards_if_undefined` is for `package.use*`, where
    /// an undefined EAPI allows extended atoms.
    pub fn syntax(&self, wildcards_if_undefined: bool) -> Syntax {
        Syntax {
            eapi: self.eapi,
            repository: self.eapi.is_none() || self.formats.repo_deps,
            wildcard: self.eapi.is_none() && wildcards_if_undefined,
            build_id: self.formats.build_id,
        }
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

impl Profile {
    /// Find the chain; `make.defaults` are read later ([`Profile::read_make_defaults`]).
    ///
    /// # Errors
    /// There is no profile, or its chain is broken: emerge refuses to run then.
    pub(super) fn load(
        chroot: &Chroot,
        roots: &Roots,
        repositories: (&Repositories, &RepositoryNames),
        notices: &Notices,
    ) -> anyhow::Result<Profile> {
        let start = chain::start(chroot, roots, notices)?;
        let mut nodes = chain::walk(chroot, &start, repositories)?;
        nodes.extend(chain::user(chroot, &roots.user_config, notices)?);
        Ok(Profile { nodes })
    }

    /// Read `make.defaults` of each profile, parents first. `map` is the expansion map: `USE` starts
    /// empty in each profile, all else is seen by those that follow.
    ///
    /// # Errors
    /// A syntax error.
    pub(super) fn read_make_defaults(
        &mut self,
        chroot: &Chroot,
        map: &mut HashMap<String, String>,
        notices: &Notices,
    ) -> anyhow::Result<()> {
        for node in &mut self.nodes {
            map.remove("USE");
            let path = node.dir.join("make.defaults");
            let files = make_defaults(chroot, &path, node.allow_directories, notices)?;
            node.make_defaults = getconfig::read_all(chroot, &files, map, DEFAULTS, notices)?;
        }
        Ok(())
    }
}

/// How make.defaults and make.globals are read.
pub(super) const DEFAULTS: Mode = Mode {
    allow_source: false,
    expand: true,
};

fn make_defaults(
    chroot: &Chroot,
    path: &Path,
    allow_directories: bool,
    notices: &Notices,
) -> anyhow::Result<Vec<PathBuf>> {
    if allow_directories {
        return files::expand(chroot, path, notices);
    }
    if files::kind(chroot, path)? == Some(FileKind::Dir) {
        notices.file(
            path,
            "is a directory, which this profile may not have; it is skipped",
        );
        return Ok(Vec::new());
    }
    Ok(vec![path.to_path_buf()])
}

#[cfg(test)]
mod tests;
