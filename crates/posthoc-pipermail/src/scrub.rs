//! From a MIME tree to one text, as Mailman's scrubber does it: what is no text is taken out, stored
//! beside the pages, and named by a note in its place.

use crate::article::Placed;
use crate::charset::Charset;
use crate::header::{decoded, value};
use crate::html::escape;
use crate::settings::{Sanitiser, Settings};
use crate::types::{extension, runs_in_browsers};
use posthoc_core::message::{Disposition, Limits, Message, Part, inner_mails};
use posthoc_core::text::TimeZone;
use sha1::{Digest, Sha1};

/// A file that was taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Below the list's folder: `attachments/20251103/1a2b3c4d/attachment.pdf`.
    pub path: String,
    /// Its content, as it is stored.
    pub bytes: Vec<u8>,
}

/// A mail as one text.
pub(crate) struct Scrubbed {
    /// Its bytes, and what charset they are in; none when it is the list's.
    pub(crate) text: Vec<u8>,
    pub(crate) charset: Option<String>,
    pub(crate) attachments: Vec<Attachment>,
}

/// Takes a mail apart. `raw` are its bytes.
pub(crate) fn scrub(
    message: &Message,
    raw: &[u8],
    mail: &Placed,
    limits: &Limits,
    settings: &Settings,
) -> Scrubbed {
    let root = &message.root;
    let mut scrubber = Scrubber {
        inner: Inner::Unread(raw, limits),
        settings,
        folder: folder(message, mail),
        attachments: Vec::new(),
        charset: None,
    };
    let mut texts = Vec::new();
    let mut open = vec![(root, true)];
    while let Some((part, outer)) = open.pop() {
        if part.media_type.starts_with("multipart/") && !part.children.is_empty() {
            open.extend(part.children.iter().rev().map(|child| (child, false)));
            continue;
        }
        texts.extend(scrubber.leaf(part, outer));
    }
    if !root.media_type.starts_with("multipart/") || root.children.is_empty() {
        let alone = texts.pop();
        let (text, charset) = alone.map_or((Vec::new(), None), |text| (text.bytes, text.charset));
        return Scrubbed {
            text,
            charset,
            attachments: scrubber.attachments,
        };
    }
    let charset = match scrubber.charset.take() {
        Some(charset) if charset != "us-ascii" => charset,
        _ => settings.language.words().charset.to_owned(),
    };
    Scrubbed {
        text: scrubber.joined(texts, &charset),
        charset: Some(charset),
        attachments: scrubber.attachments,
    }
}

/// A text part, or what stands for another.
struct Text {
    bytes: Vec<u8>,
    /// As declared; none where nothing is.
    charset: Option<String>,
}

/// The mails within the mail, which are looked for when the first is met.
enum Inner<'a> {
    Unread(&'a [u8], &'a Limits),
    Read(std::vec::IntoIter<Vec<u8>>),
}

impl Inner<'_> {
    fn next(&mut self) -> Vec<u8> {
        if let Inner::Unread(raw, limits) = self {
            *self = Inner::Read(inner_mails(raw, limits).into_iter());
        }
        match self {
            Inner::Read(mails) => mails.next().unwrap_or_default(),
            Inner::Unread(..) => Vec::new(),
        }
    }
}

struct Scrubber<'a> {
    inner: Inner<'a>,
    settings: &'a Settings,
    folder: String,
    attachments: Vec<Attachment>,
    /// Of the first text part.
    charset: Option<String>,
}

