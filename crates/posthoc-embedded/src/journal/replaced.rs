//! Records that took the place of others: what a purge leaves.
//!
//! The head of such a record begins with one more field, `"replaces"`: the digest of the raw record that
//! stood there first. The hash chain goes on with that digest, so no other frame changes. Only the
//! journal knows the field; a [`Head`](posthoc_store::Head) does not.

use super::block::Block;
use super::frame::{Digest, digest};
use super::repack::Changes;
use super::{FileJournal, SegmentHeader, new_segment};
use posthoc_store::{Record, Result, Seq, StoreError};
use std::collections::BTreeMap;

/// What the head of a replaced record begins with; heads begin with their `type` otherwise.
const BEGIN: &[u8] = b"{\"replaces\":\"";
/// Bytes of a record before its head: two lengths.
const LENGTHS: usize = 8;

/// The digest that a raw record carries in the place of its own.
pub(super) fn carried(record: &[u8]) -> Option<Digest> {
    let head = record.get(LENGTHS..)?.strip_prefix(BEGIN)?;
    let hash = blake3::Hash::from_hex(head.get(..64)?).ok()?;
    Some(*hash.as_bytes())
}

/// The raw bytes of a record in the place of another, given as raw bytes.
pub(super) fn instead(old: &[u8], new: &Record) -> std::result::Result<Vec<u8>, String> {
    let mut block = Block::default();
    block.push(new)?;
    let raw = block.bytes(0);
    let body = raw.len() - new.body.len();
    let head = &raw[LENGTHS..body];
    let hex = blake3::Hash::from_bytes(digest(old)).to_hex();
    let rest = head.strip_prefix(b"{").unwrap_or(head);
    let head = [BEGIN, hex.as_bytes(), b"\",", rest].concat();
    let lengths = [head.len() as u32, new.body.len() as u32].map(u32::to_le_bytes);
    Ok([&lengths.concat(), &head, &raw[body..]].concat())
}

impl FileJournal {
    /// Replaces records. Only under the store's lock.
    ///
    /// The last segment is sealed first when it holds one of them: another process that has it open goes
    /// on with the next one, and what it still reads of the old file is as it was. Each segment is
    /// written beside the old one, synced, and put in its place.
    pub(super) fn replace_records(&self, records: &[(Seq, Record)]) -> Result<()> {
        let end = self.refresh_end()?;
        if let Some((seq, _)) = records.iter().find(|(seq, _)| *seq >= end.seq) {
            return Err(StoreError::NoRecord(*seq));
        }
        if records.iter().any(|(seq, _)| *seq >= end.first_seq) {
            let header = SegmentHeader {
                number: end.number + 1,
                first_seq: end.seq,
                chain: end.chain,
            };
            new_segment(&self.dir, &self.access, header)?;
            self.refresh_end()?;
        }
        let mut changes: BTreeMap<u32, Changes<'_>> = BTreeMap::new();
        for (seq, record) in records {
            let number = self.segment_of(*seq)?;
            changes.entry(number).or_default().insert(*seq, record);
        }
        for (number, changes) in changes {
            self.rewrite_segment(number, &changes)?;
        }
        self.cache.clear();
        Ok(())
    }
}
