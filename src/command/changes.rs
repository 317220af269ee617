//! `--changes`: silent unless the request comes to something else than last time. Made for cron.

use std::fs::File;
use std::io::Read;

use anyhow::{Context, Result};
use serde_json::Value;

use super::judging::Judging;
use super::{output, verdict};
use crate::binhost::Pool;
use crate::cache::Durability;
use crate::exit::Exit;
use crate::hash;
use crate::report::changes::{RequestChange, RequestState};
use crate::report::json;
use crate::sanitize::sanitize;
use crate::source::Notices;

/// The largest document or state that is read, in bytes.
const LARGEST: u64 = 256 << 20;

/// Judge the targets, and tell what has changed since the last run, or since a document of `--json`.
///
/// # Errors
/// Whatever stops a request; an earlier document cannot be read; the state cannot be kept.
pub(super) fn run(judging: &Judging, pool: &Pool, notices: &Notices) -> Result<Exit> {
    let (now, exit) = verdict::targets(judging, pool, notices, |report, _| {
        let mut text = Vec::new();
        json::write(report, &mut text)?;
        let document: Value = serde_json::from_slice(&text)?;
        Ok((RequestState::of_document(&document), report.exit()))
    })?;
    let now = now.context("--changes is about a request that emerge would take")?;
    let file = format!("changes/{}", key(judging));
    let earlier = match &judging.cli.action.since {
        Some(file) => Some(since(file)?),
        None => last(judging, &file),
    };
    // An answer that is not known does not take the place of one that was.
    if exit != Exit::Unknown {
        let text = serde_json::to_vec(&now)?;
        let kept = judging
            .cache
            .replace(&file, &[&text], 0o600, Durability::Lazy);
        kept.context("cannot keep what the request comes to for the next run")?;
    }
    let Some(earlier) = earlier else {
        return Ok(Exit::AllUsable);
    };
    let changes = now.since(&earlier);
    if judging.cli.output.json {
        output::to_stdout(|out| {
            serde_json::to_writer(&mut *out, &changes)?;
            writeln!(out)
        })?;
    } else {
        output::to_stdout(|out| {
            changes
                .iter()
                .try_for_each(|change| writeln!(out, "{}", line(change)))
        })?;
    }
    Ok(if exit == Exit::Unknown {
        Exit::Unknown
    } else if changes.is_empty() {
        Exit::AllUsable
    } else {
        Exit::SomeMissing
    })
}

fn line(change: &RequestChange) -> String {
    let RequestChange {
        what,
        cpv,
        before,
        reasons,
    } = change;
    let before = before.as_deref().unwrap_or_default();
    let why = match reasons.is_empty() {
        true => String::new(),
        false => format!(" ({})", reasons.join(", ")),
    };
    let text = match *what {
        "binary" => format!("binary now: {cpv}, was compiled or of no use ({before})"),
        "withdrawn" => format!("no longer binary: {cpv}{why}"),
        "version" => format!("other version: {cpv}, was {before}{why}"),
        "reason" => format!("other reason: {cpv}{why}, was ({before})"),
        "new" => format!("new: {cpv}{why}"),
        _ => format!("no longer merged: {cpv}"),
    };
    sanitize(&text).into_owned()
}

/// What the state of a request is kept by: the system, and what was typed.
fn key(judging: &Judging) -> String {
    let base = &judging.local.base;
    let rerun = &judging.cli.implied.rerun;
    let label = base.chroot.label(&base.roots.eroot);
    let label = label.to_string_lossy();
    let words = rerun.options.iter().chain(&rerun.targets);
    hash::sha256(words.map(String::as_bytes).chain([label.as_bytes()]))
}

fn last(judging: &Judging, file: &str) -> Option<RequestState> {
    let mut text = Vec::new();
    let mut kept = judging.cache.open(file, LARGEST).ok()??;
    kept.read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

fn since(file: &str) -> Result<RequestState> {
    let mut text = Vec::new();
    let opened = File::open(file).with_context(|| format!("cannot open {file}"))?;
    opened
        .take(LARGEST)
        .read_to_end(&mut text)
        .with_context(|| format!("cannot read {file}"))?;
    let document: Value = serde_json::from_slice(&text)
        .with_context(|| format!("{file} is not a document of --json"))?;
    RequestState::of_document(&document)
        .with_context(|| format!("{file} has no merges, as --json writes them for targets"))
}
