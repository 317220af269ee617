//! EAPIs and what each allows (PMS, "EAPIs"; `portage: eapi.py`).

use std::fmt;

/// A supported EAPI.
///
/// `None` of an `Option<Eapi>` is "no EAPI": a place where Portage parses without one
/// (user configuration, installed packages), which is more permissive than any EAPI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Eapi(u8);

impl Eapi {
    /// EAPI 0, which is meant where a package names none.
    pub const ZERO: Eapi = Eapi(0);

    /// Read an EAPI as Portage supports it: `0` to `9` and `9-pre1`.
    ///
    /// The deprecated names (`7_pre1` and its like) count as unsupported: Portage lists them
    /// and then aborts on them.
    pub fn parse(text: &str) -> Option<Eapi> {
        match text.as_bytes() {
            [digit @ b'0'..=b'9'] => Some(Eapi(digit - b'0')),
            b"9-pre1" => Some(Eapi(9)),
            _ => None,
        }
    }

    /// The number, for comparisons such as "from EAPI 7".
    pub fn number(self) -> u8 {
        self.0
    }

    /// Whether a feature is there: as the EAPI says, and always where there is no EAPI.
    pub fn allows(eapi: Option<Eapi>, feature: impl FnOnce(Eapi) -> bool) -> bool {
        eapi.is_none_or(feature)
    }

    /// `+flag` and `-flag` in IUSE.
    pub fn has_iuse_defaults(self) -> bool {
        self.0 >= 1
    }

    /// `:slot` in atoms.
    pub fn has_slot_deps(self) -> bool {
        self.0 >= 1
    }

    /// `[flag]` in atoms.
    pub fn has_use_deps(self) -> bool {
        self.0 >= 2
    }

    /// `!!` in atoms.
    pub fn has_strong_blocks(self) -> bool {
        self.0 >= 2
    }

    /// `(+)` and `(-)` in USE dependencies.
    pub fn has_use_dep_defaults(self) -> bool {
        self.0 >= 4
    }

    /// REQUIRED_USE.
    pub fn has_required_use(self) -> bool {
        self.0 >= 4
    }

    /// `??` in REQUIRED_USE.
    pub fn has_at_most_one_of(self) -> bool {
        self.0 >= 5
    }

    /// Sub-slots in SLOT, sub-slots and slot operators in atoms.
    pub fn has_sub_slots(self) -> bool {
        self.0 >= 5
    }

    /// Implicit IUSE by the variables of the profile. Without an EAPI there is none.
    pub fn has_iuse_effective(self) -> bool {
        self.0 >= 5
    }

    /// `use.stable.mask` and its like in profile directories.
    pub fn has_stable_use_masks(self) -> bool {
        self.0 >= 5
    }

    /// `package.provided` in profile directories.
    pub fn has_profile_package_provided(self) -> bool {
        self.0 <= 6
    }

    /// Whether an any-of group without alternatives vanishes, being satisfied. Without an EAPI it
    /// does not.
    pub fn drops_empty_any_of(self) -> bool {
        self.0 <= 6
    }

    /// BDEPEND, which Portage reads in any EAPI; only the root that it is meant for depends on this.
    pub fn has_bdepend(self) -> bool {
        self.0 >= 7
    }

    /// Directories in place of profile files. Without an EAPI there are none.
    pub fn has_profile_file_dirs(self) -> bool {
        self.0 >= 7
    }

    /// IDEPEND, which Portage reads in any EAPI.
    pub fn has_idepend(self) -> bool {
        self.0 >= 8
    }

    /// `use.stable` and `package.use.stable` in profile directories.
    pub fn has_stable_use(self) -> bool {
        self.0 >= 9
    }
}

impl fmt::Display for Eapi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn supported_names() {
        for (text, number) in [("0", 0), ("8", 8), ("9", 9), ("9-pre1", 9)] {
            assert_eq!(Eapi::parse(text).map(Eapi::number), Some(number));
        }
        for text in ["", "10", " 8", "8 ", "08", "7_pre1", "8-pre1", "paludis-1"] {
            assert_eq!(Eapi::parse(text), None, "{text}");
        }
    }

    type EapiFeature = fn(Eapi) -> bool;

    /// Feature, the first EAPI that has it.
    #[test]
    fn features_begin_at_an_eapi() {
        let rows: [(EapiFeature, u8); 14] = [
            (Eapi::has_iuse_defaults, 1),
            (Eapi::has_slot_deps, 1),
            (Eapi::has_use_deps, 2),
            (Eapi::has_strong_blocks, 2),
            (Eapi::has_use_dep_defaults, 4),
            (Eapi::has_required_use, 4),
            (Eapi::has_at_most_one_of, 5),
            (Eapi::has_sub_slots, 5),
            (Eapi::has_iuse_effective, 5),
            (Eapi::has_stable_use_masks, 5),
            (Eapi::has_bdepend, 7),
            (Eapi::has_profile_file_dirs, 7),
            (Eapi::has_idepend, 8),
            (Eapi::has_stable_use, 9),
        ];
        for (feature, first) in rows {
            for number in 0..=9 {
                assert_eq!(feature(Eapi(number)), number >= first, "{number} {first}");
            }
            assert!(Eapi::allows(None, feature));
        }
        for number in 0..=9 {
            assert_eq!(Eapi(number).drops_empty_any_of(), number < 7);
            assert_eq!(Eapi(number).has_profile_package_provided(), number < 7);
        }
    }
}
