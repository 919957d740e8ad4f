//! A mail as it comes after `DATA`, up to the line with a dot alone (RFC 5321, 4.5.2). Pure.

/// Takes a mail out of what comes, whatever pieces it comes in. Lines end in CRLF on the wire and in LF
/// in what is kept, as mail lies on Unix; CR that ends no line stays, and so does NUL. Only CRLF, dot,
/// CRLF ends the mail: a bare LF ends no line, so that nobody sees an end where another saw none.
#[derive(Clone, Debug, Default)]
pub struct Data {
    at: At,
    bare_lf: bool,
}

/// What was seen last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum At {
    #[default]
    LineStart,
    /// A dot at the start of a line.
    Dot,
    /// That, and CR.
    DotCr,
    Text,
    Cr,
}

impl Data {
    /// Takes a piece; the mail's bytes are added to `mail`. Answers how many bytes of the piece belong to
    /// the mail and its end when the end is in it.
    pub fn feed(&mut self, piece: &[u8], mail: &mut Vec<u8>) -> Option<usize> {
        let mut at = 0;
        while let Some(&byte) = piece.get(at) {
            match (self.at, byte) {
                (At::LineStart, b'.') => self.at = At::Dot,
                (At::Dot, b'\r') => self.at = At::DotCr,
                (At::DotCr, b'\n') => {
                    self.at = At::LineStart;
                    return Some(at + 1);
                }
                // The dot was one that is put before a line which begins with one.
                (At::DotCr, _) => {
                    self.at = At::Cr;
                    continue;
                }
                (At::LineStart | At::Dot, _) => {
                    self.at = At::Text;
                    continue;
                }
                (At::Cr, b'\n') => {
                    mail.push(b'\n');
                    self.at = At::LineStart;
                }
                (At::Cr, _) => {
                    mail.push(b'\r');
                    self.at = At::Text;
                    continue;
                }
                (At::Text, b'\r') => self.at = At::Cr,
                (At::Text, _) => {
                    let rest = &piece[at..];
                    let text = memchr::memchr(b'\r', rest).unwrap_or(rest.len());
                    self.bare_lf |= memchr::memchr(b'\n', &rest[..text]).is_some();
                    mail.extend_from_slice(&rest[..text]);
                    at += text;
                    continue;
                }
            }
            at += 1;
        }
        None
    }

    /// Whether a line feed stood alone. RFC 5321, 2.3.8 forbids it, and what forges mail is made of it.
    pub fn has_bare_lf(&self) -> bool {
        self.bare_lf
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(wire: &str, wanted: &str, rest: &str) {
        for size in [1, 2, 3, 1_000] {
            let (mut data, mut mail, mut at) = (Data::default(), Vec::new(), 0);
            let end = loop {
                let to = (at + size).min(wire.len());
                if let Some(end) = data.feed(&wire.as_bytes()[at..to], &mut mail) {
                    break at + end;
                }
                at = to;
                assert!(at < wire.len(), "{wire:?} has no end");
            };
            assert_eq!(String::from_utf8_lossy(&mail), wanted, "{wire:?} by {size}");
            assert_eq!(&wire[end..], rest, "{wire:?} by {size}");
            assert_eq!(data.has_bare_lf(), wanted.contains("bare"), "{wire:?}");
        }
    }

    #[test]
    fn a_mail_is_what_stands_before_the_dot() {
        check(".\r\nQUIT\r\n", "", "QUIT\r\n");
        check("a\r\nb\r\n.\r\n", "a\nb\n", "");
        check("..\r\n...a\r\n.b\r\n.\r\n", ".\n..a\nb\n", "");
        check("a\rb\r\r\n\0\r\n.\r\nNOOP", "a\rb\r\n\0\n", "NOOP");
        check(".\rx\r\n.\r\r\n.\r\n", "\rx\n\r\n", "");
    }

    #[test]
    fn a_bare_line_feed_ends_nothing() {
        check("bare\n.\nMAIL\r\n.\r\n", "bare\n.\nMAIL\n", "");
        check("bare\n.\r\nMAIL\r\n.\r\nx", "bare\n.\nMAIL\n", "x");
        check("bare\r\n.\nMAIL\r\n.\r\n", "bare\n\nMAIL\n", "");
    }
}
