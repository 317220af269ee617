//! User patches and their digest (`portage: UserPatches.py:UserPatches`, since 3.0.83).

use std::path::PathBuf;

use super::Base;
use crate::pms::Package;
use crate::source::Notices;

/// Patches below `/etc/portage/patches`, with the hash of each file.
#[derive(Debug)]
pub struct Patches {}

impl Patches {
    /// Read and hash all patches once.
    pub fn load(_base: &Base, _notices: &Notices) -> Patches {
        todo!()
    }

    /// The digest for a package; empty where no patch applies.
    pub fn digest(&self, _package: &Package) -> String {
        todo!()
    }

    /// The files that apply to a package, in order of base name.
    pub fn files(&self, _package: &Package) -> Vec<PathBuf> {
        todo!()
    }
}
