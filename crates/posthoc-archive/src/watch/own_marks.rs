//! What mail readers and delivery agents write into the mails of a mailbox: that a mail was read, its number,
//! its length. A mail that differs in nothing else is the same.

use std::borrow::Cow;

/// Fields of the header that are about the mailbox, not about the mail (mutt, Pine and UW-IMAP, Dovecot,
/// Thunderbird, Evolution; the lengths of mboxcl).
const MARKS: [&[u8]; 13] = [
    b"content-length",
    b"lines",
    b"status",
    b"x-evolution",
    b"x-imap",
    b"x-imapbase",
    b"x-keywords",
    b"x-label",
    b"x-mozilla-keys",
    b"x-mozilla-status",
    b"x-mozilla-status2",
    b"x-status",
    b"x-uid",
];

/// A mail without these fields.
pub(super) fn without(mail: &[u8]) -> Cow<'_, [u8]> {
    let mut kept: Option<Vec<u8>> = None;
    let (mut at, mut dropped) = (0, false);
    while at < mail.len() {
        let end = memchr::memchr(b'\n', &mail[at..]).map_or(mail.len(), |end| at + end + 1);
        let line = &mail[at..end];
        if matches!(line, b"\n" | b"\r\n") {
            break;
        }
        // A continued line belongs to its field (RFC 5322, 2.2.3).
        dropped = match line.first() {
            Some(b' ' | b'\t') => dropped,
            _ => is_mark(line),
        };
        match (&mut kept, dropped) {
            (None, true) => kept = Some(mail[..at].to_vec()),
            (Some(kept), false) => kept.extend_from_slice(line),
            _ => {}
        }
        at = end;
    }
    match kept {
        None => Cow::Borrowed(mail),
        Some(mut kept) => {
            kept.extend_from_slice(&mail[at..]);
            Cow::Owned(kept)
        }
    }
}

fn is_mark(line: &[u8]) -> bool {
    let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
    let name = name.trim_ascii_end();
    MARKS.iter().any(|mark| name.eq_ignore_ascii_case(mark))
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn marks_go_and_nothing_else() {
        let plain = b"From: ada\nX-Statusbar: x\nSubject: a\n folded\n\nStatus: of the gate\n";
        assert_eq!(without(plain), &plain[..]);
        let marked =
            b"From: ada\nSTATUS : RO\nX-Statusbar: x\nSubject: a\n folded\nX-Keywords: a\n b\n\
                       Content-Length: 7\n\nStatus: of the gate\n";
        assert_eq!(without(marked), &plain[..]);
        assert_eq!(without(b"Status: RO"), &b""[..]);
        assert_eq!(without(b""), &b""[..]);
    }
}
