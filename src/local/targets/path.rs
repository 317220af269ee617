//! Words that are paths: files of installed packages, and ebuilds.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};

use super::{Member, member};
use crate::chroot::{self, FileKind};
use crate::local::Base;
use crate::local::installed::{Installed, owners::slot_atoms};
use crate::pms::{Cpv, Dep, Syntax};

/// Slot atoms of the packages that own a file. Many may own a directory; for a file, the first one
/// counts.
pub(super) fn owners(
    word: &str,
    base: &Base,
    installed: &Installed,
) -> anyhow::Result<Vec<Member>> {
    let path = absolute(word, base)?;
    let eroot = &base.roots.eroot;
    ensure!(
        path.starts_with(eroot),
        "{word} does not lie below {}, where packages are installed",
        eroot.display()
    );
    let mut owners = installed.owners_of(base, &path);
    if base.chroot.kind(&path) != Some(FileKind::Dir) {
        owners.truncate(1);
    }
    ensure!(!owners.is_empty(), "{word} belongs to no installed package");
    let atoms = slot_atoms(installed, owners);
    let atoms = atoms
        .iter()
        .filter_map(|atom| Dep::parse(atom, Syntax::USER).ok());
    Ok(atoms.map(|atom| member(word, atom)).collect())
}

/// `=category/package-version::repository` of an ebuild in one of the repositories.
pub(super) fn ebuild(word: &str, base: &Base) -> anyhow::Result<Member> {
    let path = absolute(word, base)?;
    let (tree, cpv) = parts(&path).with_context(|| {
        format!(
            "{word} does not lie in a repository: its path must end in \
            category/package/package-version.ebuild"
        )
    })?;
    ensure!(
        base.chroot.kind(&path) == Some(FileKind::File),
        "there is no ebuild {word}"
    );
    let tree = base
        .chroot
        .canonical(tree)
        .unwrap_or_else(|_| tree.to_owned());
    let mut repositories = base.repositories.list.iter();
    let Some(repository) = repositories.find(|repository| repository.location == tree) else {
        bail!(
            "{word} lies in no configured repository; add {} to /etc/portage/repos.conf",
            tree.display()
        );
    };
    let text = format!("={cpv}::{}", repository.name);
    let atom = Dep::parse(&text, Syntax::USER)
        .with_context(|| format!("{word} is not named like an ebuild"))?;
    Ok(member(word, atom))
}

/// The repository directory, and name and version.
fn parts(ebuild: &Path) -> Option<(&Path, Cpv)> {
    let package = ebuild.parent()?;
    let category = package.parent()?;
    let stem = ebuild.file_name()?.to_str()?.strip_suffix(".ebuild")?;
    let name = |dir: &Path| Some(dir.file_name()?.to_str()?.to_owned());
    let cpv = Cpv::parse(&format!("{}/{stem}", name(category)?))?;
    (cpv.cpn.package() == name(package)?).then_some((category.parent()?, cpv))
}

/// An absolute path without `.` and `..`, which are removed by text as emerge does.
fn absolute(word: &str, base: &Base) -> anyhow::Result<PathBuf> {
    if word.starts_with('/') {
        return Ok(chroot::normal(Path::new(word)));
    }
    let here = base.env.get("PWD").filter(|here| here.starts_with('/'));
    let here = here.with_context(|| {
        format!("{word} is a relative path and PWD is not set; write it from / on")
    })?;
    Ok(chroot::normal(&Path::new(here).join(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_ebuilds() {
        let table = [
            ("/r/a/b/b-1.ebuild", Some(("/r", "a/b-1"))),
            ("/r/a/b/b-1-r2.ebuild", Some(("/r", "a/b-1-r2"))),
            ("/r/a/c/b-1.ebuild", None),
            ("/r/a/b/b.ebuild", None),
            ("/b/b-1.ebuild", None),
            ("/b-1.ebuild", None),
        ];
        for (path, expected) in table {
            let found = parts(Path::new(path))
                .map(|(tree, cpv)| (tree.display().to_string(), cpv.to_string()));
            let expected = expected.map(|(tree, cpv)| (tree.to_owned(), cpv.to_owned()));
            assert_eq!(found, expected, "{path}");
        }
    }
}
