//! Packages by name: what binhosts offer, what is installed, and what repositories have.

use std::collections::{BTreeMap, BTreeSet};

use super::Completion;
use super::system::SystemAtHand;
use crate::local::Trees;
use crate::local::installed::Installed;
use crate::local::sets::Sets;
use crate::local::trees::{Ebuild, Ebuilds};
use crate::pms::{Cpn, Cpv};

/// Where packages are looked for.
pub(super) struct OfferedPackages<'s> {
    system: &'s SystemAtHand,
    installed: Installed,
    /// `None` where repositories cannot be read.
    trees: Option<Trees>,
    only_installed: bool,
}

/// Of how many names ebuilds are read for one answer.
const MOST_READ: usize = 50;

/// Where a package was found.
#[derive(Default)]
struct FoundPackages {
    is_installed: bool,
    has_ebuild: bool,
    hosts: BTreeSet<String>,
}

impl FoundPackages {
    fn describe(&self) -> String {
        let mut parts = Vec::new();
        if !self.hosts.is_empty() {
            let hosts: Vec<&str> = self.hosts.iter().map(String::as_str).collect();
            parts.push(format!("binary ({})", hosts.join(", ")));
        }
        if self.has_ebuild && self.hosts.is_empty() {
            parts.push("ebuild".to_owned());
        }
        if self.is_installed {
            parts.push("installed".to_owned());
        }
        parts.join(", ")
    }
}

