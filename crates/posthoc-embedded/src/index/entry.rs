//! A mail on its way into the engine, counted in bytes: the engine queues up to ten thousand mails,
//! which may be large.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;
use tantivy::schema::document::Document;
use tantivy::schema::{Field, OwnedValue};

/// Bytes of text that may wait in the engine's queue.
const IN_FLIGHT: usize = 8 << 20;
/// How long one mail waits for room before it goes in all the same; only a stuck engine needs it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Counts what waits.
#[derive(Clone, Debug, Default)]
pub(super) struct Queue(Arc<(Mutex<usize>, Condvar)>);

/// A mail that waits; leaves the queue when it is dropped.
#[derive(Debug)]
pub(super) struct Entry {
    values: Vec<(Field, OwnedValue)>,
    bytes: usize,
    queue: Queue,
}

impl Queue {
    /// Waits for room, and enters.
    pub(super) fn enter(&self, values: Vec<(Field, OwnedValue)>) -> Entry {
        let bytes = values.iter().map(|(_, value)| size(value)).sum();
        let (count, room) = &*self.0;
        let waiting = count.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |waiting: &mut usize| *waiting > 0 && *waiting + bytes > IN_FLIGHT;
        let (mut waiting, _) = room
            .wait_timeout_while(waiting, PATIENCE, full)
            .unwrap_or_else(PoisonError::into_inner);
        *waiting += bytes;
        Entry {
            values,
            bytes,
            queue: self.clone(),
        }
    }
}

fn size(value: &OwnedValue) -> usize {
    match value {
        OwnedValue::Str(text) => text.len(),
        _ => 8,
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let (count, room) = &*self.queue.0;
        let mut waiting = count.lock().unwrap_or_else(PoisonError::into_inner);
        *waiting = waiting.saturating_sub(self.bytes);
        room.notify_one();
    }
}

/// The values of an [`Entry`].
pub(super) struct Values<'a>(std::slice::Iter<'a, (Field, OwnedValue)>);

impl<'a> Iterator for Values<'a> {
    type Item = (Field, &'a OwnedValue);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(field, value)| (*field, value))
    }
}

impl Document for Entry {
    type Value<'a> = &'a OwnedValue;
    type FieldsValuesIter<'a> = Values<'a>;

    fn iter_fields_and_values(&self) -> Values<'_> {
        Values(self.values.iter())
    }
}
