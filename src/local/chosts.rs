//! ACCEPT_CHOSTS, whose words are regular expressions (`portage: config.py:config._accept_chost`).

use super::Base;
use crate::source::{Notices, Source};

/// Compiled ACCEPT_CHOSTS, or CHOST where there are none.
#[derive(Debug)]
pub struct AcceptChosts {}

impl AcceptChosts {
    /// Compile. An expression that does not compile is a notice; only packages without CHOST are
    /// accepted then.
    pub fn load(_base: &Base, _notices: &Notices) -> AcceptChosts {
        todo!()
    }

    /// Whether a package's CHOST is accepted; an empty one is.
    pub fn accepts(&self, _chost: &str) -> bool {
        todo!()
    }

    /// The words as configured, for evidence.
    pub fn wanted(&self) -> &str {
        todo!()
    }

    /// The line that set them.
    pub fn source(&self) -> Option<&Source> {
        todo!()
    }
}
