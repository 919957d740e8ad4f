//! Parameter values in pieces and in percent signs (RFC 2231), and what mailers made of them.

use crate::text::{decode, header_text};

/// One piece of a parameter: `name*2*=…`.
pub(super) struct Piece {
    /// Its number; `None` for a whole value.
    pub(super) place: Option<u32>,
    /// Said to be percent-encoded.
    pub(super) encoded: bool,
    pub(super) bytes: Vec<u8>,
}

/// `name*1*` is the second piece of `name`, percent-encoded.
pub(super) fn name_and_place(name: &str) -> (&str, Option<u32>, bool) {
    let (name, encoded) = match name.strip_suffix('*') {
        Some(rest) => (rest, true),
        None => (name, false),
    };
    match name.rsplit_once('*') {
        Some((base, digits)) if let Ok(place) = digits.parse() => (base, Some(place), encoded),
        _ => (name, None, encoded),
    }
}

/// Joins the pieces of one parameter, in order of their numbers, the first of each number. Of a whole
/// value in RFC 2231's form, pieces, and a plain value, the first that is there is taken.
pub(super) fn join(mut pieces: Vec<Piece>, fallback: Option<&str>) -> String {
    let whole = pieces.iter().position(|p| p.place.is_none() && p.encoded);
    if let Some(whole) = whole {
        pieces = vec![pieces.swap_remove(whole)];
    }
    if pieces.iter().all(|p| p.place.is_none() && !p.encoded) {
        let first = pieces.swap_remove(0);
        return header_text(&first.bytes, fallback).text;
    }
    pieces.retain(|p| p.place.is_some() || p.encoded);
    pieces.sort_by_key(|p| p.place);
    pieces.dedup_by_key(|p| p.place);
    let mut charset = None;
    let mut bytes = Vec::new();
    for (n, piece) in pieces.iter().enumerate() {
        let mut value = piece.bytes.as_slice();
        // The mark of what is encoded is often forgotten on one piece or another.
        let mut encoded = piece.encoded || (charset.is_some() && has_8bit_escape(value));
        if n == 0
            && let Some((label, rest)) = charset_and_rest(value, piece.encoded)
        {
            charset = Some(label);
            value = rest;
            encoded = true;
        }
        match encoded {
            true => percent_decode(value, &mut bytes),
            false => bytes.extend_from_slice(value),
        }
    }
    let label = charset.as_deref().filter(|label| !label.is_empty());
    let text = decode(&bytes, label, fallback).text;
    // Some mailers put encoded words into pieces.
    header_text(text.as_bytes(), fallback).text
}

/// A file name that is percent-encoded without saying so: with the charset before it
/// (`utf-8''caf%C3%A9.txt`), or when its escapes are UTF-8 beyond ASCII. `None` for any other: a
/// percent sign may just be one.
pub(super) fn undeclared(name: &str) -> Option<String> {
    if !name.contains('%') {
        return None;
    }
    let mut bytes = Vec::new();
    if let Some((label, rest)) = charset_and_rest(name.as_bytes(), false) {
        percent_decode(rest, &mut bytes);
        return Some(decode(&bytes, Some(&label), None).text);
    }
    percent_decode(name.as_bytes(), &mut bytes);
    (has_8bit_escape(name.as_bytes()) && name.is_ascii())
        .then(|| String::from_utf8(bytes).ok())
        .flatten()
}

/// Splits `charset'language'value`. Where the value is not said to be encoded, it must look so; the
/// language and its quote may be missing.
fn charset_and_rest(value: &[u8], declared: bool) -> Option<(String, &[u8])> {
    let first = memchr::memchr(b'\'', value)?;
    let (label, rest) = (&value[..first], &value[first + 1..]);
    let second = memchr::memchr(b'\'', rest).filter(|at| *at <= 40);
    let is_label = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:*".contains(byte);
    let looks_so = label.len() <= 40
        && label.iter().all(is_label)
        && label.iter().any(|byte| b"-_0123456789".contains(byte))
        && memchr::memchr(b'%', rest).is_some();
    if !(looks_so || declared && second.is_some()) {
        return None;
    }
    let label = String::from_utf8_lossy(label).into_owned();
    Some((label, &rest[second.map_or(0, |second| second + 1)..]))
}

