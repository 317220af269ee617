//! What a package says about how it was built.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::FLAGS;

/// Facts from a package's own metadata, or from an index that has some of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Built {
    /// CHOST.
    pub chost: Option<String>,
    /// CFLAGS and its like, those that are not empty.
    pub flags: BTreeMap<String, String>,
    /// RUSTFLAGS, if the package has Rust code.
    pub rustflags: Option<String>,
    /// GOAMD64 and its like, if the package has Go code.
    pub go: BTreeMap<String, String>,
    /// Why it holds nothing that was compiled, if it shows that.
    pub nothing: Option<String>,
    /// Whether it says that it holds programs or libraries.
    pub elf: bool,
    /// Whether the file is signed (by whom is not looked at); `None` where that was not seen.
    #[serde(default)]
    pub signed: Option<bool>,
}

/// Eclasses whose packages hold text files that the eclass writes.
const TEXT_ONLY: [&str; 2] = ["acct-user", "acct-group"];

/// Keys that name programs or libraries in the package.
const ELF: [&str; 4] = ["NEEDED.ELF.2", "NEEDED", "PROVIDES", "REQUIRES"];

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
        let elf = ELF.iter().any(|name| text(name).is_some());
        let nothing = match text("SIZE") {
            _ if elf => None,
            Some("0") => Some("it installs no file"),
            _ if TEXT_ONLY.iter().any(|eclass| inherited.has(eclass)) => {
                Some("it holds a user or group")
            }
            _ if flags.is_empty() && rustflags.is_none() => {
                Some("it names no compiler options, and no program or library")
            }
            _ => None,
        };
        Built {
            chost: text("CHOST").map(str::to_owned),
            flags,
            rustflags: rustflags.map(str::to_owned),
            go: go.iter().filter(|_| is_go).filter_map(owned).collect(),
            nothing: nothing.map(str::to_owned),
            elf,
            signed: None,
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
            nothing: None,
            ..Built::of(value)
        })
    }
}

/// Eclasses of the ebuild, where the package names them.
#[derive(Clone, Copy)]
struct Inherited<'a>(Option<&'a str>);

impl Inherited<'_> {
    fn has(self, eclass: &str) -> bool {
        let mut words = self.0.unwrap_or_default().split_whitespace();
        words.any(|word| word == eclass)
    }

    /// Whether an eclass begins so, or none is named at all.
    fn may_have(self, starts: &[&str]) -> bool {
        let Some(text) = self.0 else { return true };
        let mut words = text.split_whitespace();
        words.any(|word| starts.iter().any(|start| word.starts_with(start)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(pairs: &[(&'static str, &'static str)]) -> Built {
        Built::of(|name| Some(pairs.iter().find(|(known, _)| *known == name)?.1))
    }

    #[test]
    fn nothing_compiled_only_if_the_package_shows_it() {
        let flags = ("CFLAGS", "-march=znver3 -O2\n");
        for (pairs, nothing) in [
            (&[][..], true),
            (
                &[("SIZE", "99"), ("NEEDED.ELF.2", "X86_64;/usr/bin/x;;;")],
                false,
            ),
            (&[flags, ("SIZE", "0\n")], true),
            (
                &[flags, ("SIZE", "0"), ("REQUIRES", "x86_64: libc.so.6")],
                false,
            ),
            (&[flags, ("SIZE", "99")], false),
            (
                &[flags, ("SIZE", "99"), ("INHERITED", "acct-user user-info")],
                true,
            ),
            (&[("RUSTFLAGS", "-C opt-level=3")], false),
        ] {
            assert_eq!(built(pairs).nothing.is_some(), nothing, "{pairs:?}");
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
        assert_eq!((empty.flags.len(), empty.nothing), (0, None));
    }
}
