//! License groups, `@NAME` (`portage: LicenseManager.py:LicenseManager.expandLicenseTokens`).

use std::collections::{HashMap, HashSet};

use super::super::Base;
use super::super::files;
use super::super::lines::Line;
use super::super::vars::Token;
use crate::chroot::FileKind;
use crate::source::Notices;

/// All groups: the union of every `license_groups` file.
#[derive(Debug, Default)]
pub(super) struct Groups {
    members: HashMap<String, Vec<String>>,
}

impl Groups {
    /// Read the files of the repositories and of the user.
    ///
    /// # Errors
    /// A directory in place of a file, or one that cannot be read.
    pub(super) fn load(base: &Base, notices: &Notices) -> anyhow::Result<Groups> {
        let repositories = base.repositories.list.iter();
        let dirs = repositories
            .map(|repository| repository.location.join("profiles"))
            .chain([base.roots.user_config.clone()]);
        let mut groups = Groups::default();
        for dir in dirs {
            let path = dir.join("license_groups");
            match files::kind(&base.chroot, &path)? {
                None => {}
                Some(FileKind::File) => {
                    groups.add(files::read_lines(&base.chroot, &path)?, notices);
                }
                Some(_) => anyhow::bail!("{} is not a file; make it one", path.display()),
            }
        }
        Ok(groups)
    }

    /// Add the lines of one file; a name alone defines nothing.
    pub(super) fn add(&mut self, lines: Vec<Line>, notices: &Notices) {
        for line in lines {
            let Some((name, words)) = line
                .words
                .split_first()
                .filter(|(_, words)| !words.is_empty())
            else {
                continue;
            };
            let members = self.members.entry(name.clone()).or_default();
            for word in words {
                if word.starts_with('-') {
                    let text = format!("word skipped: {word} in license group {name} is negative");
                    notices.at(&line.source, text);
                } else {
                    members.push(word.clone());
                }
            }
        }
    }

    /// Replace every `@group` and `-@group` by the group's licenses. An undefined group stays as it is
    /// and matches no license.
    pub(super) fn expand(&self, tokens: Vec<Token>, notices: &Notices) -> Vec<Token> {
        let mut expanded = Vec::with_capacity(tokens.len());
        for token in tokens {
            let (sign, license) = match token.word.strip_prefix('-') {
                Some(license) => ("-", license),
                None => ("", token.word.as_str()),
            };
            let Some(group) = license.strip_prefix('@') else {
                expanded.push(token);
                continue;
            };
            let licenses = self.licenses(group, &token, notices);
            expanded.extend(licenses.into_iter().map(|license| Token {
                word: format!("{sign}{license}"),
                source: token.source.clone(),
            }));
        }
        expanded
    }

    /// All licenses of a group and of those nested in it, each group once, so that cycles end.
    fn licenses(&self, name: &str, token: &Token, notices: &Notices) -> Vec<String> {
        let mut licenses = Vec::new();
        let mut seen = HashSet::from([name.to_owned()]);
        let mut pending = vec![name.to_owned()];
        while let Some(name) = pending.pop() {
            let Some(members) = self.members.get(&name) else {
                if !self.members.is_empty() {
                    notices.at(
                        &token.source,
                        format!("license group {name} is not defined"),
                    );
                }
                licenses.push(format!("@{name}"));
                continue;
            };
            for member in members {
                match member.strip_prefix('@') {
                    None => licenses.push(member.clone()),
                    Some(nested) if seen.insert(nested.to_owned()) => {
                        pending.push(nested.to_owned())
                    }
                    Some(_) => {}
                }
            }
        }
        licenses
    }
}
