//! Trying changes: the judged machine is read anew with them, and the request is judged and resolved again.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::{TIME, defaults};
use crate::binhost::{InstanceId, Pool};
use crate::check::Policy;
use crate::chroot::AddedText;
use crate::command::judging::Judging;
use crate::command::{options, output, policy, resolve_options};
use crate::emerge_log::{CompileTimes, MergeTimes};
use crate::local::Local;
use crate::packages::{Origins, Packages, Shelf};
use crate::parallel;
use crate::plan::{self, Plan, PlanRequest, ResolveOptions};
use crate::source::Notices;
use crate::suggest::propose::{self, Proposals, Scope};
use crate::suggest::search::{Found, Laboratory};
use crate::suggest::{Edit, Gain, SuggestionKind, TrialOutcome};

/// So many changes are tried however long it takes.
const LEAST: usize = 12;

/// So many of them are for one package.
const LEAST_SINGLE: usize = 6;

/// What is left of the time for changes for many packages.
const FOR_MANY: Duration = Duration::from_millis(1500);

/// What stays the same from one trial to the next.
#[derive(Clone, Copy)]
pub(in crate::command) struct Bench<'b, 'p> {
    pub(in crate::command) judging: &'b Judging,
    pub(in crate::command) pool: &'b Pool,
    /// The store without any change.
    pub(in crate::command) packages: &'b Packages<'p>,
    pub(in crate::command) policy: &'b Policy,
    pub(in crate::command) options: &'b ResolveOptions,
    pub(in crate::command) request: &'b PlanRequest,
    pub(in crate::command) times: &'b MergeTimes,
    /// Kinds of changes that are wanted.
    pub(in crate::command) kinds: &'b BTreeSet<SuggestionKind>,
    pub(in crate::command) notices: &'b Notices,
}

impl Bench<'_, '_> {
    /// What the request comes to with these changes; `None` where they cannot be read.
    fn outcome(&self, edits: &[Edit]) -> Option<TrialOutcome> {
        self.outcome_of(added(edits, &self.judging.local), edits)
    }

    /// The same with what is added to files by the changes, or otherwise.
    pub(in crate::command) fn outcome_of(
        &self,
        added: AddedText,
        edits: &[Edit],
    ) -> Option<TrialOutcome> {
        self.planned(added, edits, |plan, packages, times| TrialOutcome {
            needed: propose::lifting(plan, packages, self.kinds),
            ..TrialOutcome::of(plan, |merge| times.get(merge))
        })
    }

    /// Judge and resolve with what is added to files by the changes, or otherwise.
    fn planned<T>(
        &self,
        added: AddedText,
        edits: &[Edit],
        then: impl FnOnce(&Plan<'_>, &Packages<'_>, &CompileTimes) -> T,
    ) -> Option<T> {
        let own = &self.judging.local;
        // What is skipped in the configuration was reported once, and is not repeated.
        let notices = Notices::default();
        let changed: Option<Local> = if added.is_empty() {
            None
        } else {
            Some(own.with_added(added, &notices).ok()?)
        };
        let (mut policy, options) = match &changed {
            Some(local) if edits.iter().any(Edit::is_of_defaults) => {
                let cli = options::under(&local.base, &self.judging.cli)?;
                let policy = policy::read(&cli.emerge, &local.base, &notices).ok()?;
                let options = resolve_options::read(&cli, &policy).ok()?;
                (policy, Cow::Owned(options))
            }
            _ => (self.policy.clone(), Cow::Borrowed(self.options)),
        };
        policy.lists.own.clone_from(&self.policy.lists.own);
        edits.iter().for_each(|edit| edit.apply(&mut policy));
        let excluded: Vec<_> = edits.iter().filter_map(Edit::exclusion).collect();
        let has_other_lists = policy.lists != self.policy.lists;
        // The same entries in the same places, of which others count.
        let excluding = (!excluded.is_empty() || has_other_lists)
            .then(|| self.judging.pool_under(&policy, excluded, &notices));
        let shelf = Shelf::default();
        let origins = Origins {
            local: changed.as_ref().unwrap_or(own),
            policy: &policy,
            trees: &self.judging.trees,
            hosts: &self.judging.hosts,
            pool: excluding.as_ref().unwrap_or(self.pool),
            notices: &notices,
        };
        let changed_running = match &changed {
            Some(local) => local.running(&notices).ok()?,
            None => None,
        };
        let own_running = self.judging.running.as_ref().filter(|_| changed.is_none());
        let running = changed_running.as_ref().or(own_running);
        let packages = Packages::new(&shelf, origins)
            .with_running(running.map(|local| Packages::new(&shelf, Origins { local, ..origins })));
        let plan = plan::resolve(&packages, &options, self.request);
        let compile = CompileTimes::of(&plan, &packages, self.times);
        Some(then(&plan, &packages, &compile))
    }
}

