//! Frozen machines: all that judging a system takes, as one archive that is the same whenever its input is.
//!
//! An archive is a gzip-compressed tar file: [`About`] comes first, then directories and files in order, then links,
//! and a list of hashes at the end. Owners are left out, times of files and modes are kept.

mod about;
mod collect;
mod pack;
mod secrets;
mod staging;
mod target;
mod unpack;

#[cfg(test)]
mod tests;

pub use about::{About, Omission};
pub use collect::{Collection, FreezeScope, collect};
pub use pack::{OwnFile, pack};
pub use staging::Staging;
pub use unpack::{Limits, unpack, unpack_in_memory};

/// The processor of the frozen machine, as `/proc/cpuinfo` had it.
pub const CPUINFO: &str = ".bincheck/cpuinfo";

/// What the archive is ([`About`]), its first member.
pub const ABOUT: &str = ".bincheck/about.json";

/// Hashes, modes and paths of all other members, its last.
const MANIFEST: &str = ".bincheck/manifest";
