//! A mail as Pipermail's pages know it.

use crate::address::first_mailbox;
use crate::charset::Charset;
use crate::header::{decoded, value};
use crate::pattern::{of_bytes, of_text};
use crate::scrub::{Attachment, scrub};
use crate::settings::Settings;
use posthoc_core::message::{Limits, Message, Part};
use posthoc_core::text::{MONTHS, TimeZone, WEEKDAYS};
use regex::Regex;
use regex::bytes::Regex as BytesRegex;
use std::sync::LazyLock;

/// Where a mail stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Its number on the list, which names its page.
    pub number: u32,
    /// Its place in time, in seconds since 1970.
    pub date: i64,
    /// An earlier mail of the list bears the same Message-ID.
    pub repeats_id: bool,
}

/// What indexes and threads need of a mail.
#[derive(Clone, Debug)]
pub struct Article {
    /// Its number on the list, which names its page.
    pub number: u32,
    /// Seconds since 1970.
    pub date: i64,
    /// Its Message-ID without brackets; one made from its content where it has none.
    pub id: Vec<u8>,
    /// The id in `In-Reply-To`, without brackets; empty when there is none.
    pub in_reply_to: Vec<u8>,
    /// The ids in `References`, without brackets.
    pub references: Vec<Vec<u8>>,
    /// The subject as pages show it.
    pub subject: String,
    /// The subject as it sorts and joins threads.
    pub plain_subject: String,
    /// The author as pages show it; sorted by as long as it is not masked.
    pub author: String,
    pub(crate) sorting_author: String,
    /// The subject as written, without `Re:`.
    pub(crate) raw_subject: Vec<u8>,
    pub(crate) raw_author: Vec<u8>,
    /// As it is shown.
    pub(crate) email: Vec<u8>,
    pub(crate) raw_date: Vec<u8>,
    pub(crate) raw_id: Vec<u8>,
    pub(crate) raw_in_reply_to: Vec<u8>,
    pub(crate) raw_references: Vec<u8>,
}

/// A mail's text, and the files that were taken out of it.
#[derive(Clone, Debug)]
pub struct Content {
    pub(crate) lines: Lines,
    /// The files.
    pub attachments: Vec<Attachment>,
}

/// Lines with their ends.
#[derive(Clone, Debug)]
pub(crate) enum Lines {
    /// In the list's charset, whatever stands in them; also what could not be decoded.
    Bytes(Vec<u8>),
    /// Decoded.
    Text(String),
}

/// `Re:` and `Re[2]:` at the beginning.
static REPLY: LazyLock<BytesRegex> =
    LazyLock::new(|| of_bytes(r"(?i-u)^\s*RE\s*(\[\d+\]\s*)?:\s*"));

impl Article {
    /// Reads a mail's header; its text may be missing.
    pub fn read(message: &Message, mail: &Placed, settings: &Settings) -> Self {
        let Placed { number, date, .. } = *mail;
        let root = &message.root;
        let field = |name: &str| root.field(name).map_or(&b""[..], |field| value(&field.raw));
        let raw_id = field("message-id");
        // The original makes an id of the clock where there is none.
        let raw_id = match raw_id {
            b"" => format!("<{}>", message.id.0).into_bytes(),
            _ => raw_id.to_vec(),
        };
        let (raw_author, email) = author(root, settings);
        let raw_subject = without_reply(field("subject"), settings);
        let list = settings.charset();
        let mut shown_subject = decoded(&raw_subject, list);
        let plain_subject = plain_subject(&shown_subject, settings);
        let sorting_author = decoded(&raw_author, list);
        let mut author = sorting_author.clone();
        if settings.obscure {
            let at = settings.language.words().at;
            shown_subject = masked(&shown_subject, at);
            author = author.replace('@', at);
        }
        let raw_in_reply_to = field("in-reply-to");
        let raw_references = field("references");
        Article {
            number,
            date,
            id: unbracketed(&raw_id).to_vec(),
            in_reply_to: between_brackets(raw_in_reply_to).to_vec(),
            references: raw_references
                .split(u8::is_ascii_whitespace)
                .filter(|id| !id.is_empty())
                .map(|id| unbracketed(id).to_vec())
                .collect(),
            subject: shown_subject,
            plain_subject,
            author,
            sorting_author,
            raw_subject,
            raw_author,
            email,
            raw_date: match field("date") {
                b"" => rfc_date(date).into_bytes(),
                written => written.to_vec(),
            },
            raw_id,
            raw_in_reply_to: raw_in_reply_to.to_vec(),
            raw_references: raw_references.to_vec(),
        }
    }
}

impl Content {
    /// Bytes that it takes, about.
    pub fn size(&self) -> usize {
        let text = match &self.lines {
            Lines::Bytes(bytes) => bytes.len(),
            Lines::Text(text) => text.len(),
        };
        let files = self.attachments.iter().map(|file| file.bytes.len());
        text + files.sum::<usize>()
    }

    /// Reads a mail's text. `raw` are the bytes that `message` was read from.
    pub fn read(
        message: &Message,
        raw: &[u8],
        mail: &Placed,
        limits: &Limits,
        settings: &Settings,
    ) -> Self {
        let scrubbed = scrub(message, raw, mail, limits, settings);
        let list = settings.language.words().charset;
        let declared = scrubbed.charset.unwrap_or_else(|| list.to_owned());
        let lines = if declared == list {
            Lines::Bytes(with_line_feeds(&scrubbed.text))
        } else {
            let text = Charset::named(&declared)
                .and_then(|charset| charset.decode_strictly(&scrubbed.text));
            match text {
                Some(text) => Lines::Text(with_lines_ended(&text)),
                None => Lines::Bytes(scrubbed.text),
            }
        };
        Content {
            lines,
            attachments: scrubbed.attachments,
        }
    }
}

