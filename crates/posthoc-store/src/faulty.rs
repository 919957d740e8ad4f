//! A store that fails on purpose at its n-th step.
//!
//! A test runs a verb with n = 1, 2, 3 … until [`FaultyStore::failed`] stays false, resumes each time
//! on the store below, and expects the result of a run without failure.
//!
//! What is counted, and what a failure there leaves behind (never more than the ports allow):
//!
//! | operation | steps | left behind |
//! | --- | --- | --- |
//! | `Journal::append` | 3 | nothing; the first half of the batch; all of it, unacknowledged |
//! | `Journal::replace` | 3 | nothing; the first half of the records; all of them, unacknowledged |
//! | `Catalog::commit`, `clear`, `scrub` | 2 | nothing; all of it, unacknowledged |
//! | `IndexBatch::commit`, `Index::clear`, `scrub` | 2 | nothing; all of it, unacknowledged |
//! | `Spool::put` | 2 | nothing; the mail, unacknowledged |
//! | `Spool::remove` | 2 | nothing removed; removed, unacknowledged |
//! | `Store::lock` | 1 | not locked |
//!
//! Reading is counted only by a [`FaultyStore::reading`], one step for each question, also of a catalog's snapshot;
//! else it fails only after a [`Kind::Crash`]. The error is that of a full disk.

use crate::{
    Catalog, Change, Direction, Generation, Guard, Hits, Index, IndexBatch, Journal, Packing,
    Record, Result, Search, Seq, Snapshot, Spool, Store, StoreError,
};
use posthoc_core::query::{Doc, Query};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// What follows the failing step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The next steps work again: a passing error of the disk.
    Once,
    /// Every later operation fails too, reading included: the process is as good as dead.
    Crash,
}

/// Wraps a store; see the module's head.
pub struct FaultyStore {
    inner: Arc<dyn Store>,
    at: u64,
    kind: Kind,
    reads: bool,
    steps: AtomicU64,
    dead: AtomicBool,
}

impl FaultyStore {
    /// Fails at step `at`, counted from 1; 0 never fails.
    pub fn new(inner: Arc<dyn Store>, at: u64, kind: Kind) -> FaultyStore {
        FaultyStore {
            inner,
            at,
            kind,
            reads: false,
            steps: AtomicU64::new(0),
            dead: AtomicBool::new(false),
        }
    }

    /// The same, and what is read counts too: for verbs that write elsewhere.
    pub fn reading(inner: Arc<dyn Store>, at: u64, kind: Kind) -> FaultyStore {
        FaultyStore {
            reads: true,
            ..FaultyStore::new(inner, at, kind)
        }
    }

    /// Whether the step came and failed.
    pub fn failed(&self) -> bool {
        self.at != 0 && self.steps() >= self.at
    }

    /// Steps so far.
    pub fn steps(&self) -> u64 {
        self.steps.load(Ordering::SeqCst)
    }

    /// Counts `steps` steps of one operation; which of them is to fail now, from 0.
    fn fault(&self, steps: u64) -> Result<Option<u64>> {
        self.alive()?;
        let before = self.steps.fetch_add(steps, Ordering::SeqCst);
        let fails = (before + 1..=before + steps)
            .contains(&self.at)
            .then(|| self.at - before - 1);
        if fails.is_some() && self.kind == Kind::Crash {
            self.dead.store(true, Ordering::SeqCst);
        }
        Ok(fails)
    }

    /// Before something is read.
    fn read(&self) -> Result<()> {
        match self.reads {
            false => self.alive(),
            true => self.fault(1)?.map_or(Ok(()), |_| Err(fault())),
        }
    }

    fn alive(&self) -> Result<()> {
        if self.dead.load(Ordering::SeqCst) {
            Err(fault())
        } else {
            Ok(())
        }
    }

    /// Runs an operation of two steps: before it and after it.
    fn around<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        match self.fault(2)? {
            None => work(),
            Some(0) => Err(fault()),
            Some(_) => work().and(Err(fault())),
        }
    }
}

