//! How long packages took to compile on the judged machine, from its `emerge.log`.
//!
//! emerge writes one line for each step (`portage: _emerge/MergeListItem.py`, `EbuildMerge.py`, `Binpkg.py`):
//! `>>> emerge (1 of 3) app-misc/foo-1 to /` when it begins with a package, and `::: completed emerge (1 of 3)
//! app-misc/foo-1 to /` when it is merged. The time between the two is what `qlop` and `genlop` call merge time.
//! What was installed from a binary package has a line `Merging Binary` in between and does not count; what failed or
//! was interrupted has no end. Steps of merges in parallel are distinguished by package and number.
//!
//! Such logs grow for years, so only what was appended since the last run is read (`index`). Whoever may write
//! the log, or made the system that is judged, may have put anything into it: lines, numbers and memory are bounded.

mod compile_times;
mod estimate;
mod event;
mod history;
mod index;
mod lines;

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

pub use compile_times::{CompileTimes, CompileTotal, TimeQuestion};
pub use estimate::MergeTimes;
pub use history::{History, Sample};

use crate::cache::CacheDir;
use crate::chroot::Chroot;
use crate::local::Base;
use crate::local::roots::running_root;
use crate::source::Notices;

/// How much of one log is read at once: of a longer one, the end.
const MAX_READ: u64 = 512 << 20;

/// What a frozen machine has in place of its log: the merges from source that were found there.
pub const FROZEN_LOG: &str = ".bincheck/emerge.log";

/// The largest of these that is read.
const MAX_FROZEN: u64 = 64 << 20;

/// The judged machine's merge times; none where there is no log, or with a notice where it cannot be read.
pub fn load(base: &Base, cache: &CacheDir, notices: &Notices) -> MergeTimes {
    MergeTimes::new(history(&base.chroot, &path(base), cache, notices))
}

/// What the log of a system at this path says.
pub fn history(chroot: &Chroot, path: &Path, cache: &CacheDir, notices: &Notices) -> History {
    // Machines whose logs differ are judged alike but for their times.
    let chroot = chroot.untraced();
    if chroot.is_foreign()
        && let Ok(bytes) = chroot.read_limited(&Path::new("/").join(FROZEN_LOG), MAX_FROZEN)
    {
        return of_text(&bytes);
    }
    let read = match chroot.open(path) {
        Ok((file, _)) => read(&chroot.label(path), file, cache, notices),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(History::default())
        }
        Err(error) => Err(error),
    };
    read.unwrap_or_else(|error| unreadable(path, &error, notices))
}

/// EMERGE_LOG_DIR, else `var/log` of the Portage that runs (`portage: actions.py:run_action`).
pub fn path(base: &Base) -> PathBuf {
    let named = base.vars.get("EMERGE_LOG_DIR").map(Path::new);
    let directory = match named.filter(|path| path.is_absolute()) {
        Some(path) => path.to_owned(),
        None => running_root(&base.env).join("var/log"),
    };
    directory.join("emerge.log")
}

fn unreadable(path: &Path, error: &io::Error, notices: &Notices) -> History {
    notices.file(
        path,
        format!("cannot be read, so compile times are unknown: {error}"),
    );
    History::default()
}

/// What the log says, with the help of what was read of it before. `label` tells it from logs of other systems.
fn read(label: &Path, file: File, cache: &CacheDir, notices: &Notices) -> io::Result<History> {
    let index = index::LogIndex::load(cache).unwrap_or_else(|error| {
        notices.general(format!("{error:#}"));
        index::LogIndex::default()
    });
    let state = index::FileState::of(&file)?;
    let mut entry = index.continued(label, &file, &state)?;
    if entry.file == state && entry.offset > 0 {
        return Ok(entry.history);
    }
    let start = entry.offset.max(state.size.saturating_sub(MAX_READ));
    entry.offset = lines::read(&file, start..state.size, &mut |line| {
        if let Some(event) = event::Event::parse(line) {
            entry.history.apply(event);
        }
    })?;
    entry.seal = index::seal(&file, entry.offset)?;
    entry.file = state;
    if let Err(error) = index.store(&entry, cache) {
        notices.general(format!("{error:#}"));
    }
    Ok(entry.history)
}

/// A history as a log of these bytes makes it.
pub fn of_text(bytes: &[u8]) -> History {
    let mut history = History::default();
    for line in bytes.split(|byte| *byte == b'\n') {
        if let Some(event) = event::Event::parse(line) {
            history.apply(event);
        }
    }
    history
}

#[cfg(test)]
mod tests;
