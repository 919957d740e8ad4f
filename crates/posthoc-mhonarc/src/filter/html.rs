//! text/html: read tag by tag and written again as the original writes it; what of that may stand on a page
//! is for the core's sanitiser to say.

use super::Conversion;
use super::arguments::Arguments;
use crate::pattern::of_bytes;
use crate::text::Converter;
use posthoc_core::message::Part;
use posthoc_core::page::html_as_written;
use regex::bytes::Regex;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Where bytes of no known charset stand among characters while markup is sanitised.
const PRIVATE: u32 = 0xf700;

/// Elements that are left out with all that they hold.
const WITH_CONTENT: [&str; 3] = ["script", "style", "head"];

/// Bytes of one tag; a longer one is none.
const LONGEST_TAG: usize = 16 << 10;

/// A tag as written.
struct Tag {
    /// Small letters.
    name: String,
    closes: bool,
    attributes: Vec<(String, Option<String>)>,
}

/// What stands outside the body and matters in it.
#[derive(Default)]
struct Page {
    title: Vec<u8>,
    base: Option<String>,
    body: Vec<(String, Option<String>)>,
}

impl<'a> Conversion<'a> {
    pub(super) fn push_html(&mut self, part: &'a Part, arguments: &Arguments, out: &mut Vec<u8>) {
        let charset = part.charset.as_deref().unwrap_or_default();
        let mut source = Vec::with_capacity(part.bytes.len());
        self.archive
            .charsets
            .push_markup(&part.bytes, charset, &mut source);
        let mut page = Page::default();
        let mut body = Vec::with_capacity(source.len());
        self.read(&source, &mut page, arguments, &mut body);
        let files: HashSet<String> = self.files.iter().map(|file| file.name.clone()).collect();
        let clean = html_as_written(&characters(body), &files);
        let as_utf8 = self.archive.charsets.of_text(charset) == Converter::Utf8;
        let body = bytes(&clean, as_utf8);
        if !page.title.trim_ascii().is_empty() && !arguments.has("notitle") {
            out.extend_from_slice(b"<address>Title: <strong>");
            out.extend_from_slice(page.title.trim_ascii());
            out.extend_from_slice(b"</strong></address>\n");
        }
        self.push_framed(&page, &body, out);
    }

    fn read(&mut self, source: &[u8], page: &mut Page, arguments: &Arguments, out: &mut Vec<u8>) {
        let mut at = 0;
        while at < source.len() {
            let Some(start) = memchr::memchr(b'<', &source[at..]).map(|found| at + found) else {
                out.extend_from_slice(&harmless(&source[at..]));
                break;
            };
            out.extend_from_slice(&harmless(&source[at..start]));
            let rest = &source[start..];
            if rest.starts_with(b"<!") || rest.starts_with(b"<?") {
                at = start + declaration_length(rest);
                continue;
            }
            let Some((tag, length)) = tag(&rest[..rest.len().min(LONGEST_TAG)]) else {
                out.extend_from_slice(b"&lt;");
                at = start + 1;
                continue;
            };
            at = start + length;
            if WITH_CONTENT.contains(&tag.name.as_str()) {
                if !tag.closes {
                    let end = closing(&source[at..], &tag.name);
                    if tag.name == "head" {
                        read_head(&source[at..at + end], page);
                    }
                    at += end;
                }
            } else {
                at += self.push_tag(tag, &source[at..], page, arguments, out);
            }
        }
    }

    /// Writes a tag; answers how much of what follows it was taken with it.
    fn push_tag(
        &mut self,
        tag: Tag,
        rest: &[u8],
        page: &mut Page,
        arguments: &Arguments,
        out: &mut Vec<u8>,
    ) -> usize {
        match tag.name.as_str() {
            "title" if !tag.closes => {
                let end = closing(rest, "title");
                if page.title.is_empty() {
                    page.title = inner(&rest[..end]);
                }
                return end;
            }
            "base" if page.base.is_none() => page.base = value(&tag, "href"),
            "body" if !tag.closes && page.body.is_empty() => page.body = tag.attributes,
            "font" if arguments.has("nofont") => {}
            _ if tag.closes => {
                out.extend_from_slice(format!("</{}>", tag.name).as_bytes());
            }
            _ => self.push_opening(&tag, page, arguments, out),
        }
        0
    }

    fn push_opening(&mut self, tag: &Tag, page: &Page, arguments: &Arguments, out: &mut Vec<u8>) {
        out.extend_from_slice(format!("<{}", tag.name).as_bytes());
        for (name, value) in &tag.attributes {
            let text = value.as_deref().unwrap_or_default();
            let written = match name.as_str() {
                "style" if arguments.has("nofont") => continue,
                "href" => self.link(text, page),
                "src" => self.loaded(text, arguments),
                _ => munged(text),
            };
            out.extend_from_slice(format!(" {name}=\"").as_bytes());
            out.extend_from_slice(written.replace('"', "&quot;").as_bytes());
            out.push(b'"');
        }
        out.push(b'>');
    }

