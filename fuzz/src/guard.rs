//! Time grows with the size of the input and not faster.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use crate::input::hash;

/// One input in this many is stretched: enough to meet every shape, and cheap.
const ONE_IN: u64 = 1 << 10;

/// Sizes of the two stretched inputs, in bytes.
const SMALL: usize = 8 << 10;
const LARGE: usize = 64 << 10;

/// How much longer the large one may take: eight times as long if time is linear, 64 times if it is
/// quadratic.
const FACTOR: u32 = 24;

/// Below this nothing is claimed: clocks and caches play tricks.
const FLOOR: Duration = Duration::from_millis(40);

/// Do the work on the input repeated to two sizes, with `between` in between, and panic where the larger
/// takes too much longer. Most inputs are passed over.
pub fn linear(bytes: &[u8], between: &[u8], work: impl Fn(&[u8])) {
    if bytes.is_empty() || bytes.len() > SMALL / 4 || hash(bytes) % ONE_IN != 0 {
        return;
    }
    let (small, large) = (
        stretched(bytes, between, SMALL),
        stretched(bytes, between, LARGE),
    );
    let quick = time(|| work(&small));
    let slow = time(|| work(&large));
    assert!(
        slow < FLOOR.max(quick * FACTOR),
        "{SMALL} bytes take {quick:?}, {LARGE} take {slow:?}: {:?}",
        String::from_utf8_lossy(bytes)
    );
}

fn stretched(bytes: &[u8], between: &[u8], size: usize) -> Vec<u8> {
    let mut all = Vec::with_capacity(size + bytes.len() + between.len());
    while all.len() < size {
        all.extend_from_slice(bytes);
        all.extend_from_slice(between);
    }
    all
}

/// Processor time of this thread, which other processes do not lengthen.
fn time(work: impl FnOnce()) -> Duration {
    let start = now();
    work();
    now().saturating_sub(start)
}

fn now() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    let nanoseconds = u32::try_from(time.tv_nsec).unwrap_or_default();
    Duration::new(seconds, nanoseconds)
}