/// The lines of changes, as text of files.
pub(in crate::command) fn added(edits: &[Edit], local: &Local) -> AddedText {
    let lines = edits.iter().filter_map(|edit| edit.place(local));
    lines.map(|(file, line)| (file, line.to_owned())).collect()
}

/// How much is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    /// All that there is time for.
    All,
    /// Up to the first change that helps, of packages that were inspected for the report.
    First,
}

/// What was tried so far.
pub(super) struct Tried<'b, 'p> {
    bench: Bench<'b, 'p>,
    until: Instant,
    extent: Extent,
    /// Whether something helps.
    has_found: bool,
    outcomes: HashMap<Vec<Edit>, Option<TrialOutcome>>,
    /// How long the longest trial took.
    longest: Duration,
    /// Instances that were inspected, and those that cannot be used here.
    inspected: HashSet<InstanceId>,
    unusable: HashSet<InstanceId>,
    bar: ProgressBar,
}

impl<'b, 'p> Tried<'b, 'p> {
    pub(super) fn new(bench: Bench<'b, 'p>, until: Instant) -> Tried<'b, 'p> {
        let bar = if output::is_watched() && !bench.judging.cli.quiet() {
            ProgressBar::new(0)
        } else {
            ProgressBar::hidden()
        };
        let style = ProgressStyle::with_template("{spinner} trying changes {pos}/{len}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.enable_steady_tick(Duration::from_millis(100));
        Tried {
            bench,
            until,
            extent: Extent::All,
            has_found: false,
            outcomes: HashMap::new(),
            longest: Duration::ZERO,
            inspected: HashSet::new(),
            unusable: HashSet::new(),
            bar,
        }
    }

    /// Trying up to the first change that helps, without a look into packages; these are known to be of no use here.
    pub(super) fn up_to_first(
        bench: Bench<'b, 'p>,
        until: Instant,
        unusable: HashSet<InstanceId>,
    ) -> Tried<'b, 'p> {
        Tried {
            bench,
            until,
            extent: Extent::First,
            has_found: false,
            outcomes: HashMap::new(),
            longest: Duration::ZERO,
            inspected: HashSet::new(),
            unusable,
            bar: ProgressBar::hidden(),
        }
    }

    /// What the request comes to without any change, and what could help.
    pub(super) fn begin(&self, plan: &Plan<'_>) -> (TrialOutcome, Proposals) {
        let bench = &self.bench;
        let times = CompileTimes::of(plan, bench.packages, bench.times);
        let base = TrialOutcome {
            needed: propose::lifting(plan, bench.packages, bench.kinds),
            ..TrialOutcome::of(plan, |merge| times.get(merge))
        };
        let base = base.marking(|id| self.unusable.contains(&id));
        (base, self.proposed(plan, bench.packages, &times))
    }

    fn proposed(
        &self,
        plan: &Plan<'_>,
        packages: &Packages<'_>,
        times: &CompileTimes,
    ) -> Proposals {
        let bench = &self.bench;
        let scope = Scope {
            kinds: bench.kinds,
            hosts: &bench.judging.hosts,
            unusable: &self.unusable,
            times,
        };
        let mut proposals = propose::proposals(plan, packages, scope);
        if bench.kinds.contains(&SuggestionKind::MakeConf) {
            proposals.defaults = defaults::proposals(bench.judging, plan);
        }
        proposals
    }

    /// Whether a change helps, or there was no time to tell.
    pub(super) fn is_promising(&self, found: &Found) -> bool {
        found.needed.is_some() || !found.suggestions.is_empty() || Instant::now() >= self.until
    }

    /// Inspect what the plan would merge.
    pub(super) fn inspect_plan(&mut self, plan: &Plan<'_>) {
        let merges = plan.merges.iter();
        let ids: Vec<InstanceId> = merges.filter_map(|merge| merge.origin.instance()).collect();
        self.inspect(&ids);
    }

    /// Whether one more trial, as long as the longest, ends in time with so much of it left. On a machine that is busy with other
    /// things, some are tried anyway, if they are not long by themselves.
    fn is_in_time(&self, left: Duration, least: usize) -> bool {
        Instant::now() + self.longest + left < self.until
            || self.outcomes.len() < least && parallel::processor_time() + self.longest < TIME
    }

    /// So many changes are going to be tried.
    pub(super) fn expect(&self, proposals: &Proposals) {
        let count = proposals.groups.len() + proposals.single.len();
        self.bar.set_length(count as u64);
    }

    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }

