//! A segment: one file of the journal, and the table of its frames.
//!
//! The file is a header (magic `phjsegm1`, u32 version, u32 number, u64 first record, the chain hash
//! before it, 8 bytes of BLAKE3) and frames. The table is found by walking the frames' headers. Beside
//! it lies `NNNNNNNN.idx`, a copy of the table: derived, not synced, believed only as far as it agrees
//! with the segment.

use super::frame::{
    Chain, FrameHeader, HEADER, array_at, checksum, find_magic, payload_hash, u32_at, u64_at,
};
use crate::dir::{Access, io_error};
use posthoc_store::{Result, StoreError};
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Bytes of a segment's header.
pub(super) const SEGMENT_HEADER: usize = 64;
const MAGIC: &[u8; 8] = b"phjsegm1";
const VERSION: u32 = 1;
const INDEX_MAGIC: &[u8; 8] = b"phjtabl1";
/// Bytes of a frame in the side file.
const ENTRY: usize = 32;
/// Bytes read at once when looking for the next frame after damage.
const SEARCH: usize = 1 << 20;

/// A segment's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SegmentHeader {
    pub(super) number: u32,
    pub(super) first_seq: u64,
    /// The chain before its first record.
    pub(super) chain: Chain,
}

impl SegmentHeader {
    /// The header's bytes.
    pub(super) fn encode(&self) -> [u8; SEGMENT_HEADER] {
        let mut out = [0; SEGMENT_HEADER];
        out[0..8].copy_from_slice(MAGIC);
        out[8..12].copy_from_slice(&VERSION.to_le_bytes());
        out[12..16].copy_from_slice(&self.number.to_le_bytes());
        out[16..24].copy_from_slice(&self.first_seq.to_le_bytes());
        out[24..56].copy_from_slice(&self.chain);
        let sum = checksum(&out[..56]);
        out[56..].copy_from_slice(&sum);
        out
    }

    /// The header that these bytes hold.
    pub(super) fn decode(bytes: &[u8; SEGMENT_HEADER]) -> Option<SegmentHeader> {
        let known = bytes[0..8] == *MAGIC
            && u32_at(bytes, 8) == VERSION
            && bytes[56..] == checksum(&bytes[..56]);
        known.then(|| SegmentHeader {
            number: u32_at(bytes, 12),
            first_seq: u64_at(bytes, 16),
            chain: array_at(bytes, 24),
        })
    }
}

/// A frame's row in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) offset: u64,
    pub(super) first_seq: u64,
    pub(super) count: u32,
    pub(super) payload_len: u32,
    pub(super) single: bool,
}

impl Frame {
    /// The row of a frame that stands at `offset`.
    pub(super) fn new(offset: u64, header: &FrameHeader) -> Frame {
        Frame {
            offset,
            first_seq: header.first_seq,
            count: header.count,
            payload_len: header.payload_len,
            single: header.single,
        }
    }

    /// The byte after it.
    pub(super) fn end(&self) -> u64 {
        self.offset + HEADER as u64 + u64::from(self.payload_len)
    }

    /// The record after it.
    pub(super) fn next_seq(&self) -> u64 {
        self.first_seq + u64::from(self.count)
    }

    fn encode(&self) -> [u8; ENTRY] {
        let mut out = [0; ENTRY];
        out[0..8].copy_from_slice(&self.offset.to_le_bytes());
        out[8..16].copy_from_slice(&self.first_seq.to_le_bytes());
        out[16..20].copy_from_slice(&self.count.to_le_bytes());
        out[20..24].copy_from_slice(&self.payload_len.to_le_bytes());
        out[24] = u8::from(self.single);
        out
    }

    fn decode(bytes: &[u8]) -> Frame {
        Frame {
            offset: u64_at(bytes, 0),
            first_seq: u64_at(bytes, 8),
            count: u32_at(bytes, 16),
            payload_len: u32_at(bytes, 20),
            single: bytes.get(24) == Some(&1),
        }
    }
}

