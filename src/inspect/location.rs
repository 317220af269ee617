//! Where the file of an instance lies.

use std::path::{Component, Path, PathBuf};

use anyhow::{Result, bail, ensure};

use crate::binhost::{Candidate, HostState, Uri, package_command};
use crate::chroot::FileKind;
use crate::local::Base;

/// Where a file can be read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Location {
    /// In the file system of the judged system (a logical path).
    File(PathBuf),
    /// Below this URI.
    Http(Uri, String),
    /// Below the URI of the host's packages, by a command.
    Command(String),
}

impl Location {
    /// Whether another machine has to send it.
    pub(super) fn is_remote(&self) -> bool {
        !matches!(self, Location::File(_))
    }
}

/// The place of a candidate's file. `allowed`: whether commands of other configurations than this machine's are run.
///
/// # Errors
/// There is no way to it.
pub(super) fn of(
    candidate: &Candidate,
    hosts: &[HostState],
    base: &Base,
    allowed: bool,
) -> Result<Location> {
    let path = relative(candidate.path())?;
    let Some(host) = candidate.host.and_then(|host| host.of(hosts)) else {
        let pkgdir = base.vars.get("PKGDIR").unwrap_or_default();
        return Ok(Location::File(Path::new(pkgdir).join(path)));
    };
    if let Some(location) = &host.repo.location {
        let kept = location.join(path);
        if is_kept(base, &kept, candidate) {
            return Ok(Location::File(kept));
        }
    }
    let uri = host.packages();
    match uri.scheme() {
        "" | "file" if host.is_remote() => {
            bail!("the index of another machine names {uri}, which would be a file of this one")
        }
        "" | "file" => Ok(Location::File(Path::new(uri.path()).join(path))),
        _ if package_command::is_needed(base, host, allowed)? => {
            Ok(Location::Command(path.to_owned()))
        }
        _ => Ok(Location::Http(uri, escaped(path))),
    }
}

/// A path that stays below its base.
fn relative(path: &str) -> Result<&str> {
    let path = path.trim_start_matches('/');
    ensure!(!path.is_empty(), "the index names no PATH");
    let is_plain = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    let stays = Path::new(path).components().all(is_plain)
        && !path.contains(char::is_control)
        && !path.split(['/', '\\']).any(is_parent);
    ensure!(stays, "PATH leads out of the binhost");
    Ok(path)
}

/// Whether a URL parser takes a part of a path for `..`.
fn is_parent(part: &str) -> bool {
    part.to_ascii_lowercase().replace("%2e", ".") == ".."
}

/// emerge takes a file that it has already if size and time agree with the index.
fn is_kept(base: &Base, path: &Path, candidate: &Candidate) -> bool {
    let Ok(facts) = base.chroot.facts(path) else {
        return false;
    };
    let size = i64::try_from(facts.size()).ok();
    facts.file_kind() == FileKind::File
        && size == candidate.size
        && Some(facts.mtime()) == candidate.mtime
}

/// A path as part of a URL: what would end a path there is escaped, what is escaped already stays.
fn escaped(path: &str) -> String {
    path.replace('?', "%3F").replace('#', "%23")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_below_their_base() {
        for (path, expected) in [
            ("a/b-1.gpkg.tar", Some("a/b-1.gpkg.tar")),
            ("/a/b", Some("a/b")),
            ("a/./b", Some("a/./b")),
            ("a/../b", None),
            ("../../etc/passwd", None),
            ("a/b\n", None),
            ("a/.\t./b", None),
            ("a/%2e%2E/b", None),
            ("a/.%2e/b", None),
            ("a\\..\\b", None),
            ("a/..b/%2e/b", Some("a/..b/%2e/b")),
            ("", None),
            ("//", None),
        ] {
            assert_eq!(relative(path).ok(), expected, "{path:?}");
        }
        assert_eq!(escaped("x11/gtk+-3?#%20"), "x11/gtk+-3%3F%23%20");
    }
}
