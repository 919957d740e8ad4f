//! Pieces of a mail taken out of its bytes, so that whatever is made of the rest never had them.

use super::tree::{Holds, Section};
use super::{Disposition, Limits, Part, sections};
use std::borrow::Cow;
use std::cmp::Reverse;
use std::ops::Range;

/// What stands in the place of what was taken out.
pub const REMOVED: &str = "[removed]";
/// And in a field of mailboxes: a mail without an author would be none to other programs. The domain
/// is one that never is (RFC 2606).
const NOBODY: &str = "\"[removed]\" <removed@removed.invalid>";
/// The address in it, which is nobody's.
pub const NOBODYS_ADDRESS: &str = "removed@removed.invalid";
/// Fields that hold mailboxes and that a program may need.
const OF_PEOPLE: [&str; 6] = ["from", "sender", "reply-to", "to", "cc", "x-original-from"];

/// A piece of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A MIME part, by its number among those of [`redactable_parts`], from 1.
    Part(u32),
    /// Every field of that name in the mail's own header, in any case of letters.
    Header(String),
    /// Bytes of the mail; what lies behind its end is passed over.
    Bytes(Range<u64>),
}

/// A MIME part that can be taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedactablePart {
    /// Its media type, lower case.
    pub media_type: String,
    /// The file name that its author gave.
    pub filename: Option<String>,
    /// Bytes of its body as they were sent, transfer-encoded.
    pub size: u64,
}

/// The parts of a mail that hold something themselves, in order of appearance. A mail within the mail is
/// one, and behind it stand those that it holds; within a transfer-encoded part it is that one part.
pub fn redactable_parts(sent: &[u8], limits: &Limits) -> Vec<RedactablePart> {
    let (_, sections, _) = sections(sent, limits);
    let parts = sections.iter().filter(|section| holds_something(section));
    parts
        .map(|section| RedactablePart {
            media_type: section.part.media_type.clone(),
            filename: section.part.filename.clone(),
            size: section.body.len() as u64,
        })
        .collect()
}

/// A mail without these pieces: [`REMOVED`] stands in the place of each. A part becomes a text of that
/// one word, or a file of it where it was a file, so that other files keep their numbers; its name and
/// all that describes it go too. Bytes are those of the mail as given, whatever else is taken out.
pub fn redact<'m>(sent: &'m [u8], pieces: &[Piece], limits: &Limits) -> Cow<'m, [u8]> {
    if pieces.is_empty() {
        return Cow::Borrowed(sent);
    }
    let (raw, sections, _) = sections(sent, limits);
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Part(number) => {
                let mut parts = sections
                    .iter()
                    .enumerate()
                    .filter(|(_, section)| holds_something(section));
                let at = (*number as usize).checked_sub(1);
                if let Some((nth, section)) = at.and_then(|at| parts.nth(at)) {
                    let parent = sections.get(section.parent).filter(|_| nth > 0);
                    without_part(&raw, section, parent.map(|parent| &parent.part), &mut edits);
                }
            }
            Piece::Header(name) => {
                let header = sections.first().map_or(0..0, |root| root.header.clone());
                without_fields(&raw, header, name, &mut edits);
            }
            Piece::Bytes(range) => {
                let end = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(raw.len());
                let range = end(range.start)..end(range.end);
                if !range.is_empty() {
                    edits.push((range, REMOVED.to_owned()));
                }
            }
        }
    }
    Cow::Owned(written(&raw, edits))
}

fn holds_something(section: &Section) -> bool {
    let is_mail = section.part.media_type.starts_with("message/");
    section.buffer == 0 && (section.holds != Holds::Sections || is_mail)
}

/// Writes the bytes with the edits; of edits that overlap the first is written and all is taken out.
fn written(raw: &[u8], mut edits: Vec<(Range<usize>, String)>) -> Vec<u8> {
    edits.sort_by_key(|(range, _)| (range.start, Reverse(range.end)));
    let mut out = Vec::with_capacity(raw.len());
    let mut at = 0;
    for (range, new) in edits {
        if range.start >= at {
            out.extend_from_slice(&raw[at..range.start]);
            out.extend_from_slice(new.as_bytes());
        }
        at = at.max(range.end);
    }
    out.extend_from_slice(&raw[at..]);
    out
}

/// Takes a part's body out, and the fields that describe it. A part of a multipart loses its whole
/// header; a mail keeps what is not about its content.
fn without_part(
    raw: &[u8],
    section: &Section,
    parent: Option<&Part>,
    edits: &mut Vec<(Range<usize>, String)>,
) {
    let is_mail = parent.is_none_or(|parent| parent.media_type.starts_with("message/"));
    let mut end = section.header.start;
    for (range, name) in fields(raw, section.header.clone()) {
        end = range.end;
        let describes = name.len() > 8 && name[..8].eq_ignore_ascii_case(b"content-");
        if describes || !is_mail {
            edits.push((range, String::new()));
        }
    }
    let mut header = String::new();
    if end > 0 && raw[end - 1] != b'\n' {
        header.push('\n');
    }
    header += match is_file(&section.part, is_mail) {
        false => "Content-Type: text/plain; charset=us-ascii\n\n",
        true => {
            "Content-Type: text/plain; charset=us-ascii; name=\"[removed].txt\"\n\
             Content-Disposition: attachment; filename=\"[removed].txt\"\n\n"
        }
    };
    edits.push((end..section.header.end, header));
    edits.push((section.body.clone(), format!("{REMOVED}\n")));
}

