//! How a stretch of a source is kept: the bytes between the mails, and which records hold the mails.
//! A stored format: `g`, length (u32, little-endian), bytes; `m`, record number (u64); or `p`, length
//! (u64): bytes that were destroyed, or came again after that and were not kept.

use crate::error::Result;
use posthoc_store::StoreError;
use std::path::PathBuf;

/// Spans that are being written.
#[derive(Default)]
pub(crate) struct Spans {
    packed: Vec<u8>,
    /// Where the last literal begins, while it is the last span.
    literal: Option<usize>,
}

/// A span that was read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Span<'a> {
    /// Bytes that stand in no record.
    Bytes(&'a [u8]),
    /// The body of a record.
    Record(u64),
    /// So many bytes that are not kept.
    Removed(u64),
}

/// A span's letter and length, before a literal's bytes.
const LITERAL: usize = 5;

impl Spans {
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        for piece in bytes.chunks(u32::MAX as usize) {
            self.literal = Some(self.packed.len());
            self.packed.push(b'g');
            self.packed.extend((piece.len() as u32).to_le_bytes());
            self.packed.extend(piece);
        }
    }

    pub(crate) fn record(&mut self, seq: u64) {
        self.literal = None;
        self.packed.push(b'm');
        self.packed.extend(seq.to_le_bytes());
    }

    /// A mail that is not kept, with the From_ line before it: that has its sender's address.
    pub(crate) fn removed(&mut self, bytes: u64) {
        let from_line = self.drop_from_line();
        self.placeholder(bytes + from_line);
    }

    /// So many bytes that were not kept before.
    pub(crate) fn placeholder(&mut self, bytes: u64) {
        self.literal = None;
        self.packed.push(b'p');
        self.packed.extend(bytes.to_le_bytes());
    }

    /// Drops the From_ line that stands before the next mail; returns its length.
    pub(crate) fn drop_from_line(&mut self) -> u64 {
        let Some(at) = self.literal else { return 0 };
        let text = &self.packed[at + LITERAL..];
        let line = text.strip_suffix(b"\n").unwrap_or(text);
        let begin = memchr::memrchr(b'\n', line).map_or(0, |end| end + 1);
        if !text[begin..].starts_with(b"From ") {
            return 0;
        }
        let dropped = text.len() - begin;
        self.packed.truncate(at + LITERAL + begin);
        self.packed[at + 1..at + LITERAL].copy_from_slice(&(begin as u32).to_le_bytes());
        dropped as u64
    }

    pub(crate) fn done(self) -> Vec<u8> {
        self.packed
    }
}

/// Reads packed spans.
///
/// # Errors
/// `Damaged` when they are not what [`Spans`] wrote.
pub(crate) fn read(mut packed: &[u8]) -> Result<Vec<Span<'_>>> {
    let damaged = || StoreError::Damaged {
        what: "spans of a source".to_owned(),
        path: PathBuf::from("journal"),
        offset: 0,
    };
    let mut spans = Vec::new();
    while let Some((kind, rest)) = packed.split_first() {
        packed = match kind {
            b'g' => {
                let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(damaged)?;
                let length = u32::from_le_bytes(*length) as usize;
                let (bytes, rest) = rest.split_at_checked(length).ok_or_else(damaged)?;
                spans.push(Span::Bytes(bytes));
                rest
            }
            b'm' => {
                let (seq, rest) = rest.split_first_chunk::<8>().ok_or_else(damaged)?;
                spans.push(Span::Record(u64::from_le_bytes(*seq)));
                rest
            }
            b'p' => {
                let (bytes, rest) = rest.split_first_chunk::<8>().ok_or_else(damaged)?;
                spans.push(Span::Removed(u64::from_le_bytes(*bytes)));
                rest
            }
            _ => return Err(damaged().into()),
        };
    }
    Ok(spans)
}
