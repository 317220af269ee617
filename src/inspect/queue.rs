//! Packages that wait to be looked into, and how many at once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, Scope};
use std::time::{Duration, Instant};

use crate::binhost::limits;

/// The most packages that are looked into at once.
const MOST: usize = 24;

/// How many are looked into at once to begin with. Small servers queue few connections, and what does
/// not fit into the queue is only tried again after a second; so a burst would cost more than it gains.
const FIRST: usize = 4;

/// A piece that takes as long as this was mostly waiting for a distant server, where more threads help.
const WAITING: Duration = Duration::from_millis(10);

/// Work for several threads, whose number grows while they are mostly waiting.
pub(super) struct Queue<'a, T, W> {
    open: &'a [usize],
    next: AtomicUsize,
    workers: AtomicUsize,
    /// How many threads there may be.
    most: usize,
    done: Mutex<Vec<(usize, T)>>,
    work: W,
}

impl<'a, T: Send, W: Fn(usize) -> T + Sync> Queue<'a, T, W> {
    /// Ready to work on `open`.
    pub(super) fn new(open: &'a [usize], work: W) -> Self {
        Queue {
            open,
            next: AtomicUsize::new(0),
            workers: AtomicUsize::new(0),
            most: limits::threads(MOST),
            done: Mutex::new(Vec::with_capacity(open.len())),
            work,
        }
    }

    /// Do everything; the results come in no order.
    pub(super) fn run(self) -> Vec<(usize, T)> {
        thread::scope(|scope| {
            for _ in 0..self.open.len().min(FIRST) {
                self.spawn(scope);
            }
            // Where no thread can be had, this one does it all.
            if self.workers.load(Ordering::Relaxed) == 0 {
                self.work(scope);
            }
        });
        self.done
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// One more thread, unless there are enough of them or nothing is left to begin.
    fn spawn<'s>(&'s self, scope: &'s Scope<'s, '_>) {
        let is_left = self.next.load(Ordering::Relaxed) < self.open.len();
        let one_more = |count| (is_left && count < self.most).then_some(count + 1);
        let counted = self
            .workers
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more);
        let spawn = || thread::Builder::new().spawn_scoped(scope, move || self.work(scope));
        if counted.is_ok() && spawn().is_err() {
            self.workers.fetch_sub(1, Ordering::Relaxed);
        }
    }

    fn work<'s>(&'s self, scope: &'s Scope<'s, '_>) {
        while let Some(&piece) = self.open.get(self.next.fetch_add(1, Ordering::Relaxed)) {
            let start = Instant::now();
            let result = (self.work)(piece);
            let has_waited = start.elapsed() >= WAITING;
            let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
            done.push((piece, result));
            drop(done);
            if has_waited {
                self.spawn(scope);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_piece_is_done_once_by_a_bounded_number() {
        for count in [0, 1, 5, 7, 500] {
            let open: Vec<usize> = (0..count).map(|number| number * 3).collect();
            let (busy, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
            let queue = Queue::new(&open, |piece| {
                most.fetch_max(busy.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                thread::yield_now();
                busy.fetch_sub(1, Ordering::SeqCst);
                piece + 1
            });
            let mut done = queue.run();
            done.sort_unstable();
            let expected: Vec<_> = open.iter().map(|piece| (*piece, piece + 1)).collect();
            assert_eq!(done, expected);
            assert!(most.into_inner() <= MOST);
        }
    }
}
