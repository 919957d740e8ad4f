//! Header fields as Python 2's `email.header` decodes them (RFC 2047, read narrowly): what it cannot
//! read stays as it was written, and Pipermail shows it so.

use crate::charset::Charset;
use posthoc_core::text::base64;

/// A piece of a field: its bytes, and the charset of an encoded word.
struct Piece {
    bytes: Vec<u8>,
    charset: Option<String>,
}

/// The decoded field on one line. Where a piece cannot be read, all of the field is taken for text in
/// the list's charset.
pub(crate) fn decoded(raw: &[u8], list: Charset) -> String {
    let text = pieces(raw).and_then(|pieces| joined(&pieces));
    let text = text.unwrap_or_else(|| {
        let list = if list == Charset::Ascii {
            Charset::Latin1
        } else {
            list
        };
        list.decode(raw).into_owned()
    });
    text.split([
        '\n', '\r', '\u{b}', '\u{c}', '\u{1c}', '\u{1d}', '\u{1e}', '\u{85}', '\u{2028}',
        '\u{2029}',
    ])
    .collect()
}

/// The pieces with the blanks between text and encoded words that were eaten on the way.
fn joined(pieces: &[Piece]) -> Option<String> {
    let is_plain = |charset: &Option<String>| {
        charset
            .as_deref()
            .is_none_or(|charset| charset == "us-ascii")
    };
    let mut out = String::new();
    let mut last: Option<bool> = None;
    for piece in pieces {
        let plain = is_plain(&piece.charset);
        if last.is_some_and(|last| last != plain) {
            out.push(' ');
        }
        last = Some(plain);
        let charset = Charset::named(piece.charset.as_deref().unwrap_or("us-ascii"))?;
        out.push_str(&charset.decode_strictly(&piece.bytes)?);
    }
    Some(out)
}

fn pieces(raw: &[u8]) -> Option<Vec<Piece>> {
    if next_word(raw, 0).is_none() {
        return Some(vec![Piece {
            bytes: raw.to_vec(),
            charset: None,
        }]);
    }
    let mut pieces: Vec<Piece> = Vec::new();
    for line in raw.split(|b| *b == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let mut at = 0;
        if next_word(line, 0).is_none() {
            pieces.push(Piece {
                bytes: line.to_vec(),
                charset: None,
            });
            continue;
        }
        loop {
            let word = next_word(line, at);
            let end = word.as_ref().map_or(line.len(), |word| word.start);
            push_plain(line[at..end].trim_ascii(), &mut pieces);
            let Some(word) = word else {
                break;
            };
            at = word.end;
            push_word(line, &word, &mut pieces)?;
        }
    }
    Some(pieces)
}

fn push_plain(text: &[u8], pieces: &mut Vec<Piece>) {
    if text.is_empty() {
        return;
    }
    match pieces.last_mut() {
        Some(last) if last.charset.is_none() => {
            last.bytes.push(b' ');
            last.bytes.extend_from_slice(text);
        }
        _ => pieces.push(Piece {
            bytes: text.to_vec(),
            charset: None,
        }),
    }
}

fn push_word(line: &[u8], word: &Word, pieces: &mut Vec<Piece>) -> Option<()> {
    let charset = String::from_utf8_lossy(&line[word.charset.clone()]).to_ascii_lowercase();
    let encoded = &line[word.text.clone()];
    let bytes = if word.is_base64 {
        let digits = encoded.iter().filter(|b| !b.is_ascii_whitespace()).count();
        // Python pads to a group of four; a group of one digit is an error to it.
        if digits % 4 == 1 {
            return None;
        }
        base64(encoded).0
    } else {
        from_q(encoded)
    };
    match pieces.last_mut() {
        Some(last) if last.charset.as_ref() == Some(&charset) => last.bytes.extend(bytes),
        _ => pieces.push(Piece {
            bytes,
            charset: Some(charset),
        }),
    }
    Some(())
}

/// Q encoding (RFC 2047 section 4.2).
fn from_q(encoded: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(encoded.len());
    let mut rest = encoded;
    while let Some((byte, tail)) = rest.split_first() {
        rest = tail;
        let hex = |b: u8| (b as char).to_digit(16).map(|n| n as u8);
        match (byte, tail) {
            (b'=', [high, low, after @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    out.push(high << 4 | low);
                    rest = after;
                }
                _ => out.push(b'='),
            },
            (b'_', _) => out.push(b' '),
            _ => out.push(*byte),
        }
    }
    out
}

/// An encoded word: `=?charset?q?text?=` with a blank or the end of the line behind it.
struct Word {
    start: usize,
    end: usize,
    charset: std::ops::Range<usize>,
    text: std::ops::Range<usize>,
    is_base64: bool,
}

fn next_word(line: &[u8], from: usize) -> Option<Word> {
    let mut at = from;
    loop {
        let start = at + memchr::memmem::find(&line[at..], b"=?")?;
        if let Some(word) = word_at(line, start) {
            return Some(word);
        }
        at = start + 2;
    }
}

/// Text of an encoded word that is looked for: longer is none.
const LONGEST_WORD: usize = 4_096;

fn word_at(line: &[u8], start: usize) -> Option<Word> {
    let line = &line[..line.len().min(start + LONGEST_WORD)];
    let charset_end = start + 2 + memchr::memchr(b'?', &line[start + 2..])?;
    let kind = line.get(charset_end + 1)?;
    let is_base64 = match kind {
        b'q' | b'Q' => false,
        b'b' | b'B' => true,
        _ => return None,
    };
    if line.get(charset_end + 2) != Some(&b'?') {
        return None;
    }
    let text_start = charset_end + 3;
    let mut at = text_start;
    loop {
        let text_end = at + memchr::memmem::find(&line[at..], b"?=")?;
        let end = text_end + 2;
        if line[text_start..text_end].contains(&b'\n') {
            return None;
        }
        if matches!(line.get(end), None | Some(b' ' | b'\t' | b'\n')) {
            return Some(Word {
                start,
                end,
                charset: start + 2..charset_end,
                text: text_start..text_end,
                is_base64,
            });
        }
        at = text_end + 1;
    }
}

/// The value of a field as Python gives it: without the blanks before it (and the first line, when
/// that is blank) and the line end behind it, else folded as it stood.
pub(crate) fn value(raw: &[u8]) -> &[u8] {
    let first = memchr::memchr(b'\n', raw).map_or(raw.len(), |end| end + 1);
    let start = raw[..first].iter().position(|b| !b.is_ascii_whitespace());
    let raw = &raw[start.unwrap_or(first)..];
    let end = raw.iter().rposition(|b| !b"\r\n".contains(b));
    &raw[..end.map_or(0, |end| end + 1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, shown: &str) {
        assert_eq!(decoded(raw.as_bytes(), Charset::Ascii), shown, "{raw}");
    }

    #[test]
    fn fields_as_python_decodes_them() {
        check("plain words", "plain words");
        check("=?utf-8?q?caf=C3=A9?=", "caf\u{e9}");
        check(
            "at the =?utf-8?q?caf=C3=A9?= again",
            "at the caf\u{e9} again",
        );
        check("=?utf-8?b?Y2Fmw6k=?= =?utf-8?q?_now?=", "caf\u{e9} now");
        check("=?utf-8?q?a?=b", "=?utf-8?q?a?=b");
        check("caf\u{e9}", "caf\u{c3}\u{a9}");
        check("=?klingon?q?a?=", "=?klingon?q?a?=");
        check("one\n two", "one two");
    }
}
