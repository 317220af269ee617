//! Work shared out among threads: pure work in chunks, and work that waits for others one by one.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, Scope, ScopedJoinHandle};
use std::time::{Duration, Instant};

/// More threads than this gain nothing: what they do is bound by memory.
const MAX_THREADS: usize = 8;

/// An item that takes as long as this was mostly waiting for others, where more threads help.
const WAITING: Duration = Duration::from_millis(10);

/// Apply `work` to chunks of `items` of at least `min_chunk`, on as many threads as there are processors;
/// the results have the order of the items. What fits one chunk is done on the spot: a thread costs more
/// than a few items.
pub fn in_chunks<T: Sync, R: Send>(
    items: &[T],
    min_chunk: usize,
    work: impl Fn(&[T]) -> R + Sync,
) -> Vec<R> {
    if items.len() <= min_chunk {
        return vec![work(items)];
    }
    let chunk = items
        .len()
        .div_ceil(processors().min(MAX_THREADS))
        .max(min_chunk);
    let work = &work;
    thread::scope(|scope| {
        let chunks = items.chunks(chunk);
        let workers: Vec<_> = chunks.map(|part| begin(scope, part, work)).collect();
        workers.into_iter().map(Worker::end).collect()
    })
}

/// One chunk: on its way in a thread, or done.
enum Worker<'scope, R> {
    Running(ScopedJoinHandle<'scope, R>),
    Done(R),
}

/// Begin with a chunk; do it here where no thread can be had, as under a limit of address space.
fn begin<'scope, T: Sync, R: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    part: &'scope [T],
    work: &'scope (impl Fn(&[T]) -> R + Sync),
) -> Worker<'scope, R> {
    let thread = thread::Builder::new().spawn_scoped(scope, move || work(part));
    thread.map_or_else(|_| Worker::Done(work(part)), Worker::Running)
}

impl<R> Worker<'_, R> {
    fn end(self) -> R {
        match self {
            Worker::Running(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            Worker::Done(result) => result,
        }
    }
}

/// How long this process has kept processors busy.
pub fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

fn processors() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// Do `work` in this thread, and meanwhile `ahead` for one of `items` after the other in a thread of its own, as far as
/// it comes before the work has ended. Where there is one processor, or no thread can be had, only the work is done.
pub fn with_ahead<T: Sync, R>(
    items: &[T],
    ahead: impl Fn(&T) + Sync,
    work: impl FnOnce() -> R,
) -> R {
    if processors() == 1 {
        return work();
    }
    let has_ended = AtomicBool::new(false);
    let until_the_end = || {
        let is_open = |_: &&T| !has_ended.load(Ordering::Relaxed);
        items.iter().take_while(is_open).for_each(&ahead);
    };
    thread::scope(|scope| {
        let thread = thread::Builder::new().spawn_scoped(scope, until_the_end);
        let result = work();
        has_ended.store(true, Ordering::Relaxed);
        if let Ok(thread) = thread {
            thread.join().unwrap_or_else(|panic| resume_unwind(panic));
        }
        result
    })
}

/// How many threads do the work of [`each`].
#[derive(Clone, Copy, Debug)]
pub struct Workers {
    /// So many to begin with.
    pub first: usize,
    /// As many at most: one more comes whenever an item was mostly waiting.
    pub most: usize,
}

/// Apply `work` to each of `items`, where it mostly waits for others; the results have the order of the
/// items. This thread works too, so that everything is done where no other can be had.
pub fn each<T: Sync, R: Send>(
    items: &[T],
    workers: Workers,
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let queue = Queue {
        items,
        next: AtomicUsize::new(0),
        threads: AtomicUsize::new(1),
        most: workers.most,
        done: Mutex::new(Vec::with_capacity(items.len())),
        work,
    };
    thread::scope(|scope| {
        for _ in 1..items.len().min(workers.first) {
            queue.spawn(scope);
        }
        queue.run(scope);
    });
    let done = queue.done.into_inner();
    let mut done = done.unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Items that wait to be worked on.
struct Queue<'t, T, R, W> {
    items: &'t [T],
    next: AtomicUsize,
    threads: AtomicUsize,
    most: usize,
    done: Mutex<Vec<(usize, R)>>,
    work: W,
}

