//! gpkg files (GLEP 78): a tar of a metadata tar, an image tar, signatures and a Manifest.
//!
//! The shape of the container is checked as Portage checks it; checksums and signatures are not.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::Cursor;

use anyhow::{Context, Result, bail, ensure};
use tar::{Archive, EntryType};

use super::super::body::read_bounded;
use super::{MAX_METADATA, PackageFile, bounded, keep, unpack};

/// More members than any real container or metadata archive has.
const MAX_MEMBERS: usize = 1000;

/// Read the metadata member.
pub(crate) fn read(file: File) -> Result<PackageFile> {
    let mut names = HashSet::new();
    let mut metadata = None;
    let mut archive = Archive::new(file);
    for entry in archive
        .entries_with_seek()
        .context("it is not a tar file")?
    {
        let mut entry = entry.context("it is not a whole tar file")?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        ensure!(names.len() < MAX_MEMBERS, "it has too many members");
        ensure!(
            names.insert(name.clone()),
            "its member {name:?} is there twice"
        );
        if let Some(ending) = metadata_ending(&name) {
            let size = bounded(entry.size())?;
            let bytes = read_bounded(&mut entry, MAX_METADATA)?;
            // A cut member reads short without an error.
            ensure!(bytes.len() as u64 == size, "it is cut short");
            metadata = Some((ending.to_owned(), bytes));
        }
    }
    check_names(&names)?;
    let (ending, bytes) = metadata.context("it has no metadata")?;
    let bytes = unpack::reader(&ending, &bytes)
        .and_then(|reader| Ok(read_bounded(reader, MAX_METADATA)?))
        .context("its metadata cannot be unpacked")?;
    Ok(PackageFile {
        values: values(&bytes)?,
        signed: names.iter().any(|name| name.ends_with(".sig")),
    })
}

/// What follows `metadata.tar` in the name of the metadata member.
pub(crate) fn metadata_ending(name: &str) -> Option<&str> {
    let (_, base) = name.rsplit_once('/')?;
    let ending = base.strip_prefix("metadata.tar")?;
    (!ending.ends_with(".sig")).then_some(ending)
}

/// One directory, a version marker, a Manifest.
fn check_names(names: &HashSet<String>) -> Result<()> {
    let mut directories = HashSet::new();
    let mut bases = HashSet::new();
    for name in names {
        match name.split_once('/') {
            Some((directory, base)) if !directory.is_empty() && !base.contains('/') => {
                directories.insert(directory);
                bases.insert(base);
            }
            _ => bail!("its member {name:?} is out of place"),
        }
    }
    ensure!(
        directories.len() == 1,
        "its members are in several directories"
    );
    for base in ["gpkg-1", "Manifest"] {
        ensure!(bases.contains(base), "it has no {base}");
    }
    Ok(())
}

/// The values of an unpacked metadata archive: files `metadata/KEY`.
fn values(bytes: &[u8]) -> Result<HashMap<String, String>> {
    let mut values = HashMap::new();
    let mut archive = Archive::new(Cursor::new(bytes));
    for (count, entry) in archive.entries()?.enumerate() {
        let mut entry = entry.context("its metadata is damaged")?;
        ensure!(count < MAX_MEMBERS, "its metadata has too many members");
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let is_file = matches!(
            entry.header().entry_type(),
            EntryType::Regular | EntryType::Continuous
        );
        let key = name.strip_prefix("metadata/").filter(|_| is_file);
        let key = key.with_context(|| format!("its metadata has an unexpected member {name:?}"))?;
        let size = entry.size();
        let value = read_bounded(&mut entry, MAX_METADATA)?;
        ensure!(value.len() as u64 == size, "its metadata is cut short");
        keep(&mut values, key, &value);
    }
    Ok(values)
}
