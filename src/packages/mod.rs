//! One store of everything that may be merged or is installed: ebuilds, binary packages, installed ones.
//!
//! Each is read and judged once, when first requested, by the rules of [`crate::check`], and kept with all
//! findings. The plan asks the store, and so does the report: they cannot differ.

mod choice;
mod ebuilds;
mod id;
mod installed;
mod instances;
mod matches;
mod nearest;
mod outside_iuse;

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use typed_arena::Arena;

pub use choice::Choice;
pub use id::{EbuildId, InstalledId, PackageId};
pub use matches::{MatchKey, Matches, TargetId};
pub use nearest::nearest;

use self::ebuilds::EbuildTable;
use self::installed::InstalledTable;
use self::instances::InstanceTable;
use crate::binhost::{Absent, Candidate, HostState, InstanceId, Pool};
use crate::check::{
    Case, Finding, Instance, Judge, Judged, OwnEbuilds, Policy, Record, Task, TaskEbuilds, Verdict,
};
use crate::local::trees::{Ebuild, Ebuilds};
use crate::local::{Local, Trees};
use crate::pms::{Cpn, Cpv, Package};
use crate::source::Notices;

/// Where the packages lie that a store reads.
#[derive(Default)]
#[allow(missing_debug_implementations)]
pub struct Shelf {
    ebuilds: Arena<Ebuilds>,
    packages: Arena<Package>,
}

/// What a store is made of.
#[derive(Clone, Copy, Debug)]
pub struct Origins<'a> {
    /// This machine.
    pub local: &'a Local,
    /// The options.
    pub policy: &'a Policy,
    /// The ebuild repositories.
    pub trees: &'a Trees,
    /// The binhosts.
    pub hosts: &'a [HostState],
    /// All entries of their indexes and of PKGDIR.
    pub pool: &'a Pool,
    /// Lines that were skipped.
    pub notices: &'a Notices,
}

/// The store.
#[allow(missing_debug_implementations)]
pub struct Packages<'a> {
    judge: Judge<'a>,
    shelf: &'a Shelf,
    ebuilds: EbuildTable<'a>,
    instances: InstanceTable<'a>,
    installed: InstalledTable<'a>,
    /// Those of the running system, where packages go to another root.
    running: Option<Box<Packages<'a>>>,
}

