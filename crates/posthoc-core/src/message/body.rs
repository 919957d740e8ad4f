//! A mail's body as blocks and files.

use super::blocks::{Format, push_text};
use super::card::cards;
use super::outline::{Shown, items};
use super::scrubbed::notes;
use super::{Attachment, Block, Body, Limits, MENTIONS, Message, MessageId, Note, Part, address};
use crate::text::{Decoded, Links, decode, enriched_to_html, html_to_lines, mentioned};
use std::sync::Arc;

/// A body's words, for search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Searchable {
    /// What the author wrote: text, patches, signatures, the words of HTML.
    pub text: String,
    /// What the author quoted.
    pub quoted: String,
    /// Whether a patch stands in the text.
    pub patch: bool,
}

impl Searchable {
    /// Takes the words of one block; HTML has none here.
    fn take(&mut self, block: &Block) {
        let push = |to: &mut String, line: &str| {
            to.push_str(line);
            to.push('\n');
        };
        match block {
            Block::Flowed(lines)
            | Block::Fixed(lines)
            | Block::Signature(lines)
            | Block::Footer(lines)
            | Block::Patch(lines) => {
                self.patch |= matches!(block, Block::Patch(_));
                lines.iter().for_each(|line| push(&mut self.text, line));
            }
            Block::Attribution(lines) => {
                lines.iter().for_each(|line| push(&mut self.quoted, line));
            }
            Block::Quote(lines) | Block::Original(lines) => {
                let lines = lines.iter();
                lines.for_each(|line| push(&mut self.quoted, &line.text));
            }
            Block::Forwarded {
                subject, author, ..
            } => {
                push(&mut self.text, subject);
                push(&mut self.text, author);
            }
            Block::Card(card) => card.lines().for_each(|line| push(&mut self.text, &line)),
            Block::Html(_)
            | Block::Attachment(_)
            | Block::Note(_)
            | Block::Frame(_)
            | Block::Other(_) => {}
        }
    }
}

impl Message {
    /// The body as posthoc's own layout shows it. Text behind a limit is left out, and a
    /// [`Block::Note`] says so; files are complete.
    pub fn body(&self, limits: &Limits) -> Body {
        let mut body = Body::default();
        let default = self.charset.as_deref();
        let mut text_room = TextRoom {
            bytes: limits.text_bytes,
            lines: TEXT_LINES,
        };
        let mut html_room = limits.html_bytes;
        for item in items(&self.root) {
            match item {
                Shown::Enriched(part, language) => {
                    let text = body.note_mended(part.text_in(default));
                    body.push_html(enriched_to_html(&text, language), &mut html_room);
                }
                Shown::Text(part) | Shown::Around(part) => {
                    let text = body.start_of(&part.bytes, part, default, &mut text_room.bytes);
                    body.push_text(text, part, &mut text_room);
                }
                Shown::Piece(part, range) => {
                    let bytes = part.bytes.get(range).unwrap_or_default();
                    let text = body.start_of(bytes, part, default, &mut text_room.bytes);
                    body.push_text(text, part, &mut text_room);
                }
                Shown::Html(part) => {
                    let html = body.start_of(&part.bytes, part, default, &mut html_room);
                    body.push_html(html, &mut html_room);
                }
                Shown::File(part) => {
                    body.blocks.push(Block::Attachment(body.attachments.len()));
                    let file = attachment(
                        part,
                        body.attachments.len() + 1,
                        default,
                        &mut text_room.bytes,
                    );
                    body.attachments.push(file);
                }
                Shown::Other(form) => body.blocks.push(Block::Other(form)),
                Shown::Cards(part) => {
                    let cards = cards(part, default).into_iter();
                    body.blocks.extend(cards.map(Block::Card));
                    if let Some(text) = text_of_piece(part) {
                        body.push_text(text, part, &mut text_room);
                    }
                }
                Shown::Forwarded(inner) => body.blocks.push(forwarded(inner)),
            }
        }
        body
    }
}

/// Lines of text that are shown of a mail: each costs some hundred bytes of memory, and a mail of
/// empty lines has as many as it has bytes.
const TEXT_LINES: usize = 200_000;

/// Bytes that are decoded for each byte of text that may be shown: no charset that mail uses needs more
/// for what is a byte of UTF-8, its escapes not counted.
const DECODED_FOR_SHOWN: usize = 4;

/// As many are decoded where there is no room left: whether there is text at all.
const LEAST_DECODED: usize = 4 << 10;

/// What may still be shown of a mail's texts.
struct TextRoom {
    bytes: usize,
    lines: usize,
}

/// Shortens a text to what is left of its limit, at the end of a line where there is one.
fn cut_to(text: &mut String, room: &mut usize) -> bool {
    let cut = text.len() > *room;
    if cut {
        let end = text.floor_char_boundary(*room);
        let end = text[..end].rfind('\n').map_or(end, |n| n + 1);
        text.truncate(end);
        text.shrink_to_fit();
    }
    *room = if cut { 0 } else { *room - text.len() };
    cut
}

