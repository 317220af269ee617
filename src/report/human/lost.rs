//! CHECK: shared libraries that a plan takes away from what stays installed.

use std::collections::{BTreeMap, BTreeSet};

use super::Style;
use super::attention::{counted, named};
use crate::pms::Cpv;
use crate::report::plan::LostLibrary;
use crate::sanitize::sanitize;

/// One text for each package that has them today.
pub(super) fn texts(lost: &[LostLibrary], style: Style) -> Vec<String> {
    let mut owners: BTreeMap<(String, bool), (Names, Names)> = BTreeMap::new();
    for library in lost {
        let owner = owners.entry((name(&library.had_by), library.is_preserved));
        let (sonames, needed_by) = owner.or_default();
        sonames.insert(sanitize(&library.soname).into_owned());
        needed_by.extend(library.needed_by.iter().map(name));
    }
    let text =
        |((had_by, is_preserved), (sonames, needed_by)): ((String, bool), (Names, Names))| {
            let needed_by: Vec<String> = needed_by.into_iter().collect();
            let sonames: Vec<String> = sonames.into_iter().collect();
            let what = format!("{} of {had_by}, which goes", named(&sonames, style));
            let one = format!("installed package needs {what}");
            let many = format!("installed packages need {what}");
            let text = counted(needed_by.len(), &one, &many, &needed_by, style);
            let then = if is_preserved {
                "Portage keeps it until `emerge @preserved-rebuild`"
            } else {
                "nothing keeps it (preserve-libs is off): rebuild them too, or they fail to start"
            };
            format!("{text}; {then}")
        };
    owners.into_iter().map(text).collect()
}

type Names = BTreeSet<String>;

fn name(cpv: &Cpv) -> String {
    sanitize(&cpv.to_string()).into_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::report::human::Detail;

    fn library(soname: &str, had_by: &str, needed_by: &str, is_preserved: bool) -> LostLibrary {
        let cpv = |text: &str| Cpv::parse(text).unwrap();
        LostLibrary {
            soname: soname.to_owned(),
            had_by: cpv(had_by),
            needed_by: needed_by.split(' ').map(cpv).collect(),
            is_preserved,
        }
    }

    #[test]
    fn libraries_of_one_package_are_told_together() {
        let style = Style {
            detail: Detail::Normal,
            tree: false,
            columns: 80,
        };
        let lost = [
            library("x86_64: libB.so.1", "d/icu-74", "a/one-1 a/two-1", true),
            library(
                "x86_64: libA.so.1",
                "d/icu-74",
                "a/two-1 a/three-1 a/four-1 a/five-1",
                true,
            ),
            library("x86_32: libz.so.1", "s/zlib-1", "a/one-1", false),
        ];
        assert_eq!(
            texts(&lost, style),
            [
                "5 installed packages need x86_64: libA.so.1, x86_64: libB.so.1 of d/icu-74, which goes: a/five-1, \
                 a/four-1, a/one-1, …; Portage keeps it until `emerge @preserved-rebuild`",
                "1 installed package needs x86_32: libz.so.1 of s/zlib-1, which goes: a/one-1; nothing keeps it \
                 (preserve-libs is off): rebuild them too, or they fail to start",
            ]
        );
    }
}
