//! A frame: the unit that is written, checked and compressed. It holds consecutive records.
//!
//! ```text
//!  0  magic "phjf"      4  version 1      5  codec (0 none, 1 zstd)   6  packing (0 blocks, 1 single)
//!  7  zero              8  u32 records   12  u32 payload bytes       16  u32 raw bytes
//! 20  zero u32         24  u64 first record                          32  u64 base
//! 40  16 bytes of BLAKE3(payload)        56  chain hash after the last record
//! 88  8 bytes of BLAKE3(bytes 0..88)     96  payload
//! ```
//!
//! Numbers are little-endian. `base` is the file's length before the batch that the frame came with:
//! all before it was durable when the frame was written. So a bad frame that lies before the base of
//! a later one is damage; one that does not is the torn end of an append.

/// Bytes of a frame's header.
pub(super) const HEADER: usize = 96;
const MAGIC: [u8; 4] = *b"phjf";
const VERSION: u8 = 1;

/// A chain hash: `chain = BLAKE3(chain before, BLAKE3(record))` over the records' raw bytes, so it
/// does not depend on how records are framed and packing a segment anew keeps it.
pub(super) type Chain = [u8; 32];

/// How a payload is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Codec {
    /// As it is.
    None,
    /// One zstd frame.
    Zstd,
}

/// A frame's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FrameHeader {
    pub(super) codec: Codec,
    /// The frame of a single delivery, to be packed into blocks when its segment is sealed.
    pub(super) single: bool,
    pub(super) count: u32,
    pub(super) payload_len: u32,
    pub(super) raw_len: u32,
    pub(super) first_seq: u64,
    pub(super) base: u64,
    pub(super) payload_hash: [u8; 16],
    pub(super) chain: Chain,
}

impl FrameHeader {
    /// The header's bytes.
    pub(super) fn encode(&self) -> [u8; HEADER] {
        let mut out = [0; HEADER];
        out[0..4].copy_from_slice(&MAGIC);
        out[4] = VERSION;
        out[5] = u8::from(self.codec == Codec::Zstd);
        out[6] = u8::from(self.single);
        out[8..12].copy_from_slice(&self.count.to_le_bytes());
        out[12..16].copy_from_slice(&self.payload_len.to_le_bytes());
        out[16..20].copy_from_slice(&self.raw_len.to_le_bytes());
        out[24..32].copy_from_slice(&self.first_seq.to_le_bytes());
        out[32..40].copy_from_slice(&self.base.to_le_bytes());
        out[40..56].copy_from_slice(&self.payload_hash);
        out[56..88].copy_from_slice(&self.chain);
        let sum = checksum(&out[..88]);
        out[88..].copy_from_slice(&sum);
        out
    }

    /// The header that these bytes hold; `None` when they hold none, or a damaged one.
    pub(super) fn decode(bytes: &[u8; HEADER]) -> Option<FrameHeader> {
        let known =
            bytes[0..4] == MAGIC && bytes[4] == VERSION && bytes[88..] == checksum(&bytes[..88]);
        if !known {
            return None;
        }
        let codec = match bytes[5] {
            0 => Codec::None,
            1 => Codec::Zstd,
            _ => return None,
        };
        Some(FrameHeader {
            codec,
            single: bytes[6] == 1,
            count: u32_at(bytes, 8),
            payload_len: u32_at(bytes, 12),
            raw_len: u32_at(bytes, 16),
            first_seq: u64_at(bytes, 24),
            base: u64_at(bytes, 32),
            payload_hash: array_at(bytes, 40),
            chain: array_at(bytes, 56),
        })
    }

    /// Bytes of the whole frame.
    pub(super) fn frame_len(&self) -> u64 {
        HEADER as u64 + u64::from(self.payload_len)
    }
}

/// Where the next frame could begin in `bytes`, at or after `from`.
pub(super) fn find_magic(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.windows(MAGIC.len())
        .position(|w| w == MAGIC)
        .map(|at| from + at)
}

/// The hash that guards a payload as stored.
pub(super) fn payload_hash(payload: &[u8]) -> [u8; 16] {
    array_at(blake3::hash(payload).as_bytes(), 0)
}

/// A record's part in the chain: BLAKE3 of its raw bytes.
pub(super) type Digest = [u8; 32];

/// The digest of a record; of one that took the place of another, the digest of that.
pub(super) fn digest(record: &[u8]) -> Digest {
    super::replaced::carried(record).unwrap_or_else(|| *blake3::hash(record).as_bytes())
}

/// The chain after one more record.
pub(super) fn chain_on(chain: &Chain, digest: &Digest) -> Chain {
    let mut hasher = blake3::Hasher::new();
    hasher.update(chain);
    hasher.update(digest);
    *hasher.finalize().as_bytes()
}

/// Eight bytes of BLAKE3: guards headers against accidents.
pub(super) fn checksum(bytes: &[u8]) -> [u8; 8] {
    array_at(blake3::hash(bytes).as_bytes(), 0)
}

/// `N` bytes at a place; zeros where the bytes end before (callers pass whole headers).
pub(super) fn array_at<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    bytes
        .get(at..at + N)
        .and_then(|b| b.try_into().ok())
        .unwrap_or([0; N])
}

/// A number at a place.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(array_at(bytes, at))
}

/// A number at a place.
pub(super) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(array_at(bytes, at))
}
