//! The word index: Tantivy in a folder of the archive.
//!
//! 1. `schema`: what stands in it. Nothing is stored; the words of subject, author, recipients, text
//!    and quoted text with their positions, and three numbers.
//! 2. `writer`: one session writes; its commits carry the journal's generation as their payload. It
//!    merges through a `window`, so that its memory does not grow with the index.
//! 3. This file: readers look at the payload of `meta.json` and reload when it has changed.
//! 4. `ask`, `collect`: a [`Plan`](posthoc_core::query::Plan) becomes the engine's query, and its hits
//!    are counted exactly and ranked, by words as rare as they are on the lists that are searched
//!    (`statistics`); `also` counts how many of them answer other questions.
//!
//! The index is derived. When it is gone, broken, or of another format it is empty at generation 0, and
//! the next writer begins it anew.

mod also;
mod among;
mod ask;
mod collect;
mod directory;
mod entry;
mod formed;
mod freshness;
mod left_out;
mod schema;
mod statistics;
mod window;

#[cfg(test)]
mod tests;
mod writer;

use crate::dir::{Access, io_error};
use also::Also;
use collect::Best;
use directory::{Reading, Shared};
use freshness::Freshness;
use posthoc_core::query::{Query, TOKENIZER_VERSION};
use posthoc_store::{
    Counter, Generation, Hits, Index, IndexBatch, MAX_WINDOW, Result, Search, StoreError,
};
use schema::{Fields, SCHEMA_VERSION};
use statistics::OfLists;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};
use tantivy::{Executor, IndexReader, ReloadPolicy, Searcher, TantivyError, Term};

/// The file in which the engine keeps its state.
const META: &str = "meta.json";
/// How often a reader looks again while commits overtake it.
const TRIES: usize = 20;

/// Looks into the segments of an index side by side, for all indexes of the process. On one core, or
/// where no thread can be had, one after the other.
static CORES: LazyLock<Executor> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    match cores {
        1 => Executor::single_thread(),
        cores => Executor::multi_thread(cores, "posthoc-index-")
            .unwrap_or_else(|_| Executor::single_thread()),
    }
});

/// The index in a folder. Making one touches nothing.
pub(crate) struct TantivyIndex {
    dir: PathBuf,
    access: Access,
    fields: Fields,
    opened: Mutex<Option<Opened>>,
}

/// What a reader has seen.
#[derive(Clone)]
struct Opened {
    reader: IndexReader,
    meta: Vec<u8>,
    generation: Generation,
}

impl TantivyIndex {
    /// The index of that folder, which need not be there.
    pub(crate) fn new(dir: &Path, access: Access) -> Self {
        TantivyIndex {
            dir: dir.to_owned(),
            access,
            fields: Fields::new(),
            opened: Mutex::new(None),
        }
    }

    /// The committed state; `None` when there is no index that can be read.
    fn look(&self) -> Result<Option<Opened>> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        for _ in 0..TRIES {
            let Some(meta) = self.meta()? else {
                *opened = None;
                return Ok(None);
            };
            if let Some(known) = opened.as_ref()
                && known.meta == meta
            {
                return Ok(Some(known.clone()));
            }
            let Some(generation) = generation_of(&meta) else {
                *opened = None;
                return Ok(None);
            };
            let fresh = match opened.take() {
                Some(known) => known.reader.reload().map(|()| known.reader),
                None => self.reader(),
            };
            // A commit or merge may have come between; only a reader that saw this very state is kept.
            if let Ok(reader) = fresh
                && self.meta()?.as_ref() == Some(&meta)
            {
                *opened = Some(Opened {
                    reader,
                    meta,
                    generation,
                });
            }
        }
        Ok(None)
    }

    fn reader(&self) -> tantivy::Result<IndexReader> {
        let mut index = self.index(Reading::Mapped)?;
        index.set_executor(CORES.clone());
        index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
    }

    fn index(&self, reading: Reading) -> tantivy::Result<tantivy::Index> {
        let shared = Shared::open(&self.dir, self.access, reading)?;
        let index = tantivy::Index::open(shared)?;
        if index.schema() != self.fields.schema {
            return Err(TantivyError::SchemaError("made by other rules".to_owned()));
        }
        schema::register(&index);
        Ok(index)
    }

    fn meta(&self) -> Result<Option<Vec<u8>>> {
        let path = self.dir.join(META);
        match std::fs::read(&path) {
            Ok(meta) => Ok(Some(meta)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(io_error("read", &path)(source)),
        }
    }

    /// The generation that the index says it has reached, without opening it.
    pub(crate) fn claimed(&self) -> Result<Generation> {
        let meta = self.meta()?;
        let generation = meta.and_then(|meta| generation_of(&meta));
        Ok(generation.unwrap_or_default())
    }
}

