//! Reading the files of the judged system, wherever its root lies.
//!
//! With `--chroot DIR` every path counts from DIR as it would in a process that was started there:
//! absolute paths, absolute targets of symbolic links, and `..`, which ends at DIR. The judged system
//! may be a stranger's, so nothing of the running machine is read in its stead, but for directories
//! that are granted ([`Chroot::grant`]) because the root lacks them: ebuild repositories, the files
//! that Portage ships, and binhosts that are directories. A granted directory is seen at its own path,
//! as if it were bind-mounted there: links in it count from the root of the judged system too, and lead
//! nowhere else.
//!
//! Paths that the rest of the program carries are *logical*: as the judged system knows them. No other
//! module opens them on its own.

mod added;
mod budget;
mod content;
mod facts;
mod grant;
mod granted;
mod homes;
mod listing;
pub(crate) mod open;
mod path_resolver;
mod resolve;
mod trace;
mod tree;

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

pub use added::AddedText;
pub use budget::Budget;
pub use facts::FileFacts;
pub use grant::{GrantKind, Refusal};
pub use open::text;
use path_resolver::{ForeignRoot, FoundPath, Place};
pub use path_resolver::{is_below_any, normal};
use trace::Question;
pub use trace::{Questionnaire, Respondent, Trace};
pub use tree::FileTree;

/// The root of the judged system.
#[derive(Clone, Debug, Default)]
pub struct Chroot {
    /// Where it is, unless it is the running system's.
    root: Option<ForeignRoot>,
    /// Directories of the running machine that are never granted, nor anything below them.
    homes: Arc<[PathBuf]>,
    state: Arc<RwLock<State>>,
    /// Bytes of configuration that were read so far.
    spent: Arc<AtomicU64>,
    /// What may still be read of files that become tables.
    budget: Budget,
    /// Text that stands in no file: what is tried.
    added: Arc<AddedText>,
    /// What is asked of it, where somebody wants to know.
    trace: Option<Arc<Trace>>,
}

/// What is known of the judged system's paths.
#[derive(Debug, Default)]
struct State {
    granted: Vec<granted::Grant>,
    /// Directories that were resolved before; most paths differ in their last part only.
    known: foldhash::HashMap<OsString, PathBuf>,
    /// Texts that were read to be kept.
    texts: HashMap<PathBuf, String>,
}

/// What a path leads to, links followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A directory.
    Dir,
    /// A device, a pipe or a socket.
    Other,
}

impl Chroot {
    /// The running system, or the one below `dir`.
    ///
    /// # Errors
    /// `dir` does not exist or is not a directory.
    pub fn new(dir: Option<PathBuf>) -> io::Result<Chroot> {
        let dir = dir.map(fs::canonicalize).transpose()?;
        if let Some(dir) = &dir {
            fs::read_dir(dir)?;
        }
        let dir = dir.filter(|dir| dir != Path::new("/"));
        Ok(match dir {
            Some(dir) => Chroot::foreign(ForeignRoot::Directory(dir)),
            None => Chroot::default(),
        })
    }

    /// A system whose files lie in memory, as they came from an archive.
    pub fn in_memory(tree: FileTree, archive: &Path) -> Chroot {
        Chroot::foreign(ForeignRoot::Memory(Arc::new(tree), archive.to_owned()))
    }

    fn foreign(root: ForeignRoot) -> Chroot {
        Chroot {
            root: Some(root),
            homes: homes::of_this_machine().into(),
            ..Chroot::default()
        }
    }

    /// The same, with all that is asked of it noted, and where. Only for a system that is not the running one.
    #[must_use]
    pub fn traced(self) -> (Chroot, Arc<Trace>) {
        let trace = Arc::<Trace>::default();
        let traced = Chroot {
            trace: Some(Arc::clone(&trace)),
            ..self
        };
        (traced, trace)
    }

    /// The same, of which nobody notes what it is asked: for what tells systems apart and makes no difference to a
    /// judgement, or is compared in another way.
    #[must_use]
    pub fn untraced(&self) -> Chroot {
        Chroot {
            trace: None,
            ..self.clone()
        }
    }

    /// The same system; what is granted to one of both is not granted to the other.
    fn apart(&self) -> Chroot {
        let granted = self.state().granted.clone();
        let state = State {
            granted,
            ..State::default()
        };
        Chroot {
            state: Arc::new(RwLock::new(state)),
            trace: None,
            ..self.clone()
        }
    }

    fn note(&self, question: Question, path: &Path, answer: impl FnOnce() -> [u8; 32]) {
        if let Some(trace) = &self.trace {
            trace.note(question, path, answer());
        }
    }

    /// The same, with one more home directory of the running machine.
    #[must_use]
    pub fn shielding(mut self, home: &Path) -> Chroot {
        let mut homes = self.homes.to_vec();
        homes::add(&mut homes, home);
        self.homes = homes.into();
        self
    }

    /// The same system as if these lines stood at the end of its files. Files that are missing are there then.
    #[must_use]
    pub fn with_added(&self, added: AddedText) -> Chroot {
        Chroot {
            added: Arc::new(added),
            spent: Arc::default(),
            budget: Budget::default(),
            ..self.clone()
        }
    }

