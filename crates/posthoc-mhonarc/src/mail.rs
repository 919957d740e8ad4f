//! What indexes, threads and page heads need of a mail.

use crate::fields::Fields;
use crate::kept::{bytes, ids as kept_ids};
use crate::resources::{Name, Resources};
use crate::text::{Calendar, Charsets, Format, md5_hex, parse_date};
use crate::ties::mark;
use posthoc_core::message::{Message, MhonarcPage};
use serde::{Deserialize, Serialize};

/// Ids in `References` and `In-Reply-To` that count.
const MOST_REFERENCES: usize = 1_000;

/// A mail of an archive. Its bytes are not here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Its number, which names its page.
    pub number: u32,
    /// Seconds since 1970.
    pub time: i64,
    /// Its Message-ID without brackets.
    #[serde(with = "bytes")]
    pub id: Vec<u8>,
    /// The date as the mail writes it.
    #[serde(with = "bytes")]
    pub(crate) date: Vec<u8>,
    #[serde(with = "bytes")]
    pub(crate) from: Vec<u8>,
    #[serde(with = "bytes")]
    pub(crate) from_name: Vec<u8>,
    #[serde(with = "bytes")]
    pub(crate) from_address: Vec<u8>,
    /// Not decoded; what SUBJECTSTRIPCODE takes out is out.
    #[serde(with = "bytes")]
    pub(crate) subject: Vec<u8>,
    /// Who is answered, oldest first.
    #[serde(with = "kept_ids")]
    pub(crate) references: Vec<Vec<u8>>,
    pub(crate) content_type: String,
    /// FIELDSTORE.
    pub(crate) stored: Vec<(String, Vec<u8>)>,
    /// There is no more of it than the page that an earlier program made.
    pub(crate) is_page: bool,
}

/// Why a mail is not taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Its id is known.
    Duplicate,
    /// It asks not to be archived (CHECKNOARCHIVE).
    NoArchive,
    /// MSGEXCFILTER.
    Excluded,
}

impl Mail {
    /// A number for its id, among [`Page::unknown`](crate::Page::unknown).
    pub fn mark(&self) -> u64 {
        mark(&self.id)
    }

    /// Reads a mail's header. `header` are its bytes up to the empty line, `now` is given to one without a date.
    pub(crate) fn read(
        message: &Message,
        header: &[u8],
        number: u32,
        now: i64,
        resources: &Resources,
        calendar: &Calendar,
        charsets: &Charsets,
    ) -> Self {
        let fields = Fields::of(&message.root);
        let id = ["message-id", "msg-id", "content-id"]
            .iter()
            .find_map(|name| fields.first(name))
            .map(|value| in_brackets(value).unwrap_or(value).to_vec());
        let id = id
            .filter(|id| !id.is_empty())
            .unwrap_or_else(|| format!("{}@NO-ID-FOUND.mhonarc.org", md5_hex(header)).into_bytes());
        let (date, time) = dated(&fields, now, resources, calendar);
        let names = resources.colons(Name::FromFields);
        let from = names
            .iter()
            .find_map(|name| fields.first(name).filter(|value| !value.is_empty()))
            .unwrap_or(b"Unknown");
        let from = charsets.encoded(from);
        let subject = fields.first("subject").unwrap_or_default();
        let subject = charsets.encoded(subject);
        let subject = match &resources.subject_strip {
            Some(rewrite) => rewrite.apply(&subject).into_owned(),
            None => subject,
        };
        let stored = resources.lines(Name::FieldStore).into_iter().map(|name| {
            let name = name.to_ascii_lowercase();
            let value: Vec<&[u8]> = fields.all(&name).collect();
            let value = value.join(&b"\n"[..]);
            (name, value)
        });
        Mail {
            number,
            time,
            date,
            from_name: name_of(&from),
            from_address: address_of(&from),
            from,
            subject,
            references: references(&fields, &id),
            content_type: content_type(&fields),
            stored: stored.collect(),
            id,
            is_page: false,
        }
    }

    /// What a page tells of its mail. `undated` is its time where its date tells none.
    pub(crate) fn of_page(
        page: &MhonarcPage<'_>,
        number: u32,
        undated: i64,
        calendar: &Calendar,
    ) -> Self {
        Mail {
            number,
            time: parse_date(&page.date, calendar).unwrap_or(undated),
            id: page.id.clone(),
            date: page.date.clone(),
            from: page.from.clone(),
            from_name: name_of(&page.from),
            from_address: address_of(&page.from),
            subject: page.subject.clone(),
            references: page.references.clone(),
            content_type: String::from_utf8_lossy(&page.content_type).into_owned(),
            stored: page
                .stored
                .iter()
                .map(|(name, value)| (String::from_utf8_lossy(name).into_owned(), value.clone()))
                .collect(),
            is_page: true,
        }
    }
}

fn content_type(fields: &Fields) -> String {
    let value = fields.first("content-type").unwrap_or(b"text/plain");
    let value = String::from_utf8_lossy(value).to_ascii_lowercase();
    let base = value
        .split([';', ' ', '\t'])
        .next()
        .unwrap_or_default()
        .trim();
    if base.is_empty() {
        "text/plain".to_owned()
    } else {
        base.to_owned()
    }
}