/// Every line of bytes ended by one LF, as Python's `splitlines` finds them: CR ends a line too.
fn with_line_feeds(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 1);
    let mut rest = bytes;
    while !rest.is_empty() {
        let end = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        out.extend_from_slice(line);
        out.push(b'\n');
        rest = match after {
            [b'\r', b'\n', tail @ ..] | [b'\r' | b'\n', tail @ ..] => tail,
            _ => after,
        };
    }
    out
}

/// Every line of a text ended by one LF: Python finds more ends of lines in decoded text.
fn with_lines_ended(text: &str) -> String {
    const ENDS: [char; 10] = [
        '\n', '\r', '\u{b}', '\u{c}', '\u{1c}', '\u{1d}', '\u{1e}', '\u{85}', '\u{2028}',
        '\u{2029}',
    ];
    let mut out = String::with_capacity(text.len() + 1);
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(ENDS).unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        out.push_str(line);
        out.push('\n');
        rest = match after.strip_prefix("\r\n") {
            Some(after) => after,
            None => after.strip_prefix(ENDS).unwrap_or(after),
        };
    }
    out
}

/// The author's name, else the address; and the address as it is shown, of `Reply-To` where `From` has
/// none.
fn author(root: &Part, settings: &Settings) -> (Vec<u8>, Vec<u8>) {
    let read = |name: &str| {
        let field = root.field(name);
        field.map_or_else(Default::default, |field| first_mailbox(value(&field.raw)))
    };
    let (mut name, mut email) = read("from");
    if email.is_empty() {
        email = read("reply-to").1;
    }
    email = unbracketed(&email).to_vec();
    if settings.obscure {
        email = email
            .split(|b| *b == b'@')
            .collect::<Vec<_>>()
            .join(at(settings).as_slice());
    }
    name = unbracketed(&name).to_vec();
    if name.is_empty() {
        name.clone_from(&email);
    }
    (name, email)
}

/// A date as RFC 5322 writes it, of a mail that has none.
fn rfc_date(unix: i64) -> String {
    let stamp = TimeZone::utc().stamp(unix);
    let month = &MONTHS[usize::from(stamp.month - 1) % 12][..3];
    let day = &WEEKDAYS[usize::from(stamp.weekday) % 7][..3];
    format!(
        "{day}, {:02} {month} {:04} {:02}:{:02}:{:02} -0000",
        stamp.day, stamp.year, stamp.hour, stamp.minute, stamp.second
    )
}

/// What stands for the sign of an address, in the list's charset.
fn at(settings: &Settings) -> Vec<u8> {
    let mut at = Vec::new();
    settings
        .charset()
        .encode_with_marks(settings.language.words().at, &mut at);
    at
}

/// The subject without `Re:`, however often it stands there.
fn without_reply(subject: &[u8], settings: &Settings) -> Vec<u8> {
    let nothing = || {
        let mut words = Vec::new();
        let none = settings.language.words().no_subject;
        settings.charset().encode_with_marks(none, &mut words);
        words
    };
    let mut rest = subject;
    while let Some(found) = REPLY.find(rest) {
        rest = &rest[found.end()..];
    }
    if rest.is_empty() {
        nothing()
    } else {
        rest.to_vec()
    }
}

static REPLIES: LazyLock<Regex> =
    LazyLock::new(|| of_text(r"(?i)^((RE|AW|SV|VS)(\[[0-9]+\])?:\s*)+"));

/// What subjects are sorted and compared by: without the list's prefix, marks of replies, and blanks.
fn plain_subject(subject: &str, settings: &Settings) -> String {
    let prefix = settings.subject_prefix.trim();
    let mut rest = subject.to_owned();
    if !prefix.is_empty() {
        let pattern = regex::escape(prefix).replace("%d", r"\s*[0-9]+\s*");
        if let Ok(pattern) = Regex::new(&pattern) {
            rest = pattern.replace_all(&rest, "").into_owned();
        }
    }
    let plain = REPLIES.replace(rest.trim_start(), "");
    plain.split_whitespace().collect::<String>().to_lowercase()
}

static ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| of_text(r"([-+,.0-9A-Za-z_]+)@([-+.0-9A-Za-z_]+)"));

/// A text whose addresses are written out.
pub(crate) fn masked(text: &str, at: &str) -> String {
    if memchr::memchr(b'@', text.as_bytes()).is_none() {
        return text.to_owned();
    }
    ADDRESS
        .replace_all(text, |found: &regex::Captures<'_>| {
            format!("{}{at}{}", &found[1], &found[2])
        })
        .into_owned()
}

/// An id, name or address without what it is enclosed in.
fn unbracketed(text: &[u8]) -> &[u8] {
    match text {
        [
            b'"' | b'<' | b'(' | b'[',
            inside @ ..,
            b'"' | b'>' | b')' | b']',
        ] => inside,
        _ => text,
    }
}

/// What stands between the first `<` and the last `>` of the line.
fn between_brackets(field: &[u8]) -> &[u8] {
    for line in field.split(|b| *b == b'\n') {
        let Some(start) = memchr::memchr(b'<', line) else {
            continue;
        };
        if let Some(end) = memchr::memrchr(b'>', line).filter(|end| *end > start) {
            return &line[start + 1..end];
        }
    }
    b""
}
