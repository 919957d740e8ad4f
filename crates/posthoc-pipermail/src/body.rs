//! A mail's text on its page: quotes in italics, addresses masked, URLs as links.

use crate::article::{Content, Lines};
use crate::charset::Charset;
use crate::html::{Entities, push_bytes, push_text};
use crate::pattern::of_bytes;
use crate::settings::Settings;
use regex::bytes::{Match, Regex};
use std::sync::LazyLock;

/// Marks of a quote at the beginning of a line.
static QUOTE: LazyLock<Regex> = LazyLock::new(|| of_bytes(r"(?-u)^([>|:]|&gt;)+"));
static ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| of_bytes(r"(?-u)([-+,.0-9A-Za-z_]+@[-+.0-9A-Za-z_]+)"));
/// A URL, or the place of a file where the site has no URL, and what ends it.
static URL: LazyLock<Regex> = LazyLock::new(|| {
    of_bytes(r#"(?s-u)((?:[0-9A-Za-z_]+://|\.\./attachments/).*?)(?:_\s|_$|$|[\]})>'"\s])"#)
});

/// Characters of one line in which links are looked for.
const LONGEST_LINE: usize = 10_000;

/// The text between the marks of the page; empty where there is none.
pub(crate) fn body(content: &Content, settings: &Settings) -> Vec<u8> {
    let mut out = Vec::new();
    let charset = settings.charset();
    match &content.lines {
        Lines::Bytes(bytes) => {
            let plain = |piece: &[u8], out: &mut Vec<u8>| push_bytes(piece, charset, out);
            lines(bytes, settings, plain, &mut out);
        }
        Lines::Text(text) => {
            let plain = |piece: &[u8], out: &mut Vec<u8>| {
                push_text(
                    &String::from_utf8_lossy(piece),
                    Entities::Kept,
                    charset,
                    out,
                );
            };
            lines(text.as_bytes(), settings, plain, &mut out);
        }
    }
    out
}

fn lines(text: &[u8], settings: &Settings, plain: impl Fn(&[u8], &mut Vec<u8>), out: &mut Vec<u8>) {
    if text.is_empty() {
        return;
    }
    out.extend_from_slice(b"<PRE>");
    for line in text.split_inclusive(|b| *b == b'\n') {
        let mut line = line.to_vec();
        line.iter_mut().filter(|b| **b == 0).for_each(|b| *b = b' ');
        let marks = QUOTE.find(&line).map_or(0, |marks| marks.end());
        if marks > 0 {
            plain(&line[..marks], out);
            out.extend_from_slice(b"<i>");
        }
        with_links(&line[marks..], settings, &plain, out);
        if marks > 0 {
            out.extend_from_slice(b"</I>");
        }
    }
    out.extend_from_slice(b"</PRE>\n");
}

fn with_links(
    line: &[u8],
    settings: &Settings,
    plain: &impl Fn(&[u8], &mut Vec<u8>),
    out: &mut Vec<u8>,
) {
    let mut rest = line;
    let attribute = |url: &[u8], out: &mut Vec<u8>| {
        let words = String::from_utf8_lossy(url);
        push_text(&words, Entities::Escaped, settings.charset(), out);
    };
    let looks = line.len() <= LONGEST_LINE && (memchr::memchr2(b'@', b':', line).is_some());
    while let Some((found, is_address)) = next_link(rest).filter(|_| looks) {
        plain(&rest[..found.start()], out);
        out.extend_from_slice(b"<A HREF=\"");
        match (is_address, settings.obscure) {
            (true, true) => push_text(&settings.listinfo, Entities::Escaped, Charset::Ascii, out),
            (true, false) => {
                out.extend_from_slice(b"mailto:");
                attribute(found.as_bytes(), out);
            }
            (false, _) => attribute(found.as_bytes(), out),
        }
        out.extend_from_slice(b"\">");
        if is_address && settings.obscure {
            let words = String::from_utf8_lossy(found.as_bytes());
            let shown = words.replace('@', settings.language.words().at);
            push_text(&shown, Entities::Kept, settings.charset(), out);
        } else {
            plain(found.as_bytes(), out);
        }
        out.extend_from_slice(b"</A>");
        rest = &rest[found.end()..];
    }
    plain(rest, out);
}

/// The next address or URL, whichever begins first, and whether it is an address.
fn next_link(text: &[u8]) -> Option<(Match<'_>, bool)> {
    let address = ADDRESS.find(text);
    let url = URL.captures(text).and_then(|found| found.get(1));
    match (address, url) {
        (Some(address), Some(url)) if url.start() <= address.start() => Some((url, false)),
        (Some(address), _) => Some((address, true)),
        (None, url) => url.map(|url| (url, false)),
    }
}
