//! Following a path through links, as the judged system would.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::facts::FileFacts;
use super::granted::Grant;
use super::tree::FileTree;

/// Symbolic links that one path may lead through, as in Linux.
const MAX_LINKS: u32 = 40;

/// What there is to walk on.
pub(super) struct PathResolver<'a> {
    /// The root of the judged system.
    pub(super) root: &'a ForeignRoot,
    /// Directories of the running machine that are seen at their own paths.
    pub(super) granted: &'a [Grant],
}

/// The root of a system that is not the running one.
#[derive(Clone, Debug)]
pub(super) enum ForeignRoot {
    /// A directory of the running machine.
    Directory(PathBuf),
    /// Files in memory, and the archive that they came from, for people.
    Memory(Arc<FileTree>, PathBuf),
}

/// Where a file lies.
#[derive(Debug)]
pub(super) enum Place {
    /// At this path of the running machine.
    Disk(PathBuf),
    /// In memory, at this path below the root.
    Memory(PathBuf),
}

/// Where a path ends.
#[derive(Debug)]
pub(super) enum End {
    /// At something that exists.
    Found(FoundPath),
    /// At nothing. This is where it would have to be: links followed as far as there are any, the rest
    /// as written.
    Missing(PathBuf),
}

/// Something that exists.
#[derive(Debug)]
pub(super) struct FoundPath {
    /// As the judged system knows it, without any links; begins with `/`.
    pub(super) logical: PathBuf,
    /// Where it lies.
    pub(super) place: Place,
    /// What it is, where that was requested on the way.
    pub(super) facts: Option<FileFacts>,
}

impl End {
    /// What was found.
    ///
    /// # Errors
    /// Nothing is there.
    pub(super) fn found(self) -> io::Result<FoundPath> {
        match self {
            End::Found(found) => Ok(found),
            End::Missing(_) => Err(rustix::io::Errno::NOENT.into()),
        }
    }
}

/// A part of a path that is still to be entered.
enum PathStep {
    Root,
    Up,
    Into(OsString),
}

impl PathResolver<'_> {
    /// Follow `path` from `start`, a logical path without links.
    ///
    /// # Errors
    /// A loop of links, or what the system says about a directory on the way.
    pub(super) fn walk(&self, start: PathBuf, path: &Path) -> io::Result<End> {
        let mut at = start;
        let mut known = None;
        let mut links = 0;
        let mut steps = Vec::new();
        push(&mut steps, path);
        while let Some(step) = steps.pop() {
            known = None;
            let name = match step {
                PathStep::Root => {
                    at = "/".into();
                    continue;
                }
                PathStep::Up => {
                    at.pop();
                    continue;
                }
                PathStep::Into(name) => name,
            };
            let next = at.join(name);
            if self.granted.iter().any(|grant| grant.leads(&next)) {
                at = next;
                continue;
            }
            let facts = match self.facts(&next) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    return rest(next, steps).ok_or(error).map(End::Missing);
                }
                facts => facts?,
            };
            if !facts.is_link() {
                at = next;
                known = Some(facts);
                continue;
            }
            links += 1;
            if links > MAX_LINKS {
                return Err(io::Error::other("too many levels of symbolic links"));
            }
            push(&mut steps, &self.link_target(&next)?);
        }
        Ok(End::Found(FoundPath {
            place: self.locate(&at),
            logical: at,
            facts: known,
        }))
    }

    /// Follow one name in `start`, a logical directory without links. Hardly any file is a link.
    ///
    /// # Errors
    /// As [`PathResolver::walk`].
    pub(super) fn enter(&self, start: PathBuf, name: &OsStr) -> io::Result<End> {
        let logical = start.join(name);
        if self.granted.iter().any(|grant| grant.leads(&logical)) {
            return self.walk(start, Path::new(name));
        }
        match self.facts(&logical) {
            Ok(facts) if facts.is_link() => self.walk(start, Path::new(name)),
            Ok(facts) => Ok(End::Found(FoundPath {
                place: self.locate(&logical),
                logical,
                facts: Some(facts),
            })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(End::Missing(logical)),
            Err(error) => Err(error),
        }
    }

    /// Where a logical path lies on the running machine if it has no link in it; `None` in memory, for a granted
    /// directory and for one above it.
    pub(super) fn real(&self, logical: &Path) -> Option<PathBuf> {
        let leads = self.granted.iter().any(|grant| grant.leads(logical));
        match self.locate(logical) {
            Place::Disk(real) if !leads => Some(real),
            _ => None,
        }
    }

    /// What a link leads to.
    ///
    /// # Errors
    /// It is none.
    pub(super) fn link_target(&self, logical: &Path) -> io::Result<PathBuf> {
        match self.locate(logical) {
            Place::Disk(real) => fs::read_link(real),
            Place::Memory(path) => self.tree()?.link_target(&path),
        }
    }

    /// What lies at a logical path without links on the way; a link itself where it ends in one.
    fn facts(&self, logical: &Path) -> io::Result<FileFacts> {
        facts_of(self.root, &self.locate(logical))
    }

    fn tree(&self) -> io::Result<&FileTree> {
        self.root.tree()
    }

    /// Where a logical path without links lies.
    fn locate(&self, logical: &Path) -> Place {
        let mut granted = self.granted.iter();
        match granted.find_map(|grant| grant.locate(logical)) {
            Some(real) => Place::Disk(real),
            None => self.root.locate(logical),
        }
    }
}

