//! The other side: which binhosts there are, their indexes, and the candidates in them.

pub mod binrepos;
pub mod cache;
pub mod candidate;
pub mod fetch;
pub mod index;
mod number;
pub mod pool;
pub mod uri;

pub use binrepos::{BinRepo, BinRepos};
pub use candidate::Candidate;
pub use fetch::{FetchOptions, HostState, fetch_all};
pub use index::Index;
pub use pool::{Absent, Pool, PoolOptions};
pub use uri::Uri;
