//! The installed-package database, `EROOT/var/db/pkg` (`portage: vartree.py:vardbapi`).

mod files;
mod libc;
pub(crate) mod owners;
pub(super) mod record;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use anyhow::{Context, bail};

use self::files::Files;
use super::Base;
use super::trees::categories;
use crate::pms::{Cpn, Cpv, Key, Package};
use crate::source::Notices;

/// Dependencies that matter once a package is installed (`portage: Package.py:Package._runtime_keys`).
const RUNTIME: [Key; 3] = [Key::Idepend, Key::Pdepend, Key::Rdepend];

/// All installed packages by name. Names and versions are read at once, metadata of a package
/// when its name is requested the first time.
#[derive(Debug, Default)]
pub struct Installed {
    /// `EROOT/var/db/pkg`, as the judged system knows it.
    location: PathBuf,
    /// The files of the judged system.
    files: Files,
    names: BTreeMap<Cpn, Versions>,
    libc: Vec<Cpn>,
    blocking: OnceLock<BTreeSet<Cpn>>,
}

/// Installed versions of one name, lowest first.
#[derive(Debug, Default)]
struct Versions {
    cpvs: Vec<Cpv>,
    read: OnceLock<ReadVersions>,
}

/// What was read of them.
#[derive(Debug, Default)]
struct ReadVersions {
    packages: Vec<Arc<Package>>,
    /// The first file of theirs that this user may not read.
    refused: Option<PathBuf>,
}

impl Installed {
    /// Read the directory tree. Directories that are not packages are notices.
    ///
    /// # Errors
    /// The database exists and cannot be read.
    pub fn load(base: &Base, notices: &Notices) -> anyhow::Result<Installed> {
        let location = base.roots.eroot.join("var/db/pkg");
        match base.chroot.list(&location) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(error).with_context(|| {
                    format!(
                        "cannot read the installed packages at {}",
                        location.display()
                    )
                });
            }
            _ => {}
        }
        let mut installed = Installed {
            location,
            files: Files::new(base.chroot.clone()),
            ..Installed::default()
        };
        installed.list(notices);
        installed.libc = libc::providers(&installed);
        Ok(installed)
    }

    /// Installed names in order.
    pub fn names(&self) -> impl Iterator<Item = &Cpn> {
        self.names.keys()
    }

    /// Installed versions of a name, lowest first, without reading any metadata.
    pub fn versions(&self, cpn: &str) -> &[Cpv] {
        self.names.get(cpn).map_or(&[], |versions| &versions.cpvs)
    }

    /// Installed packages of a name, lowest version first.
    pub fn of(&self, cpn: &str) -> &[Arc<Package>] {
        let Some(versions) = self.names.get(cpn) else {
            return &[];
        };
        let read = self.read(versions);
        // What another thread read ahead counts from here on.
        if let Some(file) = &read.refused {
            self.files.refuse(file);
        }
        &read.packages
    }

    /// Read what is likely to be requested of a name, for [`Installed::of`] in another thread.
    pub fn read_ahead(&self, cpn: &str) {
        if let Some(versions) = self.names.get(cpn) {
            self.read(versions);
        }
    }

    fn read<'v>(&self, versions: &'v Versions) -> &'v ReadVersions {
        versions.read.get_or_init(|| {
            let files = self.files.apart();
            let read = |cpv: &Cpv| Arc::new(record::read(&files, &self.dir_of(cpv), cpv));
            ReadVersions {
                packages: versions.cpvs.iter().map(read).collect(),
                refused: files.refused().map(Path::to_owned),
            }
        })
    }

    /// All installed packages in order of name; reads the metadata of all.
    pub fn packages(&self) -> impl Iterator<Item = &Arc<Package>> {
        self.names().flat_map(|cpn| self.of(cpn.as_str()))
    }

    /// Where the database lies, as the judged system knows it.
    pub fn location(&self) -> &Path {
        &self.location
    }

    /// One recorded variable of a package that [`crate::pms::Key`] does not know, such as
    /// `INHERITED`; empty where it was not recorded.
    pub fn variable(&self, cpv: &Cpv, name: &str) -> String {
        record::variable(&self.files, &self.dir_of(cpv), name)
    }

    /// Names of the C library packages: what the dependencies of the installed `virtual/libc` name
    /// (`portage: libc.py:find_libc_deps`). Where it is not installed that is `virtual/libc` itself.
    pub fn libc(&self) -> &[Cpn] {
        &self.libc
    }

    /// Names with a blocker among the run-time dependencies that were recorded, whatever its conditions.
    /// Where a name was not requested yet, only these variables are read.
    pub fn blocking(&self) -> &BTreeSet<Cpn> {
        self.blocking.get_or_init(|| {
            let names = self.names.iter();
            let blocking = names.filter(|(cpn, versions)| match versions.read.get() {
                Some(_) => self.of(cpn.as_str()).iter().any(|package| {
                    RUNTIME
                        .iter()
                        .any(|key| has_blocker(package.metadata.text(*key)))
                }),
                None => versions.cpvs.iter().any(|cpv| {
                    let texts = record::texts(&self.files, &self.dir_of(cpv), RUNTIME);
                    texts.iter().any(|text| has_blocker(text))
                }),
            });
            blocking.map(|(cpn, _)| cpn.clone()).collect()
        })
    }

    /// See that nothing was left out of what has been read so far.
    ///
    /// # Errors
    /// A file of a package is there and this user may not read it.
    pub fn check_readable(&self) -> anyhow::Result<()> {
        self.files.refused().map_or(Ok(()), |file| {
            bail!(
                "cannot read {}: permission denied; run as a user who may read the installed packages",
                file.display()
            )
        })
    }

    fn dir_of(&self, cpv: &Cpv) -> PathBuf {
        let package = format!("{}-{}", cpv.cpn.package(), cpv.version);
        self.location.join(cpv.cpn.category()).join(package)
    }

    fn list(&mut self, notices: &Notices) {
        for category in self.files.subdirectories(&self.location) {
            if is_skipped(&category) || !categories::is_name(&category) {
                continue;
            }
            let dir = self.location.join(&category);
            for package in self.files.subdirectories(&dir) {
                if is_skipped(&package) {
                    continue;
                }
                match Cpv::parse(&format!("{category}/{package}")) {
                    Some(cpv) => self
                        .names
                        .entry(cpv.cpn.clone())
                        .or_default()
                        .cpvs
                        .push(cpv),
                    None => notices.file(
                        &dir.join(&package),
                        "not the name and version of a package, skipped; remove the directory",
                    ),
                }
            }
        }
        for versions in self.names.values_mut() {
            let cpvs = &mut versions.cpvs;
            cpvs.sort_by(|left, right| left.version.cmp_version(&right.version));
        }
    }
}

