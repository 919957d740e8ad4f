//! How much is done at once: pages, searches and downloads wait for their own kind only, so that
//! slow questions do not keep anybody from reading.

use crate::ask::Ask;
use posthoc_core::route::Route;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long a request waits for its turn.
const TURN: Duration = Duration::from_secs(10);

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
}

impl Lanes {
    /// For a machine with that many cores.
    pub(crate) fn new(cores: usize) -> Self {
        Lanes {
            pages: Lane::new(cores * 4, Duration::from_secs(30)),
            searches: Lane::new(cores, Duration::from_secs(30)),
            downloads: Lane::new(cores / 2, Duration::from_secs(300)),
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
}
