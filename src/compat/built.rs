//! What a package says about how it was built.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::FLAGS;
use super::content::{Content, content};
use crate::openpgp::FileSignature;

/// What a package's own metadata says about how it was built, or an index that has some of that.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Built {
    /// CHOST.
    pub chost: Option<String>,
    /// Whether CC and CXX, as far as they are recorded, are clang.
    pub llvm: bool,
    /// CFLAGS and its like, those that are not empty.
    pub flags: BTreeMap<String, String>,
    /// RUSTFLAGS, if the package may have Rust code.
    pub rustflags: Option<String>,
    /// GOAMD64 and its like, if the package may have Go code.
    pub go: BTreeMap<String, String>,
    /// What of it compiler options can have changed.
    pub content: Content,
    /// Whether the file is signed, and by whom; `None` where that was not seen.
    #[serde(default)]
    pub signature: Option<FileSignature>,
}

impl Built {
    /// Read metadata values by name; those of the saved environment may be among them.
    pub fn of<'v>(value: impl Fn(&str) -> Option<&'v str>) -> Built {
        let text = |name: &str| value(name).map(str::trim).filter(|text| !text.is_empty());
        let owned = |name: &&str| Some(((*name).to_owned(), text(name)?.to_owned()));
        let inherited = Inherited(text("INHERITED"));
        let rustflags = text("RUSTFLAGS").filter(|_| inherited.may_have(&["cargo", "rust"]));
        let go = ["GOAMD64", "GO386", "GOARM64", "GOPPC64", "GORISCV64"];
        let is_go = inherited.may_have(&["go-", "golang-"]);
        let flags: BTreeMap<String, String> = FLAGS.iter().filter_map(owned).collect();
        let names_options = !flags.is_empty() || rustflags.is_some();
        Built {
            chost: text("CHOST").map(str::to_owned),
            llvm: is_llvm(text("CC"), text("CXX")),
            flags,
            rustflags: rustflags.map(str::to_owned),
            go: go.iter().filter(|_| is_go).filter_map(owned).collect(),
            content: content(text, names_options),
            signature: None,
        }
    }

    /// What an index says; `None` for one that does not name compiler options, as most.
    pub fn of_index(cflags: Option<&str>, cxxflags: Option<&str>, chost: &str) -> Option<Built> {
        cflags.or(cxxflags)?;
        let value = |name: &str| match name {
            "CFLAGS" => cflags,
            "CXXFLAGS" => cxxflags,
            _ => None,
        };
        Some(Built {
            chost: Some(chost.to_owned()),
            // An index does not list programs and libraries of all packages.
            content: Content::Code,
            ..Built::of(value)
        })
    }
}

/// Eclasses of the ebuild, where the package names them.
#[derive(Clone, Copy)]
struct Inherited<'a>(Option<&'a str>);

impl Inherited<'_> {
    /// Whether an eclass begins so, or none is named at all.
    fn may_have(self, starts: &[&str]) -> bool {
        let Some(text) = self.0 else { return true };
        let mut words = text.split_whitespace();
        words.any(|word| starts.iter().any(|start| word.starts_with(start)))
    }
}

/// Whether the compilers are clang, by the names of their programs: `clang-21`, `x86_64-pc-linux-gnu-clang`.
fn is_llvm(cc: Option<&str>, cxx: Option<&str>) -> bool {
    let is_clang = |command: &str| {
        let program = command.split_whitespace().next().unwrap_or_default();
        let name = program.rsplit('/').next().unwrap_or_default();
        name.starts_with("clang") || name.contains("-clang")
    };
    let mut compilers = [cc, cxx].into_iter().flatten().peekable();
    compilers.peek().is_some() && compilers.all(is_clang)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(pairs: &[(&'static str, &'static str)]) -> Built {
        Built::of(|name| Some(pairs.iter().find(|(known, _)| *known == name)?.1))
    }

    #[test]
    fn compilers_by_their_programs() {
        for (cc, cxx, llvm) in [
            (None, None, false),
            (Some("gcc"), None, false),
            (Some("clang"), None, true),
            (
                Some("/usr/lib/llvm/21/bin/clang-21 -m64"),
                Some("clang++"),
                true,
            ),
            (Some("x86_64-pc-linux-gnu-clang"), None, true),
            (Some("clang"), Some("g++"), false),
            (Some("/opt/clang/bin/gcc"), None, false),
        ] {
            assert_eq!(is_llvm(cc, cxx), llvm, "{cc:?} {cxx:?}");
        }
    }

    #[test]
    fn other_languages_count_where_they_are_used() {
        let rust = ("RUSTFLAGS", "-C target-cpu=znver3");
        let go = ("GOAMD64", "v3");
        for (inherited, has_rust, has_go) in [
            (None, true, true),
            (Some("toolchain-funcs cargo multiprocessing"), true, false),
            (Some("go-module go-env"), false, true),
            (Some("flag-o-matic"), false, false),
        ] {
            let mut pairs = vec![rust, go];
            pairs.extend(inherited.map(|text| ("INHERITED", text)));
            let built = built(&pairs);
            assert_eq!(built.rustflags.is_some(), has_rust, "{inherited:?}");
            assert_eq!(!built.go.is_empty(), has_go, "{inherited:?}");
        }
    }

    #[test]
    fn few_indexes_name_options() {
        assert_eq!(Built::of_index(None, None, "x"), None);
        let built = Built::of_index(Some("-O2"), None, "x").unwrap_or_default();
        assert_eq!(built.flags.len(), 1);
        let empty = Built::of_index(Some(""), None, "x").unwrap_or_default();
        assert_eq!((empty.flags.len(), empty.content), (0, Content::Code));
    }
}
