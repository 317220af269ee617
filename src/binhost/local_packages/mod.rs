//! Binary packages in the local PKGDIR (`portage: bintree.py:binarytree._populate_local`).
//!
//! With FEATURES `pkgdir-index-trusted` the index there is believed. Without it, files are looked for,
//! and the index only saves reading those that have not changed. Portage walks the directories in the
//! order in which the file system lists them; here it is by name.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;

use super::body::into_text;
use super::index::IndexError;
use super::limits::Share;
use super::number::integer;
use super::package_file::{self, Format};
use super::{Index, local_name, local_walk};
use crate::chroot::Chroot;
use crate::local::Base;
use crate::pms::{Key, Metadata};
use crate::source::Notices;

/// One local package.
#[derive(Clone, Debug)]
pub(super) struct LocalEntry {
    /// Its metadata.
    pub(super) metadata: Metadata,
    /// What it counts as without CHOST; `None` for the client's own.
    pub(super) default_chost: Option<String>,
    /// Why it does not count where signatures are required.
    pub(super) unsigned: Option<String>,
}

/// All packages of PKGDIR, in the order in which Portage takes them in.
pub(super) fn load(base: &Base, request_signature: bool, notices: &Notices) -> Vec<LocalEntry> {
    let Some(pkgdir) = base.vars.get("PKGDIR").filter(|path| !path.is_empty()) else {
        return Vec::new();
    };
    let pkgdir = Path::new(pkgdir);
    let index = read_index(base, pkgdir, notices);
    let entries = index.map_or(Vec::new(), |index| trusted(&index, request_signature));
    if base.vars.has("FEATURES", "pkgdir-index-trusted") {
        return entries;
    }
    let directory = Directory {
        pkgdir,
        chroot: &base.chroot,
        own_chost: base.vars.get("CHOST").unwrap_or(""),
        request_signature,
        notices,
    };
    directory.entries(&entries)
}

/// `PKGDIR/Packages`; one of an unsupported version counts as empty.
fn read_index(base: &Base, pkgdir: &Path, notices: &Notices) -> Option<Index> {
    let path = pkgdir.join("Packages");
    base.chroot.kind(&path)?;
    let limit = Share::whole().text;
    let text = super::index_file::read_file(&base.chroot, &path, limit)
        .and_then(|bytes| Ok(into_text(bytes, limit)?));
    let index = text.and_then(|text| match Index::parse_local(text) {
        Err(IndexError::Version(_)) => Ok(None),
        index => Ok(Some(index?)),
    });
    match index {
        Ok(index) => index,
        Err(error) => {
            notices.file(&path, format!("cannot be read and is skipped: {error:#}"));
            None
        }
    }
}

/// The entries of an index that is believed.
fn trusted(index: &Index, request_signature: bool) -> Vec<LocalEntry> {
    // An empty CHOST in the header says that there is none.
    let default_chost = index.header("CHOST").map(|_| String::new());
    index
        .entries
        .iter()
        .map(|metadata| LocalEntry {
            metadata: metadata.clone(),
            default_chost: default_chost.clone(),
            unsigned: (request_signature && metadata.text(Key::Path).is_empty()).then(|| {
                "an entry without PATH is an xpak file, which carries no signature".to_owned()
            }),
        })
        .collect()
}

/// A PKGDIR whose files are looked at.
struct Directory<'a> {
    pkgdir: &'a Path,
    chroot: &'a Chroot,
    own_chost: &'a str,
    request_signature: bool,
    notices: &'a Notices,
}

