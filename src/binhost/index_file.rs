//! The files of an index: their names, and reading them from this machine.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};

use super::{BinRepo, body};
use crate::chroot::{Chroot, GrantKind, Refusal};
use crate::source::Source;

/// The names of an index, in the order in which they are requested.
pub(super) const NAMES: [&str; 2] = ["Packages.gz", "Packages"];

/// Why a directory that the judged root lacks is not looked for on this machine.
const HOME: &str = "the judged root lacks it, and on this machine it lies in a home directory, which is \
                    never read for another system";

/// The index of a host in the file system, which is read afresh each time.
///
/// # Errors
/// There is none, it cannot be read, or it has more than `limit` bytes.
pub(super) fn read(
    chroot: &Chroot,
    repo: &BinRepo,
    directory: &Path,
    limit: u64,
) -> Result<String> {
    // A directory that is lacking, or refused, has no index: reading it then is an error that shows so.
    let refused = chroot.grant(directory, grant_kind(repo)).err();
    read_any(chroot, directory, limit).map_err(|error| match refused {
        Some(Refusal::Home) => error.context(HOME),
        _ => error,
    })
}

/// The file of a host's index, and whether it is compressed.
///
/// # Errors
/// There is none, or it cannot be opened.
pub(super) fn open(chroot: &Chroot, repo: &BinRepo, directory: &Path) -> Result<(File, bool)> {
    // A directory that is refused has no index.
    let _ = chroot.grant(directory, grant_kind(repo));
    let mut names = NAMES.into_iter();
    let opened = names.find_map(|name| {
        let (file, _) = chroot.open(&directory.join(name)).ok()?;
        Some((file, name == NAMES[0]))
    });
    opened.with_context(|| format!("there is no index in {}", directory.display()))
}

/// The directory of a host on the running machine, without links, that other systems may have too.
///
/// # Errors
/// There is none, it is refused, or the judged root has it for itself.
pub(super) fn find(chroot: &Chroot, repo: &BinRepo, directory: &Path) -> io::Result<PathBuf> {
    // A directory that is refused is not found.
    let _ = chroot.grant(directory, grant_kind(repo));
    let common = chroot.common(directory);
    fs::canonicalize(common.ok_or(io::ErrorKind::NotFound)?)
}

/// Whoever judges may name any directory with `--binhost`.
fn grant_kind(repo: &BinRepo) -> GrantKind {
    match repo.source {
        Source::Option(_) => GrantKind::TypedBinhost,
        _ => GrantKind::Binhost,
    }
}

fn read_any(chroot: &Chroot, directory: &Path, limit: u64) -> Result<String> {
    let mut result = Err(anyhow!("there is no file"));
    for file in NAMES {
        let path = directory.join(file);
        let describe = || format!("cannot read {}", path.display());
        match read_file(chroot, &path, limit) {
            Ok(bytes) => {
                return body::decode(bytes, file == NAMES[0], limit).with_context(describe);
            }
            Err(error) => result = Err(error).with_context(describe),
        }
    }
    result
}

/// A regular file of at most `limit` bytes; a pipe would let us wait for ever. One that judged systems have in common is told
/// from others by where it lies, so that it is read once for all of them; one of a judged root by what it holds.
pub(super) fn read_file(chroot: &Chroot, path: &Path, limit: u64) -> Result<Vec<u8>> {
    if chroot.common(path).is_none() {
        return Ok(chroot.read_limited(path, limit)?);
    }
    let (file, _) = chroot.open(path)?;
    Ok(body::read_bounded(file, limit)?)
}
