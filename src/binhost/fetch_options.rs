//! How indexes are fetched.

use super::limits::{MemoryLimits, TimeLimits};
use crate::cache::CacheDir;

/// How to get indexes.
#[derive(Clone, Debug)]
pub struct FetchOptions {
    /// No request at all: what is cached counts.
    pub offline: bool,
    /// Ask again regardless of TTL and `frozen`, and for the whole index.
    pub refresh: bool,
    /// Run fetch commands although they come from another system's configuration.
    pub allow_commands: bool,
    /// Show progress on stderr (which is a terminal).
    pub progress: bool,
    /// bincheck's cache.
    pub cache: CacheDir,
    /// How long hosts are waited for.
    pub time: TimeLimits,
    /// How large indexes may be.
    pub memory: MemoryLimits,
}
