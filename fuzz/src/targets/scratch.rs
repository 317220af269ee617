//! A directory in memory for targets that read files.

use std::cell::OnceCell;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// One directory a thread, used again and again.
pub(super) struct Scratch(TempDir);

thread_local! {
    static SCRATCH: OnceCell<Scratch> = const { OnceCell::new() };
}

impl Scratch {
    /// Do something with this thread's directory.
    pub(super) fn with<R>(work: impl FnOnce(&Scratch) -> R) -> R {
        SCRATCH.with(|cell| work(cell.get_or_init(Scratch::new)))
    }

    fn new() -> Scratch {
        let memory = Path::new("/dev/shm");
        let made = match memory.is_dir() {
            true => tempfile::tempdir_in(memory),
            false => tempfile::tempdir(),
        };
        Scratch(made.expect("a directory for the target"))
    }

    /// A path in it.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Write a file in it; directories on the way are made.
    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        if fs::write(&path, bytes).is_err() {
            let parent = path.parent().unwrap_or(Path::new("/"));
            fs::create_dir_all(parent).expect("a directory for the target");
            fs::write(&path, bytes).expect("a file for the target");
        }
        path
    }
}
