//! The reading half: pieces of a source, gathered and read.

use crate::intake::{Prepared, prepare};
use crate::source::{Piece, Refusal, Source, SourceError};
use posthoc_core::message::Limits;
use posthoc_core::text::parse_from_line;
use rayon::prelude::*;

/// Mails taken in under one hold of the lock.
const MAILS: usize = 500;
/// And their bytes.
const BYTES: usize = 4 << 20;

/// A stretch of a source.
pub(super) struct Chunk {
    pub(super) items: Vec<Item>,
    /// Where it begins and ends in the decompressed source.
    pub(super) from: u64,
    pub(super) to: u64,
    /// SHA-256 of the source up to `to`, hex.
    pub(super) sha256: String,
    /// It holds the last mail, which may be half.
    pub(super) open: bool,
    /// Packed bytes read so far.
    pub(super) progress: u64,
}

/// One piece, read.
pub(super) enum Item {
    /// Bytes between the mails.
    Gap(Vec<u8>),
    /// A mail.
    Mail(Box<Prepared>),
    /// Something that is no mail.
    Refused(Refusal),
}

/// Gathers a source into chunks.
pub(super) struct Chunks<'s> {
    source: &'s mut Source,
    limits: Limits,
    words: bool,
    ahead: Option<Piece>,
    error: Option<SourceError>,
}

impl<'s> Chunks<'s> {
    pub(super) fn new(source: &'s mut Source, limits: &Limits, words: bool) -> Self {
        Chunks {
            source,
            limits: limits.clone(),
            words,
            ahead: None,
            error: None,
        }
    }

    /// Where the source is, and its hash up to there.
    fn reached(&self) -> (u64, [u8; 32]) {
        let source: &Source = self.source;
        (source.position(), source.sha256_so_far())
    }
}

impl Iterator for Chunks<'_> {
    type Item = Result<Chunk, SourceError>;

    fn next(&mut self) -> Option<Self::Item> {
        let from = self.ahead.as_ref().map_or_else(|| self.reached().0, begin);
        let (mut pieces, mut bytes, mut open) = (Vec::new(), 0, false);
        let mut state = self.reached();
        while pieces.len() < MAILS && bytes < BYTES && self.error.is_none() {
            let before = self.reached();
            let piece = match self.ahead.take().map(Ok).or_else(|| self.source.next()) {
                None => break,
                Some(Err(error)) => {
                    self.error = Some(error);
                    break;
                }
                Some(Ok(piece)) => piece,
            };
            let last = piece.mail.as_ref().is_some_and(|mail| mail.last);
            if last && !open && !pieces.is_empty() {
                // The last mail, and what follows it, is a chunk of its own: it may be half.
                self.ahead = Some(piece);
                state = before;
                break;
            }
            open |= last;
            bytes += piece.gap.len() + piece.mail.as_ref().map_or(0, |mail| mail.bytes.len());
            pieces.push(piece);
            state = self.reached();
        }
        if pieces.is_empty() {
            return self.error.take().map(Err);
        }
        let (limits, words) = (&self.limits, self.words);
        let items = pieces.into_par_iter().flat_map_iter(|piece| {
            let gap = (!piece.gap.is_empty()).then_some(Item::Gap(piece.gap));
            let mail = piece
                .mail
                .map(|raw| Item::Mail(Box::new(prepare(raw, limits, words))));
            gap.into_iter()
                .chain(mail)
                .chain(piece.refused.map(Item::Refused))
        });
        Some(Ok(Chunk {
            items: items.collect(),
            from,
            to: state.0,
            sha256: state.1.iter().map(|byte| format!("{byte:02x}")).collect(),
            open,
            progress: self.source.bytes_read(),
        }))
    }
}

/// Where a piece that was read ahead begins.
fn begin(piece: &Piece) -> u64 {
    let mail = piece.mail.as_ref().map_or(0, |mail| mail.bytes.len());
    piece.end - (piece.gap.len() + mail) as u64
}

/// Whether the From_ lines of a chunk tell when its mails came: they have dates, and not all the
/// same one.
pub(super) fn from_lines_count(chunk: &Chunk) -> bool {
    let mut dates = chunk.items.iter().filter_map(|item| match item {
        Item::Mail(mail) => mail.raw.from_line.as_deref().and_then(parse_from_line),
        _ => None,
    });
    match dates.next() {
        Some(first) => dates.any(|date| date != first),
        None => false,
    }
}