/// The date as written, and the time that it says.
fn dated(fields: &Fields, now: i64, resources: &Resources, calendar: &Calendar) -> (Vec<u8>, i64) {
    let mut written: Option<Vec<u8>> = None;
    for name in resources.colons(Name::DateFields) {
        let (name, at) = match name.split_once('[') {
            Some((name, at)) => (
                name.to_owned(),
                at.trim_end_matches(']').parse().unwrap_or(0),
            ),
            None => (name, 0),
        };
        let name = name.to_ascii_lowercase();
        let Some(value) = fields.all(&name).nth(at) else {
            continue;
        };
        let value = match memchr::memrchr(b';', value) {
            Some(end) if name == "received" => value[end + 1..].trim_ascii(),
            _ => value,
        };
        if let Some(time) = parse_date(value, calendar) {
            return (value.to_vec(), time);
        }
        written = Some(value.to_vec());
    }
    let made = || calendar.write(now, b"%a %b %d %H:%M:%S %Y", Format::Local);
    (
        written.filter(|date| !date.is_empty()).unwrap_or_else(made),
        now,
    )
}

/// What stands between the first `<` and the `>` after it.
fn in_brackets(value: &[u8]) -> Option<&[u8]> {
    let start = memchr::memchr(b'<', value)? + 1;
    let end = memchr::memchr(b'>', &value[start..])?;
    Some(value[start..start + end].trim_ascii())
}

/// Every id in brackets.
fn ids(value: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let mut rest = value;
    while let Some(id) = in_brackets(rest) {
        found.push(id.to_vec());
        let at = memchr::memchr(b'>', rest).map_or(rest.len(), |at| at + 1);
        rest = &rest[at..];
        if found.len() == MOST_REFERENCES {
            break;
        }
    }
    found
}

fn references(fields: &Fields, own: &[u8]) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = fields.all("references").flat_map(ids).collect();
    for value in fields.all("in-reply-to") {
        all.extend(ids(value).pop());
    }
    let mut seen = std::collections::HashSet::new();
    all.retain(|id| id != own && !id.is_empty() && seen.insert(id.clone()));
    all
}

/// The address in an author field.
pub(crate) fn address_of(from: &[u8]) -> Vec<u8> {
    if let Some(address) = in_brackets(from) {
        return address.to_vec();
    }
    let plain = without_comment(from);
    match plain
        .split(u8::is_ascii_whitespace)
        .find(|word| word.contains(&b'@'))
    {
        Some(word) => word.to_vec(),
        None => plain.trim_ascii().to_vec(),
    }
}

fn without_comment(from: &[u8]) -> Vec<u8> {
    match (memchr::memchr(b'(', from), memchr::memrchr(b')', from)) {
        (Some(start), Some(end)) if start < end => [&from[..start], &from[end + 1..]]
            .concat()
            .trim_ascii()
            .to_vec(),
        _ => from.to_vec(),
    }
}

/// The human name in an author field: the first quoted string or comment before the address, else the words
/// there, else the part of the address before the `@`.
fn name_of(from: &[u8]) -> Vec<u8> {
    let mut rest = from.trim_ascii_start();
    let mut words: Vec<&[u8]> = Vec::new();
    while let Some(first) = rest.first() {
        let length = match first {
            b'<' => break,
            b'"' => return unescaped(&rest[1..quoted_end(rest)], b'"'),
            b'(' => return unescaped(&rest[1..comment_end(rest)], b')'),
            b'[' => rest
                .iter()
                .position(|byte| *byte == b']')
                .map_or(rest.len(), |at| at + 1),
            byte if SPECIALS.contains(byte) => 1,
            _ => word_end(rest),
        };
        words.push(&rest[..length]);
        rest = rest[length..].trim_ascii_start();
    }
    let mut name = words.join(&b' ');
    if words.is_empty() {
        name = address_of(from);
    }
    let end = memchr::memchr(b'@', &name).unwrap_or(name.len());
    name[..end].trim_ascii().to_vec()
}

/// Bytes that end a word of an author field.
const SPECIALS: &[u8] = b"<>@,;:.()\"[]";

fn word_end(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        at += match byte {
            b'\\' => 2,
            byte if byte.is_ascii_whitespace() || SPECIALS.contains(byte) => break,
            _ => 1,
        };
    }
    at.min(text.len())
}

/// Where a quoted string ends behind its last quote.
fn quoted_end(text: &[u8]) -> usize {
    let mut at = 1;
    while let Some(byte) = text.get(at) {
        at += if *byte == b'\\' { 2 } else { 1 };
        if *byte == b'"' {
            break;
        }
    }
    at.min(text.len())
}

/// Where a comment ends behind its last parenthesis; comments stand within comments.
fn comment_end(text: &[u8]) -> usize {
    let (mut at, mut depth) = (0usize, 0usize);
    while let Some(byte) = text.get(at) {
        match byte {
            b'\\' => at += 1,
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            break;
        }
    }
    at.min(text.len())
}

/// Without its last byte, where that closes it, and without backslashes before others.
fn unescaped(text: &[u8], closes: u8) -> Vec<u8> {
    let text = text.strip_suffix(&[closes]).unwrap_or(text);
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        out.extend(match byte {
            b'\\' => bytes.next().or(Some(byte)),
            byte => Some(byte),
        });
    }
    out
}
