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
use crate::pms::Key;

/// Fewer versions than this are not worth a thread.
const MIN_CHUNK: usize = 16;

/// Builds of one version that others are compared with.
const MOST_DIFFERENT: usize = 16;

/// Keys that no rule asks for.
const UNJUDGED: [Key; 8] = [
    Key::BuildId,
    Key::BuildTime,
    Key::Md5,
    Key::Md5Cache,
    Key::Mtime,
    Key::Path,
    Key::Sha1,
    Key::Size,
];

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

impl Instance<'_> {
    /// Whether the rules judge it as another one of the same version, if no atom tells their build ids apart.
    fn is_judged_as(&self, other: &Instance<'_>) -> bool {
        let (one, two) = (&self.candidate.package, &other.candidate.package);
        self.absent.is_none()
            && other.absent.is_none()
            && self.candidate.chost == other.candidate.chost
            && one.repository == two.repository
            && one.metadata.is_same_but(&two.metadata, &UNJUDGED)
    }
}

impl<'a> Judge<'a> {
    /// Judge the instances of all tasks; the findings come in the order of the tasks.
    pub fn judge(&self, tasks: &[Task<'a>]) -> Vec<(InstanceId, Vec<Finding>)> {
        let builds_count = self.local.names_builds() || self.policy.lists.names_builds();
        let work = |part: &[Task<'a>]| -> Vec<(InstanceId, Vec<Finding>)> {
            let tasks = part.iter();
            tasks
                .flat_map(|task| self.task(task, builds_count))
                .collect()
        };
        in_chunks(tasks, MIN_CHUNK, work)
            .into_iter()
            .flatten()
            .collect()
    }

    /// Builds that the rules cannot tell apart have the same findings.
    fn task(&self, task: &Task<'a>, builds_count: bool) -> Vec<(InstanceId, Vec<Finding>)> {
        let for_once;
        let ebuilds = match &task.ebuilds {
            TaskEbuilds::Kept(ebuilds) => ebuilds,
            TaskEbuilds::ForOnce(ebuilds) => {
                for_once = OwnEbuilds::of(self.local, ebuilds);
                &for_once
            }
        };
        let mut before = None;
        let mut all: Vec<(InstanceId, Vec<Finding>)> = Vec::with_capacity(task.instances.len());
        // places of those that differ
        let mut different: Vec<usize> = Vec::new();
        for (place, instance) in task.instances.iter().enumerate() {
            let is_same = |other: &&usize| instance.is_judged_as(&task.instances[**other]);
            let same = different.iter().find(is_same).filter(|_| !builds_count);
            let findings = match same {
                Some(same) => all[*same].1.clone(),
                None => self.findings(instance, ebuilds, &mut before),
            };
            if same.is_none() && different.len() < MOST_DIFFERENT {
                different.push(place);
            }
            all.push((instance.id, findings));
        }
        all
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
            Absent::Excluded(list) => excluded::absent(list, self.policy),
            Absent::OwnExclusion(why) => own_exclusion::absent(why),
            Absent::Shadowed(by) => shadowed::absent(by.and_then(|host| host.of(self.hosts))),
            Absent::Signature(detail) => {
                let host = candidate.host.and_then(|host| host.of(self.hosts));
                signature::absent(candidate, detail, host)
            }
        };
        Finding {
            code,
            certain: true,
            detail,
            evidence,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::Machine;
    use crate::pms::Key;

    /// What is found against builds 1 and 2, which read the same, and build 3, which has other USE.
    fn codes(machine: &Machine) -> String {
        let other = "abi_x86_64 amd64 elibc_glibc kernel_linux minizip";
        let builds: [&[(Key, &str)]; 3] = [
            &[(Key::BuildId, "1"), (Key::BuildTime, "10")],
            &[(Key::BuildId, "2"), (Key::BuildTime, "20")],
            &[(Key::BuildId, "3"), (Key::Use, other)],
        ];
        machine.ask_all(&builds, |packages, ids| {
            packages.judge_all();
            let codes = ids.iter().map(|id| {
                let findings = packages.judged(*id).findings.iter();
                let codes: Vec<&str> = findings.map(|found| found.code.as_str()).collect();
                codes.join(" ")
            });
            codes.collect::<Vec<_>>().join(", ")
        })
    }

    #[test]
    fn builds_that_read_the_same_are_judged_the_same_unless_an_atom_names_one() {
        assert_eq!(codes(&Machine::new()), ", , use");
        let all = Machine::new().file("etc/portage/package.mask", "=sys-libs/zlib-1.3.1\n");
        assert_eq!(codes(&all), "mask ebuild, mask ebuild, mask ebuild use");
        let one = Machine::new().file("etc/portage/package.mask", "=sys-libs/zlib-1.3.1-2\n");
        assert_eq!(codes(&one), ", mask, use");
    }
}