impl<'a> Packages<'a> {
    /// Nothing is read yet but what the pool holds.
    pub fn new(shelf: &'a Shelf, origins: Origins<'a>) -> Packages<'a> {
        let Origins {
            local,
            policy,
            trees,
            hosts,
            pool,
            notices,
        } = origins;
        Packages {
            judge: Judge {
                local,
                policy,
                hosts,
            },
            shelf,
            ebuilds: EbuildTable::new(local, trees, notices, &shelf.ebuilds),
            instances: InstanceTable::new(local, pool),
            installed: InstalledTable::new(local),
            running: None,
        }
    }

    /// The same with the running system beside it, which has what builds and installs packages.
    #[must_use]
    pub fn with_running(self, running: Option<Packages<'a>>) -> Packages<'a> {
        Packages {
            running: running.map(Box::new),
            ..self
        }
    }

    /// The packages of the running system, where packages go to another root.
    pub fn running(&self) -> Option<&Packages<'a>> {
        self.running.as_deref()
    }

    /// The names whose ebuilds were read so far.
    pub fn names_read(&self) -> Vec<Cpn> {
        self.ebuilds.names_read()
    }

    /// This machine.
    pub fn local(&self) -> &'a Local {
        self.judge.local
    }

    /// The options.
    pub fn policy(&self) -> &'a Policy {
        self.judge.policy
    }

    /// Keep a package that was made from others.
    pub fn shelve(&self, package: Package) -> &'a Package {
        self.shelf.packages.alloc(package)
    }

    /// What is worked out about a package, once.
    pub fn record(&self, id: PackageId) -> Arc<Record<'a>> {
        match id {
            PackageId::Ebuild(id) => self.ebuilds.record(id),
            PackageId::Binary(id) => self.instances.record(id),
            PackageId::Installed(id) => self.installed.record(id),
        }
    }

    /// Ebuilds of a name with valid metadata, highest version first, of equal versions the repository of highest
    /// priority.
    pub fn ebuilds_of(&self, cpn: &Cpn) -> Vec<EbuildId> {
        self.ebuilds.of(cpn)
    }

    /// All ebuilds of a name, lowest version first, also those whose metadata could not be read.
    pub fn all_ebuilds_of(&self, cpn: &Cpn) -> &'a [Ebuild] {
        self.ebuilds.all(cpn)
    }

    /// Instances of a name, also those that never enter Portage's database, best first as emerge tries them.
    pub fn instances_of(&self, name: &str) -> &[InstanceId] {
        self.instances.of(name)
    }

    /// All instances by name, those of one name best first.
    pub fn instances(&self) -> impl Iterator<Item = InstanceId> {
        self.instances.all()
    }

    /// Installed packages of a name as they were recorded, highest version first.
    pub fn installed_of(&self, name: &str) -> Rc<[InstalledId]> {
        self.installed.of(name)
    }

    /// An instance's entry, and why it never enters Portage's database.
    pub fn entry(&self, id: InstanceId) -> (&'a Candidate, Option<&'a Absent>) {
        self.instances.entry(id)
    }

    /// The instance that counts in the place of one: for a twin ([`Absent::Shadowed`]) the one that is delivered.
    pub fn delivered(&self, id: InstanceId) -> InstanceId {
        let (twin, absent) = self.entry(id);
        if !matches!(absent, Some(Absent::Shadowed(_))) {
            return id;
        }
        let is_same = |other: &InstanceId| {
            let (candidate, absent) = self.entry(*other);
            absent.is_none() && candidate.instance_key() == twin.instance_key()
        };
        let mut instances = self
            .instances_of(twin.package.cpv.cpn.as_str())
            .iter()
            .copied();
        instances.find(is_same).unwrap_or(id)
    }

    /// Whether a visible ebuild of the same version exists
    /// (`portage: depgraph.py:depgraph._equiv_ebuild_visible`).
    pub fn has_visible_ebuild(&self, id: PackageId) -> bool {
        let record = self.record(id);
        let package = record.package;
        record.has_visible_ebuild(|| self.ebuilds.own(&package.cpv).let_through(package))
    }

    /// The ebuilds of one version.
    pub fn own_ebuilds(&self, cpv: &Cpv) -> OwnEbuilds<'a> {
        self.ebuilds.own(cpv)
    }

    /// Whether the dependencies of a built package differ from its ebuild's.
    pub fn has_changed_deps(&self, id: PackageId) -> bool {
        let record = self.record(id);
        let compare = || {
            let own = self.ebuilds.own(&record.package.cpv);
            let case = Case::new(&record, &own, self.judge.policy);
            case.compare_deps()
        };
        !record.changed_deps(compare).is_empty()
    }

    /// What differs in USE and dependencies of an instance where the options keep emerge from comparing them.
    pub fn uncompared(&self, id: InstanceId) -> Vec<Finding> {
        let record = self.instances.record(id);
        let own = self.ebuilds.own(&record.package.cpv);
        Case::new(&record, &own, self.judge.policy).uncompared()
    }

    /// An instance with its findings; the rules run where they did not yet.
    pub fn judged(&self, id: InstanceId) -> Judged<'_> {
        if self.instances.findings(id).is_none() {
            self.judge(&[id]);
        }
        let (candidate, absent) = self.instances.entry(id);
        let findings = self.instances.findings(id).unwrap_or_default();
        Judged {
            id,
            candidate,
            absent,
            verdict: Verdict::of(findings),
            findings,
        }
    }

    /// Ask the rules about all these instances that were not judged yet, side by side.
    pub fn judge(&self, ids: &[InstanceId]) {
        self.judge_with(ids, |cpv| TaskEbuilds::Kept(self.ebuilds.own(cpv)));
    }

    /// The same for every instance. What is worked out about ebuilds on the way is let go: nobody asks again, and
    /// there may be tens of thousands.
    pub fn judge_all(&self) {
        let ids: Vec<InstanceId> = self.instances.all().collect();
        self.judge_with(&ids, |cpv| TaskEbuilds::ForOnce(self.ebuilds.at(cpv)));
    }

    fn judge_with(&self, ids: &[InstanceId], ebuilds: impl Fn(&Cpv) -> TaskEbuilds<'a>) {
        let open = |id: &&InstanceId| self.instances.findings(**id).is_none();
        let open: Vec<InstanceId> = ids.iter().filter(open).copied().collect();
        let cpv = |id: InstanceId| &self.instances.entry(id).0.package.cpv;
        self.ebuilds.read(open.iter().map(|id| &cpv(*id).cpn));
        let mut tasks: Vec<Task<'a>> = Vec::new();
        let mut of_version: HashMap<&Cpv, usize> = HashMap::new();
        for id in open {
            let (candidate, absent) = self.instances.entry(id);
            let place = *of_version.entry(cpv(id)).or_insert_with_key(|cpv| {
                tasks.push(Task {
                    ebuilds: ebuilds(cpv),
                    instances: Vec::new(),
                });
                tasks.len() - 1
            });
            tasks[place].instances.push(Instance {
                id,
                candidate,
                absent,
                record: self.instances.known_record(id),
            });
        }
        for (id, findings) in self.judge.judge(&tasks) {
            self.instances.keep(id, findings);
        }
    }
}
