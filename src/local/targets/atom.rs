//! Words that are atoms, with or without category.

use anyhow::{anyhow, bail, ensure};

use super::{KnownNames, Member, member};
use crate::local::installed::Installed;
use crate::pms::{Dep, Syntax};

/// Categories whose packages give way to one of the same name in another category.
const YIELDING: [&str; 3] = ["acct-group", "acct-user", "virtual"];

/// What emerge takes; bincheck takes wildcards besides.
const PLAIN: Syntax = Syntax {
    wildcard: false,
    ..Syntax::USER
};

/// Read an atom. Without category it means the one package of that name.
pub(super) fn read(
    word: &str,
    known: &KnownNames,
    installed: &Installed,
) -> anyhow::Result<Member> {
    ensure!(!word.trim().is_empty(), "an empty word is not a target");
    let has_category = has_category(word);
    let text = if has_category {
        word.to_owned()
    } else {
        with_category(word, "null")
    };
    let atom = match Dep::parse(&text, PLAIN) {
        Ok(atom) if atom.blocker().is_some() => bail!("\"{word}\" is a blocker and no target"),
        Ok(atom) if has_category => atom,
        Ok(atom) => expand(word, &atom, known, installed)?,
        Err(error) => wildcard(word).ok_or_else(|| invalid(word, &text, &error.reason))?,
    };
    match known.has(&atom) {
        true => Ok(member(word, atom)),
        false if atom.is_wildcard() => Err(anyhow!(
            "\"{word}\" is not an atom, and as a pattern no package has such a name"
        )),
        false => Err(nothing_provides(word, atom.name(), known)),
    }
}

fn has_category(word: &str) -> bool {
    let name = word.split(':').next().unwrap_or(word);
    name.contains('/')
}

/// The word with a category put before its name.
fn with_category(word: &str, category: &str) -> String {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '*';
    let (operator, name) = word.split_at(word.find(is_name).unwrap_or(0));
    format!("{operator}{category}/{name}")
}

/// A word with `*` in its name: an extension of bincheck's, which emerge refuses.
fn wildcard(word: &str) -> Option<Dep> {
    if !word.contains('*') {
        return None;
    }
    let text = if has_category(word) {
        word.to_owned()
    } else {
        with_category(word, "*")
    };
    let atom = Dep::parse(&text, Syntax::USER).ok()?;
    (atom.is_wildcard() && atom.blocker().is_none()).then_some(atom)
}

/// The atom with the category in which there is a package of its name.
fn expand(
    word: &str,
    atom: &Dep,
    known: &KnownNames,
    installed: &Installed,
) -> anyhow::Result<Dep> {
    let package = atom.name().rsplit('/').next().unwrap_or_default();
    if atom.has_conditional_use() {
        bail!("\"{word}\" holds a conditional USE dependency, which needs a category before it");
    }
    let mut names: Vec<_> = known.with_package(package).collect();
    if names.len() > 1 {
        let others = names
            .iter()
            .filter(|cpn| !YIELDING.contains(&cpn.category()));
        let others: Vec<_> = others.copied().collect();
        if others.len() == 1 {
            names = others;
        }
    }
    match names.as_slice() {
        [] => Err(nothing_provides(word, package, known)),
        [cpn] => {
            let text = with_category(word, cpn.category());
            Dep::parse(&text, PLAIN).map_err(|error| invalid(word, &text, &error.reason))
        }
        names => {
            let mut text = format!("\"{word}\" is ambiguous; name one of these:");
            for cpn in names {
                let is_installed = !installed.versions(cpn.as_str()).is_empty();
                let remark = if is_installed { " (installed)" } else { "" };
                text.push_str(&format!(
                    "\n  {}{remark}",
                    with_category(word, cpn.category())
                ));
            }
            Err(anyhow!(text))
        }
    }
}

fn nothing_provides(word: &str, name: &str, known: &KnownNames) -> anyhow::Error {
    let near = known.near(name);
    let near: Vec<&str> = near.into_iter().map(|cpn| cpn.as_str()).collect();
    match near.as_slice() {
        [] => {
            anyhow!("nothing provides \"{word}\": no ebuild, binary package or installed package")
        }
        near => anyhow!(
            "nothing provides \"{word}\"; did you mean {}?",
            near.join(", ")
        ),
    }
}

