//! Files in encodings older than MIME, and in containers: taken out of a part when it is read.
//!
//! 1. [`unpack`] looks at a leaf: text for blocks of uuencode, xxencode, `begin-base64`, yEnc and
//!    BinHex ([`in_text`]), files for BinHex and TNEF.
//! 2. What it finds hangs on the part as [`Packed`]. The part's own bytes stay as they are: the
//!    content's identity is a hash of them.
//! 3. [`super::outline::items`] puts what is shown in order.

mod binhex;
mod kinds;
mod mapi;
mod rtf;
mod rtf_text;
mod tnef;
mod uu;
mod yenc;

use super::{Defect, Disposition, Limits, Packed, Part};
use crate::text::header_text;
use std::collections::BTreeSet;

/// What may still be taken out of a mail.
pub(super) struct Room {
    /// Files.
    files: usize,
    /// Decoded bytes.
    bytes: usize,
}

impl Room {
    pub(super) fn new(limits: &Limits) -> Self {
        Room {
            files: limits.packed_files,
            bytes: limits.packed_bytes,
        }
    }

    /// Counts a file.
    fn take(&mut self, bytes: usize) {
        self.files = self.files.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(bytes);
    }

    fn is_empty(&self) -> bool {
        self.files == 0 || self.bytes == 0
    }
}

/// A block that was decoded.
struct Taken {
    /// Where the text goes on behind it.
    end: usize,
    /// The name as written.
    name: Vec<u8>,
    bytes: Vec<u8>,
    /// Whether it was complete and well made.
    clean: bool,
    /// The first and the last byte that it is of its file, for a file that was cut in pieces.
    piece: Option<(u64, u64)>,
}

/// Fills in [`Part::packed`] of a leaf.
pub(super) fn unpack(part: &mut Part, room: &mut Room, defects: &mut BTreeSet<Defect>) {
    if is_read(part) {
        part.packed = in_text(&part.bytes, room, defects);
        for packed in &mut part.packed {
            unpack_file(&mut packed.part, room, defects);
        }
    } else {
        unpack_file(part, room, defects);
    }
}

/// Whether the part is text to be read; a text that is offered as a file is left alone.
fn is_read(part: &Part) -> bool {
    let text = matches!(
        part.media_type.as_str(),
        "text/plain" | "text/enriched" | "text/x-patch" | "text/x-diff"
    );
    text && !(part.disposition == Disposition::Attachment && part.filename.is_some())
}

/// Opens a container.
fn unpack_file(part: &mut Part, room: &mut Room, defects: &mut BTreeSet<Defect>) {
    let named = |ending: &str| {
        part.filename
            .as_ref()
            .is_some_and(|n| n.to_ascii_lowercase().ends_with(ending))
    };
    let is_tnef = matches!(
        part.media_type.as_str(),
        "application/ms-tnef" | "application/vnd.ms-tnef"
    ) || named("winmail.dat")
        || named("win.dat");
    if is_tnef && tnef::is_tnef(&part.bytes) {
        part.packed = tnef::unpack(&part.bytes, room, defects);
        return;
    }
    let is_binhex = matches!(
        part.media_type.as_str(),
        "application/mac-binhex40" | "application/mac-binhex" | "application/binhex"
    ) || named(".hqx");
    if is_binhex && !room.is_empty() {
        let start = memchr::memmem::find(&part.bytes, binhex::MARK).unwrap_or(0);
        if let Some(taken) = binhex::take(&part.bytes, start, room.bytes) {
            let whole = 0..if taken.clean { part.bytes.len() } else { 0 };
            part.packed = vec![Packed {
                at: whole,
                part: file(taken, room, defects),
            }];
        }
    }
}

/// The blocks of a text, in order.
fn in_text(text: &[u8], room: &mut Room, defects: &mut BTreeSet<Defect>) -> Vec<Packed> {
    let mut found = Vec::new();
    let mut pieces = Vec::new();
    let mut from = 0;
    while let Some(at) = next_mark(text, from) {
        let Some(taken) = take(text, at, room.bytes) else {
            from = at + 1;
            continue;
        };
        if room.is_empty() {
            defects.insert(Defect::OverLimit);
            break;
        }
        from = taken.end;
        pieces.push(taken.piece);
        found.push(Packed {
            at: at..taken.end,
            part: file(taken, room, defects),
        });
    }
    if pieces.iter().any(Option::is_some) {
        yenc::join(&mut found, &pieces, defects);
    }
    found
}

/// The next place where a block may begin: at the start of a line.
fn next_mark(text: &[u8], from: usize) -> Option<usize> {
    let at_line_start = |at: &usize| *at == 0 || text[*at - 1] == b'\n';
    let begin = memchr::memmem::find_iter(&text[from..], b"begin")
        .map(|n| from + n)
        .map(|n| n - if text[..n].ends_with(b"=y") { 2 } else { 0 })
        .find(|n| *n >= from && at_line_start(n));
    let until = begin.unwrap_or(text.len());
    let binhex = memchr::memmem::find_iter(&text[from..until], binhex::MARK)
        .map(|n| from + n)
        .find(at_line_start);
    binhex.or(begin)
}

/// Decodes the block at a mark, if one is there.
fn take(text: &[u8], at: usize, most: usize) -> Option<Taken> {
    let rest = &text[at..];
    if rest.starts_with(b"=y") {
        yenc::take(text, at, most)
    } else if rest.starts_with(b"begin") {
        uu::take(text, at, most)
    } else {
        binhex::take(text, at, most)
    }
}

/// A decoded block as a part.
fn file(taken: Taken, room: &mut Room, defects: &mut BTreeSet<Defect>) -> Part {
    room.take(taken.bytes.len());
    if !taken.clean {
        defects.insert(Defect::BadTransferEncoding);
    }
    if room.bytes == 0 {
        defects.insert(Defect::OverLimit);
    }
    let name = header_text(&taken.name, None).text;
    Part {
        media_type: kinds::of(&name).to_owned(),
        disposition: Disposition::Attachment,
        filename: (!name.is_empty()).then_some(name),
        bytes: taken.bytes.into(),
        ..Part::default()
    }
}
