//! Threads of one kind of work that must not get in the way of reading: few, at a lower priority,
//! with a short queue. What does not fit in is refused at once.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

/// How much such threads stand back (nice): with it a reader gets nearly all of a core that both want.
const STAND_BACK: i32 = 19;

type Job = Box<dyn FnOnce() + Send>;

/// The threads end when this is dropped and what is queued is done.
#[derive(Clone)]
pub(crate) struct Pool {
    jobs: SyncSender<Job>,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Undone {
    /// The queue is full.
    Full,
    /// The work panicked.
    Broken,
}

impl Pool {
    /// Starts so many threads, with room for so many pieces of work that wait.
    ///
    /// # Errors
    /// The system gives no threads.
    pub(crate) fn new(name: &str, threads: usize, queue: usize) -> std::io::Result<Self> {
        let (jobs, waiting) = sync_channel(queue);
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..threads.max(1) {
            let waiting = Arc::clone(&waiting);
            std::thread::Builder::new()
                .name(format!("posthoc-{name}"))
                .spawn(move || run(&waiting))?;
        }
        Ok(Pool { jobs })
    }

    /// Has a piece of work done; not begun when nobody waits for it any more.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Undone> {
        let (say, said) = oneshot::channel();
        let job = move || {
            if !say.is_closed() {
                // Nobody may be left to hear it.
                let _ = say.send(work());
            }
        };
        self.jobs
            .try_send(Box::new(job))
            .map_err(|_| Undone::Full)?;
        said.await.map_err(|_| Undone::Broken)
    }
}

/// Moves this thread behind those of the process that did not, however nice that is itself.
fn stand_back() -> rustix::io::Result<()> {
    use rustix::process::{getpriority_process, setpriority_process};
    setpriority_process(None, getpriority_process(None)? + STAND_BACK)
}

fn run(waiting: &Mutex<Receiver<Job>>) {
    // Where the system does not let us stand back, the work is done all the same.
    let _ = stand_back();
    loop {
        let next = waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .recv();
        let Ok(job) = next else { return };
        // It has told by itself; whoever waits for it learns it too.
        let _ = catch_unwind(AssertUnwindSafe(job));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn what_does_not_fit_is_refused() {
        let pool = Pool::new("test", 1, 1).unwrap();
        let (open, gate) = std::sync::mpsc::channel::<()>();
        let (say, began) = oneshot::channel();
        let busy = {
            let pool = pool.clone();
            tokio::spawn(async move {
                let work = move || {
                    say.send(()).unwrap();
                    gate.recv().unwrap();
                };
                pool.run(work).await
            })
        };
        began.await.unwrap();
        // One that nobody waits for any more is not begun.
        let waiting = {
            let pool = pool.clone();
            tokio::spawn(async move { pool.run(|| panic!("nobody waits")).await })
        };
        while pool.jobs.try_send(Box::new(|| ())).is_ok() {
            tokio::task::yield_now().await;
        }
        assert_eq!(pool.run(|| 2).await, Err(Undone::Full));
        waiting.abort();
        open.send(()).unwrap();
        assert_eq!(busy.await.unwrap(), Ok(()));
        loop {
            match pool.run(|| 3).await {
                Ok(three) => break assert_eq!(three, 3),
                Err(_) => tokio::task::yield_now().await,
            }
        }
        assert_eq!(
            pool.run(|| -> u8 { panic!("a bug") }).await,
            Err(Undone::Broken)
        );
        assert_eq!(pool.run(|| 4).await, Ok(4));
    }
}
