//! Encoded words (RFC 2047) of header fields as bytes of a page.

use super::{Charsets, Converter, push_escaped};
use crate::pattern::of_bytes;
use posthoc_core::text::{base64, quoted_printable};
use regex::bytes::Regex;
use std::sync::LazyLock;

static WORD: LazyLock<Regex> =
    LazyLock::new(|| of_bytes(r"(?-u)=\?([^?\s]+)\?([QqBb])\?([^?]*)\?="));

/// A field's value as HTML: words decoded by their charset's converter, the rest escaped. Blanks between
/// two words are no part of the text.
pub(crate) fn header_html(value: &[u8], charsets: &Charsets) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len() + 16);
    for piece in pieces(value) {
        let Piece::Word(word) = piece else {
            charsets_plain(piece.bytes(), charsets, &mut out);
            continue;
        };
        // RFC 2231 adds a language: it says nothing about bytes.
        let name = word.charset.split('*').next().unwrap_or_default();
        if charsets.converter(name) == Converter::Ignore {
            push_escaped(word.all, &mut out);
        } else {
            charsets.push(&word.decoded(), name, &mut out);
        }
    }
    out
}

/// A field's value as DECODEHEADS keeps it: words are decoded where their charset's converter does no more than
/// that, the others are written in small letters.
pub(super) fn decoded_words(value: &[u8], charsets: &Charsets) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len());
    for piece in pieces(value) {
        let Piece::Word(word) = piece else {
            out.extend_from_slice(piece.bytes());
            continue;
        };
        if charsets.converter(&word.charset) == Converter::Decode {
            out.extend(word.decoded());
        } else {
            let kind = word.kind.to_ascii_lowercase();
            out.extend_from_slice(b"=?");
            out.extend([word.charset.as_bytes(), &kind, word.text].join(&b'?'));
            out.extend_from_slice(b"?=");
        }
    }
    out
}

/// What a field's value is made of.
enum Piece<'v> {
    Plain(&'v [u8]),
    Word(Word<'v>),
}

impl<'v> Piece<'v> {
    fn bytes(&self) -> &'v [u8] {
        match self {
            Piece::Plain(bytes) => bytes,
            Piece::Word(word) => word.all,
        }
    }
}

/// An encoded word.
struct Word<'v> {
    all: &'v [u8],
    /// In small letters.
    charset: String,
    /// `Q` or `B`, in either case.
    kind: &'v [u8],
    text: &'v [u8],
}

impl Word<'_> {
    fn decoded(&self) -> Vec<u8> {
        if self.kind.eq_ignore_ascii_case(b"b") {
            return base64(self.text).0;
        }
        let blank = |byte: &u8| if *byte == b'_' { b' ' } else { *byte };
        let blanks: Vec<u8> = self.text.iter().map(blank).collect();
        quoted_printable(&blanks).0
    }
}

/// A value's pieces in order, without the blanks between two words.
fn pieces(value: &[u8]) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut end = 0;
    for found in WORD.captures_iter(value) {
        let (all, [charset, kind, text]) = found.extract();
        let start = found.get(0).map_or(end, |all| all.start());
        let between = &value[end..start];
        if end == 0 || !between.iter().all(u8::is_ascii_whitespace) {
            pieces.push(Piece::Plain(between));
        }
        pieces.push(Piece::Word(Word {
            all,
            charset: String::from_utf8_lossy(charset).to_ascii_lowercase(),
            kind,
            text,
        }));
        end = start + all.len();
    }
    pieces.push(Piece::Plain(&value[end..]));
    pieces
}

fn charsets_plain(text: &[u8], charsets: &Charsets, out: &mut Vec<u8>) {
    if text.is_ascii() {
        push_escaped(text, out);
    } else {
        charsets.push(text, "plain", out);
    }
}
