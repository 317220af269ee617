//! Reading ebuilds: one directory listing a name and repository, one cache entry and one ebuild a
//! version (`portage: porttree.py:portdbapi.cp_list`, `._pull_valid_cache`).

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};

use anyhow::Context;

use super::eclasses::{Eclasses, LARGEST};
use super::read_errors::{MetadataProblem, ReadErrors};
use super::shared::{ReadDirectory, ReadEbuilds};
use super::{Ebuild, entry, sort};
use crate::chroot::{Chroot, FileKind, text};
use crate::local::Base;
use crate::local::repositories::Repository;
use crate::pms::{Cpn, Cpv, Eapi, Key, Kind, Metadata, Package, Slot};

/// One repository.
#[derive(Debug)]
pub(super) struct RepositoryTree {
    pub(super) name: Arc<str>,
    /// The files of the judged system.
    chroot: Chroot,
    /// Its directory.
    pub(super) location: PathBuf,
    /// Directories of metadata caches, in the order in which they are queried.
    caches: Vec<PathBuf>,
    eclasses: Eclasses,
    /// What was read of it, also for other machines.
    pub(super) shared: Option<Arc<ReadEbuilds>>,
}

/// Resolve all repositories.
pub(super) fn open(base: &Base) -> anyhow::Result<Vec<RepositoryTree>> {
    let list = &base.repositories.list;
    list.iter()
        .map(|repository| tree(base, repository))
        .collect()
}

fn tree(base: &Base, repository: &Repository) -> anyhow::Result<RepositoryTree> {
    let location = &repository.location;
    match base.chroot.list(location) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            let place = location.display();
            let name = &repository.name;
            return Err(error).with_context(|| format!("cannot read repository {name} at {place}"));
        }
        _ => {}
    }
    let mut eclass_dirs: Vec<PathBuf> = Vec::new();
    for master in &repository.masters {
        if let Some(master) = base.repositories.list.get(*master) {
            eclass_dirs.push(master.location.join("eclass"));
        }
    }
    eclass_dirs.push(location.join("eclass"));
    Ok(RepositoryTree {
        name: Arc::clone(&repository.name),
        chroot: base.chroot.clone(),
        caches: vec![
            location.join("metadata/md5-cache"),
            local_cache(base, location),
        ],
        location: location.clone(),
        eclasses: Eclasses::new(base.chroot.clone(), eclass_dirs),
        shared: None,
    })
}

/// Where Portage itself keeps metadata of a repository that brings none.
fn local_cache(base: &Base, location: &Path) -> PathBuf {
    let dir = match base.vars.get("PORTAGE_DEPCACHEDIR") {
        Some(dir) if !dir.is_empty() => PathBuf::from(dir),
        _ => base.roots.eprefix.join("var/cache/edb/dep"),
    };
    let dir = Path::new("/").join(dir);
    dir.join(location.strip_prefix("/").unwrap_or(location))
}

/// The ebuilds of a name, lowest version first, and what was wrong on the way.
pub(super) fn read(
    trees: &[RepositoryTree],
    categories: &BTreeSet<String>,
    cpn: &Cpn,
) -> (Vec<Ebuild>, ReadErrors) {
    let mut ebuilds = Vec::new();
    let mut errors = ReadErrors::default();
    for (position, tree) in trees.iter().enumerate() {
        if categories.contains(cpn.category()) {
            let directory = tree.load(cpn);
            ebuilds.extend(directory.ebuilds.iter().cloned());
            for (problem, example) in &directory.problems {
                errors.add(position, *problem, example.clone());
            }
        } else if tree.has(cpn) {
            errors.add(position, MetadataProblem::HiddenCategory, cpn.to_string());
        }
    }
    sort(&mut ebuilds);
    (ebuilds, errors)
}

