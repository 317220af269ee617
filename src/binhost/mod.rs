//! The other side: which binhosts there are, their indexes, and the candidates in them.

pub mod binrepos;
pub(crate) mod body;
pub mod cache;
mod cached_index;
pub mod candidate;
mod command;
mod download;
mod fetch;
mod fetch_options;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod host;
mod host_id;
mod host_state;
pub(crate) mod http;
pub mod index;
mod index_file;
pub(crate) mod limits;
mod local_name;
mod local_packages;
mod local_walk;
pub(crate) mod meter;
mod name_list;
mod number;
pub(crate) mod pace;
pub(crate) mod package_file;
pub mod pool;
mod signatures;
mod transport;
mod trust;
mod unresponsive;
pub mod uri;
pub(crate) mod visit;

pub use binrepos::{BinRepo, BinRepos};
pub use candidate::Candidate;
pub use fetch::fetch_all;
pub use fetch_options::FetchOptions;
pub use host_id::HostId;
pub use host_state::{HostState, IndexOrigin};
pub use index::Index;
pub use limits::{MemoryLimits, TimeLimits};
pub use pool::{Absent, InstanceId, Pool, PoolOptions};
pub use signatures::{SignaturePolicy, lacking_keyring};
pub use uri::Uri;
