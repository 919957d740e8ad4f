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
    let mut end = 0;
    let mut after_word = false;
    for found in WORD.captures_iter(value) {
        let (Some(all), Some(name), Some(kind), Some(text)) =
            (found.get(0), found.get(1), found.get(2), found.get(3))
        else {
            continue;
        };
        let between = &value[end..all.start()];
        if !(after_word && between.iter().all(u8::is_ascii_whitespace)) {
            charsets_plain(between, charsets, &mut out);
        }
        let name = String::from_utf8_lossy(name.as_bytes()).to_ascii_lowercase();
        // RFC 2231 adds a language: it says nothing about bytes.
        let name = name.split('*').next().unwrap_or_default();
        if charsets.converter(name) == Converter::Ignore {
            push_escaped(all.as_bytes(), &mut out);
        } else {
            charsets.push(&decoded(kind.as_bytes(), text.as_bytes()), name, &mut out);
        }
        end = all.end();
        after_word = true;
    }
    charsets_plain(&value[end..], charsets, &mut out);
    out
}

/// A field's value as DECODEHEADS keeps it: words are decoded where their charset's converter does no more than
/// that, the others are written in small letters.
pub(super) fn decoded_words(value: &[u8], charsets: &Charsets) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len());
    let mut end = 0;
    for found in WORD.captures_iter(value) {
        let (Some(all), Some(name), Some(kind), Some(text)) =
            (found.get(0), found.get(1), found.get(2), found.get(3))
        else {
            continue;
        };
        let between = &value[end..all.start()];
        if end == 0 || !between.iter().all(u8::is_ascii_whitespace) {
            out.extend_from_slice(between);
        }
        let charset = String::from_utf8_lossy(name.as_bytes()).to_ascii_lowercase();
        if charsets.converter(&charset) == Converter::Decode {
            out.extend(decoded(kind.as_bytes(), text.as_bytes()));
        } else {
            let kind = kind.as_bytes().to_ascii_lowercase();
            let pieces = [charset.as_bytes(), &kind, text.as_bytes()];
            out.extend_from_slice(b"=?");
            out.extend(pieces.join(&b'?'));
            out.extend_from_slice(b"?=");
        }
        end = all.end();
    }
    out.extend_from_slice(&value[end..]);
    out
}

fn charsets_plain(text: &[u8], charsets: &Charsets, out: &mut Vec<u8>) {
    if text.is_ascii() {
        push_escaped(text, out);
    } else {
        charsets.push(text, "plain", out);
    }
}

fn decoded(kind: &[u8], text: &[u8]) -> Vec<u8> {
    if kind.eq_ignore_ascii_case(b"b") {
        return base64(text).0;
    }
    let blanks: Vec<u8> = text
        .iter()
        .map(|b| if *b == b'_' { b' ' } else { *b })
        .collect();
    quoted_printable(&blanks).0
}
