//! How much of the machine all conversations together may have.

use std::sync::Arc;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// Bytes of all mails that are under way.
const MEMORY: usize = 256 << 20;
/// In these units.
const UNIT: usize = 64 << 10;

/// Places of conversations, and memory for mails.
#[derive(Clone)]
pub(super) struct Room {
    places: Arc<Semaphore>,
    memory: Arc<Semaphore>,
    wanted: Arc<Notify>,
}

/// A place; free again when dropped.
pub(super) struct Place(#[expect(dead_code, reason = "held, not read")] OwnedSemaphorePermit);

/// Memory of one mail; free again when dropped.
#[derive(Default)]
pub(super) struct Memory {
    held: Vec<OwnedSemaphorePermit>,
}

impl Room {
    pub(super) fn new(places: usize) -> Self {
        Room {
            places: Arc::new(Semaphore::new(places)),
            memory: Arc::new(Semaphore::new(MEMORY / UNIT)),
            wanted: Arc::default(),
        }
    }

    /// A place; when none is free, the conversation that has been idle longest is asked to go.
    pub(super) async fn place(&self) -> Option<Place> {
        let places = Arc::clone(&self.places);
        let place = match Arc::clone(&places).try_acquire_owned() {
            Ok(place) => place,
            Err(_) => {
                self.wanted.notify_one();
                places.acquire_owned().await.ok()?
            }
        };
        Some(Place(place))
    }

    /// Waits until this conversation is asked to make room; those that wait longest are asked first.
    pub(super) async fn asked(&self) {
        self.wanted.notified().await;
    }

    /// Sees to it that a mail of so many bytes fits; whether it does.
    pub(super) fn fits(&self, bytes: usize, memory: &mut Memory) -> bool {
        while memory.held.len() * UNIT < bytes {
            match Arc::clone(&self.memory).try_acquire_owned() {
                Ok(permit) => memory.held.push(permit),
                Err(_) => return false,
            }
        }
        true
    }
}
