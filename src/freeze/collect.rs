//! Which files judging a system takes.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Component, Path, PathBuf};

use super::{Omission, secrets};
use crate::chroot::FileKind;
use crate::local::Base;
use crate::pms::Cpn;

/// How deep directories are walked, and how many links one path may lead through.
const DEPTH: usize = 64;

/// How much of the repositories is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FreezeScope<'n> {
    /// Ebuilds and their metadata of these names.
    Names(&'n BTreeSet<Cpn>),
    /// All there is but the history of the repository.
    All,
}

/// Something at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FrozenMember {
    /// A directory with its mode.
    Dir(u32),
    /// A file with its mode and time of change in seconds since 1970.
    File(u32, i64),
    /// A link and what it leads to.
    Link(PathBuf),
}

/// What is taken, by logical path without links, and what is left out.
#[derive(Debug, Default)]
pub struct Collection {
    pub(super) members: BTreeMap<PathBuf, FrozenMember>,
    pub(super) left_out: BTreeSet<Omission>,
    /// What must not go out unread: files of the configuration.
    pub(super) configuration: BTreeSet<PathBuf>,
}

impl Collection {
    /// More that is left out, as was found out before.
    pub fn left_out_too(&mut self, more: impl IntoIterator<Item = Omission>) {
        self.left_out.extend(more);
    }
}

/// Find them.
pub fn collect(base: &Base, scope: FreezeScope<'_>) -> Collection {
    let mut collector = Collector {
        base,
        found: Collection::default(),
    };
    let roots = &base.roots;
    collector.tree(&roots.user_config, Purpose::Configuration);
    collector.tree(&roots.global_config, Purpose::Data);
    for file in ["etc/profile.env", "etc/make.conf"] {
        collector.file(&roots.eroot.join(file), Purpose::Configuration);
    }
    for repository in &base.repositories.list {
        // Links on the way to it.
        collector.add(&repository.configured, Purpose::Data);
        collector.repository(&repository.location, scope);
    }
    collector.tree(&roots.eroot.join("var/db/pkg"), Purpose::Installed);
    for file in ["world", "world_sets", "config", "preserved_libs_registry"] {
        collector.file(
            &roots.eroot.join("var/lib/portage").join(file),
            Purpose::Data,
        );
    }
    for node in &base.profile.nodes {
        collector.tree(&node.dir, Purpose::Data);
    }
    collector.found
}

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Configuration,
    Installed,
    Data,
}

struct Collector<'b> {
    base: &'b Base,
    found: Collection,
}

