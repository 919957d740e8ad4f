//! The lock's work: journal first, then catalog, then index.

use super::apply::{Read, apply};
use super::prepare::{Prepared, prepare_record, to_doc};
use super::redacted::{left, shown_bytes};
use crate::error::Result;
use crate::tables::{MailRow, Overlay, Rows, VERSION};
use posthoc_core::message::{Limits, parse};
use posthoc_core::query::Doc;
use posthoc_store::{
    Change, Generation, Head, IndexBatch, MailHead, Packing, Record, Seq, Snapshot, Store,
    StoreError, Verdict,
};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// How long a verb that must write waits for the lock before it says so.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// Records that are to be appended together, and the rows as they will be then.
pub(crate) struct Batch<'s> {
    pub(crate) rows: Rows<'s>,
    store: &'s dyn Store,
    limits: Limits,
    base: Seq,
    records: Vec<Record>,
    docs: Vec<Doc>,
    /// Mails whose words are to be looked at again: taken down, put back, redacted, come in fuller.
    again: Vec<(u32, u32)>,
    words: bool,
}

impl Batch<'_> {
    /// Adds a record without a mail.
    pub(crate) fn push(&mut self, head: Head, body: Vec<u8>) -> Result<Seq> {
        let seq = self.base + self.records.len() as u64;
        let left = match &head {
            Head::Redact(head) => left(self.store, &self.rows, &self.limits, head)?,
            _ => None,
        };
        apply(&mut self.rows, seq, &head, left.as_ref().map(Read::left))?;
        self.again.extend(changes_words(&head));
        self.records.push(Record { head, body });
        Ok(seq)
    }

    /// What a record says of its mail, also one that was just added.
    pub(crate) fn mail_head(&self, seq: Seq) -> Result<Option<MailHead>> {
        Ok(match self.head(seq)? {
            Some(Head::Mail(head)) => Some(head),
            _ => None,
        })
    }

    /// The facts of a record, also of one that was just added.
    pub(crate) fn head(&self, seq: Seq) -> Result<Option<Head>> {
        Ok(match seq.checked_sub(self.base) {
            Some(at) => self
                .records
                .get(at as usize)
                .map(|record| record.head.clone()),
            None => Some(self.store.journal().read(seq)?.head),
        })
    }

    /// Adds a mail as decided.
    pub(crate) fn push_mail(&mut self, head: Head, mail: Prepared, date: i64) -> Result<Seq> {
        let seq = self.base + self.records.len() as u64;
        apply(&mut self.rows, seq, &head, Some(Read::whole(&mail)))?;
        let Head::Mail(facts) = &head else {
            return self.push(head, mail.raw.bytes);
        };
        if let (true, Verdict::New | Verdict::Variant(_), Some(mut doc)) =
            (self.words, facts.verdict, mail.words)
            && !self.rows.any_hidden(facts.list, facts.number)?
        {
            (doc.list, doc.number, doc.date) = (facts.list, facts.number, date);
            self.docs.push(doc);
        }
        self.again.extend(fuller(&self.rows, seq, facts)?);
        let body = if facts.same_as.is_some() {
            Vec::new()
        } else {
            mail.raw.bytes
        };
        self.records.push(Record { head, body });
        Ok(seq)
    }
}

/// Takes records in under the lock.
pub(crate) struct Intake<'s> {
    store: &'s dyn Store,
    limits: Limits,
    index: Option<IndexSession<'s>>,
    pending: Option<Pending>,
    committed: Option<Instant>,
    pace: Option<Pace>,
}

/// How long rows and words of what the journal holds may wait for their commits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    pub(crate) rows: Duration,
    pub(crate) words: Duration,
}

impl Pace {
    /// A bulk import commits its rows every second, so that readers see it grow, and makes its words
    /// findable about twice a minute: each commit makes a segment, and small segments are merged again.
    const BULK: Pace = Pace {
        rows: Duration::from_secs(1),
        words: Duration::from_secs(30),
    };
    /// One delivery is there for readers when it returns.
    const AT_ONCE: Pace = Pace {
        rows: Duration::ZERO,
        words: Duration::ZERO,
    };
}

