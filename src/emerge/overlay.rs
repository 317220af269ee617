//! Putting the checked indexes where emerge will read them.
//!
//! Everything is written, brought to the disk and read back before the namespace is entered, and entering
//! is the last step before this process becomes emerge: what fails before, fails outside.

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail, ensure};

use super::checked;
use super::hosts::{self, BinhostList};
use super::namespace::{self, Bind};
use crate::binhost::{HostState, Uri};
use crate::cache::{self, CacheDir, CacheSlot, Durability};
use crate::local::Base;
use crate::local::files;
use crate::local::roots::running_root;
use crate::source::Notices;

/// What is seen in the place of Portage's own caches of indexes.
const PORTAGE_CACHE: &str = "portage-cache";

/// Room that is left besides the copies of the indexes that emerge makes, in bytes.
const SLACK: u64 = 256 << 10;

/// What makes emerge read the checked indexes.
#[derive(Debug)]
pub struct Overlay {
    /// PORTAGE_BINHOST, where there is to be one.
    pub binhosts: Option<BinhostList>,
    /// Where all of it lies, for this run alone.
    slot: CacheSlot,
    /// A directory in it for the index of each host.
    directories: Vec<String>,
    /// The text of binrepos.conf.
    conf: String,
    /// The files that stand for binrepos.conf: names and modes.
    conf_files: Vec<(String, u32)>,
    binds: Vec<Bind>,
    /// Variables that emerge needs to go with it.
    environment: Vec<(&'static str, String)>,
}

impl Overlay {
    /// See what has to be where, and whether a namespace can be had. `listed` are the URIs of
    /// PORTAGE_BINHOST. Nothing is written but directories in the cache.
    ///
    /// # Errors
    /// There is no safe way; the message says why.
    pub fn lay_out(
        base: &Base,
        states: &[HostState],
        listed: &[Uri],
        cache: &CacheDir,
        pretend: bool,
    ) -> Result<Overlay> {
        let slot = cache::slot(cache)?;
        let top = slot
            .directory()
            .path()
            .context("there is no directory")?
            .to_owned();
        ensure!(
            hosts::can_be_named(&top),
            "{} has a character that binrepos.conf or PORTAGE_BINHOST would take for another",
            top.display()
        );
        let own = |name: &str| top.join(name);
        let targets = conf_targets(base, states)?;
        let mut binds = Vec::new();
        let mut conf_files = Vec::new();
        for (position, onto) in targets.into_iter().enumerate() {
            let name = format!("binrepos-{position}.conf");
            // Just as readable as what it stands for: a package phase may run with fewer rights.
            let metadata = fs::metadata(&onto);
            let metadata = metadata.with_context(|| format!("cannot read {}", onto.display()))?;
            let from = own(&name);
            conf_files.push((name, metadata.permissions().mode() & 0o666));
            binds.push(Bind { from, onto });
        }
        for onto in caches(base, states, !binds.is_empty())? {
            let from = slot.directory().make(PORTAGE_CACHE)?;
            binds.push(Bind { from, onto });
        }
        let names: Vec<String> = (0..states.len()).map(|host| host.to_string()).collect();
        let paths: Vec<PathBuf> = names.iter().map(|name| own(name)).collect();
        let overlay = Overlay {
            binhosts: hosts::portage_binhost(listed, states, &paths),
            directories: names,
            conf: hosts::binrepos_conf(states, &paths),
            conf_files,
            environment: Vec::new(),
            binds,
            slot,
        };
        if overlay.binds.is_empty() {
            return Ok(overlay);
        }
        overlay.check_rights(base, pretend)?;
        let environment = namespace::portage_names()?;
        Ok(Overlay {
            environment,
            ..overlay
        })
    }

    /// The files of configuration that others are mounted before.
    pub fn covered_files(&self) -> Vec<PathBuf> {
        let files = self
            .binds
            .iter()
            .filter(|bind| !bind.from.ends_with(PORTAGE_CACHE));
        files.map(|bind| bind.onto.clone()).collect()
    }

    /// In a user namespace the groups of this user have no names, and an emerge that does more than
    /// `pretend` may then take a member of the portage group for anyone. A prefix belongs to its user.
    fn check_rights(&self, base: &Base, pretend: bool) -> Result<()> {
        let in_prefix = running_root(&base.env) != Path::new("/");
        ensure!(
            pretend || in_prefix || namespace::is_root(),
            "only root may mount something before binrepos.conf"
        );
        self.write_conf()?;
        namespace::rehearse(&self.binds)
    }