impl ForeignRoot {
    fn locate(&self, logical: &Path) -> Place {
        match self {
            ForeignRoot::Directory(dir) => Place::Disk(below(dir, logical)),
            ForeignRoot::Memory(..) => Place::Memory(logical.to_owned()),
        }
    }

    /// Its files, where those lie in memory.
    ///
    /// # Errors
    /// They do not.
    pub(super) fn tree(&self) -> io::Result<&FileTree> {
        match self {
            ForeignRoot::Memory(tree, _) => Ok(tree),
            ForeignRoot::Directory(_) => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// What it is called on the running machine: its directory, or the archive.
    pub(super) fn path(&self) -> &Path {
        match self {
            ForeignRoot::Directory(path) | ForeignRoot::Memory(_, path) => path,
        }
    }
}

/// What lies at a place.
///
/// # Errors
/// Nothing does, or the system does not tell.
pub(super) fn facts_of(root: &ForeignRoot, place: &Place) -> io::Result<FileFacts> {
    match place {
        Place::Disk(real) => Ok(fs::symlink_metadata(real)?.into()),
        Place::Memory(path) => root.tree()?.facts(path),
    }
}

/// The steps of a path on top of those that follow it.
fn push(steps: &mut Vec<PathStep>, path: &Path) {
    let parts = path.components().filter_map(|part| match part {
        Component::RootDir | Component::Prefix(_) => Some(PathStep::Root),
        Component::CurDir => None,
        Component::ParentDir => Some(PathStep::Up),
        Component::Normal(name) => Some(PathStep::Into(name.to_owned())),
    });
    let from = steps.len();
    steps.extend(parts);
    steps[from..].reverse();
}

/// A path that does not exist with the steps that were left; `None` if they lead up from nothing.
fn rest(mut path: PathBuf, steps: Vec<PathStep>) -> Option<PathBuf> {
    for step in steps.into_iter().rev() {
        match step {
            PathStep::Into(name) => path.push(name),
            PathStep::Root | PathStep::Up => return None,
        }
    }
    Some(path)
}

/// `dir` and a logical path in one.
pub(super) fn below(dir: &Path, logical: &Path) -> PathBuf {
    match logical.strip_prefix("/") {
        Ok(relative) => dir.join(relative),
        Err(_) => dir.join(logical),
    }
}

/// Whether a path is nothing but names, so that it stays below whatever it is joined to, as far as there are no links.
pub fn is_below_any(path: &Path) -> bool {
    let mut parts = path.components().peekable();
    parts.peek().is_some() && parts.all(|part| matches!(part, Component::Normal(_)))
}

/// The path without `.` and `..`, by its text alone; begins with `/`.
pub fn normal(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::from("/");
    for component in path.components() {
        match component {
            Component::Normal(name) => tidy.push(name),
            Component::ParentDir => {
                tidy.pop();
            }
            _ => {}
        }
    }
    tidy
}