/// What stands after the last whole frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tail {
    /// Nothing.
    Clean,
    /// The beginning of a frame: an append that was killed, or one that goes on right now.
    Short,
    /// Bytes that are no frame: an append torn by a power cut, or damage to the last batch.
    Bad,
}

/// One segment, opened for reading.
pub(super) struct Segment {
    pub(super) path: PathBuf,
    pub(super) file: Arc<File>,
    pub(super) header: SegmentHeader,
    sealed: bool,
    /// Whole frames, in order. After damage records may be missing between two of them.
    pub(super) frames: Vec<Frame>,
    /// The byte after the last whole frame.
    pub(super) end: u64,
    /// The record after the last one.
    pub(super) next_seq: u64,
    /// The chain there.
    pub(super) chain: Chain,
    pub(super) tail: Tail,
}

impl Segment {
    /// Opens a segment and finds its frames.
    ///
    /// In the last segment (`sealed` is false) the last batch must be whole to count.
    pub(super) fn open(path: &Path, number: u32, sealed: bool) -> Result<Segment> {
        let file = File::open(path).map_err(io_error("open", path))?;
        let header = read_segment_header(&file, path, number)?;
        let mut segment = Segment {
            path: path.to_owned(),
            file: Arc::new(file),
            header,
            sealed,
            frames: Vec::new(),
            end: SEGMENT_HEADER as u64,
            next_seq: header.first_seq,
            chain: header.chain,
            tail: Tail::Clean,
        };
        segment.frames = segment.read_index().unwrap_or_default();
        segment.settle(0)?;
        segment.extend()?;
        Ok(segment)
    }

    /// The file's length now.
    pub(super) fn file_len(&self) -> Result<u64> {
        Ok(self
            .file
            .metadata()
            .map_err(io_error("read", &self.path))?
            .len())
    }

    /// Takes in frames that were appended since.
    pub(super) fn extend(&mut self) -> Result<()> {
        let len = self.file_len()?;
        self.tail = Tail::Clean;
        if len <= self.end {
            return Ok(());
        }
        let known = self.frames.len();
        let (mut at, mut seq) = (self.end, self.next_seq);
        let mut tail = Tail::Clean;
        while at < len {
            match self.frame_at(at, len)? {
                Found::Frame(header) if header.first_seq == seq => {
                    self.frames.push(Frame::new(at, &header));
                    (at, seq) = (
                        at + header.frame_len(),
                        header.first_seq + u64::from(header.count),
                    );
                }
                Found::Short => {
                    tail = Tail::Short;
                    break;
                }
                Found::Frame(_) | Found::Bad => match self.find_committed_after(at, len)? {
                    Some((next, header)) => (at, seq) = (next, header.first_seq),
                    None => {
                        tail = Tail::Bad;
                        break;
                    }
                },
            }
        }
        self.settle(known)?;
        self.tail = if self.end < at { Tail::Bad } else { tail };
        Ok(())
    }

    /// Sets end, next record and chain by the table, of which the last batch is looked at first: only it
    /// can be torn. The first `known` frames were looked at before.
    fn settle(&mut self, known: usize) -> Result<()> {
        if let Some(last) = self
            .frames
            .get(known..)
            .and_then(<[Frame]>::last)
            .filter(|_| !self.sealed)
        {
            let base = self.header_of(last)?.base;
            let batch = self.frames.partition_point(|f| f.offset < base).max(known);
            for nth in batch..self.frames.len() {
                match self.read_frame(&self.frames[nth]) {
                    Ok(_) => {}
                    Err(StoreError::Damaged { .. }) => {
                        self.frames.truncate(nth);
                        break;
                    }
                    Err(e) => return Err(e),
                }
            }
        }
        (self.end, self.next_seq, self.chain) = match self.frames.last() {
            Some(last) => (last.end(), last.next_seq(), self.header_of(last)?.chain),
            None => (
                SEGMENT_HEADER as u64,
                self.header.first_seq,
                self.header.chain,
            ),
        };
        Ok(())
    }