    /// Write everything for the same hosts, and see that it is there, with room for the copies that
    /// emerge makes.
    ///
    /// Files stay where they are, since emerge reads them after this process is no more; a later run
    /// removes them.
    ///
    /// # Errors
    /// Something cannot be written, or is not there as it was written.
    pub fn write(&self, states: &[HostState]) -> Result<()> {
        let stamp = SystemTime::now().duration_since(UNIX_EPOCH);
        let stamp = stamp.map_or(0, |since| since.as_nanos());
        let mut size = SLACK;
        for (state, directory) in states.iter().zip(&self.directories) {
            let named = state.index.as_ref().and_then(|index| index.uri.as_deref());
            let uri = named.unwrap_or(state.repo.sync_uri.secret());
            let text = checked::index(state, uri, stamp);
            size += text.len() as u64;
            self.put(&format!("{directory}/Packages"), &text, 0o600)?;
        }
        self.write_conf()?;
        if self
            .binds
            .iter()
            .any(|bind| bind.from.ends_with(PORTAGE_CACHE))
        {
            self.check_room(size)?;
        }
        Ok(())
    }

    /// The first file holds all, the others nothing.
    fn write_conf(&self) -> Result<()> {
        for (position, (file, mode)) in self.conf_files.iter().enumerate() {
            let text = match position {
                0 => self.conf.as_str(),
                _ => "# Nothing: what stood here is in another file.\n",
            };
            self.put(file, text, *mode)?;
        }
        Ok(())
    }

    /// Put a file in the place of another in one step, since a running emerge may be reading that, and
    /// read it back.
    fn put(&self, file: &str, text: &str, mode: u32) -> Result<()> {
        let write = || -> Result<()> {
            let parts = [text.as_bytes()];
            self.slot
                .directory()
                .replace(file, &parts, mode, Durability::Synced)?;
            let written = self.slot.directory().open(file, text.len() as u64)?;
            let mut found = Vec::with_capacity(text.len());
            written
                .context("it is not there")?
                .read_to_end(&mut found)?;
            ensure!(found == text.as_bytes(), "it is not what was written");
            Ok(())
        };
        let top = self.slot.directory().path().unwrap_or(Path::new(""));
        write().with_context(|| format!("cannot write {}", top.join(file).display()))
    }

    /// emerge gives up where it cannot write its own copies.
    fn check_room(&self, size: u64) -> Result<()> {
        let directory = self.slot.directory().make(PORTAGE_CACHE)?;
        let system = rustix::fs::statvfs(&directory)?;
        let is_full = system.f_bavail.saturating_mul(system.f_frsize) < size;
        // Some file systems count no files. emerge makes two and their directories for each host.
        let files = 8 * (self.directories.len() as u64 + 1);
        ensure!(
            !is_full && (system.f_files == 0 || system.f_favail >= files),
            "{} has no room left for the copies that emerge makes",
            directory.display()
        );
        Ok(())
    }

    /// Variables that emerge needs to go with it.
    pub fn environment(&self) -> &[(&'static str, String)] {
        &self.environment
    }

    /// Do something that sees it, and never comes back.
    ///
    /// # Errors
    /// The system does not allow the mounts; or what `then` gives.
    pub fn inside<T: Send>(&self, then: impl FnOnce() -> Result<T> + Send) -> Result<T> {
        self.slot.keep_over_exec()?;
        if self.binds.is_empty() {
            return then();
        }
        namespace::inside(&self.binds, then)
    }
}

/// The files that are binrepos.conf, where sections name hosts. A directory itself stays what it is, so
/// that what a package or dispatch-conf puts there is not lost. Without a file of the user's it is the
/// one that Portage ships, which is read first.
fn conf_targets(base: &Base, states: &[HostState]) -> Result<Vec<PathBuf>> {
    if !hosts::has_sections(states) {
        return Ok(Vec::new());
    }
    let [user, shipped] = [&base.roots.user_config, &base.roots.global_config]
        .map(|directory| directory.join("binrepos.conf"));
    let mut targets: Vec<PathBuf> = Vec::new();
    for place in [&user, &shipped] {
        if !targets.is_empty() {
            break;
        }
        for file in files::expand(&base.chroot, place, &Notices::default())? {
            let Ok(onto) = fs::canonicalize(&file) else {
                continue;
            };
            if !targets.contains(&onto) {
                targets.push(onto);
            }
        }
    }
    ensure!(
        !targets.is_empty(),
        "there is no {} to put another before",
        user.display()
    );
    Ok(targets)
}

/// Portage's own caches of indexes, to be covered. Where an index names a password they have to be,
/// because anyone may read them; elsewhere it keeps Portage's copies from mixing with ours.
fn caches(base: &Base, states: &[HostState], mounts: bool) -> Result<Vec<PathBuf>> {
    let secret = states.iter().any(|state| hosts::holds_secret(&state.repo));
    if !mounts && !secret {
        return Ok(Vec::new());
    }
    let (target, running) = (&base.roots.eroot, running_root(&base.env));
    let mut covered = Vec::new();
    for root in [Some(target), Some(&running).filter(|root| *root != target)]
        .into_iter()
        .flatten()
    {
        let onto = root.join("var/cache/edb/binhost");
        if onto.is_dir() {
            covered.push(onto);
        } else if secret {
            bail!("there is no {} to keep a password out of", onto.display());
        }
    }
    Ok(covered)
}
