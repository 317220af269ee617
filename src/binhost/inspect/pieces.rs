//! Parts of a package file, wherever it lies.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use anyhow::{Result, anyhow};

use super::super::pace::TooSlow;
use crate::chroot::Chroot;

/// Why a part cannot be had.
#[derive(Debug)]
pub(super) enum Trouble {
    /// There is no such file.
    Gone,
    /// The file has this many bytes, which is not what the index says.
    Size(u64),
    /// The server only delivers whole files.
    WholeOnly,
    /// Anything else, with its cause. `connection` if the server is to blame rather than the file.
    Other {
        /// What is wrong.
        error: anyhow::Error,
        /// Whether other files of the same server will fare the same.
        connection: bool,
    },
}

impl Trouble {
    /// The server is to blame.
    pub(super) fn connection(error: anyhow::Error) -> Trouble {
        Trouble::Other {
            error,
            connection: true,
        }
    }

    /// Whether the server was waited for in vain.
    pub(super) fn is_slowness(&self) -> bool {
        matches!(self, Trouble::Other { error, .. } if TooSlow::is_in(error))
    }

    /// Whether other files of the same server will fare the same.
    pub(super) fn is_of_connection(&self) -> bool {
        matches!(
            self,
            Trouble::Other {
                connection: true,
                ..
            }
        )
    }
}

impl From<anyhow::Error> for Trouble {
    fn from(error: anyhow::Error) -> Trouble {
        Trouble::Other {
            error,
            connection: false,
        }
    }
}

/// A file that can be read in parts.
pub(super) trait Pieces {
    /// Bytes from `start` on, at least `length` of them unless the file ends before.
    fn at(&mut self, start: u64, length: u64) -> Result<Vec<u8>, Trouble>;

    /// The last bytes, `length` of them unless the file is shorter, and the size of the file.
    fn tail(&mut self, length: u64) -> Result<(Vec<u8>, u64), Trouble>;
}

/// A local file.
pub(super) struct FilePieces {
    file: File,
    size: u64,
}

impl FilePieces {
    /// Open a regular file; `expected` is its size according to the index.
    pub(super) fn open(
        chroot: &Chroot,
        path: &Path,
        expected: Option<u64>,
    ) -> Result<FilePieces, Trouble> {
        let gone = |error: std::io::Error| match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Trouble::Gone,
            _ => anyhow!("{}: {error}", path.display()).into(),
        };
        let (file, size) = chroot.open(path).map_err(gone)?;
        if expected.is_some_and(|expected| expected != size) {
            return Err(Trouble::Size(size));
        }
        Ok(FilePieces { file, size })
    }

    /// How many bytes it has.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    fn read(&mut self, start: u64, length: u64) -> Result<Vec<u8>> {
        self.file.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::new();
        Read::by_ref(&mut self.file)
            .take(length)
            .read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

impl Pieces for FilePieces {
    fn at(&mut self, start: u64, length: u64) -> Result<Vec<u8>, Trouble> {
        Ok(self.read(start, length)?)
    }

    fn tail(&mut self, length: u64) -> Result<(Vec<u8>, u64), Trouble> {
        let bytes = self.read(self.size.saturating_sub(length), length)?;
        Ok((bytes, self.size))
    }
}