impl<T: Sync, R: Send, W: Fn(&T) -> R + Sync> Queue<'_, T, R, W> {
    /// One more thread, unless there are enough of them or nothing is left to begin.
    fn spawn<'s>(&'s self, scope: &'s Scope<'s, '_>) {
        let is_left = self.next.load(Ordering::Relaxed) < self.items.len();
        let one_more = |count| (is_left && count < self.most).then_some(count + 1);
        let threads = &self.threads;
        let counted = threads.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more);
        let spawn = || thread::Builder::new().spawn_scoped(scope, move || self.run(scope));
        if counted.is_ok() && spawn().is_err() {
            threads.fetch_sub(1, Ordering::Relaxed);
        }
    }

    fn run<'s>(&'s self, scope: &'s Scope<'s, '_>) {
        loop {
            let place = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = self.items.get(place) else {
                return;
            };
            let start = Instant::now();
            let result = (self.work)(item);
            let has_waited = start.elapsed() >= WAITING;
            let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
            done.push((place, result));
            drop(done);
            if has_waited {
                self.spawn(scope);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests may fail")]

    use super::*;

    #[test]
    fn results_have_the_order_of_the_items() {
        let items: Vec<usize> = (0..1000).collect();
        for min_chunk in [1, 7, 999, 1000, 5000] {
            let chunks = in_chunks(&items, min_chunk, <[usize]>::to_vec);
            assert_eq!(chunks.concat(), items, "{min_chunk}");
        }
        assert_eq!(in_chunks(&[], 1, <[usize]>::len), [0]);
    }

    #[test]
    #[should_panic = "seven"]
    fn a_panic_of_a_worker_is_not_lost() {
        in_chunks(&[1, 7, 3], 1, |part| assert!(!part.contains(&7), "seven"));
    }

    #[test]
    fn each_item_is_done_once_by_a_bounded_number() {
        for (count, first, most) in [(0, 4, 24), (1, 4, 24), (5, 1, 1), (7, 16, 16), (500, 4, 24)] {
            let items: Vec<usize> = (0..count).collect();
            let (busy, highest) = (AtomicUsize::new(0), AtomicUsize::new(0));
            let done = each(&items, Workers { first, most }, |item| {
                highest.fetch_max(busy.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                thread::yield_now();
                busy.fetch_sub(1, Ordering::SeqCst);
                item + 1
            });
            assert_eq!(done, (1..=count).collect::<Vec<usize>>());
            assert!(highest.into_inner() <= most);
        }
    }

    #[test]
    fn what_is_ahead_ends_with_the_work() {
        let items: Vec<usize> = (0..100_000).collect();
        let seen = Mutex::new(Vec::new());
        let ahead = |item: &usize| seen.lock().unwrap().push(*item);
        let result = with_ahead(&items, ahead, || {
            while processors() > 1 && seen.lock().unwrap().is_empty() {
                thread::yield_now();
            }
            "done"
        });
        assert_eq!(result, "done");
        let seen = seen.into_inner().unwrap();
        assert_eq!(seen, items[..seen.len()], "in order, each once");
    }

    #[test]
    fn more_threads_come_where_items_wait() {
        let items = [(); 12];
        let (busy, highest) = (AtomicUsize::new(0), AtomicUsize::new(0));
        each(&items, Workers { first: 1, most: 4 }, |()| {
            highest.fetch_max(busy.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            thread::sleep(WAITING * 3);
            busy.fetch_sub(1, Ordering::SeqCst);
        });
        assert!((2..=4).contains(&highest.into_inner()));
    }

    #[test]
    #[should_panic]
    fn a_panic_on_one_item_is_not_lost() {
        let workers = Workers { first: 4, most: 4 };
        each(&[1, 7, 3, 4, 5, 6], workers, |item| assert_ne!(*item, 7));
    }
}
