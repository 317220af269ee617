//! `--suggest`: changes of the configuration, each tried before it is printed.

mod defaults;
pub(super) mod laboratory;
pub(super) mod write;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use self::laboratory::{Bench, Tried};
use super::judging::Judging;
use super::{output, resolve_options};
use crate::binhost::Pool;
use crate::emerge_log::{self, CompileTimes};
use crate::exit::Exit;
use crate::local::sets::Sets;
use crate::packages::Shelf;
use crate::plan::{self, PlanRequest};
use crate::report::human::suggest as human;
use crate::report::indexes::Indexes;
use crate::report::json::suggest as json;
use crate::report::suggest::Advice;
use crate::source::Notices;
use crate::suggest::propose::{self, Scope};
use crate::suggest::search::search;
use crate::suggest::{SuggestionKind, TrialOutcome};

/// When trying ends, counted from the start: the answer comes within five seconds with what is done after that.
const TIME: Duration = Duration::from_millis(4000);

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
    let compile = CompileTimes::of(&plan, &packages, &times);
    let kinds = kinds(&judging.cli.implied.kinds);
    let base = TrialOutcome {
        needed: propose::lifting(&plan, &packages, &kinds),
        ..TrialOutcome::of(&plan, |merge| compile.get(merge))
    };
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
    let unusable = tried.inspect_plan(&plan);
    let base = base.marking(|id| unusable.contains(&id));
    let scope = Scope {
        kinds: &kinds,
        hosts: &judging.hosts,
        unusable: &unusable,
        times: &compile,
    };
    let mut proposals = propose::proposals(&plan, &packages, scope);
    if kinds.contains(&SuggestionKind::MakeConf) {
        proposals.defaults = defaults::proposals(judging, &plan);
    }
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
