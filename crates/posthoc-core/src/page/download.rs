//! Entries of a volume's downloads: Pipermail's text volume and mailboxes. Pure functions that a
//! caller concatenates; what they are given is the public copy already.

use super::clean::one_line;
use super::when;
use crate::text::{SIGNATURE, SIGNATURE_END, SIGNED, Stamp};
use memchr::memmem;
use std::borrow::Cow;

/// What Pipermail's text volume shows of a mail. Addresses are masked by the caller as the list
/// says.
#[derive(Clone, Debug, Default)]
pub struct TextEntry<'a> {
    /// `user at host`; `unknown` when empty.
    pub address: &'a str,
    /// Display name; the address when empty.
    pub name: &'a str,
    /// The mail's date in the list's zone, for the separator.
    pub date: Stamp,
    /// The `Date` field as written; made from `date` when none.
    pub written_date: Option<&'a str>,
    /// The subject.
    pub subject: &'a str,
    /// Ids of `In-Reply-To`, without brackets.
    pub in_reply_to: &'a [&'a str],
    /// Ids of `References`, without brackets.
    pub references: &'a [&'a str],
    /// The Message-ID without brackets.
    pub id: &'a str,
    /// The text; any line ends.
    pub text: &'a str,
}

/// One entry of a text volume as Pipermail appends it: a separator with two blanks before the date,
/// five to seven header lines, an empty line, the text, an empty line. Body lines that begin with
/// `From ` are not quoted, as Pipermail does not quote them: the separator is told by the header
/// that follows it.
pub fn text_volume_entry(entry: &TextEntry<'_>) -> Vec<u8> {
    let address = one_line(entry.address);
    let address = if address.is_empty() {
        "unknown"
    } else {
        &address
    };
    let name = one_line(entry.name);
    let name = if name.is_empty() { address } else { &name };
    let mut out = String::with_capacity(entry.text.len() + 512);
    out.push_str(&format!("From {address}  {}\n", when::asctime(&entry.date)));
    out.push_str(&format!("From: {address} ({name})\n"));
    let made = || when::rfc5322(&entry.date).into();
    let date = entry.written_date.map_or_else(made, one_line);
    out.push_str(&format!("Date: {date}\n"));
    out.push_str(&format!("Subject: {}\n", one_line(entry.subject)));
    for (field, ids) in [
        ("In-Reply-To", entry.in_reply_to),
        ("References", entry.references),
        ("Message-ID", &[entry.id][..]),
    ] {
        if !ids.is_empty() {
            let ids: Vec<String> = ids.iter().map(|id| format!("<{}>", one_line(id))).collect();
            // One id a line: RFC 5322 asks for lines under 998 bytes.
            out.push_str(&format!("{field}: {}\n", ids.join("\n\t")));
        }
    }
    out.push('\n');
    for line in entry.text.lines() {
        out.push_str(line);
        out.push('\n');
    }
    out.push('\n');
    out.into_bytes()
}

/// A mail's bytes without the frames of inline PGP signatures, and with the dashes that these escaped
/// as they were: what `git am` applies. In base64 nothing is found, in quoted-printable what goes on
/// from the line above is left alone.
pub fn without_pgp_frame(bytes: &[u8]) -> Cow<'_, [u8]> {
    if memmem::find(bytes, SIGNED.as_bytes()).is_none() {
        return Cow::Borrowed(bytes);
    }
    let folds =
        memmem::find(bytes, b"uoted-").is_some() || memmem::find(bytes, b"UOTED-").is_some();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = PgpFrame::Outside;
    let mut goes_on = false;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let text = line.trim_ascii_end();
        let begins = !goes_on;
        goes_on = folds && text.ends_with(b"=");
        at = match at {
            PgpFrame::Outside if begins && text == SIGNED.as_bytes() => PgpFrame::Head,
            PgpFrame::Head if text.is_empty() => PgpFrame::Text,
            PgpFrame::Text if begins && text == SIGNATURE.as_bytes() => PgpFrame::Signature,
            PgpFrame::Signature if text == SIGNATURE_END.as_bytes() => PgpFrame::Outside,
            PgpFrame::Outside => {
                out.extend_from_slice(line);
                PgpFrame::Outside
            }
            PgpFrame::Text => {
                let escaped = line.strip_prefix(b"- ").filter(|_| begins);
                out.extend_from_slice(escaped.unwrap_or(line));
                PgpFrame::Text
            }
            other => other,
        };
    }
    // A frame that does not end is none.
    match at {
        PgpFrame::Outside => Cow::Owned(out),
        _ => Cow::Borrowed(bytes),
    }
}

