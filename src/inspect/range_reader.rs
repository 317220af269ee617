//! Parts of a package file, wherever it lies.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use anyhow::{Result, anyhow};

use crate::binhost::pace::TooSlow;
use crate::chroot::Chroot;

/// Why a part cannot be had.
#[derive(Debug)]
pub(super) enum ReadError {
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

impl ReadError {
    /// The server is to blame.
    pub(super) fn connection(error: anyhow::Error) -> ReadError {
        ReadError::Other {
            error,
            connection: true,
        }
    }

    /// Whether the server was waited for in vain.
    pub(super) fn is_slowness(&self) -> bool {
        matches!(self, ReadError::Other { error, .. } if TooSlow::is_in(error))
    }

    /// Whether other files of the same server will fare the same.
    pub(super) fn is_of_connection(&self) -> bool {
        matches!(
            self,
            ReadError::Other {
                connection: true,
                ..
            }
        )
    }
}

impl From<anyhow::Error> for ReadError {
    fn from(error: anyhow::Error) -> ReadError {
        ReadError::Other {
            error,
            connection: false,
        }
    }
}

/// A file that can be read in parts.
pub(super) trait RangeReader {
    /// Bytes from `start` on, at least `length` of them unless the file ends before.
    fn at(&mut self, start: u64, length: u64) -> Result<Vec<u8>, ReadError>;

    /// The last bytes, `length` of them unless the file is shorter, and the size of the file.
    fn tail(&mut self, length: u64) -> Result<(Vec<u8>, u64), ReadError>;
}

/// A local file.
pub(super) struct FileReader {
    file: File,
    size: u64,
}

impl FileReader {
    /// Open a regular file; `expected` is its size according to the index.
    pub(super) fn open(
        chroot: &Chroot,
        path: &Path,
        expected: Option<u64>,
    ) -> Result<FileReader, ReadError> {
        let gone = |error: std::io::Error| match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => ReadError::Gone,
            _ => anyhow!("{}: {error}", path.display()).into(),
        };
        let (file, size) = chroot.open(path).map_err(gone)?;
        match expected {
            Some(expected) if expected != size => Err(ReadError::Size(size)),
            _ => Ok(FileReader { file, size }),
        }
    }

    /// A file that is open already.
    pub(super) fn of(file: File, expected: Option<u64>) -> Result<FileReader, ReadError> {
        let size = file.metadata().map_err(anyhow::Error::from)?.len();
        match expected {
            Some(expected) if expected != size => Err(ReadError::Size(size)),
            _ => Ok(FileReader { file, size }),
        }
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

impl RangeReader for FileReader {
    fn at(&mut self, start: u64, length: u64) -> Result<Vec<u8>, ReadError> {
        Ok(self.read(start, length)?)
    }

    fn tail(&mut self, length: u64) -> Result<(Vec<u8>, u64), ReadError> {
        let bytes = self.read(self.size.saturating_sub(length), length)?;
        Ok((bytes, self.size))
    }
}
