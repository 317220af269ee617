//! What is reported: the facts, then a writer for people and one for programs.

pub mod adopt;
mod answer;
pub mod builds;
pub mod causes;
pub mod changes;
pub mod check;
pub mod fleet;
pub mod host_labels;
pub mod html;
pub mod human;
pub mod indexes;
mod instances;
pub mod json;
pub mod layout;
pub mod metrics;
pub mod plan;
pub mod suggest;
pub mod summary;
pub mod survey;
pub mod why;

use std::collections::{BTreeMap, HashMap};

use self::indexes::Indexes;
use crate::binhost::{Candidate, HostId, HostState, InstanceId};
use crate::check::{Judged, Policy};
use crate::compat::{Compatibility, Concern, Machine};
use crate::local::targets::Target;
use crate::local::tree_state::TreeState;
use crate::packages::{Choice, MatchKey, Matches};
use crate::plan::{BuildReason, Merge, Origin};
use crate::source::{Notice, Source};

pub use answer::{Answer, MergeState};
pub use instances::{Instances, Position};
pub use summary::Summary;

/// All facts of a run that judges instances.
#[derive(Debug)]
pub struct Report<'a> {
    /// What is judged, against what, and when.
    pub setting: Setting<'a>,
    /// What was requested; empty for `--all`.
    pub targets: &'a [Target],
    /// For each atom of each target, in order, what matches it; for `--all`, for each package name.
    pub matches: Vec<Matches<'a>>,
    /// Every instance that was requested, in order of name, then best first as emerge would try them.
    pub instances: Instances<'a>,
    /// Whether instances run here, for those that were requested.
    pub compatibility: HashMap<InstanceId, Compatibility>,
    /// What emerge would merge for the targets; `None` under `--all`.
    pub plan: Option<plan::Planned<'a>>,
    /// The plan against what emerge says, with `--check-plan`.
    pub check: Option<check::Checked>,
    /// What can be typed next.
    pub commands: Commands,
    /// For each host a short name for people.
    pub host_labels: Vec<String>,
    /// What explains why there is no binary package.
    pub lacking: Lacking,
    /// Lines that were skipped.
    pub notices: Vec<Notice>,
}

/// What explains why there is no binary package, where the indexes do not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lacking {
    /// Where EMERGE_DEFAULT_OPTS asks for nothing but binary packages, if no option that was typed does.
    pub only_binary: Option<Source>,
    /// For names of packages, files in PKGDIR that its index does not have.
    pub unlisted: BTreeMap<String, Vec<String>>,
}

/// Command lines for the same request; `None` for what cannot be done with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commands {
    /// Changes that turn compiled packages into binary ones.
    pub suggest: Option<String>,
    /// Whether there are such for the plan that is reported, as far as that was tried.
    pub has_changes: bool,
    /// Run emerge.
    pub emerge: Option<String>,
    /// Whether they send no request.
    pub is_offline: bool,
}

/// What to do where no binhost is configured.
pub const NAME_A_BINHOST: &str =
    "name a binhost in /etc/portage/binrepos.conf, or give --binhost=URI";

/// What holds for the whole run.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// What packages have to run on.
    pub machine: &'a Machine,
    /// This machine's copy of the main repository, and its profile.
    pub tree: &'a TreeState,
    /// All hosts, in Portage's order.
    pub hosts: &'a [HostState],
    /// The options as they took effect.
    pub policy: &'a Policy,
    /// When the report is made, in seconds since 1970.
    pub now: i64,
}

impl<'a> Report<'a> {
    /// A report without a plan; no package was inspected, and no line was skipped.
    pub fn new(
        setting: Setting<'a>,
        targets: &'a [Target],
        matches: Vec<Matches<'a>>,
        instances: Instances<'a>,
    ) -> Report<'a> {
        Report {
            targets,
            matches,
            instances,
            compatibility: HashMap::new(),
            plan: None,
            check: None,
            commands: Commands::default(),
            lacking: Lacking::default(),
            host_labels: host_labels::of(setting.hosts),
            setting,
            notices: Vec::new(),
        }
    }

    /// Whether an instance runs here, if anybody looked.
    pub fn compatibility(&self, id: InstanceId) -> Option<&Compatibility> {
        let compatibility = self.compatibility.get(&id);
        compatibility.filter(|compatibility| compatibility.runs.is_some())
    }

    /// What should be known of an instance, whether it was inspected or not.
    pub fn concerns(&self, id: InstanceId) -> &[Concern] {
        let compatibility = self.compatibility.get(&id);
        compatibility.map_or(&[], |compatibility| &compatibility.concerns)
    }

    /// The instance that emerge would merge for an atom.
    pub fn chosen(&self, matches: &Matches<'_>) -> Option<&Judged<'a>> {
        match self.answer(matches) {
            Answer::Merged(merge) => self.instances.get(merge.origin.instance()?),
            Answer::Alone(Choice::Taken(id)) => self.instances.get(id),
            _ => None,
        }
    }

    /// What the plan merges for an atom, where it compiles that.
    pub fn compiled(&self, matches: &Matches<'_>) -> Option<(&Merge<'a>, &BuildReason)> {
        let Answer::Merged(merge) = self.answer(matches) else {
            return None;
        };
        match &merge.origin {
            Origin::Source(reason) => Some((merge, reason)),
            Origin::Binary(_) => None,
        }
    }

    /// Those that match, best first.
    pub fn judged(&self, matches: &Matches<'_>) -> impl Iterator<Item = &Judged<'a>> {
        let ids = matches.instances.iter();
        ids.filter_map(|id| self.instances.get(*id))
    }

    /// Whether a person is shown the instances that match: not where the plan answers for
    /// a set.
    fn is_shown(&self, matches: &Matches<'_>) -> bool {
        match matches.key {
            MatchKey::Atom { target, .. } if self.plan.is_some() => target
                .of(self.targets)
                .is_none_or(|target| !target.is_set()),
            _ => true,
        }
    }

    /// Matches that a person is shown: all, or with a plan those for targets that are not sets.
    pub fn shown_matches(&self) -> impl Iterator<Item = &Matches<'a>> {
        let matches = self.matches.iter();
        matches.filter(|matches| self.is_shown(matches))
    }

    /// Instances of the matches that a person is shown, in order.
    pub fn shown_instances(&self) -> Vec<&Judged<'a>> {
        if self.plan.is_none() {
            return self.instances.iter().collect();
        }
        let shown = self.shown_matches().flat_map(|matches| &matches.instances);
        self.instances.in_order(shown.copied())
    }

    /// What the indexes of the binhosts can tell at all.
    pub fn indexes(&self) -> Indexes {
        Indexes::of(self.setting.hosts, self.setting.policy)
    }

    /// The name for people of a host, or of PKGDIR.
    pub fn host_label(&self, host: Option<HostId>) -> &str {
        match host {
            None => "local",
            Some(id) => id.of(&self.host_labels).map_or("", String::as_str),
        }
    }

    /// Portage's name of an instance's host: the section, the MD5 of the URI, or `local` for PKGDIR.
    pub fn host_name(&self, candidate: &Candidate) -> &'a str {
        let host = candidate.host.map(|host| host.of(self.setting.hosts));
        match host {
            None => "local",
            Some(host) => host.map_or("", |host| host.repo.name.as_str()),
        }
    }
}

#[cfg(test)]
pub(crate) mod fixture;
