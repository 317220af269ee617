//! The packages of the store as a plan sees them: an installed one with the dependencies that its ebuild has now,
//! and a target once more where only its dependencies are wanted.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use foldhash::{HashMap, HashSet};

use crate::binhost::HostId;
use crate::check::{Code, Facts, Policy, Record};
use crate::local::Local;
use crate::packages::{PackageId, Packages};
use crate::plan::effort::Effort;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::dynamic_deps::{self, InstalledDeps};
use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::plan::packages::root::{ByRoot, Root};
use crate::pms::{Cpn, Key, Kind, Package};

/// Packages of one name, each kind highest first.
#[derive(Debug, Default)]
pub(in crate::plan) struct PackageVersions<'a> {
    ebuilds: Vec<Rc<PlanPackage<'a>>>,
    binaries: Vec<Rc<PlanPackage<'a>>>,
    installed: Vec<Rc<PlanPackage<'a>>>,
    /// Some ebuild could not be read.
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

/// What virtuals may come to, by their name; `None` where that is too much to look at.
pub(super) type VirtualClosures = HashMap<Cpn, Option<Rc<[Cpn]>>>;

/// Where packages come from.
pub(in crate::plan) struct PackageDb<'a> {
    /// Everything that may be merged or is installed in the root of the request.
    target: &'a Packages<'a>,
    /// The same of the running system, where packages go to another root.
    running: Option<&'a Packages<'a>>,
    /// Options about binary packages.
    pub policy: &'a Policy,
    /// What work is left for the plan.
    pub effort: Effort,
    /// Which dependencies installed packages have.
    installed_deps: InstalledDeps,
    by_name: RefCell<ByRoot<HashMap<String, Rc<PackageVersions<'a>>>>>,
    packages: RefCell<Vec<Rc<PlanPackage<'a>>>>,
    /// Words of FEATURES, once somebody asks.
    features: OnceCell<HashSet<String>>,
    /// Whether USE of a built package differs from a reference, by both and whose IUSE counts.
    use_differs: RefCell<HashMap<(Id, Id, bool), bool>>,
    /// What virtuals may come to, once somebody asks.
    pub(super) closures: RefCell<ByRoot<VirtualClosures>>,
    /// Names of built packages by shared library, once somebody asks.
    pub(super) providers: ByRoot<OnceCell<HashMap<String, BTreeSet<String>>>>,
}

