//! Header fields of the public copy.
//!
//! A field is left out, kept byte for byte, or written anew when it holds an address: in Message-IDs
//! only one that is somebody's, in fields of addresses everything with an at sign.

use super::body::mask_bytes;
use super::encode::{header_words, push_field};
use super::header::is_left_out;
use super::mask::is_somebody;
use crate::message::{Limits, Mailbox, mailboxes, structured};
use crate::page::Mask;
use crate::text::{header_text, unfold};
use std::borrow::Cow;

/// What the fields of one header are written with.
pub(super) struct Fields<'a> {
    pub(super) mask: Mask,
    /// Names that the list leaves out.
    pub(super) own: &'a [String],
    /// The people of the mail.
    pub(super) people: &'a [Mailbox],
    /// The part's charset, for text without encoding.
    pub(super) charset: Option<&'a str>,
    /// The mail's line end.
    pub(super) end: &'static str,
    /// Parameters of Content-Type that are others now.
    pub(super) set: &'a [(&'static str, String)],
    /// The transfer encoding, when it is another now.
    pub(super) encoding: Option<&'static str>,
}

/// Whether a field, named in lower case, holds mailboxes.
fn is_of_people(name: &str) -> bool {
    matches!(
        name,
        "from"
            | "to"
            | "cc"
            | "sender"
            | "reply-to"
            | "resent-from"
            | "resent-to"
            | "resent-cc"
            | "resent-sender"
            | "resent-reply-to"
            | "mail-followup-to"
            | "mail-reply-to"
            | "mail-copies-to"
            | "x-original-from"
            | "x-beenthere"
            | "x-original-sender"
    )
}

/// Whether a field, named in lower case, holds Message-IDs.
fn is_of_ids(name: &str) -> bool {
    matches!(
        name,
        "message-id"
            | "in-reply-to"
            | "references"
            | "resent-message-id"
            | "content-id"
            | "supersedes"
    )
}

/// Writes a header, the empty line behind it included.
pub(super) fn public_header(header: &[u8], fields: &Fields<'_>, out: &mut Vec<u8>) {
    let mut rest = header;
    while !rest.is_empty() {
        let length = field_length(rest);
        let (field, after) = rest.split_at(length);
        rest = after;
        let name_end = field
            .iter()
            .position(|b| !(0x21..=0x7e).contains(b) || *b == b':')
            .unwrap_or(field.len());
        let blanks = field[name_end..]
            .iter()
            .take_while(|b| matches!(b, b' ' | b'\t'))
            .count();
        let colon = name_end + blanks;
        if name_end == 0 || field.get(colon) != Some(&b':') {
            // The empty line, or junk.
            let masked = mask_bytes(field, false, fields.mask);
            out.extend_from_slice(masked.as_deref().unwrap_or(field));
            continue;
        }
        let name = String::from_utf8_lossy(&field[..name_end]);
        if is_left_out(&name, fields.own) {
            continue;
        }
        let value = &field[colon + 1..];
        match fields.value(&name.to_ascii_lowercase(), value) {
            Some(value) => push_field(out, &name, &value, fields.end),
            None => out.extend_from_slice(field),
        }
    }
}

/// Whether a value is ASCII in which nothing can become an address: no at sign, no way to write one
/// otherwise, no other charset's escape.
fn is_plain(raw: &[u8]) -> bool {
    raw.is_ascii()
        && memchr::memchr3(b'@', b'%', b'=', raw).is_none()
        && memchr::memchr3(b'&', b'+', 0x1b, raw).is_none()
}

/// The first line and those folded behind it.
fn field_length(bytes: &[u8]) -> usize {
    let mut at = 0;
    loop {
        let line = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n + 1);
        let empty = bytes[..line].trim_ascii().is_empty();
        at = line;
        if empty || !matches!(bytes.get(at), Some(b' ' | b'\t')) {
            return at;
        }
    }
}

