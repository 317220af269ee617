//! Lists of packages in options and repos.conf (`portage: actions.py:binpkg_selection_config`,
//! `repository/config.py:RepoConfig`, `depgraph.py:_frozen_depgraph_config`).

use anyhow::{Result, bail};

use crate::check::PackageLists;
use crate::cli::{ListArgs, YesNo};
use crate::local::repositories::Repository;
use crate::pms::{Dep, Syntax};
use crate::source::{Notices, Source};

/// Read the options, and what repositories have on binary packages, held against each other.
///
/// # Errors
/// An option holds anything but names and slot atoms. (In repos.conf that is a notice.)
pub(super) fn read(
    args: &ListArgs,
    repositories: &[Repository],
    notices: &Notices,
) -> Result<PackageLists> {
    let mut lists = PackageLists {
        exclude_live: args.usepkg_exclude_live.is_some_and(YesNo::is_yes),
        exclude: selection("--exclude", &args.exclude)?,
        usepkg_exclude: selection("--usepkg-exclude", &args.usepkg_exclude)?,
        usepkg_include: selection("--usepkg-include", &args.usepkg_include)?,
        getbinpkg_exclude: selection("--getbinpkg-exclude", &args.getbinpkg_exclude)?,
        getbinpkg_include: selection("--getbinpkg-include", &args.getbinpkg_include)?,
        useoldpkg: selection("--useoldpkg-atoms", &args.useoldpkg_atoms)?,
        of_repositories: Vec::new(),
        own: Vec::new(),
    };
    drop_common(
        &mut lists.usepkg_exclude,
        &mut lists.usepkg_include,
        |atom| {
            notices.general(common("--usepkg-exclude", "--usepkg-include", atom));
        },
    );
    drop_common(
        &mut lists.getbinpkg_exclude,
        &mut lists.getbinpkg_include,
        |atom| {
            notices.general(common("--getbinpkg-exclude", "--getbinpkg-include", atom));
        },
    );
    if args.nobindeps {
        discard_usepkg(&mut lists, notices);
    } else {
        add_repositories(&mut lists, repositories, notices);
    }
    Ok(lists)
}

fn discard_usepkg(lists: &mut PackageLists, notices: &Notices) {
    let excluded = lists.usepkg_exclude.drain(..);
    for atom in excluded.chain(lists.usepkg_include.drain(..)) {
        notices.general(format!(
            "--nobindeps sets {atom} of --usepkg-exclude and -include aside"
        ));
    }
}

/// Atoms of repos.conf, unless the command line puts the same into the other list.
fn add_repositories(lists: &mut PackageLists, repositories: &[Repository], notices: &Notices) {
    let (mut excluded, mut included) = (Vec::new(), Vec::new());
    for repository in repositories {
        let (mut exclude, mut include) = of_repository(repository, notices);
        exclude.retain(|atom| !lists.usepkg_include.contains(atom));
        include.retain(|atom| !lists.usepkg_exclude.contains(atom));
        let own = |atom: Dep| {
            let text = format!("{atom}::{}", repository.name);
            Dep::parse(&text, SELECTION_OF_REPOSITORY).ok()
        };
        let words = repository.usepkg_exclude.iter();
        let known =
            words.filter_map(|(word, source)| Some((Dep::selection(word)?, source.clone())));
        let known = known.filter(|(atom, _)| exclude.contains(atom));
        let known = known.filter_map(|(atom, source)| Some((own(atom)?, source)));
        lists.of_repositories.extend(known);
        excluded.extend(exclude.into_iter().filter_map(own));
        included.extend(include.into_iter().filter_map(own));
    }
    lists.usepkg_exclude.append(&mut excluded);
    lists.usepkg_include.append(&mut included);
}

const SELECTION_OF_REPOSITORY: Syntax = Syntax {
    repository: true,
    ..Syntax::SELECTION
};

/// The atoms of a list option: names and slot atoms, wildcards allowed.
///
/// # Errors
/// Any other word.
pub(in crate::command) fn selection(name: &str, values: &[String]) -> Result<Vec<Dep>> {
    let mut atoms = Vec::new();
    for word in values.iter().flat_map(|value| value.split_whitespace()) {
        match Dep::selection(word) {
            Some(atom) if atoms.contains(&atom) => {}
            Some(atom) => atoms.push(atom),
            None => bail!(
                "{name} takes package names and slot atoms only (wildcards allowed), not \"{word}\""
            ),
        }
    }
    Ok(atoms)
}

