//! A batch of records to the bytes of its frames.

use super::block::{BLOCK, Block, LEVEL_BLOCKS, LEVEL_SINGLE, Stored};
use super::frame::{Chain, FrameHeader};
use super::segment::Frame;
use posthoc_store::{Packing, Record};

/// A batch, ready to be written.
pub(super) struct Packed {
    /// The frames, one after the other.
    pub(super) bytes: Vec<u8>,
    /// What to note of them.
    pub(super) frames: Vec<Frame>,
    /// The chain after them.
    pub(super) chain: Chain,
}

/// Where a batch goes.
pub(super) struct Place {
    pub(super) first_seq: u64,
    pub(super) offset: u64,
    pub(super) chain: Chain,
}

/// Lays the records out in frames from `place` on. The same input gives the same bytes.
pub(super) fn pack(records: &[Record], packing: Packing, place: Place) -> Result<Packed, String> {
    let single = packing == Packing::Single;
    let mut blocks = Vec::new();
    let mut open = Block::default();
    for record in records {
        let full = open.raw_len() + record.body.len() > BLOCK;
        if open.len() > 0 && (single || full) {
            blocks.push(std::mem::take(&mut open));
        }
        open.push(record)?;
    }
    if open.len() > 0 {
        blocks.push(open);
    }
    lay(&blocks, single, place)
}

/// Lays blocks out as frames from `place` on.
pub(super) fn lay(blocks: &[Block], single: bool, place: Place) -> Result<Packed, String> {
    let stored = store_all(blocks, if single { LEVEL_SINGLE } else { LEVEL_BLOCKS })?;
    let base = place.offset;
    let mut packed = Packed {
        bytes: Vec::new(),
        frames: Vec::new(),
        chain: place.chain,
    };
    let mut first_seq = place.first_seq;
    for (block, stored) in blocks.iter().zip(stored) {
        packed.chain = block.chain(&packed.chain);
        let header = FrameHeader {
            codec: stored.codec,
            single,
            count: block.len() as u32,
            payload_len: stored.payload.len() as u32,
            raw_len: block.raw_len() as u32,
            first_seq,
            base,
            payload_hash: stored.hash,
            chain: packed.chain,
        };
        packed
            .frames
            .push(Frame::new(base + packed.bytes.len() as u64, &header));
        packed.bytes.extend_from_slice(&header.encode());
        packed.bytes.extend_from_slice(&stored.payload);
        first_seq += block.len() as u64;
    }
    Ok(packed)
}

/// Compresses the blocks, on several threads when there are several.
fn store_all(blocks: &[Block], level: i32) -> Result<Vec<Stored>, String> {
    let threads = std::thread::available_parallelism()
        .map_or(1, |n| n.get())
        .min(4)
        .min(blocks.len());
    if threads <= 1 {
        return blocks.iter().map(|block| block.store(level)).collect();
    }
    let chunks = blocks.chunks(blocks.len().div_ceil(threads));
    std::thread::scope(|scope| {
        let work = |chunk: &[Block]| {
            chunk
                .iter()
                .map(|block| block.store(level))
                .collect::<Result<Vec<_>, _>>()
        };
        let running: Vec<_> = chunks
            .map(|chunk| scope.spawn(move || work(chunk)))
            .collect();
        let mut stored = Vec::with_capacity(blocks.len());
        for thread in running {
            stored.extend(thread.join().map_err(|_| "compressing thread died")??);
        }
        Ok(stored)
    })
}