    /// A link, completed where the mail says what is before it.
    fn link(&self, url: &str, page: &Page) -> String {
        let url = url.trim();
        let url = munged(url);
        let relative = !url.is_empty() && !url.starts_with('#') && !has_scheme(&url);
        match &page.base {
            Some(base) if relative && has_scheme(base) => joined(base, &url),
            _ => url,
        }
    }

    /// The file of the mail that a URL means; nothing else is loaded.
    fn loaded(&mut self, url: &str, arguments: &Arguments) -> String {
        let url = url.trim();
        let is_own = url
            .get(..4)
            .is_some_and(|start| start.eq_ignore_ascii_case("cid:"));
        if !is_own || arguments.has("disablerelated") {
            return String::new();
        }
        self.related(&url[4..]).unwrap_or_default()
    }

    /// The body within a cell that has its colours.
    fn push_framed(&mut self, page: &Page, body: &[u8], out: &mut Vec<u8>) {
        let get = |name: &str| {
            let found = page.body.iter().find(|(known, _)| known == name);
            found
                .and_then(|(_, value)| value.clone())
                .filter(|value| !value.is_empty())
        };
        let (mut attributes, mut style) = (Vec::new(), Vec::new());
        let mut own = |name: &str, css: &str, value: Option<String>| {
            let Some(value) = value else {
                return;
            };
            if name == "background" && value.is_empty() {
                // A picture from elsewhere is not loaded.
            } else if name == "background" {
                style.extend_from_slice(format!("background-image: url({value}) ").as_bytes());
            } else {
                style.extend_from_slice(format!("{css}: {value}; ").as_bytes());
            }
            if name != "text" {
                attributes.extend_from_slice(format!("{name}=\"{value}\" ").as_bytes());
            }
        };
        let colour = |name: &str| get(name).filter(|value| is_colour(value));
        own("bgcolor", "background-color", colour("bgcolor"));
        let background = page.body.iter().find(|(known, _)| known == "background");
        let background = background
            .and_then(|(_, url)| url.clone())
            .map(|url| self.loaded(&url, &Arguments::default()));
        own("background", "", background);
        let text = colour("text");
        own("text", "color", text.clone());
        for (name, state) in [("link", "link"), ("alink", "active"), ("vlink", "visited")] {
            if let Some(colour) = colour(name) {
                style.extend_from_slice(format!("a:{state} {{ color: {colour} }} ").as_bytes());
            }
        }
        // The body's own style is not taken over, but leaves its cell.
        if attributes.is_empty() && style.is_empty() && get("style").or(get("class")).is_none() {
            return out.extend_from_slice(body);
        }
        out.extend_from_slice(b"<table width=\"100%\"><tr><td ");
        out.extend_from_slice(&attributes);
        out.extend_from_slice(b"style=\"");
        out.extend_from_slice(&style);
        out.extend_from_slice(b"\">");
        if let Some(colour) = &text {
            out.extend_from_slice(format!("<font color=\"{colour}\">").as_bytes());
        }
        out.extend_from_slice(body);
        if text.is_some() {
            out.extend_from_slice(b"</font>");
        }
        out.extend_from_slice(b"</td></tr></table>");
    }
}

fn is_colour(value: &str) -> bool {
    value.chars().all(|c| c.is_ascii_alphanumeric() || c == '#')
}

/// Markup as characters; bytes that are none have their own.
fn characters(markup: Vec<u8>) -> String {
    let as_private = |byte: &u8| match byte {
        0x80.. => char::from_u32(PRIVATE + u32::from(*byte)).unwrap_or('?'),
        _ => char::from(*byte),
    };
    String::from_utf8(markup)
        .unwrap_or_else(|error| error.as_bytes().iter().map(as_private).collect())
}

/// Characters as the page has them: in UTF-8, or by their numbers where it tells no charset.
fn bytes(markup: &str, as_utf8: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(markup.len());
    for c in markup.chars() {
        match u32::from(c) {
            number @ 0xf780..=0xf7ff => out.push((number - PRIVATE) as u8),
            0..0x80 => out.push(c as u8),
            _ if as_utf8 => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            number => out.extend_from_slice(format!("&#x{number:X};").as_bytes()),
        }
    }
    out
}

/// Words that make a scheme or a style run.
static RUNS: LazyLock<Regex> =
    LazyLock::new(|| of_bytes(r"(?i-u)\b(?:j\s*a\s*v\s*a\s*(script)|(expression)\b)"));

/// Such words, wherever they stand, are made others.
fn harmless(text: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    RUNS.replace_all(text, |found: &regex::bytes::Captures<'_>| {
        match found.get(1) {
            Some(_) => &b"_javascript_"[..],
            None => b"_expression_",
        }
    })
}

fn munged(text: &str) -> String {
    String::from_utf8_lossy(&harmless(text.as_bytes())).into_owned()
}

fn has_scheme(url: &str) -> bool {
    let end = url.find([':', '/', '?', '#']).unwrap_or(0);
    end > 0 && url[end..].starts_with(':')
}