impl Scrubber<'_> {
    fn leaf(&mut self, part: &Part, outer: bool) -> Option<Text> {
        let notes = &self.settings.language.words().notes;
        match part.media_type.as_str() {
            "text/plain" => {
                let declared = part.charset.clone();
                if self.charset.is_none() {
                    let list = self.settings.language.words().charset;
                    self.charset = Some(declared.clone().unwrap_or_else(|| list.to_owned()));
                }
                let bare = part.disposition != Disposition::None && declared.is_none();
                if !bare {
                    return Some(Text {
                        bytes: part.bytes.to_vec(),
                        charset: declared,
                    });
                }
                let url = self.store(part, part.bytes.to_vec());
                let name = self.file_name(part);
                let note = format!("{}\n{} {name}\nURL: {url}\n", notes.text, notes.name);
                Some(self.note(&note))
            }
            "text/html" => self.html(part, outer),
            "message/rfc822" => self.message(part),
            _ if part.bytes.is_empty() => None,
            media_type => {
                let size = part.bytes.len();
                let url = self.store(part, part.bytes.to_vec());
                let description = part.field("content-description");
                let description = description.map_or_else(
                    || notes.not_available.to_owned(),
                    |field| decoded(value(&field.raw), self.settings.charset()),
                );
                let name = self.file_name(part);
                let note = format!(
                    "{}\n{} {name}\n{} {media_type}\n{} {size} {}\n{} {description}\nURL: {url}\n",
                    notes.other, notes.name, notes.kind, notes.size, notes.bytes, notes.description
                );
                Some(self.note(&note))
            }
        }
    }

    fn html(&mut self, part: &Part, outer: bool) -> Option<Text> {
        let notes = &self.settings.language.words().notes;
        match self.settings.sanitiser {
            Sanitiser::Inline => Some(Text {
                bytes: part.bytes.to_vec(),
                charset: part.charset.clone(),
            }),
            // The original throws a mail away that is all HTML.
            Sanitiser::Remove if outer => Some(self.note(&format!("{}\n", notes.html_removed))),
            Sanitiser::Remove => Some(self.note(notes.html_removed)),
            Sanitiser::Escape => {
                let url = self.store(part, escaped_page(&part.bytes));
                Some(self.note(&format!("{}\nURL: {url}\n", notes.html)))
            }
        }
    }

    fn message(&mut self, part: &Part) -> Option<Text> {
        let inner = part.children.first()?;
        let notes = &self.settings.language.words().notes;
        let list = self.settings.charset();
        let said = |name: &str, otherwise: &str| match inner.field(name) {
            Some(field) => decoded(value(&field.raw), list),
            None => otherwise.to_owned(),
        };
        let (who, subject) = (
            said("from", notes.unknown_sender),
            said("subject", notes.no_subject),
        );
        let date = match inner.field("date") {
            Some(field) => String::from_utf8_lossy(value(&field.raw)).into_owned(),
            None => notes.no_date.to_owned(),
        };
        let source = self.inner.next();
        let size = source.len();
        let mut page = Vec::with_capacity(size);
        escape(&source, &mut page);
        let url = self.store(part, page);
        Some(self.note(&format!(
            "{}\n{} {who}\n{} {subject}\n{} {date}\n{} {size}\nURL: {url}\n",
            notes.message, notes.from, notes.subject, notes.date, notes.size
        )))
    }

    /// A note in the list's charset.
    fn note(&self, words: &str) -> Text {
        let mut bytes = Vec::new();
        self.settings.charset().encode_with_marks(words, &mut bytes);
        Text {
            bytes,
            charset: Some(self.settings.language.words().charset.to_owned()),
        }
    }

    fn file_name(&self, part: &Part) -> String {
        let notes = &self.settings.language.words().notes;
        part.filename
            .clone()
            .unwrap_or_else(|| notes.not_available.to_owned())
    }

    /// Keeps a file; its address in brackets.
    fn store(&mut self, part: &Part, bytes: Vec<u8>) -> String {
        let name = part.filename.as_deref().unwrap_or_default();
        let (stem, own) = match name.rfind('.') {
            Some(at) if at > 0 => name.split_at(at),
            _ => (name, ""),
        };
        let extension: String = extension(&part.media_type, own)
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c))
            .collect();
        // What is escaped is harmless; of the rest the original lets browsers run some.
        let extension = match runs_in_browsers(&extension) && !ESCAPED.contains(&&*part.media_type)
        {
            true => format!("{extension}.txt"),
            false => extension,
        };
        let base = match self.settings.attachment_names {
            true if !stem.is_empty() => clean(stem),
            _ => "attachment".to_owned(),
        };
        let mut path = format!("{}/{base}{extension}", self.folder);
        let mut counter = 0;
        while self.attachments.iter().any(|known| known.path == path) {
            counter += 1;
            path = format!("{}/{base}-{counter:04}{extension}", self.folder);
        }
        let url = format!("<{}/{path}>", self.settings.base_url);
        self.attachments.push(Attachment { path, bytes });
        url
    }

    /// All texts in one charset, a line between each and the next.
    fn joined(&self, texts: Vec<Text>, charset: &str) -> Vec<u8> {
        let target = Charset::named(charset);
        let list = self.settings.charset();
        let mut separator = Vec::new();
        let line = format!("{}\n", self.settings.language.words().notes.separator);
        target
            .unwrap_or(list)
            .encode_with_marks(&line, &mut separator);
        let mut all = Vec::new();
        for text in texts.into_iter().filter(|text| !text.bytes.is_empty()) {
            if !all.is_empty() {
                all.extend_from_slice(&separator);
            }
            match text.charset {
                Some(own) if own != charset => {
                    let own = Charset::named(&own).unwrap_or(Charset::Ascii);
                    let words = own.decode(&text.bytes);
                    target.unwrap_or(list).encode_with_marks(&words, &mut all);
                }
                _ => all.extend_from_slice(&text.bytes),
            }
            if !all.ends_with(b"\n") {
                all.push(b'\n');
            }
        }
        all
    }
}

