//! Is everything there, and is it what came? And: derive it all again.

use crate::error::Result;
use crate::export::export_source;
use crate::intake::{Intake, PATIENCE, catch_up};
use crate::load::Reader;
use crate::tables::Rows;
use crate::tables::keys::Key;
use posthoc_core::message::Limits;
use posthoc_store::Direction::Forward;
use posthoc_store::{Generation, Head, Store, StoreError, Verdict};
use std::collections::{BTreeMap, BTreeSet};

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// Records in the journal.
    pub records: u64,
    /// Mails of their own.
    pub mails: u64,
    /// Sources that come out as they went in.
    pub sources: u64,
    /// Mails whose purge was begun and not brought to its end: [`finish_purges`](crate::finish_purges)
    /// does.
    pub purging: u64,
    /// What does not hold, a sentence each, with where.
    pub damage: Vec<String>,
}

/// Verifies every stored byte, every count, every address and every source.
///
/// # Errors
/// Only what makes checking itself impossible; damage is an answer.
pub fn check(
    store: &dyn Store,
    reader: &Reader<'_>,
    progress: &mut dyn FnMut(&str, u64),
) -> Result<CheckReport> {
    let mut report = CheckReport::default();
    store
        .journal()
        .verify(&mut |damage| report.damage.push(damage.to_string()))?;
    let generation = reader.generation();
    if generation > store.journal().generation()? {
        report
            .damage
            .push("the catalog knows more than the journal holds".to_owned());
    }
    records(store, reader, generation, &mut report, progress)?;
    counts(reader, &mut report)?;
    report.purging = crate::remove::begun(store, &reader.rows)?.len() as u64;
    for (seq, row) in reader.rows.sources()? {
        if row.kind == "mbox" && row.end.is_some() {
            progress("sources", report.sources);
            match export_source(store, reader, seq, &mut std::io::sink()) {
                Ok(_) => report.sources += 1,
                Err(error) => report.damage.push(error.to_string()),
            }
        }
    }
    Ok(report)
}

/// Every record against the rows: each mail stands where its record says, no address twice.
fn records(
    store: &dyn Store,
    reader: &Reader<'_>,
    generation: Generation,
    report: &mut CheckReport,
    progress: &mut dyn FnMut(&str, u64),
) -> Result<()> {
    let mut places: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    let mut failure = None;
    let mut damage = Vec::new();
    let scanned = store.journal().scan(0, &mut |seq, record| {
        if seq >= generation.0 {
            return false;
        }
        report.records += 1;
        if seq % 5_000 == 0 {
            progress("records", seq);
        }
        let (list, number, volume, verdict) = match record.head {
            Head::Mail(head) => (head.list, head.number, head.volume, head.verdict),
            Head::Alias(head) => {
                let alias = reader.rows.alias(head.list, head.number);
                if !matches!(alias, Ok(Some(alias)) if alias.of == head.of) {
                    let (number, of) = (head.number, head.of);
                    damage.push(format!(
                        "record {seq}: number {number} does not lead to {of}"
                    ));
                }
                if !places.entry(head.list).or_default().insert(head.number) {
                    damage.push(format!(
                        "record {seq}: number {} is given twice",
                        head.number
                    ));
                }
                return true;
            }
            Head::Purged(head) => (head.list, head.number, head.volume, head.verdict),
            _ => return true,
        };
        let row = match reader.rows.mail(list, number) {
            Ok(row) => row,
            Err(error) => {
                failure = Some(error);
                return false;
            }
        };
        match row {
            None => damage.push(format!("record {seq}: no row for its mail {number}")),
            Some(row) if row.volume != volume => {
                damage.push(format!(
                    "record {seq}: its mail stands in {} instead of {volume}",
                    row.volume
                ));
            }
            Some(_) => {}
        }
        if !matches!(verdict, Verdict::Copy(_)) {
            report.mails += 1;
            if !places.entry(list).or_default().insert(number) {
                damage.push(format!("record {seq}: number {number} is given twice"));
            }
        }
        true
    });
    report.damage.extend(damage);
    match (scanned, failure) {
        (_, Some(failure)) => Err(failure),
        // What cannot be read was told when the journal was verified.
        (Err(StoreError::Damaged { .. }), None) => Ok(()),
        (scanned, None) => Ok(scanned?),
    }
}

/// Every count against the rows it counts.
fn counts(reader: &Reader<'_>, report: &mut CheckReport) -> Result<()> {
    for list in reader.rows.lists()? {
        let mut mails = 0;
        for number in reader.numbers(list.list)? {
            let row = reader.rows.mail(list.list, number)?;
            mails += u64::from(row.is_some_and(|row| !row.hidden));
        }
        let mut volumes = 0;
        for (volume, row) in reader.rows.volumes(list.list)? {
            volumes += row.messages;
            let range = Key::of(b'd').u32(list.list).volume(&volume).range();
            let dated = reader.rows.keys(range, Forward, usize::MAX)?.len() as u64;
            if dated != row.messages {
                let words = format!(
                    "{} {volume}: {} mails counted, {dated} there",
                    list.name, row.messages
                );
                report.damage.push(words);
            }
        }
        if mails != list.messages || volumes != list.messages {
            report.damage.push(format!(
                "{}: {} mails counted, {mails} there, {volumes} in volumes",
                list.name, list.messages
            ));
        }
    }
    Ok(())
}

/// Derives catalog and index again from the journal.
///
/// # Errors
/// What storage refuses; then the next verb goes on with it.
pub fn rebuild(store: &dyn Store, limits: &Limits, words: bool) -> Result<Generation> {
    {
        let _guard = store.lock(PATIENCE)?;
        store.catalog().clear()?;
        if words {
            store.index().clear()?;
        }
        catch_up(store, limits)?;
    }
    if words {
        Intake::new(store, limits).with_words()?.finish()?;
    }
    Ok(Rows::new(store.catalog().snapshot()?).generation())
}

/// Brings the rows up to the journal after a crash, if nobody else is writing.
///
/// # Errors
/// What storage refuses, but not a lock that is held.
pub fn mend(store: &dyn Store, limits: &Limits) -> Result<()> {
    if Rows::new(store.catalog().snapshot()?).generation() >= store.journal().generation()? {
        return Ok(());
    }
    match store.lock(std::time::Duration::ZERO) {
        Ok(_guard) => catch_up(store, limits),
        Err(StoreError::Locked) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
