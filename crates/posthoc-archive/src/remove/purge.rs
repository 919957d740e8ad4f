//! Destroying a mail's bytes.
//!
//! A purge is begun by a takedown that says so (see [`super::remove`]): from then on the mail is hidden
//! and does not come back. Then, here, each step harmless when done twice:
//!
//! 1. Where another list's mail holds no bytes of its own but refers to a purged record, it gets them.
//!    The spans of sources lose the From_ lines before the purged mails.
//! 2. The mail's records become tombstones: place, hashes, and no word of it.
//! 3. Its row loses id, subject and author; catalog and index are written anew, so that freed pages and
//!    deleted words go too; copies in the spool go.
//! 4. A takedown that says *done* is recorded. A purge without it is finished by the next one and by
//!    `rebuild`, and told by `check` and `removals` until then.

use crate::error::Result;
use crate::intake::{
    Intake, PATIENCE, catch_up, hex_of_half, prepare, purged_row, raw_of, row_of, stored,
};
use crate::spans::{Span, Spans, read as read_spans};
use crate::tables::keys::{Fields, Key, last_u64};
use crate::tables::{MailRow, Rows};
use posthoc_core::message::{Limits, MessageKey, RawMessage};
use posthoc_store::Direction::Forward;
use posthoc_store::{
    Generation, Head, HoldHead, MailHead, Packing, Purge, PurgedHead, Record, Seq, Store,
    TakedownHead,
};
use std::collections::BTreeMap;

/// Brings every purge that was begun to its end. Returns how many mails were destroyed.
///
/// # Errors
/// What storage refuses; the next call goes on. [`Locked`](posthoc_store::StoreError::Locked) while
/// another process reads or writes so that old bytes cannot go.
pub fn finish_purges(store: &dyn Store, limits: &Limits) -> Result<u64> {
    let begun = {
        let _guard = store.lock(PATIENCE)?;
        catch_up(store, limits)?;
        let begun = begun(store, &Rows::new(store.catalog().snapshot()?))?;
        if begun.is_empty() {
            return Ok(0);
        }
        journal(store, limits, &begun)?;
        rows(store, &begun)?;
        spool(store, limits)?;
        begun
    };
    // Whatever was deleted from the index is committed by now; what it lacks comes first.
    Intake::new(store, limits).with_words()?.finish()?;
    store.index().scrub()?;
    {
        let _guard = store.lock(PATIENCE)?;
        store.catalog().scrub()?;
    }
    let mut intake = Intake::new(store, limits);
    intake.batch(PATIENCE, Packing::Single, |batch| {
        for (head, _) in &begun {
            let head = TakedownHead {
                purge: Some(Purge::Done),
                ..head.clone()
            };
            batch.push(Head::Takedown(head), Vec::new())?;
        }
        Ok(())
    })?;
    intake.finish()?;
    Ok(begun.len() as u64)
}

/// Purges that were begun and are not done: their takedowns and mails.
pub(crate) fn begun(store: &dyn Store, rows: &Rows<'_>) -> Result<Vec<(TakedownHead, MailRow)>> {
    let mut begun = Vec::new();
    for list in rows.lists()? {
        for number in rows.taken_down(list.list)? {
            let Some(seq) = rows.takedown(list.list, number)? else {
                continue;
            };
            if let Head::Takedown(head) = store.journal().read(seq)?.head
                && head.purge == Some(Purge::Begun)
                && (head.list, head.number) == (list.list, number)
                && let Some(row) = rows.mail(list.list, number)?
            {
                begun.push((head, row));
            }
        }
    }
    Ok(begun)
}

