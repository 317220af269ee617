//! What a set holds, by its class.

use std::collections::BTreeSet;

use anyhow::bail;

use super::class::{Class, VariableFilter};
use super::items::{self, AllowedItems};
use super::{Definition, Member, profile};
use crate::local::installed::{Installed, owners};
use crate::local::{Base, files};
use crate::pms::{Cpv, Dep, DepSpec, Package, Syntax, wildcard};
use crate::source::{Notices, Source};

/// Direct contents of a set.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// Atoms.
    pub(super) atoms: Vec<Member>,
    /// Names of nested sets, without `@`, and where they are named.
    pub(super) sets: Vec<(String, Source)>,
}

impl Contents {
    fn of(atoms: Vec<Member>) -> Contents {
        let sets = Vec::new();
        Contents { atoms, sets }
    }

    fn with(mut self, other: Contents) -> Contents {
        self.atoms.extend(other.atoms);
        self.sets.extend(other.sets);
        self
    }
}

/// Read a set.
///
/// # Errors
/// A set that cannot be expanded, with its name, its class and where it is defined.
pub(super) fn read(
    base: &Base,
    installed: &Installed,
    name: &str,
    definition: &Definition,
    notices: &Notices,
) -> anyhow::Result<Contents> {
    let selected = |file: &str, allowed| {
        let path = base.roots.eroot.join("var/lib/portage").join(file);
        items::read(base, &path, allowed, notices)
    };
    let packages = || selected("world", AllowedItems::Atoms);
    let sets = || selected("world_sets", AllowedItems::Sets);
    let slots = |cpvs: Vec<&Cpv>| Contents::of(slot_members(installed, cpvs));
    let Definition { class, source, .. } = definition;
    Ok(match class {
        Class::Words(words, source) => from_words(words, source),
        Class::File { path, greedy } => {
            let contents = items::read(base, path, AllowedItems::Both, notices)?;
            if *greedy {
                with_slots(installed, contents)
            } else {
                contents
            }
        }
        Class::ConfigFile(path) => {
            items::read(base, path, AllowedItems::AtomsWithoutRepository, notices)?
        }
        Class::Selected => packages()?.with(sets()?),
        Class::SelectedPackages => packages()?,
        Class::SelectedSets => sets()?,
        Class::System => Contents::of(profile::system(base, notices)?),
        Class::Profile => Contents::of(profile::profile(base, notices)?),
        Class::Installed => slots(all(installed)),
        Class::Variable(filter) => slots(by_variable(installed, filter)),
        Class::Owner { files, exclude } => Contents::of(by_owner(base, installed, files, exclude)),
        Class::PreservedLibraries if has_preserved_libraries(base)? => bail!(
            "@{name}: bincheck does not look for users of preserved libraries; ask \
             `emerge --pretend @{name}` and name its packages instead"
        ),
        Class::PreservedLibraries | Class::Nothing => Contents::default(),
        Class::Unsupported(class) => bail!(
            "{source}: set \"{name}\" is of class {class}, which bincheck cannot expand; ask \
             `emerge --pretend @{name}` and name its packages instead"
        ),
        Class::Broken(reason) => bail!("{source}: set \"{name}\" {reason}"),
    })
}

/// Words of an option: atoms and sets; Portage passes over all others.
fn from_words(words: &str, source: &Source) -> Contents {
    let mut contents = Contents::default();
    for word in words.split_whitespace() {
        let source = source.clone();
        if let Some(set) = word.strip_prefix('@') {
            contents.sets.push((set.to_owned(), source));
        } else if let Ok(atom) = items::atom(word, false) {
            contents.atoms.push(Member { atom, source });
        }
    }
    contents
}

/// All installed slots of every atom, besides the atom itself.
fn with_slots(installed: &Installed, contents: Contents) -> Contents {
    let packages = |member: &Member| {
        let atom = &member.atom;
        let packages = installed.of(atom.name()).iter();
        packages
            .filter(|package| atom.matches(&package.subject()))
            .map(|package| &package.cpv)
            .collect::<Vec<_>>()
    };
    let cpvs: Vec<&Cpv> = contents.atoms.iter().flat_map(packages).collect();
    Contents::of(slot_members(installed, cpvs)).with(contents)
}

fn all(installed: &Installed) -> Vec<&Cpv> {
    let names = installed.names();
    names
        .flat_map(|cpn| installed.versions(cpn.as_str()))
        .collect()
}

fn slot_members<'a>(installed: &Installed, cpvs: impl IntoIterator<Item = &'a Cpv>) -> Vec<Member> {
    from_texts(installed, owners::slot_atoms(installed, cpvs))
}

fn from_texts(installed: &Installed, texts: BTreeSet<String>) -> Vec<Member> {
    let source = Source::File(installed.location().into());
    let atoms = texts
        .iter()
        .filter_map(|text| items::atom(text, false).ok());
    let member = |atom| Member {
        atom,
        source: source.clone(),
    };
    atoms.map(member).collect()
}

