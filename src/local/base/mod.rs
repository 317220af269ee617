//! What everything else of this machine is read with: roots, variables, profile, repositories.

mod env_d;
mod global_env;
mod layers;
mod shipped;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::bail;

use super::files;
use super::getconfig::{self, Assignment, Mode};
use super::profile::Profile;
use super::repositories::{Places, Repositories};
use super::roots::{self, Roots};
use super::vars::Vars;
use crate::chroot::{Chroot, FileKind, GrantKind};
use crate::env::Env;
use crate::source::{Notices, Source};

/// How make.conf and the files below `/etc/portage/env` are read.
const CONF: Mode = Mode {
    allow_source: true,
    expand: true,
};

/// Loaded first; nothing in it depends on a single package.
#[derive(Debug)]
pub struct Base {
    /// The files of the judged system.
    pub chroot: Chroot,
    /// Where things lie.
    pub roots: Roots,
    /// The environment of this process, with what options put into it. Only the latter counts for a
    /// system under `--chroot`.
    pub env: Env,
    /// Ebuild repositories.
    pub repositories: Repositories,
    /// The profile chain.
    pub profile: Profile,
    /// All variables.
    pub vars: Vars,
}

impl Base {
    /// Read the configuration in Portage's order (`portage: config.py:config.__init__`).
    ///
    /// # Errors
    /// No config root, a broken or missing profile, a syntax error in make.conf or make.defaults, and
    /// whatever else makes Portage abort; each with file and line.
    pub fn load(chroot: Chroot, whole_env: Env, notices: &Notices) -> anyhow::Result<Base> {
        let env = if chroot.is_foreign() {
            whole_env.given()
        } else {
            whole_env.clone()
        };
        let mut roots = Roots::of(&env, &chroot)?;
        grant_shipped(&chroot, &roots);
        let conf_files = make_conf(&chroot, &roots, notices)?;
        let early = getconfig::read_all(&chroot, &conf_files, &mut HashMap::new(), CONF, notices)?;
        if let Some(root) = early_value(&early, "ROOT")
            && env.get("ROOT").is_none_or(str::is_empty)
        {
            roots = roots.with_root(&root.value, &chroot)?;
        }
        roots.check()?;

        let env_d = env_d::read(&chroot, &roots, &env, notices)?;
        let mut map = expansion_map(&roots, &env, &env_d);
        let globals = shipped::make_globals(&chroot, &roots, &mut map, notices)?;

        let builtin = root_variables(&roots);
        let builtin = builtin.iter().map(|(name, value)| (*name, value.as_str()));
        let places = Places {
            text: env.get("PORTAGE_REPOSITORIES"),
            shipped: shipped::repos_conf(&chroot, &roots),
            files: repos_conf(&chroot, &roots, notices)?,
            portdir: env_or("PORTDIR", &env, &early),
            overlays: env_or("PORTDIR_OVERLAY", &env, &early),
            builtin: builtin.collect(),
        };
        let (repositories, names) = Repositories::load(&chroot, &places, notices)?;
        let mut profile = Profile::load(&chroot, &roots, (&repositories, &names), notices)?;
        name_repositories(&repositories, &mut map);
        profile.read_make_defaults(&chroot, &mut map, notices)?;
        let mut conf = getconfig::read_all(&chroot, &conf_files, &mut map, CONF, notices)?;
        // Names with two underscores are for make.conf's own use.
        conf.retain(|one| !one.name.starts_with("__"));
        global_env::add(&chroot, &roots.user_config, &mut conf, &mut map, notices)?;

        let vars = layers::stack(env_d, globals, &profile, conf, &env);
        if vars.get("ARCH").is_none() {
            bail!(
                "no profile sets ARCH, and emerge refuses to run; choose a profile with 'eselect profile'"
            );
        }
        Ok(Base {
            chroot,
            roots,
            env: whole_env,
            repositories,
            profile,
            vars,
        })
    }
}

/// Where Portage itself is not installed in the judged root, this machine's stands in for it. What is
/// lacking here too has built-in defaults.
fn grant_shipped(chroot: &Chroot, roots: &Roots) {
    if let Some(directory) = roots.global_config.parent() {
        let _ = chroot.grant(directory, GrantKind::Shipped);
    }
}

