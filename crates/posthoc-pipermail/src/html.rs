//! Markup in a list's charset: what its pages can hold stands as it is, the rest as numbers.

use crate::charset::Charset;

/// What becomes of an entity that stands in a text, `&gt;`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entities {
    /// Its sign is escaped: it is read as it was written.
    Escaped,
    /// It stays an entity, and is read as what it means: Mailman's `websafe`.
    Kept,
}

/// Appends a text, escaped. Where the charset lacks one of its characters, all that are not ASCII stand
/// as numbers.
pub(crate) fn push_text(text: &str, entities: Entities, charset: Charset, out: &mut Vec<u8>) {
    let held = charset.holds_all(text);
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let Some(entity) = entity_of(byte, &text.as_bytes()[at..], entities) else {
            continue;
        };
        push_plain(&text[from..at], held, charset, out);
        out.extend_from_slice(entity);
        from = at + 1;
    }
    push_plain(&text[from..], held, charset, out);
}

/// Escapes bytes, whatever they mean.
pub(crate) fn escape(bytes: &[u8], out: &mut Vec<u8>) {
    for (at, byte) in bytes.iter().enumerate() {
        match entity_of(*byte, &bytes[at..], Entities::Kept) {
            Some(entity) => out.extend_from_slice(entity),
            None => out.push(*byte),
        }
    }
}

/// What stands for a byte of markup; `rest` begins with it.
fn entity_of(byte: u8, rest: &[u8], entities: Entities) -> Option<&'static [u8]> {
    Some(match byte {
        b'&' if entities == Entities::Kept && is_entity(rest) => return None,
        b'&' => b"&amp;",
        b'<' => b"&lt;",
        b'>' => b"&gt;",
        b'"' => b"&quot;",
        _ => return None,
    })
}

/// Letters of an entity's name that are looked at.
const LONGEST_ENTITY: usize = 100;

/// Whether a text begins with `&name;` or `&#123;`.
fn is_entity(text: &[u8]) -> bool {
    let inside = &text[1..text.len().min(LONGEST_ENTITY)];
    let Some(end) = memchr::memchr(b';', inside).filter(|end| *end > 0) else {
        return false;
    };
    match &inside[..end] {
        [b'#', digits @ ..] => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
        name => name.iter().all(u8::is_ascii_alphabetic),
    }
}

fn push_plain(text: &str, held: bool, charset: Charset, out: &mut Vec<u8>) {
    if held {
        charset.encode_with_marks(text, out);
    } else {
        Charset::Ascii.encode(text, out, |c, out| {
            out.extend_from_slice(format!("&#{};", u32::from(c)).as_bytes());
        });
    }
}

/// Appends bytes that claim to be in the charset, escaped. Where one of them has no meaning in it, all
/// that are not ASCII stand as the numbers of their bytes.
pub(crate) fn push_bytes(bytes: &[u8], charset: Charset, out: &mut Vec<u8>) {
    match charset.decode_strictly(bytes) {
        Some(text) => push_text(&text, Entities::Kept, charset, out),
        None => push_text(
            &Charset::Latin1.decode(bytes),
            Entities::Kept,
            Charset::Ascii,
            out,
        ),
    }
}

/// The text, escaped.
pub(crate) fn text(text: &str, entities: Entities, charset: Charset) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    push_text(text, entities, charset, &mut out);
    out
}

/// Escapes bytes for a URL: all but letters, digits and `/_.-`.
pub(crate) fn url(bytes: &[u8]) -> Vec<u8> {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = Vec::with_capacity(bytes.len());
    for byte in bytes {
        if byte.is_ascii_alphanumeric() || b"/_.-".contains(byte) {
            out.push(*byte);
        } else {
            out.extend_from_slice(&[
                b'%',
                HEX[usize::from(byte >> 4)],
                HEX[usize::from(byte & 15)],
            ]);
        }
    }
    out
}
