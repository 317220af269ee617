//! binrepos.conf and PORTAGE_BINHOST (`portage: binrepo/config.py:BinRepoConfigLoader`).

mod added;

use std::cmp::Reverse;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::Result;
use md5::{Digest, Md5};

use super::{Uri, name_list, number};
use crate::local::Base;
use crate::local::files;
use crate::local::ini::Ini;
use crate::pms::Dep;
use crate::source::{Notices, Source};

/// One binhost as configured.
#[derive(Clone, Debug)]
pub struct BinRepo {
    /// Section name; for a URI of PORTAGE_BINHOST the MD5 of the URI, as in Portage.
    pub name: String,
    /// Whether it is a section, of binrepos.conf or of `--binhost` (false: the name is the MD5).
    pub named: bool,
    /// Base of the index.
    pub sync_uri: Uri,
    /// Larger comes first; 0 if unset.
    pub priority: i64,
    /// Where downloaded packages are kept.
    pub location: Option<PathBuf>,
    /// Never refreshed once cached.
    pub frozen: bool,
    /// `verify-signature`; `None` if unset, which leaves it to FEATURES.
    pub verify_signature: Option<bool>,
    /// `fetchcommand`.
    pub fetch_command: Option<String>,
    /// `getbinpkg-exclude`.
    pub exclude: Vec<Dep>,
    /// `getbinpkg-include`.
    pub include: Vec<Dep>,
    /// All other keys of its section with their values, as far as they are not built in; none for a URI.
    pub settings: Vec<(String, String)>,
    /// Where it is configured.
    pub source: Source,
    /// Where keys of its section stand, as far as somebody set them here.
    pub places: Vec<(String, Source)>,
}

/// All binhosts, in the order in which Portage processes them (highest priority first).
#[derive(Clone, Debug, Default)]
pub struct BinRepos {
    /// The hosts.
    pub list: Vec<BinRepo>,
}

impl BinRepo {
    /// Its section, or its URI (without secrets) where it has none: nobody knows a host by the MD5 of its URI.
    pub fn label(&self) -> String {
        if self.named {
            self.name.clone()
        } else {
            self.sync_uri.to_string()
        }
    }

    /// Where a key stands, or else where it can be set.
    pub fn place(&self, key: &str) -> &Source {
        let mut places = self.places.iter();
        let place = places.find(|(name, _)| name == key);
        place.map_or(&self.source, |(_, source)| source)
    }

    /// Whether it is one of `--binhost`, of which the configuration knows nothing.
    pub fn is_added(&self) -> bool {
        self.source == added::source()
    }
}

impl BinRepos {
    /// Read binrepos.conf (Portage's and the user's) and PORTAGE_BINHOST, and add a section for each of
    /// the `extra` URIs (`--binhost`).
    ///
    /// # Errors
    /// What makes Portage abort (interpolation). A broken file is a notice and discards all sections.
    pub fn load(base: &Base, extra: &[String], notices: &Notices) -> Result<BinRepos> {
        let mut ini = read_files(base, notices)?;
        let global = base.roots.global_config.as_path();
        let mut list = Vec::new();
        for name in ini.sections() {
            list.extend(
                Section {
                    ini: &ini,
                    name,
                    global,
                }
                .read(notices)?,
            );
        }
        let listed = listed(base);
        for name in added::add(&mut ini, base, extra, &list, listed.len())? {
            list.extend(
                Section {
                    ini: &ini,
                    name: &name,
                    global,
                }
                .read(notices)?,
            );
        }
        if listed.is_empty() {
            for repo in &mut list {
                let eprefix = base.roots.eprefix.display();
                let default = || format!("{eprefix}/var/cache/binhost/{}", repo.name).into();
                repo.location = repo.location.take().or_else(|| Some(default()));
            }
        }
        add_listed(&mut list, listed);
        forget_pkgdir(base, &mut list);
        notices_of_signatures(base, &list, notices);
        list.sort_by_cached_key(|repo| Reverse((repo.priority, repo.name.clone())));
        hide_hashes_of_secrets(&mut list);
        Ok(BinRepos { list })
    }
}

