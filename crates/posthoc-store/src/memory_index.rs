//! The index in memory: the matcher over every mail. For tests, and the definition of right answers.

use crate::{
    Counter, Generation, Hit, Hits, Index, IndexBatch, MAX_WINDOW, Order, Result, Search,
    StoreError,
};
use posthoc_core::query::{Doc, Matcher, Query};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// An index that lives as long as the process.
#[derive(Debug, Default)]
pub struct MemoryIndex {
    state: Mutex<State>,
    writing: AtomicBool,
}

#[derive(Debug, Default)]
struct State {
    docs: BTreeMap<(u32, u32), Doc>,
    generation: Generation,
}

impl State {
    /// The mails behind the gate that answer a question.
    fn answering(&self, request: &Search<'_>) -> Vec<&Doc> {
        let matcher = Matcher::new(request.query.plan(&request.scope()));
        let open = |list| request.lists.is_none_or(|lists| lists.contains(&list));
        let docs = self.docs.values();
        docs.filter(|doc| open(doc.list) && matcher.matches(doc))
            .collect()
    }
}

impl MemoryIndex {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> Result<Writing<'_>> {
        if self.writing.swap(true, Ordering::AcqRel) {
            return Err(StoreError::Locked);
        }
        Ok(Writing(&self.writing))
    }
}

/// While it lives nobody else writes.
struct Writing<'a>(&'a AtomicBool);

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Index for MemoryIndex {
    fn generation(&self) -> Result<Generation> {
        Ok(self.state().generation)
    }

    fn writer(&self) -> Result<Box<dyn IndexBatch + '_>> {
        Ok(Box::new(Session {
            index: self,
            _writing: self.write()?,
            changes: Vec::new(),
        }))
    }

    fn search(&self, request: &Search<'_>) -> Result<Hits> {
        let state = self.state();
        let mut found = state.answering(request);
        match request.order {
            Order::OldestFirst => found.sort_by_key(|doc| (doc.date, doc.list, doc.number)),
            Order::Relevance | Order::NewestFirst => {
                found.sort_by_key(|doc| (Reverse(doc.date), doc.list, doc.number));
            }
        }
        let end = request.offset.saturating_add(request.limit).min(MAX_WINDOW);
        let window = found.iter().take(end).skip(request.offset);
        let hits = window.map(|doc| Hit {
            list: doc.list,
            number: doc.number,
            date: doc.date,
            score: 0.0,
        });
        let mut counter = Counter::new(request.zone);
        for doc in found.iter().filter(|_| request.tally) {
            counter.count(doc.list, doc.date);
        }
        Ok(Hits {
            total: found.len() as u64,
            tally: counter.tally(),
            hits: hits.collect(),
            generation: state.generation,
        })
    }

    fn count_also(&self, request: &Search<'_>, also: &[Query]) -> Result<Vec<u64>> {
        let state = self.state();
        let found = state.answering(request);
        let count = |other: &Query| {
            let matcher = Matcher::new(other.plan(&request.scope()));
            found.iter().filter(|doc| matcher.matches(doc)).count() as u64
        };
        Ok(also.iter().map(count).collect())
    }

    fn clear(&self) -> Result<()> {
        let _writing = self.write()?;
        *self.state() = State::default();
        Ok(())
    }

    fn scrub(&self) -> Result<()> {
        self.write().map(|_| ())
    }

    fn holds(&self, list: u32, number: u32) -> Result<bool> {
        Ok(self.state().docs.contains_key(&(list, number)))
    }

    fn stored_bytes(&self) -> Result<u64> {
        let state = self.state();
        let sizes = state.docs.values().map(|doc| {
            doc.subject.len() + doc.author.len() + doc.to.len() + doc.text.len() + doc.quoted.len()
        });
        Ok(sizes.sum::<usize>() as u64)
    }
}

/// An open session: what it was told since the last commit.
struct Session<'a> {
    index: &'a MemoryIndex,
    _writing: Writing<'a>,
    changes: Vec<((u32, u32), Option<Doc>)>,
}

impl IndexBatch for Session<'_> {
    fn add(&mut self, doc: &Doc) -> Result<()> {
        self.changes
            .push(((doc.list, doc.number), Some(doc.clone())));
        Ok(())
    }

    fn delete(&mut self, list: u32, number: u32) -> Result<()> {
        self.changes.push(((list, number), None));
        Ok(())
    }

    fn commit(&mut self, generation: Generation) -> Result<()> {
        let mut state = self.index.state();
        for (place, doc) in self.changes.drain(..) {
            match doc {
                Some(doc) => drop(state.docs.insert(place, doc)),
                None => drop(state.docs.remove(&place)),
            }
        }
        state.generation = generation;
        Ok(())
    }
}
