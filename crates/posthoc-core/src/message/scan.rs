//! Where a header's fields lie and where the body begins: one pass over lines.

use super::{Defect, Limits};
use std::collections::BTreeSet;

/// A field as it stands in the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RawField<'a> {
    pub(super) name: &'a [u8],
    /// After the colon, folded, without the final line end.
    pub(super) value: &'a [u8],
}

/// A header and what follows it.
#[derive(Debug, Default)]
pub(super) struct Scanned<'a> {
    pub(super) fields: Vec<RawField<'a>>,
    pub(super) body: &'a [u8],
}

/// Takes off what stands before a mail's first field: a byte order mark, From_ lines (`From `,
/// `>From `) and empty lines, but nothing when no field follows.
pub(super) fn skip_preamble(bytes: &[u8]) -> &[u8] {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut rest = start;
    let mut skipped_empty = false;
    while !rest.is_empty() {
        let (line, after) = split_line(rest);
        if is_from_line(line) {
            rest = after;
        } else if line.is_empty() {
            skipped_empty = true;
            rest = after;
        } else {
            break;
        }
    }
    // An empty line first may be a mail without a header: only a field behind it says otherwise.
    if skipped_empty && field_name(split_line(rest).0).is_none() {
        return start;
    }
    rest
}

/// Scans a header. `root` is true for a whole mail, where a junk line before well-known fields is
/// forgiven; a MIME part without a field is all body.
pub(super) fn scan<'a>(
    bytes: &'a [u8],
    root: bool,
    limits: &Limits,
    defects: &mut BTreeSet<Defect>,
) -> Scanned<'a> {
    let mut fields: Vec<RawField<'a>> = Vec::new();
    let mut rest = bytes;
    let mut over = false;
    // Whether the last line was junk, so that its folded lines are junk too.
    let mut in_junk = false;
    let mut value_at = 0;
    while !rest.is_empty() {
        let (line, after) = split_line(rest);
        let here = bytes.len() - rest.len();
        // A line that ends behind the limit is read as far as the limit.
        let room = limits.header_bytes.saturating_sub(here);
        let (before, kept) = (over || room == 0, &line[..line.len().min(room)]);
        over |= kept.len() < line.len();
        if line.is_empty() {
            note_over(over, defects);
            return Scanned {
                fields,
                body: after,
            };
        }
        if matches!(line[0], b' ' | b'\t') && (in_junk || !fields.is_empty()) {
            if !in_junk
                && !before
                && let Some(field) = fields.last_mut()
            {
                field.value = &bytes[value_at..here + kept.len()];
            }
        } else if let Some(name) = field_name(line) {
            in_junk = false;
            over |= fields.len() >= limits.fields;
            if !before && fields.len() < limits.fields {
                let colon = memchr::memchr(b':', kept).map_or(kept.len(), |n| n + 1);
                let value = &kept[colon..];
                value_at = here + colon;
                fields.push(RawField {
                    name: &kept[..name.min(kept.len())],
                    value,
                });
            }
        } else if is_from_line(line) || junk_is_forgiven(after, fields.is_empty(), root) {
            defects.insert(Defect::BadHeader);
            in_junk = true;
        } else {
            if !fields.is_empty() {
                defects.insert(Defect::NoBody);
            }
            note_over(over, defects);
            return Scanned { fields, body: rest };
        }
        rest = after;
    }
    note_over(over, defects);
    Scanned { fields, body: rest }
}

fn note_over(over: bool, defects: &mut BTreeSet<Defect>) {
    if over {
        defects.insert(Defect::OverLimit);
    }
}