    /// Forgets frames from `end` on: they were taken back.
    pub(super) fn cut_to(&mut self, end: u64) -> Result<()> {
        self.frames.retain(|f| f.end() <= end);
        self.settle(self.frames.len())
    }

    /// What stands at a place.
    pub(super) fn frame_at(&self, at: u64, len: u64) -> Result<Found> {
        if len - at < HEADER as u64 {
            return Ok(Found::Short);
        }
        let mut bytes = [0; HEADER];
        match self.file.read_exact_at(&mut bytes, at) {
            Ok(()) => {}
            // The file shrank under us: an append was taken back.
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(Found::Short),
            Err(e) => return Err(io_error("read", &self.path)(e)),
        }
        Ok(match FrameHeader::decode(&bytes) {
            Some(header) if header.frame_len() > len - at => Found::Short,
            Some(header) => Found::Frame(header),
            None => Found::Bad,
        })
    }

    /// The next frame after bad bytes at `bad`, if it proves that those were committed.
    fn find_committed_after(&self, bad: u64, len: u64) -> Result<Option<(u64, FrameHeader)>> {
        let mut from = bad + 1;
        while let Some((at, header)) = self.find_frame(from, len)? {
            if header.base > bad {
                return Ok(Some((at, header)));
            }
            from = at + header.frame_len();
        }
        Ok(None)
    }

    /// The next place at or after `from` where a whole frame's header stands.
    pub(super) fn find_frame(&self, from: u64, len: u64) -> Result<Option<(u64, FrameHeader)>> {
        let mut chunk = vec![0; SEARCH];
        let mut start = from;
        while len.saturating_sub(start) >= HEADER as u64 {
            let want = SEARCH.min((len - start) as usize);
            self.file
                .read_exact_at(&mut chunk[..want], start)
                .map_err(io_error("read", &self.path))?;
            let mut at = 0;
            while let Some(hit) = find_magic(&chunk[..want], at) {
                if let Found::Frame(header) = self.frame_at(start + hit as u64, len)? {
                    return Ok(Some((start + hit as u64, header)));
                }
                at = hit + 1;
            }
            // A magic of four bytes may lie across the border.
            start += want.saturating_sub(3).max(1) as u64;
        }
        Ok(None)
    }

    fn header_of(&self, frame: &Frame) -> Result<FrameHeader> {
        match self.frame_at(frame.offset, u64::MAX)? {
            Found::Frame(header) if Frame::new(frame.offset, &header) == *frame => Ok(header),
            _ => Err(self.damaged("frame header".into(), frame.offset)),
        }
    }

    /// A frame's header and payload; the payload's hash is checked.
    pub(super) fn read_frame(&self, frame: &Frame) -> Result<(FrameHeader, Vec<u8>)> {
        read_frame(&self.file, &self.path, frame)
    }

    /// The frame that holds a record.
    pub(super) fn frame_of(&self, seq: u64) -> Option<Frame> {
        let nth = self
            .frames
            .partition_point(|f| f.first_seq <= seq)
            .checked_sub(1)?;
        self.frames.get(nth).filter(|f| seq < f.next_seq()).copied()
    }

    /// An error about this file.
    pub(super) fn damaged(&self, what: String, offset: u64) -> StoreError {
        StoreError::Damaged {
            what,
            path: self.path.clone(),
            offset,
        }
    }

