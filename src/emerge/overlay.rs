//! Putting the checked indexes where emerge will read them.

use std::fs::{self, DirBuilder, File, Permissions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};

use super::namespace::{self, Bind};
use super::{checked, hosts};
use crate::binhost::{BinRepo, HostState};
use crate::local::Base;
use crate::local::roots::running_root;

/// What makes emerge read the checked indexes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overlay {
    /// PORTAGE_BINHOST, where there is to be one.
    pub binhosts: Option<String>,
    /// A directory for the index of each host.
    directories: Vec<PathBuf>,
    binds: Vec<Bind>,
}

impl Overlay {
    /// Lay it out below a directory of bincheck's cache. `listed` are the URIs of PORTAGE_BINHOST.
    ///
    /// Files stay where they are, since emerge reads them after this process is no more; the next run
    /// writes them anew.
    ///
    /// # Errors
    /// Something cannot be written, or there is no safe way; the message says why.
    pub fn lay_out(
        base: &Base,
        states: &[HostState],
        listed: &[String],
        cache: &Path,
    ) -> Result<Overlay> {
        let top = cache.join("emerge");
        ensure!(
            hosts::can_be_named(&top),
            "{} has a character that binrepos.conf or PORTAGE_BINHOST would take for another",
            top.display()
        );
        let conf = conf(base, states, &top)?;
        let caches = caches(base, states, conf.is_some(), &top)?;
        let directories: Vec<PathBuf> = states
            .iter()
            .map(|state| top.join(name(base, Some(&state.repo))))
            .collect();
        for directory in directories
            .iter()
            .chain(caches.iter().map(|bind| &bind.from))
        {
            make_private(directory)?;
        }
        if let Some(bind) = &conf {
            write_conf(bind, &hosts::binrepos_conf(states, &directories))?;
        }
        Ok(Overlay {
            binhosts: hosts::portage_binhost(listed, states, &directories),
            directories,
            binds: conf.into_iter().chain(caches).collect(),
        })
    }

    /// Write the indexes of the same hosts.
    ///
    /// # Errors
    /// One cannot be written.
    pub fn write(&self, states: &[HostState]) -> Result<()> {
        let stamp = SystemTime::now().duration_since(UNIX_EPOCH);
        let stamp = stamp.map_or(0, |since| since.as_nanos());
        for (state, directory) in states.iter().zip(&self.directories) {
            let text = checked::index(state, stamp);
            replace(&directory.join("Packages"), &text, 0o600)?;
        }
        Ok(())
    }

    /// Let this process, and what it becomes, see it.
    ///
    /// In a user namespace the groups of this user have no names, and an emerge that does more than
    /// `pretend` may then take a member of the portage group for anyone. A prefix belongs to its user.
    ///
    /// # Errors
    /// The system does not allow the mounts.
    pub fn enter(&self, base: &Base, pretend: bool) -> Result<()> {
        if self.binds.is_empty() {
            return Ok(());
        }
        let in_prefix = running_root(&base.env) != Path::new("/");
        ensure!(
            pretend || in_prefix || namespace::is_root(),
            "only root may mount something before binrepos.conf"
        );
        namespace::enter(&self.binds)
    }
}

/// Another binrepos.conf, where sections name hosts.
fn conf(base: &Base, states: &[HostState], top: &Path) -> Result<Option<Bind>> {
    if !hosts::has_sections(states) {
        return Ok(None);
    }
    let onto = base.roots.user_config.join("binrepos.conf");
    let kind = match fs::metadata(&onto) {
        Ok(metadata) if metadata.is_dir() => "conf.d",
        Ok(_) => "conf",
        Err(_) => bail!("there is no {} to put another before", onto.display()),
    };
    let from = top.join(format!("{}.{kind}", name(base, None)));
    Ok(Some(Bind { from, onto }))
}

/// Something before Portage's own caches of indexes. Where an index names a password it has to be,
/// because anyone may read them; elsewhere it keeps Portage's copies from mixing with ours.
fn caches(base: &Base, states: &[HostState], mounts: bool, top: &Path) -> Result<Vec<Bind>> {
    let secret = states.iter().any(|state| hosts::holds_secret(&state.repo));
    if !mounts && !secret {
        return Ok(Vec::new());
    }
    let (target, running) = (&base.roots.eroot, running_root(&base.env));
    let mut binds = Vec::new();
    for root in [Some(target), Some(&running).filter(|root| *root != target)]
        .into_iter()
        .flatten()
    {
        let onto = root.join("var/cache/edb/binhost");
        if onto.is_dir() {
            let from = top.join("portage-cache");
            binds.push(Bind { from, onto });
        } else if secret {
            bail!("there is no {} to keep a password out of", onto.display());
        }
    }
    Ok(binds)
}

/// A name for what belongs to one system, or to one host of it.
fn name(base: &Base, repo: Option<&BinRepo>) -> String {
    let mut hash = Sha256::new();
    for root in [&base.roots.config_root, &base.roots.eroot] {
        hash.update(root.as_os_str().as_encoded_bytes());
        hash.update([0]);
    }
    if let Some(repo) = repo {
        hash.update(&repo.name);
        hash.update([0]);
        hash.update(repo.sync_uri.secret());
    }
    let digest = hash.finalize();
    digest
        .iter()
        .take(12)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Make the file or directory that is to be seen in the place of binrepos.conf, of the same kind and
/// just as readable: a package phase may run with fewer rights.
fn write_conf(bind: &Bind, text: &str) -> Result<()> {
    let metadata = fs::metadata(&bind.onto);
    let metadata = metadata.with_context(|| format!("cannot read {}", bind.onto.display()))?;
    let mode = metadata.permissions().mode() & 0o777;
    if metadata.is_file() {
        return replace(&bind.from, text, mode & 0o666);
    }
    make_private(&bind.from)?;
    let shown = fs::set_permissions(&bind.from, Permissions::from_mode(mode));
    shown.with_context(|| format!("cannot change {}", bind.from.display()))?;
    replace(&bind.from.join("bincheck.conf"), text, mode & 0o666)
}

fn make_private(directory: &Path) -> Result<()> {
    let made = DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory);
    made.with_context(|| format!("cannot make {}", directory.display()))
}

/// Put a file in the place of another in one step: a running emerge may be reading that.
fn replace(path: &Path, text: &str, mode: u32) -> Result<()> {
    let write = || -> Result<()> {
        let directory = path.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(directory)?;
        file.write_all(text.as_bytes())?;
        File::set_permissions(file.as_file(), Permissions::from_mode(mode))?;
        file.persist(path)?;
        Ok(())
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}
