//! `package.provided`: packages that the user looks after himself
//! (`portage: config.py:config.pprovideddict`).

use super::Base;
use crate::pms::{Cpv, Dep};
use crate::source::Notices;

/// Packages that count as installed whatever the database says.
#[derive(Debug, Default)]
pub struct Provided(Vec<Cpv>);

impl Provided {
    /// Read the profiles whose EAPI allows the file (up to 6, or none), parents first.
    ///
    /// # Errors
    /// A directory where a profile may have none.
    pub fn load(base: &Base, notices: &Notices) -> anyhow::Result<Provided> {
        let mut provided: Vec<Cpv> = Vec::new();
        for node in &base.profile.nodes {
            if node
                .eapi
                .is_some_and(|eapi| !eapi.has_profile_package_provided())
            {
                continue;
            }
            for line in node.lines(&base.chroot, "package.provided", notices)? {
                let word = line.words[0].as_str();
                if word == "-*" {
                    provided.clear();
                } else if let Some(cpv) = word.strip_prefix('-').and_then(Cpv::parse) {
                    provided.retain(|known| *known != cpv);
                } else if let Some(cpv) = Cpv::parse(word) {
                    provided.push(cpv);
                } else {
                    notices.at(
                        &line.source,
                        format!("{word:?} is not a package at a version; the line is ignored"),
                    );
                }
            }
        }
        Ok(Provided(provided))
    }

    /// Whether one of them is what an atom asks for. Their slots and repositories are not known, so any will do.
    pub fn satisfies(&self, atom: &Dep) -> bool {
        self.0.iter().any(|cpv| atom.matches_version(cpv))
    }
}
