//! Reads every byte of the journal from the disk and compares: headers, checksums, record bounds,
//! heads, the order of the records and the hash chain.

use super::block::Block;
use super::frame::{Chain, FrameHeader};
use super::segment::{Found, Frame, SEGMENT_HEADER, Segment, SegmentHeader};
use super::{numbers, segment_path};
use crate::dir::io_error;
use posthoc_store::{Result, StoreError};
use std::os::unix::fs::FileExt;
use std::path::Path;

/// What the next frame must continue.
struct Expected {
    seq: u64,
    /// `None` after damage: the chain is taken up again at the next whole header.
    chain: Option<Chain>,
}

/// Reports all damage of the journal in `dir`. The beginning of a frame at the very end is none: a killed
/// append leaves it, and one that runs right now too.
pub(super) fn verify(dir: &Path, damage: &mut dyn FnMut(StoreError)) -> Result<()> {
    let numbers = numbers(dir)?;
    let mut expected = Expected {
        seq: 0,
        chain: Some([0; 32]),
    };
    for (nth, number) in numbers.iter().enumerate() {
        let path = segment_path(dir, *number);
        match Segment::open(&path, *number, true) {
            Ok(segment) => {
                verify_segment(&segment, nth + 1 == numbers.len(), &mut expected, damage)?;
            }
            Err(e @ StoreError::Damaged { .. }) => damage(e),
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

/// Reports all damage of one segment's file, whatever its name is now. It is believed what its header
/// says came before.
pub(crate) fn verify_segment_file(
    path: &Path,
    number: u32,
    last: bool,
    damage: &mut dyn FnMut(StoreError),
) -> Result<()> {
    let segment = match Segment::open(path, number, true) {
        Ok(segment) => segment,
        Err(e @ StoreError::Damaged { .. }) => {
            damage(e);
            return Ok(());
        }
        Err(e) => return Err(e),
    };
    let mut expected = Expected {
        seq: segment.header.first_seq,
        chain: Some(segment.header.chain),
    };
    verify_segment(&segment, last, &mut expected, damage)
}

fn verify_segment(
    segment: &Segment,
    last: bool,
    expected: &mut Expected,
    damage: &mut dyn FnMut(StoreError),
) -> Result<()> {
    let mut bytes = [0; SEGMENT_HEADER];
    segment
        .file
        .read_exact_at(&mut bytes, 0)
        .map_err(io_error("read", &segment.path))?;
    match SegmentHeader::decode(&bytes).filter(|h| h.number == segment.header.number) {
        None => damage(segment.damaged("segment header".into(), 0)),
        Some(header) => {
            let follows = header.first_seq == expected.seq
                && expected.chain.is_none_or(|c| c == header.chain);
            if !follows {
                damage(segment.damaged(format!("does not follow record {}", expected.seq), 0));
            }
            *expected = Expected {
                seq: header.first_seq,
                chain: Some(header.chain),
            };
        }
    }
    let len = segment.file_len()?;
    let mut at = SEGMENT_HEADER as u64;
    while at < len {
        match segment.frame_at(at, len)? {
            Found::Frame(header) => {
                verify_frame(segment, at, &header, expected, damage)?;
                at += header.frame_len();
            }
            Found::Short if last => return Ok(()),
            Found::Short | Found::Bad => {
                damage(segment.damaged("frame header".into(), at));
                expected.chain = None;
                match segment.find_frame(at + 1, len)? {
                    Some((next, _)) => at = next,
                    None => return Ok(()),
                }
            }
        }
    }
    Ok(())
}

fn verify_frame(
    segment: &Segment,
    at: u64,
    header: &FrameHeader,
    expected: &mut Expected,
    damage: &mut dyn FnMut(StoreError),
) -> Result<()> {
    if header.first_seq != expected.seq {
        damage(segment.damaged(
            format!(
                "records {} to {} are missing",
                expected.seq, header.first_seq
            ),
            at,
        ));
        expected.chain = None;
    }
    match check_payload(segment, at, header, expected.chain) {
        Ok(()) => {}
        Err(e @ StoreError::Damaged { .. }) => damage(e),
        Err(e) => return Err(e),
    }
    *expected = Expected {
        seq: header.first_seq + u64::from(header.count),
        chain: Some(header.chain),
    };
    Ok(())
}

fn check_payload(
    segment: &Segment,
    at: u64,
    header: &FrameHeader,
    chain: Option<Chain>,
) -> Result<()> {
    let (_, payload) = segment.read_frame(&Frame::new(at, header))?;
    let block = Block::load(header, payload).map_err(|what| segment.damaged(what, at))?;
    for nth in 0..block.len() {
        block
            .record(nth)
            .map_err(|what| segment.damaged(what, at))?;
    }
    match chain {
        Some(chain) if block.chain(&chain) != header.chain => {
            Err(segment.damaged("hash chain".into(), at))
        }
        _ => Ok(()),
    }
}
