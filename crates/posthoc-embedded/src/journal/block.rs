//! Records to bytes and back: a frame's raw payload is its records, each `u32` head length, `u32` body
//! length, head (JSON), body.

use super::frame::{Chain, Codec, Digest, FrameHeader, chain_on, digest, payload_hash, u32_at};
use posthoc_store::{Head, Record};
use std::ops::Range;
use zstd::bulk::Compressor;

/// A record's two lengths.
pub(super) const LENGTHS: usize = 8;

/// Raw bytes of a full block; a record that is larger has a frame of its own.
pub(super) const BLOCK: usize = 256 * 1024;

/// Largest record, head and body, in bytes: far above any limit on mails.
pub(super) const MAX_RECORD: usize = 1 << 30;

/// On 60,000 mails of linux-mips (339 MB) zstd alone, heads not counted, leaves 0.210 at level 3
/// (320 MB/s a core), 0.197 at 5 (142), 0.195 at 6 (113), 0.191 at 8 (82). Level 5 was a fifth of an
/// import's time for a sixteenth of its bytes.
pub(super) const LEVEL: i32 = 3;

/// Consecutive records, decoded.
#[derive(Default)]
pub(super) struct Block {
    raw: Vec<u8>,
    /// Where each record stands in `raw`.
    records: Vec<Range<usize>>,
}

impl Block {
    /// How many records.
    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    /// Bytes when decoded.
    pub(super) fn raw_len(&self) -> usize {
        self.raw.len()
    }

    /// A record's bytes; empty when there is no such record.
    pub(super) fn bytes(&self, nth: usize) -> &[u8] {
        self.records
            .get(nth)
            .map_or(&[], |range| &self.raw[range.clone()])
    }

    /// A record.
    pub(super) fn record(&self, nth: usize) -> Result<Record, String> {
        let bytes = self.bytes(nth);
        let (head, body_at) = head(bytes)?;
        Ok(Record {
            head,
            body: bytes[body_at..].to_vec(),
        })
    }

    /// The only record; its body is what is left of the block, no copy.
    pub(super) fn into_record(mut self) -> Result<Record, String> {
        let (head, body_at) = head(&self.raw)?;
        self.raw.drain(..body_at);
        Ok(Record {
            head,
            body: self.raw,
        })
    }

    /// The chain hash after these records.
    pub(super) fn chain(&self, before: &Chain) -> Chain {
        let digests = self
            .records
            .iter()
            .map(|range| digest(&self.raw[range.clone()]));
        digests.fold(*before, |chain, digest| chain_on(&chain, &digest))
    }

    /// An empty block with room for `bytes`.
    pub(super) fn with_room(bytes: usize) -> Block {
        Block {
            raw: Vec::with_capacity(bytes),
            records: Vec::new(),
        }
    }

    /// Adds a record.
    pub(super) fn push(&mut self, record: &Record) -> Result<(), String> {
        let start = self.raw.len();
        self.raw.extend_from_slice(&[0; LENGTHS]);
        let written = serde_json::to_writer(&mut self.raw, &record.head);
        let head = self.raw.len() - start - LENGTHS;
        let refused = match written {
            Err(e) => Some(format!("record head: {e}")),
            Ok(()) if head + record.body.len() > MAX_RECORD => Some("record is over 1 GiB".into()),
            Ok(()) => None,
        };
        if let Some(message) = refused {
            self.raw.truncate(start);
            return Err(message);
        }
        let lengths = [head as u32, record.body.len() as u32].map(u32::to_le_bytes);
        self.raw[start..start + LENGTHS].copy_from_slice(&lengths.concat());
        self.raw.extend_from_slice(&record.body);
        self.records.push(start..self.raw.len());
        Ok(())
    }

    /// Adds a record's bytes as [`bytes`](Block::bytes) gives them.
    pub(super) fn push_bytes(&mut self, record: &[u8]) {
        let start = self.raw.len();
        self.raw.extend_from_slice(record);
        self.records.push(start..self.raw.len());
    }

    /// The payload as stored: compressed where that helps.
    pub(super) fn store(&self, compressor: &mut Compressor<'_>) -> Result<Stored, String> {
        let packed = compressor
            .compress(&self.raw)
            .map_err(|e| format!("compress: {e}"))?;
        let (codec, payload) = if packed.len() < self.raw.len() {
            (Codec::Zstd, packed)
        } else {
            (Codec::None, self.raw.clone())
        };
        Ok(Stored {
            codec,
            hash: payload_hash(&payload),
            payload,
            digests: (0..self.len()).map(|nth| digest(self.bytes(nth))).collect(),
        })
    }

    /// The records of a stored payload. Checks the payload's hash, the lengths, and nothing else.
    pub(super) fn load(header: &FrameHeader, payload: Vec<u8>) -> Result<Block, String> {
        if payload_hash(&payload) != header.payload_hash {
            return Err("frame checksum".into());
        }
        let size = header.raw_len as usize;
        let raw = match header.codec {
            Codec::None => payload,
            Codec::Zstd => zstd::bulk::decompress(&payload, size)
                .map_err(|e| format!("frame does not decompress: {e}"))?,
        };
        let records = split(&raw)
            .filter(|records| raw.len() == size && records.len() == header.count as usize);
        Ok(Block {
            records: records.ok_or("record lengths")?,
            raw,
        })
    }
}

/// A record's head, and where its body begins.
fn head(record: &[u8]) -> Result<(Head, usize), String> {
    if record.len() < LENGTHS {
        return Err("record is not in its frame".into());
    }
    let body_at = LENGTHS + u32_at(record, 0) as usize;
    let head = serde_json::from_slice(&record[LENGTHS..body_at])
        .map_err(|e| format!("record head: {e}"))?;
    Ok((head, body_at))
}

/// A stored payload.
pub(super) struct Stored {
    pub(super) codec: Codec,
    pub(super) hash: [u8; 16],
    pub(super) payload: Vec<u8>,
    /// Of each record, for the chain.
    pub(super) digests: Vec<Digest>,
}

/// Where the records stand; `None` when their lengths do not add up.
fn split(raw: &[u8]) -> Option<Vec<Range<usize>>> {
    let mut records = Vec::new();
    let mut at = 0;
    while at < raw.len() {
        if raw.len() - at < LENGTHS {
            return None;
        }
        let len = LENGTHS + u32_at(raw, at) as usize + u32_at(raw, at + 4) as usize;
        if raw.len() - at < len {
            return None;
        }
        records.push(at..at + len);
        at += len;
    }
    Some(records)
}