/// The byte that an escape at that place stands for.
fn escape(value: &[u8], at: usize) -> Option<u8> {
    let digit = |b: Option<&u8>| b.and_then(|b| char::from(*b).to_digit(16));
    if value.get(at) != Some(&b'%') {
        return None;
    }
    let (high, low) = (digit(value.get(at + 1))?, digit(value.get(at + 2))?);
    u8::try_from(high << 4 | low).ok()
}

fn has_8bit_escape(value: &[u8]) -> bool {
    let mut marks = memchr::memchr_iter(b'%', value);
    marks.any(|at| escape(value, at).is_some_and(|byte| byte >= 0x80))
}

/// What is no escape stays as it is.
fn percent_decode(value: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    while at < value.len() {
        match escape(value, at) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(value[at]);
                at += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::message::parameters::parse;

    fn check(raw: &str, name: &str, expected: &str) {
        let found = parse(format!("a/b; {raw}").as_bytes(), None);
        assert_eq!(found.get(name), Some(expected), "{raw}");
    }

    #[test]
    fn pieces_as_they_should_be() {
        let f = "f";
        check("f*=iso-8859-1'de'caf%E9", f, "caf\u{e9}");
        check("f*1=def; f*0=abc", f, "abcdef");
        check("f*0*=utf-8''a%C3; f*1*=%A9b; f*2=c%", f, "a\u{e9}bc%");
        check("f=plain; f*=utf-8''%E2%82%AC", f, "\u{20ac}");
        check("f*0*=''isn%27t; f*1=\" it's 5%\"", f, "isn't it's 5%");
    }

    #[test]
    fn pieces_as_they_come() {
        let f = "filename";
        for (raw, expected) in [
            // No charset, or one that nothing knows.
            ("filename*=caf%C3%A9", "caf\u{e9}"),
            ("filename*=''caf%C3%A9", "caf\u{e9}"),
            ("filename*=x-nothing''caf%C3%A9", "caf\u{e9}"),
            ("filename*=utf-8'caf%C3%A9", "caf\u{e9}"),
            ("filename*=\"utf-8''caf%C3%A9\"", "caf\u{e9}"),
            // A charset that the bytes do not fit.
            ("filename*=utf-8''caf%E9", "caf\u{e9}"),
            // Broken escapes stay.
            ("filename*=utf-8''100%.txt", "100%.txt"),
            ("filename*=utf-8''%zz%4", "%zz%4"),
            // The mark is forgotten here or there.
            (
                "filename*0=utf-8''caf%C3; filename*1=%A9.txt",
                "caf\u{e9}.txt",
            ),
            (
                "filename*0*=utf-8''caf%C3; filename*1=%A9.txt",
                "caf\u{e9}.txt",
            ),
            ("filename=utf-8''caf%C3%A9.txt", "caf\u{e9}.txt"),
            ("filename=\"caf%C3%A9.txt\"", "caf\u{e9}.txt"),
            // A percent sign that is one.
            ("filename=\"100%25 sure.txt\"", "100%25 sure.txt"),
            ("filename=\"100% sure.txt\"", "100% sure.txt"),
            ("filename=\"%FF%FE.txt\"", "%FF%FE.txt"),
            ("filename=\"it's 5'7 %41\"", "it's 5'7 %41"),
            // Pieces from one on, twice, with a gap, with a whole value beside them.
            ("filename*1=b; filename*2=c", "bc"),
            ("filename*0=a; filename*0=x; filename*1=b", "ab"),
            ("filename*0=a; filename*2=c", "ac"),
            ("filename*0=x; filename*=utf-8''whole", "whole"),
        ] {
            check(raw, f, expected);
        }
    }
}