/// Whether a part is offered as a file and not read as a text.
fn is_file(part: &Part, is_mail: bool) -> bool {
    let kind = part.media_type.as_str();
    let is_text = matches!(
        kind,
        "text/plain"
            | "text/html"
            | "text/x-patch"
            | "text/x-diff"
            | "text/x-log"
            | "text/enriched"
    );
    let is_text = is_text || kind.starts_with("multipart/") || kind.starts_with("message/rfc822");
    let body = is_mail && part.filename.is_none();
    !is_text || (part.disposition == Disposition::Attachment && !body)
}

/// Writes other values into the fields of a name.
fn without_fields(
    raw: &[u8],
    header: Range<usize>,
    wanted: &str,
    edits: &mut Vec<(Range<usize>, String)>,
) {
    for (range, name) in fields(raw, header) {
        if !name.eq_ignore_ascii_case(wanted.as_bytes()) {
            continue;
        }
        let people = OF_PEOPLE.iter().any(|of| of.eq_ignore_ascii_case(wanted));
        let value = if people { NOBODY } else { REMOVED };
        let name = String::from_utf8_lossy(name);
        edits.push((range, format!("{name}: {value}\n")));
    }
}

/// The fields of a header with their folded lines and line ends, and their names; what stands before
/// and between them is left out, and the empty line behind them.
fn fields(raw: &[u8], header: Range<usize>) -> Vec<(Range<usize>, &[u8])> {
    let mut fields: Vec<(Range<usize>, &[u8])> = Vec::new();
    let mut at = header.start;
    if raw[header.clone()].starts_with(b"\xef\xbb\xbf") {
        at += 3;
    }
    let mut folds = false;
    while at < header.end {
        let end = memchr::memchr(b'\n', &raw[at..header.end]).map_or(header.end, |n| at + n + 1);
        let line = &raw[at..end];
        let colon = memchr::memchr(b':', line).unwrap_or(0);
        let name = line[..colon].trim_ascii_end();
        let is_name = !name.is_empty() && name.iter().all(|b| (0x21..=0x7e).contains(b));
        match (line[0], fields.last_mut()) {
            (b' ' | b'\t', Some((range, _))) if folds => range.end = end,
            _ if is_name => {
                fields.push((at..end, name));
                folds = true;
            }
            _ => folds = false,
        }
        at = end;
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(mail: &str, pieces: &[Piece], wanted: &str) {
        let limits = Limits::default();
        let left = redact(mail.as_bytes(), pieces, &limits);
        assert_eq!(String::from_utf8_lossy(&left), wanted);
    }

    const PARTS: &str = "From: Ada <ada@example.org>\nSubject: A\n secret\nContent-Type: multipart/mixed; \
        boundary=b\n\n--b\n\nFirst.\n--b\nContent-Type: image/png; name=secret.png\n\
        Content-Transfer-Encoding: base64\n\nc2VjcmV0\n--b--\n";

    #[test]
    fn nothing_changes_without_pieces() {
        check(PARTS, &[], PARTS);
        check(
            PARTS,
            &[Piece::Part(0), Piece::Part(3), Piece::Bytes(900..1000)],
            PARTS,
        );
    }

    #[test]
    fn fields_are_written_anew_with_their_folds() {
        let wanted = PARTS
            .replace("A\n secret", "[removed]")
            .replace("Ada <ada@example.org>", NOBODY);
        let pieces = [
            Piece::Header("subject".into()),
            Piece::Header("FROM".into()),
        ];
        check(PARTS, &pieces, &wanted);
        check(
            "Subject : s",
            &[Piece::Header("Subject".into())],
            "Subject: [removed]\n",
        );
        check(
            "\u{feff}Subject: s\n\nb",
            &pieces,
            "\u{feff}Subject: [removed]\n\nb",
        );
    }

    #[test]
    fn a_part_loses_its_name_and_stays_a_file() {
        let wanted = PARTS.replace(
            "Content-Type: image/png; name=secret.png\nContent-Transfer-Encoding: base64\n\nc2VjcmV0\n",
            "Content-Type: text/plain; charset=us-ascii; name=\"[removed].txt\"\n\
             Content-Disposition: attachment; filename=\"[removed].txt\"\n\n[removed]\n\n",
        );
        check(PARTS, &[Piece::Part(2)], &wanted);
        let parts = redactable_parts(PARTS.as_bytes(), &Limits::default());
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[1].filename.as_deref(), Some("secret.png"));
    }

    #[test]
    fn a_mail_within_goes_with_its_header() {
        let inner = "Subject: secret\n\nsecret";
        let mail = format!("Content-Type: message/rfc822\n\n{inner}");
        let plain = "Content-Type: text/plain; charset=us-ascii\n\n[removed]\n";
        check(&mail, &[Piece::Part(1)], plain);
        let body = format!("Content-Type: message/rfc822\n\nSubject: secret\n{plain}");
        check(&mail, &[Piece::Part(2)], &body);
    }

    #[test]
    fn the_only_part_is_the_body() {
        check(
            "Subject: s\nContent-Type: text/html; name=x\nContent-Transfer-Encoding: base64\nX: y\n\nc2V\n",
            &[Piece::Part(1)],
            "Subject: s\nX: y\nContent-Type: text/plain; charset=us-ascii\n\n[removed]\n",
        );
        check(
            "Subject: s",
            &[Piece::Part(1)],
            "Subject: s\nContent-Type: text/plain; charset=us-ascii\n\n[removed]\n",
        );
    }

    #[test]
    fn what_overlaps_is_taken_out_once_and_whole() {
        check(
            "Subject: s\n\n0123456789",
            &[Piece::Bytes(12..15), Piece::Bytes(14..18)],
            "Subject: s\n\n[removed]6789",
        );
        let all = Piece::Bytes(0..u64::MAX);
        check(
            PARTS,
            &[Piece::Part(2), all, Piece::Header("subject".into())],
            REMOVED,
        );
    }
}
