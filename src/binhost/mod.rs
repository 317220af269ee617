//! The other side: which binhosts there are, their indexes, and the candidates in them.

pub mod binrepos;
mod body;
pub mod cache;
pub mod candidate;
mod command;
pub mod fetch;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod host;
mod http;
pub mod index;
pub mod inspect;
mod limits;
mod local_name;
mod local_packages;
mod local_walk;
mod meter;
mod name_list;
mod number;
mod pace;
mod package_file;
pub mod pool;
mod transport;
mod trust;
mod unresponsive;
pub mod uri;
mod visit;

pub use binrepos::{BinRepo, BinRepos};
pub use candidate::Candidate;
pub use fetch::{FetchOptions, HostState, fetch_all};
pub use index::Index;
pub use inspect::{Depth, InspectOptions, Inspector, Look};
pub use limits::{MemoryLimits, TimeLimits};
pub use pool::{Absent, InstanceId, Pool, PoolOptions};
pub use uri::Uri;