/// Where a line stands.
enum PgpFrame {
    Outside,
    /// Below the first line, up to an empty one.
    Head,
    Text,
    Signature,
}

/// The fields of an mbox separator.
#[derive(Clone, Debug, Default)]
pub struct FromLine<'a> {
    /// Envelope sender as shown; `MAILER-DAEMON` when empty. Blanks would break the line and become
    /// `_`.
    pub sender: &'a str,
    /// The time in UTC.
    pub date: Stamp,
}

/// One mailbox entry in mboxrd: a From_ line, the bytes with each `>*From ` line quoted once more,
/// and an empty line. Line ends stay as they are; a missing last one is added.
pub fn mbox_entry(bytes: &[u8], from_line: &FromLine<'_>) -> Vec<u8> {
    let sender: String = one_line(from_line.sender)
        .chars()
        .map(|c| if c.is_whitespace() { '_' } else { c })
        .collect();
    let sender = if sender.is_empty() {
        "MAILER-DAEMON"
    } else {
        &sender
    };
    let mut out = Vec::with_capacity(bytes.len() + 128);
    out.extend_from_slice(b"From ");
    out.extend_from_slice(sender.as_bytes());
    out.push(b' ');
    out.extend_from_slice(when::asctime(&from_line.date).as_bytes());
    out.push(b'\n');
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let marks = line.iter().take_while(|byte| **byte == b'>').count();
        if line[marks..].starts_with(b"From ") {
            out.push(b'>');
        }
        out.extend_from_slice(line);
    }
    if !bytes.ends_with(b"\n") {
        out.push(b'\n');
    }
    out.push(b'\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::TimeZone;

    #[test]
    fn text_entry_is_pipermails() {
        let entry = TextEntry {
            address: "ada at example.org",
            name: "Ada L.",
            date: TimeZone::utc().stamp(1_762_093_860),
            written_date: Some("Sun, 02 Nov 2025 15:31:00 +0100"),
            subject: "Re: bells",
            in_reply_to: &["a@x"],
            references: &["r@x", "a@x"],
            id: "b@x",
            text: "Hello\r\nFrom here on.\n",
        };
        let expected = "From ada at example.org  Sun Nov  2 14:31:00 2025\n\
            From: ada at example.org (Ada L.)\n\
            Date: Sun, 02 Nov 2025 15:31:00 +0100\n\
            Subject: Re: bells\n\
            In-Reply-To: <a@x>\n\
            References: <r@x>\n\t<a@x>\n\
            Message-ID: <b@x>\n\
            \n\
            Hello\nFrom here on.\n\n";
        assert_eq!(
            String::from_utf8_lossy(&text_volume_entry(&entry)),
            expected
        );
    }

    #[test]
    fn text_entry_has_no_line_of_a_strangers_making() {
        let entry = TextEntry {
            name: "x\nSubject: y",
            subject: "a\r\n\r\nb",
            id: "i\n@x",
            ..TextEntry::default()
        };
        let text = String::from_utf8(text_volume_entry(&entry)).unwrap_or_default();
        let fields = "From: unknown (x Subject: y)\n\
            Date: Mon, 0 Jan 0 00:00:00 +0000\n\
            Subject: a    b\n\
            Message-ID: <i @x>\n\n";
        assert_eq!(
            text.split_once('\n').map(|(_, rest)| rest),
            Some(&*format!("{fields}\n"))
        );
    }

    #[test]
    fn mboxrd_quotes_once_more() {
        let line = FromLine {
            sender: "a b@x",
            date: TimeZone::utc().stamp(0),
        };
        let entry = mbox_entry(
            b"Subject: x\n\nFrom a\n>From b\n>>From c\n> From d\nFromage",
            &line,
        );
        let expected = "From a_b@x Thu Jan  1 00:00:00 1970\nSubject: x\n\n>From a\n>>From b\n\
            >>>From c\n> From d\nFromage\n\n";
        assert_eq!(String::from_utf8_lossy(&entry), expected);
    }
}
