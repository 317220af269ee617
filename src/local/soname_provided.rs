//! `soname.provided`: shared libraries that profiles promise, so that no package has to have them
//! (`portage: config.py:config.soname_provided`).

use std::collections::{BTreeMap, BTreeSet};

use super::Base;
use crate::source::Notices;

/// Promised libraries by category.
#[derive(Debug, Default)]
pub struct SonameProvided(BTreeMap<String, BTreeSet<String>>);

impl SonameProvided {
    /// Read all profiles, parents first; `-soname` takes one back, `-*` all of the category.
    ///
    /// # Errors
    /// A directory where a profile may have none.
    pub fn load(base: &Base, notices: &Notices) -> anyhow::Result<SonameProvided> {
        let mut provided = SonameProvided::default();
        for node in &base.profile.nodes {
            for line in node.lines(&base.chroot, "soname.provided", notices)? {
                if let Some((category, words)) = line.words.split_first() {
                    provided.add(category.as_str(), words.iter().map(|word| word.as_str()));
                }
            }
        }
        Ok(provided)
    }

    fn add<'w>(&mut self, category: &str, words: impl Iterator<Item = &'w str>) {
        let known = self.0.entry(category.to_owned()).or_default();
        for word in words {
            match word.strip_prefix('-') {
                Some("*") => known.clear(),
                Some(soname) => {
                    known.remove(soname);
                }
                None => {
                    known.insert(word.to_owned());
                }
            }
        }
    }

    /// Whether a library, `category: soname`, is promised.
    pub fn has(&self, soname: &str) -> bool {
        let Some((category, name)) = soname.split_once(": ") else {
            return false;
        };
        let known = self.0.get(category);
        known.is_some_and(|known| known.contains(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_lines_add_and_take_back() {
        let mut provided = SonameProvided::default();
        for line in [
            "x86_64 libA.so.1 libB.so.1",
            "x86_32 libC.so.1",
            "x86_64 -libA.so.1 libD.so.1",
        ] {
            let mut words = line.split(' ');
            provided.add(words.next().unwrap_or_default(), words);
        }
        for (soname, wanted) in [
            ("x86_64: libA.so.1", false),
            ("x86_64: libB.so.1", true),
            ("x86_64: libD.so.1", true),
            ("x86_32: libC.so.1", true),
            ("x86_64: libC.so.1", false),
            ("libB.so.1", false),
        ] {
            assert_eq!(provided.has(soname), wanted, "{soname}");
        }
        provided.add("x86_64", ["-*"].into_iter());
        assert!(!provided.has("x86_64: libB.so.1"));
    }
}
