//! Doors for the fuzz targets ([`crate::binhost::fuzzing`]).

use std::path::Path;

use super::formats;
use super::inspection_cache;
use super::range_reader::{FileReader, ReadError};
use crate::binhost::package_file::Format;
use crate::chroot::Chroot;
use crate::compat::Built;
use crate::openpgp::Keyring;

/// How a package file was built, read in parts.
pub(crate) fn built(path: &Path, format: Format) -> anyhow::Result<Built> {
    let failed = |error: ReadError| anyhow::anyhow!("{error:?}");
    let mut reader = FileReader::open(&Chroot::default(), path, None).map_err(failed)?;
    formats::read(&mut reader, format, &Keyring::default()).map_err(failed)
}

/// How many packages a file of facts is about.
pub(crate) fn cached_facts(bytes: &[u8]) -> anyhow::Result<usize> {
    Ok(inspection_cache::parse(bytes)?.len())
}
