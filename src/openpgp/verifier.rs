//! As whom gpg verifies: an emerge of root's lets another user run it (`portage: gpkg.py:checksum_helper`), who may not
//! be able to read the keys.

use std::path::Path;

use crate::chroot::FileFacts;
use crate::local::Base;

/// The user and group that every system has, also where no file names them.
const NOBODY: (&[&str], u32) = (&["nobody", "nogroup"], 65534);

/// Beside the keys, what gpg gives up without, if it is there.
const TRUST: &str = "trustdb.gpg";

/// What is to be done with a file or directory: the bits of its mode for all others.
#[derive(Clone, Copy)]
enum Access {
    Enter = 0o1,
    Read = 0o4,
}

/// Why gpg could not read these keys of its home as the user that verifies.
pub(super) fn unreadable(base: &Base, home: &Path, keys: &[&str]) -> Option<String> {
    let setting = |name: &str, default| base.vars.get(name).unwrap_or(default).trim().to_owned();
    let user = setting("GPG_VERIFY_USER_DROP", "nobody");
    let group = setting("GPG_VERIFY_GROUP_DROP", "nogroup");
    for (kind, name, file) in [("user", &user, "passwd"), ("group", &group, "group")] {
        if matches!(id(base, file, name), Known::Missing) {
            return Some(format!(
                "there is no {kind} {name}, as whom gpg is to verify (GPG_VERIFY_{}_DROP)",
                kind.to_uppercase()
            ));
        }
    }
    if user.is_empty() || !has_own_owners(base) {
        return None;
    }
    let uid = match id(base, "passwd", &user) {
        Known::Id(uid) => Some(uid),
        Known::Missing | Known::Open => None,
    };
    let lacks = |path: &Path, access: Access| {
        let facts = base.chroot.facts(path).ok()?;
        let deed = match access {
            Access::Enter => "may not be entered by",
            Access::Read => "is not readable for",
        };
        (!may(uid, facts, access)).then(|| {
            let mode = facts.mode();
            let path = path.display();
            format!("{path} {deed} {user}, as whom gpg verifies (mode {mode:o})")
        })
    };
    // The directory itself, and those on the way to it.
    let mut entered = home.ancestors().filter(|path| path.parent().is_some());
    let files = keys.iter().chain(&[TRUST]).map(|name| home.join(name));
    let mut files = files.collect::<Vec<_>>().into_iter();
    entered
        .find_map(|path| lacks(path, Access::Enter))
        .or_else(|| files.find_map(|path| lacks(&path, Access::Read)))
}

/// Whether files belong to whom they belong on the system: a copy that someone made may belong to them as a whole.
fn has_own_owners(base: &Base) -> bool {
    let facts = base.chroot.facts(Path::new("/etc"));
    facts.is_ok_and(|facts| facts.uid() == 0)
}

/// Whether a user may do that. Root's other groups stay with the process, so that any group may be one of them.
fn may(uid: Option<u32>, facts: FileFacts, access: Access) -> bool {
    let bits = access as u32;
    let has = |bits: u32| facts.mode() & bits == bits;
    match uid {
        Some(0) => true,
        Some(uid) if uid == facts.uid() => has(bits << 6),
        // Whoever it is, not root.
        None if facts.uid() != 0 => true,
        _ => has(bits) || has(bits << 3),
    }
}

/// What the system's files say about a name.
enum Known {
    Id(u32),
    Missing,
    /// There is no such file, or nothing to ask for.
    Open,
}

/// The id of a user or group in `/etc/passwd` or `/etc/group`.
fn id(base: &Base, file: &str, name: &str) -> Known {
    let path = Path::new("/etc").join(file);
    let Ok(text) = base.chroot.read_limited(&path, 1 << 20) else {
        return Known::Open;
    };
    let text = String::from_utf8_lossy(&text);
    let mut lines = text.lines().map(|line| line.split(':'));
    let found = lines.find_map(|mut fields| {
        let is_it = fields.next() == Some(name);
        fields.nth(1).filter(|_| is_it)?.parse().ok()
    });
    match found {
        Some(id) => Known::Id(id),
        None if name.is_empty() => Known::Open,
        None if name == "root" => Known::Id(0),
        None if NOBODY.0.contains(&name) => Known::Id(NOBODY.1),
        None => Known::Missing,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::print_stderr)]

    use std::fs;
    use std::os::unix::fs::{PermissionsExt, chown};

    use super::*;
    use crate::local::testing;

    const HOME: &str = "/etc/portage/gnupg";

    /// What is said where these paths below the home have these owners and modes, of `user:group`.
    fn said(users: &str, owners: &[(&str, u32, u32)]) -> Option<String> {
        let root = tempfile::tempdir().unwrap();
        let home = root.path().join(&HOME[1..]);
        fs::create_dir_all(&home).unwrap();
        fs::write(root.path().join("etc/passwd"), "gpg:x:77:77::/:/bin/sh\n").unwrap();
        fs::write(root.path().join("etc/group"), "gpg:x:77:\n").unwrap();
        for file in ["pubring.kbx", "trustdb.gpg"] {
            fs::write(home.join(file), "").unwrap();
            fs::set_permissions(home.join(file), fs::Permissions::from_mode(0o644)).unwrap();
        }
        for (path, owner, mode) in owners {
            let path = home.join(path);
            chown(&path, Some(*owner), Some(0)).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(*mode)).unwrap();
        }
        let (user, group) = users.split_once(':').unwrap();
        let settings = [
            ("GPG_VERIFY_USER_DROP", user),
            ("GPG_VERIFY_GROUP_DROP", group),
        ];
        let base = testing::base(root.path(), &settings);
        unreadable(&base, Path::new(HOME), &["pubring.kbx"])
    }

    #[test]
    fn whether_the_user_that_verifies_can_read_the_keys() {
        if !rustix::process::getuid().is_root() {
            eprintln!("skipped: only root gives files away");
            return;
        }
        let closed = "/etc/portage/gnupg may not be entered";
        for (users, owners, start) in [
            ("nobody:nogroup", &[][..], ""),
            ("nobody:nogroup", &[("", 0, 0o700)], closed),
            ("nobody:nogroup", &[("", 65534, 0o700)], ""),
            ("gpg:gpg", &[("", 77, 0o700)], ""),
            ("gpg:gpg", &[("", 65534, 0o700)], closed),
            ("gpg:gpg", &[("", 0, 0o750)], ""),
            ("gpg:gpg", &[("", 0, 0o711)], ""),
            (":", &[("", 0, 0o700)], ""),
            ("root:root", &[("", 0, 0o700)], ""),
            (
                "gpg:gpg",
                &[("trustdb.gpg", 0, 0o600)],
                "/etc/portage/gnupg/trustdb.gpg is not readable",
            ),
            (
                "gpg:gpg",
                &[("pubring.kbx", 5, 0o600)],
                "/etc/portage/gnupg/pubring.kbx is not readable",
            ),
            (
                "gpg:gpg",
                &[("..", 0, 0o700)],
                "/etc/portage may not be entered",
            ),
            ("other:gpg", &[], "there is no user other"),
            ("gpg:other", &[], "there is no group other"),
        ] {
            let said = said(users, owners).unwrap_or_default();
            let is_it = said.starts_with(start) && said.is_empty() == start.is_empty();
            assert!(is_it, "{users} {owners:?}: {said}");
        }
    }
}
