//! Which installed package a file belongs to, by the CONTENTS that were recorded
//! (`portage: vartree.py:vardbapi._owners_db`, `dblink._match_contents`).

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use super::super::Base;
use super::Installed;
use crate::pms::Cpv;

/// Largest CONTENTS that is searched; the kernel sources have about 10 MiB.
const LARGEST: u64 = 128 << 20;

impl Installed {
    /// Packages that own a file or directory, given as the judged system knows it. Directories
    /// that are links are looked through on both sides, so `/bin/sh` is found as `/usr/bin/sh`.
    pub fn owners_of(&self, base: &Base, path: &Path) -> Vec<&Cpv> {
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            return Vec::new();
        };
        let wanted = spellings(base, path);
        self.owning(|entry| {
            entry.rsplit('/').next() == Some(name)
                && !wanted.is_disjoint(&spellings(base, &absolute(base, entry)))
        })
    }

    /// Packages with an entry in CONTENTS (a path below ROOT) that is requested.
    pub fn owning(&self, is_wanted: impl Fn(&str) -> bool) -> Vec<&Cpv> {
        let cpvs = self.names().flat_map(|cpn| self.versions(cpn.as_str()));
        cpvs.filter(|cpv| self.has_entry(cpv, &is_wanted)).collect()
    }

    /// Which of some files an installed package owns, given as the judged system knows them.
    pub fn owned_of<'p>(
        &self,
        base: &Base,
        cpv: &Cpv,
        paths: &'p [PathBuf],
    ) -> Option<&'p PathBuf> {
        let owns = |path: &&PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str());
            let wanted = spellings(base, path);
            let is_it = |entry: &str| {
                entry.rsplit('/').next() == name
                    && !wanted.is_disjoint(&spellings(base, &absolute(base, entry)))
            };
            self.has_entry(cpv, is_it)
        };
        paths.iter().find(owns)
    }

    fn has_entry(&self, cpv: &Cpv, is_wanted: impl Fn(&str) -> bool) -> bool {
        let file = self.dir_of(cpv).join("CONTENTS");
        let contents = self.files.text(&file, LARGEST).unwrap_or_default();
        contents.lines().filter_map(path_of).any(is_wanted)
    }
}

/// The path of one line of CONTENTS; `None` for a line that is none.
fn path_of(line: &str) -> Option<&str> {
    let (kind, rest) = line.split_once(' ')?;
    match kind {
        "dir" | "dev" | "fif" => Some(rest),
        "obj" => Some(rest.rsplit_once(' ')?.0.rsplit_once(' ')?.0),
        "sym" => Some(rest.split_once(" -> ")?.0),
        _ => None,
    }
}

/// A path below ROOT as an absolute one.
fn absolute(base: &Base, entry: &str) -> PathBuf {
    base.roots.root.join(entry.trim_start_matches('/'))
}

/// The path as written, and with links in its directories resolved.
fn spellings(base: &Base, path: &Path) -> HashSet<PathBuf> {
    let resolved = path.parent().zip(path.file_name()).and_then(|(dir, name)| {
        let dir = base.chroot.canonical(dir).ok()?;
        Some(dir.join(name))
    });
    [path.to_owned()].into_iter().chain(resolved).collect()
}

/// Slot atoms (`category/package:slot`) of packages.
pub(crate) fn slot_atoms<'a>(
    installed: &Installed,
    cpvs: impl IntoIterator<Item = &'a Cpv>,
) -> BTreeSet<String> {
    let mut atoms = BTreeSet::new();
    for cpv in cpvs {
        let packages = installed.of(cpv.cpn.as_str()).iter();
        for package in packages.filter(|package| package.cpv == *cpv) {
            let slot = package.slot.as_ref().map_or("0", |slot| slot.slot());
            atoms.insert(format!("{}:{slot}", cpv.cpn));
        }
    }
    atoms
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_of_contents() {
        let table = [
            ("obj /usr/bin/a b 0123 1700000000", Some("/usr/bin/a b")),
            ("sym /usr/lib/a -> b c -> d 1700000000", Some("/usr/lib/a")),
            ("dir /usr/share/x y", Some("/usr/share/x y")),
            ("dev /dev/null", Some("/dev/null")),
            ("fif /run/x", Some("/run/x")),
            ("obj /x", None),
            ("sym /x 1", None),
            ("what /x", None),
            ("", None),
        ];
        for (line, path) in table {
            assert_eq!(path_of(line), path, "{line:?}");
        }
    }

    proptest! {
        #[test]
        fn any_line_survives(line in ".{0,80}") {
            let _ = path_of(&line);
        }
    }
}
