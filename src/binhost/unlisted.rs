//! Files in PKGDIR that its index does not name. With FEATURES `pkgdir-index-trusted` Portage believes the index alone
//! (`portage: bintree.py:binarytree._populate_local`), so that what was put there by hand does not exist for it.

use std::collections::HashSet;
use std::path::Path;

use super::local_name;
use super::package_file::Format;
use crate::local::Base;
use crate::pms::Cpn;

/// How many of one name are named.
const MOST: usize = 5;

/// Package files of this name below PKGDIR that are not among the paths that the index names; none where Portage looks
/// for files itself.
pub fn unlisted(base: &Base, name: &Cpn, indexed: &HashSet<&str>) -> Vec<String> {
    let pkgdir = base.vars.get("PKGDIR").filter(|path| !path.is_empty());
    let Some(pkgdir) = pkgdir.filter(|_| base.vars.has("FEATURES", "pkgdir-index-trusted")) else {
        return Vec::new();
    };
    let category = name.category();
    let mut found = Vec::new();
    for directory in [name.as_str(), category] {
        let files = base.chroot.list(&Path::new(pkgdir).join(directory));
        let is_package =
            |file: &String| Format::of(file).is_some() && local_name::is_of(file, name.package());
        for file in files.unwrap_or_default().into_iter().filter(is_package) {
            let path = format!("{directory}/{file}");
            if !indexed.contains(path.as_str()) && found.len() < MOST {
                found.push(path);
            }
        }
    }
    found
}