fn fault() -> StoreError {
    StoreError::Io {
        action: "fail on purpose",
        path: "faulty".into(),
        source: std::io::ErrorKind::StorageFull.into(),
    }
}

impl Store for FaultyStore {
    fn journal(&self) -> &dyn Journal {
        self
    }

    fn catalog(&self) -> &dyn Catalog {
        self
    }

    fn index(&self) -> &dyn Index {
        self
    }

    fn spool(&self) -> &dyn Spool {
        self
    }

    fn lock(&self, wait: Duration) -> Result<Box<dyn Guard + '_>> {
        match self.fault(1)? {
            None => self.inner.lock(wait),
            Some(_) => Err(fault()),
        }
    }
}

impl Journal for FaultyStore {
    fn generation(&self) -> Result<Generation> {
        self.read()?;
        self.inner.journal().generation()
    }

    fn append(&self, records: &[Record], packing: Packing) -> Result<Generation> {
        let journal = self.inner.journal();
        match self.fault(3)? {
            None => return journal.append(records, packing),
            Some(0) => {}
            Some(1) => drop(journal.append(&records[..records.len() / 2], packing)?),
            Some(_) => drop(journal.append(records, packing)?),
        }
        Err(fault())
    }

    fn read(&self, seq: Seq) -> Result<Record> {
        self.read()?;
        self.inner.journal().read(seq)
    }

    fn scan(&self, from: Seq, each: &mut dyn FnMut(Seq, Record) -> bool) -> Result<()> {
        self.read()?;
        self.inner.journal().scan(from, each)
    }

    fn replace(&self, records: &[(Seq, Record)]) -> Result<()> {
        let journal = self.inner.journal();
        match self.fault(3)? {
            None => return journal.replace(records),
            Some(0) => {}
            Some(1) => journal.replace(&records[..records.len() / 2])?,
            Some(_) => journal.replace(records)?,
        }
        Err(fault())
    }

    fn verify(&self, damage: &mut dyn FnMut(StoreError)) -> Result<()> {
        self.read()?;
        self.inner.journal().verify(damage)
    }

    fn stored_bytes(&self) -> Result<u64> {
        self.read()?;
        self.inner.journal().stored_bytes()
    }
}

impl Catalog for FaultyStore {
    fn snapshot(&self) -> Result<Box<dyn Snapshot + '_>> {
        self.read()?;
        Ok(Box::new(FaultySnapshot {
            store: self,
            inner: self.inner.catalog().snapshot()?,
        }))
    }

    fn commit(&self, generation: Generation, changes: &[Change]) -> Result<()> {
        self.around(|| self.inner.catalog().commit(generation, changes))
    }

    fn clear(&self) -> Result<()> {
        self.around(|| self.inner.catalog().clear())
    }

    fn scrub(&self) -> Result<()> {
        self.around(|| self.inner.catalog().scrub())
    }
}

impl Index for FaultyStore {
    fn generation(&self) -> Result<Generation> {
        self.read()?;
        self.inner.index().generation()
    }

    fn writer(&self) -> Result<Box<dyn IndexBatch + '_>> {
        self.alive()?;
        Ok(Box::new(FaultyBatch {
            store: self,
            inner: self.inner.index().writer()?,
        }))
    }

    fn search(&self, request: &Search<'_>) -> Result<Hits> {
        self.read()?;
        self.inner.index().search(request)
    }

    fn count_also(&self, request: &Search<'_>, also: &[Query]) -> Result<Vec<u64>> {
        self.read()?;
        self.inner.index().count_also(request, also)
    }

    fn clear(&self) -> Result<()> {
        self.around(|| self.inner.index().clear())
    }

    fn scrub(&self) -> Result<()> {
        self.around(|| self.inner.index().scrub())
    }

    fn holds(&self, list: u32, number: u32) -> Result<bool> {
        self.read()?;
        self.inner.index().holds(list, number)
    }

    fn stored_bytes(&self) -> Result<u64> {
        self.read()?;
        self.inner.index().stored_bytes()
    }
}

