//! The MIME tree: multiparts split by lines, message/rfc822 unpacked level by level. An explicit
//! list of work takes the place of recursion, so depth costs no stack; and depth is limited, so
//! that dropping the tree costs little either.

use super::packed::{self, Room};
use super::scan::{RawField, scan, skip_preamble, split_line};
use super::{Defect, Disposition, Field, Limits, Part, parameters, scrubbed};
use crate::text::{
    base64, base64_version_1, charset_trouble, header_text, quoted_printable, uudecode,
};
use std::collections::BTreeSet;
use std::ops::Range;

/// A part that waits to be read.
struct Job {
    /// Which buffer holds it: 0 is the mail, the others are decoded message/rfc822 parts.
    buffer: usize,
    range: Range<usize>,
    /// Index of the parent among the finished parts.
    parent: usize,
    depth: usize,
    default_type: &'static str,
    /// Whether it begins a mail (the whole, or the inside of a message/rfc822).
    root: bool,
}

/// Bytes of all parts of a multipart, headers included, that may count as empty.
const EMPTY_BYTES: usize = 4_096;

/// What a part's body is made of, unless it is a leaf.
enum Content {
    /// Ranges of the children of a multipart within the part's bytes.
    Parts(Vec<Range<usize>>),
    /// A mail, in place.
    Mail(Range<usize>),
    /// A mail that had to be transfer-decoded.
    DecodedMail(Vec<u8>),
}

/// A part and where its bytes lie.
pub(crate) struct Section {
    /// Index of the parent among the sections.
    pub(super) parent: usize,
    /// The part; its children are sections of their own.
    pub(crate) part: Part,
    /// Which buffer holds it: 0 is the mail, `n` the decoded bytes number `n - 1`.
    pub(crate) buffer: usize,
    /// Its header with the empty line behind it.
    pub(crate) header: Range<usize>,
    /// Its body, the children's bytes included.
    pub(crate) body: Range<usize>,
    /// What the body is.
    pub(crate) holds: Holds,
}

/// What a part's body is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// Bytes, transfer-encoded.
    Leaf,
    /// Other sections and what stands between them.
    Sections,
    /// A transfer-encoded mail, which is that buffer.
    Buffer(usize),
}

/// Builds the tree of a mail. Header text without a charset is read in `default`. Defects found on
/// the way are added to `defects`.
pub(super) fn build(
    raw: &[u8],
    limits: &Limits,
    default: Option<&str>,
    defects: &mut BTreeSet<Defect>,
) -> Part {
    let (sections, _) = sections(raw, limits, default, Wanted::All, defects);
    assemble(
        sections
            .into_iter()
            .map(|section| (section.parent, section.part))
            .collect(),
    )
}

/// Which header fields are read into a part.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    All,
    /// Those that describe a part, and the mail's people: for who works on the bytes.
    Structure,
}

impl Wanted {
    fn wants(self, name: &[u8]) -> bool {
        let people: [&[u8]; 3] = [b"from", b"to", b"cc"];
        self == Wanted::All
            || people.iter().any(|field| name.eq_ignore_ascii_case(field))
            || name
                .get(..8)
                .is_some_and(|start| start.eq_ignore_ascii_case(b"content-"))
    }
}