/// Whether a line that is no field may be skipped: when the header goes on behind it. Before the
/// first field only a well-known field shows that.
fn junk_is_forgiven(after: &[u8], first: bool, root: bool) -> bool {
    const KNOWN: [&str; 14] = [
        "from",
        "date",
        "subject",
        "to",
        "received",
        "return-path",
        "message-id",
        "mime-version",
        "content-type",
        "delivered-to",
        "sender",
        "cc",
        "reply-to",
        "x-from-line",
    ];
    let (next, _) = split_line(after);
    match field_name(next) {
        None => {
            !first && matches!(next.first(), Some(b' ' | b'\t')) && !next.trim_ascii().is_empty()
        }
        Some(end) if first => {
            let name = next[..end].to_ascii_lowercase();
            root && KNOWN.iter().any(|k| k.as_bytes() == name)
        }
        Some(_) => true,
    }
}

/// `From user …`: an mbox separator inside a mail, however many `>` stand before it.
fn is_from_line(line: &[u8]) -> bool {
    let marks = line.iter().take(100).take_while(|b| **b == b'>').count();
    line[marks..].starts_with(b"From ") && field_name(line).is_none()
}

/// The length of the field name when the line begins a field: printable ASCII, at most 200 bytes,
/// then perhaps blanks, then a colon (RFC 5322 section 2.2 and 4.5).
fn field_name(line: &[u8]) -> Option<usize> {
    let end = line
        .iter()
        .take(201)
        .position(|b| !(0x21..=0x7e).contains(b) || *b == b':')?;
    let blanks = line[end..]
        .iter()
        .take(100)
        .take_while(|b| matches!(b, b' ' | b'\t'))
        .count();
    (end > 0 && line.get(end + blanks) == Some(&b':')).then_some(end)
}

/// Splits off the first line, without its line end. A run of CR before LF belongs to the line end.
pub(super) fn split_line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let (line, rest) = match memchr::memchr(b'\n', bytes) {
        Some(at) => (&bytes[..at], &bytes[at + 1..]),
        None => (bytes, &bytes[bytes.len()..]),
    };
    let ends = line.iter().rev().take_while(|b| **b == b'\r').count();
    (&line[..line.len() - ends], rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, names: &[&str], body: &str, expected: &[Defect]) {
        let mut defects = BTreeSet::new();
        let scanned = scan(
            skip_preamble(text.as_bytes()),
            true,
            &Limits::default(),
            &mut defects,
        );
        let found: Vec<_> = scanned
            .fields
            .iter()
            .map(|f| String::from_utf8_lossy(f.name).into_owned())
            .collect();
        assert_eq!(found, names, "{text:?}");
        assert_eq!(String::from_utf8_lossy(scanned.body), body, "{text:?}");
        assert_eq!(
            defects.into_iter().collect::<Vec<_>>(),
            expected,
            "{text:?}"
        );
    }

    #[test]
    fn headers_of_the_wild() {
        check("A: 1\nB: 2\n\nbody\n", &["A", "B"], "body\n", &[]);
        check("A: 1\r\n folded\r\n\r\nbody\r\n", &["A"], "body\r\n", &[]);
        check("A : 1\n\n", &["A"], "", &[]);
        check("A: 1", &["A"], "", &[]);
        check("", &[], "", &[]);
        check("\n\nA: 1\n\nx", &["A"], "x", &[]);
        check("\nonly text\n", &[], "only text\n", &[]);
        check("\u{feff}From a@b Mon\n>From c\nA: 1\n\nx", &["A"], "x", &[]);
        check(
            "A: 1\njunk line\nB: 2\n\nx",
            &["A", "B"],
            "x",
            &[Defect::BadHeader],
        );
        check(
            "A: 1\nNo empty line here\nat all\n",
            &["A"],
            "No empty line here\nat all\n",
            &[Defect::NoBody],
        );
        check(
            "junk\nSubject: 1\n\nx",
            &["Subject"],
            "x",
            &[Defect::BadHeader],
        );
        check(
            "Dear all,\nnote: this\n",
            &[],
            "Dear all,\nnote: this\n",
            &[],
        );
        check("A: 1\r\r\nB: 2\r\r\n\r\r\nx", &["A", "B"], "x", &[]);
        check(
            "A: 1\n>From x@y\nB: 2\n\nx",
            &["A", "B"],
            "x",
            &[Defect::BadHeader],
        );
    }
}