/// Installed packages with certain words in a recorded variable.
fn by_variable<'a>(installed: &'a Installed, filter: &VariableFilter) -> Vec<&'a Cpv> {
    let packages = installed.packages();
    let chosen = packages.filter(|package| {
        let name = package.cpv.cpn.as_str();
        !filter
            .excludes_output
            .iter()
            .any(|excluded| excluded == name)
            && holds(&words_of(installed, package, filter), filter)
    });
    chosen.map(|package| &package.cpv).collect()
}

fn holds(words: &[String], filter: &VariableFilter) -> bool {
    let any = |wanted: &[String]| wanted.iter().any(|word| words.contains(word));
    let needs_some = !filter.includes.is_empty() || filter.is_dependency();
    !any(&filter.excludes) && (!needs_some || any(&filter.includes))
}

/// Words of the variable; of a `*DEPEND`, the names of the packages in it.
fn words_of(installed: &Installed, package: &Package, filter: &VariableFilter) -> Vec<String> {
    let text = match filter.key() {
        Some(key) => package.metadata.text(key).to_owned(),
        None => installed.variable(&package.cpv, &filter.variable),
    };
    if !filter.is_dependency() {
        return text.split_whitespace().map(str::to_owned).collect();
    }
    let syntax = Syntax::dependency(package.eapi);
    let nodes = DepSpec::parse(&text, |word| Dep::parse(word, syntax)).unwrap_or_default();
    let names = DepSpec::leaves(&nodes)
        .into_iter()
        .map(|atom| atom.name().to_owned());
    names.collect()
}

/// Owners of files, but not the owners of others.
fn by_owner(
    base: &Base,
    installed: &Installed,
    files: &[String],
    exclude: &[String],
) -> Vec<Member> {
    let mut found = owner_atoms(base, installed, files);
    if !found.is_empty() {
        let excluded = owner_atoms(base, installed, exclude);
        found.retain(|atom| !excluded.contains(atom));
    }
    from_texts(installed, found)
}

/// Slot atoms of the owners of files below EROOT, in which `*` is a wildcard.
fn owner_atoms(base: &Base, installed: &Installed, patterns: &[String]) -> BTreeSet<String> {
    let mut owners = Vec::new();
    for pattern in patterns {
        let pattern = pattern.trim_start_matches('/');
        if pattern.contains('*') {
            let prefix = base.roots.eprefix.to_string_lossy();
            let pattern = format!("{prefix}/{pattern}");
            owners.extend(installed.owning(|path| glob(&pattern, path)));
        } else {
            owners.extend(installed.owners_of(base, &base.roots.eroot.join(pattern)));
        }
    }
    owners::slot_atoms(installed, owners)
}

/// Whether a path fits a pattern in which `*` stands for any text without `/`.
fn glob(pattern: &str, path: &str) -> bool {
    let (patterns, parts) = (pattern.split('/'), path.split('/'));
    patterns.clone().count() == parts.clone().count()
        && patterns
            .zip(parts)
            .all(|(pattern, part)| wildcard::matches(pattern, part))
}

/// Whether the registry of preserved libraries names any.
fn has_preserved_libraries(base: &Base) -> anyhow::Result<bool> {
    let path = base
        .roots
        .eroot
        .join("var/lib/portage/preserved_libs_registry");
    let text = files::read_text(&base.chroot, &path)?.unwrap_or_default();
    Ok(match serde_json::from_str::<serde_json::Value>(&text) {
        Ok(serde_json::Value::Object(registry)) => !registry.is_empty(),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs() {
        let table = [
            ("/lib/modules", "/lib/modules", true),
            ("/lib/modules", "/lib/modules/x", false),
            ("/usr/lib*/xorg/modules", "/usr/lib64/xorg/modules", true),
            ("/usr/lib*/xorg/modules", "/usr/lib/a/xorg/modules", false),
            ("/usr/src/linux*", "/usr/src/linux-6.1", true),
        ];
        for (pattern, path, fits) in table {
            assert_eq!(glob(pattern, path), fits, "{pattern} {path}");
        }
    }

    #[test]
    fn variables() {
        let filter = |variable: &str, includes: &str, excludes: &str| VariableFilter {
            variable: variable.to_owned(),
            includes: includes.split_whitespace().map(str::to_owned).collect(),
            excludes: excludes.split_whitespace().map(str::to_owned).collect(),
            excludes_output: Vec::new(),
        };
        let words = ["live".to_owned(), "x".to_owned()];
        let table = [
            (filter("PROPERTIES", "live", ""), true),
            (filter("PROPERTIES", "other", ""), false),
            (filter("PROPERTIES", "live", "x"), false),
            (filter("PROPERTIES", "", "x"), false),
            (filter("PROPERTIES", "", "y"), true),
            (filter("BDEPEND", "", "y"), false),
        ];
        for (filter, result) in table {
            assert_eq!(holds(&words, &filter), result, "{filter:?}");
        }
    }
}
