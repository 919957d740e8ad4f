//! A list's charset: what a page can hold, and what stands for the rest.
//!
//! Python's codecs, not those of browsers: `iso-8859-1` is Latin-1 with its control characters, and a
//! byte that a codec does not know is an error.

use encoding_rs::Encoding;
use std::borrow::Cow;

/// A charset by its name in mail, as Python would find its codec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Charset {
    /// `us-ascii`
    Ascii,
    /// `iso-8859-1`
    Latin1,
    /// Any other.
    Other(&'static Encoding),
}

impl Charset {
    /// None for a name that no codec has.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase().replace('_', "-");
        Some(match name.as_str() {
            "us-ascii" | "ascii" | "646" | "ansi-x3.4-1968" => Charset::Ascii,
            "iso-8859-1" | "latin-1" | "latin1" | "iso8859-1" | "l1" | "8859" | "cp819" => {
                Charset::Latin1
            }
            // Browsers take these for others.
            "x-user-defined" | "unicode" | "gb2312-80" => return None,
            other => Charset::Other(Encoding::for_label_no_replacement(other.as_bytes())?),
        })
    }

    /// The text, when every byte has a meaning.
    pub(crate) fn decode_strictly(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        match self {
            Charset::Ascii if bytes.is_ascii() => {
                std::str::from_utf8(bytes).ok().map(Cow::Borrowed)
            }
            Charset::Ascii => None,
            Charset::Latin1 => Some(latin1(bytes)),
            Charset::Other(encoding) if encoding == encoding_rs::ISO_2022_JP => encoding
                .decode_without_bom_handling_and_without_replacement(&without_idle_escapes(bytes))
                .map(|text| Cow::Owned(text.into_owned())),
            Charset::Other(encoding) => {
                encoding.decode_without_bom_handling_and_without_replacement(bytes)
            }
        }
    }

    /// The text, with U+FFFD for what has no meaning.
    pub(crate) fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        match self {
            Charset::Ascii if bytes.is_ascii() => String::from_utf8_lossy(bytes),
            Charset::Ascii => Cow::Owned(
                bytes
                    .iter()
                    .map(|b| {
                        if b.is_ascii() {
                            char::from(*b)
                        } else {
                            '\u{fffd}'
                        }
                    })
                    .collect(),
            ),
            Charset::Latin1 => latin1(bytes),
            Charset::Other(encoding) => encoding.decode_without_bom_handling(bytes).0,
        }
    }

    /// Whether it has the character.
    fn holds(self, c: char) -> bool {
        match self {
            _ if c.is_ascii() => true,
            Charset::Ascii => false,
            Charset::Latin1 => u32::from(c) < 0x100,
            Charset::Other(encoding) => {
                let mut buffer = [0; 4];
                !encoding.encode(c.encode_utf8(&mut buffer)).2
            }
        }
    }

    /// Writes the text's bytes; `instead` says what to write for a character that it does not have.
    pub(crate) fn encode(
        self,
        text: &str,
        out: &mut Vec<u8>,
        mut instead: impl FnMut(char, &mut Vec<u8>),
    ) {
        if text.is_ascii() {
            return out.extend_from_slice(text.as_bytes());
        }
        for c in text.chars() {
            match self {
                _ if c.is_ascii() => out.push(c as u8),
                _ if !self.holds(c) => instead(c, out),
                Charset::Latin1 => out.push(u32::from(c) as u8),
                Charset::Ascii => instead(c, out),
                Charset::Other(encoding) => {
                    let mut buffer = [0; 4];
                    out.extend_from_slice(&encoding.encode(c.encode_utf8(&mut buffer)).0);
                }
            }
        }
    }

    /// The text's bytes with `?` for what it does not have, as in a text volume.
    pub(crate) fn encode_with_marks(self, text: &str, out: &mut Vec<u8>) {
        self.encode(text, out, |_, out| out.push(b'?'));
    }

    /// Whether it has all characters.
    pub(crate) fn holds_all(self, text: &str) -> bool {
        text.is_ascii() || text.chars().all(|c| self.holds(c))
    }
}

/// ISO-2022-JP without escapes that another follows at once: joined encoded words have them, and
/// browsers' rules take them for an error.
fn without_idle_escapes(bytes: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(bytes.len());
    let is_escape = |at: &[u8]| matches!(at, [0x1b, b'(' | b'$', _, ..]);
    let mut rest = bytes;
    while let Some(byte) = rest.first() {
        if is_escape(rest) && is_escape(&rest[3..]) {
            rest = &rest[3..];
            continue;
        }
        out.push(*byte);
        rest = &rest[1..];
    }
    out
}

fn latin1(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => Cow::Borrowed(text),
        _ => Cow::Owned(bytes.iter().map(|b| char::from(*b)).collect()),
    }
}