/// Shortens a text to the lines that are left of their limit.
fn cut_lines(text: &mut String, room: &mut usize) -> bool {
    let ends = || memchr::memchr_iter(b'\n', text.as_bytes());
    if text.len() < *room {
        *room -= ends().count();
        return false;
    }
    let end = match room.checked_sub(1) {
        Some(last) => ends().nth(last).map(|at| at + 1),
        None => Some(0),
    };
    match end.filter(|end| *end < text.len()) {
        Some(end) => {
            text.truncate(end);
            text.shrink_to_fit();
            *room = 0;
            true
        }
        None => {
            *room -= ends().count();
            false
        }
    }
}

fn note_if(cut: bool, note: Note, body: &mut Body) {
    if cut {
        body.blocks.push(Block::Note(note));
    }
}

/// The text of a piece of a mail, when that is what it seems to hold: the first piece's without the
/// header of the whole, of which nothing is known in the others.
fn text_of_piece(part: &Part) -> Option<String> {
    if part.media_type != "message/partial" {
        return None;
    }
    let text = part.text().shown().replace('\r', "");
    let text = match part.parameter("number").map(str::trim) {
        Some("1") => match text.trim_start().split_once("\n\n") {
            Some((_, inside)) => inside.to_owned(),
            None => text,
        },
        _ => text,
    };
    // Encoded files have no blanks.
    let blanks = text.bytes().filter(|byte| *byte == b' ').count();
    (blanks * 40 > text.len() && !text.contains('\0')).then_some(text)
}

fn format(part: &Part) -> Format {
    let is = |name: &str, value: &str| {
        part.parameter(name)
            .is_some_and(|v| v.trim().eq_ignore_ascii_case(value))
    };
    let flowed = is("format", "flowed") && part.media_type == "text/plain";
    Format {
        flowed,
        delsp: flowed && is("delsp", "yes"),
    }
}

fn attachment(
    part: &Part,
    number: usize,
    default: Option<&str>,
    text_room: &mut usize,
) -> Attachment {
    let is_text = part.media_type.starts_with("text/") && part.bytes.len() <= *text_room;
    let text = is_text.then(|| part.text_in(default).shown());
    *text_room -= text.as_ref().map_or(0, |_| part.bytes.len());
    Attachment {
        name: part
            .filename
            .clone()
            .unwrap_or_else(|| made_name(&part.media_type, number)),
        media_type: part.media_type.clone(),
        bytes: Arc::clone(&part.bytes),
        content_id: part.content_id.clone(),
        text,
    }
}

/// A name from type and place, for a part that has none.
fn made_name(media_type: &str, number: usize) -> String {
    let extension = match media_type {
        "text/plain" => "txt",
        "text/html" => "html",
        "text/x-patch" | "text/x-diff" => "patch",
        "text/calendar" => "ics",
        "text/vcard" | "text/x-vcard" => "vcf",
        "image/jpeg" | "image/jpg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "image/svg+xml" => "svg",
        "application/pdf" => "pdf",
        "application/zip" => "zip",
        "application/pgp-signature" => return "signature.asc".to_owned(),
        "application/pgp-keys" => "asc",
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => "p7s",
        "application/ms-tnef" => "dat",
        "message/delivery-status" | "message/disposition-notification" => "txt",
        kind if kind.starts_with("message/") => "eml",
        kind if kind.starts_with("text/") => "txt",
        _ => "bin",
    };
    format!("attachment-{number}.{extension}")
}

fn forwarded(inner: &Part) -> Block {
    let value = |name: &str| {
        inner
            .field(name)
            .map(|f| f.value().into_owned())
            .unwrap_or_default()
    };
    let from = inner
        .field("from")
        .and_then(|f| address::parse(&f.raw, None, 1).pop())
        .unwrap_or_default();
    let author = if from.name.is_empty() {
        from.address
    } else {
        from.name
    };
    Block::Forwarded {
        subject: value("subject"),
        author,
        date: value("date"),
    }
}

impl Body {
    /// A part's bytes as text, as far as there may be room for it. What is far longer is cut before it is
    /// decoded: a second copy of a hundred megabytes would be made for the first four. What is cut fills
    /// the room with what came before, so that [`cut_to`] says so.
    fn start_of(
        &mut self,
        bytes: &[u8],
        part: &Part,
        default: Option<&str>,
        room: &mut usize,
    ) -> String {
        let most = room.saturating_mul(DECODED_FOR_SHOWN).max(LEAST_DECODED);
        let start = match bytes.get(..most) {
            None => bytes,
            Some(start) => {
                // None of these is half of a character in any charset but those of two bytes throughout.
                let end = memchr::memrchr3(b'\n', b' ', b'>', start).map_or_else(
                    || {
                        let inside = start.iter().rev().take_while(|byte| **byte & 0xc0 == 0x80);
                        most - (inside.take(3).count() + 1)
                    },
                    |at| at + 1,
                );
                &start[..end]
            }
        };
        let text = self.note_mended(decode(start, part.label().as_deref(), default));
        if start.len() < bytes.len() {
            // Escapes may have made a little text of many bytes.
            *room = (*room).min(text.len().saturating_sub(1));
        }
        text
    }

