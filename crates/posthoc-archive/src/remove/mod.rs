//! Taking mails down, and putting them back: records of the journal, which catalog, index, pages and
//! downloads follow.
//!
//! 1. [`Reader::removal`] says which mails a removal concerns: for the dry run, and for the verb.
//! 2. [`remove`] records it. A takedown also concerns what comes later under the same Message-ID (see
//!    [`Scope`]), so that no import, copy or delivery brings the mail back.
//! 3. [`unremove`] takes it back.
//! 4. [`Reader::removals`] is the audit log.
//! 5. [`redact`] takes pieces out of mails that stay.
//! 6. [`finish_purges`] destroys the bytes of mails whose removal says so; [`find_traces`] proves it.

mod choose;
mod log;
mod purge;
mod quotes;
mod redact;
mod traces;

use crate::error::{ArchiveError, Result};
use crate::intake::{Intake, PATIENCE, hex_of_half};
use crate::load::Reader;
use crate::tables::{MailRow, Rows};
use posthoc_core::message::Limits;
use posthoc_core::route::ListName;
use posthoc_store::{Head, Packing, Purge, RedactHead, Store, TakedownHead};
use serde::Serialize;

pub use choose::{Choice, Chosen, Scope};
pub use log::LoggedRemoval;
pub(crate) use purge::begun;
pub use purge::finish_purges;
pub use quotes::Quoting;
pub use redact::redact;
pub use traces::{Trace, Traces, find_traces};

/// Who does it, why and when: what the audit log keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// Why; not empty.
    pub reason: String,
    /// Who, as the system names them.
    pub by: String,
    /// When, seconds UTC.
    pub now: i64,
}

/// A mail that a removal concerns, for people and scripts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    /// Message-ID; empty when it was destroyed.
    pub id: String,
    /// Public name.
    pub key: String,
    /// Its list.
    pub list: String,
    /// Its number there.
    pub number: u32,
    /// Its path on the site.
    pub url: String,
}

/// Takes the chosen mails down. Returns how many were not taken down before.
///
/// # Errors
/// What storage refuses; then either all is recorded or nothing.
pub fn remove(
    store: &dyn Store,
    limits: &Limits,
    chosen: &Chosen,
    why: &Decided,
    purge: bool,
) -> Result<u64> {
    let mut intake = Intake::new(store, limits).with_words()?;
    let removed = intake.batch(PATIENCE, Packing::Single, |batch| {
        let mut removed = 0;
        for choice in &chosen.mails {
            let Some(row) = batch.rows.mail(choice.list, choice.row.number)? else {
                continue;
            };
            if row.purged || (row.hidden && !purge) {
                continue;
            }
            removed += u64::from(!row.hidden);
            let head = TakedownHead {
                purge: purge.then_some(Purge::Begun),
                ..takedown(choice, &row, why)
            };
            batch.push(Head::Takedown(head), Vec::new())?;
        }
        Ok(removed)
    })?;
    intake.finish()?;
    Ok(removed)
}

fn takedown(choice: &Choice, row: &MailRow, why: &Decided) -> TakedownHead {
    TakedownHead {
        list: choice.list,
        number: row.number,
        hidden: true,
        reason: why.reason.clone(),
        by: why.by.clone(),
        at: why.now,
        id_key: Some(row.id_key.to_string()),
        content: (choice.scope == Scope::Content).then(|| hex_of_half(&row.content.0)),
        everywhere: choice.everywhere,
        purge: None,
    }
}

/// Takes removals and redactions of a mail back; `list` limits it to one list. Returns how many mails
/// are shown whole again.
///
/// # Errors
/// [`ArchiveError::Unknown`]; [`ArchiveError::Purged`] when its bytes were destroyed; what storage
/// refuses.
pub fn unremove(
    store: &dyn Store,
    reader: &Reader<'_>,
    list: Option<&ListName>,
    names: &[String],
    why: &Decided,
) -> Result<u64> {
    let chosen = reader.removal(names, None, list, why.now)?;
    for choice in &chosen.mails {
        if choice.row.purged || purging(store, &reader.rows, choice)? {
            return Err(ArchiveError::Purged(choice.row.key.to_string()));
        }
    }
    let mut intake = Intake::new(store, reader.limits()).with_words()?;
    let back = intake.batch(PATIENCE, Packing::Single, |batch| {
        let mut back = 0;
        for choice in &chosen.mails {
            let Some(row) = batch.rows.mail(choice.list, choice.row.number)? else {
                continue;
            };
            if row.redacted {
                let head = RedactHead {
                    list: choice.list,
                    number: row.number,
                    of: row.seq,
                    piece: posthoc_store::Piece::Bytes(0, 0),
                    hidden: false,
                    reason: why.reason.clone(),
                    by: why.by.clone(),
                    at: why.now,
                };
                batch.push(Head::Redact(head), Vec::new())?;
            }
            if row.hidden {
                let head = TakedownHead {
                    hidden: false,
                    content: None,
                    ..takedown(choice, &row, why)
                };
                batch.push(Head::Takedown(head), Vec::new())?;
            }
            back += u64::from(row.redacted || row.hidden);
        }
        Ok(back)
    })?;
    intake.finish()?;
    Ok(back)
}

/// Whether a mail's purge was begun.
fn purging(store: &dyn Store, rows: &Rows<'_>, choice: &Choice) -> Result<bool> {
    let Some(seq) = rows.takedown(choice.list, choice.row.number)? else {
        return Ok(false);
    };
    Ok(match store.journal().read(seq)?.head {
        Head::Takedown(head) => head.purge.is_some(),
        _ => false,
    })
}
