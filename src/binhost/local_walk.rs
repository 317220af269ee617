//! Regular files below a directory.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

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
pub(super) fn files(directory: &Path, wanted: impl Fn(&str) -> bool) -> Vec<File> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), 0)];
    while let Some((below, depth)) = open.pop() {
        let Ok(entries) = fs::read_dir(directory.join(&below)) else {
            continue;
        };
        for entry in entries.flatten() {
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let Ok(metadata) = entry.metadata() else {
                continue;
            };
            let path = match below.as_str() {
                "" => name.clone(),
                below => format!("{below}/{name}"),
            };
            if metadata.is_dir() && depth < MAX_DEPTH {
                open.push((path, depth + 1));
            } else if metadata.is_file() && wanted(&name) {
                found.push(File {
                    path,
                    size: metadata.size(),
                    mtime: metadata.mtime(),
                });
            }
        }
    }
    found.sort_by(|left, right| left.path.cmp(&right.path));
    found
}
