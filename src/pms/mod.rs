//! Words of the Package Manager Specification: text to values and back.
//!
//! Nothing here knows of files, machines or options. Where Portage 3.0.83 reads a word
//! otherwise than PMS, Portage is followed and a comment there names the difference.

pub mod cpv;
pub mod dep;
pub mod depspec;
pub mod eapi;
mod flag;
pub mod metadata;
mod name;
pub mod package;
pub mod required_use;
pub mod slot;
pub mod soname;
#[cfg(test)]
pub(crate) mod testing;
pub mod use_dep;
pub mod version;
pub mod wildcard;

pub use cpv::{Cpn, Cpv};
pub use dep::{Blocker, Dep, DepError, Operator, SlotOperator, Subject, Syntax};
pub use depspec::{DepSpec, DepSpecError, Reduced, reduce, reduce_dependencies};
pub use eapi::Eapi;
pub use flag::signed;
pub use metadata::{Key, Metadata};
pub use package::{Iuse, Kind, Package};
pub use required_use::RequiredUse;
pub use slot::Slot;
pub use use_dep::{UseDefault, UseDep, UseDepKind};
pub use version::Version;
