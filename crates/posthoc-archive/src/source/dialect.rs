//! Facts read off one mail of an mbox: its length as it says, its quoting, what it is not. Pure.

use super::line::{field_name, first_line, header_end};
use memchr::memmem;
use posthoc_core::message::Dialect;

/// The longest header block in which `Content-Length` is looked for, in bytes.
pub(super) const MAX_HEADER: usize = 1 << 20;

/// The subject of the mail in which UW-IMAP keeps a folder's state.
const INTERNAL_SUBJECT: &[u8] = b"DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA";

/// What `Content-Length` in a header block says; the last one when there are more, as the one that
/// the delivering program added.
pub(super) fn content_length(header: &[u8]) -> Option<u64> {
    const NAME: &[u8] = b"content-length";
    let mut found = None;
    let mut rest = header;
    while !rest.is_empty() {
        let (line, next) = first_line(rest);
        rest = &rest[next..];
        if !matches!(line.first(), Some(b'C' | b'c')) {
            continue;
        }
        if field_name(line).is_some_and(|name| name.eq_ignore_ascii_case(NAME)) {
            let value = &line[memchr::memchr(b':', line).map_or(0, |at| at + 1)..];
            found = std::str::from_utf8(value.trim_ascii())
                .ok()
                .and_then(|v| v.parse().ok());
        }
    }
    found
}

/// What the first part of a stream says about the whole: public-inbox's constant From_ line, or a
/// line that was quoted twice, means mboxrd; otherwise the oldest and commonest is assumed.
pub(super) fn vote(head: &[u8]) -> Dialect {
    let constant =
        memmem::find_iter(head, b"From mboxrd@z ").any(|at| at == 0 || head[at - 1] == b'\n');
    if constant || has_double_quote(head) {
        Dialect::Mboxrd
    } else {
        Dialect::Mboxo
    }
}

/// How the `From ` lines of one mail are quoted. `blank` is the length of the empty line that was
/// taken off as a separator: `Content-Length` may or may not count it.
pub(super) fn of_mail(mail: &[u8], from_line: &[u8], blank: usize, vote: Dialect) -> Dialect {
    if from_line.starts_with(b"From mboxrd@z ") {
        return Dialect::Mboxrd;
    }
    if length_is_true(mail, blank) {
        let quoted = memmem::find(mail, b"\n>From ").is_some();
        let bare = memmem::find(mail, b"\nFrom ").is_some();
        return if quoted && !bare {
            Dialect::Mboxcl
        } else {
            Dialect::Mboxcl2
        };
    }
    if has_double_quote(mail) {
        Dialect::Mboxrd
    } else {
        vote
    }
}

fn length_is_true(mail: &[u8], blank: usize) -> bool {
    let Some((header, body)) = header_end(&mail[..mail.len().min(MAX_HEADER)]) else {
        return false;
    };
    let length = (mail.len() - body) as u64;
    content_length(&mail[..header])
        .is_some_and(|says| says == length || says == length + blank as u64)
}

fn has_double_quote(bytes: &[u8]) -> bool {
    memmem::find_iter(bytes, b">>From ").any(|at| {
        let before = bytes[..at].iter().rev().take(1_000).find(|&&b| b != b'>');
        before.is_none_or(|&b| b == b'\n')
    })
}

/// Whether this is the mail that UW-IMAP keeps at the head of a folder for itself.
pub(super) fn is_internal_data(mail: &[u8]) -> bool {
    let top = &mail[..mail.len().min(8_192)];
    let header = header_end(top).map_or(top, |(end, _)| &top[..end]);
    memmem::find(header, INTERNAL_SUBJECT).is_some_and(|at| {
        let line = memchr::memrchr(b'\n', &header[..at]).map_or(0, |nl| nl + 1);
        header[line..at].eq_ignore_ascii_case(b"subject: ")
    }) && (memmem::find(header, b"X-IMAP").is_some()
        || memmem::find(header, b"Mail System Internal Data").is_some())
}
