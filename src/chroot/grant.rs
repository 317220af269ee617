//! What a judged root that lacks it may take from the running machine.
//!
//! Such a directory is only ever looked for at the path at which the judged system would have it, or to
//! which a link leads that stands in that place. It must look like what it is declared to be, and must
//! neither lie below a home directory nor hold one, nor belong to what makes one machine differ from
//! another.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use super::granted::{Grant, is_below};
use super::path_resolver::{End, ForeignRoot};
use super::{Chroot, normal, trace};

/// Directories of the running machine that never count for another: configuration, installed packages,
/// caches, what the kernel shows of processes and devices.
const OWN: [&str; 7] = [
    "/dev",
    "/etc",
    "/proc",
    "/sys",
    "/var/cache",
    "/var/db/pkg",
    "/var/lib/portage",
];

/// What a directory is granted as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GrantKind {
    /// An ebuild repository.
    Repository,
    /// The files that Portage ships, `/usr/share/portage`. Links to them are not followed.
    Shipped,
    /// A binhost that is a directory, named by the judged system.
    Binhost,
    /// The same, named by whoever judges: it may lie anywhere.
    TypedBinhost,
}

/// Why a directory that the root lacks is not taken from the running machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is not there either, or is something else.
    Absent,
    /// It lies below a home directory, or holds one.
    Home,
    /// It belongs to the running machine alone, as `/etc` does.
    Own,
}

impl Chroot {
    /// Let a directory come from the running machine if the root lacks it. Nothing happens if it is
    /// there, or if the judged system is the running one.
    ///
    /// # Errors
    /// Why it is lacking and stays so.
    pub fn grant(&self, logical: &Path, kind: GrantKind) -> Result<(), Refusal> {
        let granted = self.grant_at(logical, kind);
        if let Some(trace) = &self.trace {
            trace.note_grant(kind, logical, trace::of(&granted));
        }
        granted.map(drop)
    }

    /// The same; where on the running machine the directory lies, unless the root has it.
    pub(super) fn grant_at(
        &self,
        logical: &Path,
        kind: GrantKind,
    ) -> Result<Option<PathBuf>, Refusal> {
        let Some(root) = &self.root else {
            return Ok(None);
        };
        let at = match self.walk(root, "/".into(), logical) {
            Ok(End::Found(_)) => return Ok(None),
            Ok(End::Missing(at)) if kind != GrantKind::Shipped || at == normal(logical) => at,
            _ => return Err(Refusal::Absent),
        };
        let real = fs::canonicalize(&at).map_err(|_| Refusal::Absent)?;
        if !is_such(&real, kind) {
            return Err(Refusal::Absent);
        }
        // What lies in the judged root is its own, by whichever path.
        let is_own =
            matches!(root, ForeignRoot::Directory(directory) if is_below(&real, directory));
        if kind != GrantKind::TypedBinhost && !is_own {
            self.check(&at, &real)?;
        }
        // What is known of other paths still holds: nothing was there.
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let granted = real.clone();
        state.granted.push(Grant { at, real });
        Ok(Some(granted))
    }

    fn check(&self, at: &Path, real: &Path) -> Result<(), Refusal> {
        for path in [at, real] {
            if OWN.iter().any(|own| is_below(path, Path::new(own))) {
                return Err(Refusal::Own);
            }
            let is_private = |home: &PathBuf| is_below(path, home) || is_below(home, path);
            if self.homes.iter().any(is_private) {
                return Err(Refusal::Home);
            }
        }
        Ok(())
    }
}

/// Whether a directory looks like what it is to be granted as.
fn is_such(real: &Path, kind: GrantKind) -> bool {
    let is_file = |name: &str| fs::symlink_metadata(real.join(name)).is_ok_and(|one| one.is_file());
    match kind {
        GrantKind::Repository => is_file("profiles/repo_name") || is_file("metadata/layout.conf"),
        GrantKind::Shipped => is_file("config/make.globals"),
        GrantKind::Binhost | GrantKind::TypedBinhost => {
            is_file("Packages.gz") || is_file("Packages")
        }
    }
}