impl<'s> OfferedPackages<'s> {
    pub(super) fn of(system: &'s SystemAtHand, only_installed: bool) -> OfferedPackages<'s> {
        let (base, notices) = (&system.base, &system.notices);
        OfferedPackages {
            installed: Installed::load(base, notices).unwrap_or_default(),
            trees: Trees::open(base).ok(),
            system,
            only_installed,
        }
    }

    /// Sets, names and atoms that begin so.
    pub(super) fn targets(&self, start: &str) -> Vec<Completion> {
        if let Some(name) = start.strip_prefix('@') {
            return self.sets(name);
        }
        let mut found = if start.is_empty() {
            self.sets("")
        } else {
            Vec::new()
        };
        found.extend(if start.is_empty() {
            self.categories()
        } else {
            self.names(start)
        });
        found
    }

    /// All categories; where nothing is typed, they stand for their packages.
    fn categories(&self) -> Vec<Completion> {
        let installed = self.installed.names().map(Cpn::category);
        let trees = self.trees.iter().filter(|_| !self.only_installed);
        let all = installed.chain(trees.flat_map(Trees::categories));
        let all: BTreeSet<&str> = all.collect();
        all.into_iter().map(category).collect()
    }

    fn sets(&self, start: &str) -> Vec<Completion> {
        let sets = Sets::names_of(&self.system.base, &self.system.notices);
        let mut names: BTreeSet<String> = sets.into_iter().flatten().collect();
        names.extend(["world", "system"].map(str::to_owned));
        let names = names.into_iter().filter(|name| name.starts_with(start));
        names
            .map(|name| Completion::new(format!("@{name}"), "set"))
            .collect()
    }

    /// Names and atoms that begin so.
    pub(super) fn names(&self, start: &str) -> Vec<Completion> {
        let rest = start.trim_start_matches(['<', '>', '=', '~', '!']);
        let (operator, name) = start.split_at(start.len() - rest.len());
        let found = if let Some((name, repository)) = name.split_once("::") {
            self.repositories(name, repository)
        } else if let Some((name, slot)) = name.split_once(':') {
            self.slots(name, slot)
        } else if operator.is_empty() || !name.contains('/') {
            self.plain_names(name)
        } else {
            self.versions(name)
        };
        let whole = |one: Completion| Completion::new(format!("{operator}{}", one.word), one.help);
        found.into_iter().map(whole).collect()
    }

    /// Package names: within the category where one is typed, else also categories.
    fn plain_names(&self, start: &str) -> Vec<Completion> {
        let mut found: BTreeMap<String, FoundPackages> = BTreeMap::new();
        let mut categories = BTreeSet::new();
        let is_whole = start.contains('/');
        self.each(start, |cpn, mark| {
            let key = if is_whole {
                cpn.as_str()
            } else {
                if cpn.category().starts_with(start) {
                    categories.insert(cpn.category().to_owned());
                }
                cpn.package()
            };
            if !key.starts_with(start) || start.is_empty() {
                return;
            }
            match found.get_mut(key) {
                Some(known) => mark(known),
                None => mark(found.entry(key.to_owned()).or_default()),
            }
        });
        let categories = categories.iter().map(|name| category(name));
        let names = found.into_iter().map(|(name, found)| {
            let help = found.describe();
            Completion::new(name, help)
        });
        categories.chain(names).collect()
    }

    /// Call something with each name that could begin so, and with how its place is marked.
    fn each(&self, start: &str, mut then: impl FnMut(&Cpn, &dyn Fn(&mut FoundPackages))) {
        let installed = self.installed.names();
        installed.for_each(|cpn| then(cpn, &|found| found.is_installed = true));
        if self.only_installed {
            return;
        }
        // Reading indexes and listing directories take about as long.
        std::thread::scope(|scope| {
            let indexes = scope.spawn(|| self.offered(start));
            for cpn in self.ebuild_names(start) {
                then(&cpn, &|found| found.has_ebuild = true);
            }
            for (host, names) in indexes.join().unwrap_or_default() {
                for cpn in names {
                    then(&cpn, &|found| {
                        found.hosts.insert(host.to_owned());
                    });
                }
            }
        });
    }

    /// Names in repositories, within the category where one is typed.
    fn ebuild_names(&self, start: &str) -> BTreeSet<Cpn> {
        match (&self.trees, start.split_once('/')) {
            (None, _) => BTreeSet::new(),
            (Some(trees), Some((category, _))) => trees.names_in(category),
            (Some(trees), None) => trees.names(),
        }
    }

    /// Names that hosts have and that begin so, or with their category.
    fn offered(&self, start: &str) -> Vec<(&str, Vec<Cpn>)> {
        let mut last: Option<Cpn> = None;
        self.system.indexed(|cpv| {
            let (category, name) = cpv.split_once('/')?;
            // Of many in one category the first is enough, if it is what is looked for.
            let is_named = start.contains('/') || name.starts_with(start);
            let is_new = last.as_ref().is_none_or(|last| last.category() != category);
            let cpn = (is_named || is_new)
                .then(|| fitting(cpv, start))
                .flatten()?
                .cpn;
            last = Some(cpn.clone());
            Some(cpn)
        })
    }

    /// Versions behind an operator, wherever they are.
    fn versions(&self, start: &str) -> Vec<Completion> {
        let mut found: BTreeMap<String, FoundPackages> = BTreeMap::new();
        let mut add = |cpv: &Cpv, mark: &dyn Fn(&mut FoundPackages)| {
            let text = cpv.to_string();
            if text.starts_with(start) {
                mark(found.entry(text).or_default());
            }
        };
        for cpn in self.installed.names() {
            let versions = self.installed.versions(cpn.as_str()).iter();
            versions.for_each(|cpv| add(cpv, &|found| found.is_installed = true));
        }
        for cpn in self.names_of_versions(start) {
            for ebuild in self.ebuilds(&cpn).of(cpn.as_str()) {
                add(ebuild.cpv(), &|found| found.has_ebuild = true);
            }
        }
        if !self.only_installed {
            for (host, cpvs) in self.system.indexed(|cpv| fitting(cpv, start)) {
                for cpv in cpvs {
                    add(&cpv, &|found| {
                        found.hosts.insert(host.to_owned());
                    });
                }
            }
        }
        let found = found.into_iter();
        found
            .map(|(cpv, found)| Completion::new(cpv, found.describe()))
            .collect()
    }

    /// Names with ebuilds that an atom with a version may be about.
    fn names_of_versions(&self, start: &str) -> Vec<Cpn> {
        let category = start
            .split_once('/')
            .map_or(start, |(category, _)| category);
        let trees = self.trees.iter().filter(|_| !self.only_installed);
        let names = trees.flat_map(|trees| trees.names_in(category));
        let may_begin = |name: &str| name.starts_with(start) || start.starts_with(name);
        let mut names: Vec<Cpn> = names.filter(|cpn| may_begin(cpn.as_str())).collect();
        // Reading the ebuilds of a whole category would take too long.
        names.truncate(MOST_READ);
        names
    }

    fn ebuilds(&self, cpn: &Cpn) -> Ebuilds {
        let trees = self.trees.as_ref().filter(|_| !self.only_installed);
        trees.map_or_else(Ebuilds::default, |trees| {
            trees.load([cpn], &self.system.notices)
        })
    }

    /// Slots of one package, of its ebuilds and of what is installed.
    fn slots(&self, name: &str, start: &str) -> Vec<Completion> {
        let Some(cpn) = Cpn::parse(name) else {
            return Vec::new();
        };
        let ebuilds = self.ebuilds(&cpn);
        let ebuilds = ebuilds.of(name).iter().filter_map(Ebuild::package);
        let packages = ebuilds.chain(self.installed.of(name));
        let slots = packages.filter_map(|package| Some(package.slot.as_ref()?.slot()));
        let slots: BTreeSet<&str> = slots.filter(|slot| slot.starts_with(start)).collect();
        let candidate = |slot| Completion::new(format!("{name}:{slot}"), "slot");
        slots.into_iter().map(candidate).collect()
    }

    fn repositories(&self, name: &str, start: &str) -> Vec<Completion> {
        let all = self.system.base.repositories.list.iter();
        let all = all.filter(|repository| repository.name.starts_with(start));
        all.map(|repository| Completion::new(format!("{name}::{}", repository.name), "repository"))
            .collect()
    }
}

/// A package of an index, if its category or its name begins so.
fn fitting(cpv: &str, start: &str) -> Option<Cpv> {
    let name = || cpv.split_once('/').map_or("", |(_, name)| name);
    let fits = cpv.starts_with(start) || !start.contains('/') && name().starts_with(start);
    fits.then(|| Cpv::parse(cpv)).flatten()
}

fn category(name: &str) -> Completion {
    Completion::new(format!("{name}/"), "category")
}
