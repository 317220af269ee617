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
use crate::local::files;
use crate::local::roots::running_root;
use crate::source::Notices;

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
        let caches = caches(base, states, !conf.is_empty(), &top)?;
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
        write_conf(&conf, &hosts::binrepos_conf(states, &directories))?;
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

/// Other files in the places of those that are binrepos.conf, where sections name hosts: the first holds
/// all, others nothing. A directory itself stays what it is, so that what a package or dispatch-conf
/// puts there is not lost.
fn conf(base: &Base, states: &[HostState], top: &Path) -> Result<Vec<Bind>> {
    if !hosts::has_sections(states) {
        return Ok(Vec::new());
    }
    let place = base.roots.user_config.join("binrepos.conf");
    let files = files::expand(&base.chroot, &place, &Notices::default());
    let mut binds: Vec<Bind> = Vec::new();
    for file in files {
        let onto = fs::canonicalize(&file);
        let onto = onto.with_context(|| format!("cannot find {}", file.display()))?;
        if binds.iter().any(|bind| bind.onto == onto) {
            continue;
        }
        let from = match binds.is_empty() {
            true => top.join(format!("{}.conf", name(base, None))),
            false => top.join("empty.conf"),
        };
        binds.push(Bind { from, onto });
    }
    ensure!(
        !binds.is_empty(),
        "there is no {} to put another before",
        place.display()
    );
    Ok(binds)
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

/// Write what is seen as binrepos.conf, just as readable as the files in whose places it stands: a
/// package phase may run with fewer rights.
fn write_conf(binds: &[Bind], text: &str) -> Result<()> {
    let mut text = text;
    for bind in binds {
        let metadata = fs::metadata(&bind.onto);
        let metadata = metadata.with_context(|| format!("cannot read {}", bind.onto.display()))?;
        replace(&bind.from, text, metadata.permissions().mode() & 0o666)?;
        text = "# Nothing: what stood here is in another file.\n";
    }
    Ok(())
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
