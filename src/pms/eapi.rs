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
}

impl fmt::Display for Eapi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
