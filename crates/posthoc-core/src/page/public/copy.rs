//! A mail's bytes as others may have them.
//!
//! Entry point: [`public_bytes`]. The mail is taken apart where its parts lie, and each piece is
//! written as it was or masked:
//!
//! 1. headers, of the mail and of every part in it (`field`);
//! 2. bodies that are text: decoded, masked and encoded again as they were, but only when they hold
//!    an address; other bodies stay, byte for byte;
//! 3. what stands between parts, as text; lines that separate parts stay.
//!
//! A mail within a mail that had to be decoded is made first, and encoded into its place.

use super::body::{is_markup, is_text, mask_bytes, mask_content};
use super::encode::{base64_lines, quoted_printable_lines};
use super::field::{Fields, public_header};
use crate::message::{Holds, Limits, Mailbox, Part, Section, mailboxes, sections};
use crate::page::Mask;
use std::borrow::Cow;

/// The public copy of a mail that is given out as a file: fields that tell of its way and of its
/// people's machines are left out ([`LEFT_OUT`](super::LEFT_OUT) and `own`), addresses are masked
/// wherever text is. What a program can read in `bytes`, it can read in the copy; signatures over
/// what was masked do not hold any more. Time is linear in the size times the depth of its parts.
pub fn public_bytes(bytes: &[u8], mask: Mask, own: &[String], limits: &Limits) -> Vec<u8> {
    let (raw, sections, buffers) = sections(bytes, limits);
    let people = people(&sections, limits);
    let copy = Copy {
        mask,
        own,
        people: &people,
        raw: &raw,
        buffers: &buffers,
        end: line_end(&raw),
    };
    // A buffer's mail is needed by the section that holds it, which lies in a lower one.
    let mut made: Vec<Vec<u8>> = vec![Vec::new(); buffers.len()];
    for buffer in (1..=buffers.len()).rev() {
        made[buffer - 1] = copy.write(buffer, &sections, &made);
    }
    copy.write(0, &sections, &made)
}

/// The people of the mail itself: an id that is the address of one of them is an address.
fn people(sections: &[Section], limits: &Limits) -> Vec<Mailbox> {
    let mut people = Vec::new();
    for field in sections.first().map_or(&[][..], |root| &root.part.fields) {
        if ["from", "to", "cc"]
            .iter()
            .any(|name| field.name.eq_ignore_ascii_case(name))
        {
            let room = limits.addresses.saturating_sub(people.len());
            people.extend(mailboxes(&field.raw, None, room));
        }
    }
    people
}

fn line_end(raw: &[u8]) -> &'static str {
    match memchr::memchr(b'\n', raw) {
        Some(at) if at > 0 && raw[at - 1] == b'\r' => "\r\n",
        _ => "\n",
    }
}

/// A body as it is written into the copy.
#[derive(Default)]
struct Written<'a> {
    bytes: Cow<'a, [u8]>,
    /// The transfer encoding that it has now, when that is another.
    encoding: Option<&'static str>,
    /// Whether it is UTF-8 now and was something else.
    utf8: bool,
}

struct Copy<'a> {
    mask: Mask,
    own: &'a [String],
    people: &'a [Mailbox],
    raw: &'a [u8],
    buffers: &'a [Vec<u8>],
    end: &'static str,
}

