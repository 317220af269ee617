//! Judging what was frozen.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::binhost::MemoryLimits;
use crate::cache::{self, RunDir};
use crate::chroot::Chroot;
use crate::freeze::{About, Limits, unpack, unpack_in_memory};
use crate::source::Notices;

/// Archives of more bytes than this hold more than is kept in memory: those of whole repositories.
const SMALL_ARCHIVE: u64 = 32 << 20;

/// Systems lie in memory where that allows for so many times what one may take: several are judged at once.
const AT_ONCE: u64 = 8;

/// A file that may be a small archive, in memory.
pub(super) struct SmallArchive {
    file: String,
    bytes: Vec<u8>,
}

impl SmallArchive {
    /// Read it, if `--chroot` names a file that is small.
    pub(super) fn read(chroot: Option<&str>) -> Option<SmallArchive> {
        let file = chroot?;
        let facts = fs::metadata(file).ok()?;
        let is_small = facts.is_file() && facts.len() <= SMALL_ARCHIVE;
        let bytes = is_small.then(|| fs::read(file).ok())??;
        let file = file.to_owned();
        Some(SmallArchive { file, bytes })
    }

    /// Its name, as it was typed.
    pub(super) fn file(&self) -> &str {
        &self.file
    }

    /// The same for all copies of it, and for no other.
    pub(super) fn digest(&self) -> [u8; 32] {
        Sha256::digest(&self.bytes).into()
    }
}

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
        let small = SmallArchive::read(chroot);
        let thawed = small.as_ref().and_then(Thawed::in_memory);
        thawed.map_or_else(|| Thawed::on_disk(file), Ok).map(Some)
    }

    /// Keep it in memory: it has thousands of small files. `None` where it does not fit, or is not what it should be.
    pub(super) fn in_memory(archive: &SmallArchive) -> Option<Thawed> {
        let limits = Limits::IN_MEMORY;
        if MemoryLimits::of_process().total < AT_ONCE * limits.bytes {
            return None;
        }
        let (about, tree) = unpack_in_memory(&archive.bytes[..], &limits).ok()?;
        Some(Thawed {
            chroot: Chroot::in_memory(tree, Path::new(&archive.file)),
            about,
            file: archive.file.clone(),
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

    /// What it is.
    pub(super) fn about(&self) -> &About {
        &self.about
    }

    /// What cannot be known of it.
    pub(super) fn notice(&self) -> Option<String> {
        notice(&self.about, &self.file)
    }
}

/// What cannot be known of a frozen system by the name of this file.
pub(super) fn notice(about: &About, file: &str) -> Option<String> {
    let names = about.names;
    (!about.with_repositories).then(|| {
        format!(
            "{file} holds ebuilds of {names} package names; others count as not there (--freeze --with-repositories takes all)"
        )
    })
}