impl FromIterator<Package> for Installed {
    /// A database of packages that are at hand, with no directory behind it.
    fn from_iter<I: IntoIterator<Item = Package>>(packages: I) -> Installed {
        let mut packages: Vec<Package> = packages.into_iter().collect();
        packages.sort_by(|left, right| left.cpv.version.cmp_version(&right.cpv.version));
        let mut by_name: BTreeMap<Cpn, Vec<Arc<Package>>> = BTreeMap::new();
        for package in packages {
            let same_name = by_name.entry(package.cpv.cpn.clone()).or_default();
            same_name.push(Arc::new(package));
        }
        let versions = |packages: Vec<Arc<Package>>| Versions {
            cpvs: packages.iter().map(|package| package.cpv.clone()).collect(),
            read: ReadVersions {
                packages,
                refused: None,
            }
            .into(),
        };
        let names = by_name
            .into_iter()
            .map(|(cpn, packages)| (cpn, versions(packages)));
        let mut installed = Installed {
            names: names.collect(),
            ..Installed::default()
        };
        installed.libc = libc::providers(&installed);
        installed
    }
}

/// Whether a dependency string has a word that begins like a blocker; `!flag?` is a condition.
fn has_blocker(text: &str) -> bool {
    text.contains('!')
        && text
            .split_ascii_whitespace()
            .any(|word| word.starts_with('!') && !word.ends_with('?'))
}

/// Names that are not of a category or package: unfinished merges among them.
fn is_skipped(name: &str) -> bool {
    name.starts_with('.') || name.starts_with("-MERGING-") || matches!(name, "CVS" | "lost+found")
}

#[cfg(test)]
mod tests;
