//! `--freeze`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::Result;

use super::judging::Judging;
use super::new_file::Readers;
use super::{new_file, output};
use crate::binhost::Pool;
use crate::emerge_log::{self, FROZEN_LOG};
use crate::exit::Exit;
use crate::freeze::{ABOUT, About, CPUINFO, FreezeScope, Omission, OwnFile, collect, pack};
use crate::interrupt::Interrupt;
use crate::local::sets::Sets;
use crate::packages::Shelf;
use crate::pms::Cpn;
use crate::report::layout::bytes;
use crate::sanitize::sanitize;
use crate::source::Notices;

/// The largest `/proc/cpuinfo` and description of an archive, in bytes.
const SMALL: u64 = 16 << 20;

/// Freeze the judged system.
///
/// # Errors
/// Its configuration makes Portage abort, or the file cannot be written.
pub(super) fn freeze(judging: &Judging, file: &str, notices: &Notices) -> Result<Exit> {
    let names = names(judging, notices)?;
    let base = &judging.local.base;
    let with_repositories = judging.cli.action.systems.with_repositories;
    let scope = match with_repositories {
        true => FreezeScope::All,
        false => FreezeScope::Names(&names),
    };
    let about = About {
        format: About::FORMAT,
        bincheck: env!("CARGO_PKG_VERSION").to_owned(),
        portage: portage(judging),
        with_repositories,
        names: names.len(),
        left_out: Vec::new(),
    };
    let mut collection = collect(base, scope);
    // A system that was frozen before knows what it lacks.
    collection.left_out_too(earlier(judging));
    let own = own_files(judging, notices);
    let interrupt = Interrupt::hold_back()?;
    let done = new_file::write(file, Readers::Owner, |out| {
        let out = interrupt.watch(&*out);
        pack(&base.chroot, collection, about, &own, out)
    });
    interrupt.obey();
    let (about, size) = done?;
    output::to_stdout(|out| {
        let whole = if about.with_repositories {
            "whole repositories"
        } else {
            "what repositories give of them"
        };
        writeln!(
            out,
            "{}: {} with {} package names, {whole}",
            sanitize(file),
            bytes(size),
            about.names
        )?;
        for Omission { path, why } in &about.left_out {
            writeln!(out, "without {}: {}", sanitize(path), sanitize(why))?;
        }
        Ok(())
    })?;
    output::notices(&notices.sorted(), judging.cli.verbose());
    Ok(Exit::AllUsable)
}

/// Names of packages whose ebuilds a judgement would read: those that are installed or named by them, and those that
/// a plan of @world meets.
fn names(judging: &Judging, notices: &Notices) -> Result<BTreeSet<Cpn>> {
    // Without packages of PKGDIR, which the frozen system does not have.
    let pool = Pool::default();
    let sets = Sets::load(&judging.local, notices)?;
    let targets = judging.resolve(&judging.cli.targets, &pool, &sets, notices)?;
    let shelf = Shelf::default();
    let packages = judging.packages(&shelf, &judging.policy, &pool, notices);
    judging.plan(&targets, &sets, &packages, notices)?;
    judging.local.installed.check_readable()?;
    let mut names: BTreeSet<Cpn> = judging.local.installed.names().cloned().collect();
    names.extend(packages.names_read());
    Ok(names)
}

fn portage(judging: &Judging) -> Option<String> {
    // One slot, so one version.
    let versions = judging.local.installed.versions("sys-apps/portage");
    versions.first().map(|cpv| cpv.version.to_string())
}

/// What an earlier freezing left out of the system.
fn earlier(judging: &Judging) -> Vec<Omission> {
    let path = Path::new("/").join(ABOUT);
    let text = judging.local.base.chroot.read_limited(&path, SMALL);
    let about = text
        .ok()
        .and_then(|text| serde_json::from_slice(&text).ok());
    about.map_or_else(Vec::new, |about: About| about.left_out)
}

/// The processor, and how long packages took to compile.
fn own_files(judging: &Judging, notices: &Notices) -> Vec<OwnFile> {
    let base = &judging.local.base;
    let log = emerge_log::path(base);
    let log = emerge_log::history(&base.chroot, &log, &judging.cache, notices).to_log();
    let log = (!log.is_empty()).then(|| log.into_bytes());
    let files = [(CPUINFO, cpuinfo(judging)), (FROZEN_LOG, log)];
    let files = files.into_iter();
    files
        .filter_map(|(path, bytes)| bytes.map(|bytes| OwnFile { path, bytes }))
        .collect()
}

/// That of the running system; for another what was frozen with it.
fn cpuinfo(judging: &Judging) -> Option<Vec<u8>> {
    let chroot = &judging.local.base.chroot;
    if chroot.is_foreign() {
        return chroot
            .read_limited(&Path::new("/").join(CPUINFO), SMALL)
            .ok();
    }
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    // The same for each run: without speed, and one of the processors.
    let first = text.split("\n\n").next()?;
    let kept = first
        .lines()
        .filter(|line| !line.contains("MHz") && !line.starts_with("bogomips"));
    Some(
        kept.map(|line| format!("{line}\n"))
            .collect::<String>()
            .into_bytes(),
    )
}
