//! Structured header values: `value; name=value; …` (RFC 2045, RFC 2231 and what mailers made of
//! them).

use super::pieces::{Piece, join, name_and_place, undeclared};
use crate::text::unfold;

/// Parameters kept of one field.
const MOST: usize = 100;

/// A structured value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Structured {
    /// What stands before the first `;`, lower case, without comments.
    pub(super) value: String,
    /// Names in lower case, values decoded; RFC 2231 pieces joined.
    pub(super) parameters: Vec<(String, String)>,
}

impl Structured {
    /// The first parameter of that name.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }
}

/// Reads a structured field value.
pub(super) fn parse(raw: &[u8], fallback: Option<&str>) -> Structured {
    let text = unfold(raw);
    let mut pieces = split(&text).into_iter();
    let value = pieces.next().map(without_comments).unwrap_or_default();
    let value = String::from_utf8_lossy(value.trim_ascii()).to_ascii_lowercase();
    let mut joined: Vec<(String, Vec<Piece>)> = Vec::new();
    for piece in pieces.take(MOST) {
        let Some(equals) = memchr::memchr(b'=', piece) else {
            continue;
        };
        let name = String::from_utf8_lossy(&without_comments(&piece[..equals]))
            .trim()
            .to_ascii_lowercase();
        let value = unquote(piece[equals + 1..].trim_ascii());
        let (base, place, encoded) = name_and_place(&name);
        let piece = Piece {
            place,
            encoded,
            bytes: value,
        };
        match joined.iter_mut().find(|(n, _)| n == base) {
            Some((_, pieces)) => pieces.push(piece),
            None => joined.push((base.to_owned(), vec![piece])),
        }
    }
    let parameters = joined
        .into_iter()
        .map(|(name, pieces)| {
            let joined = join(pieces, fallback);
            let is_file = matches!(name.as_str(), "name" | "filename");
            let meant = is_file.then(|| undeclared(&joined)).flatten();
            (name, meant.unwrap_or(joined))
        })
        .collect();
    Structured { value, parameters }
}

/// Splits at semicolons outside quotes and comments. A quote that is never closed is no quote.
fn split(text: &[u8]) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut at = 0;
    let mut quotes_end = false;
    while at < text.len() {
        match text[at] {
            b'"' if !quotes_end => match quoted_end(&text[at + 1..]) {
                Some(length) => at += length + 1,
                None => quotes_end = true,
            },
            b';' => {
                pieces.push(&text[start..at]);
                start = at + 1;
                if pieces.len() > MOST {
                    return pieces;
                }
            }
            _ => {}
        }
        at += 1;
    }
    pieces.push(&text[start..]);
    pieces
}

/// The length of a quoted string's inside, up to its closing quote.
pub(super) fn quoted_end(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b'"' => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    None
}

/// Takes off quotes and backslashes, else comments and blanks behind a token.
fn unquote(value: &[u8]) -> Vec<u8> {
    let Some(inside) = value.strip_prefix(b"\"") else {
        return without_comments(value).trim_ascii().to_vec();
    };
    let inside = &inside[..quoted_end(inside).unwrap_or(inside.len())];
    unescape(inside)
}

/// Takes the backslashes off a quoted string's inside (RFC 5322 `quoted-pair`). A backslash before
/// a letter stays: mailers of Windows wrote paths.
pub(super) fn unescape(inside: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(inside.len());
    let mut at = 0;
    while at < inside.len() {
        if inside[at] == b'\\'
            && inside
                .get(at + 1)
                .is_some_and(|b| !b.is_ascii_alphanumeric())
        {
            at += 1;
        }
        out.push(inside[at]);
        at += 1;
    }
    out
}

/// The bytes outside `(…)`, which may nest.
pub(super) fn without_comments(text: &[u8]) -> Vec<u8> {
    if memchr::memchr(b'(', text).is_none() {
        return text.to_vec();
    }
    let mut depth = 0u32;
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        match byte {
            b'(' => depth += 1,
            b')' if depth > 0 => depth -= 1,
            _ if depth == 0 => out.push(*byte),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, value: &str, expected: &[(&str, &str)]) {
        let parsed = parse(raw.as_bytes(), None);
        assert_eq!(parsed.value, value, "{raw}");
        let found: Vec<_> = parsed
            .parameters
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        assert_eq!(found, expected, "{raw}");
    }

    #[test]
    fn parameters_of_the_wild() {
        check(
            " Text/Plain; charset=UTF-8",
            "text/plain",
            &[("charset", "UTF-8")],
        );
        check(
            "text/plain; charset=\"utf-8\"; format=flowed;",
            "text/plain",
            &[("charset", "utf-8"), ("format", "flowed")],
        );
        check(
            "text/plain;\n\tname=\"a;b\\\"c.txt\"",
            "text/plain",
            &[("name", "a;b\"c.txt")],
        );
        check(
            "text/plain (plain); charset = us-ascii (default)",
            "text/plain",
            &[("charset", "us-ascii")],
        );
        check(
            "a/b; name=\"unclosed; x=y",
            "a/b",
            &[("name", "unclosed"), ("x", "y")],
        );
        check(
            "a/b; name=two words.txt",
            "a/b",
            &[("name", "two words.txt")],
        );
        check(
            "a/b; name=\"=?utf-8?Q?caf=C3=A9?=\"",
            "a/b",
            &[("name", "caf\u{e9}")],
        );
        check(
            "a/b; name=\"C:\\tmp\\x.txt\"",
            "a/b",
            &[("name", "C:\\tmp\\x.txt")],
        );
        check("", "", &[]);
        check(";;;=;a", "", &[("", "")]);
    }
}
