//! Sanitised HTML with its addresses masked.
//!
//! 1. The text is read without its tags, so that `ada<b>@</b>example.org` is seen; elements that
//!    begin a line of their own end a word.
//! 2. Each address is written where it began; what of it stands behind tags goes.
//! 3. Links that write to somebody or hold an address lead nowhere any more; `title` and `alt` are
//!    texts.

use super::address::{addresses, may_have};
use crate::page::Mask;
use std::borrow::Cow;

/// Elements within a line.
const INLINE: [&str; 26] = [
    "a", "abbr", "b", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "q", "s", "samp",
    "small", "span", "strong", "sub", "sup", "u", "var", "wbr", "tt", "mark", "bdi", "bdo",
];

/// A change of the markup: these bytes become that.
type Edit = (usize, usize, String);

/// Masks markup as the sanitiser writes it; none when nothing changes. The answer must be sanitised
/// again. Takes time linear in the markup.
pub(in crate::page) fn mask_html(html: &str, mask: Mask) -> Option<String> {
    if mask == Mask::None || !may_have(html.as_bytes(), mask.hides()) {
        return None;
    }
    let mut edits: Vec<Edit> = Vec::new();
    let mut text = String::with_capacity(html.len());
    // Where pieces of the text lie: in the text, in the markup.
    let mut pieces: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while at < html.len() {
        let end = memchr::memchr(b'<', &html.as_bytes()[at..]).map_or(html.len(), |n| at + n);
        pieces.push((text.len(), at));
        text.push_str(&html[at..end]);
        at = end;
        if at < html.len() {
            let end = tag_end(html, at);
            let tag = &html[at..end];
            if !is_inline(tag) {
                pieces.push((text.len(), at));
                text.push('\n');
            }
            mask_attributes(tag, at, mask, &mut edits);
            at = end;
        }
    }
    pieces.push((text.len(), html.len()));
    let mut piece = 0;
    for found in addresses(&text, mask.hides()) {
        let mut written = mask.written(&text, found);
        let mut from = found.from;
        while from < found.to {
            while pieces[piece + 1].0 <= from {
                piece += 1;
            }
            let to = found.to.min(pieces[piece + 1].0);
            let here = pieces[piece].1 + from - pieces[piece].0;
            edits.push((here, here + to - from, std::mem::take(&mut written)));
            from = to;
        }
    }
    apply(html, edits)
}

/// Behind the `>` that ends the tag; the sanitiser quotes values with `"` and leaves `>` in them.
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
}
