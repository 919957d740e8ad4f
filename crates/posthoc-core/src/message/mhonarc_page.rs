//! What a page that MHonArc made tells of its mail, for archives of which nothing else is left.
//!
//! At its beginning a page has the facts that programs read, each in a comment; its sections stand between
//! comments, too (MHonArc's manual, "mha-dbrecover").

use memchr::memmem::find;

/// References that count.
const MOST_REFERENCES: usize = 1_000;

/// What ends the facts.
const HEAD_END: &[u8] = b"<!--X-Head-End";

/// A mail's page. Facts are bytes as the mail's header had them, encoded words not decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MhonarcPage<'p> {
    /// `Subject`, as SUBJECTSTRIPCODE left it.
    pub subject: Vec<u8>,
    /// `From`, or what stood for it (FROMFIELDS).
    pub from: Vec<u8>,
    /// The date that the mail was sorted by, as it was written.
    pub date: Vec<u8>,
    /// The Message-ID without brackets, or what MHonArc made for one.
    pub id: Vec<u8>,
    /// The mail's media type.
    pub content_type: Vec<u8>,
    /// Who is answered, without brackets, oldest first; at most 1,000.
    pub references: Vec<Vec<u8>>,
    /// Names of files that were taken out of the mail.
    pub derived: Vec<Vec<u8>>,
    /// Header fields that the archive keeps beside these (FIELDSTORE): names and values. No page of MHonArc's own
    /// has them; its database does.
    pub stored: Vec<(Vec<u8>, Vec<u8>)>,
    /// What the page has of the mail: its header and text as markup, with the comments that mark them.
    pub content: &'p [u8],
}

impl<'p> MhonarcPage<'p> {
    /// Reads a page; none where it is none of MHonArc's, or tells no Message-ID.
    pub fn read(page: &'p [u8]) -> Option<Self> {
        let mut read = MhonarcPage {
            content: content(page),
            ..MhonarcPage::default()
        };
        let mut rest = &page[..find(page, HEAD_END)?];
        while let Some(start) = find(rest, b"<!--X-") {
            rest = &rest[start + 6..];
            let comment = &rest[..find(rest, b"-->").unwrap_or(rest.len())];
            if let Some(colon) = memchr::memchr(b':', comment) {
                read.take(&comment[..colon], value(&comment[colon + 1..]));
            }
        }
        (!read.id.is_empty()).then_some(read)
    }

    /// Takes a fact; old versions had other names for some.
    fn take(&mut self, name: &[u8], value: Vec<u8>) {
        match name {
            b"Subject" => self.subject = value,
            b"From-R13" => self.from = rotated(&value),
            b"From" => self.from = value,
            b"Date" => self.date = value,
            b"Message-Id" => self.id = value.trim_ascii().to_vec(),
            b"Content-Type" | b"ContentType" => self.content_type = value,
            b"Reference" | b"Reference-Id" if self.references.len() < MOST_REFERENCES => {
                self.references.push(value);
            }
            b"Derived" => self.derived.push(value),
            b"Stored-Field" => {
                let colon = memchr::memchr(b':', &value).unwrap_or(value.len());
                let (name, rest) = value.split_at(colon);
                let rest = rest.get(1..).unwrap_or_default().trim_ascii();
                self.stored.push((name.to_vec(), rest.to_vec()));
            }
            _ => {}
        }
    }

    /// A mail that says what the page says: its facts as a header, its text as HTML.
    pub fn mail(&self) -> Vec<u8> {
        let text = between(
            self.content,
            b"<!--X-Body-of-Message-->",
            b"<!--X-Body-of-Message-End",
        );
        let text = text.unwrap_or(self.content);
        let charset = match std::str::from_utf8(text) {
            Ok(_) => "utf-8",
            Err(_) => "windows-1252",
        };
        let mut mail = Vec::with_capacity(text.len() + 1_000);
        let mut field = |name: &str, value: &[u8]| {
            if !value.is_empty() {
                mail.extend_from_slice(name.as_bytes());
                mail.extend_from_slice(b": ");
                mail.extend_from_slice(value);
                mail.push(b'\n');
            }
        };
        field("From", &self.from);
        field("Subject", &self.subject);
        field("Date", &self.date);
        field("Message-ID", &in_brackets(&self.id));
        let references: Vec<Vec<u8>> = self.references.iter().map(|id| in_brackets(id)).collect();
        field("References", &references.join(&b"\n "[..]));
        field("MIME-Version", b"1.0");
        let content_type = format!("text/html; charset={charset}");
        field("Content-Type", content_type.as_bytes());
        field("Content-Transfer-Encoding", b"8bit");
        mail.push(b'\n');
        mail.extend_from_slice(text);
        mail
    }
}

