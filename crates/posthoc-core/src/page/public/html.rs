//! HTML with its addresses masked: as it was sent, and as the sanitiser wrote it.
//!
//! 1. The text is read without its tags and with its character references decoded, so that
//!    `ada<b>&#64;</b>example.org` is seen; elements that begin a line of their own end a word.
//! 2. Each address is written where it began; what of it stands behind tags goes.
//! 3. Tags of a source are texts of their own. Of sanitised markup, links that write to somebody or
//!    hold an address lead nowhere any more; `title` and `alt` are texts.

use super::address::{addresses, may_have, may_have_reference};
use crate::page::Mask;
use std::borrow::Cow;

/// Elements within a line.
const INLINE: [&str; 26] = [
    "a", "abbr", "b", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "q", "s", "samp",
    "small", "span", "strong", "sub", "sup", "u", "var", "wbr", "tt", "mark", "bdi", "bdo",
];
/// Named references that may stand in an address.
const NAMED: [(&str, char); 8] = [
    ("commat", '@'),
    ("period", '.'),
    ("lowbar", '_'),
    ("shy", '\u{AD}'),
    ("zwnj", '\u{200C}'),
    ("zwj", '\u{200D}'),
    ("lrm", '\u{200E}'),
    ("rlm", '\u{200F}'),
];

/// A change of the markup: these bytes become that.
type Edit = (usize, usize, String);

/// A text that was read out of markup, and where its pieces lie: in the text, in the markup, and
/// how long they are in the markup.
#[derive(Default)]
struct Reading {
    text: String,
    pieces: Vec<(usize, usize, usize)>,
}

impl Reading {
    /// Reads a run of text; character references become pieces of their own.
    fn push(&mut self, html: &str, from: usize, to: usize) {
        let mut at = from;
        while let Some(reference) = memchr::memchr(b'&', &html.as_bytes()[at..to]).map(|n| at + n) {
            let (decoded, length) = match reference_at(&html[reference..to]) {
                Some((decoded, length)) => (decoded, length),
                None => ('&', 1),
            };
            self.piece(at, reference - at, &html[at..reference]);
            self.piece(reference, length, decoded.encode_utf8(&mut [0; 4]));
            at = reference + length;
        }
        self.piece(at, to - at, &html[at..to]);
    }

    fn piece(&mut self, html: usize, length: usize, text: &str) {
        if !text.is_empty() {
            self.pieces.push((self.text.len(), html, length));
            self.text.push_str(text);
        }
    }

    /// The changes that mask its addresses.
    fn edits(&self, mask: Mask, edits: &mut Vec<Edit>) {
        let end = |piece: usize| self.pieces.get(piece + 1).map_or(self.text.len(), |p| p.0);
        let mut piece = 0;
        for found in addresses(&self.text, mask.hides()) {
            let mut written = mask.written(&self.text, found);
            let mut from = found.from;
            while from < found.to {
                while end(piece) <= from {
                    piece += 1;
                }
                let (text, html, length) = self.pieces[piece];
                let to = found.to.min(end(piece));
                let edit = match end(piece) - text == length {
                    true => (html + from - text, html + to - text),
                    // A reference goes whole.
                    false => (html, html + length),
                };
                edits.push((edit.0, edit.1, std::mem::take(&mut written)));
                from = to;
            }
        }
    }
}

/// The character of a reference at the start of a text, and its length.
fn reference_at(text: &str) -> Option<(char, usize)> {
    let body = &text[1..];
    if let Some(number) = body.strip_prefix('#') {
        let (digits, radix, skipped) = match number.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16, 3),
            None => (number, 10, 2),
        };
        let count = digits
            .chars()
            .take(8)
            .take_while(|c| c.is_digit(radix))
            .count();
        let code = u32::from_str_radix(&digits[..count], radix).ok()?;
        let length = skipped + count + usize::from(digits[count..].starts_with(';'));
        return Some((char::from_u32(code)?, length));
    }
    let (name, c) = NAMED.iter().find(|(name, _)| {
        body.strip_prefix(name)
            .is_some_and(|rest| rest.starts_with(';'))
    })?;
    Some((*c, name.len() + 2))
}

/// Masks the source of HTML as somebody sent it; none when nothing changes. Takes time linear in it.
pub(super) fn mask_source(html: &str, mask: Mask) -> Option<String> {
    if !(may_have(html.as_bytes(), mask.hides()) && may_have_reference(html, mask.hides())) {
        return None;
    }
    let (mut text, mut tags) = (Reading::default(), Reading::default());
    walk(html, &mut text, |from, to| {
        tags.push(html, from, to);
        tags.piece(to, 0, "\n");
    });
    let mut edits = Vec::new();
    text.edits(mask, &mut edits);
    tags.edits(mask, &mut edits);
    apply(html, edits)
}

/// Masks markup as the sanitiser writes it; none when nothing changes. The answer must be sanitised
/// again. Takes time linear in the markup.
pub(in crate::page) fn mask_html(html: &str, mask: Mask) -> Option<String> {
    if mask == Mask::None || !may_have(html.as_bytes(), mask.hides()) {
        return None;
    }
    let mut edits: Vec<Edit> = Vec::new();
    let mut text = Reading::default();
    walk(html, &mut text, |from, to| {
        mask_attributes(&html[from..to], from, mask, &mut edits)
    });
    text.edits(mask, &mut edits);
    apply(html, edits)
}

