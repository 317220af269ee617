//! Hosts of `--binhost`, as sections of binrepos.conf.
//!
//! As URIs of PORTAGE_BINHOST they would have no name, and while that variable is set Portage forgets
//! `verify-signature` of every section that has no `location`. So each becomes a section of its own, with
//! all that `[DEFAULT]` says, a location, and signatures that are verified unless `[DEFAULT]` states otherwise.

use std::collections::HashSet;

use anyhow::Result;

use super::{BinRepo, Uri};
use crate::local::Base;
use crate::local::ini::Ini;
use crate::source::Source;

/// The longest name that is made, without the number that may follow.
const MAX_NAME: usize = 48;

/// Where these hosts come from.
pub(super) fn source() -> Source {
    Source::Option("--binhost".into())
}

/// Add a section for each URI that none has; their names. The first is preferred to all later ones, and
/// all of them to the `listed` URIs of PORTAGE_BINHOST, which count up from 1.
///
/// # Errors
/// `[DEFAULT]` holds what makes Portage abort.
pub(super) fn add(
    ini: &mut Ini,
    base: &Base,
    extra: &[String],
    sections: &[BinRepo],
    listed: usize,
) -> Result<Vec<String>> {
    let verify = ini.get("DEFAULT", "verify-signature")?;
    let location = ini.get("DEFAULT", "location")?;
    let mut known: HashSet<Uri> = sections.iter().map(|repo| repo.sync_uri.clone()).collect();
    let mut uris: Vec<Uri> = extra
        .iter()
        .flat_map(|text| text.split_whitespace())
        .map(Uri::new)
        .collect();
    uris.retain(|uri| known.insert(uri.clone()));
    let mut names = Vec::new();
    for (position, uri) in uris.iter().enumerate() {
        let name = name(uri, ini);
        let priority = (listed + uris.len() - position).to_string();
        let directory = format!("{}/var/cache/binhost/{name}", base.roots.eprefix.display());
        let mut values = vec![("sync-uri", uri.secret()), ("priority", &priority)];
        if verify.is_none() {
            values.push(("verify-signature", "true"));
        }
        if location.is_none() {
            values.push(("location", &directory));
        }
        ini.add_section(&name, &values, &source());
        names.push(name);
    }
    Ok(names)
}

/// A name that no section has, made of host and path. Secrets are not among those.
fn name(uri: &Uri, ini: &Ini) -> String {
    let shown = uri.to_string();
    let shown = shown.split_once("://").map_or(&*shown, |(_, rest)| rest);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '.';
    let words = shown
        .split(|c| !is_plain(c))
        .filter(|word| !word.is_empty());
    let mut name = words.collect::<Vec<_>>().join("-");
    name.truncate(MAX_NAME);
    let name = match name.trim_matches(['.', '-']) {
        "" => "binhost",
        name => name,
    };
    let is_taken = |name: &str| name == "DEFAULT" || ini.sections().any(|section| section == name);
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names.find(|name| !is_taken(name)).unwrap_or_default()
}
