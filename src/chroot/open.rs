//! Opening regular files, and nothing else.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::OFlags;

/// Open a regular file of the running machine, links followed; and its size.
///
/// # Errors
/// It is not a regular file, or whatever the system says.
pub(crate) fn regular(path: &Path) -> io::Result<(File, u64)> {
    check(&std::fs::metadata(path)?)?;
    open(path, OFlags::NONBLOCK)
}

/// The same for a path that has no link in it, with what is known of its end. A link that was put
/// there in between is an error.
///
/// # Errors
/// As [`regular`].
pub(super) fn without_links(path: &Path, metadata: Option<&Metadata>) -> io::Result<(File, u64)> {
    metadata.map_or(Ok(()), check)?;
    open(path, OFlags::NONBLOCK | OFlags::NOFOLLOW)
}

/// Opened without waiting: what was a file when it was looked at may be a pipe by now.
fn open(path: &Path, flags: OFlags) -> io::Result<(File, u64)> {
    let flags = i32::try_from(flags.bits()).map_err(io::Error::other)?;
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(flags)
        .open(path)?;
    let metadata = file.metadata()?;
    check(&metadata)?;
    Ok((file, metadata.len()))
}

fn check(metadata: &Metadata) -> io::Result<()> {
    if metadata.is_dir() {
        return Err(io::Error::new(
            io::ErrorKind::IsADirectory,
            "is a directory",
        ));
    }
    if !metadata.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    Ok(())
}

/// The bytes of a file of at most `limit` bytes, whatever size it has been said to have.
///
/// # Errors
/// It is larger, or cannot be read.
pub(super) fn whole(file: File, size: u64, limit: u64) -> io::Result<Vec<u8>> {
    let too_large = || {
        let text = format!("is larger than {} MiB", limit >> 20);
        Err(io::Error::new(io::ErrorKind::FileTooLarge, text))
    };
    if size > limit {
        return too_large();
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return too_large();
    }
    Ok(bytes)
}

/// Bytes as text; what is not UTF-8 is replaced, as Portage does. Copies only then.
pub fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
