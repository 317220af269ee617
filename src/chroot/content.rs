//! What files of the judged system hold, read once and no more than there is room for.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use super::facts::NodeKind;
use super::path_resolver::{ForeignRoot, FoundPath, Place};
use super::trace::{self, Question};
use super::{Chroot, FileFacts, open, text};

/// The largest file of configuration that is read.
pub(super) const MAX_FILE: u64 = 64 << 20;

/// How much configuration is read altogether; one large file may stand behind thousands of links.
const MAX_TOTAL: u64 = 1 << 30;

impl Chroot {
    /// A regular file, open for reading, and its size. Pipes and devices are never opened, so nothing
    /// hangs.
    ///
    /// # Errors
    /// As [`Chroot::facts`], and it is not a regular file.
    pub fn open(&self, logical: &Path) -> io::Result<(fs::File, u64)> {
        if self.trace.is_some() {
            let identity = self.identity(logical);
            self.note(Question::Identity, logical, || trace::of_result(&identity));
        }
        self.open_file(logical)
    }

    /// What tells a file from all others: where it lies and when it was changed, or in memory what it holds.
    pub(super) fn identity(
        &self,
        logical: &Path,
    ) -> io::Result<(u64, u64, FileFacts, Option<[u8; 32]>)> {
        let facts = self.look_up(logical)?;
        if let Ok(real) = self.real(logical) {
            let metadata = fs::metadata(real)?;
            return Ok((metadata.dev(), metadata.ino(), facts, None));
        }
        let content = self.read_whole(logical, u64::MAX);
        Ok((0, 0, facts, Some(trace::of_content(&content))))
    }

    fn open_file(&self, logical: &Path) -> io::Result<(fs::File, u64)> {
        let Some(root) = &self.root else {
            return open::regular(logical);
        };
        let FoundPath { place, facts, .. } = self.resolve(root, logical)?;
        match place {
            Place::Disk(real) => open::without_links(&real, facts.as_ref()),
            Place::Memory(path) => open::in_memory(root.tree()?.bytes(&path)?),
        }
    }

    /// A whole regular file of at most `limit` bytes.
    ///
    /// # Errors
    /// As [`Chroot::open`], and the file is larger.
    pub fn read_limited(&self, logical: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let content = self.read_whole(logical, limit);
        self.note(Question::Content(limit), logical, || {
            trace::of_content(&content)
        });
        content
    }

    /// Some files of one directory, each as by [`Chroot::read_limited`]. The directory is listed once, so that the system
    /// need not be asked for each what it is, or whether it is there.
    pub fn read_each<const COUNT: usize>(
        &self,
        dir: &Path,
        names: [&str; COUNT],
        limit: u64,
    ) -> [io::Result<Vec<u8>>; COUNT] {
        let listed = self.kinds_in(dir).ok();
        names.map(|name| {
            let logical = dir.join(name);
            let content = match &listed {
                Some((dir, kinds)) => match kinds.get(OsStr::new(name)) {
                    None => Err(io::ErrorKind::NotFound.into()),
                    Some(NodeKind::File) => open::in_directory(dir, name)
                        .and_then(|(file, size)| open::whole(file, size, limit)),
                    Some(_) => self.read_whole(&logical, limit),
                },
                None => self.read_whole(&logical, limit),
            };
            self.note(Question::Content(limit), &logical, || {
                trace::of_content(&content)
            });
            content
        })
    }

    fn read_whole(&self, logical: &Path, limit: u64) -> io::Result<Vec<u8>> {
        if let Some(root @ ForeignRoot::Memory(tree, _)) = &self.root
            && let Place::Memory(path) = self.resolve(root, logical)?.place
        {
            return open::limited(tree.bytes(&path)?, limit);
        }
        let (file, size) = self.open_file(logical)?;
        open::whole(file, size, limit)
    }

    /// A whole file of configuration, at most 64 MiB, and no more than 1 GiB in all. A directory, a
    /// device or a larger file is an error.
    ///
    /// # Errors
    /// As above, and any error of the system.
    pub fn read(&self, logical: &Path) -> io::Result<Vec<u8>> {
        let bytes = self
            .added
            .after(logical, self.read_limited(logical, MAX_FILE))?;
        let size = bytes.len() as u64;
        if self
            .spent
            .fetch_add(size, Ordering::Relaxed)
            .saturating_add(size)
            > MAX_TOTAL
        {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                "more than 1 GiB of configuration has been read",
            ));
        }
        Ok(bytes)
    }

    /// A whole text file; bytes that are not UTF-8 are replaced, as Portage does.
    ///
    /// # Errors
    /// As [`Chroot::read`].
    pub fn read_text(&self, logical: &Path) -> io::Result<String> {
        Ok(text(self.read(logical)?))
    }

    /// The same, kept for whoever asks for the file again: make.conf is read once for ROOT, and once more when it
    /// is known what its variables expand to.
    ///
    /// # Errors
    /// As [`Chroot::read`].
    pub fn read_text_once(&self, logical: &Path) -> io::Result<String> {
        if self.added.has(logical) {
            return self.read_text(logical);
        }
        let kept = self.state().texts.get(logical).cloned();
        if let Some(text) = kept {
            return Ok(text);
        }
        let text = self.read_text(logical)?;
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.texts.insert(logical.to_path_buf(), text.clone());
        Ok(text)
    }
}
