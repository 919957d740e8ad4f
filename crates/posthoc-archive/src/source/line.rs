//! Lines that mean something: From_ lines, header fields, the beginning of a mail. Pure.

use memchr::memchr;

/// How far a decision about a line may look: the From_ line and the line after it must begin
/// within this many bytes, so that a decision never depends on how the input was cut into reads.
pub(super) const LOOKAHEAD: usize = 8_192;

/// The longest line that can be a separator.
const MAX_SEPARATOR: usize = 8_000;

/// The first line of `bytes` without its line end, and where the next one begins.
pub(super) fn first_line(bytes: &[u8]) -> (&[u8], usize) {
    match memchr(b'\n', bytes) {
        Some(end) => (trim_cr(&bytes[..end]), end + 1),
        None => (bytes, bytes.len()),
    }
}

fn trim_cr(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Where the separator line at the start of `bytes` ends, when it is short enough to be one.
/// `bytes` is at least [`LOOKAHEAD`] long or reaches to the end of the input.
pub(super) fn separator_end(bytes: &[u8]) -> Option<usize> {
    let (_, next) = first_line(&bytes[..bytes.len().min(LOOKAHEAD)]);
    (next <= MAX_SEPARATOR).then_some(next)
}

/// Strict: a From_ line with a date (or one of the kinds that have none), followed by a header field.
pub(super) fn is_strict_separator(bytes: &[u8]) -> bool {
    bytes.starts_with(b"From ")
        && separator_end(bytes).is_some_and(|end| {
            let line = &bytes[5..end];
            (has_date(line) || has_no_date_by_custom(line))
                && header_follows(&bytes[end..bytes.len().min(LOOKAHEAD)])
        })
}

/// At the very start of a source a From_ line needs no date when a header field follows.
pub(super) fn is_leading_separator(bytes: &[u8]) -> bool {
    bytes.starts_with(b"From ")
        && separator_end(bytes).is_some_and(|end| {
            let after = &bytes[end..bytes.len().min(LOOKAHEAD)];
            header_follows(after) && (has_date(&bytes[5..end]) || !after.is_empty())
        })
}

/// A clock time, and a month's English name or a number of four digits: what all From_ lines of
/// asctime, RFC 822 and ISO shape have, and sentences that begin with "From" hardly ever.
fn has_date(line: &[u8]) -> bool {
    has_time(line) && (has_month(line) || has_four_digits(line))
}

/// Google's exports number their mails, `From 1844347792267117879@xxx`; Netscape wrote `From - `.
/// Both also occur with a date.
fn has_no_date_by_custom(line: &[u8]) -> bool {
    let line = line.trim_ascii_end();
    let number = line.strip_suffix(b"@xxx");
    line == b"-" || number.is_some_and(|n| n.len() >= 10 && n.iter().all(u8::is_ascii_digit))
}

fn has_time(line: &[u8]) -> bool {
    memchr::memchr_iter(b':', line).any(|colon| {
        colon > 0
            && line[colon - 1].is_ascii_digit()
            && line.len() > colon + 2
            && line[colon + 1].is_ascii_digit()
            && line[colon + 2].is_ascii_digit()
    })
}

fn has_month(line: &[u8]) -> bool {
    const MONTHS: [&[u8; 3]; 12] = [
        b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov",
        b"dec",
    ];
    line.split(|b| !b.is_ascii_alphabetic())
        .any(|word| word.len() >= 3 && MONTHS.iter().any(|m| word[..3].eq_ignore_ascii_case(*m)))
}

fn has_four_digits(line: &[u8]) -> bool {
    line.split(|b| !b.is_ascii_digit())
        .any(|number| number.len() == 4)
}

/// Whether a header field comes next. `>From ` lines between are skipped: mails that went through
/// two mailboxes have them. A line that the end of input cuts short gets the benefit of the doubt.
fn header_follows(mut bytes: &[u8]) -> bool {
    loop {
        if bytes.is_empty() {
            return true;
        }
        let (line, next) = first_line(bytes);
        if line.starts_with(b">From ") {
            bytes = &bytes[next..];
            continue;
        }
        return field_name(line).is_some()
            || (next == bytes.len()
                && !bytes.ends_with(b"\n")
                && line.iter().all(|&b| is_name_byte(b)));
    }
}

/// The name of a header field (RFC 5322 `field-name`, blanks before the colon allowed as of old).
pub(super) fn field_name(line: &[u8]) -> Option<&[u8]> {
    let name = &line[..memchr(b':', &line[..line.len().min(1_000)])?];
    let name = name.trim_ascii_end();
    (!name.is_empty() && name.iter().all(|&b| is_name_byte(b))).then_some(name)
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_graphic() && byte != b':'
}

/// Where the header block's empty line begins and ends. `None`: no empty line in `bytes`.
pub(super) fn header_end(bytes: &[u8]) -> Option<(usize, usize)> {
    if bytes.starts_with(b"\n") {
        return Some((0, 1));
    }
    if bytes.starts_with(b"\r\n") {
        return Some((0, 2));
    }
    memchr::memchr_iter(b'\n', bytes).find_map(|at| match &bytes[at + 1..] {
        [b'\n', ..] => Some((at + 1, at + 2)),
        [b'\r', b'\n', ..] => Some((at + 1, at + 3)),
        _ => None,
    })
}

/// How long the byte order mark at the start is: 3 or 0.
pub(super) fn bom(bytes: &[u8]) -> usize {
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        3
    } else {
        0
    }
}

/// Field names of which a mail has at least one near its top.
const KNOWN: [&str; 20] = [
    "from",
    "to",
    "cc",
    "bcc",
    "subject",
    "date",
    "message-id",
    "received",
    "return-path",
    "reply-to",
    "sender",
    "delivered-to",
    "mime-version",
    "content-type",
    "in-reply-to",
    "references",
    "envelope-to",
    "content-transfer-encoding",
    "resent-from",
    "x-mailer",
];

/// Whether the beginning of a file looks like one mail: a header field among its first lines, one
/// of the fields that mails have in its header block, and no NUL there. Blank lines, a byte order
/// mark and a From_ line may stand before. Binary files, scripts and prose are not mail.
pub(super) fn looks_like_mail(head: &[u8]) -> bool {
    let mut rest = &head[bom(head)..];
    let (mut known, mut fields, mut junk) = (0, 0, 0);
    for number in 0..400 {
        if rest.is_empty() {
            break;
        }
        let (line, next) = first_line(&rest[..rest.len().min(16_384)]);
        rest = &rest[next..];
        if memchr(0, line).is_some() {
            return false;
        }
        if line.is_empty() {
            if fields == 0 && junk == 0 && number < 20 {
                continue;
            }
            break;
        }
        if line.starts_with(b"From ") || line.starts_with(b">From ") {
            continue;
        }
        match field_name(line) {
            Some(name) => {
                fields += 1;
                known += usize::from(
                    KNOWN
                        .iter()
                        .any(|k| name.eq_ignore_ascii_case(k.as_bytes())),
                );
            }
            None if fields > 0 && matches!(line[0], b' ' | b'\t') => {}
            None => junk += 1,
        }
    }
    known > 0 && junk * 3 <= fields
}
