//! Indexes that several machines of one run have in common: each is fetched and read once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::http::Proxies;
use super::limits::{COST, MemoryLimits};
use super::{BinRepo, HostState};
use crate::local::Base;

/// Hosts that were contacted for one machine, for the others that contact them in the same way.
#[derive(Debug)]
pub struct SharedIndexes {
    hosts: Mutex<HashMap<WayToHost, Arc<Slot>>>,
    /// Bytes of memory that indexes may still take.
    room: AtomicU64,
}

/// What came of a host; whoever asks first fetches while the others wait.
type Slot = Mutex<Option<HostState>>;

/// All that decides what is received.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) enum WayToHost {
    /// Over HTTP.
    Http {
        uri: String,
        frozen: bool,
        proxies: Proxies,
    },
    /// From a directory of this machine, whatever the judged system calls it.
    Directory(PathBuf),
}

impl WayToHost {
    /// Over HTTP.
    pub(super) fn over_http(base: &Base, repo: &BinRepo) -> WayToHost {
        WayToHost::Http {
            uri: repo.sync_uri.secret().to_owned(),
            frozen: repo.frozen,
            proxies: Proxies::of(base),
        }
    }
}

impl SharedIndexes {
    /// Nothing was fetched yet. What does not fit is fetched for each machine anew.
    pub fn new(limits: &MemoryLimits) -> SharedIndexes {
        SharedIndexes {
            hosts: Mutex::default(),
            room: AtomicU64::new(limits.total),
        }
    }

    /// The host as one machine has it configured, fetched if nobody did so far.
    pub(super) fn host(
        &self,
        way: WayToHost,
        repo: &BinRepo,
        fetch: impl FnOnce() -> HostState,
    ) -> HostState {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = Arc::clone(hosts.entry(way).or_default());
        drop(hosts);
        let mut known = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(state) = &*known {
            return HostState {
                repo: repo.clone(),
                // It came over the network once.
                received: 0,
                ..state.clone()
            };
        }
        let state = fetch();
        if self.has_room_for(&state) {
            *known = Some(state.clone());
        }
        state
    }

    fn has_room_for(&self, state: &HostState) -> bool {
        let size = state.index.as_ref().map_or(0, |index| index.size);
        let cost = u64::try_from(size).unwrap_or(u64::MAX).saturating_mul(COST);
        let take = |room: u64| room.checked_sub(cost);
        let taken = self
            .room
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take);
        taken.is_ok()
    }
}

/// The place of a system in the cache, for indexes that are shared. No path of a system is relative.
pub(super) fn system() -> &'static Path {
    Path::new("several systems")
}
