//! Paths of the judged system to paths of the running one. Most differ from others in their last part only.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use super::Chroot;
use super::open::{self, Links};
use super::path_resolver::{End, ForeignRoot, FoundPath, PathResolver};

impl Chroot {
    /// Open a directory in one that was resolved before without asking what it is: hardly any is a link. `None`
    /// where that has to be asked.
    pub(super) fn known_directory(
        &self,
        root: &ForeignRoot,
        logical: &Path,
    ) -> Option<io::Result<rustix::fs::Dir>> {
        let (parent, name) = (logical.parent()?, logical.file_name()?);
        let state = self.state();
        let path = state.known.get(parent.as_os_str())?.join(name);
        let resolver = PathResolver {
            root,
            granted: &state.granted,
        };
        let opened = open::directory(&resolver.real(&path)?, Links::Refused);
        drop(state);
        match opened {
            Ok(opened) => {
                self.know(logical, path);
                Some(Ok(opened))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Some(Err(error)),
            Err(_) => None,
        }
    }

    /// Record where a directory lies.
    fn know(&self, logical: &Path, path: PathBuf) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let logical = logical.as_os_str().to_owned();
        state.known.insert(logical, path);
    }

    /// Follow a path to its end; its directory is looked up first.
    pub(super) fn resolve(&self, root: &ForeignRoot, logical: &Path) -> io::Result<FoundPath> {
        let top = || PathBuf::from("/");
        let (Some(parent), Some(name)) = (logical.parent(), logical.file_name()) else {
            return self.walk(root, top(), logical)?.found();
        };
        let known = self.state().known.get(parent.as_os_str()).cloned();
        let start = match known {
            Some(start) => start,
            None => {
                let start = self.resolve(root, parent)?.logical;
                self.know(parent, start.clone());
                start
            }
        };
        let state = self.state();
        let resolver = PathResolver {
            root,
            granted: &state.granted,
        };
        resolver.enter(start, name)?.found()
    }

    /// What a link leads to, whose directory was resolved.
    ///
    /// # Errors
    /// It is none.
    pub(super) fn link_in(&self, root: &ForeignRoot, link: &Path) -> io::Result<PathBuf> {
        let state = self.state();
        let resolver = PathResolver {
            root,
            granted: &state.granted,
        };
        resolver.link_target(link)
    }

    pub(super) fn walk(&self, root: &ForeignRoot, start: PathBuf, path: &Path) -> io::Result<End> {
        let state = self.state();
        let resolver = PathResolver {
            root,
            granted: &state.granted,
        };
        resolver.walk(start, path)
    }
}
