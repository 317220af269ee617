//! The way to a directory, part by part, with a look at who could change each of them.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;
use rustix::process::{getegid, geteuid};

/// How many links may stand in the way, as in the kernel.
const MAX_LINKS: usize = 40;

/// Mode of directories that are made.
const PRIVATE: u32 = 0o700;

const STICKY: u32 = 0o1000;

/// Whom this process trusts with what it reads: itself and root.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trust {
    user: u32,
    group: u32,
}

impl Trust {
    /// The effective user of this process.
    pub(super) fn of_process() -> Trust {
        Trust {
            user: geteuid().as_raw(),
            group: getegid().as_raw(),
        }
    }

    fn is_trusted(self, owner: u32) -> bool {
        owner == 0 || owner == self.user
    }

    /// Whether others may put something into a directory. The group that most systems give to each user
    /// alone is not others, but root's group is for root.
    fn others_write(self, stat: &Stat) -> bool {
        let own_group = self.user != 0 && stat.st_gid == self.group;
        stat.st_mode & 0o002 != 0 || (stat.st_mode & 0o020 != 0 && !own_group)
    }

    /// A directory on the way. Others may write to one with the sticky bit: there they can neither rename
    /// nor remove what is ours.
    fn parent(self, stat: &Stat, path: &Path) -> Result<()> {
        let path = path.display();
        ensure!(
            self.is_trusted(stat.st_uid),
            "{path} belongs to user {}, and {} trusts no one else with the cache",
            stat.st_uid,
            self.name()
        );
        ensure!(
            stat.st_mode & STICKY != 0 || !self.others_write(stat),
            "others can write to {path} (mode {:o}); 'chmod go-w {path}' would help",
            stat.st_mode & 0o7777
        );
        Ok(())
    }

    /// A directory of ours: nobody else is to read there either, and who could write, may have.
    fn own(self, directory: &OwnedFd, path: &Path) -> Result<()> {
        let stat = rustix::fs::fstat(directory)?;
        let path = path.display();
        ensure!(
            stat.st_uid == self.user,
            "{path} belongs to user {}, and {} uses no one else's cache",
            stat.st_uid,
            self.name()
        );
        ensure!(
            !self.others_write(&stat),
            "others can write to {path} (mode {:o}); remove it to begin a new one",
            stat.st_mode & 0o7777
        );
        if stat.st_mode & 0o777 != PRIVATE {
            rustix::fs::fchmod(directory, Mode::from_raw_mode(PRIVATE))
                .with_context(|| format!("cannot make {path} private"))?;
        }
        Ok(())
    }

    /// A file in a directory of ours.
    pub(super) fn file(self, stat: &Stat) -> Result<()> {
        ensure!(
            stat.st_uid == self.user,
            "it belongs to user {}",
            stat.st_uid
        );
        Ok(())
    }

    fn name(self) -> String {
        if self.user == 0 {
            "root".to_owned()
        } else {
            format!("user {}", self.user)
        }
    }
}

/// Open `below` below the directory `top`, which is this user's own as everything in it is. What is
/// missing is made, with `create`; else it gives `None`.
///
/// # Errors
/// Something cannot be opened or made, or others could change it.
pub(super) fn open(top: &Path, below: &str, create: bool) -> Result<Option<OwnedFd>> {
    ensure!(top.is_absolute(), "{} is not absolute", top.display());
    let trust = Trust::of_process();
    let name = top.file_name().context("the cache cannot be /")?;
    let parents = top.parent().unwrap_or(Path::new("/"));
    ensure!(
        !below.split('/').any(|part| part == ".."),
        "{below} leads out of the cache"
    );
    let Some(mut at) = CacheWalk::new(trust)?.parents(parents, create)? else {
        return Ok(None);
    };
    for part in [name].into_iter().chain(parts(Path::new(below))) {
        let path = at.path.join(part);
        let Some(directory) = at.child(part, OFlags::RDONLY, create)? else {
            return Ok(None);
        };
        trust.own(&directory, &path)?;
        at = CacheWalk {
            trust,
            directory,
            path,
        };
    }
    Ok(Some(at.directory))
}

