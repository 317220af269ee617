//! What `--suggest` found, as both writers need it.

use std::collections::BTreeMap;

use crate::binhost::{HostId, HostState, InstanceId, Pool};
use crate::local::Local;
use crate::suggest::search::Found;
use crate::suggest::{Edit, Suggestion, SuggestionNote};

/// What was found, and what it speaks of.
#[derive(Clone, Copy, Debug)]
pub struct Advice<'a> {
    /// What was found.
    pub found: &'a Found,
    /// This machine.
    pub local: &'a Local,
    /// All entries of the indexes.
    pub pool: &'a Pool,
    /// The binhosts.
    pub hosts: &'a [HostState],
    /// What brings the indexes without which nothing could be asked.
    pub next: Option<&'a str>,
}

/// A file of `binrepos.conf/`, by its name read after others, so that its settings are added to their sections
/// (`portage: binrepo/config.py:BinRepoConfigLoader`).
const LAST_OF_BINREPOS: &str = "binrepos.conf/zz-bincheck.conf";

/// A setting of a binhost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostSetting {
    /// The file with the section.
    pub file: String,
    /// The section.
    pub section: String,
    /// `key = value`
    pub line: String,
}

impl Advice<'_> {
    /// All suggestions, what is needed first.
    pub fn all(&self) -> impl Iterator<Item = &Suggestion> {
        self.found.needed.iter().chain(&self.found.suggestions)
    }

    /// Portage's name of the host of an instance, `local` for PKGDIR.
    pub fn host(&self, id: InstanceId) -> &str {
        let entry = self.pool.entries.get(id.index());
        let host = entry.and_then(|(candidate, _)| candidate.host);
        host.map_or("local", |host| {
            let state = host.of(self.hosts);
            state.map_or("", |state| state.repo.name.as_str())
        })
    }

    /// The host of an instance, for people.
    pub fn host_state(&self, id: InstanceId) -> Option<&HostState> {
        let (candidate, _) = self.pool.entries.get(id.index())?;
        candidate.host?.of(self.hosts)
    }

    /// What is to be set in sections of binrepos.conf: the file, the section, and the line with all that stands there
    /// already.
    pub fn settings(&self, edits: &[Edit]) -> Vec<HostSetting> {
        let mut by_host: BTreeMap<HostId, Vec<String>> = BTreeMap::new();
        for edit in edits {
            if let Edit::Exclude { host, atom } = edit {
                by_host.entry(*host).or_default().push(atom.clone());
            }
        }
        let setting = |(host, atoms): (HostId, Vec<String>)| {
            let repo = &host.of(self.hosts)?.repo;
            let known = repo.exclude.iter().map(ToString::to_string);
            let atoms: Vec<String> = known.chain(atoms).collect();
            Some(HostSetting {
                file: repo.source.path()?.display().to_string(),
                section: repo.name.clone(),
                line: format!("getbinpkg-exclude = {}", atoms.join(" ")),
            })
        };
        by_host.into_iter().filter_map(setting).collect()
    }

    /// Files that hold all lines, by their names below a directory that is laid out like `/etc/portage`.
    pub fn files(&self) -> BTreeMap<String, String> {
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        for suggestion in self.all() {
            add_to_files(&mut files, &suggestion.edits, &suggestion.notes);
        }
        let edits: Vec<Edit> = self.all().flat_map(|all| all.edits.clone()).collect();
        for HostSetting { section, line, .. } in self.settings(&edits) {
            let text = files.entry(LAST_OF_BINREPOS.to_owned()).or_default();
            text.push_str(&format!("[{section}]\n{line}\n"));
        }
        files
    }
}

/// The lines of some changes by the file of the judged system that they are for.
pub fn lines<'e>(edits: &'e [Edit], local: &Local) -> BTreeMap<String, Vec<&'e str>> {
    let mut lines: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (file, line) in edits.iter().filter_map(|edit| edit.place(local)) {
        lines
            .entry(file.display().to_string())
            .or_default()
            .push(line);
    }
    lines
}

/// Add lines, and what should be known of them, to files by their names below a directory that is laid out like
/// `/etc/portage`.
pub fn add_to_files(
    files: &mut BTreeMap<String, String>,
    edits: &[Edit],
    notes: &[SuggestionNote],
) {
    for edit in edits {
        if let (Edit::Line { line, .. }, Some(name)) = (edit, edit.kind().file()) {
            let text = files.entry(format!("{name}/bincheck")).or_default();
            for note in notes {
                let note = format!("# {note}\n");
                if !text.contains(&note) {
                    text.push_str(&note);
                }
            }
            text.push_str(line);
            text.push('\n');
        }
    }
}
