//! The system that a command line is about, as far as completions ask of it.

use std::path::Path;

use super::{Completion, TypedLine};
use crate::binhost::{self, BinRepo, BinRepos, MemoryLimits};
use crate::cache::{self, CacheDir};
use crate::cli::RootArgs;
use crate::cli::words::{self, CommandToken};
use crate::command::{options, run};
use crate::env::Env;
use crate::local::Base;
use crate::source::Notices;

/// Its configuration and its binhosts.
pub(super) struct SystemAtHand {
    pub(super) base: Base,
    pub(super) hosts: Vec<BinRepo>,
    cache: CacheDir,
    /// Lines that were skipped; nobody reads them here.
    pub(super) notices: Notices,
}

impl SystemAtHand {
    /// `None` where it cannot be read, as where there is no Gentoo.
    pub(super) fn load(line: &TypedLine<'_>, env: Env) -> Option<SystemAtHand> {
        let (roots, binhosts) = given(line);
        let notices = Notices::default();
        let chroot = run::chroot(roots.chroot.as_deref().map(Path::new), None, &env).ok()?;
        let base = Base::load(chroot, options::start(env, &roots), &notices).ok()?;
        let hosts = BinRepos::load(&base, &binhosts, &notices);
        Some(SystemAtHand {
            hosts: hosts.map(|hosts| hosts.list).unwrap_or_default(),
            base,
            cache: cache::choose(&notices),
            notices,
        })
    }

    /// What is found in the index of each host that is at hand, entry by entry, with the name of the host.
    pub(super) fn indexed<T>(
        &self,
        mut find: impl FnMut(&str) -> Option<T>,
    ) -> Vec<(&str, Vec<T>)> {
        let share = MemoryLimits::of_process().share(self.hosts.len());
        let mut all = Vec::new();
        for host in &self.hosts {
            let mut found = Vec::new();
            let entry = |cpv: &str| found.extend(find(cpv));
            // Of a host whose index is not at hand nothing is known.
            let _ = binhost::each_cpv(&self.base, host, &self.cache, share, entry);
            all.push((host.name.as_str(), found));
        }
        all
    }

    /// URIs of hosts that begin so, without secrets.
    pub(super) fn binhosts(&self, start: &str) -> Vec<Completion> {
        let hosts = self
            .hosts
            .iter()
            .filter(|host| !host.sync_uri.holds_secret());
        let hosts = hosts.map(|host| Completion::new(host.sync_uri.to_string(), host.name.clone()));
        let schemes = ["https://", "file:///"].map(|scheme| Completion::new(scheme, ""));
        let all = hosts.chain(schemes);
        all.filter(|one| one.word.starts_with(start)).collect()
    }
}

/// Where the system lies and which hosts were added, by the options that stand before the cursor.
fn given(line: &TypedLine<'_>) -> (RootArgs, Vec<String>) {
    let (mut roots, mut binhosts) = (RootArgs::default(), Vec::new());
    let table = crate::cli::table();
    for token in words::split(line.all, &table) {
        let CommandToken::Option(known, Some(value)) = token else {
            continue;
        };
        let place = match known.name.as_str() {
            "chroot" => &mut roots.chroot,
            "config-root" => &mut roots.config_root,
            "root" => &mut roots.root,
            "sysroot" => &mut roots.sysroot,
            "prefix" => &mut roots.prefix,
            "binhost" => {
                binhosts.push(value);
                continue;
            }
            _ => continue,
        };
        *place = Some(value);
    }
    (roots, binhosts)
}
