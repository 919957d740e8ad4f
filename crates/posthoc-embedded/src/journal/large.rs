//! A record that has a frame of its own because it is large: packed from where it lies, since a second
//! copy of a mail of a hundred megabytes is what a small machine has no room for.

use super::block::{Block, LENGTHS, MAX_RECORD, Stored};
use super::frame::{Codec, payload_hash};
use super::pack::parameters;
use super::replaced::carried;
use posthoc_store::Record;
use std::io::Write;
use zstd::stream::write::Encoder;

/// A record's lengths and head, and its body where it lies.
pub(super) struct Large<'a> {
    begin: Vec<u8>,
    body: &'a [u8],
}

impl<'a> Large<'a> {
    /// Of a record with a body.
    pub(super) fn of(record: &'a Record) -> Result<Self, String> {
        let mut block = Block::default();
        let bare = Record {
            head: record.head.clone(),
            body: Vec::new(),
        };
        block.push(&bare)?;
        let mut begin = block.bytes(0).to_vec();
        let body = record.body.as_slice();
        if begin.len() - LENGTHS + body.len() > MAX_RECORD {
            return Err("record is over 1 GiB".into());
        }
        begin[LENGTHS / 2..LENGTHS].copy_from_slice(&(body.len() as u32).to_le_bytes());
        Ok(Large { begin, body })
    }

    /// Bytes when decoded.
    pub(super) fn raw_len(&self) -> usize {
        self.begin.len() + self.body.len()
    }

    /// The payload as stored, as [`Block::store`] gives it.
    pub(super) fn store(&self) -> Result<Stored, String> {
        let packed = self.compressed().map_err(|e| format!("compress: {e}"))?;
        let (codec, payload) = match packed.len() < self.raw_len() {
            true => (Codec::Zstd, packed),
            false => {
                drop(packed);
                (Codec::None, [&self.begin, self.body].concat())
            }
        };
        let digest = carried(&self.begin).unwrap_or_else(|| {
            let mut hasher = blake3::Hasher::new();
            hasher.update(&self.begin).update(self.body);
            *hasher.finalize().as_bytes()
        });
        Ok(Stored {
            codec,
            hash: payload_hash(&payload),
            payload,
            digests: vec![digest],
        })
    }

    fn compressed(&self) -> std::io::Result<Vec<u8>> {
        let mut encoder = Encoder::new(Vec::new(), super::block::LEVEL)?;
        for parameter in parameters() {
            encoder.set_parameter(parameter)?;
        }
        encoder.set_pledged_src_size(Some(self.raw_len() as u64))?;
        encoder.write_all(&self.begin)?;
        encoder.write_all(self.body)?;
        encoder.finish()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::journal::frame::FrameHeader;
    use crate::journal::pack::compressor;
    use posthoc_store::{Head, QuarantineHead};

    /// Both ways give the same records, digests and hash of what they give.
    #[test]
    fn a_large_record_is_read_as_any() {
        let even: Vec<u8> = vec![b'x'; 5 << 20];
        let mut state = 1u64;
        let odd: Vec<u8> = (0..5 << 20)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                (state >> 56) as u8
            })
            .collect();
        for body in [even, odd] {
            let record = Record {
                head: Head::Quarantine(QuarantineHead {
                    list: 0,
                    source: None,
                    offset: 0,
                    file: None,
                    reason: "oversize".into(),
                    at: 0,
                }),
                body,
            };
            let mut block = Block::default();
            block.push(&record).unwrap();
            let other = block.store(&mut compressor().unwrap()).unwrap();
            let large = Large::of(&record).unwrap();
            assert_eq!(large.raw_len(), block.raw_len());
            let stored = large.store().unwrap();
            assert_eq!(stored.digests, other.digests);
            assert_eq!(stored.codec, other.codec);
            let header = FrameHeader {
                codec: stored.codec,
                single: false,
                count: 1,
                payload_len: stored.payload.len() as u32,
                raw_len: large.raw_len() as u32,
                first_seq: 0,
                base: 0,
                payload_hash: stored.hash,
                chain: [0; 32],
            };
            let loaded = Block::load(&header, stored.payload).unwrap();
            assert_eq!(loaded.bytes(0), block.bytes(0));
        }
    }
}
