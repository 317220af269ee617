//! `--adopt MODEL`: the configuration that makes this machine want what a host built, tried before it is printed.

mod cpu;
mod model;
mod trial;

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::symlink;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use self::cpu::CompilerOptions;
use self::model::Model;
pub(super) use self::model::add_host;
use self::trial::Trial;
use super::judging::Judging;
use super::suggest::laboratory::{Bench, added};
use super::suggest::write;
use super::{output, resolve_options};
use crate::binhost::{Candidate, Pool};
use crate::check::{Compare, Policy};
use crate::chroot::AddedText;
use crate::emerge_log;
use crate::env::Env;
use crate::exit::Exit;
use crate::local::sets::Sets;
use crate::packages::Shelf;
use crate::plan::PlanRequest;
use crate::report::adopt::{AdoptedProfile, AdoptionReport, RequestOutcomes};
use crate::report::human::adopt as human;
use crate::report::json::adopt as json;
use crate::source::Notices;
use crate::suggest::adopt::{ConfigChange, Standing, adopt, newest_of_slots};

/// Find it, and report it.
///
/// # Errors
/// There is no such model, whatever stops a request, and files that cannot be written.
pub(super) fn run(
    judging: &Judging,
    env: &Env,
    name: &str,
    pool: &Pool,
    notices: &Notices,
) -> Result<Exit> {
    let directory = judging.cli.action.output_dir.as_deref();
    if let Some(directory) = directory {
        write::check(&judging.local, directory)?;
    }
    let model = Model::of(judging, pool, env, name)?;
    let sets = Sets::load(&judging.local, notices)?;
    let targets = judging.resolve(&judging.cli.targets, pool, &sets, notices)?;
    ensure!(
        PlanRequest::is_possible(&targets),
        "--adopt tries what emerge would merge, and emerge takes no wildcards"
    );
    let request = PlanRequest::of(&targets, &judging.local, &sets, notices)?
        .with_running(judging.running.as_ref(), notices)?;
    let options = resolve_options::read(&judging.cli, &judging.policy)?;
    let times = emerge_log::load(&judging.local.base, &judging.cache, notices);
    let (shelf, model_shelf) = (Shelf::default(), Shelf::default());
    let packages = judging.packages(&shelf, &judging.policy, pool, notices);
    let policy = strict(&judging.policy);
    let of_model = judging.packages(&model_shelf, &policy, &model.pool, notices);
    let ids = newest_of_slots(&of_model, |_| true);
    let before = Standing::of(&of_model, &ids, model.is_testing());
    let mut trial = Trial {
        bench: Bench {
            judging,
            pool,
            packages: &packages,
            policy: &judging.policy,
            options: &options,
            request: &request,
            times: &times,
            // What emerge would ask for is not looked for here.
            kinds: &BTreeSet::new(),
            notices,
        },
        model: &model,
        policy: &policy,
        ids: &ids,
        outcome: None,
    };
    let profile = AdoptedProfile::of(model.profile.as_deref(), judging.tree.profile.as_deref());
    let dir = model.profile_dir(&judging.local.base);
    let other = dir.clone().filter(|_| profile.is_other());
    let mut adoption = adopt(before, other, &mut trial);
    let candidates: Vec<&Candidate> = ids.iter().map(|id| of_model.entry(*id).0).collect();
    let compiler = match &model.system {
        Some(system) => CompilerOptions::of_config(judging, &system.local.base.vars),
        None => CompilerOptions::of_packages(judging, &candidates, notices),
    };
    adoption.change.edits.extend(compiler.edits);
    let [now, then] = trial.outcomes(&adoption.change);
    let profile = profile.after(adoption.change.profile.as_deref(), dir.is_some());
    let mut notes = compiler.notes;
    if model.is_foreign {
        notes.push(
            "this machine is not configured to use this binhost: name it in binrepos.conf"
                .to_owned(),
        );
    }
    let report = AdoptionReport {
        name: &model.label,
        is_index: model.system.is_none(),
        profile,
        adoption: &adoption,
        packages: &of_model,
        request: RequestOutcomes { now, then },
        notes,
    };
    write_report(judging, &report, notices)?;
    if let Some(directory) = directory {
        for file in write::files(report.files(), &judging.local, directory)? {
            output::message(&format!("wrote {}", file.display()));
        }
        if let Some(profile) = &adoption.change.profile {
            link_profile(Path::new(directory), profile)?;
        }
    }
    Ok(match report.is_complete() {
        true => Exit::AllUsable,
        false => Exit::SomeMissing,
    })
}

/// USE counts even where emerge would not compare it, and changed dependencies are nothing that configuration decides.
fn strict(policy: &Policy) -> Policy {
    let mut policy = policy.clone();
    policy.compare.respect_use = Compare::Yes;
    policy.compare.changed_deps = Compare::No;
    policy
}

/// `make.profile` beside the other files.
fn link_profile(directory: &Path, profile: &Path) -> Result<()> {
    let link = directory.join("make.profile");
    match fs::symlink_metadata(&link) {
        Ok(facts) if facts.is_symlink() => fs::remove_file(&link)?,
        Ok(_) => bail!("{}: it is there already, and no link", link.display()),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error.into()),
    }
    symlink(profile, &link).with_context(|| format!("cannot write {}", link.display()))?;
    output::message(&format!("wrote {}", link.display()));
    Ok(())
}

fn write_report(judging: &Judging, report: &AdoptionReport<'_>, notices: &Notices) -> Result<()> {
    if judging.cli.output.json {
        return output::to_stdout(|mut out| json::write(report, &mut out));
    }
    let page = human::AdoptionPage {
        columns: output::columns(),
        verbose: judging.cli.verbose(),
    };
    output::styled_to_stdout(&judging.cli, |mut out| human::write(report, page, &mut out))?;
    if !judging.cli.quiet() {
        output::notices(&notices.sorted(), judging.cli.verbose());
    }
    Ok(())
}

/// The judged machine with a change.
fn changed_text(change: &ConfigChange, judging: &Judging) -> AddedText {
    added(&change.edits, &judging.local).with_profile(change.profile.clone())
}