/// Rows of a bulk import that are not committed yet, though the journal holds their records. Small
/// commits write the same pages again and again. Whoever takes the lock meanwhile derives these rows
/// anew; then, and when this process dies, nothing is lost but the work.
struct Pending {
    /// What the catalog had reached, and what it reaches with these rows.
    from: Generation,
    to: Generation,
    changes: Overlay,
}

/// The open index and the state it has been given.
struct IndexSession<'s> {
    batch: Box<dyn IndexBatch + 's>,
    given: Generation,
    committed: Instant,
}

impl<'s> Intake<'s> {
    /// `words`: keep the index in step. Opens nothing yet.
    pub(crate) fn new(store: &'s dyn Store, limits: &Limits) -> Self {
        Intake {
            store,
            limits: limits.clone(),
            index: None,
            pending: None,
            committed: None,
            pace: None,
        }
    }

    /// Commits at a pace of its own; without one, at once what is framed singly, and at
    /// [`Pace::BULK`] what is packed.
    pub(crate) fn paced(self, pace: Pace) -> Self {
        Intake {
            pace: Some(pace),
            ..self
        }
    }

    /// Opens the index for writing when nobody else has it; a busy index is caught up later by
    /// whoever holds the lock next.
    pub(crate) fn with_words(mut self) -> Result<Self> {
        match self.store.index().writer() {
            Ok(mut batch) => {
                let mut given = self.store.index().generation()?;
                // An index that knows more than the journal holds was copied at another moment.
                if given > self.store.journal().generation()? {
                    drop(batch);
                    self.store.index().clear()?;
                    batch = self.store.index().writer()?;
                    given = Generation(0);
                }
                self.index = Some(IndexSession {
                    batch,
                    given,
                    committed: Instant::now(),
                });
                Ok(self)
            }
            Err(StoreError::Locked) => Ok(self),
            Err(error) => Err(error.into()),
        }
    }

