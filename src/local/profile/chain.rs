//! The walk from `make.profile` through `parent` files
//! (`portage: LocationsManager.py:LocationsManager._addProfile`, `._expand_parent_colon`).

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail, ensure};

use super::ProfileNode;
use crate::chroot::{Chroot, FileKind, normal};
use crate::local::files;
use crate::local::lines::{self, Line};
use crate::local::repositories::eapi_of_directory;
use crate::local::repositories::{ProfileFormats, Repositories, Repository, RepositoryNames};
use crate::local::roots::Roots;
use crate::pms::Eapi;
use crate::source::{Notices, Source};

/// How deep parents may nest, and how many profiles a chain may have. A parent that is reached
/// twice stands twice, so a few files can make a very long chain.
const MAX_DEPTH: usize = 100;
const MAX_NODES: usize = 2_000;

/// What to do about a broken chain.
const HELP: &str = "choose a profile with 'eselect profile'";

/// There is no configuration of Portage: whatever else is missing follows from that.
#[derive(Debug)]
pub(crate) struct NotGentoo(PathBuf);

impl fmt::Display for NotGentoo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.0.display();
        write!(
            f,
            "{path}: is missing, so this is not a Gentoo system; name another with --chroot or --config-root, \
             as the example: bincheck --chroot testdata/workstation"
        )
    }
}

impl std::error::Error for NotGentoo {}

/// The directory that `make.profile` leads to.
///
/// # Errors
/// There is none, or it may not be read.
pub(super) fn start(chroot: &Chroot, roots: &Roots, notices: &Notices) -> anyhow::Result<PathBuf> {
    if let Some(dir) = chroot.tried_profile() {
        return Ok(chroot.canonical(dir)?);
    }
    let paths = [
        roots.user_config.join("make.profile"),
        roots.config_root.join("etc/make.profile"),
    ];
    for path in paths.iter().chain([&roots.user_config]) {
        files::kind(chroot, path)?;
    }
    let mut found = paths
        .iter()
        .filter(|path| chroot.kind(path) == Some(FileKind::Dir))
        .filter_map(|path| Some((path, chroot.canonical(path).ok()?)));
    let Some((first, dir)) = found.next() else {
        ensure!(
            chroot.kind(&roots.user_config) == Some(FileKind::Dir),
            NotGentoo(roots.user_config.clone())
        );
        bail!(
            "{}: is missing or leads to no directory, and emerge refuses to run without a profile; {HELP}",
            paths[0].display()
        );
    };
    if let Some((second, other)) = found.next()
        && other != dir
    {
        notices.file(second, format!("is ignored: {} is used", first.display()));
    }
    Ok(dir)
}

/// All directories of the chain, parents first.
///
/// # Errors
/// A parent that does not exist, a parent file without any, a profile that is its own parent, an EAPI
/// that is not supported.
pub(super) fn walk(
    chroot: &Chroot,
    start: &Path,
    (repositories, names): (&Repositories, &RepositoryNames),
) -> anyhow::Result<Vec<ProfileNode>> {
    let mut walk = ProfileWalk {
        chroot,
        repositories,
        names,
        nodes: Vec::new(),
        open: Vec::new(),
    };
    walk.visit(start)
        .with_context(|| format!("the profile is invalid, and emerge refuses to run; {HELP}"))?;
    Ok(walk.nodes)
}

/// The user profile, where there is one.
///
/// # Errors
/// It is not a directory.
pub(super) fn user(
    chroot: &Chroot,
    user_config: &Path,
    notices: &Notices,
) -> anyhow::Result<Option<ProfileNode>> {
    let dir = user_config.join("profile");
    match files::kind(chroot, &dir)? {
        None => return Ok(None),
        Some(FileKind::Dir) => {}
        Some(_) => bail!("{}: must be a directory", dir.display()),
    }
    Ok(Some(ProfileNode {
        eapi: eapi_of_directory(chroot, &dir, notices)?,
        dir,
        formats: ProfileFormats {
            profile_set: true,
            build_id: true,
            ..ProfileFormats::default()
        },
        allow_directories: true,
        is_user: true,
        make_defaults: Vec::new(),
    }))
}

struct ProfileWalk<'a> {
    chroot: &'a Chroot,
    repositories: &'a Repositories,
    names: &'a RepositoryNames,
    nodes: Vec<ProfileNode>,
    /// Directories whose parents are being visited.
    open: Vec<PathBuf>,
}

