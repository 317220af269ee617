//! Binary packages in the local PKGDIR (`portage: bintree.py:binarytree._populate_local`).

use std::path::Path;

use super::Index;
use super::body::into_text;
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
    let Some(index) = read_index(base, Path::new(pkgdir), notices) else {
        return Vec::new();
    };
    trusted(&index, request_signature)
}

/// `PKGDIR/Packages`; one of an unsupported version counts as empty.
fn read_index(base: &Base, pkgdir: &Path, notices: &Notices) -> Option<Index> {
    let path = pkgdir.join("Packages");
    base.chroot.kind(&path)?;
    match super::host::read_file(&base.chroot.real(&path)) {
        Ok(bytes) => Index::parse_local(into_text(bytes)).ok(),
        Err(error) => {
            notices.file(&path, format!("cannot be read and is skipped: {error:#}"));
            None
        }
    }
}

/// With FEATURES `pkgdir-index-trusted`, the index is believed and no file is looked at.
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
