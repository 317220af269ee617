//! Ebuild repositories: repos.conf and each one's layout.conf
//! (`portage: repository/config.py:RepoConfigLoader`).

mod draft;
mod layout;
mod sections;
mod synced;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::chroot::Chroot;
use crate::pms::Eapi;
use crate::source::{Notices, Source};
use draft::Draft;
pub(super) use layout::eapi_of_directory;

/// The priority of a main repository that is given none.
const MAIN_PRIORITY: i64 = -1000;

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
    /// The same as it is configured.
    pub configured: PathBuf,
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

/// What says where repositories are.
#[derive(Clone, Debug, Default)]
pub(super) struct Places<'a> {
    /// The text of `PORTAGE_REPOSITORIES`, which replaces all else.
    pub text: Option<&'a str>,
    /// Otherwise, what Portage ships if its file is missing,
    pub shipped: &'static str,
    /// and the files of repos.conf in order.
    pub files: Vec<PathBuf>,
    /// `PORTDIR`.
    pub portdir: Option<(&'a str, Source)>,
    /// `PORTDIR_OVERLAY`.
    pub overlays: Option<(&'a str, Source)>,
    /// Names for `%(name)s`.
    pub builtin: Vec<(&'a str, &'a str)>,
}

/// Positions by name; aliases are among the names.
pub(super) type RepositoryNames = HashMap<String, usize>;

impl Repositories {
    /// Read repos.conf (or what stands in for it) and each repository's layout.conf. Whatever is
    /// wrong with a repository is a notice, and it is left out.
    ///
    /// # Errors
    /// A file that is there cannot be read.
    pub(super) fn load(
        chroot: &Chroot,
        places: &Places<'_>,
        notices: &Notices,
    ) -> anyhow::Result<(Repositories, RepositoryNames)> {
        let (mut drafts, main) = draft::collect(chroot, places, notices)?;
        if let Some(main) = main.as_deref().and_then(|name| find(&drafts, name)) {
            drafts[main].priority.get_or_insert(MAIN_PRIORITY);
        }
        drafts.sort_by(|a, b| {
            let key = |draft: &Draft| draft.priority.unwrap_or(0);
            key(a).cmp(&key(b)).then_with(|| a.name.cmp(&b.name))
        });
        let main = main.as_deref().and_then(|name| find(&drafts, name));
        let names = names(&drafts, notices);
        let list = drafts
            .iter()
            .enumerate()
            .map(|(position, draft)| Repository {
                name: draft.name.as_str().into(),
                location: draft.location.clone(),
                configured: draft.configured.clone(),
                priority: draft.priority.unwrap_or(0),
                masters: masters(draft, position, main, &names, notices),
                formats: draft.layout.formats,
                profiles_eapi: draft.layout.profiles_eapi,
                default_profile_eapi: draft.layout.default_profile_eapi,
                usepkg_exclude: draft.usepkg_exclude.clone(),
                usepkg_include: draft.usepkg_include.clone(),
            })
            .collect();
        Ok((Repositories { list, main }, names))
    }
}

/// The repository of this name, or else of this alias.
fn find(drafts: &[Draft], name: &str) -> Option<usize> {
    let named = drafts.iter().position(|draft| draft.name == name);
    named.or_else(|| drafts.iter().position(|draft| draft.has_alias(name)))
}

/// All names and aliases; an alias never hides a name.
fn names(drafts: &[Draft], notices: &Notices) -> RepositoryNames {
    let mut names: RepositoryNames = drafts
        .iter()
        .enumerate()
        .map(|(position, draft)| (draft.name.clone(), position))
        .collect();
    for (position, draft) in drafts.iter().enumerate() {
        for alias in &draft.aliases {
            let holder = *names.entry(alias.clone()).or_insert(position);
            if holder != position {
                let text = format!("alias {alias} of repository {} is taken", draft.name);
                notices.at(&draft.source, text);
            }
        }
    }
    names
}

/// The masters of a repository; without any statement, the main repository.
fn masters(
    draft: &Draft,
    position: usize,
    main: Option<usize>,
    names: &RepositoryNames,
    notices: &Notices,
) -> Vec<usize> {
    let Some(words) = draft.masters.as_ref().or(draft.layout.masters.as_ref()) else {
        if main == Some(position) {
            return Vec::new();
        }
        let text = "has no 'masters' line; the main repository is taken as master";
        notices.file(&draft.location.join("metadata/layout.conf"), text);
        return main.into_iter().collect();
    };
    let mut masters = Vec::new();
    for word in words {
        match names.get(word) {
            Some(&master) => masters.push(master),
            None => notices.file(
                &draft.location.join("metadata/layout.conf"),
                format!("there is no repository {word:?}, which 'masters' names"),
            ),
        }
    }
    masters
}

#[cfg(test)]
mod tests;