impl RepositoryTree {
    /// Names of the packages in a category, by directory name.
    pub(super) fn packages_in<'a>(&self, category: &'a str) -> impl Iterator<Item = Cpn> + use<'a> {
        let packages = self
            .chroot
            .subdirectories(&self.location.join(category))
            .into_iter();
        packages.filter_map(move |package| Cpn::parse(&format!("{category}/{package}")))
    }

    /// Every directory on this machine that its ebuilds and their metadata are read from, as far as they are there;
    /// `None` where one belongs to the judged root alone.
    pub(super) fn directories(&self) -> Option<Vec<PathBuf>> {
        let logical = std::iter::once(&self.location)
            .chain(&self.caches)
            .chain(self.eclasses.directories());
        let there = logical.filter(|path| self.chroot.kind(path) == Some(FileKind::Dir));
        there.map(|path| self.chroot.common(path)).collect()
    }

    /// Whether there is an ebuild of this name.
    pub(super) fn has(&self, cpn: &Cpn) -> bool {
        self.ebuild_stems(cpn)
            .iter()
            .any(|stem| cpv_of(cpn, stem).is_some())
    }

    /// File names of the ebuilds of a name, without `.ebuild`.
    fn ebuild_stems(&self, cpn: &Cpn) -> Vec<String> {
        let files = self.chroot.list(&self.location.join(cpn.as_str()));
        files
            .unwrap_or_default()
            .into_iter()
            .filter_map(|file| file.strip_suffix(".ebuild").map(str::to_owned))
            .collect()
    }

    fn load(&self, cpn: &Cpn) -> Arc<ReadDirectory> {
        let Some(shared) = &self.shared else {
            return Arc::new(self.read_directory(cpn));
        };
        let known = || shared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(read) = known().get(cpn) {
            return Arc::clone(read);
        }
        let read = Arc::new(self.read_directory(cpn));
        known().insert(cpn.clone(), Arc::clone(&read));
        read
    }

    fn read_directory(&self, cpn: &Cpn) -> ReadDirectory {
        let mut directory = ReadDirectory::default();
        for stem in self.ebuild_stems(cpn) {
            let Some(cpv) = cpv_of(cpn, &stem) else {
                let problem = (MetadataProblem::BadName, format!("{cpn}/{stem}.ebuild"));
                directory.problems.push(problem);
                continue;
            };
            let ebuild = self.read(cpv, &stem).unwrap_or_else(|(cpv, error)| {
                directory.problems.push((error, cpv.to_string()));
                let repository = Arc::clone(&self.name);
                Ebuild::Unknown { cpv, repository }
            });
            directory.ebuilds.push(ebuild);
        }
        directory
    }

    /// One ebuild, from the first cache whose entry is valid.
    fn read(&self, cpv: Cpv, stem: &str) -> Result<Ebuild, (Cpv, MetadataProblem)> {
        let path = self
            .location
            .join(cpv.cpn.as_str())
            .join(format!("{stem}.ebuild"));
        let mut error = MetadataProblem::NoEntry;
        for cache in &self.caches {
            let file = cache.join(cpv.cpn.category()).join(stem);
            let Some(metadata) = read_entry(&self.chroot, &file) else {
                continue;
            };
            let eapi = entry::eapi(&metadata);
            if eapi.is_some() && entry::is_valid(&self.chroot, &metadata, &path, &self.eclasses) {
                return Ok(self.known(cpv, eapi, metadata));
            }
            error = MetadataProblem::Stale;
        }
        // An ebuild of an EAPI that Portage cannot read exists, and is masked for it.
        match unsupported_eapi(&self.chroot, &path) {
            Some(metadata) => Ok(self.known(cpv, None, metadata)),
            None => Err((cpv, error)),
        }
    }

    fn known(&self, cpv: Cpv, eapi: Option<Eapi>, metadata: Metadata) -> Ebuild {
        Ebuild::Known(Arc::new(Package {
            kind: Kind::Ebuild,
            slot: Slot::parse(metadata.text(Key::Slot), eapi),
            eapi,
            repository: Some(Arc::clone(&self.name)),
            build_id: None,
            build_time: 0,
            cpv,
            metadata,
        }))
    }
}

/// Name and version that a file name stands for; `None` where it is not of this package.
fn cpv_of(cpn: &Cpn, stem: &str) -> Option<Cpv> {
    let cpv = Cpv::parse(&format!("{}/{stem}", cpn.category()))?;
    (cpv.cpn == *cpn).then_some(cpv)
}

fn read_entry(chroot: &Chroot, file: &Path) -> Option<Metadata> {
    let bytes = chroot.read_limited(file, LARGEST).ok()?;
    entry::parse(text(bytes))
}

/// What is known of an ebuild whose head names an EAPI that is not supported; `None` for others.
fn unsupported_eapi(chroot: &Chroot, path: &Path) -> Option<Metadata> {
    let ebuild = text(chroot.read_limited(path, LARGEST).ok()?);
    let eapi = entry::eapi_of_ebuild(&ebuild).filter(|eapi| !eapi.is_empty())?;
    match Eapi::parse(eapi) {
        Some(_) => None,
        None => Some(Metadata::from_pairs([(Key::Eapi, eapi)])),
    }
}
