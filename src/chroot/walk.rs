//! Following a path through links, as the judged system would.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

/// Symbolic links that one path may lead through, as in Linux.
const MAX_LINKS: u32 = 40;

/// Where a logical path ended.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// Below the root of the judged system, without any links; begins with `/`.
    Inside(PathBuf),
    /// A path of the running system.
    Outside(PathBuf),
}

/// Follow `path` from `place`. Every part has to exist.
pub(super) fn walk(
    dir: &Path,
    mut place: Place,
    path: &Path,
    links: &mut u32,
) -> io::Result<Place> {
    for component in path.components() {
        place = match (component, place) {
            (Component::RootDir | Component::Prefix(_), _) => Place::Inside("/".into()),
            (Component::CurDir, place) => place,
            (Component::ParentDir, Place::Inside(mut path)) => {
                path.pop();
                Place::Inside(path)
            }
            (part, Place::Outside(path)) => {
                let path = path.join(part);
                fs::symlink_metadata(&path)?;
                Place::Outside(path)
            }
            (Component::Normal(name), Place::Inside(path)) => {
                step(dir, &path, name.to_owned(), links)?
            }
        };
    }
    Ok(place)
}

/// Enter one name of a directory inside. The calls of `walk` and `step` nest at most
/// [`MAX_LINKS`] deep.
fn step(dir: &Path, parent: &Path, name: OsString, links: &mut u32) -> io::Result<Place> {
    let path = parent.join(name);
    let real = below(dir, &path);
    if !fs::symlink_metadata(&real)?.is_symlink() {
        return Ok(Place::Inside(path));
    }
    *links += 1;
    if *links > MAX_LINKS {
        return Err(io::Error::other("too many levels of symbolic links"));
    }
    let target = fs::read_link(&real)?;
    let inside = walk(dir, Place::Inside(parent.into()), &target, links);
    match &inside {
        Err(error) if is_missing(error) && target.is_absolute() => {
            outside(dir, &target, &[]).map_or(inside, Ok)
        }
        _ => inside,
    }
}

/// An absolute path of the running system, if something is there and it is not below `own`.
pub(super) fn outside(dir: &Path, path: &Path, own: &[&str]) -> Option<Place> {
    let tidy = normal(path);
    if !path.is_absolute() || own.iter().any(|own| tidy.starts_with(own)) {
        return None;
    }
    let real = fs::canonicalize(path).ok()?;
    Some(match real.strip_prefix(dir) {
        Ok(inside) => Place::Inside(Path::new("/").join(inside)),
        Err(_) => Place::Outside(path.to_path_buf()),
    })
}

pub(super) fn is_missing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// `dir` and a logical path in one.
pub(super) fn below(dir: &Path, logical: &Path) -> PathBuf {
    match logical.strip_prefix("/") {
        Ok(relative) => dir.join(relative),
        Err(_) => dir.join(logical),
    }
}

/// The path without `.` and `..`, by its text alone; begins with `/`.
pub fn normal(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::from("/");
    for component in path.components() {
        match component {
            Component::Normal(name) => tidy.push(name),
            Component::ParentDir => {
                tidy.pop();
            }
            _ => {}
        }
    }
    tidy
}
