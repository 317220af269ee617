//! All packages that a walk may meet, read when their name is first asked for.
//!
//! Metadata are read by name and only for names that the walk reaches; what a package is under this
//! configuration is worked out when somebody asks, and kept.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use typed_arena::Arena;

use crate::binhost::Pool;
use crate::check::{Facts, Policy, deps, visibility};
use crate::local::Local;
use crate::local::trees::{Ebuild, Trees};
use crate::plan::PlanInput;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::dynamic_deps;
use crate::pms::{Cpn, Key, Kind, Package};
use crate::source::Notices;

/// A package of the universe, by its place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::plan) struct Id(u32);

/// A package with what has been worked out about it.
#[derive(Debug)]
pub(in crate::plan) struct PlanPackage<'a> {
    /// Its place.
    pub id: Id,
    /// The package; an installed one has the dependencies that its ebuild has now.
    pub package: &'a Package,
    /// Its position in the pool, for a binary package.
    pub entry: Option<usize>,
    /// Only its dependencies are wanted (a target under `--onlydeps`).
    pub onlydeps: bool,
    chost: &'a str,
    facts: OnceCell<Facts<'a>>,
    masks: OnceCell<Masks>,
    changed_deps: OnceCell<bool>,
    equivalent: OnceCell<bool>,
}

/// What hides a package.
#[derive(Clone, Copy, Debug)]
struct Masks {
    any: bool,
    hidden: bool,
    invalid: bool,
}

/// Packages of one name, each kind highest first.
#[derive(Debug, Default)]
pub(in crate::plan) struct PackageVersions<'a> {
    ebuilds: Vec<Rc<PlanPackage<'a>>>,
    binaries: Vec<Rc<PlanPackage<'a>>>,
    installed: Vec<Rc<PlanPackage<'a>>>,
    /// Repositories with an ebuild that could not be read.
    pub unreadable: bool,
}

impl<'a> PackageVersions<'a> {
    /// The packages of one kind.
    pub fn of(&self, kind: Kind) -> &[Rc<PlanPackage<'a>>] {
        match kind {
            Kind::Ebuild => &self.ebuilds,
            Kind::Binary => &self.binaries,
            Kind::Installed => &self.installed,
        }
    }
}

/// Where packages come from.
pub(in crate::plan) struct PackageDb<'a> {
    /// This machine.
    pub local: &'a Local,
    /// Options about binary packages.
    pub policy: &'a Policy,
    trees: &'a Trees,
    pool: &'a Pool,
    notices: &'a Notices,
    arena: &'a Arena<Package>,
    own_chost: &'a str,
    /// `--dynamic-deps`
    dynamic_deps: bool,
    binaries: HashMap<&'a str, Vec<usize>>,
    by_name: RefCell<HashMap<String, Rc<PackageVersions<'a>>>>,
    choices: RefCell<Vec<Rc<PlanPackage<'a>>>>,
}

impl<'a> PackageDb<'a> {
    /// Nothing is read yet but the names of binary packages.
    pub fn new(ground: PlanInput<'a>, dynamic_deps: bool) -> PackageDb<'a> {
        let PlanInput {
            local,
            policy,
            trees,
            pool,
            arena,
            notices,
        } = ground;
        let mut binaries: HashMap<&str, Vec<usize>> = HashMap::new();
        for (position, (candidate, absent)) in pool.entries.iter().enumerate() {
            if absent.is_none() {
                binaries
                    .entry(candidate.package.cpv.cpn.as_str())
                    .or_default()
                    .push(position);
            }
        }
        PackageDb {
            local,
            policy,
            trees,
            pool,
            notices,
            arena,
            own_chost: local.base.vars.get("CHOST").unwrap_or(""),
            dynamic_deps,
            binaries,
            by_name: RefCell::default(),
            choices: RefCell::default(),
        }
    }

    /// A package by its place.
    pub fn get(&self, id: Id) -> Rc<PlanPackage<'a>> {
        Rc::clone(&self.choices.borrow()[id.0 as usize])
    }

    /// The same package, wanted for its dependencies alone; an installed one stays what it is.
    pub fn for_dependencies(&self, choice: &PlanPackage<'a>) -> Id {
        if choice.is_installed() || choice.onlydeps {
            return choice.id;
        }
        let known = self.choices.borrow().iter().find_map(|other| {
            let same = other.onlydeps && std::ptr::eq(other.package, choice.package);
            same.then_some(other.id)
        });
        known.unwrap_or_else(|| {
            self.add_as(choice.package, choice.chost, choice.entry, true)
                .id
        })
    }

