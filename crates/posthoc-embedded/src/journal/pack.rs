//! A batch of records to the bytes of its frames.

use super::block::{BLOCK, Block, LEVEL, Stored};
use super::frame::{Chain, FrameHeader, HEADER, chain_on};
use super::large::Large;
use super::segment::Frame;
use posthoc_store::{Packing, Record};
use zstd::bulk::Compressor;
use zstd::zstd_safe::CParameter;

/// What becomes a frame.
pub(super) trait Payload: Sync {
    /// How many records.
    fn len(&self) -> usize;
    /// Bytes when decoded.
    fn raw_len(&self) -> usize;
    /// As stored.
    fn store(&self, compressor: &mut Compressor<'_>) -> Result<Stored, String>;
}

impl Payload for Block {
    fn len(&self) -> usize {
        self.len()
    }
    fn raw_len(&self) -> usize {
        self.raw_len()
    }
    fn store(&self, compressor: &mut Compressor<'_>) -> Result<Stored, String> {
        self.store(compressor)
    }
}

/// A frame of a batch.
enum Piece<'a> {
    Block(Block),
    Large(Large<'a>),
}

impl Payload for Piece<'_> {
    fn len(&self) -> usize {
        match self {
            Piece::Block(block) => block.len(),
            Piece::Large(_) => 1,
        }
    }
    fn raw_len(&self) -> usize {
        match self {
            Piece::Block(block) => block.raw_len(),
            Piece::Large(large) => large.raw_len(),
        }
    }
    fn store(&self, compressor: &mut Compressor<'_>) -> Result<Stored, String> {
        match self {
            Piece::Block(block) => block.store(compressor),
            Piece::Large(large) => large.store(),
        }
    }
}

/// A batch, ready to be written.
pub(super) struct Packed {
    /// The frames, one after the other.
    pub(super) bytes: Vec<u8>,
    /// What to note of them.
    pub(super) frames: Vec<Frame>,
    /// The chain after them.
    pub(super) chain: Chain,
}

/// Bytes of a body from which on a record is packed from where it lies.
const LARGE: usize = 4 << 20;

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
            let next = Block::with_room(if single { 0 } else { BLOCK });
            blocks.push(Piece::Block(std::mem::replace(&mut open, next)));
        }
        if record.body.len() > LARGE {
            blocks.push(Piece::Large(Large::of(record)?));
            continue;
        }
        open.push(record)?;
    }
    if open.len() > 0 {
        blocks.push(Piece::Block(open));
    }
    lay(&blocks, single, place)
}

/// Lays blocks out as frames from `place` on.
pub(super) fn lay<P: Payload>(blocks: &[P], single: bool, place: Place) -> Result<Packed, String> {
    let stored = store_all(blocks)?;
    let base = place.offset;
    let sizes = stored.iter().map(|stored| HEADER + stored.payload.len());
    let room = if blocks.len() > 1 { sizes.sum() } else { 0 };
    let mut packed = Packed {
        bytes: Vec::with_capacity(room),
        frames: Vec::new(),
        chain: place.chain,
    };
    let mut first_seq = place.first_seq;
    for (block, stored) in blocks.iter().zip(stored) {
        packed.chain =
            (stored.digests.iter()).fold(packed.chain, |chain, digest| chain_on(&chain, digest));
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
        if blocks.len() == 1 {
            // The only frame may be a large one: its payload is taken over, not copied.
            packed.bytes = stored.payload;
            packed.bytes.splice(0..0, header.encode());
        } else {
            packed.bytes.extend_from_slice(&header.encode());
            packed.bytes.extend_from_slice(&stored.payload);
        }
        first_seq += block.len() as u64;
    }
    Ok(packed)
}

/// The compressor of all payloads. At this level zstd chooses tables for a block of this size that
/// are a little small: larger ones, and matches from five bytes on, save another hundredth.
pub(super) fn compressor() -> std::io::Result<Compressor<'static>> {
    let mut compressor = Compressor::new(LEVEL)?;
    for parameter in parameters() {
        compressor.set_parameter(parameter)?;
    }
    Ok(compressor)
}

/// What is set beside the level.
pub(super) fn parameters() -> [CParameter; 3] {
    [
        CParameter::HashLog(17),
        CParameter::ChainLog(17),
        CParameter::MinMatch(5),
    ]
}

/// Compresses the blocks, on several threads when there are several.
fn store_all<P: Payload>(blocks: &[P]) -> Result<Vec<Stored>, String> {
    // One compressor for many blocks: its tables take a megabyte that must be cleared.
    let work = |blocks: &[P]| -> Result<Vec<Stored>, String> {
        let mut compressor = compressor().map_err(|e| format!("compress: {e}"))?;
        let stored = blocks.iter().map(|block| block.store(&mut compressor));
        stored.collect()
    };
    let threads = std::thread::available_parallelism()
        .map_or(1, |n| n.get())
        .min(4)
        .min(blocks.len());
    if threads <= 1 {
        return work(blocks);
    }
    let chunks = blocks.chunks(blocks.len().div_ceil(threads));
    std::thread::scope(|scope| {
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
