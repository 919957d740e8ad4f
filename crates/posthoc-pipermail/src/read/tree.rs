//! What an old archive's files tell of its mails' numbers.

use crate::pattern::of_bytes;
use regex::bytes::Regex;
use std::sync::LazyLock;

/// What is known of a page's mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OldMail {
    /// Its Message-ID, without brackets.
    pub id: Option<String>,
    /// Its `Date`, as it was written.
    pub date: Option<String>,
    /// Its subject, to tell mails of one date apart: a text volume's and a page's may be written otherwise.
    pub subject: String,
}

/// Bytes of an entry's header that are looked at.
const HEADER: usize = 16 << 10;

/// A text volume's entries in order. An entry begins with a line of `From ` whose next is of `From: `, in old ones
/// of `Date: `: texts may hold the one, hardly both.
pub fn text_volume_mails(text: &[u8]) -> Vec<OldMail> {
    let mut mails = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (line, after) = split_line(rest);
        rest = after;
        let is_head = after.starts_with(b"From: ") || after.starts_with(b"Date: ");
        if line.starts_with(b"From ") && is_head {
            mails.push(entry(&after[..after.len().min(HEADER)]));
        }
    }
    mails
}

fn split_line(text: &[u8]) -> (&[u8], &[u8]) {
    let end = memchr::memchr(b'\n', text).map_or(text.len(), |end| end + 1);
    text.split_at(end)
}

fn entry(header: &[u8]) -> OldMail {
    let mut mail = OldMail::default();
    let mut rest = header;
    while !rest.is_empty() {
        let (line, after) = split_line(rest);
        rest = after;
        if line.trim_ascii().is_empty() {
            break;
        }
        let field = |name: &str| {
            let head = line.get(..name.len())?;
            let value = &line[name.len()..];
            head.eq_ignore_ascii_case(name.as_bytes())
                .then(|| String::from_utf8_lossy(value.trim_ascii()).into_owned())
        };
        if let Some(date) = field("Date: ") {
            mail.date = Some(date);
        } else if let Some(subject) = field("Subject: ") {
            mail.subject = subject;
        } else if let Some(id) = field("Message-ID: ") {
            mail.id = Some(unbracketed(&id));
        }
    }
    mail
}

fn unbracketed(id: &str) -> String {
    let id = id.trim().trim_start_matches('<').trim_end_matches('>');
    id.to_owned()
}

static MADE: LazyLock<Regex> = LazyLock::new(|| {
    of_bytes(r#"(?i-u)<link rel="made"\s+href="mailto:[^"]*In-Reply-To=%3C([^"&]*)%3E"#)
});

/// The Message-ID that a page's link for answers names. Only pages of later versions have it: older ones name
/// what the mail itself answers, without brackets.
pub fn page_id(page: &[u8]) -> Option<String> {
    let head = &page[..page.len().min(HEADER)];
    let id = MADE.captures(head)?.get(1)?;
    let mut decoded = Vec::new();
    let mut bytes = id.as_bytes().iter().copied();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        let (high, low) = (digit(bytes.next())?, digit(bytes.next())?);
        decoded.push((high * 16 + low) as u8);
    }
    String::from_utf8(decoded).ok()
}

static WRITTEN: LazyLock<Regex> =
    LazyLock::new(|| of_bytes(r"(?i-u)<h1>([^<]*)</h1>(?s:.{0,2000}?)<i>([^<]*)</i>"));

/// What a page tells of its mail: the oldest show its `Date` as it was written.
fn page_mail(page: &[u8]) -> OldMail {
    let written = WRITTEN.captures(&page[..page.len().min(HEADER)]);
    let piece = |nth: usize| {
        let found = written.as_ref().and_then(|found| found.get(nth));
        found.map(|found| String::from_utf8_lossy(found.as_bytes().trim_ascii()).into_owned())
    };
    OldMail {
        id: page_id(page),
        date: piece(2),
        subject: piece(1).unwrap_or_default(),
    }
}

/// The mails of a volume's pages: the text volume's entries, where they are as many as the pages, for both are in
/// the order of arrival; else what each page tells of itself. `page` reads a page by its number.
pub fn numbered(
    pages: &[u32],
    texts: &[Vec<OldMail>],
    page: &mut dyn FnMut(u32) -> Option<Vec<u8>>,
) -> Vec<(u32, OldMail)> {
    if let Some(mails) = texts.iter().find(|mails| mails.len() == pages.len()) {
        return pages.iter().copied().zip(mails.iter().cloned()).collect();
    }
    let of_page = |number: &u32| {
        let mail = page(*number).map_or_else(OldMail::default, |page| page_mail(&page));
        (*number, mail)
    };
    pages.iter().map(of_page).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const VOLUME: &[u8] = b"From ada at example.org  Mon Sep  1 10:00:00 2025\nFrom: ada at example.org (Ada)\n\
        Date: Mon, 1 Sep 2025 10:00:00 +0000\nSubject: One\nMessage-ID: <one@x.example>\n\nFrom here on\n\n\
        From ben at example.org  Mon Sep  1 11:00:00 2025\nFrom: ben at example.org (Ben)\nSubject: Two\n\n\
        Message-ID: <no@x.example>\n";

    #[test]
    fn entries_are_told_from_texts() {
        let mails = text_volume_mails(VOLUME);
        let ids: Vec<Option<&str>> = mails.iter().map(|mail| mail.id.as_deref()).collect();
        assert_eq!(ids, [Some("one@x.example"), None]);
        assert_eq!(
            mails[0].date.as_deref(),
            Some("Mon, 1 Sep 2025 10:00:00 +0000")
        );
    }

    #[test]
    fn a_page_names_its_own_id_or_none() {
        let new = b"<LINK REL=\"made\" HREF=\"mailto:x%40y?Subject=Re%3A%20One&In-Reply-To=%3Cone%2Bx%40x.example%3E\">";
        assert_eq!(page_id(new).as_deref(), Some("one+x@x.example"));
        let amp = b"<link rel=\"made\" href=\"mailto:x%40y?Subject=Re%3A%20One&amp;In-Reply-To=%3Cone%40x.example%3E\">";
        assert_eq!(page_id(amp).as_deref(), Some("one@x.example"));
        let old =
            b"<LINK REL=\"made\" HREF=\"mailto:x%40y?Subject=One&In-Reply-To=parent%40x.example\">";
        assert_eq!(page_id(old), None);
    }

    #[test]
    fn a_stale_text_volume_is_not_believed() {
        let texts = [Vec::new(), text_volume_mails(VOLUME)];
        let found = numbered(&[7, 9], &texts, &mut |_| None);
        assert_eq!(found[0].1.id.as_deref(), Some("one@x.example"));
        let mut read = |number| {
            let page = format!(
                "<LINK REL=\"made\" HREF=\"mailto:x?In-Reply-To=%3C{number}%40x.example%3E\">"
            );
            Some(page.into_bytes())
        };
        let found = numbered(&[7, 8, 9], &texts, &mut read);
        assert_eq!(found[2].1.id.as_deref(), Some("9@x.example"));
    }
}
