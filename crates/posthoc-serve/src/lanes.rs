//! How much is done at once: pages, searches and downloads wait for their own kind only, so that
//! slow questions do not keep anybody from reading.

use crate::ask::Ask;
use crate::pool::{Pool, Undone};
use posthoc_archive::Shape;
use posthoc_core::route::Route;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long a page waits for its turn.
const TURN: Duration = Duration::from_secs(10);

/// Bytes of downloads that are held at once, in units of [`UNIT`]: one that is larger than all takes
/// it all.
const ROOM: u32 = 256;
const UNIT: usize = 1 << 20;

/// A part of the room for downloads; given back when dropped.
pub(crate) type Room = OwnedSemaphorePermit;

/// Pieces of work of each kind that may wait for their turn.
const QUEUE: usize = 32;

/// A kind of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Pages: what people read.
    Page,
    /// Answers to searches.
    Search,
    /// Files that are made of many mails.
    Download,
}

impl Kind {
    /// What a request asks for.
    pub(crate) fn of(ask: &Ask) -> Self {
        match ask {
            Ask::Search(_, words) if words.shape == Shape::Mailbox => Kind::Download,
            Ask::Search(..) => Kind::Search,
            Ask::Page(Route::TextVolume(..) | Route::MboxVolume(..) | Route::ThreadMbox(..)) => {
                Kind::Download
            }
            _ => Kind::Page,
        }
    }

    /// How long one piece of it may take, waiting for its turn included.
    fn patience(self) -> Duration {
        match self {
            Kind::Page | Kind::Search => Duration::from_secs(30),
            Kind::Download => Duration::from_secs(300),
        }
    }
}

/// All kinds of work.
pub(crate) struct Lanes {
    pages: Arc<Semaphore>,
    searches: Pool,
    downloads: Pool,
    /// Passwords to check: each takes some memory.
    pub(crate) sign_ins: Pool,
    room: Arc<Semaphore>,
}

/// Why a piece of work has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missed {
    /// There was no turn for it.
    Full,
    /// It took too long.
    Late,
    /// It panicked.
    Broken,
}

impl From<Undone> for Missed {
    fn from(why: Undone) -> Self {
        match why {
            Undone::Full => Missed::Full,
            Undone::Broken => Missed::Broken,
        }
    }
}

impl Lanes {
    /// For a machine with that many cores.
    ///
    /// # Errors
    /// The system gives no threads.
    pub(crate) fn new(cores: usize) -> std::io::Result<Self> {
        Ok(Lanes {
            pages: Arc::new(Semaphore::new(cores.max(1) * 4)),
            // One core is left for reading where there are several.
            searches: Pool::new("search", cores.saturating_sub(1), QUEUE)?,
            downloads: Pool::new("download", cores / 2, QUEUE)?,
            sign_ins: Pool::new("sign-in", cores / 2, QUEUE)?,
            room: Arc::new(Semaphore::new(ROOM as usize)),
        })
    }

    /// Has a piece of work done where waiting for storage holds up nobody but its own kind. It goes
    /// on to its end when it is late, and holds its turn so long.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        kind: Kind,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Missed> {
        let done = async {
            match kind {
                Kind::Page => self.page(work).await,
                Kind::Search => Ok(self.searches.run(work).await?),
                Kind::Download => Ok(self.downloads.run(work).await?),
            }
        };
        match tokio::time::timeout(kind.patience(), done).await {
            Ok(done) => done,
            Err(_) => Err(Missed::Late),
        }
    }

    async fn page<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Missed> {
        let turn = Arc::clone(&self.pages).acquire_owned();
        let turn = match tokio::time::timeout(TURN, turn).await {
            Ok(Ok(turn)) => turn,
            _ => return Err(Missed::Full),
        };
        let work = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        work.await.map_err(|_| Missed::Broken)
    }

    /// Room for so many bytes until they are sent, if there is some now: clients that read slowly
    /// keep their downloads in memory.
    pub(crate) fn room(&self, bytes: usize) -> Option<Room> {
        let units = u32::try_from(bytes / UNIT).unwrap_or(ROOM).min(ROOM);
        Arc::clone(&self.room).try_acquire_many_owned(units).ok()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn room_is_given_back() {
        let lanes = Lanes::new(2).unwrap();
        let most = lanes.room(usize::MAX);
        assert!(most.is_some());
        assert!(lanes.room(UNIT).is_none());
        assert!(lanes.room(UNIT - 1).is_some());
        drop(most);
        assert!(lanes.room(UNIT).is_some());
    }
}
