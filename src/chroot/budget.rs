//! A bound on configuration that becomes tables in memory, over all files of the judged system.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many bytes all such files may have together. Those of a real system, profiles and all, have less
/// than 2 MiB; in memory a byte of the shortest lines becomes 80.
const MAX_TEXT: usize = 8 << 20;

/// Bytes that may still be read; copies share it.
#[derive(Clone, Debug)]
pub struct Budget(Arc<AtomicUsize>);

impl Default for Budget {
    fn default() -> Budget {
        Budget(Arc::new(AtomicUsize::new(MAX_TEXT)))
    }
}

impl Budget {
    /// The limit, in MiB.
    pub const MIB: usize = MAX_TEXT >> 20;

    /// Take this many bytes.
    ///
    /// # Errors
    /// How many are left, if those are fewer.
    pub fn take(&self, bytes: usize) -> Result<(), usize> {
        let less = |left: usize| left.checked_sub(bytes);
        let taken = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        taken.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_share_what_is_left() {
        let budget = Budget::default();
        let copy = budget.clone();
        assert_eq!(budget.take(MAX_TEXT - 3), Ok(()));
        assert_eq!(copy.take(4), Err(3));
        assert_eq!(copy.take(3), Ok(()));
        assert_eq!(budget.take(1), Err(0));
    }
}