/// Reads the text of markup and hands over its tags.
fn walk(html: &str, text: &mut Reading, mut tag: impl FnMut(usize, usize)) {
    let bytes = html.as_bytes();
    let mut at = 0;
    let mut run = 0;
    while let Some(open) = memchr::memchr(b'<', &bytes[at..]).map(|n| at + n) {
        at = open + 1;
        let begins = |b: &u8| b.is_ascii_alphabetic() || matches!(b, b'/' | b'!' | b'?');
        if !bytes.get(at).is_some_and(begins) {
            continue;
        }
        text.push(html, run, open);
        let end = tag_end(html, open);
        if !is_inline(&html[open..end]) {
            text.piece(open, 0, "\n");
        }
        tag(open, end);
        (at, run) = (end, end);
    }
    text.push(html, run, html.len());
}

/// Behind the `>` that ends the tag; the sanitiser quotes values with `"` and leaves `>` in them. A
/// quote that is never closed ends nothing.
fn tag_end(html: &str, start: usize) -> usize {
    let mut quoted = false;
    for (n, byte) in html.as_bytes()[start..].iter().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return start + n + 1,
            _ => {}
        }
    }
    html.len()
}

fn is_inline(tag: &str) -> bool {
    let name = tag.trim_start_matches(['<', '/']);
    let end = name
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(name.len());
    INLINE.contains(&&name[..end])
}

fn mask_attributes(tag: &str, start: usize, mask: Mask, edits: &mut Vec<Edit>) {
    let mut at = 0;
    while let Some(open) = tag[at..].find("=\"").map(|n| at + n + 2) {
        let Some(close) = tag[open..].find('"').map(|n| open + n) else {
            break;
        };
        let value = &tag[open..close];
        let name_from = tag[..open].rfind(' ').unwrap_or(open);
        let name = tag[name_from..open - 2].trim();
        let mailto = value
            .get(..7)
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
        match mask.text(value) {
            _ if name == "href" && mailto => {
                edits.push((start + name_from, start + close + 1, String::new()));
            }
            Cow::Owned(_) if name == "href" => {
                edits.push((start + name_from, start + close + 1, String::new()));
            }
            Cow::Owned(masked) => edits.push((start + open, start + close, masked)),
            Cow::Borrowed(_) => {}
        }
        at = close + 1;
    }
}

fn apply(html: &str, mut edits: Vec<Edit>) -> Option<String> {
    if edits.is_empty() {
        return None;
    }
    edits.sort_by_key(|edit| edit.0);
    // A link may go for two reasons.
    edits.dedup_by_key(|edit| edit.0);
    let mut out = String::with_capacity(html.len() + edits.len() * 8);
    let mut copied = 0;
    for (from, to, text) in edits {
        out.push_str(&html[copied..from]);
        out.push_str(&text);
        copied = to;
    }
    out.push_str(&html[copied..]);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_masked() {
        let table = [
            ("<p>plain &amp; <b>x</b></p>", None),
            (
                "<p>a&lt;ada@example.org&gt;</p>",
                Some("<p>a&lt;ada at example.org&gt;</p>"),
            ),
            (
                "ada<b>@exam</b>ple.org x",
                Some("ada at example.org<b></b> x"),
            ),
            (
                "<p>ada@example</p><p>.org grace@example.org</p>",
                Some("<p>ada@example</p><p>.org grace at example.org</p>"),
            ),
            (
                "<a href=\"mailto:ada@example.org\" rel=\"x\">Ada</a>",
                Some("<a rel=\"x\">Ada</a>"),
            ),
            (
                "<a href=\"https://x.example/?m=ada%40example.org\">Ada</a>",
                Some("<a>Ada</a>"),
            ),
            (
                "<img src=\"../a.png\" alt=\"of ada@example.org > x\">",
                Some("<img src=\"../a.png\" alt=\"of ada at example.org > x\">"),
            ),
        ];
        for (html, expected) in table {
            assert_eq!(mask_html(html, Mask::At).as_deref(), expected, "{html}");
        }
    }

    #[test]
    fn sources_are_masked() {
        let table = [
            ("<p>a &lt; b @ c", None),
            ("ada&#64;example&#46;org", Some("ada at example.org")),
            (
                "<A HREF=mailto:ada@example.org>x</A>",
                Some("<A HREF=mailto:ada at example.org>x</A>"),
            ),
            (
                "ada<b>&commat;</b>exam&shy;ple.org, a < b",
                Some("ada at example.org<b></b>, a < b"),
            ),
            (
                "<!-- ada@example.org -->",
                Some("<!-- ada at example.org -->"),
            ),
            (
                "<a title=\"x ada@example.org",
                Some("<a title=\"x ada at example.org"),
            ),
        ];
        for (html, expected) in table {
            assert_eq!(mask_source(html, Mask::At).as_deref(), expected, "{html}");
        }
    }
}