impl Index for TantivyIndex {
    fn generation(&self) -> Result<Generation> {
        Ok(self
            .look()?
            .map(|opened| opened.generation)
            .unwrap_or_default())
    }

    fn writer(&self) -> Result<Box<dyn IndexBatch + '_>> {
        Ok(Box::new(writer::Writer::open(self)?))
    }

    fn search(&self, request: &Search<'_>) -> Result<Hits> {
        let Some(opened) = self.look()? else {
            return Ok(Hits::default());
        };
        let plan = request.query.plan(&request.scope());
        let asked = ask::ask(&self.fields, &plan, request.lists);
        let end = request.offset.saturating_add(request.limit).min(MAX_WINDOW);
        let best = Best {
            keep: if request.limit == 0 { 0 } else { end },
            order: request.order,
            freshness: Freshness::at(request.now),
            counter: request.tally.then(|| Counter::new(request.zone)),
        };
        let searcher: Searcher = opened.reader.searcher();
        let asking = || match request.lists {
            None => searcher.search(&asked, &best),
            Some(lists) => {
                let statistics = OfLists::new(&searcher, &self.fields, lists)?;
                searcher.search_with_statistics_provider(&asked, &best, &statistics)
            }
        };
        let mut found = asking().map_err(driver("search"))?;
        found.hits.drain(..request.offset.min(found.hits.len()));
        Ok(Hits {
            total: found.total,
            hits: found.hits,
            tally: found.tally,
            generation: opened.generation,
        })
    }

    fn count_also(&self, request: &Search<'_>, also: &[Query]) -> Result<Vec<u64>> {
        let Some(opened) = self.look()? else {
            return Ok(vec![0; also.len()]);
        };
        let scope = request.scope();
        let others = also.iter().map(|query| query.plan(&scope));
        // What is asked is behind the gate, so the others need none.
        let others: Vec<_> = others
            .map(|plan| ask::ask(&self.fields, &plan, None))
            .collect();
        let asked = ask::ask(&self.fields, &request.query.plan(&scope), request.lists);
        let searcher = opened.reader.searcher();
        Also::new(&searcher, &others)
            .and_then(|also| searcher.search(&asked, &also))
            .map_err(driver("search"))
    }

    fn clear(&self) -> Result<()> {
        *self.opened.lock().unwrap_or_else(PoisonError::into_inner) = None;
        writer::clear(self)
    }

    fn scrub(&self) -> Result<()> {
        if self.look()?.is_none() {
            return Ok(());
        }
        writer::Writer::open(self)?.scrub()
    }

    fn holds(&self, list: u32, number: u32) -> Result<bool> {
        let Some(opened) = self.look()? else {
            return Ok(false);
        };
        let place = Term::from_field_u64(self.fields.place, schema::place(list, number));
        // A segment's terms know nothing of deletions: they go when it is written anew.
        for segment in opened.reader.searcher().segment_readers() {
            let terms = segment.inverted_index(self.fields.place);
            let terms = terms.map_err(driver("read index"))?;
            if terms
                .doc_freq(&place)
                .map_err(|source| io_error("read", &self.dir)(source))?
                > 0
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn stored_bytes(&self) -> Result<u64> {
        let mut sum = 0;
        for entry in writer::entries(&self.dir)? {
            // A merge may have removed it meanwhile.
            sum += entry.metadata().map_or(0, |meta| meta.len());
        }
        Ok(sum)
    }
}

/// The payload of a commit: format and generation.
fn payload(generation: Generation) -> String {
    format!(
        "posthoc {SCHEMA_VERSION}.{TOKENIZER_VERSION} {}",
        generation.0
    )
}

/// The generation in the engine's state; 0 before the first commit, `None` when it is of another
/// format.
fn generation_of(meta: &[u8]) -> Option<Generation> {
    let meta: serde_json::Value = serde_json::from_slice(meta).ok()?;
    match meta.get("payload").and_then(|payload| payload.as_str()) {
        None => Some(Generation(0)),
        Some(text) => {
            let number = text.rsplit(' ').next()?.parse().ok()?;
            (payload(Generation(number)) == text).then_some(Generation(number))
        }
    }
}

fn driver(what: &'static str) -> impl Fn(TantivyError) -> StoreError {
    move |error| StoreError::Driver {
        what,
        message: error.to_string(),
    }
}
