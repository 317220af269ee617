//! `--why`: everything that decides about one package, side by side.
//!
//! Every instance of every host, every ebuild and what is installed of one name, best first as emerge orders them:
//! which of them wins and why, and for each other all that speaks against it.

mod candidates;
mod comment;
mod dependencies;
mod flags;
mod requirements;

use std::collections::HashMap;

use crate::binhost::{HostId, HostState, InstanceId};
use crate::compat::{Compatibility, CpuCompat};
use crate::local::sets::Member;
use crate::packages::Packages;
use crate::plan::{Merge, Plan};
use crate::pms::{Cpn, Kind, Package};
use crate::report::indexes::Indexes;
use crate::source::Source;

pub use dependencies::DependencyDifference;
pub use flags::{FlagRow, UseTable};
pub use requirements::{Requirement, RequirementOf};

/// All about one package name.
#[derive(Debug)]
pub struct Explanation<'a> {
    /// The name.
    pub name: Cpn,
    /// What may be merged or is installed, best first.
    pub candidates: Vec<ComparedPackage<'a>>,
    /// USE flag by flag, one table for each version that a binary package has.
    pub flags: Vec<UseTable>,
    /// Who wants the package.
    pub required_by: Vec<Requirement>,
    /// Why emerge would stop at the request; empty where it would not.
    pub stops: Vec<String>,
    /// What brings the indexes without which nothing could be asked.
    pub next: Option<String>,
    /// The binhosts, by their ids.
    pub hosts: &'a [HostState],
    /// When this was made, in seconds since 1970; ages count from here.
    pub now: i64,
}

/// One ebuild, binary package or installed package.
#[derive(Debug)]
pub struct ComparedPackage<'a> {
    /// The package.
    pub package: &'a Package,
    /// Its place in the pool, if it is a binary package.
    pub instance: Option<InstanceId>,
    /// The host of a binary package; `None` for one of PKGDIR, and for others.
    pub host: Option<HostId>,
    /// Bytes to fetch, where the index has it.
    pub size: Option<u64>,
    /// What it was built for, if that is known.
    pub built_for: Option<String>,
    /// Whether it runs here, if anybody looked.
    pub runs: Option<CpuCompat>,
    /// Why it is of no use here, as a binary package that will not run or whose file is gone.
    pub unusable: Option<String>,
    /// What becomes of it.
    pub standing: Standing,
    /// What speaks against it.
    pub reasons: Vec<Reason>,
    /// How its dependencies differ from those of its ebuild.
    pub dependencies: Vec<DependencyDifference>,
}

/// What becomes of a candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// emerge would merge it, and why this one.
    Wins(String),
    /// It is there already.
    Installed,
    /// Something is better, or speaks against it.
    Loses,
}

/// One thing that speaks against a candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// A stable word.
    pub code: &'static str,
    /// False where it could not be determined.
    pub certain: bool,
    /// What it is about.
    pub detail: String,
    /// What is required.
    pub wanted: String,
    /// What the candidate has.
    pub found: String,
    /// The deciding lines, each with the comment above it.
    pub sources: Vec<(Source, Option<String>)>,
}

/// What an explanation is made of.
#[derive(Clone, Copy, Debug)]
pub struct Grounds<'g, 'a> {
    /// What would be merged for the request.
    pub plan: Option<&'g Plan<'a>>,
    /// Whether instances run here.
    pub compatibility: &'g HashMap<InstanceId, Compatibility>,
    /// Atoms of @world, with their lines.
    pub world: &'g [Member],
    /// The binhosts.
    pub hosts: &'a [HostState],
    /// What their indexes can tell at all.
    pub indexes: &'g Indexes,
    /// Whether no request was to be sent.
    pub is_offline: bool,
    /// Now, in seconds since 1970.
    pub now: i64,
}

impl<'a> Explanation<'a> {
    /// Put together all that is known of a name.
    pub fn of(name: &Cpn, packages: &'a Packages<'a>, grounds: Grounds<'_, 'a>) -> Explanation<'a> {
        let merges = merges(name, grounds.plan);
        let candidates = candidates::of(name, packages, &merges, grounds);
        Explanation {
            flags: flags::tables(name, packages),
            required_by: requirements::of(name, packages, grounds.world),
            name: name.clone(),
            candidates,
            stops: grounds
                .plan
                .into_iter()
                .flat_map(|plan| &plan.obstacles)
                .map(ToString::to_string)
                .collect(),
            next: grounds.indexes.next_step(grounds.is_offline),
            hosts: grounds.hosts,
            now: grounds.now,
        }
    }

    /// What emerge would merge of it.
    pub fn winners(&self) -> impl Iterator<Item = (usize, &ComparedPackage<'a>)> {
        let candidates = self.candidates.iter().enumerate();
        candidates.filter(|(_, candidate)| matches!(candidate.standing, Standing::Wins(_)))
    }
}

impl ComparedPackage<'_> {
    /// The name of its host as Portage has it, `local` for PKGDIR; `None` for what is not a binary package.
    pub fn host_name<'h>(&self, hosts: &'h [HostState]) -> Option<&'h str> {
        if self.package.kind != Kind::Binary {
            return None;
        }
        let host = self.host.and_then(|host| host.of(hosts));
        Some(host.map_or("local", |host| host.repo.name.as_str()))
    }
}

fn merges<'p, 'a>(name: &Cpn, plan: Option<&'p Plan<'a>>) -> Vec<&'p Merge<'a>> {
    let merges = plan.into_iter().flat_map(|plan| &plan.merges);
    let of_name = merges.filter(|merge| merge.package.cpv.cpn == *name);
    of_name.collect()
}
