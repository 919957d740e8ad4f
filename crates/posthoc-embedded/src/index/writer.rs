//! The one writing session, and the care of the folder.

use super::directory::{Reading, Shared};
use super::entry::{Entry, Queue};
use super::{TantivyIndex, driver, payload, schema};
use crate::dir::io_error;
use posthoc_core::query::Doc;
use posthoc_store::{Generation, IndexBatch, Result, StoreError};
use std::fs::{self, DirEntry};
use std::io;
use std::path::Path;
use tantivy::directory::error::LockError;
use tantivy::directory::{Directory as _, DirectoryLock, INDEX_WRITER_LOCK};
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy, NoMergePolicy};
use tantivy::{IndexWriter, TantivyError, Term};

/// Bytes that the words of mails not yet committed may take in memory before they go to a file.
const MEMORY: usize = 50_000_000;
/// Segments are merged when that many are of a size.
const SEGMENTS: usize = 8;
/// Segments up to so many mails are of a size: single deliveries are merged among themselves.
const SMALL: u32 = 64;
/// Sizes that differ by less than two to this count as one.
const LEVEL: f64 = 2.5;
/// Segments with more mails are left alone, so that one merge stays bounded in time.
const LARGEST: usize = 500_000;

/// An open session.
pub(super) struct Writer<'a> {
    index: &'a TantivyIndex,
    engine: Option<IndexWriter<Entry>>,
    queue: Queue,
    dirty: bool,
}

impl<'a> Writer<'a> {
    /// Opens the session; begins the index anew when there is none that can be read.
    pub(super) fn open(index: &'a TantivyIndex) -> Result<Writer<'a>> {
        if index.look()?.is_none() {
            begin(index)?;
        }
        let engine = index
            .index(Reading::Windowed)
            .map_err(driver("open index"))?;
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .num_merge_threads(1)
            .memory_budget_per_thread(MEMORY)
            .build();
        let engine = engine
            .writer_with_options(options)
            .map_err(busy("open", index))?;
        engine.set_merge_policy(Box::new(merging()));
        Ok(Writer {
            index,
            engine: Some(engine),
            queue: Queue::default(),
            dirty: false,
        })
    }

    fn engine(&mut self) -> Result<&mut IndexWriter<Entry>> {
        self.engine.as_mut().ok_or_else(|| StoreError::Driver {
            what: "write index",
            message: "the session has failed".to_owned(),
        })
    }
}

impl Writer<'_> {
    /// Writes every segment anew that holds words of deleted mails, and removes the old files.
    pub(super) fn scrub(mut self) -> Result<()> {
        let engine = self.engine()?;
        engine.set_merge_policy(Box::new(NoMergePolicy));
        let segments = engine
            .index()
            .searchable_segment_metas()
            .map_err(driver("read index"))?;
        for segment in segments.iter().filter(|segment| segment.has_deletes()) {
            let merged = engine.merge(&[segment.id()]).wait();
            merged.map_err(driver("merge index"))?;
        }
        let cleaned = engine.garbage_collect_files().wait();
        cleaned.map(drop).map_err(driver("clean index"))
    }
}

fn merging() -> LogMergePolicy {
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(SEGMENTS);
    policy.set_min_layer_size(SMALL);
    policy.set_level_log_size(LEVEL);
    policy.set_max_docs_before_merge(LARGEST);
    policy.set_del_docs_ratio_before_merge(0.3);
    policy
}

impl IndexBatch for Writer<'_> {
    fn add(&mut self, doc: &Doc) -> Result<()> {
        let entry = self.queue.enter(self.index.fields.values(doc));
        self.dirty = true;
        let added = self.engine()?.add_document(entry);
        added.map(drop).map_err(driver("add to index"))
    }

    fn delete(&mut self, list: u32, number: u32) -> Result<()> {
        let place = schema::place(list, number);
        let term = Term::from_field_u64(self.index.fields.place, place);
        self.dirty = true;
        self.engine()?.delete_term(term);
        Ok(())
    }

    fn commit(&mut self, generation: Generation) -> Result<()> {
        let engine = self.engine()?;
        let mut commit = engine.prepare_commit().map_err(driver("commit index"))?;
        commit.set_payload(&payload(generation));
        commit.commit().map_err(driver("commit index"))?;
        self.dirty = false;
        Ok(())
    }
}

impl Drop for Writer<'_> {
    /// Lets merges end: a process for each delivery would otherwise pile up segments for ever.
    fn drop(&mut self) {
        let Some(mut engine) = self.engine.take() else {
            return;
        };
        // What fails here is lost work on derived files, which the next session does again.
        if self.dirty && engine.rollback().is_err() {
            return;
        }
        let _ = engine.wait_merging_threads();
    }
}

/// Makes an empty index where there is none that can be read. In one hold of the lock: another session
/// may be about to do the same.
fn begin(index: &TantivyIndex) -> Result<()> {
    index.access.make_dir(&index.dir)?;
    let shared = Shared::open(&index.dir, index.access, Reading::Windowed)
        .map_err(driver("create index"))?;
    let _lock = lock(index, &shared, "create")?;
    if index.look()?.is_some() {
        return Ok(());
    }
    remove_all(index)?;
    tantivy::Index::builder()
        .schema(index.fields.schema.clone())
        .open_or_create(shared)
        .map_err(driver("create index"))?;
    Ok(())
}

/// Removes every file of the index but the locks, which others may wait for.
pub(super) fn clear(index: &TantivyIndex) -> Result<()> {
    if !index.dir.exists() {
        return Ok(());
    }
    let shared =
        Shared::open(&index.dir, index.access, Reading::Windowed).map_err(driver("clear index"))?;
    let _lock = lock(index, &shared, "clear")?;
    remove_all(index)
}

/// The writing session's lock.
fn lock(index: &TantivyIndex, shared: &Shared, action: &'static str) -> Result<DirectoryLock> {
    shared
        .acquire_lock(&INDEX_WRITER_LOCK)
        .map_err(|e| busy(action, index)(TantivyError::LockFailure(e, None)))
}

fn remove_all(index: &TantivyIndex) -> Result<()> {
    // Its state first: what remains after a crash is then no index.
    remove(&index.dir.join(super::META))?;
    for entry in entries(&index.dir)? {
        if entry.path().extension().is_none_or(|e| e != "lock") {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(io_error("remove", path)(e)),
        _ => Ok(()),
    }
}

/// The files of the index; none when there is no folder.
pub(super) fn entries(dir: &Path) -> Result<Vec<DirEntry>> {
    match fs::read_dir(dir) {
        Ok(entries) => entries
            .collect::<io::Result<_>>()
            .map_err(io_error("read", dir)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(e) => Err(io_error("read", dir)(e)),
    }
}

/// A lock that another session holds is [`StoreError::Locked`]; one that may not be taken says so.
fn busy(action: &'static str, index: &TantivyIndex) -> impl Fn(TantivyError) -> StoreError {
    move |error| match error {
        TantivyError::LockFailure(LockError::LockBusy, _) => StoreError::Locked,
        TantivyError::LockFailure(LockError::IoError(error), _) => {
            io_error(action, &index.dir)(io::Error::from(error.kind()))
        }
        error => driver("open index writer")(error),
    }
}
