//! emerge's command line for what was judged, and becoming emerge.
//!
//! What bincheck has checked is what emerge is to use, so emerge gets a copy of each index without the
//! entries that must be excluded ([`checked`]), as a `file:` binhost whose `URI` names the real one
//! ([`hosts`]). The question is how emerge comes to read that, since it knows two places only:
//! binrepos.conf below its config root, and `PORTAGE_BINHOST`, which adds to the former. Tried with
//! Portage 3.0.83, and why the first is taken:
//!
//! - *A mount namespace in which binrepos.conf is another file* ([`namespace`]). All else stays what it
//!   is: the other configuration, `--autounmask-write` and the `._cfg` files that dispatch-conf looks
//!   for, a relative make.profile link, `--config-root`, and with ROOT both configurations that emerge
//!   loads. Mounts that a package phase makes still reach the system, because the mount below
//!   binrepos.conf is given back to its peer group. It needs root, or for `--pretend` a user namespace.
//! - *`PORTAGE_BINHOST` in the environment*, where no binrepos.conf names a host: nothing else is needed
//!   then, and the hosts keep what they have (no name, no `verify-signature`, no location).
//! - *A private config root of links* was given up: new `._cfg` files of `--autounmask-write` land among
//!   the links and are lost, files that do not exist yet are made there, phases and hooks see the other
//!   path, and with ROOT emerge reads a second binrepos.conf from `/` anyway.
//! - *Other fetch commands* do not help: emerge fetches indexes on its own.
//!
//! Where neither way is open, emerge reads the indexes on its own, and whatever must be excluded is
//! excluded by name and slot ([`exclusion`]).

pub mod checked;
pub mod exclusion;
pub mod flags;
pub mod hosts;
pub mod namespace;
pub mod overlay;
pub mod program;
pub mod quote;
pub mod request;
pub mod resume;
pub mod version;

pub use exclusion::{Excludes, Exclusion, ExclusionReason};
pub use request::{EmergeRequest, Options};