/// Rewrites the journal: what others need first, then the tombstones.
fn journal(store: &dyn Store, limits: &Limits, begun: &[(TakedownHead, MailRow)]) -> Result<()> {
    let rows = Rows::new(store.catalog().snapshot()?);
    // The records to go, with their stored lengths, and the tombstones of those that are still there.
    let mut gone: BTreeMap<Seq, u64> = BTreeMap::new();
    let mut tombstones = Vec::new();
    let mut hashes = Vec::new();
    for (head, row) in begun {
        for seq in rows.records_of(head.list, row)? {
            let record = stored(store, seq)?;
            match record.head {
                Head::Purged(left) => drop(gone.insert(seq, left.size)),
                Head::Mail(head) => {
                    let size = record.body.len() as u64;
                    let (left, hash) = tombstone(&head, record.body, limits);
                    gone.insert(seq, size);
                    hashes.push(hash);
                    let head = Head::Purged(left);
                    tombstones.push((
                        seq,
                        Record {
                            head,
                            body: Vec::new(),
                        },
                    ));
                }
                _ => {}
            }
        }
    }
    for (head, row) in begun {
        tombstones.extend(held(store, &rows, head, row)?);
    }
    let mut needed = Vec::new();
    for hash in hashes {
        heirs(store, &rows, &hash, &gone, &mut needed)?;
    }
    spans(store, &gone, &mut needed)?;
    store.journal().replace(&needed)?;
    store.journal().replace(&tombstones)?;
    Ok(())
}

/// The records of a mail that was held before it was taken in, or is held on another list, and of whatever
/// else the takedown hides, without their bytes.
fn held(
    store: &dyn Store,
    rows: &Rows<'_>,
    takedown: &TakedownHead,
    row: &MailRow,
) -> Result<Vec<(Seq, Record)>> {
    let content = hex_of_half(&row.content.0);
    let is_meant = |head: &HoldHead| {
        let is_there = takedown.everywhere || head.list == takedown.list;
        head.content == content || (takedown.content.is_none() && is_there)
    };
    let mut held = Vec::new();
    let range = Key::of(b'H').key(row.id_key).range();
    for key in rows.keys(range, Forward, usize::MAX)? {
        let seq = last_u64(&key);
        let record = store.journal().read(seq)?;
        let is_meant = matches!(&record.head, Head::Hold(head) if is_meant(head));
        if is_meant && !record.body.is_empty() {
            held.push((
                seq,
                Record {
                    head: record.head,
                    body: Vec::new(),
                },
            ));
        }
    }
    Ok(held)
}

/// What is left of a mail, and the hash of its bytes.
fn tombstone(head: &MailHead, bytes: Vec<u8>, limits: &Limits) -> (PurgedHead, [u8; 16]) {
    let mail = prepare(raw_of(head, bytes), limits, false);
    let row = row_of(head, &mail);
    let left = PurgedHead {
        list: head.list,
        verdict: head.verdict,
        number: head.number,
        volume: head.volume.clone(),
        key: head.key.clone(),
        id_key: row.id_key.to_string(),
        references: mail
            .summary
            .references
            .iter()
            .map(|id| MessageKey::of(id).to_string())
            .collect(),
        content: hex_of_half(&row.content.0),
        bytes: hex_of_half(&mail.hash),
        size: row.size,
        date: row.date,
        offset: row.offset,
        received: row.received,
        source: head.source,
        at: head.offset,
        last: head.last,
    };
    (left, mail.hash)
}

