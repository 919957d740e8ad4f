//! The one thread that writes: mails that wait are appended together.

use crate::current::Current;
use crate::log;
use crate::site::now;
use posthoc_archive::{Letterbox, Posted, Posting, Store};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::oneshot;

/// Mails of one fsync, and their bytes.
const MOST_MAILS: usize = 200;
const MOST_BYTES: usize = 32 << 20;
/// How long is waited for the next mail before what came is made visible.
const LULL: Duration = Duration::from_millis(50);
/// How long is waited when nothing is to be done.
const IDLE: Duration = Duration::from_secs(60);

/// A mail, and who waits to hear what became of it.
struct Job {
    mail: Posted,
    say: oneshot::Sender<Vec<Posting>>,
}

/// The way to the thread.
#[derive(Clone)]
pub(crate) struct Post(Sender<Job>);

impl Post {
    /// Starts the thread; it ends, with all done, when nobody holds a [`Post`] any more.
    pub(crate) fn start(
        store: Arc<dyn Store>,
        current: Current,
    ) -> std::io::Result<(Post, JoinHandle<()>)> {
        let (jobs, waiting) = channel();
        let thread = std::thread::Builder::new()
            .name("posthoc-post".to_owned())
            .spawn(move || run(&*store, &current, &waiting))?;
        Ok((Post(jobs), thread))
    }

    /// Hands a mail over and waits until it is durable, or is not to be. None when that cannot be known.
    pub(crate) async fn send(&self, mail: Posted) -> Option<Vec<Posting>> {
        let (say, said) = oneshot::channel();
        self.0.send(Job { mail, say }).ok()?;
        said.await.ok()
    }
}

fn run(store: &dyn Store, current: &Current, waiting: &Receiver<Job>) {
    let mut letterbox = Letterbox::new(store);
    let mut pause = IDLE;
    loop {
        match waiting.recv_timeout(pause) {
            Ok(first) => {
                let (mails, hearers) = together(first, waiting);
                let app = current.now();
                let work =
                    AssertUnwindSafe(|| letterbox.take(&mails, app.site(), now(), &app.limits()));
                match catch_unwind(work) {
                    Ok(postings) => answer(hearers, postings),
                    Err(_) => {
                        // It has said so itself. Whoever waits hears that it is not known.
                        log("a mail that came by LMTP met a bug; it stays with its sender");
                        letterbox = Letterbox::new(store);
                    }
                }
                pause = LULL;
            }
            Err(RecvTimeoutError::Timeout) => pause = rest(&mut letterbox),
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    while rest(&mut letterbox) != IDLE {
        std::thread::sleep(LULL);
    }
}

fn rest(letterbox: &mut Letterbox<'_>) -> Duration {
    match letterbox.rest() {
        Ok(false) => LULL,
        Ok(true) => IDLE,
        Err(error) => {
            log(&format!(
                "what came by LMTP is safe, but not shown yet: {error}"
            ));
            IDLE
        }
    }
}

/// The first, and all that wait behind it.
fn together(
    first: Job,
    waiting: &Receiver<Job>,
) -> (Vec<Posted>, Vec<oneshot::Sender<Vec<Posting>>>) {
    let mut bytes = first.mail.bytes.len();
    let (mut mails, mut hearers) = (vec![first.mail], vec![first.say]);
    while mails.len() < MOST_MAILS && bytes < MOST_BYTES {
        let Ok(Job { mail, say }) = waiting.try_recv() else {
            break;
        };
        bytes += mail.bytes.len();
        mails.push(mail);
        hearers.push(say);
    }
    (mails, hearers)
}

fn answer(hearers: Vec<oneshot::Sender<Vec<Posting>>>, postings: Vec<Vec<Posting>>) {
    for (say, posting) in hearers.into_iter().zip(postings) {
        // Nobody may be left to hear it.
        let _ = say.send(posting);
    }
}
