//! Takes in what is delivered while the site is served, and keeps rows and words up.

use crate::current::Current;
use crate::log;
use crate::site::now;
use posthoc_archive::{Store, Waiting};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often is looked.
const LOOK: Duration = Duration::from_secs(1);
/// How long at most is waited with what did not work.
const LONGEST: Duration = Duration::from_secs(64);

/// The work beside serving; ends, after the batch it is at, when this is dropped.
pub(crate) struct Fresh {
    end: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Fresh {
    /// Begins.
    pub(crate) fn start(store: Arc<dyn Store>, current: Current) -> std::io::Result<Self> {
        let (end, ended) = channel();
        let thread = std::thread::Builder::new()
            .name("posthoc-fresh".to_owned())
            .spawn(move || {
                let mut state = State::default();
                let mut pause = LOOK;
                while ended.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                    pause = state.round(&*store, &current);
                }
            })?;
        Ok(Fresh {
            end: Some(end),
            thread: Some(thread),
        })
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        self.end = None;
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so; there is nothing to do about it here.
            let _ = thread.join();
        }
    }
}

/// What went wrong last, so that it is said once and not tried every second.
#[derive(Default)]
struct State {
    said: String,
    pause: Duration,
    waiting: Waiting,
}

impl State {
    /// One look; answers when to look again.
    fn round(&mut self, store: &dyn Store, current: &Current) -> Duration {
        let app = current.now();
        let look = || self.waiting.look(store, now(), &app.limits());
        let work = catch_unwind(AssertUnwindSafe(look));
        let words = match work {
            Ok(Ok(mails)) => {
                if mails > 0 {
                    app.metrics().mails("incoming", "archived", mails as u64);
                }
                self.said.clear();
                self.pause = LOOK;
                return LOOK;
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => "taking in delivered mail is a bug".to_owned(),
        };
        if self.said != words {
            log(&format!("the site stays as it is: {words}"));
            self.said = words;
        }
        self.pause = (self.pause * 2).clamp(LOOK, LONGEST);
        self.pause
    }
}
