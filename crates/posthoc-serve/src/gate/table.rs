//! A table of fixed size: what is known of many strangers, in memory that they cannot make grow.

use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Entries that share a lock and a fate: the one that was used longest ago gives way to a new one.
const WAYS: usize = 8;

/// What is known of a key.
#[derive(Clone, Copy, Debug)]
struct Entry<V> {
    tag: u64,
    used: u64,
    value: V,
}

/// Keys and small values. Two keys are one with a chance of one in 2^64; which, nobody outside can
/// arrange, for the hash has a random key.
pub(crate) struct Table<V> {
    sets: Vec<Mutex<[Option<Entry<V>>; WAYS]>>,
    hasher: RandomState,
}

impl<V: Copy> Table<V> {
    /// A table with room for about so many keys, all of it taken at once.
    pub(crate) fn new(room: usize) -> Self {
        let sets = (room / WAYS).max(1).next_power_of_two();
        Table {
            sets: (0..sets).map(|_| Mutex::new([None; WAYS])).collect(),
            hasher: RandomState::new(),
        }
    }

    /// Looks at a key's value and changes it. `now` is any clock that does not go back; `fresh` makes
    /// the value of a key that is not known, from the moment in which the entry that gives way to it
    /// was used last.
    pub(crate) fn with<R>(
        &self,
        key: impl Hash,
        now: u64,
        fresh: impl FnOnce(Option<u64>) -> V,
        act: impl FnOnce(&mut V) -> R,
    ) -> R {
        let (mut set, tag) = self.set(key);
        if let Some(entry) = set.iter_mut().flatten().find(|entry| entry.tag == tag) {
            entry.used = now;
            return act(&mut entry.value);
        }
        let place = set
            .iter()
            .enumerate()
            .min_by_key(|(_, entry)| entry.as_ref().map(|entry| entry.used))
            .map_or(0, |(place, _)| place);
        let before = set[place].as_ref().map(|entry| entry.used);
        let entry = set[place].insert(Entry {
            tag,
            used: now,
            value: fresh(before),
        });
        act(&mut entry.value)
    }

    /// A key's value, without making one.
    pub(crate) fn get(&self, key: impl Hash) -> Option<V> {
        let (set, tag) = self.set(key);
        let mut entries = set.iter().flatten();
        entries
            .find(|entry| entry.tag == tag)
            .map(|entry| entry.value)
    }

    /// Forgets a key.
    pub(crate) fn forget(&self, key: impl Hash) {
        let (mut set, tag) = self.set(key);
        for place in set.iter_mut() {
            if place.as_ref().is_some_and(|entry| entry.tag == tag) {
                *place = None;
            }
        }
    }

    fn set(&self, key: impl Hash) -> (MutexGuard<'_, [Option<Entry<V>>; WAYS]>, u64) {
        let tag = self.hasher.hash_one(key);
        // The length is a power of two.
        let set = &self.sets[(tag >> 32) as usize & (self.sets.len() - 1)];
        (set.lock().unwrap_or_else(PoisonError::into_inner), tag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_gives_way_and_the_table_stays_as_it_is() {
        let table: Table<u32> = Table::new(1);
        assert_eq!(table.sets.len(), 1);
        for key in 0..1_000_u32 {
            table.with(key, key.into(), |_| key, |_| ());
        }
        for key in 0..1_000 {
            let kept = (key >= 1_000 - WAYS as u32).then_some(key);
            assert_eq!(table.get(key), kept);
        }
        table.forget(999_u32);
        assert_eq!(table.get(999_u32), None);
        let before = table.with(
            5_u32,
            2_000,
            |before| before.map_or(7, |_| 8),
            |value| *value,
        );
        assert_eq!(before, 7, "there was a free place");
    }

    #[test]
    fn room_is_used() {
        let table: Table<u32> = Table::new(4_096);
        for key in 0..2_048_u32 {
            table.with(key, 0, |_| key, |_| ());
        }
        let kept = (0..2_048_u32).filter(|key| table.get(*key).is_some());
        assert!(kept.count() > 2_000);
    }
}
