//! Accepted keywords (`portage: KeywordsManager.py:KeywordsManager`).

mod walk;

use super::accept::of_layer;
use super::atom_map::{AtomEntry, AtomMap, UseDeps, dictionary};
use super::profile::ProfileNode;
use super::vars::{Layer, Token, Vars};
use super::{Base, files};
use crate::pms::{Key, Package, Subject, Syntax};
use crate::source::{Notices, Source};

const VARIABLE: &str = "ACCEPT_KEYWORDS";

/// ACCEPT_KEYWORDS and the package.* files that change it.
#[derive(Debug, Default)]
pub struct Keywords {
    /// ACCEPT_KEYWORDS of all layers, resolved.
    global: Vec<Token>,
    /// ACCEPT_KEYWORDS of the calling environment, which counts once more after the package.* files.
    env: Vec<Token>,
    /// package.keywords of profiles, which change KEYWORDS.
    changes: AtomMap<InProfile>,
    /// package.accept_keywords of profiles.
    profiles: AtomMap<InProfile>,
    /// package.keywords and package.accept_keywords of the user.
    user: AtomMap<Vec<Token>>,
}

/// Words of one atom in one profile.
#[derive(Debug)]
struct InProfile {
    /// Position of the profile in the chain.
    profile: usize,
    words: Vec<Token>,
}

/// What a package's KEYWORDS come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeywordVerdict {
    /// The keywords of which none is accepted (`**` where there are none); empty if accepted.
    pub missing: Vec<String>,
    /// Accepted, and it would not be if each keyword were testing.
    pub stable: bool,
    /// The line that took a keyword back for this package alone, where it is stable: without it, it might not be.
    pub made_stable: Option<Source>,
    /// What was accepted for this package, each with its line.
    pub accepted: Vec<(String, Source)>,
}

impl Keywords {
    /// Whether any atom names a build, so that it tells two builds of one version apart.
    pub fn names_builds(&self) -> bool {
        let of_profiles = [&self.changes, &self.profiles];
        of_profiles.iter().any(|map| map.names_builds()) || self.user.names_builds()
    }

    /// Read profiles and user files.
    ///
    /// # Errors
    /// A directory where a profile may have none.
    pub fn load(base: &Base, notices: &Notices) -> anyhow::Result<Keywords> {
        let mut keywords = Keywords::of_vars(&base.vars);
        for (profile, node) in base.profile.nodes.iter().enumerate() {
            let changes = read_profile(base, node, "package.keywords", notices)?;
            keywords.add_changes(profile, changes);
            let accepted = read_profile(base, node, "package.accept_keywords", notices)?;
            keywords.add_profile(profile, accepted);
        }
        let mut lines = user_lines(base, "package.keywords", notices)?;
        lines.extend(user_lines(base, "package.accept_keywords", notices)?);
        let defaults = of_layer(&base.vars, Layer::Defaults, VARIABLE);
        let entries = dictionary(lines, Syntax::USER, UseDeps::Rejected, notices);
        keywords.add_user(entries, &defaults);
        Ok(keywords)
    }

    fn of_vars(vars: &Vars) -> Keywords {
        Keywords {
            global: vars.incremental(VARIABLE),
            env: of_layer(vars, Layer::Env, VARIABLE),
            ..Keywords::default()
        }
    }

    fn add_changes(&mut self, profile: usize, entries: Vec<AtomEntry>) {
        for entry in entries {
            let words = tokens(&entry);
            self.changes.push(entry.atom, InProfile { profile, words });
        }
    }

    /// An atom alone stands for testing keywords of what is accepted globally.
    fn add_profile(&mut self, profile: usize, entries: Vec<AtomEntry>) {
        for entry in entries {
            let words = or_testing(tokens(&entry), &self.global, &entry.source);
            self.profiles.push(entry.atom, InProfile { profile, words });
        }
    }

    /// An atom alone stands for testing keywords of what the profiles accept, and make.conf does not
    /// count.
    fn add_user(&mut self, entries: Vec<AtomEntry>, defaults: &[Token]) {
        for entry in entries {
            let words = or_testing(tokens(&entry), defaults, &entry.source);
            self.user.push(entry.atom, words);
        }
    }

