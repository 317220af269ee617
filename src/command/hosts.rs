//! The indexes of all binhosts, as the command line wants them fetched.

use std::time::Duration;

use anyhow::Result;

use super::output;
use crate::binhost::{BinRepos, FetchOptions, HostState, fetch_all};
use crate::cache::CacheDir;
use crate::check::Policy;
use crate::cli::Cli;
use crate::local::Base;
use crate::source::Notices;

/// How long a host may be silent.
pub(super) const TIMEOUT: Duration = Duration::from_secs(30);

/// Fetch them; a host that fails is a warning that names it.
///
/// # Errors
/// binrepos.conf or PORTAGE_BINHOST hold what makes Portage abort.
pub(super) fn fetch(
    cli: &Cli,
    policy: &Policy,
    base: &Base,
    cache: &CacheDir,
    notices: &Notices,
) -> Result<Vec<HostState>> {
    if !policy.getbinpkg {
        return Ok(Vec::new());
    }
    let repos = BinRepos::load(base, &cli.hosts.binhost, notices)?;
    let options = FetchOptions {
        offline: cli.hosts.offline,
        refresh: cli.hosts.refresh,
        allow_commands: cli.hosts.allow_fetchcommand,
        progress: output::is_watched() && !cli.quiet(),
        cache: cache.clone(),
        timeout: TIMEOUT,
    };
    let hosts = fetch_all(base, &repos, &options, notices);
    for host in &hosts {
        if let Some(trouble) = &host.trouble {
            let name = if host.repo.named {
                &host.repo.name
            } else {
                "binhost"
            };
            output::warning(&format!("{name}: {trouble}"));
        }
    }
    Ok(hosts)
}
