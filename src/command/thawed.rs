//! Judging what was frozen.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::{Context, Result};

use crate::binhost::MemoryLimits;
use crate::cache::{self, RunDir};
use crate::chroot::Chroot;
use crate::freeze::{About, Limits, unpack, unpack_in_memory};
use crate::source::Notices;

/// Archives of more bytes than this hold more than is kept in memory: those of whole repositories.
const SMALL_ARCHIVE: u64 = 32 << 20;

/// Systems lie in memory where that allows for so many times what one may take: several are judged at once.
const AT_ONCE: u64 = 8;

/// A frozen system that can be read.
pub(super) struct Thawed {
    chroot: Chroot,
    about: About,
    file: String,
    /// Its files, unless they lie in memory.
    #[expect(dead_code, reason = "they go away with it")]
    directory: Option<RunDir>,
}

impl Thawed {
    /// Unpack it, if that is what `--chroot` names.
    ///
    /// # Errors
    /// It is no archive of a frozen system, or there is no room for it.
    pub(super) fn of(chroot: Option<&str>) -> Result<Option<Thawed>> {
        let Some(file) = chroot.filter(|file| Path::new(file).is_file()) else {
            return Ok(None);
        };
        let thawed = Thawed::in_memory(file).map_or_else(|| Thawed::on_disk(file), Ok)?;
        Ok(Some(thawed))
    }

    /// Keep it in memory: it has thousands of small files. `None` where it does not fit, or is not what it should be.
    fn in_memory(file: &str) -> Option<Thawed> {
        let limits = Limits::IN_MEMORY;
        let has_room = MemoryLimits::of_process().total >= AT_ONCE * limits.bytes;
        let from = File::open(file).ok().filter(|_| has_room)?;
        if from.metadata().ok()?.len() > SMALL_ARCHIVE {
            return None;
        }
        let (about, tree) = unpack_in_memory(BufReader::new(from), &limits).ok()?;
        Some(Thawed {
            chroot: Chroot::in_memory(tree, Path::new(file)),
            about,
            file: file.to_owned(),
            directory: None,
        })
    }

    /// Unpack it in the cache.
    fn on_disk(file: &str) -> Result<Thawed> {
        let from = File::open(file).with_context(|| format!("cannot open {file}"))?;
        let directory = cache::choose(&Notices::default()).run_dir()?;
        let read = unpack(
            BufReader::new(from),
            directory.path(),
            None,
            &Limits::DEFAULT,
        );
        let about = read.with_context(|| file.to_owned()).with_context(|| {
            format!("cannot use \"{file}\" as root directory: it is none, nor a system that --freeze wrote")
        })?;
        Ok(Thawed {
            chroot: Chroot::new(Some(directory.path().to_owned()))?,
            about,
            file: file.to_owned(),
            directory: Some(directory),
        })
    }

    /// Its files.
    pub(super) fn chroot(&self) -> Chroot {
        self.chroot.clone()
    }

    /// Whether it holds a part of its repositories only.
    pub(super) fn is_partial(&self) -> bool {
        !self.about.with_repositories
    }

    /// What cannot be known of it.
    pub(super) fn notice(&self) -> Option<String> {
        let names = self.about.names;
        self.is_partial().then(|| {
            format!(
                "{} holds ebuilds of {names} package names; others count as not there (--freeze --with-repositories takes all)",
                self.file
            )
        })
    }
}