    /// The text to be shown; what is mended in it is kept as it was written too.
    fn note_mended(&mut self, decoded: Decoded) -> String {
        let Some(mended) = decoded.mended else {
            return decoded.text;
        };
        let both = decoded.text.lines().zip(mended.lines());
        let changed = both.filter(|(written, shown)| written != shown);
        self.as_written
            .extend(changed.map(|(line, _)| line.to_owned()));
        mended
    }

    fn push_text(&mut self, mut text: String, part: &Part, room: &mut TextRoom) {
        let cut = cut_to(&mut text, &mut room.bytes) | cut_lines(&mut text, &mut room.lines);
        let mut from = 0;
        for (range, card) in notes(&text) {
            push_text(&text[from..range.start], format(part), &mut self.blocks);
            self.blocks.push(Block::Card(card));
            from = range.end;
        }
        push_text(&text[from..], format(part), &mut self.blocks);
        note_if(cut, Note::CutText, self);
    }

    fn push_html(&mut self, mut html: String, room: &mut usize) {
        let cut = cut_to(&mut html, room);
        if !html.trim().is_empty() {
            self.blocks.push(Block::Html(html));
        }
        note_if(cut, Note::CutHtml, self);
    }

    /// Message-IDs that the text shows, at most [`MENTIONS`](super::MENTIONS); addresses may be among
    /// them.
    pub fn mentions(&self) -> Vec<MessageId> {
        let mut ids = Vec::new();
        let mut look = |line: &str| mentioned(line.as_bytes(), &mut ids, MENTIONS);
        for block in &self.blocks {
            match block {
                Block::Flowed(lines) | Block::Fixed(lines) | Block::Attribution(lines) => {
                    lines.iter().for_each(|line| look(line));
                }
                Block::Quote(lines) | Block::Original(lines) => {
                    lines.iter().for_each(|line| look(&line.text));
                }
                _ => {}
            }
        }
        ids.into_iter().map(MessageId).collect()
    }

    /// The blocks without the other forms of texts.
    fn first_forms(&self) -> impl Iterator<Item = &Block> {
        let mut in_other = false;
        self.blocks.iter().filter(move |block| {
            if let Block::Other(form) = block {
                in_other = form.is_some();
            }
            !in_other
        })
    }

    /// The words, with the author's own apart from the quoted ones.
    pub fn searchable(&self) -> Searchable {
        let mut found = Searchable::default();
        for block in self.first_forms() {
            match block {
                // Quotes in HTML are found as in text: it is lines of words with marks here.
                Block::Html(html) => {
                    let text = html_to_lines(html, Links::Words);
                    let mut blocks = Vec::new();
                    push_text(&text, Format::default(), &mut blocks);
                    blocks.iter().for_each(|block| found.take(block));
                }
                block => found.take(block),
            }
        }
        let as_written = self.as_written.join("\n");
        if !as_written.is_empty() {
            found.text.push_str(&as_written);
            found.text.push('\n');
        }
        found
    }

    /// The body as plain text: quotes with their marks, the signature with its line, HTML as its
    /// words, a line in brackets for each file.
    pub fn plain_text(&self) -> String {
        let mut out = String::new();
        let mut push = |prefix: &str, line: &str| {
            out.push_str(prefix);
            out.push_str(line);
            out.push('\n');
        };
        for block in self.first_forms() {
            match block {
                Block::Flowed(lines)
                | Block::Fixed(lines)
                | Block::Patch(lines)
                | Block::Attribution(lines)
                | Block::Footer(lines)
                | Block::Frame(lines) => {
                    lines.iter().for_each(|line| push("", line));
                }
                Block::Original(lines) => {
                    for line in lines {
                        push(
                            &"> ".repeat(usize::from(line.depth.saturating_sub(1))),
                            &line.text,
                        );
                    }
                }
                Block::Signature(lines) => {
                    push("", "-- ");
                    lines.iter().for_each(|line| push("", line));
                }
                Block::Quote(lines) => {
                    for line in lines {
                        push(&"> ".repeat(usize::from(line.depth)), &line.text);
                    }
                }
                Block::Html(html) => push("", &html_to_lines(html, Links::Told)),
                Block::Forwarded {
                    subject,
                    author,
                    date,
                } => {
                    push("", "");
                    push("From: ", author);
                    push("Date: ", date);
                    push("Subject: ", subject);
                    push("", "");
                }
                Block::Attachment(n) => {
                    let name = self.attachments.get(*n).map_or("", |a| a.name.as_str());
                    push("", &format!("[{name}]"));
                }
                Block::Card(card) => card.lines().for_each(|line| push("", &line)),
                Block::Other(_) => {}
                Block::Note(note) => push("", &format!("[{note}]")),
            }
        }
        out
    }
}
