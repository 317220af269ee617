//! Which way an index comes: read from a directory, over HTTP, or by a command.

use std::fs::File;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail, ensure};

use super::body::read_bounded;
use super::command::{self, Allowance, CommandOutcome};
use super::index_file::NAMES;
use super::{BinRepo, Uri, trust};
use crate::local::Base;
use crate::shlex;
use crate::source::Source;

/// The way to a host.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Transport<'a> {
    /// A directory (logical path).
    File(PathBuf),
    /// HTTP or HTTPS.
    Http,
    /// `ssh HOST cat PATH`
    Ssh,
    /// A fetch command of the configuration.
    Command(&'a str),
}

impl<'a> Transport<'a> {
    /// The way that Portage takes, with one exception: commands that another system's configuration
    /// names are not run unless that is `allowed`, and those of a system under `--chroot` never are.
    /// Over HTTP they can be done without.
    ///
    /// # Errors
    /// There is no way.
    pub(super) fn of(base: &'a Base, repo: &'a BinRepo, allowed: bool) -> Result<Transport<'a>> {
        Transport::to(&repo.sync_uri, base, repo, allowed)
    }

    /// The same for what lies elsewhere, as packages of a host may.
    ///
    /// # Errors
    /// There is no way.
    pub(super) fn to(
        uri: &Uri,
        base: &'a Base,
        repo: &'a BinRepo,
        allowed: bool,
    ) -> Result<Transport<'a>> {
        let scheme = uri.scheme();
        let is_http = matches!(scheme, "http" | "https");
        // Whatever the command is, PORTAGE_SSH_OPTS may become part of it.
        let ssh_options = base.vars.assignment(trust::SSH_OPTIONS);
        let may_run = |source: Option<&Source>| {
            let sources = [source, ssh_options.map(|one| &one.source)];
            let mut sources = sources.into_iter();
            sources.all(|source| trust::may_run(base, source, allowed))
        };
        let refused = || {
            let why = trust::why_not(base);
            anyhow!("scheme {scheme:?} needs a command, which is not run {why}")
        };
        match (scheme, &repo.fetch_command) {
            ("" | "file", _) => Ok(Transport::File(uri.path().into())),
            (_, Some(command)) if may_run(None) => Ok(Transport::Command(command)),
            _ if is_http => Ok(Transport::Http),
            (_, Some(_)) => Err(refused()),
            ("ssh", None) if may_run(None) => Ok(Transport::Ssh),
            ("ssh", None) => Err(refused()),
            (_, None) => {
                let setting = format!("FETCHCOMMAND_{}", scheme.to_ascii_uppercase());
                let set = |name: &str| {
                    let assignment = base.vars.assignment(name);
                    assignment.filter(|one| !one.value.is_empty())
                };
                let command = set(&setting).or_else(|| set("FETCHCOMMAND"));
                let command = command
                    .with_context(|| format!("neither {setting} nor FETCHCOMMAND is set"))?;
                ensure!(may_run(Some(&command.source)), refused());
                Ok(Transport::Command(&command.value))
            }
        }
    }

    /// Run the command of this way; the name of the file that came, and the file.
    ///
    /// # Errors
    /// It fails for every name.
    pub(super) fn run(
        &self,
        base: &Base,
        repo: &BinRepo,
        allowance: &Allowance<'_>,
    ) -> Result<(&'static str, Vec<u8>)> {
        // Over ssh the name has to be right at once, and only the plain file is always there.
        let files = match self {
            Transport::Ssh => &NAMES[1..],
            _ => &NAMES[..],
        };
        let mut status = None;
        for &name in files {
            match self.file(base, &repo.sync_uri, name, allowance)? {
                CommandOutcome::Output(file) => {
                    return Ok((name, read_bounded(file, allowance.room)?));
                }
                CommandOutcome::Failed(failure) => status = Some(failure),
            }
        }
        let status = status.map(|status| status.to_string()).unwrap_or_default();
        bail!("the fetch command failed ({status})")
    }

    /// Run the command of this way for one file below a URI.
    ///
    /// # Errors
    /// As [`command::fetch`].
    pub(super) fn file(
        &self,
        base: &Base,
        uri: &Uri,
        path: &str,
        allowance: &Allowance<'_>,
    ) -> Result<CommandOutcome<File>> {
        match self {
            Transport::Ssh => command::capture(&ssh_words(base, uri, path)?, allowance),
            Transport::Command(command) => {
                let uri = format!("{}/{path}", uri.secret());
                command::fetch(command, &uri, &variables(base), allowance)
            }
            Transport::File(_) | Transport::Http => bail!("no command is needed here"),
        }
    }
}

/// What fetch commands may use besides `DISTDIR`, `FILE` and `URI`.
fn variables(base: &Base) -> Vec<(&str, &str)> {
    let name = trust::SSH_OPTIONS;
    base.vars
        .get(name)
        .map(|value| (name, value))
        .into_iter()
        .collect()
}

/// `ssh [-pPORT] $PORTAGE_SSH_OPTS [user@]host -- cat path/FILE`
fn ssh_words(base: &Base, uri: &Uri, file: &str) -> Result<Vec<String>> {
    let (host, port) = uri.host_port();
    let user = uri.credentials().map(|(user, _)| user);
    let target = match user {
        Some(user) if !user.is_empty() => format!("{user}@{host}"),
        _ => host.to_owned(),
    };
    ensure!(
        !host.is_empty() && !target.starts_with('-'),
        "the URI names no host that ssh could be given"
    );
    let mut words = vec!["ssh".to_owned()];
    if let Some(port) = port.filter(|port| !port.is_empty()) {
        let number: u16 = port.parse().ok().context("the port is not a number")?;
        words.push(format!("-p{number}"));
    }
    let options = base.vars.get(trust::SSH_OPTIONS).unwrap_or("");
    words.extend(shlex::split(options).context("PORTAGE_SSH_OPTS cannot be split into words")?);
    words.extend([target, "--".to_owned(), "cat".to_owned()]);
    let path = format!("{}/{file}", uri.path());
    // The other machine's shell reads it once more.
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-+:@%~,=".contains(&byte);
    ensure!(
        path.bytes().all(is_plain),
        "the path has characters that a shell at the other end would change"
    );
    words.push(path);
    Ok(words)
}
