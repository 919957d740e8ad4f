//! The two forms of a text in a multipart/alternative, plain and HTML: which is shown first, and
//! whether the other one is worth a place on the page.
//!
//! - The text is first where people talk to each other: it has the quotes, which fold.
//! - HTML is first where it is more than the text tells: tables and pictures of its own, in a mail
//!   that quotes nobody; and where the text only says that there is HTML.
//! - HTML that is no more than the text is left out.

use super::Part;
use crate::text::html_to_text;

/// Bytes of a text that may only say that there is HTML.
const STUB_BYTES: usize = 400;
/// How many times longer the words of HTML are than such a text.
const STUB_TIMES: usize = 4;

/// How the two forms are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Forms {
    /// The text alone.
    Text,
    /// The text, HTML one click away.
    TextFirst,
    /// HTML, the text one click away.
    HtmlFirst,
}

/// Judges by the bytes: nothing is decoded but a short text's HTML.
pub(super) fn forms(text: &Part, html: &Part) -> Forms {
    if html.bytes.trim_ascii().is_empty() {
        return Forms::Text;
    }
    let marks = marks(&html.bytes);
    let rich = || marks == Marks::Rich && !quotes(&text.bytes) && has_words_of(text, html);
    if is_html(&text.bytes) || is_stub(text, html) || rich() {
        return Forms::HtmlFirst;
    }
    match marks {
        Marks::None => Forms::Text,
        Marks::Some | Marks::Rich => Forms::TextFirst,
    }
}

/// Whether a plain text is HTML that was labelled wrongly: it begins as a page of HTML does.
pub(super) fn is_html(text: &[u8]) -> bool {
    const STARTS: [&[u8]; 4] = [b"<!doctype html", b"<html", b"<head>", b"<body"];
    let text = text.trim_ascii_start();
    text.first() == Some(&b'<')
        && STARTS.iter().any(|start| {
            let begin = text.get(..start.len());
            begin.is_some_and(|begin| begin.eq_ignore_ascii_case(start))
        })
}

/// What HTML has that a text has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Marks {
    None,
    /// Bold and other marks, headings, lists.
    Some,
    /// Tables, pictures of its own.
    Rich,
}

fn marks(html: &[u8]) -> Marks {
    const SOME: [&[u8]; 14] = [
        b"b", b"strong", b"i", b"em", b"u", b"ul", b"ol", b"h1", b"h2", b"h3", b"h4", b"pre",
        b"code", b"s",
    ];
    let mut found = Marks::None;
    for at in memchr::memchr_iter(b'<', html) {
        let rest = &html[at + 1..];
        let end = rest.iter().take(8).position(|b| !b.is_ascii_alphanumeric());
        let name = rest[..end.unwrap_or(0)].to_ascii_lowercase();
        match name.as_slice() {
            b"table" => return Marks::Rich,
            b"img" => {
                let tag = &rest[..rest.len().min(400)];
                let tag = &tag[..memchr::memchr(b'>', tag).unwrap_or(tag.len())];
                if memchr::memmem::find(tag, b"cid:").is_some() {
                    return Marks::Rich;
                }
            }
            name if SOME.contains(&name) => found = Marks::Some,
            _ => {}
        }
    }
    found
}

/// Whether a text quotes another mail.
fn quotes(text: &[u8]) -> bool {
    text.starts_with(b">")
        || memchr::memmem::find(text, b"\n>").is_some()
        || memchr::memmem::find(text, b"Original Message").is_some()
}

/// Whether the words of HTML are at least half as many: it may be a picture alone.
fn has_words_of(text: &Part, html: &Part) -> bool {
    html_to_text(&html.text().shown()).len() * 2 >= text.bytes.trim_ascii().len()
}

fn is_stub(text: &Part, html: &Part) -> bool {
    let length = text.bytes.trim_ascii().len();
    if length > STUB_BYTES || html.bytes.len() <= length.max(40) * STUB_TIMES {
        return false;
    }
    html_to_text(&html.text().shown()).len() > length.max(40) * STUB_TIMES
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, html: &str, expected: Forms) {
        let part = |kind: &str, bytes: &str| Part {
            media_type: kind.to_owned(),
            bytes: bytes.as_bytes().to_vec().into(),
            ..Part::default()
        };
        let found = forms(&part("text/plain", text), &part("text/html", html));
        assert_eq!(found, expected, "{html}");
    }

    #[test]
    fn which_form_is_first() {
        let table = "<TABLE><tr><td>a b c<td>b</table>";
        let own = "the <img alt=x src=\"cid:x@y\"> picture";
        let remote = "<p>Yes, at six.</p><br><img src=http://x.example/a>";
        check("Yes.", "", Forms::Text);
        check("Yes, at six.", remote, Forms::Text);
        check("Yes.", "<p>Yes, at <B>six</B>.</p>", Forms::TextFirst);
        check("a b c", table, Forms::HtmlFirst);
        check(" <HTML>Yes.</HTML>", "<p>Yes.", Forms::HtmlFirst);
        check("> a\nb c", table, Forms::TextFirst);
        check("the picture", own, Forms::HtmlFirst);
        check(
            "words that are many",
            "<img src='cid:x@y'>",
            Forms::TextFirst,
        );
        check("See HTML.", &"many words ".repeat(30), Forms::HtmlFirst);
    }
}
