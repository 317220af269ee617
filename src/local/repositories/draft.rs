//! Repositories before their order and their masters are known.

use std::path::{Path, PathBuf};

use super::Places;
use super::layout::{Layout, valid_name};
use super::sections::{self, RepoSection};
use crate::chroot::{Chroot, FileKind, GrantKind, Refusal};
use crate::local::files;
use crate::shlex;
use crate::source::{Notices, Source};

/// A repository that exists.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub name: String,
    pub source: Source,
    pub location: PathBuf,
    /// The location as it is written.
    pub configured: PathBuf,
    pub layout: Layout,
    pub priority: Option<i64>,
    /// Set in repos.conf, which is stronger than layout.conf.
    pub masters: Option<Vec<String>>,
    pub aliases: Vec<String>,
    pub usepkg_exclude: Vec<(String, Source)>,
    pub usepkg_include: Vec<(String, Source)>,
}

impl Draft {
    pub fn has_alias(&self, name: &str) -> bool {
        self.aliases.iter().any(|alias| alias == name)
    }
}

/// All repositories, and the name of the main one.
///
/// # Errors
/// A file that is there cannot be read.
pub(super) fn collect(
    chroot: &Chroot,
    places: &Places<'_>,
    notices: &Notices,
) -> anyhow::Result<(Vec<Draft>, Option<String>)> {
    let (sections, mut main) = sections::read(chroot, places, notices)?;
    let mut drafts = Vec::new();
    for section in &sections {
        if let Some(draft) = of_section(chroot, section, notices)? {
            add(&mut drafts, draft);
        }
    }
    let mut portdir = None;
    if let Some((path, source)) = places.portdir.as_ref().filter(|_| places.text.is_none()) {
        portdir = of_path(chroot, path.trim(), source, notices)?.map(|draft| draft.name.clone());
        add_path(chroot, &mut drafts, path.trim(), source, None, notices)?;
    }
    if let Some((paths, source)) = places.overlays.as_ref().filter(|_| places.text.is_none()) {
        let mut priority = 0;
        let words = shlex::split(paths);
        if words.is_err() {
            notices.at(source, "PORTDIR_OVERLAY is skipped: a quotation has no end");
        }
        for path in words.unwrap_or_default() {
            if add_path(chroot, &mut drafts, &path, source, Some(priority), notices)? {
                priority += 1;
            }
        }
    }
    if main
        .as_deref()
        .and_then(|main| super::find(&drafts, main))
        .is_none()
    {
        main = portdir;
    }
    Ok((drafts, main))
}

/// Add one; it replaces another of its name.
fn add(drafts: &mut Vec<Draft>, draft: Draft) {
    match drafts.iter_mut().find(|other| other.name == draft.name) {
        Some(other) => *other = draft,
        None => drafts.push(draft),
    }
}

fn of_section(
    chroot: &Chroot,
    section: &RepoSection,
    notices: &Notices,
) -> anyhow::Result<Option<Draft>> {
    let skip = |text: String| {
        notices.at(&section.source, text);
        Ok(None)
    };
    let name = &section.name;
    let Some(path) = &section.location else {
        return skip(format!(
            "repository {name} has no 'location' and is skipped"
        ));
    };
    let location = match directory(chroot, path)? {
        Ok(location) => location,
        Err(Refusal::Home) => return skip(format!("repository {name} is skipped: {HOME}")),
        Err(_) => {
            return skip(format!(
                "repository {name} is skipped: {} is not a directory; correct 'location' or sync it",
                path.display()
            ));
        }
    };
    let layout = Layout::read(chroot, &location, notices)?;
    let mut aliases = section.aliases.clone();
    if aliases.is_empty() {
        aliases.clone_from(&layout.aliases);
    }
    if let Some(own) = &layout.name
        && own != name
        && !aliases.contains(name)
    {
        return skip(format!(
            "repository {name} is skipped: it calls itself {own}; name the section [{own}]"
        ));
    }
    Ok(Some(Draft {
        name: layout.name.clone().unwrap_or_else(|| name.clone()),
        source: section.source.clone(),
        location,
        configured: path.clone(),
        layout,
        priority: section.priority,
        masters: section.masters.clone(),
        aliases,
        usepkg_exclude: section.usepkg_exclude.clone(),
        usepkg_include: section.usepkg_include.clone(),
    }))
}

/// Add a repository of PORTDIR or PORTDIR_OVERLAY. One of the same name keeps what repos.conf says
/// of it, but its place. Tells whether `priority` was used.
fn add_path(
    chroot: &Chroot,
    drafts: &mut Vec<Draft>,
    path: &str,
    source: &Source,
    priority: Option<i64>,
    notices: &Notices,
) -> anyhow::Result<bool> {
    let Some(mut draft) = of_path(chroot, path, source, notices)? else {
        return Ok(false);
    };
    if let Some(known) = drafts.iter().find(|known| known.name == draft.name) {
        draft = Draft {
            location: draft.location,
            configured: draft.configured,
            layout: draft.layout,
            ..known.clone()
        };
    }
    let unset = draft.priority.is_none();
    draft.priority = draft.priority.or(priority);
    add(drafts, draft);
    Ok(unset && priority.is_some())
}

fn of_path(
    chroot: &Chroot,
    path: &str,
    source: &Source,
    notices: &Notices,
) -> anyhow::Result<Option<Draft>> {
    if path.is_empty() {
        return Ok(None);
    }
    let location = match directory(chroot, Path::new(path))? {
        Ok(location) => location,
        Err(refusal) => {
            let reason = match refusal {
                Refusal::Home => HOME,
                _ => "it is not a directory",
            };
            notices.at(source, format!("repository {path} is skipped: {reason}"));
            return Ok(None);
        }
    };
    let layout = Layout::read(chroot, &location, notices)?;
    let base = location.file_name().unwrap_or_default().to_string_lossy();
    let own = layout.name.clone();
    let Some(name) = own.or_else(|| valid_name(&format!("x-{base}"))) else {
        return Ok(None);
    };
    Ok(Some(Draft {
        name,
        source: source.clone(),
        location,
        configured: path.into(),
        priority: None,
        masters: None,
        aliases: layout.aliases.clone(),
        layout,
        usepkg_exclude: Vec::new(),
        usepkg_include: Vec::new(),
    }))
}

/// Why the repository of another system is not taken from here.
const HOME: &str = "the judged root lacks it, and on this machine its location leads into a home \
                    directory, which is never read for another system; mount it inside the root";

/// The real path of a directory, which may come from the running machine. A relative one would count
/// from wherever emerge is run.
///
/// # Errors
/// It cannot be determined what is there.
fn directory(chroot: &Chroot, path: &Path) -> anyhow::Result<Result<PathBuf, Refusal>> {
    if !path.is_absolute() {
        return Ok(Err(Refusal::Absent));
    }
    if let Err(refusal) = chroot.grant(path, GrantKind::Repository) {
        return Ok(Err(refusal));
    }
    Ok(match files::kind(chroot, path)? {
        Some(FileKind::Dir) => chroot.canonical(path).map_err(|_| Refusal::Absent),
        _ => Err(Refusal::Absent),
    })
}