impl Collector<'_> {
    fn repository(&mut self, location: &Path, scope: FreezeScope<'_>) {
        let names = match scope {
            FreezeScope::All => return self.tree(location, Purpose::Data),
            FreezeScope::Names(names) => names,
        };
        for directory in ["profiles", "eclass", "licenses"] {
            self.tree(&location.join(directory), Purpose::Data);
        }
        let metadata = location.join("metadata");
        for name in self.base.chroot.list(&metadata).unwrap_or_default() {
            let path = metadata.join(name);
            if self.base.chroot.kind(&path) == Some(FileKind::File) {
                self.file(&path, Purpose::Data);
            }
        }
        let written = location.strip_prefix("/").unwrap_or(location);
        let caches = [
            metadata.join("md5-cache"),
            metadata.join("cache"),
            self.base
                .roots
                .eroot
                .join("var/cache/edb/dep")
                .join(written),
        ];
        let categories: BTreeSet<&str> = names.iter().map(Cpn::category).collect();
        for category in categories {
            for cache in &caches {
                self.entries(&cache.join(category), category, names);
            }
        }
        for name in names {
            self.ebuilds(&location.join(name.as_str()));
        }
    }

    /// Cache entries of the wanted names.
    fn entries(&mut self, directory: &Path, category: &str, names: &BTreeSet<Cpn>) {
        for file in self.base.chroot.list(directory).unwrap_or_default() {
            let cpv = crate::pms::Cpv::parse(&format!("{category}/{file}"));
            if cpv.is_some_and(|cpv| names.contains(&cpv.cpn)) {
                self.file(&directory.join(file), Purpose::Data);
            }
        }
    }

    fn ebuilds(&mut self, directory: &Path) {
        for file in self.base.chroot.list(directory).unwrap_or_default() {
            if file.ends_with(".ebuild") {
                self.file(&directory.join(file), Purpose::Data);
            }
        }
    }

    fn file(&mut self, logical: &Path, kind: Purpose) {
        self.add(logical, kind);
    }

    fn tree(&mut self, logical: &Path, kind: Purpose) {
        let mut open = vec![(logical.to_path_buf(), 0)];
        while let Some((at, depth)) = open.pop() {
            let Some(path) = self.add(&at, kind) else {
                continue;
            };
            if depth > DEPTH || !matches!(self.found.members.get(&path), Some(FrozenMember::Dir(_)))
            {
                continue;
            }
            match self.base.chroot.list(&path) {
                Ok(names) => {
                    open.extend(names.into_iter().map(|name| (path.join(name), depth + 1)))
                }
                Err(error) => self.leave_out(&path, &format!("it cannot be read: {error}")),
            }
        }
    }

    /// Add what a path leads to, with the directories and links on the way; its path without links if it was not
    /// there before.
    fn add(&mut self, logical: &Path, kind: Purpose) -> Option<PathBuf> {
        if kind == Purpose::Configuration
            && let Some(why) = secrets::by_name(logical)
        {
            self.leave_out(logical, why);
            return None;
        }
        if kind == Purpose::Installed && is_bulk(logical) || logical.ends_with(".git") {
            return None;
        }
        let path = self.resolve(logical)?;
        if self.found.members.contains_key(&path) && !self.is_implied_dir(&path) {
            return None;
        }
        let facts = self.base.chroot.facts(&path).ok()?;
        let mode = facts.mode() & 0o777;
        let member = match facts.file_kind() {
            FileKind::Dir => FrozenMember::Dir(mode),
            FileKind::File => FrozenMember::File(mode, facts.mtime()),
            FileKind::Other => {
                self.leave_out(&path, "it is neither file nor directory");
                return None;
            }
        };
        if kind == Purpose::Configuration {
            self.found.configuration.insert(path.clone());
        }
        self.found.members.insert(path.clone(), member);
        Some(path)
    }

    /// A directory that is only there since something below it is.
    fn is_implied_dir(&self, path: &Path) -> bool {
        matches!(self.found.members.get(path), Some(FrozenMember::Dir(_)))
    }

    /// The path without links; directories and links on the way are added.
    fn resolve(&mut self, logical: &Path) -> Option<PathBuf> {
        self.base.chroot.facts(logical).ok()?;
        let mut at = PathBuf::from("/");
        let mut left: VecDeque<PathBuf> = parts(logical).into();
        let mut links = 0;
        while let Some(name) = left.pop_front() {
            if name.as_os_str() == ".." {
                at.pop();
                continue;
            }
            at.push(name);
            if let Some(target) = self.base.chroot.link_target(&at) {
                links += 1;
                if links > DEPTH {
                    return None;
                }
                self.found
                    .members
                    .insert(at.clone(), FrozenMember::Link(target.clone()));
                at.pop();
                if target.is_absolute() {
                    at = PathBuf::from("/");
                }
                for part in parts(&target).into_iter().rev() {
                    left.push_front(part);
                }
            } else if !left.is_empty() {
                self.way(&at);
            }
        }
        Some(at)
    }

    /// A directory on the way to something. One above what a root has from the running machine may not be there.
    fn way(&mut self, at: &Path) {
        if !self.found.members.contains_key(at) {
            let facts = self.base.chroot.facts(at);
            let mode = facts.map_or(0o755, |facts| facts.mode() & 0o777);
            self.found
                .members
                .insert(at.to_path_buf(), FrozenMember::Dir(mode));
        }
    }

    fn leave_out(&mut self, path: &Path, why: &str) {
        self.found.left_out.insert(Omission {
            path: path.display().to_string(),
            why: why.to_owned(),
        });
    }
}

/// What an installed package has that no judgement asks for, and that is large.
fn is_bulk(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    matches!(name, Some("environment.bz2" | "CONTENTS"))
        || name.is_some_and(|name| name.ends_with(".ebuild"))
}

/// Names of a path, and `..` where it has that.
fn parts(path: &Path) -> Vec<PathBuf> {
    let parts = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(PathBuf::from(name)),
        Component::ParentDir => Some(PathBuf::from("..")),
        _ => None,
    });
    parts.collect()
}
