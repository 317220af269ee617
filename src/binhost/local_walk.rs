//! Regular files below a directory.

use std::path::Path;

use rustix::fs::{AtFlags, Dir, FileType};

use crate::chroot::Chroot;
use crate::chroot::open::is_member;

/// How deep directories are followed; packages lie two deep.
const MAX_DEPTH: usize = 16;

/// A file as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct File {
    /// Its path below the directory.
    pub(super) path: String,
    /// Size in bytes.
    pub(super) size: u64,
    /// Time of modification in whole seconds since 1970.
    pub(super) mtime: i64,
}

/// All files whose name is wanted, by path; symbolic links are not followed. What cannot be read, or has
/// a name that is not UTF-8, is passed over, as in Portage.
pub(super) fn files(chroot: &Chroot, directory: &Path, wanted: impl Fn(&str) -> bool) -> Vec<File> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), 0)];
    while let Some((below, depth)) = open.pop() {
        let Ok(mut entries) = chroot.directory(&directory.join(&below)) else {
            continue;
        };
        for name in names(&mut entries) {
            let Some(metadata) = entries.fd().ok().and_then(|parent| {
                rustix::fs::statat(parent, &name, AtFlags::SYMLINK_NOFOLLOW).ok()
            }) else {
                continue;
            };
            let path = match below.as_str() {
                "" => name.clone(),
                below => format!("{below}/{name}"),
            };
            match FileType::from_raw_mode(metadata.st_mode) {
                FileType::Directory if depth < MAX_DEPTH => open.push((path, depth + 1)),
                FileType::RegularFile if wanted(&name) => found.push(File {
                    path,
                    size: u64::try_from(metadata.st_size).unwrap_or(0),
                    mtime: metadata.st_mtime,
                }),
                _ => {}
            }
        }
    }
    found.sort_by(|left, right| left.path.cmp(&right.path));
    found
}

/// The names in a directory that are UTF-8.
fn names(entries: &mut Dir) -> Vec<String> {
    let entries = entries.by_ref().flatten().filter(is_member);
    let names = entries.filter_map(|entry| entry.file_name().to_str().ok().map(str::to_owned));
    names.collect()
}