/// A state of the catalog below.
struct FaultySnapshot<'a> {
    store: &'a FaultyStore,
    inner: Box<dyn Snapshot + 'a>,
}

impl Snapshot for FaultySnapshot<'_> {
    fn generation(&self) -> Generation {
        self.inner.generation()
    }

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>> {
        self.store.read()?;
        self.inner.get(key)
    }

    fn scan(
        &self,
        from: &[u8],
        to: &[u8],
        direction: Direction,
        each: &mut dyn FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<()> {
        self.store.read()?;
        self.inner.scan(from, to, direction, each)
    }
}

/// A session of the index below.
struct FaultyBatch<'a> {
    store: &'a FaultyStore,
    inner: Box<dyn IndexBatch + 'a>,
}

impl IndexBatch for FaultyBatch<'_> {
    fn add(&mut self, doc: &Doc) -> Result<()> {
        self.store.alive()?;
        self.inner.add(doc)
    }

    fn delete(&mut self, list: u32, number: u32) -> Result<()> {
        self.store.alive()?;
        self.inner.delete(list, number)
    }

    fn commit(&mut self, generation: Generation) -> Result<()> {
        self.store.around(|| self.inner.commit(generation))
    }
}

impl Spool for FaultyStore {
    fn put(&self, list: &str, received: i64, bytes: &[u8]) -> Result<String> {
        self.around(|| self.inner.spool().put(list, received, bytes))
    }

    fn names(&self, limit: usize) -> Result<Vec<String>> {
        self.read()?;
        self.inner.spool().names(limit)
    }

    fn get(&self, name: &str) -> Result<Option<(String, i64, Vec<u8>)>> {
        self.read()?;
        self.inner.spool().get(name)
    }

    fn remove(&self, name: &str) -> Result<()> {
        self.around(|| self.inner.spool().remove(name))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::conformance::record;
    use crate::memory::MemoryStore;

    /// Appends two batches and commits, with the n-th step failing; then goes on from the journal.
    fn run(at: u64, kind: Kind) -> (bool, u64) {
        let store = MemoryStore::new();
        let faulty = FaultyStore::new(Arc::new(store.clone()), at, kind);
        let work = |store: &dyn Store| -> Result<()> {
            let _lock = store.lock(Duration::ZERO)?;
            while store.journal().generation()?.0 < 4 {
                let from = store.journal().generation()?.0;
                let batch: Vec<Record> = (from..(from + 2).min(4)).map(record).collect();
                store.journal().append(&batch, Packing::Blocks)?;
            }
            store.catalog().commit(store.journal().generation()?, &[])
        };
        let first = work(&faulty);
        assert_eq!(first.is_err(), faulty.failed());
        work(&store).unwrap();
        let same = (0..4).all(|seq| store.journal().read(seq).unwrap() == record(seq));
        assert!(same && store.journal().generation().unwrap().0 == 4);
        (faulty.failed(), faulty.steps())
    }

    #[test]
    fn every_step_fails_once() {
        for kind in [Kind::Once, Kind::Crash] {
            let mut at = 1;
            while run(at, kind).0 {
                at += 1;
            }
            assert_eq!((at, run(0, kind).1), (10, 9));
        }
    }

    #[test]
    fn reading_counts_where_it_is_asked_for() {
        let inner: Arc<dyn Store> = Arc::new(MemoryStore::new());
        for (at, fails) in [(1, [true, false]), (2, [false, true]), (3, [false, false])] {
            let faulty = FaultyStore::reading(Arc::clone(&inner), at, Kind::Once);
            let opened = faulty.catalog().snapshot();
            let Ok(snapshot) = opened else {
                assert!(fails[0] && faulty.failed());
                continue;
            };
            assert_eq!(snapshot.get(b"key").is_err(), fails[1]);
        }
        let faulty = FaultyStore::new(inner, 1, Kind::Crash);
        let snapshot = faulty.catalog().snapshot().unwrap();
        assert!(faulty.lock(Duration::ZERO).is_err());
        assert!(snapshot.get(b"key").is_err());
    }
}