    /// The side file's table, when it is of this very segment; it may end early.
    fn read_index(&self) -> Option<Vec<Frame>> {
        let bytes = fs::read(index_path(&self.path)).ok()?;
        let rows = bytes.strip_prefix(INDEX_MAGIC.as_slice())?;
        let frames: Vec<Frame> = rows.chunks_exact(ENTRY).map(Frame::decode).collect();
        let (mut at, mut seq) = (SEGMENT_HEADER as u64, self.header.first_seq);
        for frame in &frames {
            if frame.offset != at || frame.first_seq != seq {
                return None;
            }
            (at, seq) = (frame.end(), frame.next_seq());
        }
        let last = frames.last()?;
        let whole = last.end() <= self.file_len().ok()? && self.header_of(last).is_ok();
        whole.then_some(frames)
    }

    /// Notes the frames from `known` on in the side file, writing it anew when it does not have the
    /// ones before. Failure costs a walk at the next open, nothing else.
    pub(super) fn write_index(&self, known: usize, access: &Access) {
        let path = index_path(&self.path);
        let rows = |frames: &[Frame]| frames.iter().flat_map(Frame::encode).collect::<Vec<u8>>();
        let before = (INDEX_MAGIC.len() + known * ENTRY) as u64;
        let file = fs::OpenOptions::new().write(true).open(&path);
        if let Ok(file) = file
            && known > 0
            && file.metadata().is_ok_and(|m| m.len() == before)
        {
            let _ = file.write_all_at(&rows(&self.frames[known..]), before);
        } else {
            let _ = access.replace_quickly(
                &path,
                &[INDEX_MAGIC, rows(&self.frames).as_slice()].concat(),
            );
        }
    }
}

/// What [`Segment::frame_at`] found.
pub(super) enum Found {
    /// A frame whose payload lies within the file.
    Frame(FrameHeader),
    /// The file ends within the frame.
    Short,
    /// No header.
    Bad,
}

/// Reads a frame in one go.
pub(super) fn read_frame(
    file: &File,
    path: &Path,
    frame: &Frame,
) -> Result<(FrameHeader, Vec<u8>)> {
    let damaged = |what: &str| StoreError::Damaged {
        what: what.into(),
        path: path.to_owned(),
        offset: frame.offset,
    };
    let mut bytes = vec![0; HEADER + frame.payload_len as usize];
    file.read_exact_at(&mut bytes, frame.offset)
        .map_err(io_error("read", path))?;
    let header =
        FrameHeader::decode(&array_at(&bytes, 0)).filter(|h| Frame::new(frame.offset, h) == *frame);
    let header = header.ok_or_else(|| damaged("frame header"))?;
    // Moved to the front, not copied: a frame may be as large as a mail.
    bytes.drain(..HEADER);
    if payload_hash(&bytes) != header.payload_hash {
        return Err(damaged("frame checksum"));
    }
    Ok((header, bytes))
}

/// The header of a segment that need not be opened yet.
pub(super) fn peek(path: &Path, number: u32) -> Result<SegmentHeader> {
    let file = File::open(path).map_err(io_error("open", path))?;
    read_segment_header(&file, path, number)
}

/// A segment's header; when it is damaged, what its first frame tells of it.
fn read_segment_header(file: &File, path: &Path, number: u32) -> Result<SegmentHeader> {
    let mut bytes = [0; SEGMENT_HEADER];
    file.read_exact_at(&mut bytes, 0)
        .map_err(io_error("read", path))?;
    if let Some(header) = SegmentHeader::decode(&bytes).filter(|h| h.number == number) {
        return Ok(header);
    }
    let mut bytes = [0; HEADER];
    let frame = file
        .read_exact_at(&mut bytes, SEGMENT_HEADER as u64)
        .ok()
        .and_then(|()| FrameHeader::decode(&bytes));
    let first_seq = frame.map(|frame| frame.first_seq);
    let damaged = StoreError::Damaged {
        what: "segment header".into(),
        path: path.to_owned(),
        offset: 0,
    };
    Ok(SegmentHeader {
        number,
        first_seq: first_seq.ok_or(damaged)?,
        chain: [0; 32],
    })
}

/// The side file of a segment.
pub(super) fn index_path(segment: &Path) -> PathBuf {
    segment.with_extension("idx")
}
