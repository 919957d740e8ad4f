//! Rows as they are in a snapshot, with changes that are not committed yet on top.

use super::keys::Key;
use crate::error::Result;
use posthoc_store::{Change, Direction, Generation, Snapshot};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap};

/// Rows that a reader keeps at hand; then it begins anew. Neighbouring pages ask for the same rows.
const KEPT: usize = 20_000;

/// Rows by their keys; none where there is no row.
type Kept = HashMap<Vec<u8>, Option<Vec<u8>>>;

/// Changes that are not committed yet: rows by their keys; none where one goes.
pub(crate) type Overlay = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// One state of the catalog, readable and, in memory, changeable.
pub(crate) struct Rows<'a> {
    snapshot: Box<dyn Snapshot + 'a>,
    changes: Overlay,
    /// Rows read before, where nothing is going to change.
    kept: Option<RefCell<Kept>>,
    /// Whether the snapshot has takedowns that concern what comes later: nearly none has, and every
    /// mail asks.
    any_closed: OnceCell<bool>,
}

impl<'a> Rows<'a> {
    pub(crate) fn new(snapshot: Box<dyn Snapshot + 'a>) -> Self {
        Rows {
            snapshot,
            changes: BTreeMap::new(),
            kept: None,
            any_closed: OnceCell::new(),
        }
    }

    /// Rows of a snapshot with changes on top.
    pub(crate) fn with_overlay(snapshot: Box<dyn Snapshot + 'a>, changes: Overlay) -> Self {
        Rows {
            changes,
            ..Rows::new(snapshot)
        }
    }

    /// Rows that will only be read, many of them again and again.
    pub(crate) fn for_reading(snapshot: Box<dyn Snapshot + 'a>) -> Self {
        Rows {
            kept: Some(RefCell::default()),
            ..Rows::new(snapshot)
        }
    }

    /// Whether there may be takedowns that concern what comes later.
    pub(crate) fn any_closed(&self) -> Result<bool> {
        let (from, to) = Key::of(b't').range();
        if self
            .changes
            .range(from.clone()..to.clone())
            .next()
            .is_some()
        {
            return Ok(true);
        }
        if let Some(any) = self.any_closed.get() {
            return Ok(*any);
        }
        let mut any = false;
        self.snapshot
            .scan(&from, &to, Direction::Forward, &mut |_, _| {
                any = true;
                false
            })?;
        Ok(*self.any_closed.get_or_init(|| any))
    }

    /// The state that the snapshot is of.
    pub(crate) fn generation(&self) -> Generation {
        self.snapshot.generation()
    }

    /// The changes alone.
    pub(crate) fn into_overlay(self) -> Overlay {
        self.changes
    }

    /// The changes, in order of their keys.
    pub(crate) fn into_changes(self) -> Vec<Change> {
        self.changes.into_iter().collect()
    }

    pub(crate) fn get_bytes(&self, key: &[u8]) -> Result<Option<Vec<u8>>> {
        if let Some(value) = self.changes.get(key) {
            return Ok(value.clone());
        }
        let Some(kept) = &self.kept else {
            return Ok(self.snapshot.get(key)?);
        };
        if let Some(value) = kept.borrow().get(key) {
            return Ok(value.clone());
        }
        let value = self.snapshot.get(key)?;
        let mut kept = kept.borrow_mut();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(key.to_vec(), value.clone());
        Ok(value)
    }

    /// A row; a value that does not read is as if it were not there (a catalog is derived).
    pub(crate) fn get<T: DeserializeOwned>(&self, key: &[u8]) -> Result<Option<T>> {
        Ok(self
            .get_bytes(key)?
            .and_then(|value| postcard::from_bytes(&value).ok()))
    }

    pub(crate) fn put<T: Serialize>(&mut self, key: Vec<u8>, value: &T) {
        self.changes
            .insert(key, Some(postcard::to_stdvec(value).unwrap_or_default()));
    }

    /// Puts a row that is all key.
    pub(crate) fn mark(&mut self, key: Vec<u8>) {
        self.changes.insert(key, Some(Vec::new()));
    }

    pub(crate) fn delete(&mut self, key: Vec<u8>) {
        self.changes.insert(key, None);
    }

    /// Walks the rows of a half-open range until `each` answers `false`.
    pub(crate) fn scan(
        &self,
        (from, to): (Vec<u8>, Vec<u8>),
        direction: Direction,
        mut each: impl FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<()> {
        if from >= to {
            return Ok(());
        }
        let fresh = self.changes.range(from.clone()..to.clone());
        let mut fresh: Box<dyn Iterator<Item = _>> = match direction {
            Direction::Forward => Box::new(fresh),
            Direction::Backward => Box::new(fresh.rev()),
        };
        let mut next = fresh.next();
        let mut going = true;
        self.snapshot
            .scan(&from, &to, direction, &mut |key, value| {
                while let Some((fresh_key, fresh_value)) = next {
                    let order = match direction {
                        Direction::Forward => fresh_key.as_slice().cmp(key),
                        Direction::Backward => key.cmp(fresh_key.as_slice()),
                    };
                    if order == std::cmp::Ordering::Greater {
                        break;
                    }
                    next = fresh.next();
                    if let Some(value) = fresh_value {
                        going = each(fresh_key, value);
                        if !going {
                            return false;
                        }
                    }
                    if order == std::cmp::Ordering::Equal {
                        return true;
                    }
                }
                going = each(key, value);
                going
            })?;
        while let (true, Some((key, value))) = (going, next) {
            next = fresh.next();
            if let Some(value) = value {
                going = each(key, value);
            }
        }
        Ok(())
    }

    /// The keys of a range, at most `limit`.
    pub(crate) fn keys(
        &self,
        range: (Vec<u8>, Vec<u8>),
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<Vec<u8>>> {
        let mut keys = Vec::new();
        if limit > 0 {
            self.scan(range, direction, |key, _| {
                keys.push(key.to_vec());
                keys.len() < limit
            })?;
        }
        Ok(keys)
    }

    /// Whether a range holds a row.
    pub(crate) fn any(&self, (from, to): (Vec<u8>, Vec<u8>)) -> Result<bool> {
        if from < to {
            let mut fresh = self.changes.range(from.clone()..to.clone());
            if fresh.any(|(_, value)| value.is_some()) {
                return Ok(true);
            }
        }
        Ok(self.first((from, to), Direction::Forward)?.is_some())
    }

    /// The first key of a range.
    pub(crate) fn first(
        &self,
        range: (Vec<u8>, Vec<u8>),
        direction: Direction,
    ) -> Result<Option<Vec<u8>>> {
        Ok(self.keys(range, direction, 1)?.pop())
    }
}