    /// Judge a package by its own KEYWORDS.
    pub fn judge(&self, package: &Package) -> KeywordVerdict {
        self.judge_text(&package.subject(), package.metadata.text(Key::Keywords))
    }

    fn judge_text(&self, subject: &Subject<'_>, text: &str) -> KeywordVerdict {
        let keywords = self.keywords(subject, text);
        let (accepted, taken_back) = self.accepted(subject);
        let is_accepted = walk::accepts(&keywords, &accepted);
        let missing = match is_accepted {
            true => Vec::new(),
            false if keywords.is_empty() => vec!["**".to_owned()],
            false => walk::stack(keywords.clone())
                .into_iter()
                .map(str::to_owned)
                .collect(),
        };
        let owned = |token: &Token| (token.word.clone(), token.source.clone());
        let stable = is_accepted && !walk::accepts_as_testing(&keywords, &accepted);
        KeywordVerdict {
            stable,
            made_stable: taken_back.filter(|_| stable).cloned(),
            missing,
            accepted: accepted.into_iter().map(owned).collect(),
        }
    }

    /// KEYWORDS as changed by the profiles' package.keywords. A word with `-` takes back an earlier one
    /// and vanishes, also in KEYWORDS itself.
    fn keywords<'a>(&'a self, subject: &Subject<'_>, text: &'a str) -> Vec<&'a str> {
        let own = text.split_whitespace().filter(|&word| word != "-*");
        let changes = self.changes.by_file(subject, |entry| entry.profile);
        let changes = changes.into_iter().flat_map(|(_, entry)| &entry.words);
        let words: Vec<&str> = own
            .chain(changes.map(|token| token.word.as_str()))
            .collect();
        // Without anything to take back only repetitions would go, which change no answer.
        if words.iter().any(|word| word.starts_with('-')) {
            walk::stack(words)
        } else {
            words
        }
    }

    /// What is accepted for a package, and the line that last took something back.
    fn accepted(&self, subject: &Subject<'_>) -> (Vec<&Token>, Option<&Source>) {
        let profiles = self.profiles.by_file(subject, |entry| entry.profile);
        let user = self.user.by_specificity(subject);
        let profiles = profiles.into_iter().flat_map(|(_, entry)| &entry.words);
        let user = user.into_iter().flat_map(|(_, words)| words);
        let mut accepted: Vec<&Token> = self.global.iter().collect();
        let mut taken_back = None;
        for token in profiles.chain(user).chain(&self.env) {
            if token.word.starts_with('-') {
                taken_back = Some(&token.source);
            }
            match token.word.strip_prefix('-') {
                Some("*") => accepted.clear(),
                Some(gone) => accepted.retain(|token| token.word != gone),
                None if accepted.iter().any(|known| known.word == token.word) => {}
                None => accepted.push(token),
            }
        }
        (accepted, taken_back)
    }
}

fn tokens(entry: &AtomEntry) -> Vec<Token> {
    let words = entry.words.iter();
    words
        .map(|word| Token {
            word: word.text.clone(),
            source: word.source.clone(),
        })
        .collect()
}

/// The words of an entry, or `~k` for every plain keyword `k` where it has none.
fn or_testing(words: Vec<Token>, defaults: &[Token], source: &Source) -> Vec<Token> {
    if !words.is_empty() {
        return words;
    }
    let plain = defaults
        .iter()
        .filter(|token| !token.word.starts_with(['~', '-']));
    plain
        .map(|token| Token {
            word: format!("~{}", token.word),
            source: source.clone(),
        })
        .collect()
}

fn read_profile(
    base: &Base,
    node: &ProfileNode,
    name: &str,
    notices: &Notices,
) -> anyhow::Result<Vec<AtomEntry>> {
    let lines = node.lines(&base.chroot, name, notices)?;
    let mut syntax = node.syntax(false);
    // Portage never allows build-ids in this one, whatever the profile's format.
    syntax.build_id &= name != "package.accept_keywords";
    Ok(dictionary(lines, syntax, UseDeps::Rejected, notices))
}

fn user_lines(
    base: &Base,
    name: &str,
    notices: &Notices,
) -> anyhow::Result<Vec<super::lines::Line>> {
    let path = base.roots.user_config.join(name);
    files::lines(&base.chroot, &path, notices)
}

#[cfg(test)]
mod tests;