/// What is wrong with a word, by the reason against the text that was read for it.
fn invalid(word: &str, text: &str, reason: &str) -> anyhow::Error {
    let equals = format!("={word}");
    let versioned = if has_category(word) {
        equals.clone()
    } else {
        with_category(&equals, "null")
    };
    if !word.is_empty() && Dep::parse(&versioned, PLAIN).is_ok() {
        return anyhow!("\"{word}\" is not an atom: a version needs an operator; write {equals}");
    }
    match reason.strip_prefix(&format!("\"{text}\" ")) {
        Some(fault) => anyhow!("\"{word}\" is not a target: it {fault}"),
        None => anyhow!("\"{word}\" is not a target: {reason}"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::pms::Cpn;
    use proptest::prelude::*;

    fn known(names: &[&str]) -> KnownNames {
        KnownNames(names.iter().map(|name| Cpn::parse(name).unwrap()).collect())
    }

    fn text(word: &str, names: &[&str]) -> Result<String, String> {
        read(word, &known(names), &Installed::default())
            .map(|member| member.atom.as_str().to_owned())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn words_that_emerge_takes() {
        let table = [
            ("foo", "x/foo"),
            ("=foo-1", "=x/foo-1"),
            ("=foo-1*", "=x/foo-1*"),
            (">=a/b-1", ">=a/b-1"),
            ("a/b:2", "a/b:2"),
            ("foo:2", "x/foo:2"),
            ("foo:2/3", "x/foo:2/3"),
            ("a/b::r", "a/b::r"),
            ("foo::r", "x/foo::r"),
            ("a/b[use]", "a/b[use]"),
            ("a/b[use?]", "a/b[use?]"),
            ("=a/b-1-3", "=a/b-1-3"),
            ("=foo-1-3", "=x/foo-1-3"),
            ("~a/b-1", "~a/b-1"),
            ("foo[use]", "x/foo[use]"),
        ];
        for (word, atom) in table {
            assert_eq!(text(word, &["a/b", "x/foo"]).as_deref(), Ok(atom), "{word}");
        }
    }

    #[test]
    fn wildcards_are_an_extension() {
        let table = [
            ("a/*", "a/*"),
            ("*/foo", "*/foo"),
            ("foo*", "*/foo*"),
            ("a/*::gentoo", "a/*::gentoo"),
            ("*:2", "*/*:2"),
        ];
        for (word, atom) in table {
            assert_eq!(text(word, &["a/b", "x/foo"]).as_deref(), Ok(atom), "{word}");
        }
        for word in ["z/*", "null/b*:0"] {
            let error = text(word, &["a/b"]).unwrap_err();
            assert!(
                error.starts_with(&format!("\"{word}\" is not an atom")),
                "{error}"
            );
        }
    }

    #[test]
    fn words_that_are_no_target() {
        let table = [
            ("foo-1", "write =foo-1"),
            ("a/b-1", "write =a/b-1"),
            ("!a/b", "blocker"),
            ("a/b/c", "not a target"),
            ("=a/b", "not a target"),
            ("", "not a target"),
            ("-x", "not a target"),
            ("foo[use?]", "conditional"),
            ("=foo", "not a target"),
            ("!foo", "blocker"),
        ];
        for (word, part) in table {
            let error = text(word, &["a/b", "x/foo"]).unwrap_err();
            assert!(error.contains(part), "{word}: {error}");
        }
    }

    #[test]
    fn ambiguous_names() {
        let table: [(&[&str], Option<&str>); 6] = [
            (&["a/foo", "virtual/foo"], Some("a/foo")),
            (&["a/foo", "acct-user/foo", "acct-group/foo"], Some("a/foo")),
            (&["virtual/foo"], Some("virtual/foo")),
            (&["a/foo", "b/foo"], None),
            (&["a/foo", "b/foo", "virtual/foo"], None),
            (&["acct-user/foo", "acct-group/foo"], None),
        ];
        for (names, atom) in table {
            let result = text("foo", names);
            match atom {
                Some(atom) => assert_eq!(result.as_deref(), Ok(atom), "{names:?}"),
                None => {
                    let lines = result.unwrap_err().lines().count();
                    assert_eq!(lines, names.len() + 1, "{names:?}");
                }
            }
        }
    }

    #[test]
    fn unknown_names_come_with_near_ones() {
        let error = text("fooo", &["a/b", "x/foo"]).unwrap_err();
        assert_eq!(error, "nothing provides \"fooo\"; did you mean x/foo?");
        let error = text("z/zzz", &["a/b"]).unwrap_err();
        assert_eq!(
            error,
            "nothing provides \"z/zzz\": no ebuild, binary package or installed package"
        );
    }

    proptest! {
        #[test]
        fn any_word_survives(word in ".{0,30}") {
            let _ = text(&word, &["a/b", "x/foo"]);
        }
    }
}