/// Every part of a mail in reading order, parents before children, and the buffers that had to be
/// decoded for it.
pub(super) fn sections(
    raw: &[u8],
    limits: &Limits,
    default: Option<&str>,
    wanted: Wanted,
    defects: &mut BTreeSet<Defect>,
) -> (Vec<Section>, Vec<Vec<u8>>) {
    let mut buffers: Vec<Vec<u8>> = Vec::new();
    let mut waiting = vec![Job {
        buffer: 0,
        range: 0..raw.len(),
        parent: 0,
        depth: 0,
        default_type: "text/plain",
        root: true,
    }];
    let mut packed_room = Room::new(limits);
    let mut done: Vec<Section> = Vec::new();
    while let Some(job) = waiting.pop() {
        let own = done.len();
        let bytes = match job.buffer {
            0 => &raw[job.range.clone()],
            n => &buffers[n - 1][job.range.clone()],
        };
        let mut reader = Reader {
            limits,
            default,
            wanted,
            room: limits.parts.saturating_sub(own + waiting.len() + 1),
            packed_room: &mut packed_room,
            defects,
        };
        let (part, content, body_length) = reader.read(bytes, &job);
        let body_at = job.range.end - body_length;
        let digest = part.media_type == "multipart/digest";
        let child = |buffer, range| Job {
            buffer,
            range,
            parent: own,
            depth: job.depth + 1,
            default_type: if digest {
                "message/rfc822"
            } else {
                "text/plain"
            },
            root: false,
        };
        let start = job.range.start;
        let mut holds = Holds::Sections;
        match content {
            None => holds = Holds::Leaf,
            Some(Content::Parts(ranges)) => waiting.extend(
                ranges
                    .into_iter()
                    .rev()
                    .map(|r| child(job.buffer, start + r.start..start + r.end)),
            ),
            Some(Content::Mail(r)) => waiting.push(Job {
                root: true,
                ..child(job.buffer, start + r.start..start + r.end)
            }),
            Some(Content::DecodedMail(bytes)) => {
                let range = 0..bytes.len();
                buffers.push(bytes);
                holds = Holds::Buffer(buffers.len());
                waiting.push(Job {
                    root: true,
                    ..child(buffers.len(), range)
                });
            }
        }
        done.push(Section {
            parent: job.parent,
            part,
            buffer: job.buffer,
            header: start..body_at,
            body: body_at..job.range.end,
            holds,
        });
    }
    (done, buffers)
}

/// Hangs each part under its parent. Parts are in reading order, so children stand behind parents.
fn assemble(mut done: Vec<(usize, Part)>) -> Part {
    while done.len() > 1 {
        let Some((parent, mut part)) = done.pop() else {
            break;
        };
        part.children.reverse();
        done[parent].1.children.push(part);
    }
    let mut root = done.pop().map(|(_, part)| part).unwrap_or_default();
    root.children.reverse();
    root
}

struct Reader<'a> {
    limits: &'a Limits,
    /// The charset of raw header text in a part without one.
    default: Option<&'a str>,
    wanted: Wanted,
    /// How many more parts may be made.
    room: usize,
    /// What may still be taken out of old encodings.
    packed_room: &'a mut Room,
    defects: &'a mut BTreeSet<Defect>,
}

