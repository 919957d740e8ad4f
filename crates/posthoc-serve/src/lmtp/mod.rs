//! LMTP (RFC 2033): mail from a mail system on this machine. It is answered when it is durable.
//!
//! 1. Here: connections, and the end.
//! 2. `room`: how many, and how much memory; `talk`: their bytes and times.
//! 3. `session`: the conversation; posthoc-core's `lmtp` reads its lines and mails.
//! 4. `post`: the thread that writes, mails that wait together.
//!
//! What a mail is, and which list is meant, is posthoc-archive's to say.

mod post;
mod room;
mod session;
mod talk;

use crate::ServeError;
use crate::current::Current;
use crate::listen::{Door, Listen, Visitor};
use crate::metrics::Metrics;
use crate::passed::Passed;
use crate::patience::Patient;
use post::Post;
use posthoc_archive::Store;
use room::{Place, Room};
use session::{Session, State};
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use talk::Talk;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long a client may read nothing of what is said.
const READER_PATIENCE: Duration = Duration::from_secs(60);
/// How long what is under way may take to its end when the door closes.
const LAST_MAILS: Duration = Duration::from_secs(10);
/// Who may open a socket in the file system: its owner and its group.
const SOCKET_MODE: u32 = 0o660;

/// How mail is taken by LMTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lmtp {
    /// Where: a socket in the file system, or an address of this machine's own. Whoever can connect can
    /// put mail into every list.
    pub listen: Listen,
    /// Bytes of the longest mail.
    pub longest: usize,
    /// Conversations at once; when there are more, those that have been idle longest are ended.
    pub places: usize,
}

impl Default for Lmtp {
    fn default() -> Self {
        Lmtp {
            listen: Listen::Tcp((std::net::Ipv4Addr::LOCALHOST, 24).into()),
            longest: 64 << 20,
            places: 1_024,
        }
    }
}

/// The door for mail, open.
pub(crate) struct MailDoor {
    door: Door,
    room: Room,
    longest: usize,
    metrics: Arc<Metrics>,
    post: Post,
    writer: JoinHandle<()>,
}

impl MailDoor {
    /// With so many places, which may be fewer than are wanted.
    pub(crate) async fn open(
        lmtp: &Lmtp,
        passed: &Passed,
        places: usize,
        store: Arc<dyn Store>,
        current: Current,
    ) -> Result<Self, ServeError> {
        let metrics = Arc::clone(current.now().metrics());
        let door = Door::open(&lmtp.listen, passed).await?;
        if !door.is_near() {
            let line = "LMTP is for this machine alone";
            let source = std::io::Error::new(std::io::ErrorKind::InvalidInput, line);
            let at = door.place();
            return Err(ServeError::Listen { at, source });
        }
        if let Listen::Unix(path) = &lmtp.listen {
            let mode = std::fs::Permissions::from_mode(SOCKET_MODE);
            std::fs::set_permissions(path, mode).map_err(ServeError::Start)?;
        }
        let (post, writer) = Post::start(store, current).map_err(ServeError::Start)?;
        Ok(MailDoor {
            door,
            room: Room::new(places),
            longest: lmtp.longest,
            metrics,
            post,
            writer,
        })
    }

    /// Where it is.
    pub(crate) fn place(&self) -> String {
        self.door.place()
    }

    /// The next connection, with its place.
    async fn next(&self) -> Option<(Visitor, Place)> {
        let visitor = self.door.accept().await;
        Some((visitor, self.room.place().await?))
    }

    /// Takes connections until `closed` says so, then lets what is under way end.
    pub(crate) async fn stand(self, mut closed: watch::Receiver<bool>) {
        let mut visits = JoinSet::new();
        let ended = closed.clone();
        // Kept from round to round: who was let in and waits for a place must not be forgotten.
        let mut next = Box::pin(self.next());
        loop {
            tokio::select! {
                _ = closed.wait_for(|closed| *closed) => break,
                Some(_) = visits.join_next(), if !visits.is_empty() => {}
                came = &mut next => {
                    let Some((visitor, place)) = came else { break };
                    next.set(self.next());
                    let visit = Visit {
                        post: self.post.clone(),
                        room: self.room.clone(),
                        longest: self.longest,
                        metrics: Arc::clone(&self.metrics),
                        closed: ended.clone(),
                    };
                    visits.spawn(async move {
                        match visitor {
                            Visitor::Tcp(stream, _) => visit.run(stream).await,
                            Visitor::Unix(stream) => visit.run(stream).await,
                        }
                        drop(place);
                    });
                }
            }
        }
        drop(next);
        self.door.close();
        let done = async { while visits.join_next().await.is_some() {} };
        // Who is not done by then is cut off; what was answered is durable.
        let _ = tokio::time::timeout(LAST_MAILS, done).await;
        visits.shutdown().await;
        drop(self.post);
        let writer = self.writer;
        // A thread that panicked has said so.
        let _ = tokio::task::spawn_blocking(move || writer.join()).await;
    }
}

/// What one connection needs.
struct Visit {
    post: Post,
    room: Room,
    longest: usize,
    metrics: Arc<Metrics>,
    closed: watch::Receiver<bool>,
}

impl Visit {
    async fn run<T: AsyncRead + AsyncWrite + Unpin>(self, stream: T) {
        let stream = Patient::new(stream, READER_PATIENCE);
        let session = Session {
            talk: Talk::new(stream, self.room.clone(), self.closed),
            post: &self.post,
            room: &self.room,
            longest: self.longest,
            metrics: self.metrics,
            state: State::default(),
        };
        session.run().await;
    }
}
