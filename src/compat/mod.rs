//! Will it run here: what a package was built for, against this machine and what it asks for. Pure.
//!
//! Portage never compares this, so none of it changes a verdict: an answer here stands beside it.

mod built;
mod compatibility;
mod concern;
mod content;
mod elf_files;
mod environment;
mod judge;
mod libc;
mod machine;
mod requested;
mod soname;
pub mod verification;

pub use built::Built;
pub use compatibility::{Compatibility, CpuCompat, FlagsAnswer, Usability};
pub use concern::{Concern, ConcernCode};
pub use content::Content;
pub use environment::{NAMES, variables};
pub use judge::judge;
pub use libc::{is_libc, libc_concern};
pub use machine::{CpuSource, Machine, UnknownCpu};
pub use requested::Requested;
pub use soname::{LinkChange, Linked, LostSoname, MissingSoname, lost, missing};

/// Variables that hold compiler options for code of some language.
pub const FLAGS: [&str; 4] = ["CFLAGS", "CXXFLAGS", "FFLAGS", "FCFLAGS"];