fn of_repository(repository: &Repository, notices: &Notices) -> (Vec<Dep>, Vec<Dep>) {
    let read = |key: &str, words: &[(String, Source)]| -> Vec<Dep> {
        let atom = |(word, source): &(String, Source)| {
            let atom = Dep::selection(word);
            if atom.is_none() {
                let text = format!("{key}: \"{word}\" is not a package name or slot atom; skipped");
                notices.at(source, text);
            }
            atom
        };
        words.iter().filter_map(atom).collect()
    };
    let mut exclude = read("usepkg-exclude", &repository.usepkg_exclude);
    let mut include = read("usepkg-include", &repository.usepkg_include);
    drop_common(&mut exclude, &mut include, |atom| {
        let place = format!("[{}] of repos.conf", repository.name);
        notices.general(format!(
            "{place}: {}",
            common("usepkg-exclude", "usepkg-include", atom)
        ));
    });
    (exclude, include)
}

/// Remove what stands in both lists.
fn drop_common(one: &mut Vec<Dep>, other: &mut Vec<Dep>, report: impl Fn(&Dep)) {
    let both: Vec<Dep> = one
        .iter()
        .filter(|atom| other.contains(atom))
        .cloned()
        .collect();
    both.iter().for_each(report);
    one.retain(|atom| !both.contains(atom));
    other.retain(|atom| !both.contains(atom));
}

fn common(one: &str, other: &str, atom: &Dep) -> String {
    format!("{atom} is in both {one} and {other}; removed from both")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::local::repositories::ProfileFormats;
    use crate::pms::Eapi;

    fn texts(atoms: &[Dep]) -> String {
        let texts: Vec<&str> = atoms.iter().map(Dep::as_str).collect();
        texts.join(" ")
    }

    fn words(text: &str) -> Vec<(String, Source)> {
        text.split_whitespace()
            .map(|word| (word.to_owned(), Source::BuiltIn))
            .collect()
    }

    fn repository(name: &str, exclude: &str, include: &str) -> Repository {
        Repository {
            name: name.into(),
            location: "/".into(),
            configured: "/".into(),
            priority: 0,
            masters: Vec::new(),
            formats: ProfileFormats::default(),
            profiles_eapi: Eapi::ZERO,
            default_profile_eapi: Eapi::ZERO,
            usepkg_exclude: words(exclude),
            usepkg_include: words(include),
        }
    }

    fn args(exclude: &str, include: &str, nobindeps: bool) -> ListArgs {
        ListArgs {
            usepkg_exclude: vec![exclude.to_owned()],
            usepkg_include: vec![include.to_owned()],
            nobindeps,
            ..ListArgs::default()
        }
    }

    #[test]
    fn words_of_lists() {
        for (word, atom) in [
            ("foo", Some("*/foo")),
            ("foo:2", Some("*/foo:2")),
            ("z*", Some("*/z*")),
            ("a/b", Some("a/b")),
            ("a/*:0", Some("a/*:0")),
            ("*/*", Some("*/*")),
            (">=a/b-1", None),
            ("=a/b-1", None),
            ("a/b::gentoo", None),
            ("foo::gentoo", None),
            ("a/b[x]", None),
            ("!a/b", None),
            ("a/b/c", None),
        ] {
            assert_eq!(
                Dep::selection(word).as_ref().map(Dep::as_str),
                atom,
                "{word}"
            );
        }
    }

    #[test]
    fn lists_are_held_against_each_other() {
        let repositories = [
            repository("one", "x/y foo both", "a/b both"),
            repository("two", "=bad/atom-1", "c/d"),
        ];
        for (typed, exclude, include) in [
            (
                args("", "", false),
                "x/y::one */foo::one",
                "a/b::one c/d::two",
            ),
            (
                args("m/n m/n a/b", "x/y", false),
                "m/n a/b */foo::one",
                "x/y c/d::two",
            ),
            (
                args("m/n k/l", "m/n", false),
                "k/l x/y::one */foo::one",
                "a/b::one c/d::two",
            ),
            (args("m/n", "k/l", true), "", ""),
        ] {
            let lists = read(&typed, &repositories, &Notices::default()).unwrap();
            assert_eq!(texts(&lists.usepkg_exclude), exclude, "{typed:?}");
            assert_eq!(texts(&lists.usepkg_include), include, "{typed:?}");
            let known = lists.of_repositories.iter().map(|(atom, _)| atom);
            let added = lists.usepkg_exclude.iter();
            assert!(known.eq(added.filter(|atom| atom.repository().is_some())));
        }
    }

    #[test]
    fn live_packages_are_excluded_on_request() {
        for (given, excluded) in [
            (None, false),
            (Some(YesNo::No), false),
            (Some(YesNo::Yes), true),
        ] {
            let args = ListArgs {
                usepkg_exclude_live: given,
                ..ListArgs::default()
            };
            let lists = read(&args, &[], &Notices::default()).unwrap();
            assert_eq!(lists.exclude_live, excluded, "{given:?}");
        }
    }

    #[test]
    fn a_bad_word_names_its_option() {
        let args = ListArgs {
            exclude: vec!["a/b >=c/d-1".to_owned()],
            ..ListArgs::default()
        };
        let error = read(&args, &[], &Notices::default())
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("--exclude takes") && error.contains(">=c/d-1"),
            "{error}"
        );
    }
}