/// From behind the line that ends the links at the top to the end of the line that ends the mail.
fn content(page: &[u8]) -> &[u8] {
    let start = find(page, b"<!--X-TopPNI-End").map_or(0, |at| at + line_length(&page[at..]));
    let rest = &page[start..];
    let end = find(rest, b"<!--X-MsgBody-End");
    &rest[..end.map_or(rest.len(), |at| at + line_length(&rest[at..]))]
}

fn line_length(text: &[u8]) -> usize {
    memchr::memchr(b'\n', text).map_or(text.len(), |at| at + 1)
}

fn between<'p>(text: &'p [u8], start: &[u8], end: &[u8]) -> Option<&'p [u8]> {
    let at = find(text, start)? + start.len();
    let rest = &text[at..];
    Some(&rest[..find(rest, end)?])
}

fn in_brackets(id: &[u8]) -> Vec<u8> {
    [b"<", id, b">"].concat()
}

/// A comment's value on one line, without what kept it a comment: `-`, `&` and others as numbers.
fn value(comment: &[u8]) -> Vec<u8> {
    let mut value = Vec::with_capacity(comment.len());
    // One blank stands at each end of it; more are the value's.
    let mut rest = comment.strip_prefix(b" ").unwrap_or(comment);
    rest = rest.strip_suffix(b" ").unwrap_or(rest);
    while let Some((first, behind)) = rest.split_first() {
        let (byte, behind) = number(rest).unwrap_or((*first, behind));
        let ends_line = matches!(byte, b'\n' | b'\r' | 0);
        value.push(if ends_line { b' ' } else { byte });
        rest = behind;
    }
    value
}

/// The byte of a reference by number, `&#45;`, and what follows it.
fn number(text: &[u8]) -> Option<(u8, &[u8])> {
    let digits = text.strip_prefix(b"&#")?;
    let end = digits.iter().take(4).position(|byte| *byte == b';')?;
    let number = std::str::from_utf8(&digits[..end]).ok()?.parse().ok()?;
    Some((number, &digits[end + 1..]))
}

/// An author turned by MHonArc so that no harvester reads an address, and back: small letters by 13, `@` to
/// `[` by 14.
pub fn rotated(text: &[u8]) -> Vec<u8> {
    let turn = |byte: &u8| match byte {
        b'a'..=b'z' => (byte - b'a' + 13) % 26 + b'a',
        b'@'..=b'[' => (byte - b'@' + 14) % 28 + b'@',
        byte => *byte,
    };
    text.iter().map(turn).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &[u8] = b"<!-- MHonArc v2.6.19 -->\n<!--X-Subject: One &#38; two -->\n\
        <!--X-From-R13: Oaa &#60;naa&#45;nNrknzcyr.bet> -->\n<!--X-Date: Mon, 3 Nov 2025 10:00:00 +0000 -->\n\
        <!--X-Message-Id: 1&#45;2@example.org -->\n<!--X-Content-Type: text/plain -->\n\
        <!--X-Reference: a@example.org -->\n<!--X-Reference: b@example.org -->\n<!--X-Head-End-->\n<html>\n\
        <!--X-TopPNI-End-->\n<!--X-MsgBody-->\n<!--X-Body-of-Message-->\n<pre>text</pre>\n\
        <!--X-Body-of-Message-End-->\n<!--X-MsgBody-End-->\n<hr>\n";

    #[test]
    fn a_page_is_read_as_a_mail() {
        let page = MhonarcPage::read(PAGE).expect("is a page");
        assert_eq!(page.from, b"Ann <ann-a@example.org>");
        let mail = page.mail();
        let expected = "From: Ann <ann-a@example.org>\nSubject: One & two\nDate: Mon, 3 Nov 2025 10:00:00 +0000\n\
            Message-ID: <1-2@example.org>\nReferences: <a@example.org>\n <b@example.org>\nMIME-Version: 1.0\n\
            Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n\n<pre>text</pre>\n";
        assert_eq!(String::from_utf8_lossy(&mail), expected);
        assert!(page.content.starts_with(b"<!--X-MsgBody-->"));
        assert!(page.content.ends_with(b"<!--X-MsgBody-End-->\n"));
    }

    #[test]
    fn an_author_is_turned_there_and_back() {
        let author = b"Ann <a@b.org>";
        assert_eq!(rotated(author), b"Oaa <nNo.bet>");
        assert_eq!(rotated(&rotated(author)), author);
    }

    #[test]
    fn what_is_no_page_is_none() {
        for page in [
            &b""[..],
            b"<html>",
            b"<!--X-Head-End-->",
            b"<!--X-Subject: x -->\n<!--X-Head-End-->",
        ] {
            assert_eq!(MhonarcPage::read(page), None);
        }
    }

    #[test]
    fn a_value_ends_no_line() {
        let page = b"<!--X-Subject: a&#10;Bcc: x\nY: z -->\n<!--X-Message-Id: i@x -->\n<!--X-Head-End-->\n";
        let page = MhonarcPage::read(page).expect("is a page");
        assert_eq!(page.subject, b"a Bcc: x Y: z");
    }
}
