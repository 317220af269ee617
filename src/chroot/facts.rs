//! What is known of a file without opening it.

use std::fs::{FileType, Metadata};
use std::os::unix::fs::MetadataExt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::FileKind;

/// What something in a directory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NodeKind {
    File,
    Directory,
    Link,
    Other,
}

impl From<FileType> for NodeKind {
    fn from(kind: FileType) -> NodeKind {
        if kind.is_file() {
            NodeKind::File
        } else if kind.is_dir() {
            NodeKind::Directory
        } else if kind.is_symlink() {
            NodeKind::Link
        } else {
            NodeKind::Other
        }
    }
}

impl From<rustix::fs::FileType> for NodeKind {
    /// What a directory tells of an entry; some file systems tell nothing.
    fn from(kind: rustix::fs::FileType) -> NodeKind {
        match kind {
            rustix::fs::FileType::RegularFile => NodeKind::File,
            rustix::fs::FileType::Directory => NodeKind::Directory,
            rustix::fs::FileType::Symlink => NodeKind::Link,
            _ => NodeKind::Other,
        }
    }
}

impl From<NodeKind> for FileKind {
    fn from(kind: NodeKind) -> FileKind {
        match kind {
            NodeKind::File => FileKind::File,
            NodeKind::Directory => FileKind::Dir,
            NodeKind::Link | NodeKind::Other => FileKind::Other,
        }
    }
}

/// Kind, size, mode, owner and time of a file, wherever it lies.
#[derive(Clone, Copy, Debug)]
pub struct FileFacts {
    kind: NodeKind,
    mode: u32,
    uid: u32,
    len: u64,
    seconds: i64,
    nanoseconds: u32,
}

impl FileFacts {
    /// Of a file in memory, which nobody owns but root.
    pub(super) fn in_memory(kind: NodeKind, mode: u32, len: u64, seconds: i64) -> FileFacts {
        FileFacts {
            kind,
            mode,
            uid: 0,
            len,
            seconds,
            nanoseconds: 0,
        }
    }

    pub(super) fn kind(&self) -> NodeKind {
        self.kind
    }

    pub(super) fn is_link(&self) -> bool {
        self.kind == NodeKind::Link
    }

    /// What it is.
    pub fn file_kind(&self) -> FileKind {
        self.kind.into()
    }

    /// Its size in bytes.
    pub fn size(&self) -> u64 {
        self.len
    }

    /// Its permissions.
    pub fn mode(&self) -> u32 {
        self.mode & 0o7777
    }

    /// Its owner.
    pub fn uid(&self) -> u32 {
        self.uid
    }

    /// When it was last changed, in seconds since 1970.
    pub fn mtime(&self) -> i64 {
        self.seconds
    }

    /// The same with fractions.
    pub fn modified(&self) -> Option<SystemTime> {
        let whole = Duration::from_secs(self.seconds.unsigned_abs());
        let at = if self.seconds < 0 {
            UNIX_EPOCH.checked_sub(whole)
        } else {
            UNIX_EPOCH.checked_add(whole)
        };
        at?.checked_add(Duration::from_nanos(self.nanoseconds.into()))
    }
}

impl From<Metadata> for FileFacts {
    fn from(metadata: Metadata) -> FileFacts {
        FileFacts {
            kind: metadata.file_type().into(),
            mode: metadata.mode(),
            uid: metadata.uid(),
            len: metadata.len(),
            seconds: metadata.mtime(),
            nanoseconds: u32::try_from(metadata.mtime_nsec()).unwrap_or(0),
        }
    }
}
