//! Header text: RFC 2047 as it should be and as it is.

use super::charset::{CharsetTrouble, Decoded, decode, decode_version_1};
use super::transfer;

/// A header's value, unfolded and decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeaderText {
    /// The text on one line, trimmed, without control characters.
    pub text: String,
    /// Whether 8-bit bytes stood there without encoding.
    pub raw: bool,
    /// Whether an encoded word was broken (unfinished, an unknown encoding, foreign bytes).
    pub broken: bool,
    /// What was wrong with a charset.
    pub charset: Option<CharsetTrouble>,
}

/// How charsets are read.
#[derive(Clone, Copy)]
struct How<'a> {
    /// The charset of raw 8-bit text.
    fallback: Option<&'a str>,
    decode: fn(&[u8], Option<&str>, Option<&str>) -> Decoded,
}

/// Longest charset name looked at in an encoded word, in bytes.
const CHARSET_BYTES: usize = 80;

/// One encoded word's bytes, and the length that it took of the input.
struct Word<'a> {
    charset: &'a [u8],
    bytes: Vec<u8>,
    broken: bool,
    length: usize,
}

/// Unfolds and decodes a field's value. `fallback` is the charset of raw 8-bit text that is not
/// UTF-8. Read leniently: words may touch other text or each other, hold blanks, lack their end,
/// and split a character between neighbours. Total and linear.
pub fn header_text(raw: &[u8], fallback: Option<&str>) -> HeaderText {
    read(raw, How { fallback, decode })
}

/// What version 1 of the content's identity takes a field for: without what was learnt later.
pub fn header_text_version_1(raw: &[u8], fallback: Option<&str>) -> HeaderText {
    let decode = decode_version_1;
    read(raw, How { fallback, decode })
}

fn read(raw: &[u8], how: How<'_>) -> HeaderText {
    let raw = raw.trim_ascii();
    let mut result = HeaderText::default();
    if raw.is_ascii()
        && memchr::memchr2(b'\n', b'=', raw).is_none()
        && !raw.iter().any(u8::is_ascii_control)
    {
        result.text = std::str::from_utf8(raw).unwrap_or_default().to_owned();
        return result;
    }
    let unfolded = unfold(raw);
    let mut rest = unfolded.as_slice();
    let mut plain = 0;
    while let Some(at) = find(&rest[plain..], b"=?").map(|n| n + plain) {
        let Some(word) = word(&rest[at..]) else {
            plain = at + 2;
            continue;
        };
        push_plain(&rest[..at], how, &mut result);
        rest = &rest[at..];
        rest = push_words(rest, word, how, &mut result);
        plain = 0;
    }
    push_plain(rest, how, &mut result);
    let text = result.text.trim();
    if text.len() != result.text.len() {
        result.text = text.to_owned();
    }
    result
}

/// Appends a run of neighbouring words. Bytes in one charset are joined before they are decoded,
/// because some mailers split a character between two words. Answers what is left.
fn push_words<'a>(
    mut rest: &'a [u8],
    first: Word<'a>,
    how: How<'_>,
    result: &mut HeaderText,
) -> &'a [u8] {
    let Word {
        mut charset,
        mut bytes,
        broken,
        length,
    } = first;
    result.broken |= broken;
    rest = &rest[length..];
    loop {
        let gap = rest.iter().take_while(|b| **b == b' ').count();
        let Some(next) = rest[gap..]
            .starts_with(b"=?")
            .then(|| word(&rest[gap..]))
            .flatten()
        else {
            break;
        };
        result.broken |= next.broken;
        rest = &rest[gap + next.length..];
        if next.charset.eq_ignore_ascii_case(charset) {
            bytes.extend_from_slice(&next.bytes);
        } else {
            push_decoded(&bytes, Some(charset), how, result);
            (charset, bytes) = (next.charset, next.bytes);
        }
    }
    push_decoded(&bytes, Some(charset), how, result);
    rest
}

/// Reads one encoded word at the start of `input`, which begins with `=?`.
fn word(input: &[u8]) -> Option<Word<'_>> {
    let body = &input[2..];
    let mark = memchr::memchr(b'?', &body[..body.len().min(CHARSET_BYTES)])?;
    let charset = &body[..mark];
    if !charset.iter().all(|b| b.is_ascii_graphic() && *b != b'=') || charset.is_empty() {
        return None;
    }
    let [encoding, b'?', text @ ..] = &body[mark + 1..] else {
        return None;
    };
    let (end, after, finished) = word_end(text);
    let (bytes, clean) = match encoding.to_ascii_lowercase() {
        b'b' => transfer::base64_version_1(&text[..end]),
        b'q' => q_encoding(&text[..end]),
        _ => return None,
    };
    Some(Word {
        charset,
        bytes,
        broken: !clean || !finished,
        length: 2 + mark + 3 + after,
    })
}

