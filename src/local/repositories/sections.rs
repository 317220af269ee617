//! The sections of repos.conf.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Places;
use crate::chroot::Chroot;
use crate::local::ini::Ini;
use crate::source::{Notices, Source};

/// One section.
#[derive(Clone, Debug)]
pub(super) struct RepoSection {
    pub name: String,
    pub source: Source,
    pub location: Option<PathBuf>,
    pub priority: Option<i64>,
    pub masters: Option<Vec<String>>,
    pub aliases: Vec<String>,
    pub usepkg_exclude: Vec<(String, Source)>,
    pub usepkg_include: Vec<(String, Source)>,
}

/// All sections and `main-repo`. Nothing of the whole configuration counts when one file, or one
/// value, is broken.
///
/// # Errors
/// A file that is there cannot be read.
pub(super) fn read(
    chroot: &Chroot,
    places: &Places<'_>,
    notices: &Notices,
) -> anyhow::Result<(Vec<RepoSection>, Option<String>)> {
    let texts = match places.text {
        Some(_) => Vec::new(),
        None => Ini::texts(chroot, &places.files)?,
    };
    Ok(parse(&texts, places, notices).unwrap_or_else(|error| {
        notices.general(format!(
            "{error:#}; Portage ignores all of repos.conf until this is corrected"
        ));
        Default::default()
    }))
}

fn parse(
    texts: &[(Arc<Path>, String)],
    places: &Places<'_>,
    notices: &Notices,
) -> anyhow::Result<(Vec<RepoSection>, Option<String>)> {
    let ini = match places.text {
        Some(text) => {
            let source = Source::Env("PORTAGE_REPOSITORIES".into());
            Ini::parse(text, &source, &places.builtin)?
        }
        None => Ini::of(places.shipped, texts, &places.builtin)?,
    };
    let mut sections = Vec::new();
    for name in ini.sections() {
        for key in ini.keys(name) {
            ini.get(name, key)?;
        }
        sections.push(section(&ini, name, notices)?);
    }
    let main = ini.get("DEFAULT", "main-repo")?;
    Ok((sections, main.map(|(name, _)| name)))
}

fn section(ini: &Ini, name: &str, notices: &Notices) -> anyhow::Result<RepoSection> {
    let value = |key: &str| ini.get(name, key);
    let words = |key: &str| -> anyhow::Result<Option<Vec<String>>> {
        let value = value(key)?;
        Ok(value.map(|(text, _)| text.split_whitespace().map(str::to_owned).collect()))
    };
    let atoms = |key: &str| -> anyhow::Result<Vec<(String, Source)>> {
        let Some((text, source)) = value(key)? else {
            return Ok(Vec::new());
        };
        let words = text.split_whitespace();
        Ok(words
            .map(|word| (word.to_owned(), source.clone()))
            .collect())
    };
    let mut section = RepoSection {
        name: name.to_owned(),
        source: ini.section_source(name).cloned().unwrap_or(Source::BuiltIn),
        location: value("location")?.map(|(text, _)| text.trim().into()),
        priority: value("priority")?.and_then(|(text, _)| text.trim().parse().ok()),
        masters: words("masters")?,
        aliases: words("aliases")?.unwrap_or_default(),
        usepkg_exclude: atoms("usepkg-exclude")?,
        usepkg_include: atoms("usepkg-include")?,
    };
    drop_contradictions(&mut section, notices);
    Ok(section)
}

/// What stands in both lists counts in neither; a bare name is the same as `*/name`.
fn drop_contradictions(section: &mut RepoSection, notices: &Notices) {
    let full = |word: &str| {
        if word.contains('/') {
            word.to_owned()
        } else {
            format!("*/{word}")
        }
    };
    let keys = |list: &[(String, Source)]| -> Vec<String> {
        list.iter().map(|(word, _)| full(word)).collect()
    };
    let (excluded, included) = (keys(&section.usepkg_exclude), keys(&section.usepkg_include));
    section.usepkg_include.retain(|(word, source)| {
        let both = excluded.contains(&full(word));
        if both {
            let text = format!("{word} is in usepkg-exclude and usepkg-include; neither counts");
            notices.at(source, text);
        }
        !both
    });
    section
        .usepkg_exclude
        .retain(|(word, _)| !included.contains(&full(word)));
}