impl Copy<'_> {
    fn bytes(&self, buffer: usize) -> &[u8] {
        match buffer {
            0 => self.raw,
            n => &self.buffers[n - 1],
        }
    }

    /// Writes one buffer: its sections lie in it in order, a parent's header before its children.
    fn write(&self, buffer: usize, sections: &[Section], made: &[Vec<u8>]) -> Vec<u8> {
        let bytes = self.bytes(buffer);
        let here: Vec<&Section> = sections.iter().filter(|s| s.buffer == buffer).collect();
        let boundaries: Vec<Boundary> = here.iter().filter_map(|s| self.boundary(s)).collect();
        let mut out = Vec::with_capacity(bytes.len());
        let mut at = 0;
        for section in here {
            self.between(
                &bytes[at.min(section.header.start)..section.header.start],
                &boundaries,
                &mut out,
            );
            let body = self.body(section, &bytes[section.body.clone()], made);
            self.header(
                section,
                &bytes[section.header.clone()],
                &body,
                &boundaries,
                &mut out,
            );
            at = section.body.start;
            if section.holds != Holds::Sections {
                out.extend_from_slice(&body.bytes);
                at = section.body.end;
            }
        }
        self.between(&bytes[at..], &boundaries, &mut out);
        out
    }

    fn header(
        &self,
        section: &Section,
        header: &[u8],
        body: &Written<'_>,
        boundaries: &[Boundary],
        out: &mut Vec<u8>,
    ) {
        let mut set: Vec<(&'static str, String)> = Vec::new();
        if body.utf8 {
            set.push(("charset", "utf-8".to_owned()));
        }
        let renamed = boundaries.iter().find_map(|b| {
            let new = b.new.as_ref()?;
            (section.part.parameter("boundary")?.trim_end() == b.old).then(|| new.clone())
        });
        set.extend(renamed.map(|new| ("boundary", new)));
        public_header(
            header,
            &Fields {
                mask: self.mask,
                own: self.own,
                people: self.people,
                charset: section.part.charset.as_deref(),
                end: self.end,
                set: &set,
                encoding: body.encoding,
            },
            out,
        );
    }

    /// What stands around parts: lines of our parts' boundaries, and text that few programs show.
    fn between(&self, bytes: &[u8], boundaries: &[Boundary], out: &mut Vec<u8>) {
        if memchr::memchr3(b'@', b'%', b'=', bytes).is_none() && !self.mask.hides() {
            return out.extend_from_slice(bytes);
        }
        for line in bytes.split_inclusive(|b| *b == b'\n') {
            let name = line.strip_prefix(b"--").unwrap_or_default();
            let known = boundaries
                .iter()
                .find(|b| !b.old.is_empty() && name.starts_with(b.old.as_bytes()));
            match known {
                Some(Boundary {
                    old,
                    new: Some(new),
                }) => {
                    out.extend_from_slice(b"--");
                    out.extend_from_slice(new.as_bytes());
                    out.extend_from_slice(&name[old.len()..]);
                }
                Some(_) => out.extend_from_slice(line),
                None => out.extend_from_slice(&self.masked(line)),
            }
        }
    }

    fn masked<'b>(&self, bytes: &'b [u8]) -> Cow<'b, [u8]> {
        mask_bytes(bytes, false, self.mask).map_or(Cow::Borrowed(bytes), Cow::Owned)
    }

    /// A part's body. One that does not change keeps its bytes; what a list appended to it in plain
    /// text is masked all the same.
    fn body<'b>(&self, section: &Section, raw: &'b [u8], made: &[Vec<u8>]) -> Written<'b> {
        let part = &section.part;
        let unchanged = || Written {
            bytes: self.masked(raw),
            ..Written::default()
        };
        if self.mask == Mask::None && !matches!(section.holds, Holds::Buffer(_)) {
            return Written {
                bytes: Cow::Borrowed(raw),
                ..Written::default()
            };
        }
        let mut utf8 = false;
        let bytes = match section.holds {
            Holds::Sections => return Written::default(),
            Holds::Buffer(n) if made[n - 1] == self.buffers[n - 1] => return unchanged(),
            Holds::Buffer(n) => made[n - 1].clone(),
            Holds::Leaf => {
                let declared = ["text/", "message/", "multipart/"]
                    .iter()
                    .any(|kind| part.media_type.starts_with(kind));
                let is_html = is_markup(&part.media_type);
                let masked = match declared && is_wide(part.charset.as_deref(), &part.bytes) {
                    true => match mask_content(&part.text().text, is_html, self.mask) {
                        Some(text) => {
                            utf8 = true;
                            Some(text.into_bytes())
                        }
                        None => None,
                    },
                    false if declared || is_text(&part.bytes) => self.leaf(part, is_html),
                    // A container with an address in it would have to be packed anew.
                    false if part.packed.iter().any(|packed| self.holds(&packed.part)) => {
                        Some(Vec::new())
                    }
                    false => {
                        return Written {
                            bytes: Cow::Borrowed(raw),
                            ..Written::default()
                        };
                    }
                };
                match masked {
                    Some(masked) => masked,
                    None => return unchanged(),
                }
            }
        };
        let encoding = part
            .field("content-transfer-encoding")
            .map(|f| f.value().to_ascii_lowercase());
        let encoding = encoding.as_deref().unwrap_or_default().trim();
        let (bytes, encoding) = match encoding {
            "base64" => (base64_lines(&bytes, self.end), None),
            e if e.contains("uu") => (base64_lines(&bytes, self.end), Some("base64")),
            e if e.starts_with("quoted") || e == "qp" => {
                (quoted_printable_lines(&bytes, self.end), None)
            }
            _ => (bytes, None),
        };
        Written {
            bytes: Cow::Owned(bytes),
            encoding,
            utf8,
        }
    }

    /// Text with the files that stand in it in older encodings: a file that holds an address is
    /// written again as `begin-base64` (POSIX `uuencode -m`), the others stay.
    fn leaf(&self, part: &Part, is_html: bool) -> Option<Vec<u8>> {
        if part.packed.is_empty() {
            return mask_bytes(&part.bytes, is_html, self.mask);
        }
        let mut out = Vec::with_capacity(part.bytes.len());
        let mut changed = false;
        let mut at = 0;
        for packed in &part.packed {
            let start = packed.at.start.clamp(at, part.bytes.len());
            let end = packed.at.end.clamp(start, part.bytes.len());
            let text = &part.bytes[at..start];
            let masked = mask_bytes(text, is_html, self.mask);
            changed |= masked.is_some();
            out.extend_from_slice(masked.as_deref().unwrap_or(text));
            match self.holds(&packed.part) {
                true => {
                    changed = true;
                    self.packed(&packed.part, &mut out);
                }
                false => out.extend_from_slice(&part.bytes[start..end]),
            }
            at = end;
        }
        let masked = mask_bytes(&part.bytes[at..], is_html, self.mask);
        changed |= masked.is_some();
        out.extend_from_slice(masked.as_deref().unwrap_or(&part.bytes[at..]));
        changed.then_some(out)
    }

    /// Whether a file, its name or what is packed in it holds an address.
    fn holds(&self, file: &Part) -> bool {
        let parts = [file].into_iter();
        let inner = file.packed.iter().map(|packed| &packed.part);
        parts.chain(inner).any(|part| {
            let name = part.filename.as_deref().unwrap_or_default();
            matches!(self.mask.text(name), Cow::Owned(_))
                || (is_text(&part.bytes) && mask_bytes(&part.bytes, false, self.mask).is_some())
        })
    }

    fn packed(&self, file: &Part, out: &mut Vec<u8>) {
        let name = file.filename.as_deref().unwrap_or("file");
        let name = self.mask.text(name).replace(['\r', '\n'], " ");
        let masked = is_text(&file.bytes).then(|| mask_bytes(&file.bytes, false, self.mask));
        let bytes = match masked {
            Some(Some(masked)) => masked,
            _ if file.packed.iter().any(|packed| self.holds(&packed.part)) => Vec::new(),
            _ => file.bytes.to_vec(),
        };
        out.extend_from_slice(format!("begin-base64 644 {name}{}", self.end).as_bytes());
        out.extend_from_slice(&base64_lines(&bytes, self.end));
        out.extend_from_slice(format!("===={}", self.end).as_bytes());
    }

    /// The boundary of a multipart; a new one when the old one looks like an address.
    fn boundary(&self, section: &Section) -> Option<Boundary> {
        let old = section.part.parameter("boundary")?.trim_end().to_owned();
        let new = matches!(self.mask.display_name(&old), Cow::Owned(_)).then(|| {
            let hash = blake3::hash(old.as_bytes()).to_hex();
            format!("=_{}", &hash[..32])
        });
        Some(Boundary { old, new })
    }
}

struct Boundary {
    old: String,
    new: Option<String>,
}

/// Whether text is in a charset in which a byte of ASCII may be a part of another character.
fn is_wide(charset: Option<&str>, bytes: &[u8]) -> bool {
    const WIDE: [&str; 16] = [
        "utf-16",
        "utf16",
        "utf-32",
        "utf32",
        "utf-7",
        "ucs-",
        "unicode-1-1",
        "iso-2022",
        "hz-gb",
        "shift",
        "sjis",
        "x-sjis",
        "cp932",
        "ms_kanji",
        "big5",
        "gb",
    ];
    let charset = charset.unwrap_or_default();
    WIDE.iter().any(|name| charset.starts_with(name)) || memchr::memchr2(0, 0x1B, bytes).is_some()
}
