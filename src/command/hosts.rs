//! The indexes of all binhosts, as the command line wants them fetched.

use anyhow::{Result, anyhow};

use super::judging::Shared;
use super::output;
use crate::binhost::{
    self, BinRepo, BinRepos, FetchOptions, HostState, MemoryLimits, TimeLimits, Uri, fetch_all,
};
use crate::cache::{self, CacheDir};
use crate::check::Policy;
use crate::cli::Cli;
use crate::local::Base;
use crate::redact::redact;
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
    Ok(fetch_listed(cli, base, cache, &repos, notices))
}

/// One host, by its name or URI, which need not be configured.
///
/// # Errors
/// As [`fetch`], and there is no such host.
pub(super) fn fetch_one(
    cli: &Cli,
    base: &Base,
    name: &str,
    notices: &Notices,
) -> Result<HostState> {
    let mut uris = cli.hosts.binhost.clone();
    uris.extend(name.contains("://").then(|| name.to_owned()));
    let mut repos = BinRepos::load(base, &uris, notices)?;
    let known: Vec<String> = repos.list.iter().map(BinRepo::label).collect();
    repos.list.retain(|repo| is_named(repo, name));
    let hosts = fetch_listed(cli, base, &cache::choose(notices), &repos, notices);
    let host = hosts.into_iter().next();
    host.ok_or_else(|| no_such_host(name, &known))
}

/// Whether a host is called so, by its section or by its URI.
pub(super) fn is_named(repo: &BinRepo, name: &str) -> bool {
    let uri = |text: &str| Uri::new(text.trim_end_matches('/'));
    repo.named && repo.name == name || uri(repo.sync_uri.secret()) == uri(name)
}

/// What can be said where a word is neither a host nor a path.
pub(super) fn no_such_host(name: &str, known: &[String]) -> anyhow::Error {
    let hosts = match known {
        [] => "none is configured".to_owned(),
        known => format!("they are {}", known.join(", ")),
    };
    anyhow!(
        "{}: no binhost has this name or URI ({hosts}), and there is no such directory or file",
        redact(name)
    )
}

fn fetch_listed(
    cli: &Cli,
    base: &Base,
    cache: &CacheDir,
    repos: &BinRepos,
    notices: &Notices,
) -> Vec<HostState> {
    let options = FetchOptions {
        progress: output::is_watched() && !cli.quiet(),
        ..options(cli, cache)
    };
    let hosts = fetch_all(base, repos, &options, notices);
    for host in &hosts {
        if let Some(error) = &host.error {
            output::warning(&format!("{}: {error}", name(host)));
        }
        report(host, notices);
    }
    hosts
}

/// Those of one of several machines. A host that fails does not become a warning: it is reported once for all of them.
///
/// # Errors
/// As [`fetch`].
pub(super) fn fetch_shared(
    cli: &Cli,
    policy: &Policy,
    base: &Base,
    cache: &CacheDir,
    shared: &Shared,
    notices: &Notices,
) -> Result<Vec<HostState>> {
    if !policy.sources.getbinpkg {
        return Ok(Vec::new());
    }
    let mut repos = BinRepos::load(base, &cli.hosts.binhost, notices)?;
    // One that the configuration has too is not added once more.
    let named: Vec<Uri> = cli.hosts.binhost.iter().map(|uri| Uri::new(uri)).collect();
    repos
        .list
        .retain(|repo| shared.own_hosts || repo.is_added() || named.contains(&repo.sync_uri));
    let options = options(cli, cache);
    let hosts = binhost::fetch_shared(base, &repos, &options, &shared.indexes, notices);
    hosts.iter().for_each(|host| report(host, notices));
    Ok(hosts)
}

fn options(cli: &Cli, cache: &CacheDir) -> FetchOptions {
    FetchOptions {
        offline: cli.hosts.offline,
        refresh: cli.hosts.refresh,
        allow_commands: cli.hosts.allow_fetchcommand,
        progress: false,
        cache: cache.clone(),
        time: TimeLimits::DEFAULT,
        memory: MemoryLimits::of_process(),
    }
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
