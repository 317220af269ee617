//! Instances to findings, side by side.

use std::sync::Arc;

use super::{
    Case, Code, Evidence, Finding, OwnEbuilds, Policy, Record, excluded, own_exclusion, shadowed,
    signature,
};
use crate::binhost::{Absent, Candidate, HostState, InstanceId};
use crate::local::Local;
use crate::local::trees::Ebuild;
use crate::parallel::in_chunks;

/// Fewer versions than this are not worth a thread.
const MIN_CHUNK: usize = 16;

/// What every judgement needs besides the package.
#[derive(Clone, Copy, Debug)]
pub struct Judge<'a> {
    /// This machine.
    pub local: &'a Local,
    /// The options.
    pub policy: &'a Policy,
    /// The binhosts.
    pub hosts: &'a [HostState],
}

/// Instances of one version, and the ebuilds that they are held against.
#[derive(Debug)]
pub struct Task<'a> {
    /// The ebuilds of the version.
    pub ebuilds: TaskEbuilds<'a>,
    /// The instances.
    pub instances: Vec<Instance<'a>>,
}

/// The ebuilds of one version.
#[derive(Debug)]
pub enum TaskEbuilds<'a> {
    /// What is worked out about them is kept by somebody.
    Kept(OwnEbuilds<'a>),
    /// What is worked out about them is let go with the task. Lowest priority first.
    ForOnce(&'a [Ebuild]),
}

/// One instance to be judged.
#[derive(Debug)]
pub struct Instance<'a> {
    /// The instance.
    pub id: InstanceId,
    /// Its entry.
    pub candidate: &'a Candidate,
    /// Why it never enters Portage's database.
    pub absent: Option<&'a Absent>,
    /// What was worked out about it before, if anything was.
    pub record: Option<Arc<Record<'a>>>,
}

impl<'a> Judge<'a> {
    /// Judge the instances of all tasks; the findings come in the order of the tasks.
    pub fn judge(&self, tasks: &[Task<'a>]) -> Vec<(InstanceId, Vec<Finding>)> {
        let work = |part: &[Task<'a>]| -> Vec<(InstanceId, Vec<Finding>)> {
            part.iter().flat_map(|task| self.task(task)).collect()
        };
        in_chunks(tasks, MIN_CHUNK, work)
            .into_iter()
            .flatten()
            .collect()
    }

    fn task(&self, task: &Task<'a>) -> Vec<(InstanceId, Vec<Finding>)> {
        let for_once;
        let ebuilds = match &task.ebuilds {
            TaskEbuilds::Kept(ebuilds) => ebuilds,
            TaskEbuilds::ForOnce(ebuilds) => {
                for_once = OwnEbuilds::of(self.local, ebuilds);
                &for_once
            }
        };
        let mut before = None;
        let judge = |instance: &Instance<'a>| {
            let findings = self.findings(instance, ebuilds, &mut before);
            (instance.id, findings)
        };
        task.instances.iter().map(judge).collect()
    }

    /// The findings of one instance. Builds of a version mostly have the dependencies of the one `before`.
    fn findings(
        &self,
        instance: &Instance<'a>,
        ebuilds: &OwnEbuilds<'a>,
        before: &mut Option<Record<'a>>,
    ) -> Vec<Finding> {
        let candidate = instance.candidate;
        if let Some(absent) = instance.absent {
            return vec![self.absent(candidate, absent)];
        }
        match &instance.record {
            Some(record) => Case::new(record, ebuilds, self.policy).findings(),
            None => {
                let record = Record::new(self.local, &candidate.package, &candidate.chost);
                if let Some(before) = before {
                    record.facts().share_deps(before.facts());
                }
                let findings = Case::new(&record, ebuilds, self.policy).findings();
                *before = Some(record);
                findings
            }
        }
    }

    fn absent(&self, candidate: &Candidate, absent: &Absent) -> Finding {
        let (code, detail, evidence): (Code, _, Evidence) = match absent {
            Absent::Excluded(list) => excluded::absent(list),
            Absent::OwnExclusion(why) => own_exclusion::absent(why),
            Absent::Shadowed(by) => shadowed::absent(by.and_then(|host| host.of(self.hosts))),
            Absent::Signature(detail) => signature::absent(candidate, detail),
        };
        Finding {
            code,
            certain: true,
            detail,
            evidence,
        }
    }
}
