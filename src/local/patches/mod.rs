//! User patches and their digest (`portage: UserPatches.py:UserPatches`, since 3.0.83).

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::Base;
use crate::chroot::{Chroot, FileKind};
use crate::local::files;
use crate::pms::{Cpv, Package};

/// Patches below `/etc/portage/patches`, with the hash of each file.
#[derive(Debug, Default)]
pub struct Patches {
    /// By `category/directory`; directories without a patch are left out.
    sets: HashMap<String, Set>,
}

/// The patches of one directory by base name, which sorts them by bytes.
type Set = BTreeMap<String, Patch>;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Patch {
    path: PathBuf,
    /// SHA-256 of the content in hexadecimal; `None` for an empty file, which does not count.
    hash: Option<String>,
}

impl Patches {
    /// Read and hash all patches once.
    ///
    /// # Errors
    /// One that is there cannot be read.
    pub fn load(base: &Base) -> anyhow::Result<Patches> {
        read(&base.chroot, &base.roots.user_config.join("patches"))
    }

    /// The digest for a package; empty where no patch applies.
    pub fn digest(&self, package: &Package) -> String {
        self.digest_of(&package.cpv, package.slot_or_zero().slot())
    }

    /// The files that apply to a package, in order of base name.
    pub fn files(&self, package: &Package) -> Vec<PathBuf> {
        let patches = self.applying(&package.cpv, package.slot_or_zero().slot());
        patches
            .into_values()
            .map(|patch| patch.path.clone())
            .collect()
    }

    fn digest_of(&self, cpv: &Cpv, slot: &str) -> String {
        let patches = self.applying(cpv, slot);
        let hashes: String = patches
            .values()
            .filter_map(|patch| patch.hash.as_deref())
            .collect();
        if hashes.is_empty() {
            return String::new();
        }
        hex(hashes.as_bytes())
    }

    /// The patches of all directories that a package has; a file of a later one replaces that of the
    /// same name of an earlier one.
    fn applying(&self, cpv: &Cpv, slot: &str) -> BTreeMap<&str, &Patch> {
        let mut patches = BTreeMap::new();
        if self.sets.is_empty() {
            return patches;
        }
        let (name, full) = (cpv.cpn.as_str(), cpv.to_string());
        let directories = [
            name.to_owned(),
            full.clone(),
            format!("{name}:{slot}"),
            format!("{full}:{slot}"),
        ];
        for set in directories
            .iter()
            .filter_map(|directory| self.sets.get(directory))
        {
            patches.extend(set.iter().map(|(name, patch)| (name.as_str(), patch)));
        }
        patches
    }
}

/// Read `CATEGORY/DIRECTORY/*.{diff,patch}`, not deeper.
fn read(chroot: &Chroot, top: &Path) -> anyhow::Result<Patches> {
    let mut patches = Patches::default();
    for category in names(chroot, top)? {
        let category_dir = top.join(&category);
        for directory in names(chroot, &category_dir)? {
            let set = read_set(chroot, &category_dir.join(&directory))?;
            if !set.is_empty() {
                patches.sets.insert(format!("{category}/{directory}"), set);
            }
        }
    }
    Ok(patches)
}

fn read_set(chroot: &Chroot, dir: &Path) -> anyhow::Result<Set> {
    let mut set = Set::new();
    let is_patch = |name: &String| name.ends_with(".diff") || name.ends_with(".patch");
    for name in names(chroot, dir)?.into_iter().filter(is_patch) {
        let path = dir.join(&name);
        let content = chroot
            .read(&path)
            .map_err(|error| files::unreadable(&path, error))?;
        let hash = (!content.is_empty()).then(|| hex(&content));
        set.insert(name, Patch { path, hash });
    }
    Ok(set)
}

/// The names in a directory; none where there is no directory.
fn names(chroot: &Chroot, dir: &Path) -> anyhow::Result<Vec<String>> {
    if files::kind(chroot, dir)? != Some(FileKind::Dir) {
        return Ok(Vec::new());
    }
    chroot
        .list(dir)
        .map_err(|error| files::unreadable(dir, error))
}

fn hex(content: &[u8]) -> String {
    let bytes = Sha256::digest(content);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
