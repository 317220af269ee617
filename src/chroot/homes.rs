//! Home directories of the running machine, which hold what is its users' alone.

use std::fs;
use std::path::{Path, PathBuf};

/// Where homes lie on most systems, whatever the list of users says.
const USUAL: [&str; 3] = ["/home", "/root", "/var/home"];

/// The first uid of people; system users have directories such as `/bin` for a home.
const FIRST_PERSON: u32 = 1000;

/// The usual places, and the homes of people and of root in `/etc/passwd`.
pub(super) fn of_this_machine() -> Vec<PathBuf> {
    let mut homes = Vec::new();
    for usual in USUAL {
        add(&mut homes, Path::new(usual));
    }
    // Users of a directory service are not listed there; their homes lie below the usual places.
    let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
    for home in passwd.lines().filter_map(home_of_person) {
        add(&mut homes, Path::new(home));
    }
    homes
}

/// Add a directory as it is written and as it is after following links. `/` is nobody's home: it would
/// shield everything.
pub(super) fn add(homes: &mut Vec<PathBuf>, home: &Path) {
    let real = fs::canonicalize(home).ok();
    for path in [Some(super::normal(home)), real].into_iter().flatten() {
        if home.is_absolute() && path != Path::new("/") && !homes.contains(&path) {
            homes.push(path);
        }
    }
}

/// The home in a line of `/etc/passwd`, if it is root's or a person's.
fn home_of_person(line: &str) -> Option<&str> {
    let mut fields = line.split(':').skip(2);
    let uid: u32 = fields.next()?.parse().ok()?;
    let home = fields.nth(2)?;
    (uid == 0 || uid >= FIRST_PERSON).then_some(home)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_have_homes() {
        for (line, home) in [
            ("root:x:0:0:root:/root:/bin/bash", Some("/root")),
            (
                "me:x:1000:1000:,,,:/srv/people/me:/bin/sh",
                Some("/srv/people/me"),
            ),
            ("bin:x:1:1:bin:/bin:/sbin/nologin", None),
            ("# comment", None),
            ("a:b:c", None),
            ("", None),
        ] {
            assert_eq!(home_of_person(line), home, "{line}");
        }
        assert!(of_this_machine().contains(&PathBuf::from("/home")));
    }

    #[test]
    fn the_root_directory_and_relative_paths_are_no_homes() {
        let mut homes = Vec::new();
        add(&mut homes, Path::new("/"));
        add(&mut homes, Path::new("x"));
        add(&mut homes, Path::new("/nonexistent/me"));
        assert_eq!(homes, [Path::new("/nonexistent/me")]);
    }
}
