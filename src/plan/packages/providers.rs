//! Packages by the shared libraries that they have.

use std::collections::BTreeSet;
use std::rc::Rc;

use foldhash::HashMap;

use crate::plan::packages::package_db::PackageDb;
use crate::plan::packages::plan_package::PlanPackage;
use crate::plan::packages::root::Root;
use crate::pms::soname::sonames;
use crate::pms::{Key, Kind};

impl<'a> PackageDb<'a> {
    /// Packages of one kind that have a shared library, highest first.
    pub(super) fn providers(
        &self,
        root: Root,
        kind: Kind,
        soname: &str,
    ) -> Vec<Rc<PlanPackage<'a>>> {
        let providers = self.providers[root].get_or_init(|| self.read_providers(root));
        let names = providers.get(soname).into_iter().flatten();
        let families: Vec<_> = names.map(|name| self.versions(root, name)).collect();
        let all = families.iter().flat_map(|family| family.of(kind));
        let mut found: Vec<_> = all
            .filter(|choice| choice.has_soname(soname))
            .cloned()
            .collect();
        found.sort_by(|left, right| {
            let names = |choice: &PlanPackage<'a>| choice.package.cpv.cpn.clone();
            let by_name = names(right).cmp(&names(left));
            by_name.then_with(|| right.order(left))
        });
        found
    }

    /// Names of built packages by the shared libraries that they have.
    fn read_providers(&self, root: Root) -> HashMap<String, BTreeSet<String>> {
        let store = self.store(root);
        let binaries = store.instances().map(|id| store.entry(id));
        let binaries = binaries
            .filter(|(_, absent)| absent.is_none())
            .map(|(candidate, _)| &candidate.package);
        let installed = store.local().installed.packages().map(|package| &**package);
        let mut providers: HashMap<String, BTreeSet<String>> = HashMap::default();
        for package in binaries.chain(installed) {
            for soname in sonames(package.metadata.text(Key::Provides)) {
                let names = providers.entry(soname).or_default();
                names.insert(package.cpv.cpn.as_str().to_owned());
            }
        }
        providers
    }
}
