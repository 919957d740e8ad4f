//! Looks again and again into the mailboxes that are watched, and takes in what is new in them.

use crate::current::Current;
use crate::log;
use crate::site::now;
use posthoc_archive::{Store, Watched, Watcher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often is looked.
const LOOK: Duration = Duration::from_secs(2);
/// How long at most is waited with a mailbox that could not be read.
const LONGEST: Duration = Duration::from_secs(64);

/// The work beside serving; ends, after the look it is at, when this is dropped.
pub(crate) struct Mailboxes {
    end: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Mailboxes {
    /// Begins. Which mailboxes there are may change with the settings.
    pub(crate) fn start(store: Arc<dyn Store>, current: Current) -> std::io::Result<Self> {
        let (end, ended) = channel();
        let thread = std::thread::Builder::new()
            .name("posthoc-mailboxes".to_owned())
            .spawn(move || {
                let mut boxes = Vec::new();
                let mut pause = Duration::ZERO;
                while ended.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                    pause = round(&mut boxes, &*store, &current);
                }
            })?;
        Ok(Mailboxes {
            end: Some(end),
            thread: Some(thread),
        })
    }
}

impl Drop for Mailboxes {
    fn drop(&mut self) {
        self.end = None;
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so; there is nothing to do about it here.
            let _ = thread.join();
        }
    }
}

/// A mailbox, and how looking at it goes.
struct Mailbox {
    watcher: Watcher,
    /// What was wrong the last time, so that it is said once.
    said: String,
    /// How long it is let be, and how much of that is left.
    pause: Duration,
    left: Duration,
}

impl Mailbox {
    fn new(watched: Watched) -> Self {
        Mailbox {
            watcher: Watcher::new(watched),
            said: String::new(),
            pause: LOOK,
            left: Duration::ZERO,
        }
    }
}

/// One look at each mailbox; answers how long to wait before the next.
fn round(boxes: &mut Vec<Mailbox>, store: &dyn Store, current: &Current) -> Duration {
    let app = current.now();
    follow(boxes, app.watched());
    let mut more = false;
    for mailbox in boxes.iter_mut() {
        mailbox.left = mailbox.left.saturating_sub(LOOK);
        if mailbox.left > Duration::ZERO {
            continue;
        }
        let watcher = &mut mailbox.watcher;
        let look = || watcher.look(store, app.site(), now(), &app.limits());
        let trouble = match catch_unwind(AssertUnwindSafe(look)) {
            Ok(Ok(looked)) => {
                for (verdict, mails) in [
                    ("archived", looked.archived),
                    ("held", looked.held),
                    ("passed", looked.passed),
                ] {
                    if mails > 0 {
                        app.metrics().mails("mailbox", verdict, mails);
                    }
                }
                more |= looked.more;
                looked.trouble
            }
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => {
                // What it knows may be of a look that was not ended.
                *mailbox = Mailbox::new(mailbox.watcher.of().clone());
                Some("taking in its mail is a bug".to_owned())
            }
        };
        mailbox.note(trouble);
    }
    match more {
        true => Duration::ZERO,
        false => LOOK,
    }
}

impl Mailbox {
    /// Says what is wrong, once, and looks less and less often while it is.
    fn note(&mut self, trouble: Option<String>) {
        let Some(trouble) = trouble else {
            self.said.clear();
            self.pause = LOOK;
            self.left = Duration::ZERO;
            return;
        };
        if self.said != trouble {
            let path = self.watcher.of().path.display();
            log(&format!("the mailbox {path} is left as it is: {trouble}"));
            self.said = trouble;
        }
        self.pause = (self.pause * 2).clamp(LOOK, LONGEST);
        self.left = self.pause;
    }
}

/// Takes over which mailboxes there are; what is known of those that stay is kept.
fn follow(boxes: &mut Vec<Mailbox>, watched: &[Watched]) {
    boxes.retain(|mailbox| watched.contains(mailbox.watcher.of()));
    for one in watched {
        if !boxes.iter().any(|mailbox| mailbox.watcher.of() == one) {
            boxes.push(Mailbox::new(one.clone()));
        }
    }
}
