//! Files with one entry per line: the world file, world_sets, user sets and `package.*` files taken
//! as sets (`portage: env/loaders.py:ItemFileLoader`). Only the first word of a line counts.

use std::path::Path;
use std::sync::Arc;

use super::super::{Base, files};
use super::{Contents, Member};
use crate::chroot::FileKind;
use crate::pms::{Dep, Syntax};
use crate::source::{Notices, Source};

/// What a file may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AllowedItems {
    /// The world file: atoms.
    Atoms,
    /// `world_sets`: `@set`.
    Sets,
    /// A user set: both.
    Both,
    /// A `package.*` file: atoms without repository.
    AtomsWithoutRepository,
}

/// Entries of a file, or of all files of a directory. A file that is missing is empty.
///
/// # Errors
/// A file that is there cannot be read. Portage complains of it and goes on as if it were empty, which
/// is not an answer about what the user selected.
pub(super) fn read(
    base: &Base,
    path: &Path,
    allowed: AllowedItems,
    notices: &Notices,
) -> anyhow::Result<Contents> {
    let mut contents = Contents::default();
    let paths = match files::kind(&base.chroot, path)? {
        None => Vec::new(),
        Some(FileKind::Dir) => files::expand(&base.chroot, path, notices)?,
        Some(_) => vec![path.to_owned()],
    };
    for path in paths {
        let text = files::read_text(&base.chroot, &path)?.unwrap_or_default();
        parse(&text, &path, allowed, &mut contents, notices);
    }
    Ok(contents)
}

fn parse(
    text: &str,
    path: &Path,
    allowed: AllowedItems,
    contents: &mut Contents,
    notices: &Notices,
) {
    let path: Arc<Path> = path.into();
    for (number, line) in (1..).zip(text.split('\n')) {
        let Some(word) = line.split_whitespace().next() else {
            continue;
        };
        if word.starts_with('#') {
            continue;
        }
        let source = Source::Line(Arc::clone(&path), number);
        match entry(word, allowed) {
            Ok(SetLine::Atom(atom)) => contents.atoms.push(Member { atom, source }),
            Ok(SetLine::Set(name)) => contents.sets.push((name.to_owned(), source)),
            Err(reason) => notices.at(&source, format!("{reason}, skipped")),
        }
    }
}

enum SetLine<'a> {
    Atom(Dep),
    Set(&'a str),
}

fn entry(word: &str, allowed: AllowedItems) -> Result<SetLine<'_>, String> {
    let wants_sets = matches!(allowed, AllowedItems::Sets | AllowedItems::Both);
    match word.strip_prefix('@') {
        Some(set) if wants_sets => return Ok(SetLine::Set(set)),
        None if allowed == AllowedItems::Sets => {
            return Err(format!(
                "\"{word}\" is not a set; write it with a leading @"
            ));
        }
        Some(_) => {
            return Err(format!("\"{word}\" is a set; sets belong in world_sets"));
        }
        None => {}
    }
    let repository = allowed != AllowedItems::AtomsWithoutRepository;
    atom(word, repository).map(SetLine::Atom)
}

/// An atom as sets may hold it: with category, no blocker, no wildcard, no build-id.
pub(super) fn atom(word: &str, repository: bool) -> Result<Dep, String> {
    let syntax = Syntax {
        eapi: None,
        repository,
        wildcard: false,
        build_id: false,
    };
    let reason = match Dep::parse(word, syntax) {
        Ok(atom) if atom.blocker().is_none() => return Ok(atom),
        Ok(_) => "blockers are not allowed here".to_owned(),
        Err(error) => error.reason,
    };
    Err(format!("\"{word}\" is not an atom for a set: {reason}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WORLD: &str = "# c\na/b\n  c/d  extra\n>=e/f-1\ng/h:2\ni/j::gentoo\n!k/l\nm/n[use]\n\
        bad atom\nfoo\n=o/p-1*\n@set\n*/*\na/b";

    fn words(text: &str, allowed: AllowedItems) -> (String, String, String) {
        let mut contents = Contents::default();
        let notices = Notices::default();
        parse(text, Path::new("/w"), allowed, &mut contents, &notices);
        let atoms: Vec<&str> = contents
            .atoms
            .iter()
            .map(|member| member.atom.as_str())
            .collect();
        let sets: Vec<&str> = contents
            .sets
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        let notices = notices.sorted();
        let lines = notices
            .iter()
            .filter_map(|notice| notice.source.as_ref()?.line());
        let lines: Vec<String> = lines.map(|line| line.to_string()).collect();
        (atoms.join(" "), sets.join(" "), lines.join(" "))
    }

    fn triple(atoms: &str, sets: &str, lines: &str) -> (String, String, String) {
        (atoms.to_owned(), sets.to_owned(), lines.to_owned())
    }

    #[test]
    fn world_holds_atoms() {
        assert_eq!(
            words(WORLD, AllowedItems::Atoms),
            triple(
                "a/b c/d >=e/f-1 g/h:2 i/j::gentoo m/n[use] =o/p-1* a/b",
                "",
                "7 9 10 12 13"
            )
        );
    }

    #[test]
    fn world_sets_holds_sets() {
        assert_eq!(
            words("@s1\ns2\n# x\n@s3 y\n", AllowedItems::Sets),
            triple("", "s1 s3", "2")
        );
    }

    #[test]
    fn user_sets_hold_both() {
        assert_eq!(
            words(
                "a/b\n@other\nfoo\n=c/d-1\n!x/y\n*/z\n-a/b\n",
                AllowedItems::Both
            ),
            triple("a/b =c/d-1", "other", "3 5 6 7")
        );
    }

    #[test]
    fn no_build_ids_in_sets() {
        assert_eq!(
            words("=a/b-1-3\n", AllowedItems::Atoms),
            triple("", "", "1")
        );
    }

    #[test]
    fn package_files_name_no_repository() {
        assert_eq!(
            words(
                "a/b x y\nc/d::r ~amd64\n",
                AllowedItems::AtomsWithoutRepository
            ),
            triple("a/b", "", "2")
        );
    }

    proptest! {
        #[test]
        fn any_text_survives(text in "(?s).{0,200}") {
            for allowed in [AllowedItems::Atoms, AllowedItems::Sets, AllowedItems::Both] {
                words(&text, allowed);
            }
        }
    }
}
