//! A store in memory: for tests, and the plainest reading of the ports.

use crate::{
    Catalog, Change, Direction, Generation, Guard, Index, Journal, MemoryIndex, Packing, Record,
    Result, Seq, Snapshot, Spool, Store, StoreError,
};
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

type Rows = BTreeMap<Vec<u8>, Vec<u8>>;

/// A store in memory. Clones are handles to one archive, as several processes have them.
#[derive(Clone, Default)]
pub struct MemoryStore {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    records: Mutex<Vec<Arc<Record>>>,
    rows: Mutex<(Generation, Arc<Rows>)>,
    index: MemoryIndex,
    spool: Mutex<Waiting>,
    locked: Mutex<bool>,
    unlocked: Condvar,
}

#[derive(Default)]
struct Waiting {
    put: u64,
    mails: BTreeMap<String, (String, i64, Vec<u8>)>,
}

impl MemoryStore {
    /// An empty archive.
    pub fn new() -> MemoryStore {
        MemoryStore::default()
    }
}

impl Store for MemoryStore {
    fn journal(&self) -> &dyn Journal {
        self
    }

    fn catalog(&self) -> &dyn Catalog {
        self
    }

    fn index(&self) -> &dyn Index {
        &self.shared.index
    }

    fn spool(&self) -> &dyn Spool {
        self
    }

    fn lock(&self, wait: Duration) -> Result<Box<dyn Guard + '_>> {
        let start = Instant::now();
        let mut locked = hold(&self.shared.locked);
        while *locked {
            let left = wait.saturating_sub(start.elapsed());
            if left.is_zero() {
                return Err(StoreError::Locked);
            }
            locked = self
                .shared
                .unlocked
                .wait_timeout(locked, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        *locked = true;
        Ok(Box::new(Held(&self.shared)))
    }
}

struct Held<'a>(&'a Shared);

impl Guard for Held<'_> {}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        *hold(&self.0.locked) = false;
        self.0.unlocked.notify_one();
    }
}

impl Journal for MemoryStore {
    fn generation(&self) -> Result<Generation> {
        Ok(Generation(hold(&self.shared.records).len() as u64))
    }

    fn append(&self, records: &[Record], _packing: Packing) -> Result<Generation> {
        let mut all = hold(&self.shared.records);
        all.extend(records.iter().cloned().map(Arc::new));
        Ok(Generation(all.len() as u64))
    }

    fn read(&self, seq: Seq) -> Result<Record> {
        let record = hold(&self.shared.records).get(seq as usize).cloned();
        record
            .map(|record| (*record).clone())
            .ok_or(StoreError::NoRecord(seq))
    }

    fn scan(&self, from: Seq, each: &mut dyn FnMut(Seq, Record) -> bool) -> Result<()> {
        let all = hold(&self.shared.records).clone();
        for (seq, record) in all.iter().enumerate().skip(from as usize) {
            if !each(seq as Seq, (**record).clone()) {
                break;
            }
        }
        Ok(())
    }

    fn replace(&self, records: &[(Seq, Record)]) -> Result<()> {
        let mut all = hold(&self.shared.records);
        for (seq, record) in records {
            let place = all
                .get_mut(*seq as usize)
                .ok_or(StoreError::NoRecord(*seq))?;
            *place = Arc::new(record.clone());
        }
        Ok(())
    }

    fn verify(&self, _damage: &mut dyn FnMut(StoreError)) -> Result<()> {
        Ok(())
    }

    fn stored_bytes(&self) -> Result<u64> {
        Ok(hold(&self.shared.records)
            .iter()
            .map(|record| record.body.len() as u64)
            .sum())
    }
}

impl Catalog for MemoryStore {
    fn snapshot(&self) -> Result<Box<dyn Snapshot + '_>> {
        let (generation, rows) = hold(&self.shared.rows).clone();
        Ok(Box::new(State { generation, rows }))
    }

    fn commit(&self, generation: Generation, changes: &[Change]) -> Result<()> {
        let mut state = hold(&self.shared.rows);
        let rows = Arc::make_mut(&mut state.1);
        for (key, value) in changes {
            match value {
                Some(value) => drop(rows.insert(key.clone(), value.clone())),
                None => drop(rows.remove(key)),
            }
        }
        state.0 = generation;
        Ok(())
    }

    fn clear(&self) -> Result<()> {
        *hold(&self.shared.rows) = Default::default();
        Ok(())
    }

    fn scrub(&self) -> Result<()> {
        Ok(())
    }
}

struct State {
    generation: Generation,
    rows: Arc<Rows>,
}

impl Snapshot for State {
    fn generation(&self) -> Generation {
        self.generation
    }

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>> {
        Ok(self.rows.get(key).cloned())
    }

    fn scan(
        &self,
        from: &[u8],
        to: &[u8],
        direction: Direction,
        each: &mut dyn FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<()> {
        if from >= to {
            return Ok(());
        }
        let mut range = self
            .rows
            .range::<[u8], _>((Bound::Included(from), Bound::Excluded(to)));
        let mut next = || match direction {
            Direction::Forward => range.next(),
            Direction::Backward => range.next_back(),
        };
        while let Some((key, value)) = next() {
            if !each(key, value) {
                break;
            }
        }
        Ok(())
    }
}

impl Spool for MemoryStore {
    fn put(&self, list: &str, received: i64, bytes: &[u8]) -> Result<String> {
        let mut spool = hold(&self.shared.spool);
        spool.put += 1;
        let name = format!("{:012}.{:012}", received.max(0), spool.put);
        spool
            .mails
            .insert(name.clone(), (list.to_owned(), received, bytes.to_vec()));
        Ok(name)
    }

    fn names(&self, limit: usize) -> Result<Vec<String>> {
        Ok(hold(&self.shared.spool)
            .mails
            .keys()
            .take(limit)
            .cloned()
            .collect())
    }

    fn get(&self, name: &str) -> Result<Option<(String, i64, Vec<u8>)>> {
        Ok(hold(&self.shared.spool).mails.get(name).cloned())
    }

    fn remove(&self, name: &str) -> Result<()> {
        hold(&self.shared.spool).mails.remove(name);
        Ok(())
    }
}

fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::MemoryStore;
    use crate::{Store, conformance::Fixture};

    struct InMemory(MemoryStore);

    impl Fixture for InMemory {
        fn handle(&self) -> Box<dyn Store> {
            Box::new(self.0.clone())
        }
    }

    crate::conformance_suite!(InMemory(MemoryStore::new()));
}