/// Records of other mails that refer to the bytes of a purged one: the first gets them, the others refer
/// to it.
fn heirs(
    store: &dyn Store,
    rows: &Rows<'_>,
    hash: &[u8; 16],
    gone: &BTreeMap<Seq, u64>,
    needed: &mut Vec<(Seq, Record)>,
) -> Result<()> {
    let mut heir: Option<Seq> = None;
    let mut waiting = Vec::new();
    for key in rows.keys(Key::of(b'h').hash(hash).range(), Forward, 10_000)? {
        let mut fields = Fields(&key[17..]);
        let (_, seq) = (fields.u32(), fields.u64());
        if gone.contains_key(&seq) {
            continue;
        }
        let record = store.journal().read(seq)?;
        match &record.head {
            Head::Mail(head) if head.same_as.is_some_and(|of| gone.contains_key(&of)) => {
                waiting.push((seq, record));
            }
            Head::Mail(head) if head.same_as.is_none() => heir = heir.or(Some(seq)),
            _ => {}
        }
    }
    for (seq, mut record) in waiting {
        let Head::Mail(head) = &mut record.head else {
            continue;
        };
        let of = head.same_as.take();
        match (heir, of) {
            (Some(heir), _) => head.same_as = Some(heir),
            (None, Some(of)) => {
                record.body = store.journal().read(of)?.body;
                heir = Some(seq);
            }
            (None, None) => {}
        }
        needed.push((seq, record));
    }
    Ok(())
}

/// Spans that name a purged record: the From_ line before it goes, and a length stands for both.
fn spans(
    store: &dyn Store,
    gone: &BTreeMap<Seq, u64>,
    needed: &mut Vec<(Seq, Record)>,
) -> Result<()> {
    let mut failure = None;
    let mut rewritten = Vec::new();
    store.journal().scan(0, &mut |seq, record| {
        if matches!(record.head, Head::Spans(_)) {
            match without(&record.body, gone) {
                Ok(None) => {}
                Ok(Some(body)) => rewritten.push((
                    seq,
                    Record {
                        head: record.head,
                        body,
                    },
                )),
                Err(error) => failure = Some(error),
            }
        }
        failure.is_none()
    })?;
    if let Some(error) = failure {
        return Err(error);
    }
    needed.extend(rewritten);
    Ok(())
}

fn without(packed: &[u8], gone: &BTreeMap<Seq, u64>) -> Result<Option<Vec<u8>>> {
    let spans = read_spans(packed)?;
    let purged = |span: &Span<'_>| match span {
        Span::Record(seq) => gone.get(seq).copied(),
        _ => None,
    };
    if !spans.iter().any(|span| purged(span).is_some()) {
        return Ok(None);
    }
    let mut left = Spans::default();
    for span in &spans {
        match (span, purged(span)) {
            (_, Some(size)) => left.removed(size),
            (Span::Bytes(bytes), None) => left.bytes(bytes),
            (Span::Record(seq), None) => left.record(*seq),
            (Span::Removed(bytes), None) => left.placeholder(*bytes),
        }
    }
    Ok(Some(left.done()))
}

/// The rows of the mails as a rebuild makes them from the tombstones.
fn rows(store: &dyn Store, begun: &[(TakedownHead, MailRow)]) -> Result<()> {
    let mut rows = Rows::new(store.catalog().snapshot()?);
    let generation: Generation = rows.generation();
    for (head, row) in begun {
        if let Head::Purged(left) = store.journal().read(row.first)?.head {
            let fresh = MailRow {
                node: row.node,
                redacted: row.redacted,
                received: row.received,
                ..purged_row(row.first, &left)
            };
            rows.put_mail(head.list, &fresh);
            rows.forget_files(head.list, row.number)?;
        }
    }
    store.catalog().commit(generation, &rows.into_changes())?;
    Ok(())
}

/// Copies that wait in the spool for a list that is not there yet.
fn spool(store: &dyn Store, limits: &Limits) -> Result<()> {
    let rows = Rows::new(store.catalog().snapshot()?);
    for name in store.spool().names(usize::MAX)? {
        let Some((_, _, bytes)) = store.spool().get(&name)? else {
            continue;
        };
        let raw = RawMessage {
            bytes,
            ..RawMessage::default()
        };
        let summary = prepare(raw, limits, false).summary;
        let id_key = MessageKey::of(&summary.id);
        let closed = rows.closed(u32::MAX, id_key, &summary.content)?;
        if closed.is_some_and(|closed| closed.purged) {
            store.spool().remove(&name)?;
        }
    }
    Ok(())
}
