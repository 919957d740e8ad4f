//! How mail comes that is delivered, not imported.
//!
//! 1. Here: one mail at a time, the spool first, the journal when the lock is free ([`deliver`]); and what
//!    waits in the spool, taken in by whoever writes next ([`take_in`]).
//! 2. `letterbox`: many mails together, the journal first, the spool when the lock is not free.
//! 3. `recipient`: which list is meant; `enter`: what becomes of the mail there, be it delivered or read from
//!    a mailbox.
//! 4. `waiting`: what a program that stays does about the spool.

pub(crate) mod enter;
mod letterbox;
mod recipient;
mod waiting;

pub use letterbox::{Letterbox, Posted, Posting};
pub(crate) use recipient::Claims;
pub use waiting::Waiting;

use crate::error::{ArchiveError, Result};
use crate::intake::{Arrived, Batch, Intake, prepare};
use enter::enter;
use posthoc_core::message::{Limits, RawMessage};
use posthoc_core::route::ListName;
use posthoc_store::{Packing, Store, StoreError};
use std::time::Duration;

/// Mails taken from the spool under one hold of the lock.
const AT_ONCE: usize = 200;

/// What became of a delivered mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It is in the archive.
    Archived,
    /// It is durable in the spool; whoever opens the archive for writing next takes it in.
    Waiting,
}

/// Takes one mail for a list: durable in the spool when this returns, and in the archive when the
/// lock was free. A From_ line before the mail is passed over; line ends are kept as they come.
///
/// # Errors
/// When the spool refuses the mail; then nothing was accepted. What fails later is not an error: the
/// mail waits.
pub fn deliver(
    store: &dyn Store,
    list: &ListName,
    mail: &[u8],
    now: i64,
    limits: &Limits,
) -> Result<Delivery> {
    store.spool().put(list.as_str(), now, mail)?;
    match take_in(store, Duration::ZERO, now, limits) {
        Ok(_) => Ok(Delivery::Archived),
        Err(_) => Ok(Delivery::Waiting),
    }
}

/// Takes in what waits in the spool, a batch at a time; returns how many mails it was. A mail for a
/// list that is not there stays.
///
/// # Errors
/// [`StoreError::Locked`] when another process holds the lock for longer than `wait`, and what storage
/// refuses; what was taken in before stays taken in.
pub fn take_in(store: &dyn Store, wait: Duration, now: i64, limits: &Limits) -> Result<usize> {
    let mut taken = 0;
    // Mails whose list is not there yet stay in the spool, so each round looks past them.
    let mut stay = 0;
    loop {
        let names = store.spool().names(stay + AT_ONCE)?;
        let names: Vec<String> = names.into_iter().skip(stay).collect();
        if names.is_empty() {
            return Ok(taken);
        }
        let mut intake = Intake::new(store, limits).with_words()?;
        let mut done = Vec::new();
        intake.batch(wait, Packing::Single, |batch| {
            done = take_waiting(store, batch, &names, now, limits)?;
            Ok(())
        })?;
        intake.finish()?;
        for name in &done {
            store.spool().remove(name)?;
        }
        taken += done.len();
        stay += names.len() - done.len();
    }
}

/// Adds waiting mails to a batch; answers which of them may leave the spool when it is durable. A mail
/// whose list is not there stays, and so does a file that is damaged: those behind it go on.
fn take_waiting(
    store: &dyn Store,
    batch: &mut Batch<'_>,
    names: &[String],
    now: i64,
    limits: &Limits,
) -> Result<Vec<String>> {
    let mut done = Vec::new();
    for name in names {
        let (list, received, bytes) = match store.spool().get(name) {
            Ok(Some(mail)) => mail,
            Ok(None) | Err(StoreError::Damaged { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        let Some(row) = batch.rows.list_called(&list)? else {
            continue;
        };
        done.push(name.clone());
        let mail = prepare(raw(bytes), limits, true);
        enter(batch, &row, mail, &Arrived::by_door(received, now))?;
    }
    Ok(done)
}

/// Takes in what waits, if nobody else is at it; for verbs that only read.
///
/// # Errors
/// What storage refuses, but not a lock that is held.
pub fn take_in_if_free(store: &dyn Store, now: i64, limits: &Limits) -> Result<usize> {
    match take_in(store, Duration::ZERO, now, limits) {
        Err(ArchiveError::Store(StoreError::Locked)) => Ok(0),
        other => other,
    }
}

/// A delivered mail: the From_ line that a mail system may put before it is an arrival fact.
fn raw(bytes: Vec<u8>) -> RawMessage {
    let first = bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    if !first.starts_with(b"From ") {
        return RawMessage {
            bytes,
            ..RawMessage::default()
        };
    }
    let line = first.strip_suffix(b"\r").unwrap_or(first).to_vec();
    let rest = bytes[(first.len() + 1).min(bytes.len())..].to_vec();
    RawMessage {
        bytes: rest,
        from_line: Some(line),
        ..RawMessage::default()
    }
}
