//! Pure work shared out among the processors.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread::{self, Scope, ScopedJoinHandle};

/// More threads than this gain nothing: what they do is bound by memory.
const MAX_THREADS: usize = 8;

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
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let chunk = items
        .len()
        .div_ceil(threads.min(MAX_THREADS))
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

#[cfg(test)]
mod tests {
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
}