impl<'a> PackageDb<'a> {
    /// Nothing is taken from the store yet.
    pub fn new(store: &'a Packages<'a>, installed_deps: InstalledDeps) -> PackageDb<'a> {
        PackageDb {
            target: store,
            running: store.running(),
            policy: store.policy(),
            effort: Effort::default(),
            installed_deps,
            by_name: RefCell::default(),
            packages: RefCell::default(),
            features: OnceCell::new(),
            use_differs: RefCell::default(),
            closures: RefCell::default(),
            providers: ByRoot::default(),
        }
    }

    /// Everything that may be merged or is installed in a root.
    pub fn store(&self, root: Root) -> &'a Packages<'a> {
        match root {
            Root::Target => self.target,
            Root::Running => self.running.unwrap_or(self.target),
        }
    }

    /// The machine as a root has it.
    pub fn local(&self, root: Root) -> &'a Local {
        self.store(root).local()
    }

    /// The root of the running system.
    pub fn running_root(&self) -> Root {
        if self.running.is_some() {
            Root::Running
        } else {
            Root::Target
        }
    }

    /// All roots, that of the request first.
    pub fn roots(&self) -> impl Iterator<Item = Root> + use<> {
        let running = self.running.map(|_| Root::Running);
        std::iter::once(Root::Target).chain(running)
    }

    /// A package by its place.
    pub fn get(&self, id: Id) -> Rc<PlanPackage<'a>> {
        Rc::clone(&self.packages.borrow()[id.0 as usize])
    }

    /// The same package, wanted for its dependencies alone; an installed one stays what it is.
    pub fn for_dependencies(&self, package: &PlanPackage<'a>) -> Id {
        if package.is_installed() || package.onlydeps {
            return package.id;
        }
        let known = self.packages.borrow().iter().find_map(|other| {
            let same =
                other.onlydeps && other.source == package.source && other.root() == package.root();
            same.then_some(other.id)
        });
        known.unwrap_or_else(|| {
            let record = Arc::clone(&package.record);
            self.add(PlanPackage::new(
                package.root(),
                package.source,
                true,
                record,
            ))
            .id
        })
    }

    /// All packages of a name in a root.
    pub fn versions(&self, root: Root, name: &str) -> Rc<PackageVersions<'a>> {
        if let Some(family) = self.by_name.borrow()[root].get(name) {
            return Rc::clone(family);
        }
        let family = Rc::new(self.read(root, name));
        self.by_name.borrow_mut()[root].insert(name.to_owned(), Rc::clone(&family));
        family
    }

    /// All packages of the name of one, in its root.
    pub fn versions_of(&self, package: &PlanPackage<'_>) -> Rc<PackageVersions<'a>> {
        self.versions(package.root(), package.name())
    }

    fn read(&self, root: Root, name: &str) -> PackageVersions<'a> {
        let Some(cpn) = Cpn::parse(name) else {
            return PackageVersions::default();
        };
        let store = self.store(root);
        let all = store.all_ebuilds_of(&cpn).iter();
        let ebuilds = store.ebuilds_of(&cpn).into_iter();
        let ebuilds = ebuilds.map(|id| self.add_source(root, PackageId::Ebuild(id)));
        let ebuilds: Vec<Rc<PlanPackage<'a>>> = ebuilds.collect();
        let instances = store.instances_of(name).iter();
        let counting = instances.filter(|id| store.entry(**id).1.is_none());
        let binaries = counting.map(|id| self.add_source(root, PackageId::Binary(*id)));
        let installed = store.installed_of(name);
        let installed = installed
            .iter()
            .map(|id| self.add_installed(root, PackageId::Installed(*id), &ebuilds));
        PackageVersions {
            unreadable: all.len() > ebuilds.len(),
            binaries: binaries.collect(),
            installed: installed.collect(),
            ebuilds,
        }
    }

    fn add_source(&self, root: Root, source: PackageId) -> Rc<PlanPackage<'a>> {
        let record = self.store(root).record(source);
        self.add_record(root, source, record)
    }

    /// What is installed, with the dependencies of its ebuild where those count.
    fn add_installed(
        &self,
        root: Root,
        source: PackageId,
        ebuilds: &[Rc<PlanPackage<'a>>],
    ) -> Rc<PlanPackage<'a>> {
        let (store, local) = (self.store(root), self.local(root));
        let recorded = store.record(source);
        let which = self.installed_deps;
        let is_live = which != InstalledDeps::Recorded;
        let live = is_live.then(|| dynamic_deps::live_ebuild(recorded.package, ebuilds));
        let with_live = |live| dynamic_deps::with_live_deps(recorded.package, live, local, which);
        let Some(package) = live.flatten().and_then(with_live) else {
            return self.add_record(root, source, recorded);
        };
        let package = store.shelve(package);
        self.add_record(root, source, Arc::new(Record::new(local, package, "")))
    }

    fn add_record(
        &self,
        root: Root,
        source: PackageId,
        record: Arc<Record<'a>>,
    ) -> Rc<PlanPackage<'a>> {
        self.add(PlanPackage::new(root, source, false, record))
    }

    /// Add a package and give it its place.
    fn add(&self, package: PlanPackage<'a>) -> Rc<PlanPackage<'a>> {
        let mut packages = self.packages.borrow_mut();
        let package = Rc::new(PlanPackage {
            id: Id(u32::try_from(packages.len()).unwrap_or(u32::MAX)),
            ..package
        });
        packages.push(Rc::clone(&package));
        package
    }

    /// What the configuration makes of a package.
    pub fn facts<'c>(&self, package: &'c PlanPackage<'a>) -> &'c Facts<'a> {
        package.record.facts()
    }

    /// The rules that mask a package.
    pub fn mask_codes(&self, package: &PlanPackage<'a>) -> Vec<Code> {
        let masks = package.record.facts().masks().iter();
        masks.map(|mask| mask.code).collect()
    }

    /// Names with an ebuild that could not be read, among those that were met.
    pub fn unreadable(&self) -> Vec<String> {
        let by_name = self.by_name.borrow();
        let all = self.roots().flat_map(|root| by_name[root].iter());
        let unreadable = all.filter(|(_, family)| family.unreadable);
        let mut names: Vec<String> = unreadable.map(|(name, _)| name.clone()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Whether Portage may see the package (`_emerge/Package.py:Package.visible`).
    pub fn is_visible(&self, package: &PlanPackage<'a>) -> bool {
        package.record.facts().is_visible()
    }

    /// Whether anything masks the package, also what is forgiven to installed ones.
    pub fn is_masked(&self, package: &PlanPackage<'a>) -> bool {
        !package.record.facts().masks().is_empty()
    }

    /// Whether the metadata are invalid.
    pub fn is_invalid(&self, package: &PlanPackage<'a>) -> bool {
        let mut masks = package.record.facts().masks().iter();
        masks.any(|mask| mask.code == Code::Invalid)
    }

    /// The ebuild of the same version in the package's own repository.
    pub fn own_ebuild(&self, package: &PlanPackage<'a>) -> Option<Rc<PlanPackage<'a>>> {
        let family = self.versions_of(package);
        let same = |ebuild: &&Rc<PlanPackage<'a>>| {
            ebuild.package.cpv == package.package.cpv
                && package.package.repository.is_some()
                && ebuild.package.repository == package.package.repository
        };
        family.ebuilds.iter().find(same).cloned()
    }

    /// Ebuilds that are equal as versions, the repository of highest priority first.
    pub fn ebuilds_at(&self, package: &PlanPackage<'a>) -> Vec<Rc<PlanPackage<'a>>> {
        let family = self.versions_of(package);
        let version = &package.package.cpv.version;
        let equal =
            |ebuild: &&Rc<PlanPackage<'a>>| ebuild.package.cpv.version.cmp_version(version).is_eq();
        family.ebuilds.iter().filter(equal).cloned().collect()
    }

    /// Whether a visible ebuild of the same version exists
    /// (`portage: depgraph.py:depgraph._equiv_ebuild_visible`).
    pub fn has_visible_ebuild(&self, package: &PlanPackage<'a>) -> bool {
        self.store(package.root())
            .has_visible_ebuild(package.source)
    }

    /// Whether USE of a built package differs from that of a reference, both as they are configured; `compare`
    /// reads it if it is not known yet.
    pub fn use_differs(&self, key: (Id, Id, bool), compare: impl FnOnce() -> bool) -> bool {
        if let Some(known) = self.use_differs.borrow().get(&key) {
            return *known;
        }
        let differs = compare();
        self.use_differs.borrow_mut().insert(key, differs);
        differs
    }

    /// Whether the dependencies of a built package, as they were recorded, differ from its ebuild's.
    pub fn has_changed_deps(&self, package: &PlanPackage<'a>) -> bool {
        self.store(package.root()).has_changed_deps(package.source)
    }

    /// Packages of one kind that an atom matches, USE dependencies left aside, highest first.
    pub fn matching<'q>(
        &self,
        kind: Kind,
        atom: &'q Atom,
    ) -> impl Iterator<Item = Rc<PlanPackage<'a>>> + use<'a, 'q> {
        let (family, providers) = match &atom.soname {
            Some(soname) => (None, self.providers(atom.root, kind, soname)),
            None => (Some(self.versions(atom.root, atom.name())), Vec::new()),
        };
        let named = family.into_iter().flat_map(move |family| {
            let places = 0..family.of(kind).len();
            places.filter_map(move |place| {
                let package = &family.of(kind)[place];
                let fits = atom.dep.matches(&package.package.subject());
                fits.then(|| Rc::clone(package))
            })
        });
        named.chain(providers)
    }

    /// Whether an installed package is the very build that a binary package would install.
    pub fn is_installed_build(&self, package: &PlanPackage<'a>) -> bool {
        let family = self.versions_of(package);
        package.package.build_time != 0
            && family.installed.iter().any(|installed| {
                installed.package.cpv == package.package.cpv
                    && installed.package.build_time == package.package.build_time
            })
    }

    /// What is installed in the slot of a package.
    pub fn installed_in_slot(&self, package: &PlanPackage<'a>) -> Option<Rc<PlanPackage<'a>>> {
        let versions = self.versions_of(package);
        let mut installed = versions.of(Kind::Installed).iter();
        installed.find(|old| old.slot() == package.slot()).cloned()
    }

    /// Installed packages of a name in a root, if that name was met.
    pub fn known_installed(&self, root: Root, name: &str) -> Vec<Rc<PlanPackage<'a>>> {
        let by_name = self.by_name.borrow();
        by_name[root]
            .get(name)
            .map(|family| family.installed.clone())
            .unwrap_or_default()
    }

    /// An installed package as it was recorded when it was built.
    pub fn recorded(&self, package: &PlanPackage<'a>) -> Option<&'a Package> {
        match package.source {
            PackageId::Installed(_) => {
                let store = self.store(package.root());
                Some(store.record(package.source).package)
            }
            PackageId::Ebuild(_) | PackageId::Binary(_) => None,
        }
    }

    /// The host of a binary package, `None` for one in PKGDIR.
    pub fn host_of(&self, package: &PlanPackage<'a>) -> Option<HostId> {
        match package.source {
            PackageId::Binary(id) => self.store(package.root()).entry(id).0.host,
            PackageId::Ebuild(_) | PackageId::Installed(_) => None,
        }
    }

    /// Whether `package.provided` satisfies an atom; a blocker is never satisfied
    /// (`portage: dep_check.py:dep_wordreduce`).
    pub fn is_provided(&self, atom: &Atom) -> bool {
        !atom.is_blocker() && self.local(atom.root).provided.satisfies(&atom.dep)
    }

    /// Whether FEATURES has a word.
    pub fn has_feature(&self, word: &str) -> bool {
        let vars = &self.target.local().base.vars;
        let words = || vars.incremental("FEATURES").into_iter();
        let features = self
            .features
            .get_or_init(|| words().map(|token| token.word).collect());
        features.contains(word)
    }

    /// Whether PROPERTIES names a word.
    pub fn has_property(&self, package: &PlanPackage<'a>, word: &str) -> bool {
        package
            .package
            .metadata
            .text(Key::Properties)
            .split_whitespace()
            .any(|known| known == word)
    }
}
