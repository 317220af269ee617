//! Lists of package names in binrepos.conf: `getbinpkg-exclude` and `getbinpkg-include`
//! (`portage: repository/config.py:_find_bad_atoms`, `_sets/base.py:WildcardPackageSet`).

use crate::pms::{Dep, Syntax};
use crate::source::{Notices, Source};

/// Names and atoms with an optional slot, wildcards allowed.
const SYNTAX: Syntax = Syntax {
    repository: false,
    ..Syntax::USER
};

/// The atoms of a list, without repetitions. A bare name stands for that name in any category; words
/// with an operator, blocker, repository or USE dependency are notices.
pub(super) fn parse(text: &str, option: &str, source: &Source, notices: &Notices) -> Vec<Dep> {
    let mut atoms = Vec::new();
    for word in text.split_whitespace() {
        match atom(word) {
            Some(atom) if atoms.contains(&atom) => {}
            Some(atom) => atoms.push(atom),
            None => notices.at(
                source,
                format!("{option} takes package names and atoms with a slot; {word:?} is skipped"),
            ),
        }
    }
    atoms
}

fn atom(word: &str) -> Option<Dep> {
    let name = word.split(':').next().unwrap_or(word);
    if name.contains('/') {
        return plain(word);
    }
    // A wildcard category would let `foo-1` pass as a name.
    plain(&format!("category/{word}"))?;
    plain(&format!("*/{word}"))
}

/// An atom of name and slot only.
fn plain(text: &str) -> Option<Dep> {
    let is_plain = |atom: &Dep| {
        atom.operator().is_none() && atom.blocker().is_none() && atom.use_deps().next().is_none()
    };
    Dep::parse(text, SYNTAX).ok().filter(is_plain)
}

/// Take atoms that are in both lists out of both; what was removed.
pub(super) fn cancel(exclude: &mut Vec<Dep>, include: &mut Vec<Dep>) -> Vec<Dep> {
    let both: Vec<Dep> = exclude
        .iter()
        .filter(|atom| include.contains(atom))
        .cloned()
        .collect();
    exclude.retain(|atom| !both.contains(atom));
    include.retain(|atom| !both.contains(atom));
    both
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> (String, usize) {
        let notices = Notices::default();
        let atoms = parse(text, "getbinpkg-exclude", &Source::BuiltIn, &notices);
        let atoms: Vec<&str> = atoms.iter().map(Dep::as_str).collect();
        (atoms.join(" "), notices.sorted().len())
    }

    #[test]
    fn words() {
        let table = [
            ("foo */foo cat/foo cat/* */*", "*/foo cat/foo cat/* */*"),
            ("foo:2 cat/foo:2/3 foo*", "*/foo:2 cat/foo:2/3 */foo*"),
            ("* foo:*", "*/* */foo:*"),
            (" a/b\n\ta/c ", "a/b a/c"),
            ("", ""),
        ];
        for (text, atoms) in table {
            assert_eq!(parsed(text), (atoms.to_owned(), 0), "{text}");
        }
    }

    #[test]
    fn bad_words_are_notices() {
        for word in [
            "=cat/foo-1",
            "!cat/foo",
            "foo[x]",
            "cat/foo[x]",
            "cat/foo::g",
            "foo::g",
            "foo-1",
            "=foo-1",
            "@world",
            "a/b/c",
            "-foo",
            "foo:",
            ":0",
        ] {
            assert_eq!(
                parsed(&format!("a/b {word}")),
                ("a/b".to_owned(), 1),
                "{word}"
            );
        }
    }

    #[test]
    fn atoms_in_both_lists_are_in_neither() {
        let notices = Notices::default();
        let read = |text| parse(text, "x", &Source::BuiltIn, &notices);
        let (mut exclude, mut include) = (read("foo a/b a/c"), read("*/foo a/c:0 a/b"));
        assert_eq!(cancel(&mut exclude, &mut include), read("foo a/b"));
        assert_eq!((exclude, include), (read("a/c"), read("a/c:0")));
    }
}
