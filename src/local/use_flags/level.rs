//! One family of profile files (`use.mask` and its like, or `package.use`) as it counts for a package
//! (`portage: UseManager.py:UseManager.getUseMask`, `.getUseForce`; `config.py:config.setcpv`).

use super::files::{self, Flag};
use super::tokens::{FlagToken, Rank, Stack, Tokens};
use crate::local::Base;
use crate::local::atom_map::AtomMap;
use crate::local::profile::Profile;
use crate::local::repositories::Repository;
use crate::pms::Subject;
use crate::source::Notices;

/// The four files of a family.
#[derive(Clone, Copy, Debug)]
pub(super) struct SettingFamily {
    /// Flags for all packages; `package.use` has none of this kind.
    pub all: Option<&'static str>,
    /// Flags for stable packages.
    pub stable: &'static str,
    /// Flags by atom.
    pub by_atom: &'static str,
    /// Flags by atom for stable packages.
    pub stable_by_atom: &'static str,
    /// The EAPI from which on the stable ones exist.
    pub stable_since: u8,
}

impl SettingFamily {
    /// `package.use`
    pub(super) const USE: SettingFamily = SettingFamily {
        all: None,
        stable: "use.stable",
        by_atom: "package.use",
        stable_by_atom: "package.use.stable",
        stable_since: 9,
    };
    /// `use.mask`
    pub(super) const MASK: SettingFamily = SettingFamily {
        all: Some("use.mask"),
        stable: "use.stable.mask",
        by_atom: "package.use.mask",
        stable_by_atom: "package.use.stable.mask",
        stable_since: 5,
    };
    /// `use.force`
    pub(super) const FORCE: SettingFamily = SettingFamily {
        all: Some("use.force"),
        stable: "use.stable.force",
        by_atom: "package.use.force",
        stable_by_atom: "package.use.stable.force",
        stable_since: 5,
    };
}

/// Steps that one profile or repository takes, one per file of its kind.
pub(super) const STEPS: usize = 4;

/// The tokens of a family in one repository, or in all profiles.
#[derive(Debug, Default)]
pub(super) struct Level {
    /// For all packages. For `package.use` these are the flags of `make.defaults`.
    pub all: Tokens,
    stable: Tokens,
    by_atom: AtomMap<ByAtom>,
}

/// The flags of one atom in one file.
#[derive(Debug)]
struct ByAtom {
    step: usize,
    stable_only: bool,
    tokens: Tokens,
}

impl Level {
    /// Whether any atom names a build, so that it tells two builds of one version apart.
    pub(super) fn names_builds(&self) -> bool {
        self.by_atom.names_builds()
    }

    /// Read the files of all profiles.
    ///
    /// # Errors
    /// A directory where a profile may have none.
    pub(super) fn of_profiles(
        base: &Base,
        profile: &Profile,
        family: SettingFamily,
        notices: &Notices,
    ) -> anyhow::Result<Level> {
        let mut level = Level::default();
        for (index, node) in profile.nodes.iter().enumerate() {
            let reader = files::UseFileReader::Profile(base, node);
            level.read(&reader, index * STEPS, family, notices)?;
        }
        Ok(level)
    }

    /// Read the files of one repository.
    ///
    /// # Errors
    /// None for now: repositories may always have directories here.
    pub(super) fn of_repository(
        base: &Base,
        repository: &Repository,
        family: SettingFamily,
        notices: &Notices,
    ) -> anyhow::Result<Level> {
        let mut level = Level::default();
        let reader = files::UseFileReader::Repository(base, repository);
        level.read(&reader, 0, family, notices)?;
        Ok(level)
    }

    fn read(
        &mut self,
        reader: &files::UseFileReader<'_>,
        step: usize,
        family: SettingFamily,
        notices: &Notices,
    ) -> anyhow::Result<()> {
        if let Some(name) = family.all {
            push_all(&mut self.all, step, &reader.flags(name, 0, notices)?);
        }
        let since = family.stable_since;
        let stable = reader.flags(family.stable, since, notices)?;
        push_all(&mut self.stable, step + 1, &stable);
        let files = [
            (family.by_atom, 0, false),
            (family.stable_by_atom, since, true),
        ];
        for (index, (name, since, stable_only)) in files.into_iter().enumerate() {
            for (atom, flags) in reader.flags_by_atom(name, since, notices)? {
                let mut tokens = Tokens::default();
                push_all(&mut tokens, 0, &flags);
                let step = step + 2 + index;
                self.by_atom.push(
                    atom,
                    ByAtom {
                        step,
                        stable_only,
                        tokens,
                    },
                );
            }
        }
        Ok(())
    }

    /// Add what counts for a package, its ranks counting from `base` on.
    pub(super) fn collect<'a>(
        &'a self,
        base: Rank,
        subject: &Subject<'_>,
        stable: bool,
        stack: &mut Stack<'a>,
    ) {
        stack.push(base, &self.all);
        if stable {
            stack.push(base, &self.stable);
        }
        let matches = self.by_atom.by_file(subject, |entry| entry.step);
        for (position, (_, entry)) in matches.into_iter().enumerate() {
            if stable || !entry.stable_only {
                stack.push(base.step(entry.step).entry(position), &entry.tokens);
            }
        }
    }
}

fn push_all(tokens: &mut Tokens, step: usize, flags: &[Flag]) {
    for (place, flag) in flags.iter().enumerate() {
        let token = FlagToken::Flag(&flag.name, flag.enabled);
        tokens.push(token, Rank::default().step(step).place(place), &flag.source);
    }
}