    /// The profile that is tried in the place of the selected one.
    pub(crate) fn tried_profile(&self) -> Option<&Path> {
        self.added.profile()
    }

    /// Whether the judged system is another one than the running one.
    pub fn is_foreign(&self) -> bool {
        self.root.is_some()
    }

    /// A path of the running machine that tells the judged system from others, and for people to read.
    /// It is not for opening: nothing says that a link on the way stays below the root.
    pub fn label(&self, logical: &Path) -> PathBuf {
        self.real(logical).unwrap_or_else(|_| match &self.root {
            Some(root) => path_resolver::below(root.path(), &normal(logical)),
            None => logical.to_path_buf(),
        })
    }

    /// The path on the running machine, without any symbolic link in it under `--chroot`.
    ///
    /// # Errors
    /// Nothing is there, or a directory on the way is unreadable, or it lies in memory.
    pub fn find(&self, logical: &Path) -> io::Result<PathBuf> {
        self.note(Question::Common, logical, || {
            trace::of(&self.on_machine(logical))
        });
        self.real(logical)
    }

    /// The same for what other systems may have in common with this one: what belongs to the running machine, and not to
    /// a judged root alone.
    pub fn common(&self, logical: &Path) -> Option<PathBuf> {
        let found = self.on_machine(logical);
        self.note(Question::Common, logical, || trace::of(&found));
        found
    }

    fn on_machine(&self, logical: &Path) -> Option<PathBuf> {
        let Some(root) = &self.root else {
            return Some(logical.to_owned());
        };
        let found = self.resolve(root, logical).ok()?.logical;
        let state = self.state();
        state.granted.iter().find_map(|grant| grant.locate(&found))
    }

    fn real(&self, logical: &Path) -> io::Result<PathBuf> {
        let Some(root) = &self.root else {
            return Ok(logical.to_path_buf());
        };
        match self.resolve(root, logical)?.place {
            Place::Disk(real) => Ok(real),
            Place::Memory(_) => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// The logical path with all links resolved (what `realpath` prints inside the judged system).
    ///
    /// # Errors
    /// As [`Chroot::find`].
    pub fn canonical(&self, logical: &Path) -> io::Result<PathBuf> {
        let found = match &self.root {
            None => fs::canonicalize(logical),
            Some(root) => self.resolve(root, logical).map(|found| found.logical),
        };
        self.note(Question::Canonical, logical, || trace::of_result(&found));
        found
    }

    /// What the path leads to; `None` where nothing is there or a directory above it is unreadable.
    pub fn kind(&self, logical: &Path) -> Option<FileKind> {
        let kind = self.kind_on_disk(logical).ok();
        kind.or_else(|| self.added.kind(logical))
    }

    /// What the path leads to; `None` where nothing is there
    /// (`portage: util/_path.py:exists_raise_eaccess`).
    ///
    /// # Errors
    /// It cannot be determined: a directory on the way may not be searched.
    pub fn try_kind(&self, logical: &Path) -> io::Result<Option<FileKind>> {
        match self.kind_on_disk(logical) {
            Ok(kind) => Ok(Some(kind)),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Err(error),
            Err(_) => Ok(self.added.kind(logical)),
        }
    }

    fn kind_on_disk(&self, logical: &Path) -> io::Result<FileKind> {
        let kind = self.look_up(logical).map(|facts| facts.file_kind());
        self.note(Question::Kind, logical, || trace::of_result(&kind));
        kind
    }

    /// What may still be read of files that become tables.
    pub fn budget(&self) -> &Budget {
        &self.budget
    }

    /// What is known of the file or directory that the path leads to.
    ///
    /// # Errors
    /// Nothing is there, or a directory on the way is unreadable.
    pub fn facts(&self, logical: &Path) -> io::Result<FileFacts> {
        let facts = self.look_up(logical);
        self.note(Question::Facts, logical, || trace::of_result(&facts));
        facts
    }

    fn look_up(&self, logical: &Path) -> io::Result<FileFacts> {
        let Some(root) = &self.root else {
            return Ok(fs::metadata(logical)?.into());
        };
        let FoundPath { place, facts, .. } = self.resolve(root, logical)?;
        facts.map_or_else(|| path_resolver::facts_of(root, &place), Ok)
    }

    /// What a symbolic link leads to; `None` for anything else.
    pub fn link_target(&self, logical: &Path) -> Option<PathBuf> {
        let target = self.read_link(logical);
        self.note(Question::LinkTarget, logical, || trace::of(&target));
        target
    }

    fn read_link(&self, logical: &Path) -> Option<PathBuf> {
        let (parent, name) = (logical.parent()?, logical.file_name()?);
        let Some(root) = &self.root else {
            return fs::read_link(logical).ok();
        };
        let directory = self.resolve(root, parent).ok()?.logical;
        self.link_in(root, &directory.join(name)).ok()
    }

    /// When the file or directory was last changed; `None` where that cannot be determined.
    pub fn modified(&self, logical: &Path) -> Option<SystemTime> {
        self.facts(logical).ok()?.modified()
    }

    fn state(&self) -> std::sync::RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