impl Reader<'_> {
    /// Reads one part: its header, what its body is, and the length of the body.
    fn read(&mut self, bytes: &[u8], job: &Job) -> (Part, Option<Content>, usize) {
        let bytes_here = if job.root {
            skip_preamble(bytes)
        } else {
            bytes
        };
        let scanned = scan(bytes_here, job.root, self.limits, self.defects);
        let mut part = Part {
            media_type: job.default_type.to_owned(),
            ..Part::default()
        };
        let boundary = self.describe(&mut part, &scanned.fields);
        let encoding = transfer_encoding(&scanned.fields);
        // The body is always the tail of the part.
        let body_at = bytes.len() - scanned.body.len();
        let content = if part.media_type.starts_with("multipart/") {
            self.multipart(scanned.body, body_at, boundary.as_deref(), job.depth)
        } else if is_mail(&part.media_type) {
            self.mail(scanned.body, body_at, &encoding, job.depth)
        } else {
            None
        };
        if let Some(Content::Parts(ranges)) = &content {
            part.bytes = self.around_empty_parts(bytes, scanned.body, ranges).into();
        }
        if content.is_none() {
            part.bytes = self.transfer_decode(scanned.body, &encoding).into();
            if encoding == "base64" && part.media_type.starts_with("text/") {
                part.bytes_version_1 = other_version_1(scanned.body, &part.bytes);
            }
            packed::unpack(&mut part, self.packed_room, self.defects);
            self.judge_charset(&part);
            if part.media_type == "text/plain" && scrubbed::has_note(&part) {
                self.defects.insert(Defect::Scrubbed);
            }
        }
        (part, content, scanned.body.len())
    }

    /// Fills in what the header says of the part. Answers the boundary.
    fn describe(&mut self, part: &mut Part, fields: &[RawField<'_>]) -> Option<String> {
        let find = |name: &str| {
            fields
                .iter()
                .find(|f| f.name.eq_ignore_ascii_case(name.as_bytes()))
                .map(|f| f.value)
        };
        let mut boundary = None;
        if let Some(raw) = find("content-type") {
            let mut parsed = parameters::parse(raw, None);
            if parsed.value.contains(' ') && parsed.value.contains('=') {
                // A forgotten semicolon: `text/plain charset=utf-8`.
                let mended: Vec<u8> = raw
                    .trim_ascii()
                    .iter()
                    .map(|b| if *b == b' ' { b';' } else { *b })
                    .collect();
                parsed = parameters::parse(&mended, None);
            }
            let kind = parsed
                .value
                .split_ascii_whitespace()
                .next()
                .unwrap_or_default();
            if !kind.is_empty() {
                part.media_type = media_type(kind);
            }
            boundary = parsed.get("boundary").map(|b| b.trim_end().to_owned());
            part.charset = parsed.get("charset").map(|c| c.trim().to_ascii_lowercase());
            part.filename = parsed.get("name").map(str::to_owned);
            part.parameters = parsed.parameters;
        }
        let charset = part.charset.as_deref().or(self.default);
        if let Some(raw) = find("content-disposition") {
            let parsed = parameters::parse(raw, charset);
            part.disposition = match parsed.value.as_str() {
                "" => Disposition::None,
                "inline" => Disposition::Inline,
                _ => Disposition::Attachment,
            };
            if let Some(name) = parsed.get("filename") {
                part.filename = Some(name.to_owned());
            }
        }
        part.filename = part.filename.take().filter(|name| !name.trim().is_empty());
        part.content_id = find("content-id").map(|raw| {
            let text = header_text(raw, charset).text;
            text.trim_matches(|c| matches!(c, '<' | '>' | ' '))
                .to_owned()
        });
        let mut decoded = Vec::with_capacity(fields.len());
        let wanted = self.wanted;
        for field in fields.iter().filter(|field| wanted.wants(field.name)) {
            decoded.push(self.decode_field(field, charset));
        }
        part.fields = decoded;
        boundary
    }

    fn decode_field(&mut self, field: &RawField<'_>, charset: Option<&str>) -> Field {
        let name = String::from_utf8_lossy(field.name).into_owned();
        let raw = field.value.to_vec();
        if raw.is_ascii() && memchr::memmem::find(&raw, b"=?").is_none() {
            let decoded = None;
            return Field { name, raw, decoded };
        }
        let text = header_text(field.value, charset);
        if text.raw {
            self.defects.insert(Defect::RawHeader);
        }
        if text.broken {
            self.defects.insert(Defect::BadEncodedWord);
        }
        if let Some(trouble) = text.charset {
            self.defects.insert(trouble.into());
        }
        let decoded = Some(text.text);
        Field { name, raw, decoded }
    }

    /// The children of a multipart; `None` when it has to be shown as text.
    fn multipart(
        &mut self,
        body: &[u8],
        body_at: usize,
        boundary: Option<&str>,
        depth: usize,
    ) -> Option<Content> {
        if depth >= self.limits.depth || self.room == 0 {
            self.defects.insert(Defect::OverLimit);
            return None;
        }
        let declared = boundary
            .filter(|b| !b.is_empty())
            .map(|b| split_parts(body, b.as_bytes(), self.room));
        let mut split = declared.unwrap_or_default();
        if split.ranges.is_empty() {
            self.defects.insert(Defect::BadMultipart);
            split = split_parts(body, seeming_boundary(body)?, self.room);
        }
        if !split.closed {
            self.defects.insert(Defect::BadMultipart);
        }
        if split.over {
            self.defects.insert(Defect::OverLimit);
        }
        let moved = split
            .ranges
            .into_iter()
            .map(|r| r.start + body_at..r.end + body_at);
        Some(Content::Parts(moved.collect()))
            .filter(|c| matches!(c, Content::Parts(r) if !r.is_empty()))
    }

    /// What stands before and behind the parts of a multipart when all of them are empty: there
    /// some mailers put the text. Nothing otherwise, where it speaks to old software.
    fn around_empty_parts(&self, all: &[u8], body: &[u8], ranges: &[Range<usize>]) -> Vec<u8> {
        let (Some(first), Some(last)) = (ranges.first(), ranges.last()) else {
            return Vec::new();
        };
        let is_empty = |range: &Range<usize>| {
            let part = &all[range.clone()];
            let inside = scan(part, false, self.limits, &mut BTreeSet::new()).body;
            inside.trim_ascii().is_empty()
        };
        if last.end - first.start > EMPTY_BYTES || !ranges.iter().all(is_empty) {
            return Vec::new();
        }
        let body_at = all.len() - body.len();
        // The delimiters' own lines are left out.
        let before = all[body_at..first.start].trim_ascii_end();
        let before = &before[..memchr::memrchr(b'\n', before).unwrap_or(0)];
        let (_, after) = split_line(all[last.end..].trim_ascii_start());
        [before.trim_ascii_end(), after]
            .join(&b'\n')
            .trim_ascii()
            .to_vec()
    }

    /// The inside of a message/rfc822; `None` when a limit forbids to unpack it.
    fn mail(
        &mut self,
        body: &[u8],
        body_at: usize,
        encoding: &str,
        depth: usize,
    ) -> Option<Content> {
        if depth >= self.limits.depth || self.room == 0 {
            self.defects.insert(Defect::OverLimit);
            return None;
        }
        if matches!(encoding, "base64" | "quoted-printable") {
            // RFC 2046 forbids it, mailers do it; others declare it and send plain text.
            let plain = scan(skip_preamble(body), true, self.limits, &mut BTreeSet::new());
            if plain.fields.is_empty() || encoding == "quoted-printable" {
                let bytes = match encoding {
                    "base64" => {
                        let (bytes, clean) = base64_version_1(body);
                        if !clean {
                            self.defects.insert(Defect::BadTransferEncoding);
                        }
                        bytes
                    }
                    _ => self.transfer_decode(body, encoding),
                };
                return Some(Content::DecodedMail(bytes));
            }
        }
        Some(Content::Mail(body_at..body_at + body.len()))
    }

    fn transfer_decode(&mut self, body: &[u8], encoding: &str) -> Vec<u8> {
        let (bytes, clean) = match encoding {
            "base64" => base64(body),
            "quoted-printable" => quoted_printable(body),
            "x-uuencode" | "uuencode" | "x-uue" | "uue" => return uuencoded(body, self.defects),
            "" | "7bit" | "8bit" | "binary" => return body.to_vec(),
            _ => (body.to_vec(), false),
        };
        if !clean {
            self.defects.insert(Defect::BadTransferEncoding);
        }
        bytes
    }

    /// Notes what is wrong with the charset of a text.
    fn judge_charset(&mut self, part: &Part) {
        let known = matches!(
            part.charset.as_deref(),
            None | Some("us-ascii" | "utf-8" | "iso-8859-1")
        );
        let plain = || part.bytes.is_ascii() && memchr::memmem::find(&part.bytes, b"$B").is_none();
        if !part.media_type.starts_with("text/") || (known && plain()) {
            return;
        }
        let label = part.label();
        for piece in part.unpacked_text() {
            if let Some(trouble) = charset_trouble(piece, label.as_deref()) {
                self.defects.insert(trouble.into());
            }
        }
    }
}

