//! What `--suggest` found, as both writers need it.

use std::collections::BTreeMap;

use crate::binhost::{HostState, InstanceId, Pool};
use crate::local::Local;
use crate::suggest::search::Found;
use crate::suggest::{Edit, Suggestion};

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

    /// The lines of some changes by the file of the judged system that they are for.
    pub fn lines<'e>(&self, edits: &'e [Edit]) -> BTreeMap<String, Vec<&'e str>> {
        let mut lines: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (file, line) in edits.iter().filter_map(|edit| edit.place(self.local)) {
            lines
                .entry(file.display().to_string())
                .or_default()
                .push(line);
        }
        lines
    }

    /// Files that hold all lines, by their names below a directory that is laid out like `/etc/portage`.
    pub fn files(&self) -> BTreeMap<String, String> {
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        for suggestion in self.all() {
            for edit in &suggestion.edits {
                if let (Edit::Line { line, .. }, Some(name)) = (edit, edit.kind().file()) {
                    let text = files.entry(format!("{name}/bincheck")).or_default();
                    for note in &suggestion.notes {
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
        files
    }
}
