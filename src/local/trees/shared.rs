//! Repositories that several machines of one run have in common: their ebuilds are read once.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::read_errors::MetadataProblem;
use super::{Base, Ebuild, Trees, categories, scan};
use crate::pms::Cpn;

/// What was read of one repository, by name.
pub(super) type ReadEbuilds = Mutex<HashMap<Cpn, Arc<ReadDirectory>>>;

/// What the directory of a name in one repository comes to.
#[derive(Debug, Default)]
pub(super) struct ReadDirectory {
    /// In the order of their file names.
    pub(super) ebuilds: Vec<Ebuild>,
    /// What is wrong there, each with an example; every machine is told.
    pub(super) problems: Vec<(MetadataProblem, String)>,
}

/// The name of a repository, and where on this machine it, its caches and the eclasses for it lie.
type RepositoryIdentity = (Arc<str>, Vec<PathBuf>);

/// What was read of repositories, by their name and by the directories of this machine that they, their caches and
/// their eclasses lie in: systems for which these are the same see the same ebuilds.
#[derive(Debug, Default)]
pub struct SharedTrees(Mutex<HashMap<RepositoryIdentity, Arc<ReadEbuilds>>>);

impl SharedTrees {
    /// The repositories of a machine, with what was read of them for others.
    ///
    /// # Errors
    /// As [`Trees::open`].
    pub fn open(&self, base: &Base) -> anyhow::Result<Trees> {
        let mut trees = scan::open(base)?;
        for tree in &mut trees {
            let Some(directories) = tree.directories() else {
                continue;
            };
            let identity = (Arc::clone(&tree.name), directories);
            let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            tree.shared = Some(Arc::clone(known.entry(identity).or_default()));
        }
        Ok(Trees {
            trees,
            categories: categories::read(base)?,
            names: Mutex::default(),
        })
    }
}