    /// All packages of a name.
    pub fn family(&self, name: &str) -> Rc<PackageVersions<'a>> {
        if let Some(family) = self.by_name.borrow().get(name) {
            return Rc::clone(family);
        }
        let family = Rc::new(self.read(name));
        self.by_name
            .borrow_mut()
            .insert(name.to_owned(), Rc::clone(&family));
        family
    }

    fn read(&self, name: &str) -> PackageVersions<'a> {
        let Some(cpn) = Cpn::parse(name) else {
            return PackageVersions::default();
        };
        let mut family = PackageVersions::default();
        let ebuilds = self.trees.load(&self.local.base, [&cpn], self.notices);
        for ebuild in ebuilds.of(name).iter().rev() {
            match ebuild {
                Ebuild::Known(package) => {
                    let package = self.arena.alloc((**package).clone());
                    family.ebuilds.push(self.add(package, self.own_chost, None));
                }
                Ebuild::Unknown { .. } => family.unreadable = true,
            }
        }
        family.binaries = self.read_binaries(name);
        for package in self.local.installed.of(name).iter().rev() {
            let live = self
                .dynamic_deps
                .then(|| dynamic_deps::live_ebuild(package, &family.ebuilds))
                .flatten();
            let package = match live {
                Some(live) => dynamic_deps::with_live_deps(package, live, &self.local.use_flags),
                None => (**package).clone(),
            };
            family
                .installed
                .push(self.add(self.arena.alloc(package), "", None));
        }
        family
    }

    fn read_binaries(&self, name: &str) -> Vec<Rc<PlanPackage<'a>>> {
        let mut positions = self.binaries.get(name).cloned().unwrap_or_default();
        let package = |position: &usize| &self.pool.entries[*position].0.package;
        positions.sort_by(|left, right| {
            let (left, right) = (package(left), package(right));
            let versions = left.cpv.version.cmp_version(&right.cpv.version);
            versions.then(left.build_time.cmp(&right.build_time))
        });
        let add = |position: usize| {
            let candidate = &self.pool.entries[position].0;
            self.add(&candidate.package, &candidate.chost, Some(position))
        };
        positions.into_iter().rev().map(add).collect()
    }

    fn add(
        &self,
        package: &'a Package,
        chost: &'a str,
        entry: Option<usize>,
    ) -> Rc<PlanPackage<'a>> {
        self.add_as(package, chost, entry, false)
    }

    fn add_as(
        &self,
        package: &'a Package,
        chost: &'a str,
        entry: Option<usize>,
        onlydeps: bool,
    ) -> Rc<PlanPackage<'a>> {
        let mut choices = self.choices.borrow_mut();
        let choice = Rc::new(PlanPackage {
            id: Id(u32::try_from(choices.len()).unwrap_or(u32::MAX)),
            package,
            entry,
            onlydeps,
            chost,
            facts: OnceCell::new(),
            masks: OnceCell::new(),
            changed_deps: OnceCell::new(),
            equivalent: OnceCell::new(),
        });
        choices.push(Rc::clone(&choice));
        choice
    }

    /// What the configuration makes of a package.
    pub fn facts<'c>(&self, choice: &'c PlanPackage<'a>) -> &'c Facts<'a> {
        choice
            .facts
            .get_or_init(|| Facts::of(self.local, choice.package, choice.chost))
    }

    fn masks(&self, choice: &PlanPackage<'a>) -> Masks {
        *choice.masks.get_or_init(|| {
            let facts = self.facts(choice);
            let codes: Vec<&str> = visibility::masks(facts).map(|(code, _)| code).collect();
            Masks {
                any: !codes.is_empty(),
                hidden: visibility::hides(choice.package.kind, &codes),
                invalid: codes.contains(&"invalid"),
            }
        })
    }

    /// The rules that mask a package.
    pub fn mask_codes(&self, choice: &PlanPackage<'a>) -> Vec<&'static str> {
        visibility::masks(self.facts(choice))
            .map(|(code, _)| code)
            .collect()
    }

    /// Names with an ebuild that could not be read, among those that were met.
    pub fn unreadable(&self) -> Vec<String> {
        let by_name = self.by_name.borrow();
        let unreadable = by_name.iter().filter(|(_, family)| family.unreadable);
        let mut names: Vec<String> = unreadable.map(|(name, _)| name.clone()).collect();
        names.sort_unstable();
        names
    }

    /// Whether Portage may see the package (`Package.visible`).
    pub fn is_visible(&self, choice: &PlanPackage<'a>) -> bool {
        !self.masks(choice).hidden
    }

    /// Whether anything masks the package, also what is forgiven to installed ones.
    pub fn is_masked(&self, choice: &PlanPackage<'a>) -> bool {
        self.masks(choice).any
    }

    /// Whether the metadata are invalid.
    pub fn is_invalid(&self, choice: &PlanPackage<'a>) -> bool {
        self.masks(choice).invalid
    }

    /// The ebuild of the same version in the package's own repository.
    pub fn own_ebuild(&self, choice: &PlanPackage<'a>) -> Option<Rc<PlanPackage<'a>>> {
        let family = self.family(choice.package.cpv.cpn.as_str());
        let same = |ebuild: &&Rc<PlanPackage<'a>>| {
            ebuild.package.cpv == choice.package.cpv
                && choice.package.repository.is_some()
                && ebuild.package.repository == choice.package.repository
        };
        family.ebuilds.iter().find(same).cloned()
    }

    /// Ebuilds that are equal as versions, the repository of highest priority first.
    pub fn ebuilds_at(&self, choice: &PlanPackage<'a>) -> Vec<Rc<PlanPackage<'a>>> {
        let family = self.family(choice.package.cpv.cpn.as_str());
        let version = &choice.package.cpv.version;
        let equal =
            |ebuild: &&Rc<PlanPackage<'a>>| ebuild.package.cpv.version.cmp_version(version).is_eq();
        family.ebuilds.iter().filter(equal).cloned().collect()
    }

    /// Whether a visible ebuild of the same version exists (`portage: depgraph.py:depgraph._equiv_ebuild_visible`).
    pub fn has_visible_ebuild(&self, choice: &PlanPackage<'a>) -> bool {
        *choice
            .equivalent
            .get_or_init(|| match self.own_ebuild(choice) {
                Some(ebuild) => self.is_visible(&ebuild),
                None => self
                    .ebuilds_at(choice)
                    .iter()
                    .any(|ebuild| self.is_visible(ebuild)),
            })
    }

    /// Whether the dependencies of a built package differ from its ebuild's.
    pub fn has_changed_deps(&self, choice: &PlanPackage<'a>) -> bool {
        *choice.changed_deps.get_or_init(|| {
            let own = self
                .own_ebuild(choice)
                .or_else(|| self.ebuilds_at(choice).into_iter().next());
            let recorded = self
                .recorded(choice)
                .filter(|_| choice.is_installed())
                .map(|recorded| Facts::of(self.local, recorded, choice.chost));
            let built = recorded.as_ref().unwrap_or_else(|| self.facts(choice));
            own.is_some_and(|own| !deps::changed(self.policy, built, self.facts(&own)).is_empty())
        })
    }

    /// Packages of one kind that an atom matches, USE dependencies left aside, highest first.
    pub fn matching(&self, kind: Kind, atom: &Atom) -> Vec<Rc<PlanPackage<'a>>> {
        let family = self.family(atom.name());
        let fits = |choice: &&Rc<PlanPackage<'a>>| atom.dep.matches(&choice.package.subject());
        family.of(kind).iter().filter(fits).cloned().collect()
    }

    /// Whether an installed package is the very build that a binary package would install.
    pub fn is_installed_build(&self, choice: &PlanPackage<'a>) -> bool {
        let family = self.family(choice.package.cpv.cpn.as_str());
        choice.package.build_time != 0
            && family.installed.iter().any(|installed| {
                installed.package.cpv == choice.package.cpv
                    && installed.package.build_time == choice.package.build_time
            })
    }

    /// Installed packages of a name, if that name was met.
    pub fn known_installed(&self, name: &str) -> Vec<Rc<PlanPackage<'a>>> {
        let by_name = self.by_name.borrow();
        by_name
            .get(name)
            .map(|family| family.installed.clone())
            .unwrap_or_default()
    }

    /// An installed package as it was recorded when it was built.
    pub fn recorded(&self, choice: &PlanPackage<'a>) -> Option<&'a Package> {
        let installed = self.local.installed.of(choice.package.cpv.cpn.as_str());
        installed
            .iter()
            .find(|package| package.cpv == choice.package.cpv)
            .map(|package| &**package)
    }

    /// Whether `package.provided` satisfies an atom.
    pub fn is_provided(&self, atom: &Atom) -> bool {
        self.local.provided.satisfies(&atom.dep)
    }

    /// Whether PROPERTIES names a word.
    pub fn has_property(&self, choice: &PlanPackage<'a>, word: &str) -> bool {
        choice
            .package
            .metadata
            .text(Key::Properties)
            .split_whitespace()
            .any(|known| known == word)
    }
}
