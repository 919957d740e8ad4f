//! How a stretch of a source is kept: the bytes between the mails, and which records hold the mails.
//! A stored format: `g`, length (u32, little-endian), bytes; or `m`, record number (u64).

use crate::error::Result;
use posthoc_store::StoreError;
use std::path::PathBuf;

/// Spans that are being written.
#[derive(Default)]
pub(crate) struct Spans(Vec<u8>);

/// A span that was read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Span<'a> {
    /// Bytes that stand in no record.
    Bytes(&'a [u8]),
    /// The body of a record.
    Record(u64),
}

impl Spans {
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        for piece in bytes.chunks(u32::MAX as usize) {
            self.0.push(b'g');
            self.0.extend((piece.len() as u32).to_le_bytes());
            self.0.extend(piece);
        }
    }

    pub(crate) fn record(&mut self, seq: u64) {
        self.0.push(b'm');
        self.0.extend(seq.to_le_bytes());
    }

    pub(crate) fn done(self) -> Vec<u8> {
        self.0
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
            _ => return Err(damaged().into()),
        };
    }
    Ok(spans)
}