impl Fields<'_> {
    /// A field's value written anew; none when it stays.
    fn value(&self, name: &str, raw: &[u8]) -> Option<String> {
        if self.encoding.is_none() && self.set.is_empty() && !self.mask.hides() && is_plain(raw) {
            return None;
        }
        match name {
            "content-type" if !self.set.is_empty() => return self.structured(raw, self.set),
            "content-transfer-encoding" if self.encoding.is_some() => {
                return self.encoding.map(str::to_owned);
            }
            _ if self.mask == Mask::None => return None,
            "content-type" | "content-disposition" => {
                return self.structured(raw, &[]).or_else(|| self.text(raw));
            }
            _ => {}
        }
        if is_of_ids(name) {
            return self.ids(raw);
        }
        if is_of_people(name) {
            return self.people(raw);
        }
        self.text(raw)
    }

    /// Any text: its addresses are masked, encoded words included.
    fn text(&self, raw: &[u8]) -> Option<String> {
        let decoded = header_text(raw, self.charset).text;
        match self.mask.text(&decoded) {
            Cow::Owned(masked) => Some(header_words(&masked)),
            Cow::Borrowed(_) => None,
        }
    }

    /// Mailboxes. Where brackets and plain text suffice, only the addresses change; else the field
    /// is made of what was read: a bare address needs brackets and a name, because programs look for
    /// an address without an at sign nowhere else.
    fn people(&self, raw: &[u8]) -> Option<String> {
        let decoded = header_text(raw, self.charset).text;
        if !decoded.contains('@') && matches!(self.mask.text(&decoded), Cow::Borrowed(_)) {
            return None;
        }
        let text = unfold(raw);
        let plain = std::str::from_utf8(&text)
            .ok()
            .filter(|t| !t.contains("=?"));
        if let Some(text) = plain {
            let masked = self.mask.text(text);
            if !masked.contains('@') && (text.contains('<') || matches!(masked, Cow::Borrowed(_))) {
                return match masked {
                    Cow::Owned(masked) => Some(header_words(&masked)),
                    Cow::Borrowed(_) => None,
                };
            }
        }
        let found = mailboxes(raw, self.charset, Limits::default().addresses);
        let written = found.iter().map(|mailbox| self.mailbox(mailbox));
        Some(written.collect::<Vec<_>>().join(", "))
    }

    fn mailbox(&self, mailbox: &Mailbox) -> String {
        let name = match self.mask.person(mailbox).name {
            name if name.is_empty() => "unknown".to_owned(),
            name => name.replace('@', " at "),
        };
        let name = match name.is_ascii() {
            true => format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")),
            false => header_words(&name),
        };
        match mailbox.address.as_str() {
            "" => name,
            address => format!("{name} <{}>", header_words(&self.mask.address(address))),
        }
    }

    /// Message-IDs stay, also without brackets; words around them and people's addresses do not.
    fn ids(&self, raw: &[u8]) -> Option<String> {
        let text = header_text(raw, self.charset).text;
        let is_id = |word: &str| {
            let id = word.trim_matches(['<', '>']);
            !is_somebody(id, self.people.iter())
        };
        let mut changed = false;
        let alone = text.split_whitespace().nth(1).is_none();
        let words = text.split_whitespace().map(|word| {
            let bracketed = word.starts_with('<') && word.ends_with('>');
            match (bracketed || alone) && is_id(word) {
                true => Cow::Borrowed(word),
                false => {
                    let masked = match self.mask.text(word) {
                        Cow::Borrowed(_) => self.mask.display_name(word),
                        masked => masked,
                    };
                    changed |= matches!(masked, Cow::Owned(_));
                    masked
                }
            }
        });
        let words: Vec<Cow<'_, str>> = words.collect();
        changed.then(|| header_words(&words.join(" ")))
    }

    /// A value with parameters; none when none of them changes.
    fn structured(&self, raw: &[u8], set: &[(&'static str, String)]) -> Option<String> {
        let (value, parameters) = structured(raw, self.charset);
        let mut changed = !set.is_empty();
        let mut written = self.mask.text(&value).into_owned();
        for (name, value) in &parameters {
            let new = set.iter().find(|(set, _)| set == name);
            let value = match new {
                Some((_, value)) => Cow::Borrowed(value.as_str()),
                None => self.mask.text(value),
            };
            changed |= matches!(value, Cow::Owned(_));
            let value = value.replace('\\', "\\\\").replace('"', "\\\"");
            let name = self.mask.text(name);
            written.push_str(&format!("; {name}=\"{}\"", header_words(&value)));
        }
        for (name, value) in set {
            if !parameters.iter().any(|(known, _)| known == name) {
                written.push_str(&format!("; {name}=\"{value}\""));
            }
        }
        changed.then_some(written)
    }
}