/// Parts that are stored escaped.
const ESCAPED: [&str; 2] = ["text/html", "message/rfc822"];

/// A file's name without what is dangerous in paths.
fn clean(name: &str) -> String {
    let cleaned: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "-_.".contains(c) {
                c
            } else {
                '_'
            }
        })
        .take(240)
        .collect();
    cleaned.trim_start_matches('.').to_owned()
}

/// HTML as it was written, to be read and not run: escaped, blanks kept, in fixed columns.
fn escaped_page(html: &[u8]) -> Vec<u8> {
    let mut escaped = Vec::with_capacity(html.len() * 2);
    escape(html, &mut escaped);
    let mut page = b"<tt>\n".to_vec();
    for (number, line) in escaped.split(|b| *b == b'\n').enumerate() {
        if number > 0 {
            page.extend_from_slice(b"<br>\n");
        }
        let mut column = 0;
        for byte in line {
            match byte {
                b'\t' => {
                    let blanks = 8 - column % 8;
                    (0..blanks).for_each(|_| page.extend_from_slice(b"&nbsp;"));
                    column += blanks;
                }
                b' ' => {
                    page.extend_from_slice(b"&nbsp;");
                    column += 1;
                }
                b'\r' => {
                    page.push(b'\r');
                    column = 0;
                }
                _ => {
                    page.push(*byte);
                    column += 1;
                }
            }
        }
    }
    page.extend_from_slice(b"\n</tt>\n");
    page
}

/// The folder of a mail's files: the day that its date names, and a hash of its id.
fn folder(message: &Message, mail: &Placed) -> String {
    let id = message.root.field("message-id");
    let id = match id.map(|field| value(&field.raw)).unwrap_or_default() {
        b"" => format!("<{}>", message.id.0).into_bytes(),
        id => id.to_vec(),
    };
    let sent = message.sent.filter(|sent| sent.unix == mail.date);
    let there = mail.date + i64::from(sent.map_or(0, |sent| sent.offset)) * 60;
    let day = TimeZone::utc().stamp(there);
    format!(
        "attachments/{:04}{:02}{:02}/{:08x}",
        day.year,
        day.month,
        day.day,
        file_hash(&id, mail)
    )
}

/// What tells the files of a mail from those of others of its day: pieces of a hash of its Message-ID, as it is
/// written with its brackets. A later mail with the same id has another.
pub fn file_hash(id: &[u8], mail: &Placed) -> u32 {
    let mut hasher = Sha1::new_with_prefix(id);
    if mail.repeats_id {
        hasher.update(mail.number.to_be_bytes());
    }
    let hash = hasher.finalize();
    u32::from_be_bytes([hash[0], hash[1], hash[18], hash[19]])
}
