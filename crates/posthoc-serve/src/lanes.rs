//! How much is done at once: pages, searches and downloads wait for their own kind only, so that
//! slow questions do not keep anybody from reading.

use crate::ask::Ask;
use posthoc_core::route::Route;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long a request waits for its turn.
const TURN: Duration = Duration::from_secs(10);

/// Bytes of downloads that are held at once, in units of [`UNIT`]: one that is larger than all takes
/// it all.
const ROOM: u32 = 256;
const UNIT: usize = 1 << 20;

/// A part of the room for downloads; given back when dropped.
pub(crate) type Room = OwnedSemaphorePermit;

/// One kind of work.
#[derive(Clone)]
pub(crate) struct Lane {
    turns: Arc<Semaphore>,
    /// How long one piece of it may take.
    pub(crate) patience: Duration,
}

impl Lane {
    fn new(turns: usize, patience: Duration) -> Self {
        Lane {
            turns: Arc::new(Semaphore::new(turns.max(1))),
            patience,
        }
    }

    /// A turn, when one comes in time. Held until the work is done, even if nobody waits for it any
    /// more.
    pub(crate) async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        let turn = Arc::clone(&self.turns).acquire_owned();
        tokio::time::timeout(TURN, turn).await.ok()?.ok()
    }
}

/// All kinds of work.
pub(crate) struct Lanes {
    pages: Lane,
    searches: Lane,
    downloads: Lane,
    room: Arc<Semaphore>,
}

impl Lanes {
    /// For a machine with that many cores.
    pub(crate) fn new(cores: usize) -> Self {
        Lanes {
            pages: Lane::new(cores * 4, Duration::from_secs(30)),
            searches: Lane::new(cores, Duration::from_secs(30)),
            downloads: Lane::new(cores / 2, Duration::from_secs(300)),
            room: Arc::new(Semaphore::new(ROOM as usize)),
        }
    }

    /// The lane of a request.
    pub(crate) fn of(&self, ask: &Ask) -> &Lane {
        match ask {
            Ask::Search(..) => &self.searches,
            Ask::Page(Route::TextVolume(..) | Route::MboxVolume(..) | Route::ThreadMbox(..)) => {
                &self.downloads
            }
            _ => &self.pages,
        }
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
    use super::*;

    #[test]
    fn room_is_given_back() {
        let lanes = Lanes::new(2);
        let most = lanes.room(usize::MAX);
        assert!(most.is_some());
        assert!(lanes.room(UNIT).is_none());
        assert!(lanes.room(UNIT - 1).is_some());
        drop(most);
        assert!(lanes.room(UNIT).is_some());
    }
}
