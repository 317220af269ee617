//! Packages that come by a command, as `fetchcommand` of their host and schemes other than HTTP have it
//! (`portage: BinpkgFetcher.py:_BinpkgFetcherProcess._start`). Such a command knows whole files only.

use std::fs::File;

use anyhow::{Result, bail, ensure};

use super::HostState;
use super::command::{Allowance, CommandOutcome};
use super::transport::Transport;
use crate::local::Base;

/// Whether packages of a host come by a command. Where one may not be run, HTTP does without. An index does not
/// send a command, and the password in it, to another machine, as emerge would let it.
///
/// # Errors
/// There is no way to them.
pub(crate) fn is_needed(base: &Base, host: &HostState, allowed: bool) -> Result<bool> {
    let uri = host.packages();
    if let Some(elsewhere) = host.elsewhere() {
        let is_http = matches!(uri.scheme(), "http" | "https");
        ensure!(
            is_http,
            "the index names {elsewhere}, another machine, to which no command is sent"
        );
        return Ok(false);
    }
    let transport = Transport::to(&uri, base, &host.repo, allowed)?;
    Ok(matches!(transport, Transport::Ssh | Transport::Command(_)))
}

/// Run it for one package, whose path below the URI of the host's packages this is.
///
/// # Errors
/// It cannot be run, fails, is too slow, or writes more than it may.
pub(crate) fn fetch(
    base: &Base,
    host: &HostState,
    path: &str,
    allowed: bool,
    allowance: &Allowance<'_>,
) -> Result<File> {
    let uri = host.packages();
    let transport = Transport::to(&uri, base, &host.repo, allowed)?;
    match transport.file(base, &uri, path, allowance)? {
        CommandOutcome::Output(file) => Ok(file),
        CommandOutcome::Failed(status) => bail!("the fetch command failed ({status})"),
    }
}
