//! The names that a virtual may lead to.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::plan::packages::package_db::PackageDb;
use crate::plan::packages::root::Root;
use crate::pms::{Cpn, DepSpec, Key, Kind};

/// A virtual that may lead to more names is not worth it.
const MAX_NAMES: usize = 64;

impl PackageDb<'_> {
    /// The names that a virtual may lead to, with its own; `None` where these are too many to look at.
    pub fn virtual_closure(&self, root: Root, name: &str) -> Option<Rc<[Cpn]>> {
        if let Some(known) = self.closures.borrow()[root].get(name) {
            return known.clone();
        }
        let name = Cpn::parse(name)?;
        let closure = closure(self, root, &name);
        self.closures.borrow_mut()[root].insert(name, closure.clone());
        closure
    }
}

/// All names in the runtime dependencies of all versions of a virtual, whatever USE is and whichever alternative is
/// taken, those of virtuals among them too.
fn closure(packages: &PackageDb<'_>, root: Root, name: &Cpn) -> Option<Rc<[Cpn]>> {
    let mut names = BTreeSet::from([name.clone()]);
    let mut open = vec![name.clone()];
    while let Some(name) = open.pop() {
        let versions = packages.versions(root, name.as_str());
        let kinds = [Kind::Ebuild, Kind::Binary, Kind::Installed];
        for package in kinds.into_iter().flat_map(|kind| versions.of(kind)) {
            let Ok(specs) = packages.facts(package).deps(Key::Rdepend) else {
                continue;
            };
            for dep in DepSpec::leaves(specs) {
                let Some(cpn) = Cpn::parse(dep.name()) else {
                    continue;
                };
                if names.len() > MAX_NAMES {
                    return None;
                }
                if names.insert(cpn.clone()) && cpn.category() == "virtual" {
                    open.push(cpn);
                }
            }
        }
    }
    Some(names.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::testing::database;

    #[test]
    fn all_alternatives_of_all_versions() {
        let packages = database(&[
            "ebuild virtual/v-1; RDEPEND=|| ( a/a >=b/b-1 )",
            "installed virtual/v-0; RDEPEND=x? ( virtual/w )",
            "ebuild virtual/w-1; RDEPEND=c/c virtual/v",
            "ebuild c/c-1; RDEPEND=d/d",
        ]);
        let names = |name: &str| {
            let closure = packages.virtual_closure(Root::Target, name)?;
            Some(
                closure
                    .iter()
                    .map(Cpn::to_string)
                    .collect::<Vec<_>>()
                    .join(" "),
            )
        };
        let all = "a/a b/b c/c virtual/v virtual/w";
        assert_eq!(names("virtual/v").as_deref(), Some(all));
        let many: Vec<String> = (0..=MAX_NAMES)
            .map(|number| format!("a/n{number}"))
            .collect();
        let line = format!("ebuild virtual/m-1; RDEPEND={}", many.join(" "));
        let packages = database(&[&line]);
        assert_eq!(packages.virtual_closure(Root::Target, "virtual/m"), None);
    }
}
