//! The indexes of all binhosts, as the command line wants them fetched.

use anyhow::Result;

use super::output;
use crate::binhost::{BinRepos, FetchOptions, HostState, MemoryLimits, TimeLimits, fetch_all};
use crate::cache::CacheDir;
use crate::check::Policy;
use crate::cli::Cli;
use crate::local::Base;
use crate::source::Notices;

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
    // What a machine could get from binhosts is nothing that it has.
    if !policy.sources.getbinpkg || cli.action.systems.freeze.is_some() {
        return Ok(Vec::new());
    }
    let repos = BinRepos::load(base, &cli.hosts.binhost, notices)?;
    let options = FetchOptions {
        offline: cli.hosts.offline,
        refresh: cli.hosts.refresh,
        allow_commands: cli.hosts.allow_fetchcommand,
        progress: output::is_watched() && !cli.quiet(),
        cache: cache.clone(),
        time: TimeLimits::DEFAULT,
        memory: MemoryLimits::of_process(),
    };
    let hosts = fetch_all(base, &repos, &options, notices);
    for host in &hosts {
        if let Some(error) = &host.error {
            output::warning(&format!("{}: {error}", name(host)));
        }
        report(host, notices);
    }
    Ok(hosts)
}

fn name(host: &HostState) -> &str {
    if host.repo.named {
        &host.repo.name
    } else {
        "binhost"
    }
}

/// What a host does that its user may not expect.
fn report(host: &HostState, notices: &Notices) {
    if let Some(url) = &host.insecure {
        notices.general(format!(
            "{}: {} leads from https to {url}, which others can read and change on the way",
            name(host),
            host.repo.sync_uri
        ));
    }
    if let Some(uri) = host.elsewhere() {
        notices.general(format!(
            "{}: the index of {} says that its packages lie at {uri}, where emerge fetches them",
            name(host),
            host.repo.sync_uri
        ));
    }
}
