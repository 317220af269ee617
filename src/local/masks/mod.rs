//! package.mask and package.unmask (`portage: MaskManager.py:MaskManager`).

mod stack;

use stack::{AtomLine, MaskStack, Removal, atom_lines, with_repository};

use super::atom_map::{AtomMap, allows_directories, repository_syntax, strict_repository_lines};
use super::repositories::Repository;
use super::{Base, files};
use crate::pms::{Dep, Subject, Syntax};
use crate::source::{Notices, Source};

/// Atoms of all levels, stacked.
#[derive(Debug)]
pub struct Masks {
    masked: AtomMap<Source>,
    unmasked: AtomMap<Source>,
}

/// The atom that masks a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mask<'a> {
    /// The atom, with `::repository` where a repository's own file gave it.
    pub atom: &'a Dep,
    /// Its line.
    pub source: &'a Source,
}

impl Masks {
    /// Read repositories, profiles and user files.
    ///
    /// # Errors
    /// A directory where a profile may have none.
    pub fn load(base: &Base, notices: &Notices) -> anyhow::Result<Masks> {
        let masked = Levels {
            repositories: repository_masks(base, notices)?,
            profiles: profile_lines(base, "package.mask", notices)?,
            user: user_lines(base, "package.mask", notices)?,
        };
        let unmasked = Levels {
            repositories: repository_unmasks(base, notices)?,
            profiles: profile_lines(base, "package.unmask", notices)?,
            user: user_lines(base, "package.unmask", notices)?,
        };
        Ok(Masks {
            masked: masked.stack(notices),
            unmasked: unmasked.stack(notices),
        })
    }

    /// Whether any atom names a build, so that it tells two builds of one version apart.
    pub fn names_builds(&self) -> bool {
        self.masked.names_builds() || self.unmasked.names_builds()
    }

    /// The mask that hides a package, unless an unmask matches.
    pub fn find(&self, subject: &Subject<'_>) -> Option<Mask<'_>> {
        let (atom, source) = self.masked.matching(subject).into_iter().next()?;
        if !self.unmasked.matching(subject).is_empty() {
            return None;
        }
        Some(Mask { atom, source })
    }
}

/// The lines of all levels.
#[derive(Debug, Default)]
struct Levels {
    /// Stacked already, each atom with its repository.
    repositories: Vec<(Dep, Source)>,
    /// One list a profile, parents first.
    profiles: Vec<Vec<AtomLine>>,
    user: Vec<AtomLine>,
}

impl Levels {
    fn stack(self, notices: &Notices) -> AtomMap<Source> {
        let mut profiles = MaskStack::default();
        for line in self.profiles.into_iter().flatten() {
            let (text, source) = (line.atom.to_string(), line.source.clone());
            if !profiles.apply(line, Removal::Identical) {
                notices.at(
                    &source,
                    format!("-{text} removes an atom that no parent profile has"),
                );
            }
        }
        let mut all = MaskStack::default();
        for (atom, source) in self.repositories.into_iter().chain(profiles.into_atoms()) {
            all.add(atom, source);
        }
        for line in self.user {
            all.apply(line, Removal::AnyRepository);
        }
        all.into_atoms().collect()
    }
}

/// Each repository's own masks on top of those of each of its masters. What it takes back is taken
/// back for its own packages only.
fn repository_masks(base: &Base, notices: &Notices) -> anyhow::Result<Vec<(Dep, Source)>> {
    let list = &base.repositories.list;
    let own: Vec<Vec<AtomLine>> = list
        .iter()
        .map(|repository| repository_lines(base, repository, "package.mask", notices))
        .collect::<anyhow::Result<_>>()?;
    let mut masks = Vec::new();
    for (repository, lines) in list.iter().zip(&own) {
        let masters: Vec<&[AtomLine]> = repository
            .masters
            .iter()
            .filter_map(|&master| own.get(master))
            .map(Vec::as_slice)
            .collect();
        let stacks = if masters.is_empty() {
            vec![&[][..]]
        } else {
            masters
        };
        for master in stacks {
            masks.extend(stack_for(&repository.name, [master, lines]));
        }
    }
    Ok(masks)
}

/// Unmasks of repositories, which masters do not hand down.
fn repository_unmasks(base: &Base, notices: &Notices) -> anyhow::Result<Vec<(Dep, Source)>> {
    let mut unmasks = Vec::new();
    let repositories = base.repositories.list.iter();
    for repository in repositories.filter(|repository| allows_directories(repository)) {
        let lines = repository_lines(base, repository, "package.unmask", notices)?;
        unmasks.extend(stack_for(&repository.name, [&[], &lines]));
    }
    Ok(unmasks)
}

/// Stack lists for packages of one repository.
fn stack_for<'a>(
    repository: &'a str,
    lists: [&[AtomLine]; 2],
) -> impl Iterator<Item = (Dep, Source)> + use<'a> {
    let mut stack = MaskStack::default();
    for line in lists.into_iter().flatten() {
        stack.apply(line.clone(), Removal::Identical);
    }
    stack
        .into_atoms()
        .map(move |(atom, source)| (with_repository(atom, repository), source))
}

fn repository_lines(
    base: &Base,
    repository: &Repository,
    name: &str,
    notices: &Notices,
) -> anyhow::Result<Vec<AtomLine>> {
    let lines = strict_repository_lines(base, repository, name, notices)?;
    Ok(atom_lines(lines, repository_syntax(repository), notices))
}

/// One list a profile. A `package.unmask` counts only where directories are allowed.
fn profile_lines(base: &Base, name: &str, notices: &Notices) -> anyhow::Result<Vec<Vec<AtomLine>>> {
    let nodes = base.profile.nodes.iter();
    let counts = nodes.filter(|node| name != "package.unmask" || node.allow_directories);
    counts
        .map(|node| {
            let lines = node.lines(&base.chroot, name, notices)?;
            Ok(atom_lines(lines, node.syntax(false), notices))
        })
        .collect()
}

fn user_lines(base: &Base, name: &str, notices: &Notices) -> anyhow::Result<Vec<AtomLine>> {
    let path = base.roots.user_config.join(name);
    let lines = files::lines(&base.chroot, &path, notices)?;
    Ok(atom_lines(lines, Syntax::USER, notices))
}

#[cfg(test)]
mod tests;