impl<'a> ProfileWalk<'a> {
    fn visit(&mut self, dir: &Path) -> anyhow::Result<()> {
        if self.open.iter().any(|open| open == dir) {
            bail!("{}: this profile is its own parent", dir.display());
        }
        if self.open.len() >= MAX_DEPTH || self.nodes.len() >= MAX_NODES {
            bail!(
                "{}: there are too many parents on the way to here",
                dir.display()
            );
        }
        if self.chroot.kind(dir) != Some(FileKind::Dir) {
            bail!("{}: a parent must be a directory", dir.display());
        }
        let repository = self.repository_of(dir);
        let eapi = self.eapi(dir, repository)?;
        self.open.push(dir.to_path_buf());
        for parent in self.parents(dir, repository)? {
            self.visit(&parent)?;
        }
        self.open.pop();
        self.nodes.push(node(dir, eapi, repository));
        Ok(())
    }

    /// The repository that a directory lies in; of nested ones the inner one.
    fn repository_of(&self, dir: &Path) -> Option<&'a Repository> {
        self.repositories
            .list
            .iter()
            .filter(|repository| dir.starts_with(&repository.location))
            .max_by_key(|repository| repository.location.as_os_str().len())
    }

    /// The first line of `eapi`; this reader does not mind further ones.
    fn eapi(&self, dir: &Path, repository: Option<&Repository>) -> anyhow::Result<Eapi> {
        let path = dir.join("eapi");
        let Some(text) = files::read_text(self.chroot, &path)? else {
            return Ok(repository.map_or(Eapi::ZERO, |one| one.default_profile_eapi));
        };
        let line = text.split(['\n', '\r']).next().unwrap_or_default().trim();
        Eapi::parse(line)
            .ok_or_else(|| anyhow!("{}:1: EAPI {line:?} is not supported", path.display()))
    }

    fn parents(&self, dir: &Path, repository: Option<&Repository>) -> anyhow::Result<Vec<PathBuf>> {
        let path = dir.join("parent");
        let Some(text) = files::read_text(self.chroot, &path)? else {
            return Ok(Vec::new());
        };
        let lines = lines::parse(&text, &path);
        if lines.is_empty() {
            bail!(
                "{}: names no parent; remove it or write one",
                path.display()
            );
        }
        lines
            .iter()
            .map(|line| self.parent(dir, line, repository))
            .collect()
    }

    /// The directory that a line of a parent file names.
    fn parent(
        &self,
        dir: &Path,
        line: &Line,
        repository: Option<&Repository>,
    ) -> anyhow::Result<PathBuf> {
        let text = line.words.join(" ");
        let colons = repository.is_none_or(|repository| repository.formats.colon_parents);
        let path = match text.split_once(':') {
            Some((name, path)) if colons => self
                .location(name, repository)
                .map(|location| location.join("profiles").join(path.trim_start_matches('/'))),
            _ => Some(dir.join(&text)),
        };
        let path = path.map(|path| normal(&path));
        // Inside its repository a profile is known by its path as written.
        let inside = |path: &Path| repository.is_some_and(|one| path.starts_with(&one.location));
        let found = path.as_deref().and_then(|path| {
            self.chroot.kind(path)?;
            if inside(path) {
                return Some(path.to_path_buf());
            }
            self.chroot.canonical(path).ok()
        });
        found.ok_or_else(|| missing(&line.source, &text, path.as_deref()))
    }

    /// Where the repository of a colon parent lies; no name means the same one.
    fn location(&self, name: &str, own: Option<&'a Repository>) -> Option<&'a Path> {
        let repository = match name {
            "" => own,
            _ => self
                .names
                .get(name)
                .and_then(|&at| self.repositories.list.get(at)),
        };
        Some(repository?.location.as_path())
    }
}

fn missing(source: &Source, text: &str, path: Option<&Path>) -> anyhow::Error {
    match path {
        Some(path) => anyhow!(
            "{source}: parent {text:?} does not exist ({})",
            path.display()
        ),
        None => anyhow!("{source}: parent {text:?} names no known repository"),
    }
}

fn node(dir: &Path, eapi: Eapi, repository: Option<&Repository>) -> ProfileNode {
    let formats = repository.map(|repository| repository.formats);
    ProfileNode {
        dir: dir.to_path_buf(),
        eapi: Some(eapi),
        formats: formats.unwrap_or_default(),
        allow_directories: eapi.number() >= 7 || formats.is_none_or(|formats| formats.directories),
        is_user: false,
        make_defaults: Vec::new(),
    }
}
