//! A mount namespace in which a few paths lead elsewhere, for this process and what it becomes.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, anyhow, ensure};
use rustix::fs::CWD;
use rustix::mount::{MountPropagationFlags, MoveMountFlags, OpenTreeFlags};
use rustix::process::{getgid, getuid};
use rustix::thread::UnshareFlags;

/// A file or directory to be seen in the place of another of its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bind {
    /// What is seen.
    pub from: PathBuf,
    /// Where; links are followed.
    pub onto: PathBuf,
}

/// See whether a namespace with these mounts can be had, and leave it again. For other users than root,
/// util-linux does so in a process of its own, since a user namespace has no way back: whoever may mount
/// there as its root may do so as oneself.
///
/// # Errors
/// As [`inside`].
pub fn rehearse(binds: &[Bind]) -> Result<()> {
    if is_root() {
        return in_thread(|| enter(binds));
    }
    const MOUNT: &str =
        "while [ $# -gt 0 ]; do mount --no-mtab --bind \"$1\" \"$2\" || exit 1; shift 2; done";
    let mut command = Command::new("unshare");
    command.args([
        "--user",
        "--map-root-user",
        "--mount",
        "--",
        "sh",
        "-c",
        MOUNT,
        "sh",
    ]);
    for bind in binds {
        command.arg(&bind.from).arg(&bind.onto);
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    // Without that program it shows when it is done.
    let may = command.status().map_or(true, |status| status.success());
    ensure!(may, "no mount namespace: users may have none here");
    Ok(())
}

/// Names for the user and the group that Portage gives its files to, in a namespace of an ordinary user. Nobody
/// else is known there, and handing a file to the `portage` group is an error (EINVAL) that emerge does
/// not expect (`portage: data.py:_get_global`).
///
/// # Errors
/// This user or its group has no name, as in some containers.
pub fn portage_names() -> Result<Vec<(&'static str, String)>> {
    if is_root() {
        return Ok(Vec::new());
    }
    let name = |option: &str| {
        let output = Command::new("id")
            .arg(option)
            .stdin(Stdio::null())
            .output()
            .ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        let known = output.status.success() && !text.trim().is_empty();
        known.then(|| text.trim().to_owned())
    };
    let user = name("-un").context("this user has no name, which Portage needs in a namespace")?;
    let group =
        name("-gn").context("this group has no name, which Portage needs in a namespace")?;
    Ok(vec![("PORTAGE_USERNAME", user), ("PORTAGE_GRPNAME", group)])
}

/// Do something in a namespace with these mounts, after which there is nothing more to do but end or
/// become another program. If the namespace cannot be had, this process is outside as before (but for
/// the case of another user than root, see `enter`).
///
/// # Errors
/// The system allows no namespace, or a mount fails; or what `then` gives.
pub fn inside<T: Send>(binds: &[Bind], then: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    let run = || enter(binds).and_then(|()| then());
    if is_root() { in_thread(run) } else { run() }
}

/// A thread can be in a mount namespace of its own, which goes away with it. When a thread becomes
/// another program, the whole process does, in the namespace of that thread.
fn in_thread<T: Send>(work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    thread::scope(|scope| {
        let thread = thread::Builder::new().spawn_scoped(scope, work);
        let thread = thread.context("cannot start a thread")?;
        let done = thread.join();
        done.unwrap_or_else(|_| Err(anyhow!("internal error (see the panic above)")))
    })
}

/// Enter a namespace with these mounts. Without the rights of root, a user namespace in which this user
/// stays who it is gives the right to mount; supplementary groups have no names there, which only
/// matters to an emerge that installs.
///
/// The system keeps sight of what emerge mounts, and emerge of what the system mounts, as without a
/// namespace; only the mounts made here are seen by no one else.
///
/// # Errors
/// The system allows no namespace, or a mount fails. The process may be in a new namespace then, which
/// shows the same as the old one, up to the mounts that succeeded.
fn enter(binds: &[Bind]) -> Result<()> {
    let table = fs::read("/proc/self/mountinfo").context("cannot read /proc/self/mountinfo")?;
    let mounts = Mount::table(&table);
    let targets = binds.iter().map(|bind| {
        let onto = fs::canonicalize(&bind.onto);
        onto.with_context(|| format!("cannot find {}", bind.onto.display()))
    });
    let targets: Vec<PathBuf> = targets.collect::<Result<_>>()?;
    let groups = shared_groups(&mounts, &targets)?;
    separate().context("no mount namespace")?;
    for group in &groups {
        let private = rustix::mount::mount_change(&group.point, MountPropagationFlags::PRIVATE);
        private.with_context(|| format!("cannot change {}", group.point.display()))?;
    }
    for (bind, onto) in binds.iter().zip(&targets) {
        let mounted = rustix::mount::mount_bind(&bind.from, onto);
        mounted.with_context(|| format!("cannot mount on {}", onto.display()))?;
    }
    groups.iter().for_each(PortageGroup::rejoin);
    Ok(())
}

/// Whether this is root, who needs no user namespace.
pub fn is_root() -> bool {
    getuid().is_root()
}

fn separate() -> io::Result<()> {
    if is_root() {
        return Ok(unshare(UnshareFlags::NEWNS)?);
    }
    let (user, group) = (getuid().as_raw(), getgid().as_raw());
    unshare(UnshareFlags::NEWUSER | UnshareFlags::NEWNS)?;
    fs::write("/proc/self/setgroups", "deny")?;
    fs::write("/proc/self/uid_map", format!("{user} {user} 1"))?;
    fs::write("/proc/self/gid_map", format!("{group} {group} 1"))
}

#[expect(
    deprecated,
    reason = "the other one is unsafe because of file descriptor tables, which are not unshared here"
)]
fn unshare(flags: UnshareFlags) -> rustix::io::Result<()> {
    rustix::thread::unshare(flags)
}

