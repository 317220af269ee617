//! What binhosts may take of time and memory. Whoever answers slowly, without end or with a bomb costs a
//! run no more than this, and the other hosts nothing.

use std::time::Duration;

use rustix::process::{Resource, getrlimit};

/// How much memory an index may take, as a multiple of its text: entries and candidates lie beside it.
pub(crate) const COST: u64 = 4;

/// While a new index is read, the text of a cached one is kept besides.
const COST_OF_FETCHING: u64 = COST + 1;

/// The longest index: ten times the largest public ones and more.
const MAX_TEXT: u64 = 512 << 20;

/// The most entries of one index: ten times the largest public ones.
const MAX_ENTRIES: usize = 500_000;

/// The most entries of all indexes of a run.
const MAX_ALL_ENTRIES: usize = 2_000_000;

/// The most memory for all indexes of a run.
const MAX_MEMORY: u64 = 4 << 30;

/// The C library reserves 64 MiB of address space for each thread that allocates; what threads read comes on
/// top of that.
const ADDRESS_SPACE_OF_A_THREAD: u64 = 512 << 20;

/// How long hosts are waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeLimits {
    /// For a connection: name resolution, proxy and TLS included.
    pub connect: Duration,
    /// For the head of an answer, and for silence within its body.
    pub silence: Duration,
    /// In each span of this length a body has to come at [`TimeLimits::min_rate`].
    pub grace: Duration,
    /// Bytes a second.
    pub min_rate: u64,
    /// For the index of one host, redirections and all.
    pub index: Duration,
    /// For all packages of one host.
    pub packages: Duration,
    /// How long a host that was too slow is left alone.
    pub rest: Duration,
}

impl TimeLimits {
    /// What holds by default. At the least rate an index of 1 MiB takes 4 minutes, which
    /// is about what a modem needs.
    pub const DEFAULT: TimeLimits = TimeLimits {
        connect: Duration::from_secs(10),
        silence: Duration::from_secs(20),
        grace: Duration::from_secs(10),
        min_rate: 4 << 10,
        index: Duration::from_secs(300),
        packages: Duration::from_secs(300),
        rest: Duration::from_secs(600),
    };

    /// For reading packages whole or all packages of a host, which somebody requested explicitly.
    pub const PATIENT: TimeLimits = TimeLimits {
        packages: Duration::from_secs(3600),
        ..TimeLimits::DEFAULT
    };
}

/// How large indexes may be, all together and one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryLimits {
    /// Bytes that the indexes of all hosts may take together.
    pub total: u64,
    /// Entries that they may have together.
    pub entries: usize,
}

impl MemoryLimits {
    /// What this machine and the limits of this process (`ulimit -v`, `ulimit -d`) allow: half of the
    /// memory that there is, and a third of the address space, which other things need too.
    pub fn of_process() -> MemoryLimits {
        let half = rustix::system::sysinfo().totalram as u64 / 2;
        let third = address_space().map_or(u64::MAX, |limit| limit / 3);
        MemoryLimits {
            total: MAX_MEMORY.min(half.max(64 << 20)).min(third),
            entries: MAX_ALL_ENTRIES,
        }
    }

    /// What each of so many hosts may have. The shares are equal, so that one host cannot take what another
    /// needs, and the answer does not depend on which of them comes first.
    pub(crate) fn share(&self, hosts: usize) -> Share {
        let hosts = hosts.max(1);
        let memory = self.total / u64::try_from(hosts).unwrap_or(u64::MAX);
        Share {
            text: MAX_TEXT.min(memory / COST_OF_FETCHING),
            entries: MAX_ENTRIES.min(self.entries / hosts),
        }
    }
}

/// How large the index of one host may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Share {
    /// Bytes, as it comes and unpacked.
    pub(crate) text: u64,
    pub(crate) entries: usize,
}

impl Share {
    /// For an index that is alone.
    pub(crate) fn whole() -> Share {
        MemoryLimits::of_process().share(1)
    }
}

/// How many threads may read at once, at most `most`: fewer where address space is short.
pub(crate) fn threads(most: usize) -> usize {
    let affordable = address_space().map_or(u64::MAX, |limit| limit / ADDRESS_SPACE_OF_A_THREAD);
    usize::try_from(affordable).unwrap_or(most).clamp(1, most)
}

/// The address space that this process may use, if that is limited.
fn address_space() -> Option<u64> {
    let limit = |resource| getrlimit(resource).current;
    [limit(Resource::As), limit(Resource::Data)]
        .into_iter()
        .flatten()
        .min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_equal_and_bounded() {
        let limits = MemoryLimits {
            total: MAX_MEMORY,
            entries: MAX_ALL_ENTRIES,
        };
        assert_eq!(limits.share(0), limits.share(1));
        assert_eq!(
            (limits.share(1).text, limits.share(1).entries),
            (MAX_TEXT, MAX_ENTRIES)
        );
        let shared = limits.share(100);
        assert!(
            shared.text * 100 * COST_OF_FETCHING <= limits.total,
            "{shared:?}"
        );
        assert_eq!(shared.entries, 20_000);
    }

    #[test]
    fn this_process_has_room_and_threads() {
        let limits = MemoryLimits::of_process();
        assert!(
            (64 << 20..=MAX_MEMORY).contains(&limits.total),
            "{limits:?}"
        );
        assert!((1..=24).contains(&threads(24)));
    }
}
