//! The files of a system that lie in memory, as they come out of an archive.

use std::ffi::{OsStr, OsString};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use rustix::io::Errno;

use super::facts::{FileFacts, NodeKind};

/// Files, directories and links by their paths, which begin with `/` and have no link in them.
#[derive(Debug)]
pub struct FileTree {
    nodes: foldhash::HashMap<OsString, Node>,
}

#[derive(Debug)]
struct Node {
    mode: u32,
    /// Seconds since 1970.
    modified: i64,
    content: Content,
}

#[derive(Debug)]
enum Content {
    /// The names in it.
    Directory(Vec<OsString>),
    File(Box<[u8]>),
    /// What it leads to.
    Link(PathBuf),
}

/// What directories have that were not given a mode.
const DIRECTORY_MODE: u32 = 0o755;

impl Default for FileTree {
    fn default() -> FileTree {
        let mut tree = FileTree {
            nodes: foldhash::HashMap::default(),
        };
        tree.nodes.insert("/".into(), Node::directory());
        tree
    }
}

impl Node {
    fn directory() -> Node {
        Node {
            mode: DIRECTORY_MODE,
            modified: 0,
            content: Content::Directory(Vec::new()),
        }
    }
}

impl FileTree {
    /// Add a file at a path below the root, with the directories on the way.
    ///
    /// # Errors
    /// There is something else.
    pub fn add_file(
        &mut self,
        path: &Path,
        mode: u32,
        modified: i64,
        bytes: Vec<u8>,
    ) -> io::Result<()> {
        let content = Content::File(bytes.into());
        let file = Node {
            mode,
            modified,
            content,
        };
        self.add(&absolute(path), file)
    }

    /// Add a symbolic link.
    ///
    /// # Errors
    /// There is something else.
    pub fn add_link(&mut self, path: &Path, target: &Path) -> io::Result<()> {
        let link = Node {
            mode: 0o777,
            modified: 0,
            content: Content::Link(target.to_owned()),
        };
        self.add(&absolute(path), link)
    }

    /// Add a directory, which may be there.
    ///
    /// # Errors
    /// There is something else.
    pub fn add_directory(&mut self, path: &Path) -> io::Result<()> {
        self.make_directory(&absolute(path))
    }

    /// Give a directory that is there a mode.
    ///
    /// # Errors
    /// It is not there.
    pub fn set_directory_mode(&mut self, path: &Path, mode: u32) -> io::Result<()> {
        let path = absolute(path);
        match self.nodes.get_mut(path.as_os_str()) {
            Some(node) if matches!(node.content, Content::Directory(_)) => {
                node.mode = mode;
                Ok(())
            }
            _ => Err(Errno::NOTDIR.into()),
        }
    }

    fn add(&mut self, path: &Path, node: Node) -> io::Result<()> {
        if self.nodes.contains_key(path.as_os_str()) {
            return Err(Errno::EXIST.into());
        }
        let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(Errno::EXIST.into());
        };
        self.make_directory(parent)?;
        self.nodes.insert(path.as_os_str().to_owned(), node);
        if let Some(Content::Directory(names)) = self.content_mut(parent) {
            names.push(name.to_owned());
        }
        Ok(())
    }

    fn make_directory(&mut self, path: &Path) -> io::Result<()> {
        match self.content_mut(path) {
            Some(Content::Directory(_)) => Ok(()),
            Some(_) => Err(Errno::NOTDIR.into()),
            None => self.add(path, Node::directory()),
        }
    }

    fn content_mut(&mut self, path: &Path) -> Option<&mut Content> {
        let node = self.nodes.get_mut(path.as_os_str())?;
        Some(&mut node.content)
    }

    fn node(&self, path: &Path) -> io::Result<&Node> {
        let found = self.nodes.get(path.as_os_str());
        found.ok_or_else(|| ErrorKind::NotFound.into())
    }

    /// What is at a path without links; a link itself where it ends in one.
    pub(super) fn facts(&self, path: &Path) -> io::Result<FileFacts> {
        let node = self.node(path)?;
        let (kind, len) = match &node.content {
            Content::Directory(_) => (NodeKind::Directory, 0),
            Content::File(bytes) => (NodeKind::File, bytes.len() as u64),
            Content::Link(_) => (NodeKind::Link, 0),
        };
        Ok(FileFacts::in_memory(kind, node.mode, len, node.modified))
    }

    pub(super) fn link_target(&self, path: &Path) -> io::Result<PathBuf> {
        match &self.node(path)?.content {
            Content::Link(target) => Ok(target.clone()),
            _ => Err(Errno::INVAL.into()),
        }
    }

    pub(super) fn bytes(&self, path: &Path) -> io::Result<&[u8]> {
        match &self.node(path)?.content {
            Content::File(bytes) => Ok(bytes),
            Content::Directory(_) => Err(Errno::ISDIR.into()),
            Content::Link(_) => Err(Errno::LOOP.into()),
        }
    }

    /// The names in a directory, and what each is.
    pub(super) fn names<'t>(
        &'t self,
        path: &'t Path,
    ) -> io::Result<impl Iterator<Item = (&'t OsStr, NodeKind)> + use<'t>> {
        let Content::Directory(names) = &self.node(path)?.content else {
            return Err(Errno::NOTDIR.into());
        };
        Ok(names.iter().filter_map(move |name| {
            let facts = self.facts(&path.join(name)).ok()?;
            Some((name.as_os_str(), facts.kind()))
        }))
    }
}

fn absolute(path: &Path) -> PathBuf {
    Path::new("/").join(path)
}