/// All binrepos.conf files as one. A broken one discards them all, as in Portage.
fn read_files(base: &Base, notices: &Notices) -> anyhow::Result<Ini> {
    let paths = [&base.roots.global_config, &base.roots.user_config];
    let paths = paths.map(|directory| directory.join("binrepos.conf"));
    let files = files::expand_all(&base.chroot, paths, notices)?;
    let roots = &base.roots;
    let eprefix = roots.eprefix.to_string_lossy();
    // Portage's own values of these end in a slash.
    let slash = |path: &PathBuf| format!("{}/", path.to_string_lossy().trim_end_matches('/'));
    let [eroot, config_root, root] = [&roots.eroot, &roots.config_root, &roots.root].map(slash);
    let builtin = [
        ("frozen", "false"),
        ("eprefix", &*eprefix),
        ("eroot", &*eroot),
        ("portage_configroot", &*config_root),
        ("root", &*root),
    ];
    let texts = Ini::texts(&base.chroot, &files)?;
    Ok(Ini::of("", &texts, &builtin).unwrap_or_else(|error| {
        notices.general(format!(
            "all of binrepos.conf is ignored until this is repaired: {error:#}"
        ));
        Ini::default()
    }))
}

/// One section of binrepos.conf.
struct Section<'a> {
    ini: &'a Ini,
    name: &'a str,
    /// The directory of Portage's own files.
    global: &'a Path,
}

impl Section<'_> {
    /// The binhost; `None` (and a notice) if it has no URI.
    fn read(&self, notices: &Notices) -> Result<Option<BinRepo>> {
        let Some((uri, source)) = self.ini.get(self.name, "sync-uri")? else {
            let text = format!("binhost [{}] has no sync-uri and is skipped", self.name);
            match self.ini.section_source(self.name) {
                Some(source) => notices.at(source, text),
                None => notices.general(text),
            }
            return Ok(None);
        };
        let is_true = |text: String| ["true", "yes"].contains(&&*text.to_lowercase());
        let mut exclude = self.names("getbinpkg-exclude", notices)?;
        let mut include = self.names("getbinpkg-include", notices)?;
        for atom in name_list::cancel(&mut exclude, &mut include) {
            let text = format!(
                "{atom} is in both getbinpkg-exclude and getbinpkg-include of [{}] and counts in neither",
                self.name
            );
            notices.at(&source, text);
        }
        let priority = self.value("priority")?;
        Ok(Some(BinRepo {
            name: self.name.to_owned(),
            named: true,
            sync_uri: Uri::new(&uri),
            priority: priority
                .and_then(|text| number::integer(&text))
                .unwrap_or(0),
            location: self.value("location")?.map(PathBuf::from),
            frozen: self.value("frozen")?.is_some_and(is_true),
            verify_signature: self.value("verify-signature")?.map(is_true),
            fetch_command: self.value("fetchcommand")?,
            exclude,
            include,
            settings: self.settings()?,
            places: self.places()?,
            source,
        }))
    }

    fn settings(&self) -> Result<Vec<(String, String)>> {
        let mut settings = Vec::new();
        for key in self.ini.keys(self.name) {
            if let Some((value, source)) = self.ini.get(self.name, key)?
                && key != "sync-uri"
                && source != Source::BuiltIn
            {
                settings.push((key.to_owned(), value));
            }
        }
        Ok(settings)
    }

    fn places(&self) -> Result<Vec<(String, Source)>> {
        let mut places = Vec::new();
        for key in self.ini.keys(self.name) {
            let source = self.ini.get(self.name, key)?.map(|(_, source)| source);
            let is_own = |source: &Source| {
                source
                    .path()
                    .is_some_and(|path| !path.starts_with(self.global))
            };
            places.extend(source.filter(is_own).map(|source| (key.to_owned(), source)));
        }
        Ok(places)
    }

    fn value(&self, key: &str) -> Result<Option<String>> {
        Ok(self.ini.get(self.name, key)?.map(|(value, _)| value))
    }

    fn names(&self, key: &str, notices: &Notices) -> Result<Vec<Dep>> {
        let value = self.ini.get(self.name, key)?;
        Ok(value.map_or(Vec::new(), |(text, source)| {
            name_list::parse(&text, key, &source, notices)
        }))
    }
}

