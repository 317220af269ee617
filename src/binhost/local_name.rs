//! Where a local binary package has to lie, by what is in it
//! (`portage: bintree.py:binarytree._populate_local`).

use std::collections::HashMap;

use anyhow::{Result, bail, ensure};

use super::number::integer;
use crate::pms::Cpv;

/// `CATEGORY/PF` of a package, if the path (below PKGDIR) is right for it: `CATEGORY/PN/PF-BUILDID.xpak`
/// or `.gpkg.tar`; `CATEGORY/PF.tbz2` or `.gpkg.tar`, also in `All`.
///
/// # Errors
/// A missing key, or a path that is not.
pub(super) fn cpv(values: &HashMap<String, String>, path: &str) -> Result<String> {
    for key in ["CATEGORY", "PF", "SLOT"] {
        let empty = values.get(key).is_none_or(String::is_empty);
        ensure!(!empty, "it has no {key}");
    }
    let (category, pf) = (&values["CATEGORY"], &values["PF"]);
    let text = format!("{category}/{pf}");
    let Some(cpv) = Cpv::parse(&text) else {
        bail!("{text:?} is not a name of a package");
    };
    let build_id = values.get("BUILD_ID").map_or("", String::as_str);
    ensure!(
        build_id.is_empty() || integer(build_id).is_some(),
        "its BUILD_ID {build_id:?} is not a number"
    );
    let (directory, file) = path.rsplit_once('/').unwrap_or(("", path));
    let fits = match kind(file, pf) {
        Some(NameParts::Instance) => directory == cpv.cpn.as_str(),
        Some(NameParts::Single) => directory == category || directory == "All",
        None => bail!("its name does not fit {text}"),
    };
    ensure!(fits, "it does not lie where {text} should");
    Ok(text)
}

/// Whether a file is named as one of some version of a package is, with or without a build id.
pub(super) fn is_of(file: &str, package: &str) -> bool {
    let endings = [".tbz2", ".xpak", ".gpkg.tar"];
    let Some(stem) = endings.iter().find_map(|ending| file.strip_suffix(ending)) else {
        return false;
    };
    let fits = |pf: &str| {
        let cpv = Cpv::parse(&format!("none/{pf}"));
        cpv.is_some_and(|cpv| cpv.cpn.package() == package)
    };
    let without_id = stem.rsplit_once('-').map(|(pf, _)| pf);
    fits(stem) || without_id.is_some_and(fits)
}

/// The two ways to name a file.
enum NameParts {
    /// With a build id.
    Instance,
    /// Without.
    Single,
}

fn kind(file: &str, pf: &str) -> Option<NameParts> {
    match file.strip_prefix(pf)? {
        ".tbz2" | ".gpkg.tar" => Some(NameParts::Single),
        rest => {
            let number = rest.strip_prefix('-')?;
            let number = number
                .strip_suffix(".xpak")
                .or_else(|| number.strip_suffix(".gpkg.tar"))?;
            let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
            let is_plain = is_number && !number.is_empty() && !number.starts_with('0');
            is_plain.then_some(NameParts::Instance)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_a_name() {
        for (file, is_of_it) in [
            ("foo-1.tbz2", true),
            ("foo-1-r2-3.gpkg.tar", true),
            ("foo-1-3.xpak", true),
            ("foo-bar-1-3.gpkg.tar", false),
            ("foo.tbz2", false),
            ("foo-1-3.gpkg.tar.partial", false),
        ] {
            assert_eq!(is_of(file, "foo"), is_of_it, "{file}");
        }
    }

    fn name(pf: &str, path: &str) -> Option<String> {
        let values = [("CATEGORY", "cat"), ("PF", pf), ("SLOT", "0")];
        let values = values.map(|(key, value)| (key.to_owned(), value.to_owned()));
        cpv(&values.into(), path).ok()
    }

    #[test]
    fn paths_that_fit() {
        for path in [
            "cat/foo/foo-1-r1-2.xpak",
            "cat/foo/foo-1-r1-12.gpkg.tar",
            "cat/foo-1-r1.tbz2",
            "All/foo-1-r1.tbz2",
            "cat/foo-1-r1.gpkg.tar",
            "All/foo-1-r1.gpkg.tar",
        ] {
            assert_eq!(
                name("foo-1-r1", path).as_deref(),
                Some("cat/foo-1-r1"),
                "{path}"
            );
        }
    }

    #[test]
    fn paths_that_do_not() {
        for path in [
            "cat/foo-1-r1-2.xpak",
            "All/foo-1-r1-2.xpak",
            "cat/foo/foo-1-r1.tbz2",
            "cat/foo-1-r1.xpak",
            "cat/foo/foo-1-r1-0.xpak",
            "cat/foo/foo-1-r1-02.xpak",
            "cat/foo/foo-1-r1-x.xpak",
            "foo-1-r1.tbz2",
            "dog/foo-1-r1.tbz2",
            "cat/foo-1.tbz2",
            "cat/foo/foo-1-r1-2.tbz2",
            "cat/foo/foo-1-r1-.xpak",
        ] {
            assert_eq!(name("foo-1-r1", path), None, "{path}");
        }
        assert_eq!(name("foo", "cat/foo.tbz2"), None);
        assert_eq!(name("", "cat/.tbz2"), None);
    }
}