    /// Runs one batch: takes the lock (waiting as long as `wait`), brings the rows up to the
    /// journal, lets `fill` add records, makes them durable, commits the rows (of a bulk import: now
    /// and then, and at [`finish`](Self::finish)). Nothing is kept when `fill` fails.
    pub(crate) fn batch<R>(
        &mut self,
        wait: Duration,
        packing: Packing,
        fill: impl FnOnce(&mut Batch<'_>) -> Result<R>,
    ) -> Result<R> {
        let _guard = self.store.lock(wait)?;
        let (base, rows) = self.rows()?;
        let words = self.index.as_ref().is_some_and(|index| index.given == base);
        let from = rows.generation();
        let mut batch = Batch {
            rows,
            store: self.store,
            limits: self.limits.clone(),
            base: base.0,
            records: Vec::new(),
            docs: Vec::new(),
            again: Vec::new(),
            words,
        };
        let answer = fill(&mut batch)?;
        let pace = self.pace.unwrap_or(match packing {
            Packing::Single => Pace::AT_ONCE,
            _ => Pace::BULK,
        });
        let Batch {
            rows,
            records,
            docs,
            again,
            ..
        } = batch;
        let to = match records.is_empty() {
            true => base,
            false => self.store.journal().append(&records, packing)?,
        };
        self.pending = Some(Pending {
            from,
            to,
            changes: rows.into_overlay(),
        });
        if self.commit_is_due(pace) {
            self.commit()?;
        }
        if !again.is_empty() {
            self.commit()?;
        }
        if let Some(index) = self.index.as_mut().filter(|_| to > base) {
            if words {
                for doc in &docs {
                    index.batch.add(doc)?;
                }
                words_again(self.store, &self.limits, index, &again)?;
                index.given = to;
            } else {
                self.commit()?;
                self.index_up_to(to)?;
            }
            self.commit_words(pace)?;
        }
        Ok(answer)
    }

    /// The journal's state and the rows of it: with those that wait when nobody came between, else
    /// brought up to it.
    fn rows(&mut self) -> Result<(Generation, Rows<'s>)> {
        let base = self.store.journal().generation()?;
        if let Some(pending) = self.pending.take() {
            let snapshot = self.store.catalog().snapshot()?;
            if pending.to == base && pending.from == snapshot.generation() {
                return Ok((base, Rows::with_overlay(snapshot, pending.changes)));
            }
        }
        catch_up(self.store, &self.limits)?;
        Ok((base, Rows::new(self.store.catalog().snapshot()?)))
    }

    fn commit_is_due(&self, pace: Pace) -> bool {
        let rows = self
            .pending
            .as_ref()
            .map_or(0, |pending| pending.changes.len());
        let rested = self.committed.is_none_or(|at| at.elapsed() >= pace.rows);
        rested || rows >= MOST_ROWS
    }

    /// Commits the rows that wait. Under the lock.
    fn commit(&mut self) -> Result<()> {
        let Some(Pending { from, to, changes }) = self.pending.take() else {
            return Ok(());
        };
        if from != to || !changes.is_empty() {
            let mut changes: Vec<_> = changes.into_iter().collect();
            if from == Generation(0) {
                changes.push(version_row());
            }
            self.store.catalog().commit(to, &changes)?;
            self.committed = Some(Instant::now());
        }
        Ok(())
    }

    /// Reads for the index what it lacks.
    fn index_up_to(&mut self, to: Generation) -> Result<()> {
        match &mut self.index {
            Some(index) if index.given < to => {
                index.given = index_records(self.store, &self.limits, index, to)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Commits the words now or when it is time; never ahead of the rows.
    fn commit_words(&mut self, pace: Pace) -> Result<()> {
        let due = |index: &IndexSession<'_>| index.committed.elapsed() >= pace.words;
        if !self.index.as_ref().is_some_and(due) {
            return Ok(());
        }
        self.commit()?;
        if let Some(index) = &mut self.index {
            index.batch.commit(index.given)?;
            index.committed = Instant::now();
        }
        Ok(())
    }

    /// Commits the rows that wait and what the index was given.
    pub(crate) fn finish(mut self) -> Result<()> {
        self.settle(PATIENCE)?;
        if self.index.is_some() {
            self.index_up_to(self.store.catalog().snapshot()?.generation())?;
            self.commit_words(Pace::AT_ONCE)?;
        }
        Ok(())
    }

    /// Commits the rows that wait, waiting for the lock as long as `wait`; the words stay as they are.
    pub(crate) fn settle(&mut self, wait: Duration) -> Result<()> {
        if self.pending.is_some() {
            let _guard = self.store.lock(wait)?;
            let (to, rows) = self.rows()?;
            self.pending = Some(Pending {
                from: rows.generation(),
                to,
                changes: rows.into_overlay(),
            });
            self.commit()?;
        }
        Ok(())
    }
}

/// Rows are committed, whatever the pace, when so many wait: about four thousand mails, ten megabytes.
/// They must be derived again after a crash.
const MOST_ROWS: usize = 64_000;

/// Brings the rows up to the journal: after a crash between the two, and after the catalog was
/// deleted. Under the lock.
pub(crate) fn catch_up(store: &dyn Store, limits: &Limits) -> Result<()> {
    let journal = store.journal().generation()?;
    let mut snapshot = store.catalog().snapshot()?;
    if !current_version(&*snapshot)? && snapshot.generation() != Generation(0) {
        drop(snapshot);
        store.catalog().clear()?;
        snapshot = store.catalog().snapshot()?;
    }
    let from = snapshot.generation();
    drop(snapshot);
    if from >= journal {
        return Ok(());
    }
    let mut error = None;
    let mut waiting = Vec::new();
    let mut bytes = 0;
    store.journal().scan(from.0, &mut |seq, record| {
        bytes += record.body.len();
        waiting.push((seq, record));
        if waiting.len() >= CHUNK || bytes > CHUNK_BYTES {
            bytes = 0;
            error = derive(store, limits, std::mem::take(&mut waiting)).err();
        }
        error.is_none()
    })?;
    match error {
        Some(error) => Err(error),
        None => derive(store, limits, waiting),
    }
}

/// Records that are derived, or indexed, at once.
const CHUNK: usize = 2_000;
/// And their bytes.
const CHUNK_BYTES: usize = 16 << 20;

/// The row that tells which version of the tables these are.
const VERSION_KEY: &[u8] = b"V";

fn current_version(snapshot: &dyn Snapshot) -> Result<bool> {
    Ok(snapshot.get(VERSION_KEY)?.as_deref() == Some(&VERSION.to_be_bytes()[..]))
}

fn version_row() -> Change {
    (VERSION_KEY.to_vec(), Some(VERSION.to_be_bytes().to_vec()))
}

/// Derives the rows of consecutive records.
fn derive(store: &dyn Store, limits: &Limits, records: Vec<(Seq, Record)>) -> Result<()> {
    let Some((last, _)) = records.last() else {
        return Ok(());
    };
    let generation = Generation(last + 1);
    let mails = read_all(store, limits, records, false)?;
    let mut rows = Rows::new(store.catalog().snapshot()?);
    for (seq, head, mail) in &mails {
        let left = match head {
            Head::Redact(head) => left(store, &rows, limits, head)?,
            _ => None,
        };
        let mail = mail.as_ref().map(Read::whole);
        apply(
            &mut rows,
            *seq,
            head,
            mail.or(left.as_ref().map(Read::left)),
        )?;
    }
    let mut changes = rows.into_changes();
    changes.push(version_row());
    store.catalog().commit(generation, &changes)?;
    Ok(())
}

/// Reads the mails among records, all cores at work.
fn read_all(
    store: &dyn Store,
    limits: &Limits,
    records: Vec<(Seq, Record)>,
    words: bool,
) -> Result<Vec<(Seq, Head, Option<Prepared>)>> {
    let one = |(seq, record): (Seq, Record)| -> Result<(Seq, Head, Option<Prepared>)> {
        let Record { head, body } = record;
        let mail = match &head {
            Head::Mail(facts) => {
                let body = match facts.same_as {
                    Some(other) => store.journal().read(other)?.body,
                    None => body,
                };
                Some(prepare_record(facts, body, limits, words))
            }
            _ => None,
        };
        Ok((seq, head, mail))
    };
    records.into_par_iter().map(one).collect()
}

/// Gives the index what it lacks, up to a state that the rows have reached.
fn index_records(
    store: &dyn Store,
    limits: &Limits,
    index: &mut IndexSession<'_>,
    to: Generation,
) -> Result<Generation> {
    let rows = Rows::new(store.catalog().snapshot()?);
    let mut error = None;
    let mut waiting = Vec::new();
    let mut bytes = 0;
    let mut again = Vec::new();
    let mut give = |records: Vec<(Seq, Record)>| -> Result<()> {
        for (seq, head, mail) in read_all(store, limits, records, true)? {
            again.extend(changes_words(&head));
            let (Head::Mail(facts), Some(mail)) = (head, mail) else {
                continue;
            };
            if matches!(facts.verdict, Verdict::Copy(_)) {
                again.extend(fuller(&rows, seq, &facts)?);
                continue;
            }
            let Some(row) = rows.mail(facts.list, facts.number)? else {
                continue;
            };
            // Words of a redacted mail come with its redaction, further on.
            if row.hidden || row.redacted {
                continue;
            }
            if let Some(mut doc) = mail.words {
                (doc.list, doc.number, doc.date) = (facts.list, facts.number, row.date);
                index.batch.add(&doc)?;
            }
        }
        Ok(())
    };
    store.journal().scan(index.given.0, &mut |seq, record| {
        if seq >= to.0 {
            return false;
        }
        bytes += record.body.len();
        waiting.push((seq, record));
        if waiting.len() >= CHUNK || bytes > CHUNK_BYTES {
            bytes = 0;
            error = give(std::mem::take(&mut waiting)).err();
        }
        error.is_none()
    })?;
    match error {
        Some(error) => return Err(error),
        None => give(waiting)?,
    }
    words_again(store, limits, index, &again)?;
    Ok(to)
}

/// The mail whose words a record changes.
fn changes_words(head: &Head) -> Option<(u32, u32)> {
    match head {
        Head::Takedown(head) => Some((head.list, head.number)),
        Head::Redact(head) => Some((head.list, head.number)),
        _ => None,
    }
}

/// The mail whose words a copy changes: the fullest is shown, and what is shown is found.
pub(crate) fn fuller(rows: &Rows<'_>, seq: Seq, head: &MailHead) -> Result<Option<(u32, u32)>> {
    let place = (head.list, head.number);
    Ok(match head.verdict {
        Verdict::Copy(_) => rows.mail(place.0, place.1)?,
        _ => None,
    }
    .filter(|row| row.seq == seq)
    .map(|_| place))
}

/// Takes the words of mails out of the index and puts in those that may be found now.
fn words_again(
    store: &dyn Store,
    limits: &Limits,
    index: &mut IndexSession<'_>,
    mails: &[(u32, u32)],
) -> Result<()> {
    if mails.is_empty() {
        return Ok(());
    }
    let rows = Rows::new(store.catalog().snapshot()?);
    let mails: BTreeSet<&(u32, u32)> = mails.iter().collect();
    for (list, number) in mails {
        index.batch.delete(*list, *number)?;
        if let Some(row) = rows.mail(*list, *number)?
            && let Some(doc) = words_of(store, &rows, limits, *list, &row)?
        {
            index.batch.add(&doc)?;
        }
    }
    Ok(())
}

/// What may be found of a mail; none when it is taken down.
pub(crate) fn words_of(
    store: &dyn Store,
    rows: &Rows<'_>,
    limits: &Limits,
    list: u32,
    row: &MailRow,
) -> Result<Option<Doc>> {
    if row.hidden {
        return Ok(None);
    }
    if row.redacted {
        let bytes = shown_bytes(store, rows, limits, list, row)?;
        let message = parse(&bytes, limits);
        return Ok(Some(Doc {
            list,
            number: row.number,
            date: row.date,
            id: row.id.clone(),
            ..to_doc(&message, &message.summary(row.size), limits)
        }));
    }
    let Record { head, body } = stored(store, row.seq)?;
    let Head::Mail(facts) = &head else {
        return Ok(None);
    };
    let mut words = prepare_record(facts, body, limits, true).words;
    if let Some(doc) = &mut words {
        (doc.list, doc.number, doc.date) = (list, row.number, row.date);
    }
    Ok(words)
}

/// A record with its bytes, also when another record holds them.
pub(crate) fn stored(store: &dyn Store, seq: Seq) -> Result<Record> {
    let mut record = store.journal().read(seq)?;
    if let Head::Mail(head) = &record.head
        && let Some(other) = head.same_as
    {
        record.body = store.journal().read(other)?.body;
    }
    Ok(record)
}

/// Brings the index up to the rows when nobody else writes it; returns whether it is. Under no lock:
/// the index has its own.
pub(crate) fn index_catch_up(store: &dyn Store, limits: &Limits) -> Result<bool> {
    let to = store.catalog().snapshot()?.generation();
    if store.index().generation()? >= to {
        return Ok(true);
    }
    let _guard = match store.lock(Duration::ZERO) {
        Ok(guard) => guard,
        Err(StoreError::Locked) => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    catch_up(store, limits)?;
    Intake::new(store, limits).with_words()?.finish()?;
    Ok(store.index().generation()? >= to)
}
