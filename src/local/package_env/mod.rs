//! `/etc/portage/package.env` and the files below `/etc/portage/env`
//! (`portage: config.py:config._grab_pkg_env`).

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use super::Base;
use super::atom_map::{AtomEntry, AtomMap, UseDeps, Word, dictionary};
use super::files;
use super::getconfig::{self, Assignment, Mode};
use super::vars::{Layer, Vars, is_incremental};
use crate::pms::{Subject, Syntax};
use crate::source::Notices;

/// Names that mean the package itself and cannot be set for it.
const METADATA: [&str; 19] = [
    "BDEPEND",
    "CATEGORY",
    "DEFINED_PHASES",
    "DEPEND",
    "EAPI",
    "IDEPEND",
    "INHERITED",
    "IUSE",
    "KEYWORDS",
    "LICENSE",
    "PDEPEND",
    "PF",
    "PKGUSE",
    "PORTAGE_REPO_NAME",
    "PROPERTIES",
    "RDEPEND",
    "REQUIRED_USE",
    "RESTRICT",
    "SLOT",
];

/// How the files are read.
const MODE: Mode = Mode {
    allow_source: true,
    expand: true,
};

/// Assignments by atom; `*/*` entries are in make.conf's layer already ([`super::vars`]).
#[derive(Clone, Debug, Default)]
pub struct PackageEnv {
    entries: AtomMap<Vec<Assignment>>,
}

impl PackageEnv {
    /// Read package.env and the files that it names.
    ///
    /// # Errors
    /// A syntax error in one of those files.
    pub fn load(base: &Base, notices: &Notices) -> anyhow::Result<PackageEnv> {
        let path = base.roots.user_config.join("package.env");
        let lines = files::lines(&base.chroot, &path, notices)?;
        let mut reader = EnvReader {
            base,
            notices,
            read: HashMap::new(),
        };
        let mut entries = AtomMap::default();
        for AtomEntry { atom, words, .. } in
            dictionary(lines, Syntax::USER, UseDeps::Ignored, notices)
        {
            if atom.as_str() != "*/*" {
                entries.push(atom, reader.assignments(&words)?);
            }
        }
        Ok(PackageEnv { entries })
    }

    /// What a package gets, weakest first.
    pub fn of(&self, subject: &Subject<'_>) -> Vec<&Assignment> {
        self.entries
            .by_specificity(subject)
            .into_iter()
            .flat_map(|(_, assignments)| assignments)
            .collect()
    }

    /// All entries; each has at most one assignment of a name.
    pub(super) fn entries(&self) -> &AtomMap<Vec<Assignment>> {
        &self.entries
    }
}

/// Reads the files below `/etc/portage/env`, each list of them once.
struct EnvReader<'a> {
    base: &'a Base,
    notices: &'a Notices,
    read: HashMap<Vec<String>, Vec<Assignment>>,
}

impl EnvReader<'_> {
    /// The assignments of the files that words name, in order. Values of one file may be used by those
    /// that follow.
    fn assignments(&mut self, words: &[Word]) -> anyhow::Result<Vec<Assignment>> {
        let names: Vec<String> = words.iter().map(|word| word.text.clone()).collect();
        if let Some(known) = self.read.get(&names) {
            return Ok(known.clone());
        }
        let mut map = expansion_map(&self.base.vars);
        let mut assignments = Assignments::default();
        for word in words {
            for assignment in self.file(word, &mut map)? {
                if self.is_refused(&assignment.name) {
                    let text = format!("{} cannot be set here and is skipped", assignment.name);
                    self.notices.at(&assignment.source, text);
                } else {
                    assignments.put(assignment);
                }
            }
        }
        self.read.insert(names, assignments.list.clone());
        Ok(assignments.list)
    }

    fn file(
        &self,
        word: &Word,
        map: &mut HashMap<String, String>,
    ) -> anyhow::Result<Vec<Assignment>> {
        let chroot = &self.base.chroot;
        let path = self.base.roots.user_config.join("env").join(&word.text);
        if files::kind(chroot, &path)?.is_none() {
            let text = format!("{} does not exist", path.display());
            self.notices.at(&word.source, text);
            return Ok(Vec::new());
        }
        getconfig::read(chroot, &path, map, MODE, self.notices)
    }

    fn is_refused(&self, name: &str) -> bool {
        METADATA.contains(&name)
            || name == "CONFIG_PROTECT"
            || self.base.vars.has("PROFILE_ONLY_VARIABLES", name)
    }
}

/// Assignments by name: incremental ones grow, others are replaced.
#[derive(Default)]
struct Assignments {
    list: Vec<Assignment>,
    positions: HashMap<String, usize>,
}

impl Assignments {
    fn put(&mut self, assignment: Assignment) {
        match self.positions.entry(assignment.name.clone()) {
            Slot::Vacant(new) => {
                new.insert(self.list.len());
                self.list.push(assignment);
            }
            Slot::Occupied(known) => {
                let known = &mut self.list[*known.get()];
                if is_incremental(&assignment.name) {
                    known.append(&assignment);
                } else {
                    *known = assignment;
                }
            }
        }
    }
}

/// What these files may expand: every value of the layers below the environment's.
fn expansion_map(vars: &Vars) -> HashMap<String, String> {
    [Layer::EnvD, Layer::Globals, Layer::Defaults, Layer::Conf]
        .into_iter()
        .flat_map(|layer| vars.layer(layer))
        .map(|one| (one.name.clone(), one.value.clone()))
        .collect()
}

#[cfg(test)]
mod tests;