fn joined(base: &str, url: &str) -> String {
    let authority_end = base.find("://").map_or(0, |at| {
        let start = at + 3;
        base[start..]
            .find('/')
            .map_or(base.len(), |end| start + end)
    });
    if url.starts_with('/') {
        return format!("{}{url}", &base[..authority_end]);
    }
    match base[authority_end..].rfind('/') {
        Some(at) => format!("{}{url}", &base[..=authority_end + at]),
        None => format!("{base}/{url}"),
    }
}

fn value(tag: &Tag, name: &str) -> Option<String> {
    let found = tag.attributes.iter().find(|(known, _)| known == name);
    found.and_then(|(_, value)| value.clone())
}

/// The content before an end tag.
fn inner(text: &[u8]) -> Vec<u8> {
    let end = memchr::memrchr(b'<', text)
        .filter(|at| text[*at..].starts_with(b"</"))
        .unwrap_or(text.len());
    let mut out = Vec::new();
    for byte in &text[..end] {
        match byte {
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            byte => out.push(*byte),
        }
    }
    out
}

fn read_head(head: &[u8], page: &mut Page) {
    let mut at = 0;
    while let Some(start) = memchr::memchr(b'<', &head[at..]).map(|found| at + found) {
        let rest = &head[start..];
        let Some((tag, length)) = tag(&rest[..rest.len().min(LONGEST_TAG)]) else {
            at = start + 1;
            continue;
        };
        at = start + length;
        match tag.name.as_str() {
            "title" if !tag.closes => {
                let end = closing(&head[at..], "title");
                if page.title.is_empty() {
                    page.title = inner(&head[at..at + end]);
                }
                at += end;
            }
            "base" => page.base = value(&tag, "href"),
            _ => {}
        }
    }
}

/// How long a comment or declaration is; an open one takes the rest.
fn declaration_length(text: &[u8]) -> usize {
    let end = match text.starts_with(b"<!--") {
        true => memchr::memmem::find(&text[4..], b"-->").map(|at| 4 + at + 3),
        false => memchr::memchr(b'>', text).map(|at| at + 1),
    };
    end.unwrap_or(text.len())
}

/// Where the element's end tag ends; an open one takes the rest.
fn closing(text: &[u8], name: &str) -> usize {
    let mut at = 0;
    while let Some(found) = memchr::memmem::find(&text[at..], b"</").map(|found| at + found) {
        let rest = &text[found + 2..];
        if rest
            .get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
        {
            return memchr::memchr(b'>', rest).map_or(text.len(), |end| found + 2 + end + 1);
        }
        at = found + 2;
    }
    text.len()
}

/// A tag at the beginning of a text, and its length; none where it is not one or does not end.
fn tag(text: &[u8]) -> Option<(Tag, usize)> {
    let mut at = 1;
    let closes = text.get(at) == Some(&b'/');
    if closes {
        at += 1;
    }
    let is_name =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'-' | b'_' | b'.');
    let length = text[at..].iter().take_while(|byte| is_name(**byte)).count();
    if !text.get(at)?.is_ascii_alphabetic() {
        return None;
    }
    let name = String::from_utf8_lossy(&text[at..at + length]).to_ascii_lowercase();
    at += length;
    let mut attributes = Vec::new();
    loop {
        while text
            .get(at)
            .is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'/')
        {
            at += 1;
        }
        match text.get(at)? {
            b'>' => break,
            // A tag within a tag: the outer one is none.
            b'<' => return None,
            _ => at = attribute(text, at, &mut attributes)?,
        }
    }
    let tag = Tag {
        name,
        closes,
        attributes,
    };
    Some((tag, at + 1))
}

/// Reads an attribute; answers where it ends. What is no name is skipped.
fn attribute(
    text: &[u8],
    start: usize,
    attributes: &mut Vec<(String, Option<String>)>,
) -> Option<usize> {
    let mut at = start;
    while text
        .get(at)
        .is_some_and(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'=' | b'>' | b'/'))
    {
        at += 1;
    }
    let name = String::from_utf8_lossy(&text[start..at]).to_ascii_lowercase();
    let clean = name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || ":-_.,".contains(c))
        && !name.is_empty();
    let mut next = at;
    while text.get(next).is_some_and(u8::is_ascii_whitespace) {
        next += 1;
    }
    if text.get(next) != Some(&b'=') {
        if clean {
            attributes.push((name, None));
        }
        return Some(at.max(start + 1));
    }
    next += 1;
    while text.get(next).is_some_and(u8::is_ascii_whitespace) {
        next += 1;
    }
    let (value, end) = match text.get(next)? {
        quote @ (b'"' | b'\'') => {
            let length = memchr::memchr(*quote, &text[next + 1..])?;
            (&text[next + 1..next + 1 + length], next + length + 2)
        }
        _ => {
            let length = text[next..]
                .iter()
                .take_while(|byte| !byte.is_ascii_whitespace() && **byte != b'>')
                .count();
            (&text[next..next + length], next + length)
        }
    };
    if clean {
        attributes.push((name, Some(String::from_utf8_lossy(value).into_owned())));
    }
    Some(end)
}