/// Names of what lies in a directory, as far as they are text.
pub(super) fn names(directory: &OwnedFd) -> Vec<String> {
    let Ok(entries) = Dir::read_from(directory) else {
        return Vec::new();
    };
    let names =
        entries.filter_map(|entry| entry.ok()?.file_name().to_str().ok().map(str::to_owned));
    names.filter(|name| name != "." && name != "..").collect()
}

fn parts(path: &Path) -> impl Iterator<Item = &OsStr> {
    path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name),
        Component::ParentDir => Some(OsStr::new("..")),
        _ => None,
    })
}

/// How far we are.
struct CacheWalk {
    trust: Trust,
    directory: OwnedFd,
    path: PathBuf,
}

impl CacheWalk {
    /// At `/`.
    fn new(trust: Trust) -> Result<CacheWalk> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let directory = rustix::fs::open("/", flags, Mode::empty()).context("cannot open /")?;
        let walk = CacheWalk {
            trust,
            directory,
            path: "/".into(),
        };
        trust.parent(&rustix::fs::fstat(&walk.directory)?, &walk.path)?;
        Ok(walk)
    }

    /// Through directories that are not ours alone. Their links are followed by hand, where no one but
    /// us and root could have placed them.
    fn parents(mut self, path: &Path, create: bool) -> Result<Option<CacheWalk>> {
        let mut open: VecDeque<OsString> = parts(path).map(OsStr::to_owned).collect();
        let mut links = 0;
        while let Some(part) = open.pop_front() {
            if let Some(target) = self.link(&part)? {
                links += 1;
                ensure!(links <= MAX_LINKS, "too many links in {}", path.display());
                let target = Path::new(OsStr::from_bytes(&target)).to_owned();
                for part in parts(&target).collect::<Vec<_>>().into_iter().rev() {
                    open.push_front(part.to_owned());
                }
                if target.is_absolute() {
                    self = CacheWalk::new(self.trust)?;
                }
                continue;
            }
            let Some(directory) = self.child(&part, OFlags::PATH, create)? else {
                return Ok(None);
            };
            self.path = self.path.join(&part);
            self.directory = directory;
            let stat = rustix::fs::fstat(&self.directory)?;
            self.trust.parent(&stat, &self.path)?;
        }
        Ok(Some(self))
    }

    /// Where a part leads, if it is a link.
    fn link(&self, part: &OsStr) -> Result<Option<Vec<u8>>> {
        let found = rustix::fs::statat(&self.directory, part, AtFlags::SYMLINK_NOFOLLOW);
        let Ok(stat) = found else {
            return Ok(None);
        };
        if FileType::from_raw_mode(stat.st_mode) != FileType::Symlink {
            return Ok(None);
        }
        let path = self.path.join(part);
        let holder = rustix::fs::fstat(&self.directory)?;
        ensure!(
            self.trust.is_trusted(stat.st_uid) && !self.trust.others_write(&holder),
            "{} is a link that others could have placed",
            path.display()
        );
        let target = rustix::fs::readlinkat(&self.directory, part, Vec::new());
        let target = target.with_context(|| format!("cannot read {}", path.display()))?;
        Ok(Some(target.into_bytes()))
    }

    /// A directory in this one, which must not be a link.
    fn child(&self, name: &OsStr, access: OFlags, create: bool) -> Result<Option<OwnedFd>> {
        let flags = access | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let open = || rustix::fs::openat(&self.directory, name, flags, Mode::empty());
        let path = || self.path.join(name).display().to_string();
        let mut opened = open();
        if matches!(opened, Err(Errno::NOENT)) {
            if !create {
                return Ok(None);
            }
            let made = rustix::fs::mkdirat(&self.directory, name, Mode::from_raw_mode(PRIVATE));
            match made {
                Ok(()) | Err(Errno::EXIST) => opened = open(),
                Err(error) => {
                    return Err(error).with_context(|| format!("cannot make {}", path()));
                }
            }
        }
        match opened {
            Ok(directory) => Ok(Some(directory)),
            Err(Errno::NOTDIR | Errno::LOOP) => bail!("{} is a link, or no directory", path()),
            Err(error) => Err(error).with_context(|| format!("cannot open {}", path())),
        }
    }
}
