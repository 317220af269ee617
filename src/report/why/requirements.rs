//! Who wants a package: installed packages and @world.

use crate::check::Facts;
use crate::local::sets::Member;
use crate::packages::{PackageId, Packages};
use crate::pms::{Cpn, Cpv, Dep, DepSpec, Key};
use crate::source::Source;

/// One atom for the package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// Whose it is.
    pub of: RequirementOf,
    /// The atom.
    pub atom: String,
}

/// Whose an atom is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequirementOf {
    /// An installed package's, in this variable.
    Installed(Cpv, &'static str),
    /// @world's, or that of a set in it, at this place.
    World(Source),
}

/// Dependencies that hold while a package is installed.
const KEYS: [Key; 3] = [Key::Rdepend, Key::Pdepend, Key::Idepend];

/// All of them, @world first, then by package.
pub(super) fn of(name: &Cpn, packages: &Packages<'_>, world: &[Member]) -> Vec<Requirement> {
    let members = world
        .iter()
        .filter(|member| member.atom.name() == name.as_str());
    let mut all: Vec<Requirement> = members
        .map(|member| Requirement {
            of: RequirementOf::World(member.source.clone()),
            atom: member.atom.to_string(),
        })
        .collect();
    let installed = &packages.local().installed;
    let mut names: Vec<&Cpn> = installed.names().collect();
    names.sort_unstable();
    // Most packages are not read further than this.
    let mentions = |cpn: &&Cpn| {
        let mut records = installed.of(cpn.as_str()).iter();
        records.any(|package| {
            let mut texts = KEYS.iter().map(|key| package.metadata.text(*key));
            texts.any(|text| text.contains(name.as_str()))
        })
    };
    for cpn in names.into_iter().filter(mentions) {
        for id in packages.installed_of(cpn.as_str()).iter() {
            let record = packages.record(PackageId::Installed(*id));
            all.extend(
                KEYS.iter()
                    .flat_map(|key| of_package(record.facts(), *key, name)),
            );
        }
    }
    all.dedup();
    all
}

fn of_package(facts: &Facts<'_>, key: Key, name: &Cpn) -> Vec<Requirement> {
    let enabled = |flag: &str| facts.enabled(flag);
    let specs: &[DepSpec<Dep>] = match facts.deps(key) {
        Ok(specs) => specs,
        Err(_) => &[],
    };
    let atoms = DepSpec::active_leaves(specs, &enabled).into_iter();
    let wanted = atoms.filter(|atom| atom.name() == name.as_str() && atom.blocker().is_none());
    wanted
        .map(|atom| Requirement {
            of: RequirementOf::Installed(facts.package.cpv.clone(), key.name()),
            atom: atom.to_string(),
        })
        .collect()
}