/// Where a word's text ends and where what follows begins. A word that lacks its `?=` ends at the
/// next `=?` or at the end of the header. Every byte is looked at once.
fn word_end(text: &[u8]) -> (usize, usize, bool) {
    let mut from = 0;
    while let Some(at) = memchr::memchr(b'?', &text[from..]).map(|n| n + from) {
        if text.get(at + 1) == Some(&b'=') {
            return (at, at + 2, true);
        }
        if at > 0 && text[at - 1] == b'=' {
            return (at - 1, at - 1, false);
        }
        from = at + 1;
    }
    (text.len(), text.len(), false)
}

/// The Q encoding (RFC 2047 section 4.2): quoted-printable with `_` for a blank.
fn q_encoding(text: &[u8]) -> (Vec<u8>, bool) {
    let mut out = Vec::with_capacity(text.len());
    let mut clean = true;
    let mut at = 0;
    while at < text.len() {
        let byte = text[at];
        at += 1;
        match byte {
            b'_' => out.push(b' '),
            b'=' => match (
                text.get(at).copied().and_then(transfer::hex),
                text.get(at + 1).copied().and_then(transfer::hex),
            ) {
                (Some(high), Some(low)) => {
                    out.push(high << 4 | low);
                    at += 2;
                }
                _ => {
                    clean = false;
                    out.push(b'=');
                }
            },
            b' ' | b'\t' => {
                clean = false;
                out.push(b' ');
            }
            _ => out.push(byte),
        }
    }
    (out, clean)
}

fn push_plain(bytes: &[u8], how: How<'_>, result: &mut HeaderText) {
    if bytes.is_ascii() {
        push_clean(&String::from_utf8_lossy(bytes), result);
    } else {
        result.raw = true;
        push_decoded(bytes, None, how, result);
    }
}

fn push_decoded(bytes: &[u8], charset: Option<&[u8]>, how: How<'_>, result: &mut HeaderText) {
    let label = charset.map(String::from_utf8_lossy);
    let decoded = (how.decode)(bytes, label.as_deref(), how.fallback);
    if charset.is_some() {
        result.charset = result.charset.or(decoded.trouble);
    }
    push_clean(&decoded.text, result);
}

/// Appends text with line ends and tabs as blanks and without other control characters.
fn push_clean(text: &str, result: &mut HeaderText) {
    if text.bytes().all(|b| b >= 0x20 && b != 0x7f) {
        result.text.push_str(text);
        return;
    }
    result.text.extend(text.chars().filter_map(|c| match c {
        '\n' | '\t' => Some(' '),
        c if c.is_control() => None,
        c => Some(c),
    }));
}

/// Replaces each line end and the blanks after it by one blank.
pub fn unfold(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = memchr::memchr2(b'\n', b'\r', rest) {
        out.extend_from_slice(rest[..at].trim_ascii_end());
        rest = rest[at..].trim_ascii_start();
        out.push(b' ');
    }
    out.extend_from_slice(rest);
    out
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(haystack, needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &[u8], text: &str, broken: bool) {
        let decoded = header_text(raw, None);
        assert_eq!(
            (decoded.text.as_str(), decoded.broken),
            (text, broken),
            "{}",
            String::from_utf8_lossy(raw)
        );
    }

    #[test]
    fn encoded_words() {
        check(b" plain ", "plain", false);
        check(b"a\n\t b\r\n c", "a b c", false);
        check(b"=?iso-8859-1?Q?caf=E9?= noir", "caf\u{e9} noir", false);
        check(b"=?utf-8?b?Y2Fmw6k=?=", "caf\u{e9}", false);
        check(b"=?US-ASCII?Q?a?= =?US-ASCII?Q?b?=", "ab", false);
        check(b"=?US-ASCII?Q?a?=\n =?utf-8?Q?b?= c", "ab c", false);
        check(b"=?UTF-8*en?Q?a_b?=", "a b", false);
    }

    #[test]
    fn broken_encoded_words() {
        // Blanks inside, a character split between words, touching words and text.
        check(b"=?utf-8?Q?a b?=", "a b", true);
        check(b"=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?=", "caf\u{e9}", false);
        check(b"x=?utf-8?Q?y?==?utf-8?Q?z?=w", "xyzw", false);
        // No end; an unknown encoding; no encoding at all; an unknown charset.
        check(b"=?utf-8?Q?a", "a", true);
        check(b"=?utf-8?Q?a =?utf-8?Q?b?=", "a b", true);
        check(b"=?utf-8?X?a?=", "=?utf-8?X?a?=", false);
        check(b"a =? b", "a =? b", false);
        check(b"=?klingon?Q?a?=", "a", false);
        check(b"caf\xc3\xa9 =?utf-8?Q?=A?=", "caf\u{e9} =A", true);
        check(b"=?utf-8?Q?two=0Alines?=", "two lines", false);
    }

    #[test]
    fn raw_bytes_take_the_fallback() {
        let text = header_text(b"\xb9kola", Some("iso-8859-2"));
        assert_eq!((text.text.as_str(), text.raw), ("\u{161}kola", true));
    }
}
