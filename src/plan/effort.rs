//! How much work a plan may take before it is given up.
//!
//! Dependencies come from strangers, and with a few kilobytes of them anybody can ask for more work than there is time.
//! Portage has no limit. Steps are counted instead of time, so that the same system gets the same answer on
//! every machine.

use std::cell::Cell;

/// The most steps of one plan, some ten seconds of work. An update of a system of 3,600 packages takes a sixtieth of them, with six
/// attempts.
const MOST_STEPS: u64 = 200_000_000;

/// The steps that are left for a plan. A step is some fifty nanoseconds of work.
#[derive(Debug)]
pub(in crate::plan) struct Effort {
    most: u64,
    left: Cell<u64>,
}

impl Default for Effort {
    fn default() -> Effort {
        Effort::of(MOST_STEPS)
    }
}

impl Effort {
    /// So many steps.
    pub fn of(steps: u64) -> Effort {
        Effort {
            most: steps,
            left: Cell::new(steps),
        }
    }

    /// Start over, for another plan.
    pub fn renew(&self) {
        self.left.set(self.most);
    }

    /// Take some steps.
    pub fn spend(&self, steps: usize) {
        let left = self.left.get();
        self.left.set(left.saturating_sub(steps as u64));
    }

    /// Whether nothing is left, and whatever is being worked out is to end.
    pub fn is_spent(&self) -> bool {
        self.left.get() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_never_wraps() {
        let effort = Effort::of(3);
        effort.spend(2);
        assert!(!effort.is_spent());
        effort.spend(usize::MAX);
        assert!(effort.is_spent());
        effort.renew();
        assert!(!effort.is_spent());
    }
}
