//! Opening regular files and directories, and nothing else.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{CWD, Dir, DirEntry, MemfdFlags, Mode, OFlags, ResolveFlags};
use rustix::io::Errno;

use super::facts::{FileFacts, NodeKind};

/// Whether links are followed on the way to what is opened.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Links {
    /// As the running machine sees the path.
    Followed,
    /// A link anywhere in the path is an error. They were resolved before, and whoever owns a judged root may
    /// put another in place of a directory in the meantime.
    Refused,
}

/// Open a regular file of the running machine, links followed; and its size.
///
/// # Errors
/// It is not a regular file, or any error of the system.
pub(crate) fn regular(path: &Path) -> io::Result<(File, u64)> {
    check(std::fs::metadata(path)?.file_type().into())?;
    open(path, Links::Followed)
}

/// The same for a path that has no link in it, with what is known of its end.
///
/// # Errors
/// As [`regular`], and a link was put there in between.
pub(super) fn without_links(path: &Path, facts: Option<&FileFacts>) -> io::Result<(File, u64)> {
    facts.map_or(Ok(()), |facts| check(facts.kind()))?;
    open(path, Links::Refused)
}

/// The same in a directory that is open.
///
/// # Errors
/// As [`regular`], and it is a link.
pub(super) fn in_directory(dir: &Dir, name: &str) -> io::Result<(File, u64)> {
    let flags = OFlags::NONBLOCK | OFlags::NOFOLLOW | READ;
    let opened = rustix::fs::openat(dir.fd()?, name, flags, Mode::empty())?;
    checked(File::from(opened))
}

/// A directory, open for reading its names.
///
/// # Errors
/// It is not a directory, or any error of the system.
pub(super) fn directory(path: &Path, links: Links) -> io::Result<Dir> {
    Ok(Dir::new(descriptor(path, OFlags::DIRECTORY, links)?)?)
}

/// Whether an entry of a directory is something in it: neither the directory itself nor the one above.
pub(crate) fn is_member(entry: &DirEntry) -> bool {
    !matches!(entry.file_name().to_bytes(), b"." | b"..")
}

/// Opened without waiting: what was a file when its kind was requested may be a pipe by now.
fn open(path: &Path, links: Links) -> io::Result<(File, u64)> {
    checked(File::from(descriptor(path, OFlags::NONBLOCK, links)?))
}

fn checked(file: File) -> io::Result<(File, u64)> {
    let metadata = file.metadata()?;
    check(metadata.file_type().into())?;
    Ok((file, metadata.len()))
}

/// How everything is opened.
const READ: OFlags = OFlags::RDONLY.union(OFlags::CLOEXEC).union(OFlags::NOCTTY);

fn descriptor(path: &Path, flags: OFlags, links: Links) -> io::Result<OwnedFd> {
    let flags = flags | READ;
    if links == Links::Followed {
        return Ok(rustix::fs::open(path, flags, Mode::empty())?);
    }
    let whole = ResolveFlags::NO_SYMLINKS;
    match rustix::fs::openat2(CWD, path, flags, Mode::empty(), whole) {
        // Linux before 5.6, and sandboxes that do not know the call: the last part at least.
        Err(Errno::NOSYS | Errno::PERM) => {
            let flags = flags | OFlags::NOFOLLOW;
            Ok(rustix::fs::open(path, flags, Mode::empty())?)
        }
        opened => Ok(opened?),
    }
}

fn check(kind: NodeKind) -> io::Result<()> {
    match kind {
        NodeKind::File => Ok(()),
        NodeKind::Directory => Err(io::Error::new(
            io::ErrorKind::IsADirectory,
            "is a directory",
        )),
        NodeKind::Link | NodeKind::Other => Err(io::Error::other("not a regular file")),
    }
}

/// A file without a name that has these bytes, for whoever reads a file that lies in memory a piece at a time.
///
/// # Errors
/// The system has no room for it.
pub(super) fn in_memory(bytes: &[u8]) -> io::Result<(File, u64)> {
    let descriptor = rustix::fs::memfd_create("bincheck", MemfdFlags::CLOEXEC)?;
    let mut file = File::from(descriptor);
    file.write_all(bytes)?;
    file.rewind()?;
    Ok((file, bytes.len() as u64))
}

fn too_large(limit: u64) -> io::Error {
    let text = format!("is larger than {} MiB", limit >> 20);
    io::Error::new(io::ErrorKind::FileTooLarge, text)
}

/// Bytes in memory, if they are at most `limit`.
///
/// # Errors
/// They are more.
pub(super) fn limited(bytes: &[u8], limit: u64) -> io::Result<Vec<u8>> {
    if bytes.len() as u64 > limit {
        return Err(too_large(limit));
    }
    Ok(bytes.to_vec())
}

/// The bytes of a file of at most `limit` bytes, whatever its metadata claims.
///
/// # Errors
/// It is larger, or cannot be read.
pub(super) fn whole(file: File, size: u64, limit: u64) -> io::Result<Vec<u8>> {
    if size > limit {
        return Err(too_large(limit));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    // What grows meanwhile is read as it was, so that the end need not be looked for.
    (&file).take(size).read_to_end(&mut bytes)?;
    if bytes.is_empty() {
        // files that the system makes up have no size
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    }
    if bytes.len() as u64 > limit {
        return Err(too_large(limit));
    }
    Ok(bytes)
}

/// Bytes as text; what is not UTF-8 is replaced, as Portage does. Copies only then.
pub fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
