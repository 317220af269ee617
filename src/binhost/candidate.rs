//! One entry of an index, typed.

use std::sync::Arc;

use super::HostId;
use super::number::metadata_number;
use crate::pms::{Cpv, Eapi, Key, Kind, Metadata, Package, Slot};

/// One instance of a binary package on one host (or in the local PKGDIR).
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The package.
    pub package: Package,
    /// Its host; `None` for the local PKGDIR.
    pub host: Option<HostId>,
    /// CHOST of the entry, or of the index, or of this machine.
    pub chost: String,
    /// SIZE in bytes; −1 if it is not a number.
    pub size: Option<i64>,
    /// MTIME, likewise.
    pub mtime: Option<i64>,
}

/// What tells two instances apart (`portage: virtual.py:fakedbapi._instance_key_multi_instance`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InstanceKey {
    cpv: String,
    build_id: Option<i64>,
    size: Option<i64>,
    build_time: i64,
    mtime: Option<i64>,
}

/// An entry whose CPV is none (Portage aborts on it).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadCpv(pub String);

impl Candidate {
    /// Type an entry. SLOT and EAPI are 0 where they are absent, and invalid where they are empty.
    ///
    /// `own_chost` is what an entry without CHOST counts as.
    ///
    /// # Errors
    /// Its CPV cannot be read.
    pub fn new(
        metadata: Metadata,
        host: Option<HostId>,
        own_chost: &str,
    ) -> Result<Candidate, BadCpv> {
        let text = metadata.text(Key::Cpv);
        let cpv = Cpv::parse(text).ok_or_else(|| BadCpv(text.to_owned()))?;
        let eapi = metadata
            .get(Key::Eapi)
            .map_or(Some(Eapi::ZERO), Eapi::parse);
        let slot = Slot::parse(metadata.get(Key::Slot).unwrap_or("0"), eapi);
        let number = |key| metadata_number(metadata.get(key));
        Ok(Candidate {
            host,
            chost: metadata.get(Key::Chost).unwrap_or(own_chost).to_owned(),
            size: number(Key::Size),
            mtime: number(Key::Mtime),
            package: Package {
                kind: Kind::Binary,
                cpv,
                slot,
                eapi,
                repository: metadata.get(Key::Repository).and_then(repository_name),
                build_id: number(Key::BuildId),
                build_time: number(Key::BuildTime).unwrap_or(0),
                metadata,
            },
        })
    }

    /// Path below the host's base; may be empty.
    pub fn path(&self) -> &str {
        self.package.metadata.text(Key::Path)
    }

    /// Where its file lies below PKGDIR; an xpak file in the oldest layout need not be named.
    pub fn file_in_pkgdir(&self) -> String {
        match self.path() {
            "" => format!("{}.tbz2", self.package.cpv),
            path => path.to_owned(),
        }
    }

    /// What tells it from others.
    pub fn instance_key(&self) -> InstanceKey {
        InstanceKey {
            cpv: self.package.metadata.text(Key::Cpv).to_owned(),
            build_id: self.package.build_id,
            size: self.size,
            build_time: self.package.build_time,
            mtime: self.mtime,
        }
    }
}

