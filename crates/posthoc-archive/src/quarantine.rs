//! What was put aside when a source was imported, or held when it was delivered: shown, and taken in after all.

use crate::deliver::enter::enter;
use crate::error::{ArchiveError, Result};
use crate::intake::{Arrived, Intake, PATIENCE, Prepared, prepare};
use crate::load::Reader;
use crate::tables::Rows;
use crate::tables::keys::{Key, last_u64};
use posthoc_core::message::{Limits, RawMessage, parse};
use posthoc_store::Direction::Forward;
use posthoc_store::{Head, Packing, QuarantineHead, Record, Store};
use serde::Serialize;

/// Something that was put aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PutAside {
    /// Its number: that of its record.
    pub id: u64,
    /// The list it was meant for.
    pub list: String,
    /// `no_header`, `too_large`, `unreadable`; of a mail that is held, what [`Hold`](posthoc_core::message::Hold)
    /// names.
    pub reason: String,
    /// The import's number, as `imports` shows it.
    pub source: Option<u64>,
    /// The file in a source that is a folder.
    pub file: Option<String>,
    /// Where it begins in the source, or in that file.
    pub offset: u64,
    /// Bytes that are kept here. None of what is too large: they are kept with the source; nor of what
    /// could not be read.
    pub bytes: u64,
    /// When, seconds UTC.
    pub at: i64,
    /// The mail that it has become.
    pub released: Option<u32>,
}

/// All that was put aside, the oldest first.
///
/// # Errors
/// What storage refuses.
pub fn put_aside(store: &dyn Store, reader: &Reader<'_>) -> Result<Vec<PutAside>> {
    let keys = reader
        .rows
        .keys(Key::of(b'Q').range(), Forward, usize::MAX)?;
    let mut aside = Vec::new();
    for key in keys {
        let id = last_u64(&key);
        let (head, body) = record(store, id)?;
        aside.push(PutAside {
            id,
            list: name_of(&reader.rows, head.list)?,
            released: mail_of(&reader.rows, head.list, &body, reader.limits())?,
            reason: head.reason,
            source: head.source,
            file: head.file,
            offset: head.offset,
            bytes: body.len() as u64,
            at: head.at,
        });
    }
    Ok(aside)
}

/// The bytes of something that was put aside.
///
/// # Errors
/// [`ArchiveError::Unknown`] where nothing of that number was, [`ArchiveError::NotKept`] where its bytes are
/// not here.
pub fn aside_bytes(store: &dyn Store, id: u64) -> Result<Vec<u8>> {
    Ok(kept_record(store, id)?.1)
}

/// Takes in what was put aside, as a mail that arrived then; answers its list and number. Again: the same
/// mail.
///
/// # Errors
/// As [`aside_bytes`], and what storage refuses.
pub fn release(store: &dyn Store, id: u64, now: i64, limits: &Limits) -> Result<(String, u32)> {
    let (head, body) = kept_record(store, id)?;
    let mut intake = Intake::new(store, limits).with_words()?;
    let raw = RawMessage {
        bytes: body.clone(),
        ..RawMessage::default()
    };
    // Whoever releases it has looked at it.
    let mail = Prepared {
        hold: None,
        ..prepare(raw, limits, true)
    };
    intake.batch(PATIENCE, Packing::Single, |batch| {
        match batch.rows.list(head.list)? {
            Some(list) => {
                enter(batch, &list, mail, &Arrived::by_door(head.at, now))?;
                Ok(())
            }
            None => Err(ArchiveError::NoList(head.list.to_string())),
        }
    })?;
    intake.finish()?;
    let rows = Rows::new(store.catalog().snapshot()?);
    let number = mail_of(&rows, head.list, &body, limits)?;
    let number = number.ok_or_else(|| unknown(id))?;
    Ok((name_of(&rows, head.list)?, number))
}

fn record(store: &dyn Store, id: u64) -> Result<(QuarantineHead, Vec<u8>)> {
    match store.journal().read(id) {
        Ok(Record {
            head: Head::Quarantine(head),
            body,
        }) => Ok((head, body)),
        Ok(Record {
            head: Head::Hold(head),
            body,
        }) => Ok((
            QuarantineHead {
                list: head.list,
                source: None,
                offset: 0,
                file: None,
                reason: head.reason,
                at: head.received,
            },
            body,
        )),
        Ok(_) | Err(posthoc_store::StoreError::NoRecord(_)) => Err(unknown(id)),
        Err(error) => Err(error.into()),
    }
}

/// A record that has its bytes.
fn kept_record(store: &dyn Store, id: u64) -> Result<(QuarantineHead, Vec<u8>)> {
    let (head, body) = record(store, id)?;
    match body.is_empty() {
        true => Err(ArchiveError::NotKept {
            id,
            import: head.source,
        }),
        false => Ok((head, body)),
    }
}

fn unknown(id: u64) -> ArchiveError {
    ArchiveError::Unknown(format!("number {id} in the quarantine"))
}

fn name_of(rows: &Rows<'_>, list: u32) -> Result<String> {
    let list = rows.list(list)?;
    Ok(list.map(|list| list.name).unwrap_or_default())
}

/// The mail that these bytes are: what has no header has an id that is made of its text.
fn mail_of(rows: &Rows<'_>, list: u32, body: &[u8], limits: &Limits) -> Result<Option<u32>> {
    if body.is_empty() {
        return Ok(None);
    }
    let summary = parse(body, limits).summary(0);
    for number in rows.bearing(list, &summary.id)? {
        let row = rows.mail(list, number)?;
        if row.is_some_and(|row| row.content == summary.content) {
            return Ok(Some(number));
        }
    }
    Ok(None)
}
