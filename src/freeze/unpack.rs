//! Reading an archive. It may be anyone's: nothing is written outside of what it is read into, whatever it holds.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::Read;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use flate2::read::GzDecoder;
use foldhash::{HashMap, HashSet};
use tar::{Archive, Entry, EntryType};

use super::target::{Directory, Target};
use super::{ABOUT, About, MANIFEST};
use crate::chroot::{FileTree, is_below_any};
use crate::hash::sha256;

/// The longest path that Linux takes, in bytes.
const LONGEST_PATH: u64 = 4096;

/// What an archive may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Members.
    pub members: usize,
    /// Bytes of all members.
    pub bytes: u64,
    /// Bytes of one member.
    pub member: u64,
    /// Bytes of all paths, which are kept in memory.
    pub paths: u64,
}

impl Limits {
    /// A whole main repository has 150,000 files of 600 MiB; a machine has some thousands.
    pub const DEFAULT: Limits = Limits {
        members: 1_000_000,
        bytes: 4 << 30,
        member: 256 << 20,
        paths: 128 << 20,
    };

    /// What may lie in memory. A machine of 400 packages has 15,000 members of 7 MB.
    pub const IN_MEMORY: Limits = Limits {
        members: 65_536,
        bytes: 64 << 20,
        member: 64 << 20,
        paths: 32 << 20,
    };
}

/// Read it into a directory that is empty; `only` are paths below which members are taken, all where there is none.
///
/// # Errors
/// It is not an archive of a machine, is damaged or larger than the limits, or holds what no such archive holds.
pub fn unpack(from: impl Read, into: &Path, only: Option<&Path>, limits: &Limits) -> Result<About> {
    let mut target = Directory(into);
    read(from, &mut target, only, limits)
}

/// Read all of it into memory.
///
/// # Errors
/// As [`unpack`].
pub fn unpack_in_memory(from: impl Read, limits: &Limits) -> Result<(About, FileTree)> {
    let mut tree = FileTree::default();
    let about = read(from, &mut tree, None, limits)?;
    Ok((about, tree))
}

fn read(
    from: impl Read,
    into: &mut impl Target,
    only: Option<&Path>,
    limits: &Limits,
) -> Result<About> {
    let mut reader = Unpacker {
        into,
        only,
        left: *limits,
        about: None,
        hashes: HashMap::default(),
        dirs: BTreeMap::new(),
        links: BTreeMap::new(),
        long_path: None,
        long_target: None,
        is_whole: false,
    };
    // Of the gzip member no more than what its members may take, and their headers.
    let most = limits.bytes.saturating_add(limits.members as u64 * 2048);
    let mut archive = Archive::new(GzDecoder::new(from).take(most));
    // As they lie there: tar would read a path that does not fit a header into memory, however long it is.
    for entry in archive.entries().context("it is not an archive")?.raw(true) {
        let entry = entry.context("it is not an archive of tar and gzip, or it is damaged")?;
        reader.member(entry)?;
    }
    reader.finish()
}

struct Unpacker<'i, T> {
    into: &'i mut T,
    only: Option<&'i Path>,
    left: Limits,
    about: Option<About>,
    /// By path; paths of the archive have one spelling each.
    hashes: HashMap<OsString, String>,
    dirs: BTreeMap<PathBuf, u32>,
    links: BTreeMap<PathBuf, PathBuf>,
    /// The path of the next member, where its header has no room for it.
    long_path: Option<PathBuf>,
    /// What it leads to, likewise.
    long_target: Option<PathBuf>,
    is_whole: bool,
}

