//! Doors for the fuzz targets ([`crate::binhost::fuzzing`]).

use std::path::Path;

use super::facts_cache;
use super::formats;
use super::pieces::{FilePieces, Trouble};
use crate::binhost::package_file::Format;
use crate::chroot::Chroot;
use crate::runs::Built;

/// How a package file was built, read in parts.
pub(in crate::binhost) fn built(path: &Path, format: Format) -> anyhow::Result<Built> {
    let trouble = |trouble: Trouble| anyhow::anyhow!("{trouble:?}");
    let mut pieces = FilePieces::open(&Chroot::default(), path, None).map_err(trouble)?;
    formats::read(&mut pieces, format).map_err(trouble)
}

/// How many packages a file of facts is about.
pub(in crate::binhost) fn cached_facts(bytes: &[u8]) -> anyhow::Result<usize> {
    Ok(facts_cache::parse(bytes)?.len())
}
