//! Sources: bytes and folders in, pieces out. The bytes are of our own writing; the corpora, where
//! they are at hand, are counted and put together again.
#![allow(clippy::unwrap_used)]

mod corpora;
mod folders;
mod mailboxes;
mod properties;
mod streams;

use posthoc_archive::source::{OpenOptions, Piece, Source, SourceError, Split};
use std::io::{Cursor, Read};

/// A From_ line.
const FROM: &str = "From ann@example.org Sat Nov  1 10:00:00 2025\n";

/// A small mail of our own.
fn mail(subject: &str, body: &str) -> String {
    format!(
        "From: ann@example.org\nSubject: {subject}\nDate: Sat, 1 Nov 2025 10:00:00 +0000\n\n{body}\n"
    )
}

/// Gives at most `step` bytes at a time.
struct Slow {
    bytes: Cursor<Vec<u8>>,
    step: usize,
}

impl Read for Slow {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let most = buffer.len().min(self.step);
        self.bytes.read(&mut buffer[..most])
    }
}

fn options(split: &str) -> OpenOptions {
    OpenOptions {
        split: split.parse::<Split>().unwrap(),
        ..OpenOptions::default()
    }
}

fn open(bytes: impl Into<Vec<u8>>, options: &OpenOptions) -> Result<Source, SourceError> {
    Source::from_reader(Cursor::new(bytes.into()), "test", options)
}

fn pieces(bytes: impl Into<Vec<u8>>, options: &OpenOptions) -> Vec<Piece> {
    open(bytes, options).unwrap().map(Result::unwrap).collect()
}

/// All bytes of the pieces, in order.
fn joined(pieces: &[Piece]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for piece in pieces {
        bytes.extend_from_slice(&piece.gap);
        bytes.extend_from_slice(piece.mail.as_ref().map_or(&[], |mail| &mail.bytes));
        assert_eq!(piece.end, bytes.len() as u64);
    }
    bytes
}

/// The mails' bytes.
fn mails(pieces: &[Piece]) -> Vec<String> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    pieces
        .iter()
        .filter_map(|piece| piece.mail.as_ref())
        .map(|mail| text(&mail.bytes))
        .collect()
}
