//! Writing an archive.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::{Compression, GzBuilder};
use tar::{Builder, EntryType, Header};

use super::collect::{Collection, FrozenMember};
use super::{ABOUT, About, MANIFEST, Omission, secrets};
use crate::chroot::Chroot;
use crate::hash::sha256;

/// The largest file that is frozen, in bytes.
const LARGEST: u64 = 256 << 20;

/// A file that the system does not have: what is known of it otherwise.
#[derive(Clone, Debug)]
pub struct OwnFile {
    /// Its path in the archive.
    pub path: &'static str,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Write the archive, bincheck's `own` files first; what it says about itself.
///
/// # Errors
/// It cannot be written.
pub fn pack(
    chroot: &Chroot,
    collection: Collection,
    about: About,
    own: &[OwnFile],
    out: impl Write,
) -> Result<About> {
    let Collection {
        members,
        mut left_out,
        configuration,
    } = collection;
    let mut files = Vec::new();
    for (path, member) in &members {
        let FrozenMember::File(mode, modified) = member else {
            continue;
        };
        match FrozenContent::new(chroot, path, configuration.contains(path)) {
            Ok((content, changed)) => {
                left_out.extend(changed.map(|why| entry(path, why)));
                files.push((path, *mode, *modified, content));
            }
            Err(why) => {
                left_out.insert(entry(path, &why));
            }
        }
    }
    let about = About {
        left_out: left_out.into_iter().collect(),
        ..about
    };
    let mut archive = Archive::new(out);
    archive.file(
        Path::new(ABOUT),
        0o644,
        0,
        &serde_json::to_vec_pretty(&about)?,
    )?;
    for OwnFile { path, bytes } in own {
        archive.file(Path::new(path), 0o644, 0, bytes)?;
    }
    for (path, member) in &members {
        if let FrozenMember::Dir(mode) = member {
            archive.dir(path, *mode)?;
        }
    }
    for (path, mode, modified, content) in files {
        archive.file(path, mode, modified, &content.bytes(chroot, path)?)?;
    }
    for (path, member) in &members {
        if let FrozenMember::Link(target) = member {
            archive.link(path, target)?;
        }
    }
    archive.finish()?;
    Ok(about)
}

/// What is written of a file.
enum FrozenContent {
    /// Configuration, without its secrets.
    Configuration(Vec<u8>),
    /// Any other file, which is read when it is written: those of a repository are many.
    Unread,
}

impl FrozenContent {
    /// And what was taken out of it; why it cannot be taken.
    fn new(
        chroot: &Chroot,
        path: &Path,
        is_configuration: bool,
    ) -> Result<(FrozenContent, Option<&'static str>), String> {
        let unreadable = |error| format!("it cannot be read: {error}");
        if !is_configuration {
            let (_, size) = chroot.open(path).map_err(unreadable)?;
            return match size {
                0..=LARGEST => Ok((FrozenContent::Unread, None)),
                _ => Err(format!("it is larger than {} MiB", LARGEST >> 20)),
            };
        }
        let bytes = chroot.read_limited(path, LARGEST).map_err(unreadable)?;
        Ok(match secrets::cleaned(&bytes) {
            Some((without, what)) => (FrozenContent::Configuration(without), Some(what)),
            None => (FrozenContent::Configuration(bytes), None),
        })
    }

    fn bytes(self, chroot: &Chroot, path: &Path) -> Result<Vec<u8>> {
        match self {
            FrozenContent::Configuration(bytes) => Ok(bytes),
            FrozenContent::Unread => {
                let bytes = chroot.read_limited(path, LARGEST);
                bytes.with_context(|| format!("cannot read {}", chroot.label(path).display()))
            }
        }
    }
}

fn entry(path: &Path, why: &str) -> Omission {
    Omission {
        path: path.display().to_string(),
        why: why.to_owned(),
    }
}

struct Archive<W: Write> {
    tar: Builder<flate2::write::GzEncoder<W>>,
    manifest: String,
}

impl<W: Write> Archive<W> {
    fn new(out: W) -> Archive<W> {
        // Neither name nor time in its header, so that the same input gives the same bytes.
        let gzip = GzBuilder::new().write(out, Compression::new(6));
        let mut tar = Builder::new(gzip);
        tar.mode(tar::HeaderMode::Deterministic);
        Archive {
            tar,
            manifest: String::new(),
        }
    }

    fn file(&mut self, path: &Path, mode: u32, modified: i64, bytes: &[u8]) -> Result<()> {
        let path = relative(path);
        self.manifest.push_str(&format!(
            "{} {mode:04o} {}\n",
            sha256([bytes]),
            path.display()
        ));
        let mut header = header(EntryType::Regular, mode);
        header.set_mtime(u64::try_from(modified).unwrap_or(0));
        header.set_size(bytes.len() as u64);
        let added = self.tar.append_data(&mut header, &path, bytes);
        added.with_context(|| format!("cannot add {}", path.display()))
    }

    fn dir(&mut self, path: &Path, mode: u32) -> Result<()> {
        let path = relative(path);
        if path.as_os_str().is_empty() {
            return Ok(());
        }
        let mut header = header(EntryType::Directory, mode);
        let added = self.tar.append_data(&mut header, &path, std::io::empty());
        added.with_context(|| format!("cannot add {}", path.display()))
    }

    fn link(&mut self, path: &Path, target: &Path) -> Result<()> {
        let path = relative(path);
        let mut header = header(EntryType::Symlink, 0o777);
        let added = self.tar.append_link(&mut header, &path, target);
        added.with_context(|| format!("cannot add {}", path.display()))
    }

    fn finish(mut self) -> Result<()> {
        let manifest = std::mem::take(&mut self.manifest);
        let mut header = header(EntryType::Regular, 0o644);
        header.set_size(manifest.len() as u64);
        self.tar
            .append_data(&mut header, MANIFEST, manifest.as_bytes())?;
        self.tar.into_inner()?.finish()?.flush()?;
        Ok(())
    }
}

fn header(kind: EntryType, mode: u32) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_size(0);
    header
}

fn relative(path: &Path) -> PathBuf {
    path.strip_prefix("/").unwrap_or(path).to_path_buf()
}