impl Directory<'_> {
    fn entries(&self, indexed: &[LocalEntry]) -> Vec<LocalEntry> {
        let mut by_path: HashMap<Cow<'_, str>, Vec<&LocalEntry>> = HashMap::new();
        for entry in indexed {
            by_path.entry(path_of(entry)).or_default().push(entry);
        }
        let mut entries = Vec::new();
        for file in local_walk::files(self.chroot, self.pkgdir, |name| Format::of(name).is_some()) {
            let known = by_path.get(&*file.path).map_or(&[][..], Vec::as_slice);
            let known = known.iter().find(|entry| self.is_current(entry, &file));
            entries.extend(match known {
                Some(entry) => Some((*entry).clone()),
                None => self.read(&file),
            });
        }
        entries
    }

    /// Whether the index entry is about this file and says all that Portage wants to know.
    fn is_current(&self, entry: &LocalEntry, file: &local_walk::File) -> bool {
        let metadata = &entry.metadata;
        let number = |key| metadata.get(key).and_then(integer);
        let default_chost = entry.default_chost.as_deref().unwrap_or(self.own_chost);
        number(Key::Mtime) == Some(file.mtime)
            && number(Key::Size) == i64::try_from(file.size).ok()
            && metadata.get(Key::Repository).is_some()
            && metadata.get(Key::UserPatches).is_some()
            && (metadata.get(Key::Chost).is_some() || !default_chost.is_empty())
    }

    /// Read a package file; one that is not a package is a notice.
    fn read(&self, file: &local_walk::File) -> Option<LocalEntry> {
        let name = file.path.rsplit('/').next().unwrap_or(&file.path);
        let format = Format::of(name)?;
        let path = self.pkgdir.join(&file.path);
        if self.request_signature && format == Format::Xpak {
            let unsigned = "xpak files carry no signature";
            self.notices.file(
                &path,
                format!("is ignored: {unsigned}, and FEATURES has binpkg-request-signature"),
            );
            return None;
        }
        let opened = self.chroot.open(&path).map_err(anyhow::Error::from);
        let package = opened
            .and_then(|(opened, _)| package_file::read(opened, format))
            .and_then(|package| Ok((local_name::cpv(&package.values, &file.path)?, package)));
        match package {
            Ok((cpv, package)) => Some(LocalEntry {
                metadata: metadata(&cpv, &package.values, file),
                default_chost: None,
                unsigned: (self.request_signature && !package.signed)
                    .then(|| "the file carries no signature".to_owned()),
            }),
            Err(error) => {
                let text = format!("is not a binary package that Portage takes: {error:#}");
                self.notices.file(&path, text);
                None
            }
        }
    }
}

/// The path of an entry below PKGDIR; xpak files in the oldest layout need not name it.
fn path_of(entry: &LocalEntry) -> Cow<'_, str> {
    match entry.metadata.text(Key::Path) {
        "" => Cow::Owned(format!("{}.tbz2", entry.metadata.text(Key::Cpv))),
        path => Cow::Borrowed(path),
    }
}

/// The metadata of a file: keys that it lacks are empty, EAPI is 0.
fn metadata(cpv: &str, values: &HashMap<String, String>, file: &local_walk::File) -> Metadata {
    let (size, mtime) = (file.size.to_string(), file.mtime.to_string());
    let pairs = KEYS.into_iter().map(|key| {
        let default = if key == Key::Eapi { "0" } else { "" };
        let value = match key {
            Key::Cpv => cpv,
            Key::Path => &file.path,
            Key::Size => &size,
            Key::Mtime => &mtime,
            _ => values.get(key.name()).map_or(default, String::as_str),
        };
        (key, value)
    });
    Metadata::from_pairs(pairs)
}

/// What Portage keeps of a file (`portage: bintree.py:bindbapi._aux_cache_keys`).
const KEYS: [Key; 25] = [
    Key::Bdepend,
    Key::BuildId,
    Key::BuildTime,
    Key::Chost,
    Key::Cpv,
    Key::DefinedPhases,
    Key::Depend,
    Key::Eapi,
    Key::Idepend,
    Key::Iuse,
    Key::Keywords,
    Key::License,
    Key::Mtime,
    Key::Path,
    Key::Pdepend,
    Key::Properties,
    Key::Provides,
    Key::Rdepend,
    Key::Repository,
    Key::Requires,
    Key::Restrict,
    Key::Size,
    Key::Slot,
    Key::Use,
    Key::UserPatches,
];

#[cfg(test)]
mod tests;
