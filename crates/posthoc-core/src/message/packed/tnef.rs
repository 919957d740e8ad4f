//! TNEF (MS-OXTNEF): `winmail.dat`, in which Exchange and Outlook pack a mail's files and its rich
//! body.

use super::mapi::{self, Cursor, OBJECT, Property, UNICODE, id};
use super::{Room, kinds, rtf, rtf_text};
use crate::message::{Defect, Disposition, Packed, Part};
use crate::text::decode;
use std::collections::BTreeSet;

/// What TNEF begins with.
const SIGNATURE: u32 = 0x223e_9f78;

/// Messages in messages in messages that are opened.
const DEPTH: usize = 8;

/// Attributes that are read; the upper half tells the type.
mod attribute {
    pub(super) const BODY: u32 = 0x0002_800c;
    pub(super) const MESSAGE_PROPERTIES: u32 = 0x0006_9003;
    pub(super) const CODE_PAGE: u32 = 0x0006_9007;
    pub(super) const ATTACH_BEGINS: u32 = 0x0006_9002;
    pub(super) const ATTACH_PROPERTIES: u32 = 0x0006_9005;
    pub(super) const ATTACH_DATA: u32 = 0x0006_800f;
    pub(super) const ATTACH_TITLE: u32 = 0x0001_8010;
}

pub(super) fn is_tnef(bytes: &[u8]) -> bool {
    bytes.starts_with(&SIGNATURE.to_le_bytes())
}

/// The body and the files, those of enclosed messages behind their own. When the container is
/// damaged, none of its bytes count as replaced, so that it is offered too.
pub(super) fn unpack(bytes: &[u8], room: &mut Room, defects: &mut BTreeSet<Defect>) -> Vec<Packed> {
    let mut parts = Vec::new();
    let mut clean = true;
    let mut waiting = vec![(bytes, 0)];
    while let Some((bytes, depth)) = waiting.pop() {
        let mut reader = Reader {
            room,
            defects,
            charset: "windows-1252".to_owned(),
            parts: &mut parts,
            inner: Vec::new(),
            body: Content::default(),
        };
        clean &= reader.read(bytes);
        let inner = std::mem::take(&mut reader.inner);
        if depth < DEPTH {
            waiting.extend(inner.into_iter().rev().map(|bytes| (bytes, depth + 1)));
        } else if !inner.is_empty() {
            defects.insert(Defect::OverLimit);
        }
    }
    if !clean {
        defects.insert(Defect::BadTransferEncoding);
    }
    let replaced = 0..if clean { bytes.len() } else { 0 };
    parts
        .into_iter()
        .map(|part| Packed {
            at: replaced.clone(),
            part,
        })
        .collect()
}

struct Reader<'a, 'b> {
    room: &'b mut Room,
    defects: &'b mut BTreeSet<Defect>,
    /// Of 8-bit strings.
    charset: String,
    parts: &'b mut Vec<Part>,
    /// Enclosed messages.
    inner: Vec<&'a [u8]>,
    body: Content<'a>,
}

/// The forms of a message's text.
#[derive(Default)]
struct Content<'a> {
    html: Option<(&'a [u8], bool)>,
    plain: Option<(&'a [u8], bool)>,
    rtf: Option<&'a [u8]>,
}

/// A file, as far as it is known.
#[derive(Default)]
struct File<'a> {
    title: String,
    long_title: String,
    kind: String,
    content_id: String,
    data: &'a [u8],
    /// A message in TNEF.
    message: bool,
}