    fn inspect(&mut self, ids: &[InstanceId]) {
        let is_new = |id: &&InstanceId| !self.inspected.contains(id);
        let new: Vec<InstanceId> = ids.iter().filter(is_new).copied().collect();
        if new.is_empty() || self.extent == Extent::First {
            return;
        }
        let checker = self.bench.judging.compat_checker(self.bench.notices);
        let answers = checker.judge(self.bench.packages, &new);
        let unusable = answers
            .iter()
            .filter(|(_, answer)| answer.must_be_excluded());
        self.unusable.extend(unusable.map(|(id, _)| *id));
        self.inspected.extend(new);
    }
}

impl Laboratory for Tried<'_, '_> {
    fn try_out(&mut self, edits: &[Edit]) -> Option<TrialOutcome> {
        if let Some(known) = self.outcomes.get(edits) {
            let known = known.clone();
            return known.map(|outcome| outcome.marking(|id| self.unusable.contains(&id)));
        }
        self.bar.inc(1);
        let begin = Instant::now();
        let outcome = self.bench.outcome(edits);
        self.longest = self.longest.max(begin.elapsed());
        self.outcomes.insert(edits.to_vec(), outcome.clone());
        outcome.map(|outcome| outcome.marking(|id| self.unusable.contains(&id)))
    }

    fn is_usable(&mut self, gain: &Gain) -> bool {
        let ids: Vec<InstanceId> = gain.instances().collect();
        self.inspect(&ids);
        let is_usable = !ids.iter().any(|id| self.unusable.contains(id));
        self.has_found |= is_usable;
        is_usable
    }

    fn proposals(&mut self, edits: &[Edit]) -> Option<Proposals> {
        if self.extent == Extent::First {
            return None;
        }
        let outcome = self.try_out(edits)?;
        let ids: Vec<InstanceId> = outcome
            .slots
            .values()
            .filter_map(|merge| merge.instance)
            .collect();
        self.inspect(&ids);
        let bench = self.bench;
        let proposals = bench.planned(
            added(edits, &bench.judging.local),
            edits,
            |plan, packages, times| self.proposed(plan, packages, times),
        )?;
        self.expect(&proposals);
        Some(proposals)
    }

    fn has_time(&self) -> bool {
        if self.extent == Extent::First {
            return !self.has_found && (Instant::now() < self.until || self.outcomes.is_empty());
        }
        self.is_in_time(Duration::ZERO, LEAST)
    }

    fn has_time_for_single(&self) -> bool {
        if self.extent == Extent::First {
            return self.has_time();
        }
        self.is_in_time(FOR_MANY, LEAST_SINGLE)
    }
}