impl<T: Target> Unpacker<'_, T> {
    fn member(&mut self, mut entry: Entry<'_, impl Read>) -> Result<()> {
        ensure!(!self.is_whole, "something follows the list of hashes");
        let members = self.left.members.checked_sub(1);
        self.left.members = members.context("it has too many members")?;
        match entry.header().entry_type() {
            EntryType::GNULongName => {
                self.long_path = Some(self.long(&mut entry)?);
                return Ok(());
            }
            EntryType::GNULongLink => {
                self.long_target = Some(self.long(&mut entry)?);
                return Ok(());
            }
            _ => {}
        }
        let path = match self.long_path.take() {
            Some(path) => inside(&path)?,
            None => inside(&entry.path()?)?,
        };
        self.count_path(path.as_os_str().len() as u64)?;
        let name = || path.display().to_string();
        let mode = entry.header().mode().unwrap_or(0) & 0o777;
        match entry.header().entry_type() {
            EntryType::Regular => {
                let bytes = self.bytes(&mut entry).with_context(name)?;
                let modified = entry.header().mtime().unwrap_or(0);
                let written = self.file(&path, mode, modified, bytes);
                written.with_context(name)
            }
            EntryType::Directory => {
                self.dirs.insert(path, mode);
                Ok(())
            }
            EntryType::Symlink => {
                let target = match self.long_target.take() {
                    Some(target) => target,
                    None => entry
                        .link_name()?
                        .context("a link leads nowhere")?
                        .into_owned(),
                };
                self.links.insert(path, target);
                Ok(())
            }
            _ => bail!("{} is neither file, directory nor symbolic link", name()),
        }
    }

    /// A path that stands in a member of its own.
    fn long(&mut self, entry: &mut Entry<'_, impl Read>) -> Result<PathBuf> {
        let size = entry.size();
        ensure!(size <= LONGEST_PATH + 1, "a path has {size} bytes");
        self.count_path(size)?;
        let mut bytes = Vec::new();
        entry.take(size).read_to_end(&mut bytes)?;
        // It ends as a string of C does.
        let end = bytes.iter().position(|byte| *byte == 0);
        bytes.truncate(end.unwrap_or(bytes.len()));
        Ok(PathBuf::from(OsString::from_vec(bytes)))
    }

    fn count_path(&mut self, bytes: u64) -> Result<()> {
        let left = self.left.paths.checked_sub(bytes);
        self.left.paths = left.context("its paths are too long altogether")?;
        Ok(())
    }

    fn bytes(&mut self, entry: &mut Entry<'_, impl Read>) -> Result<Vec<u8>> {
        let size = entry.size();
        ensure!(
            size <= self.left.member,
            "it is larger than {} MiB",
            self.left.member >> 20
        );
        let left = self.left.bytes.checked_sub(size);
        self.left.bytes = left.context("the archive is too large")?;
        let room = usize::try_from(size.min(64 << 10)).unwrap_or(0);
        let mut bytes = Vec::with_capacity(room);
        entry.take(size).read_to_end(&mut bytes)?;
        ensure!(bytes.len() as u64 == size, "it is cut short");
        Ok(bytes)
    }

    fn file(&mut self, path: &Path, mode: u32, modified: u64, bytes: Vec<u8>) -> Result<()> {
        if self.about.is_none() {
            ensure!(
                path == Path::new(ABOUT),
                "it is not an archive of a frozen machine"
            );
            let about: About = serde_json::from_slice(&bytes).context("it is damaged")?;
            let format = about.format;
            ensure!(
                format == About::FORMAT,
                "its layout is {format}, which another version of bincheck reads"
            );
            self.about = Some(about);
        }
        if path == Path::new(MANIFEST) {
            self.is_whole = true;
            return self.check(&bytes);
        }
        let hash = sha256([bytes.as_slice()]);
        let known = self.hashes.insert(path.as_os_str().to_owned(), hash);
        ensure!(known.is_none(), "it is there twice");
        if self.is_wanted(path) {
            // No link is made before all files are written, so what is above them are directories of ours.
            self.into.file(path, mode, modified, bytes)?;
        }
        Ok(())
    }

    /// Compare with the list of hashes.
    fn check(&self, manifest: &[u8]) -> Result<()> {
        let text = std::str::from_utf8(manifest).context("it is damaged")?;
        let line = |line: &'_ str| {
            let (hash, rest) = line.split_once(' ')?;
            let (_, path) = rest.split_once(' ')?;
            Some((OsString::from(path), hash.to_owned()))
        };
        let listed: Option<HashMap<OsString, String>> = text.lines().map(line).collect();
        let listed = listed.context("it is damaged")?;
        for (path, hash) in &self.hashes {
            let is_same = listed.get(path) == Some(hash);
            ensure!(
                is_same,
                "{} is not what the list of hashes says",
                path.display()
            );
        }
        ensure!(
            listed.len() == self.hashes.len(),
            "files of the list of hashes are lacking"
        );
        Ok(())
    }

    fn is_wanted(&self, path: &Path) -> bool {
        self.only.is_none_or(|only| path.starts_with(only))
    }

    fn finish(mut self) -> Result<About> {
        ensure!(
            self.is_whole,
            "it is cut short: its list of hashes is lacking"
        );
        let links = std::mem::take(&mut self.links);
        // What lies below a link would be written where that leads.
        let leading: HashSet<&OsStr> = links.keys().map(|link| link.as_os_str()).collect();
        let files = self.hashes.keys().map(Path::new);
        let others = self.dirs.keys().chain(links.keys()).map(PathBuf::as_path);
        for path in files.chain(others) {
            let mut above = path.ancestors().skip(1);
            let is_below_link = above.any(|above| leading.contains(above.as_os_str()));
            ensure!(!is_below_link, "{} lies below a link", path.display());
        }
        let only = self.only;
        let is_wanted = |path: &Path| only.is_none_or(|only| path.starts_with(only));
        for path in self.dirs.keys().filter(|path| is_wanted(path)) {
            self.into.directory(path)?;
        }
        for (path, target) in links.iter().filter(|(path, _)| is_wanted(path)) {
            let made = self.into.link(path, target);
            made.with_context(|| format!("cannot make the link {}", path.display()))?;
        }
        // The deepest first, since one above may be without the right to search.
        let dirs = self.dirs.iter().rev();
        for (path, mode) in dirs.filter(|(path, _)| is_wanted(path)) {
            self.into.set_mode(path, *mode)?;
        }
        self.about
            .context("it is not an archive of a frozen machine")
    }
}

/// A path that stays below its base, in one spelling.
fn inside(path: &Path) -> Result<PathBuf> {
    let path = path.strip_prefix("./").unwrap_or(path);
    ensure!(
        is_below_any(path),
        "{} is not a path below the directory",
        path.display()
    );
    Ok(path.components().collect())
}