/// A mount that passes on to others what is mounted on it.
struct PortageGroup {
    point: PathBuf,
    /// The same mount as the system sees it.
    outside: OwnedFd,
}

impl PortageGroup {
    /// Pass things on again. A kernel before 5.15 cannot: there, what emerge mounts directly on this
    /// mount ends with emerge.
    fn rejoin(&self) {
        let flags = MoveMountFlags::MOVE_MOUNT_SET_GROUP | MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH;
        let _ = rustix::mount::move_mount(&self.outside, "", CWD, &self.point, flags);
    }
}

/// The shared mounts that hold any of the paths, each once.
fn shared_groups(mounts: &[Mount], paths: &[PathBuf]) -> Result<Vec<PortageGroup>> {
    let mut groups: Vec<PortageGroup> = Vec::new();
    for mount in paths.iter().filter_map(|path| Mount::holding(path, mounts)) {
        let is_new = groups.iter().all(|group| group.point != mount.point);
        // In a user namespace nothing is passed on in any case.
        if mount.shared && is_new && is_root() {
            let outside =
                rustix::mount::open_tree(CWD, &mount.point, OpenTreeFlags::OPEN_TREE_CLOEXEC);
            let outside =
                outside.with_context(|| format!("cannot open {}", mount.point.display()))?;
            groups.push(PortageGroup {
                point: mount.point.clone(),
                outside,
            });
        }
    }
    Ok(groups)
}

/// A line of `/proc/self/mountinfo`.
#[derive(Debug, PartialEq, Eq)]
struct Mount {
    point: PathBuf,
    shared: bool,
}

impl Mount {
    /// All lines, in the order of mounting.
    fn table(text: &[u8]) -> Vec<Mount> {
        text.split(|byte| *byte == b'\n')
            .filter_map(Mount::parse)
            .collect()
    }

    /// `22 27 0:21 / /proc rw,relatime shared:12 - proc proc rw`
    fn parse(line: &[u8]) -> Option<Mount> {
        let mut fields = line.split(|byte| *byte == b' ');
        let point = fields.nth(4)?;
        let mut optional = fields.skip(1).take_while(|field| *field != b"-");
        Some(Mount {
            point: OsString::from_vec(unescape(point)).into(),
            shared: optional.any(|field| field.starts_with(b"shared:")),
        })
    }

    /// The mount that a path lies on: of the nearest, the one on top.
    fn holding<'m>(path: &Path, mounts: &'m [Mount]) -> Option<&'m Mount> {
        let holding = mounts.iter().filter(|mount| path.starts_with(&mount.point));
        holding.max_by_key(|mount| mount.point.as_os_str().len())
    }
}

/// Blanks, tabs, line feeds and backslashes stand as three octal digits.
fn unescape(field: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field;
    while let Some((&first, after)) = rest.split_first() {
        let digits = after.get(..3).filter(|_| first == b'\\');
        let code = digits.and_then(|digits| {
            let text = std::str::from_utf8(digits).ok()?;
            u8::from_str_radix(text, 8).ok()
        });
        bytes.push(code.unwrap_or(first));
        rest = if code.is_some() { &after[3..] } else { after };
    }
    bytes
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const TABLE: &[u8] = b"\
        27 1 8:1 / / rw,relatime shared:1 - ext4 /dev/root rw\n\
        30 27 8:2 / /etc rw,relatime - ext4 /dev/sdb rw\n\
        31 27 8:3 / /mnt/a\\040b\\134 rw shared:7 master:3 - ext4 /dev/sdc rw\n\
        32 27 8:2 / /etc rw,relatime shared:9 - ext4 /dev/sdb rw\n\
        junk\n";

    #[test]
    fn the_mount_that_holds_a_path() {
        let mounts = Mount::table(TABLE);
        assert_eq!(mounts.len(), 4);
        for (path, point, shared) in [
            ("/", "/", true),
            ("/etc/portage/binrepos.conf", "/etc", true),
            ("/etcetera", "/", true),
            ("/mnt/a b\\/c", "/mnt/a b\\", true),
        ] {
            let found = Mount::holding(Path::new(path), &mounts).unwrap();
            assert_eq!((found.point.to_str(), found.shared), (Some(point), shared));
        }
        assert!(!Mount::table(TABLE)[1].shared);
    }

    #[test]
    fn any_line_ends_well() {
        for line in [
            &b""[..],
            b" ",
            b"1 2 3 4",
            b"1 2 3 4 \\",
            b"1 2 3 4 \\9\\777 x",
        ] {
            let _ = Mount::parse(line);
        }
    }
}