/// What version 1 of the content's identity decodes, where that is something else: only with junk
/// behind padding.
fn other_version_1(body: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    let padded = memchr::memchr(b'=', body)?;
    let behind = body[padded..].trim_ascii_end();
    let more = behind
        .iter()
        .any(|b| !b.is_ascii_whitespace() && *b != b'=');
    let decoded = more.then(|| base64_version_1(body).0);
    decoded.filter(|decoded| decoded != bytes)
}

/// Whether a type holds a mail.
fn is_mail(media_type: &str) -> bool {
    matches!(
        media_type,
        "message/rfc822" | "message/global" | "message/news"
    )
}

/// A type as it is used: what is no `type/subtype` is text (RFC 2045 section 5.2).
fn media_type(kind: &str) -> String {
    match kind.split_once('/') {
        Some((main, sub)) if !main.is_empty() && !sub.is_empty() && kind.len() <= 255 => {
            kind.to_owned()
        }
        _ => "text/plain".to_owned(),
    }
}

/// The transfer encoding's name without blanks, comments and parameters, lower case.
fn transfer_encoding(fields: &[RawField<'_>]) -> String {
    let raw = fields
        .iter()
        .find(|f| f.name.eq_ignore_ascii_case(b"content-transfer-encoding"));
    let value = raw
        .map(|f| parameters::parse(f.value, None).value)
        .unwrap_or_default();
    match value.trim_matches(|c: char| c.is_whitespace() || c == '"') {
        "8-bit" | "8bits" | "7-bit" | "7bits" | "none" => String::new(),
        "quoted_printable" | "quotedprintable" | "qp" => "quoted-printable".to_owned(),
        other => other.to_owned(),
    }
}

/// Decodes from the `begin` line on.
fn uuencoded(body: &[u8], defects: &mut BTreeSet<Defect>) -> Vec<u8> {
    let mut lines = body.split(|b| *b == b'\n');
    if !lines.any(|line| line.starts_with(b"begin ")) {
        defects.insert(Defect::BadTransferEncoding);
        return body.to_vec();
    }
    let (bytes, clean) = uudecode(lines);
    if !clean {
        defects.insert(Defect::BadTransferEncoding);
    }
    bytes
}

/// The pieces of a multipart.
#[derive(Default)]
struct Split {
    ranges: Vec<Range<usize>>,
    closed: bool,
    over: bool,
}

/// Splits at lines that are `--boundary`, up to `--boundary--`. At most `most` pieces.
fn split_parts(body: &[u8], boundary: &[u8], most: usize) -> Split {
    let delimiter = [b"--", boundary].concat();
    let mut split = Split::default();
    let mut open: Option<usize> = None;
    for at in memchr::memmem::find_iter(body, &delimiter) {
        if at > 0 && body[at - 1] != b'\n' {
            continue;
        }
        let (tail, after) = split_line(&body[at + delimiter.len()..]);
        let tail = tail.trim_ascii();
        if !tail.is_empty() && tail != b"--" {
            continue;
        }
        if let Some(start) = open.take() {
            split.ranges.push(start..before_line_end(body, start, at));
        }
        if tail == b"--" {
            split.closed = true;
            return split;
        }
        if split.ranges.len() >= most {
            split.over = true;
            return split;
        }
        open = Some(body.len() - after.len());
    }
    if let Some(start) = open {
        split.ranges.push(start..body.len());
    }
    split
}

/// Where the line before `end` ends: its line end belongs to the delimiter (RFC 2046 5.1.1).
fn before_line_end(body: &[u8], start: usize, end: usize) -> usize {
    let piece = &body[start..end];
    let piece = piece.strip_suffix(b"\n").unwrap_or(piece);
    start + piece.strip_suffix(b"\r").unwrap_or(piece).len()
}

/// The boundary that a multipart without a usable parameter seems to have: its first line that is
/// not empty, when that begins with two dashes.
fn seeming_boundary(body: &[u8]) -> Option<&[u8]> {
    let (line, _) = split_line(body.trim_ascii_start());
    let boundary = line.strip_prefix(b"--")?.trim_ascii_end();
    (boundary.len() >= 3 && boundary.len() <= 200).then_some(boundary)
}