/// A repository name with invalid characters replaced; `None` where no valid one is left
/// (`portage: repository/config.py:_gen_valid_repo`).
fn repository_name(text: &str) -> Option<Arc<str>> {
    let is_valid = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    if text.chars().all(is_valid) {
        let name = text.trim_start_matches('-');
        return (!name.is_empty()).then(|| name.into());
    }
    let words: Vec<&str> = text
        .split(|c| !is_valid(c))
        .filter(|word| !word.is_empty())
        .collect();
    let name = words.join("-");
    let name = name.trim_start_matches('-');
    (!name.is_empty()).then(|| name.into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn candidate(pairs: &[(Key, &str)]) -> Candidate {
        let cpv = (Key::Cpv, "cat/foo-1-r0");
        let metadata = Metadata::from_pairs(pairs.iter().copied().chain([cpv]));
        Candidate::new(metadata, Some(HostId::new(3)), "own").unwrap()
    }

    #[test]
    fn absent_values_have_defaults() {
        let candidate = candidate(&[]);
        let package = &candidate.package;
        assert_eq!(package.kind, Kind::Binary);
        assert_eq!(package.eapi, Some(Eapi::ZERO));
        assert_eq!(
            package.slot.as_ref().map(Slot::to_string).as_deref(),
            Some("0")
        );
        assert_eq!(package.repository, None);
        assert_eq!((package.build_id, package.build_time), (None, 0));
        assert_eq!((candidate.size, candidate.mtime), (None, None));
        assert_eq!(
            (&*candidate.chost, candidate.host),
            ("own", Some(HostId::new(3)))
        );
        assert_eq!(candidate.path(), "");
    }

    #[test]
    fn empty_values_have_none() {
        let candidate = candidate(&[
            (Key::Slot, ""),
            (Key::Eapi, ""),
            (Key::Chost, ""),
            (Key::Repository, ""),
            (Key::BuildTime, ""),
            (Key::BuildId, ""),
        ]);
        let package = &candidate.package;
        assert_eq!((package.eapi, package.slot.as_ref()), (None, None));
        assert_eq!((package.build_id, package.build_time), (None, 0));
        assert_eq!((&*candidate.chost, &package.repository), ("", &None));
    }

    #[test]
    fn eapi_is_not_trimmed() {
        for text in [" 8", "8 ", "7_pre1", "10", "x"] {
            assert_eq!(
                candidate(&[(Key::Eapi, text)]).package.eapi,
                None,
                "{text:?}"
            );
        }
        assert_eq!(
            candidate(&[(Key::Eapi, "8")]).package.eapi,
            Eapi::parse("8")
        );
    }

    #[test]
    fn numbers() {
        let candidate = candidate(&[
            (Key::BuildId, "abc"),
            (Key::BuildTime, "1.5"),
            (Key::Size, " 7 "),
            (Key::Mtime, "12"),
        ]);
        assert_eq!(candidate.package.build_id, Some(-1));
        assert_eq!(candidate.package.build_time, -1);
        assert_eq!((candidate.size, candidate.mtime), (Some(7), Some(12)));
    }

    #[test]
    fn repository_names() {
        let table = [
            ("gentoo", Some("gentoo")),
            (" a b ", Some("a-b")),
            ("-x", Some("x")),
            ("a.b/c", Some("a-b-c")),
            ("..", None),
            ("é", Some("é")),
            ("", None),
            ("---", None),
            ("x--y", Some("x--y")),
            ("a\u{1c}b", Some("a-b")),
        ];
        for (text, name) in table {
            assert_eq!(repository_name(text).as_deref(), name, "{text:?}");
        }
    }

    #[test]
    fn instances_differ_by_text_and_numbers() {
        let base = [
            (Key::BuildId, "1"),
            (Key::Size, "2"),
            (Key::BuildTime, "3"),
            (Key::Mtime, "4"),
        ];
        let key = candidate(&base).instance_key();
        assert_eq!(
            key,
            candidate(&[base[0], (Key::Size, " 2"), base[2], base[3]]).instance_key()
        );
        assert_eq!(
            key,
            candidate(&[&base[..], &[(Key::Use, "x")]].concat()).instance_key()
        );
        for (position, (name, _)) in base.into_iter().enumerate() {
            let mut other = base;
            other[position] = (name, "9");
            assert_ne!(key, candidate(&other).instance_key());
        }
    }

    #[test]
    fn a_bad_cpv_is_an_error() {
        for text in [
            "",
            "foo",
            "cat/foo",
            "cat/foo-1 ",
            "a/b/c-1",
            "cat/foo-1-bar",
        ] {
            let metadata = Metadata::from_pairs([(Key::Cpv, text)]);
            assert_eq!(
                Candidate::new(metadata, None, "").unwrap_err(),
                BadCpv(text.to_owned())
            );
        }
    }
}