/// The files of make.conf: the old place first, then the one in `/etc/portage`.
fn make_conf(chroot: &Chroot, roots: &Roots, notices: &Notices) -> anyhow::Result<Vec<PathBuf>> {
    let globals = roots.config_root.join("etc/make.globals");
    if chroot.kind(&globals).is_some() && !same(chroot, &globals, &shipped::globals_path(roots)) {
        notices.file(&globals, "is ignored; remove it");
    }
    let old = roots.config_root.join("etc/make.conf");
    let new = roots.user_config.join("make.conf");
    let mut paths = vec![new.as_path()];
    if chroot.kind(&old).is_some() && !same(chroot, &old, &new) {
        if chroot.kind(&new).is_some() {
            let text = format!("is read besides {}; merge the two", new.display());
            notices.file(&old, text);
        }
        paths.insert(0, &old);
    }
    let mut files = Vec::new();
    for path in paths {
        files.append(&mut file_or_directory(chroot, path, notices)?);
    }
    Ok(files)
}

/// The path itself unless it is a directory: a file is read whatever its name.
fn file_or_directory(
    chroot: &Chroot,
    path: &Path,
    notices: &Notices,
) -> anyhow::Result<Vec<PathBuf>> {
    match files::kind(chroot, path)? {
        Some(FileKind::Dir) => files::expand(chroot, path, notices),
        Some(_) => Ok(vec![path.to_path_buf()]),
        None => Ok(Vec::new()),
    }
}

fn same(chroot: &Chroot, a: &Path, b: &Path) -> bool {
    match (chroot.canonical(a), chroot.canonical(b)) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}

fn repos_conf(chroot: &Chroot, roots: &Roots, notices: &Notices) -> anyhow::Result<Vec<PathBuf>> {
    let paths = [&roots.global_config, &roots.user_config].map(|dir| dir.join("repos.conf"));
    files::expand_all(chroot, paths, notices)
}

fn early_value<'a>(early: &'a [Assignment], name: &str) -> Option<&'a Assignment> {
    let found = early.iter().find(|one| one.name == name);
    found.filter(|one| !one.value.is_empty())
}

/// A variable of the environment, or else of make.conf.
fn env_or<'a>(name: &str, env: &'a Env, early: &'a [Assignment]) -> Option<(&'a str, Source)> {
    match env.get(name) {
        Some(value) => Some((value, Source::Env(name.into()))),
        None => early_value(early, name).map(|one| (one.value.as_str(), one.source.clone())),
    }
}

/// Names of the roots that files may use, with values as Portage writes them.
fn root_variables(roots: &Roots) -> [(&'static str, String); 4] {
    [
        ("EPREFIX", roots.eprefix.display().to_string()),
        ("EROOT", with_slash(&roots.eroot)),
        ("PORTAGE_CONFIGROOT", with_slash(&roots.config_root)),
        ("ROOT", with_slash(&roots.root)),
    ]
}

fn with_slash(path: &Path) -> String {
    let text = path.display().to_string();
    if text.ends_with('/') {
        text
    } else {
        text + "/"
    }
}

/// What files may expand before the first of them is read.
fn expansion_map(roots: &Roots, env: &Env, env_d: &[Assignment]) -> HashMap<String, String> {
    let running = roots::running_prefix(env);
    let env_d = env_d.iter();
    let mut map: HashMap<String, String> = env_d
        .map(|one| (one.name.clone(), one.value.clone()))
        .collect();
    for (name, value) in root_variables(roots) {
        map.insert(name.to_owned(), value);
    }
    for (name, value) in [
        ("BROOT", running.display().to_string()),
        ("SYSROOT", with_slash(&roots.sysroot)),
        ("ESYSROOT", with_slash(&roots.esysroot(&running))),
    ] {
        map.insert(name.to_owned(), value);
    }
    map
}

/// `PORTDIR` and `PORTDIR_OVERLAY` as files see them.
fn name_repositories(repositories: &Repositories, map: &mut HashMap<String, String>) {
    let (mut portdir, mut overlays) = (String::new(), Vec::new());
    for (position, repository) in repositories.list.iter().enumerate() {
        let location = repository.location.display().to_string();
        if repositories.main == Some(position) {
            portdir = location;
        } else {
            overlays.push(location);
        }
    }
    map.insert("PORTDIR".to_owned(), portdir);
    map.insert("PORTDIR_OVERLAY".to_owned(), overlays.join(" "));
}

#[cfg(test)]
mod tests;