impl<'a> Reader<'a, '_> {
    /// Reads one container; answers whether all of it could be read.
    fn read(&mut self, bytes: &'a [u8]) -> bool {
        let mut cursor = Cursor(bytes);
        if cursor.u32() != Some(SIGNATURE) || cursor.u16().is_none() {
            return false;
        }
        let mut file = None;
        let mut files = Vec::new();
        let mut clean = true;
        while !cursor.0.is_empty() {
            let Some((level, tag, data)) = attribute(&mut cursor) else {
                // Old software left padding behind the last attribute.
                clean &= cursor.0.len() < 4 || cursor.0.iter().all(|b| *b == 0);
                break;
            };
            if level != 2 {
                self.message_attribute(tag, data, &mut clean);
                continue;
            }
            if tag == attribute::ATTACH_BEGINS {
                // One more than there is room for, which then tells that there were more.
                if files.len() > self.room.files {
                    break;
                }
                files.extend(file.replace(File::default()));
            }
            let file = file.get_or_insert_with(File::default);
            self.file_attribute(tag, data, file, &mut clean);
        }
        files.extend(file);
        self.push_body();
        for file in files {
            self.push_file(file);
        }
        clean
    }

    fn message_attribute(&mut self, tag: u32, data: &'a [u8], clean: &mut bool) {
        match tag {
            attribute::CODE_PAGE => {
                if let Some(page) = Cursor(data).u32().filter(|page| *page != 0) {
                    self.charset = format!("cp{page}");
                }
            }
            attribute::BODY => self.body.plain = Some((data, false)),
            attribute::MESSAGE_PROPERTIES => {
                let mut page = None;
                let body = &mut self.body;
                *clean &= mapi::read(data, |p: Property<'a>| {
                    let wide = p.kind == UNICODE;
                    match p.id {
                        id::BODY => body.plain = Some((p.value, wide)),
                        id::BODY_HTML => body.html = Some((p.value, wide)),
                        id::RTF_COMPRESSED => body.rtf = Some(p.value),
                        id::INTERNET_CODE_PAGE => page = Cursor(p.value).u32(),
                        _ => {}
                    }
                });
                if let Some(page) = page.filter(|page| *page != 0) {
                    self.charset = format!("cp{page}");
                }
            }
            _ => {}
        }
    }

    fn file_attribute(&self, tag: u32, data: &'a [u8], file: &mut File<'a>, clean: &mut bool) {
        match tag {
            attribute::ATTACH_TITLE => file.title = self.words(data, false),
            attribute::ATTACH_DATA => file.data = data,
            attribute::ATTACH_PROPERTIES => {
                *clean &= mapi::read(data, |p: Property<'a>| {
                    let words = || self.words(p.value, p.kind == UNICODE);
                    match p.id {
                        id::ATTACH_LONG_FILENAME => file.long_title = words(),
                        id::ATTACH_FILENAME | id::DISPLAY_NAME if file.title.is_empty() => {
                            file.title = words();
                        }
                        id::ATTACH_MIME_TAG => file.kind = words().to_ascii_lowercase(),
                        id::ATTACH_CONTENT_ID => file.content_id = words(),
                        id::ATTACH_DATA if p.kind == OBJECT => {
                            file.data = p.value.get(16..).unwrap_or_default();
                            file.message = is_tnef(file.data);
                        }
                        id::ATTACH_DATA => file.data = p.value,
                        _ => {}
                    }
                });
            }
            _ => {}
        }
    }

    /// A string without its final NUL.
    fn words(&self, bytes: &[u8], wide: bool) -> String {
        let charset = if wide { "utf-16le" } else { &self.charset };
        let text = decode(bytes, Some(charset), None).text;
        text.replace(['\n', '\t'], " ").trim().to_owned()
    }

    /// The best form of the text: HTML, else plain text, else what RTF says.
    fn push_body(&mut self) {
        let filled = |form: &(&[u8], bool)| form.0.iter().any(|b| *b > b' ');
        let body = std::mem::take(&mut self.body);
        let rtf = body.rtf.map(|packed| rtf::unpack(packed, self.room.bytes));
        if rtf.as_ref().is_some_and(|(_, clean)| !clean) {
            self.defects.insert(Defect::BadTransferEncoding);
        }
        let rtf = rtf.map(|(text, _)| rtf_text::read(&text, self.room.bytes));
        let (kind, bytes, charset) = if let Some((html, wide)) = body.html.filter(filled) {
            let charset = if wide { "utf-16le" } else { &self.charset };
            ("text/html", html.to_vec(), charset.to_owned())
        } else if let Some(rtf_text::Text { text, html: true }) = rtf {
            ("text/html", text.into_bytes(), "utf-8".to_owned())
        } else if let Some((text, wide)) = body.plain.filter(filled) {
            let charset = if wide { "utf-16le" } else { &self.charset };
            ("text/plain", text.to_vec(), charset.to_owned())
        } else if let Some(rtf) = rtf {
            ("text/plain", rtf.text.into_bytes(), "utf-8".to_owned())
        } else {
            return;
        };
        let without_nul = bytes.iter().rposition(|b| *b != 0).map_or(0, |n| n + 1);
        // The upper half of a UTF-16 letter may be a NUL.
        let length = match charset.as_str() {
            "utf-16le" => without_nul.next_multiple_of(2).min(bytes.len()),
            _ => without_nul,
        };
        let name = match kind {
            "text/html" => "message.html",
            _ => "message.txt",
        };
        self.push(Part {
            media_type: kind.to_owned(),
            disposition: Disposition::Inline,
            filename: Some(name.to_owned()),
            charset: Some(charset),
            bytes: bytes[..length].to_vec().into(),
            ..Part::default()
        });
    }

    fn push_file(&mut self, file: File<'a>) {
        if file.message {
            self.inner.push(file.data);
            return;
        }
        let name = match file.long_title.is_empty() {
            true => file.title,
            false => file.long_title,
        };
        if file.data.is_empty() && name.is_empty() {
            return;
        }
        let kind = match file.kind.split_once('/') {
            Some(_) => file.kind,
            None => kinds::of(&name).to_owned(),
        };
        self.push(Part {
            media_type: kind,
            disposition: Disposition::Attachment,
            filename: (!name.is_empty()).then_some(name),
            content_id: (!file.content_id.is_empty()).then_some(file.content_id),
            bytes: file.data.to_vec().into(),
            ..Part::default()
        });
    }

    fn push(&mut self, part: Part) {
        if self.room.is_empty() || part.bytes.len() > self.room.bytes {
            self.defects.insert(Defect::OverLimit);
            return;
        }
        self.room.take(part.bytes.len());
        self.parts.push(part);
    }
}

/// One attribute: its level, its tag and its data.
fn attribute<'a>(cursor: &mut Cursor<'a>) -> Option<(u8, u32, &'a [u8])> {
    let level = *cursor.take(1)?.first()?;
    let tag = cursor.u32()?;
    let length = usize::try_from(cursor.u32()?).ok()?;
    if !matches!(level, 1 | 2) {
        return None;
    }
    let data = cursor.take(length)?;
    // The checksum is wrong in much that is otherwise whole.
    cursor.take(2.min(cursor.0.len()))?;
    Some((level, tag, data))
}
