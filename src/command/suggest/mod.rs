//! `--suggest`: changes of the configuration, each tried before it is printed.

mod defaults;
pub(super) mod laboratory;
pub(super) mod write;

use std::collections::{BTreeSet, HashSet};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use self::laboratory::{Bench, Tried};
use super::judging::Judging;
use super::{output, resolve_options};
use crate::binhost::{InstanceId, Pool};
use crate::emerge_log::{self, MergeTimes};
use crate::exit::Exit;
use crate::local::sets::Sets;
use crate::local::targets::Target;
use crate::packages::{Packages, Shelf};
use crate::plan::{self, Plan, PlanRequest};
use crate::report::human::suggest as human;
use crate::report::indexes::Indexes;
use crate::report::json::suggest as json;
use crate::report::suggest::Advice;
use crate::source::Notices;
use crate::suggest::SuggestionKind;
use crate::suggest::propose;
use crate::suggest::search::search;

/// When trying ends, counted from the start: the answer comes within five seconds with what is done after that.
const TIME: Duration = Duration::from_millis(4000);

/// How long is tried for the hint of an ordinary report.
const MOMENT: Duration = Duration::from_millis(400);

/// With more packages installed nothing is tried for that hint: a trial takes as long as the report itself.
const MOST_INSTALLED: usize = 200;

/// Find what helps, try it, and report it.
///
/// # Errors
/// Whatever stops a request, targets that emerge does not take, and files that cannot be written.
pub(super) fn run(judging: &Judging, pool: &Pool, notices: &Notices) -> Result<Exit> {
    if let Some(directory) = &judging.cli.action.output_dir {
        write::check(&judging.local, directory)?;
    }
    let until = Instant::now() + TIME;
    let sets = Sets::load(&judging.local, notices)?;
    let targets = judging.resolve(&judging.cli.targets, pool, &sets, notices)?;
    ensure!(
        PlanRequest::is_possible(&targets),
        "--suggest is about what emerge would merge, and emerge takes no wildcards"
    );
    let mut policy = judging.policy.clone();
    if judging.cli.emerge.lists.nobindeps {
        policy = policy.only_targets(&targets);
    }
    let request = PlanRequest::of(&targets, &judging.local, &sets, notices)?
        .with_running(judging.running.as_ref(), notices)?;
    let options = resolve_options::read(&judging.cli, &policy)?;
    let shelf = Shelf::default();
    let packages = judging.packages(&shelf, &policy, pool, notices);
    let plan = plan::resolve(&packages, &options, &request);
    let times = emerge_log::load(&judging.local.base, &judging.cache, notices);
    let kinds = kinds(&judging.cli.implied.kinds);
    let bench = Bench {
        judging,
        pool,
        packages: &packages,
        policy: &policy,
        options: &options,
        request: &request,
        times: &times,
        kinds: &kinds,
        notices,
    };
    let mut tried = Tried::new(bench, until);
    tried.inspect_plan(&plan);
    let (base, proposals) = tried.begin(&plan);
    tried.expect(&proposals);
    let found = search(base, proposals, &mut tried);
    tried.end();
    let indexes = Indexes::of(&judging.hosts, &judging.policy);
    let next = indexes.next_step(judging.cli.hosts.offline);
    let advice = Advice {
        found: &found,
        local: &judging.local,
        pool,
        hosts: &judging.hosts,
        next: next.as_deref(),
    };
    write_report(judging, &advice, notices)?;
    if let Some(directory) = &judging.cli.action.output_dir {
        for file in write::files(advice.files(), &judging.local, directory)? {
            output::message(&format!("wrote {}", file.display()));
        }
    }
    Ok(indexes.exit(exit(&advice)))
}

/// Whether a change of the configuration helps with a plan, as far as that can be told in a moment; `unusable` are its binary
/// packages that are of no use here.
pub(super) fn is_promising(
    plan: &Plan<'_>,
    packages: &Packages<'_>,
    (judging, pool): (&Judging, &Pool),
    (targets, sets): (&[Target], &Sets),
    unusable: HashSet<InstanceId>,
) -> bool {
    if unusable.is_empty() && !propose::has_any(plan, packages, &judging.hosts) {
        return false;
    }
    if judging.local.installed.names().count() > MOST_INSTALLED {
        return true;
    }
    let until = Instant::now() + MOMENT;
    // What is skipped was reported already.
    let notices = Notices::default();
    let policy = packages.policy();
    let request = PlanRequest::of(targets, &judging.local, sets, &notices)
        .and_then(|request| request.with_running(judging.running.as_ref(), &notices));
    let options = resolve_options::read(&judging.cli, policy);
    let (Ok(request), Ok(options)) = (request, options) else {
        return false;
    };
    let bench = Bench {
        judging,
        pool,
        packages,
        policy,
        options: &options,
        request: &request,
        times: &MergeTimes::default(),
        kinds: &kinds(&[]),
        notices: &notices,
    };
    let mut tried = Tried::up_to_first(bench, until, unusable);
    let (base, proposals) = tried.begin(plan);
    let found = search(base, proposals, &mut tried);
    tried.is_promising(&found)
}

/// The kinds of these words, or all.
fn kinds(words: &[String]) -> BTreeSet<SuggestionKind> {
    let named: BTreeSet<SuggestionKind> = words
        .iter()
        .filter_map(|word| SuggestionKind::parse(word))
        .collect();
    if named.is_empty() {
        SuggestionKind::ALL.into_iter().collect()
    } else {
        named
    }
}

fn write_report(judging: &Judging, advice: &Advice<'_>, notices: &Notices) -> Result<()> {
    if judging.cli.output.json {
        return output::to_stdout(|mut out| json::write(advice, &mut out));
    }
    output::styled_to_stdout(&judging.cli, |mut out| {
        human::write(advice, output::columns(), &mut out)
    })?;
    if !judging.cli.quiet() {
        output::notices(&notices.sorted(), judging.cli.verbose());
    }
    Ok(())
}

/// 0 where something helps, or nothing is to be helped.
fn exit(advice: &Advice<'_>) -> Exit {
    let found = advice.found;
    let helps = !found.suggestions.is_empty() || found.needed.is_some();
    let total = found.before.total();
    let is_fine = found.before.is_sound && total.binary == total.merges;
    if helps || is_fine {
        Exit::AllUsable
    } else {
        Exit::SomeMissing
    }
}