/// The URIs of PORTAGE_BINHOST: the first is preferred to all later ones.
pub fn listed(base: &Base) -> Vec<(Uri, Source)> {
    let Some(setting) = base.vars.assignment("PORTAGE_BINHOST") else {
        return Vec::new();
    };
    let words = setting.value.split_whitespace();
    words
        .map(|word| (Uri::new(word), setting.source.clone()))
        .collect()
}

/// Add the listed URIs that no section has; the last one gets priority 1, the one before it 2.
fn add_listed(list: &mut Vec<BinRepo>, listed: Vec<(Uri, Source)>) {
    let mut uris: HashSet<Uri> = list.iter().map(|repo| repo.sync_uri.clone()).collect();
    let mut priority = 0;
    for (sync_uri, source) in listed.into_iter().rev() {
        if !uris.insert(sync_uri.clone()) {
            continue;
        }
        priority += 1;
        list.push(BinRepo {
            name: md5_hex(sync_uri.secret()),
            named: false,
            sync_uri,
            priority,
            location: None,
            frozen: false,
            verify_signature: None,
            fetch_command: None,
            exclude: Vec::new(),
            include: Vec::new(),
            settings: Vec::new(),
            places: Vec::new(),
            source,
        });
    }
}

/// A location that is PKGDIR counts as none.
fn forget_pkgdir(base: &Base, list: &mut [BinRepo]) {
    let pkgdir = base.vars.get("PKGDIR").map(PathBuf::from);
    for repo in list {
        repo.location = repo
            .location
            .take()
            .filter(|path| Some(path) != pkgdir.as_ref());
    }
}

/// Report where Portage does not ask for signatures although `verify-signature` does.
///
/// Portage knows the section of a package that it has fetched as long as the file lies in the section's
/// `location`. What goes to PKGDIR loses it, and FEATURES alone decide then (`portage:
/// bintree.py:binarytree.get_local_repo`, `gpkg.py:gpkg.__init__`).
fn notices_of_signatures(base: &Base, list: &[BinRepo], notices: &Notices) {
    let decided = ["binpkg-request-signature", "binpkg-ignore-signature"];
    if decided.iter().any(|word| base.vars.has("FEATURES", word)) {
        return;
    }
    let is_lost = |repo: &&BinRepo| repo.verify_signature == Some(true) && repo.location.is_none();
    let names: Vec<String> = list
        .iter()
        .filter(is_lost)
        .map(|repo| format!("[{}]", repo.name))
        .collect();
    if names.is_empty() {
        return;
    }
    let why = match base.vars.assignment("PORTAGE_BINHOST") {
        Some(setting) if !setting.value.trim().is_empty() => {
            format!("PORTAGE_BINHOST is set ({})", setting.source)
        }
        _ => "their location is PKGDIR".to_owned(),
    };
    notices.general(format!(
        "Portage installs unsigned packages of {} in spite of verify-signature, because {why}: what it \
         fetches goes to PKGDIR, where FEATURES alone decide; set FEATURES=binpkg-request-signature, or \
         give the section a location of its own",
        names.join(", ")
    ));
}

/// The MD5 of a URI lets anyone try passwords. Where there is one in it, the name that is shown is made
/// of the URI without; Portage's own name has decided the order by now.
fn hide_hashes_of_secrets(list: &mut [BinRepo]) {
    for repo in list.iter_mut().filter(|repo| !repo.named) {
        if repo.sync_uri.holds_secret() {
            repo.name = md5_hex(&repo.sync_uri.to_string());
        }
    }
}

fn md5_hex(text: &str) -> String {
    let bytes = Md5::digest(text);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
