//! HTML mail made safe.
//!
//! Two steps. First the source is read by our own small tokenizer and written again as well-nested
//! markup of known elements, no deeper than [`DEEPEST`]: the HTML parser's repair of bad nesting
//! takes quadratic time and memory on hostile input, so it must never have anything to repair.
//! Then ammonia decides what may stay; its answer is the only thing that reaches a page.

use super::BodyView;
use super::body::is_image_route;
use super::links::Links;
use crate::message::Limits;
use crate::text::Html;
use ammonia::{Builder, UrlRelative};
use std::collections::{HashMap, HashSet};

/// Open elements at most; tags beyond are left out, their text stays.
const DEEPEST: usize = 48;
/// Attributes looked at in one tag.
const MOST_ATTRIBUTES: usize = 24;

/// Elements that may stay, and as what: mail has no say in the page's outline.
const ELEMENTS: [(&str, &str); 52] = [
    ("a", "a"),
    ("abbr", "abbr"),
    ("b", "b"),
    ("blockquote", "blockquote"),
    ("br", "br"),
    ("caption", "caption"),
    ("center", "div"),
    ("cite", "cite"),
    ("code", "code"),
    ("dd", "dd"),
    ("del", "del"),
    ("div", "div"),
    ("dl", "dl"),
    ("dt", "dt"),
    ("em", "em"),
    ("h1", "h3"),
    ("h2", "h4"),
    ("h3", "h5"),
    ("h4", "h6"),
    ("h5", "h6"),
    ("h6", "h6"),
    ("hr", "hr"),
    ("i", "i"),
    ("img", "img"),
    ("ins", "ins"),
    ("kbd", "kbd"),
    ("li", "li"),
    ("ol", "ol"),
    ("p", "p"),
    ("pre", "pre"),
    ("q", "q"),
    ("s", "s"),
    ("samp", "samp"),
    ("small", "small"),
    ("span", "span"),
    ("strike", "s"),
    ("strong", "strong"),
    ("sub", "sub"),
    ("sup", "sup"),
    ("table", "table"),
    ("tbody", "tbody"),
    ("td", "td"),
    ("tfoot", "tfoot"),
    ("th", "th"),
    ("thead", "thead"),
    ("tr", "tr"),
    ("tt", "code"),
    ("u", "u"),
    ("ul", "ul"),
    ("var", "var"),
    ("wbr", "wbr"),
    ("xmp", "pre"),
];

/// Elements whose content is no text to read.
const SILENT: [&str; 12] = [
    "script", "style", "title", "textarea", "iframe", "noembed", "noframes", "noscript", "svg",
    "math", "template", "select",
];

const ATTRIBUTES: [&str; 12] = [
    "href", "src", "alt", "title", "width", "height", "colspan", "rowspan", "align", "dir", "lang",
    "border",
];

/// Appends an HTML part: no styles, no scripts, nothing remote; pictures only from the mail itself.
pub(super) fn push_html_mail(html: &mut Html, source: &str, view: &BodyView, links: &Links<'_>) {
    let most = Limits::default().html_bytes;
    let mut end = source.len().min(most);
    while !source.is_char_boundary(end) {
        end -= 1;
    }
    let nested = Rewriter::new(&source[..end]).run();
    html.push_literal("<div class=\"html\">");
    html.push(&sanitise(&nested, pictures(view, links)));
    html.push_literal("</div>\n");
    if end < source.len() {
        html.push_literal("<p class=\"note\">The rest of this part is too long to be shown.</p>\n");
    }
}

/// Links of the mail's own pictures by Content-ID.
fn pictures(view: &BodyView, links: &Links<'_>) -> HashMap<String, String> {
    view.body
        .attachments
        .iter()
        .zip(&view.files)
        .filter(|(_, route)| is_image_route(route))
        .filter_map(|(attachment, route)| Some((attachment.content_id.clone()?, links.to(route))))
        .collect()
}

fn sanitise(nested: &str, pictures: HashMap<String, String>) -> Html {
    let kept: HashSet<&str> = ELEMENTS.iter().map(|(_, kept)| *kept).collect();
    let on = |element, attributes: &[&'static str]| {
        (element, attributes.iter().copied().collect::<HashSet<_>>())
    };
    let document = Builder::empty()
        .tags(kept)
        .generic_attributes(HashSet::from(["dir", "lang", "title", "align"]))
        .tag_attributes(HashMap::from([
            on("a", &["href"]),
            on("img", &["src", "alt", "width", "height"]),
            on("table", &["border"]),
            on("td", &["colspan", "rowspan"]),
            on("th", &["colspan", "rowspan"]),
        ]))
        .url_schemes(HashSet::from(["http", "https", "ftp", "mailto", "cid"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("nofollow noopener noreferrer"))
        .attribute_filter(
            move |element, attribute, value| match (element, attribute) {
                ("img", "src") => pictures.get(content_id(value)?).cloned().map(Into::into),
                ("a", "href") => is_outward(value).then(|| value.into()),
                _ => Some(value.into()),
            },
        )
        .clean(nested);
    Html::sanitised(document)
}

fn content_id(url: &str) -> Option<&str> {
    let scheme = url.get(..4)?;
    scheme.eq_ignore_ascii_case("cid:").then(|| &url[4..])
}

/// Whether a link says where it leads: relative ones would lead into our own site.
fn is_outward(url: &str) -> bool {
    ["http://", "https://", "ftp://", "mailto:"]
        .iter()
        .any(|scheme| {
            url.get(..scheme.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        })
}

/// Reads tag soup, writes well-nested markup.
struct Rewriter<'a> {
    rest: &'a str,
    out: String,
    open: Vec<&'static str>,
}

impl<'a> Rewriter<'a> {
    fn new(source: &'a str) -> Self {
        Rewriter {
            rest: source,
            out: String::with_capacity(source.len()),
            open: Vec::new(),
        }
    }

    fn run(mut self) -> String {
        while let Some(at) = self.rest.find('<') {
            self.text(at);
            self.tag();
        }
        self.text(self.rest.len());
        while let Some(name) = self.open.pop() {
            self.write_close(name);
        }
        self.out
    }

    /// Text stays as it is, character references included.
    fn text(&mut self, end: usize) {
        self.out.push_str(&self.rest[..end].replace('>', "&gt;"));
        self.rest = &self.rest[end..];
    }

    /// At a `<`: a start tag, an end tag, something to be skipped, or just the character.
    fn tag(&mut self) {
        let after = &self.rest[1..];
        match after.bytes().next() {
            Some(b'!') if after.starts_with("!--") => self.skip_past("-->"),
            Some(b'!' | b'?') => self.skip_past(">"),
            Some(b'/') if after[1..].starts_with(|c: char| c.is_ascii_alphabetic()) => {
                self.rest = &after[1..];
                let name = self.name();
                self.skip_past(">");
                self.close(&name);
            }
            Some(letter) if letter.is_ascii_alphabetic() => {
                self.rest = after;
                let name = self.name();
                let attributes = self.attributes();
                self.start(&name, &attributes);
            }
            _ => {
                self.out.push_str("&lt;");
                self.rest = after;
            }
        }
    }

    fn skip_past(&mut self, end: &str) {
        self.rest = match self.rest.find(end) {
            Some(at) => &self.rest[at + end.len()..],
            None => "",
        };
    }

    fn name(&mut self) -> String {
        let end = self
            .rest
            .find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>')
            .unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        name.get(..name.len().min(16))
            .unwrap_or_default()
            .to_ascii_lowercase()
    }

    /// Reads attributes up to and with the `>`; a tag that never ends takes the rest with it.
    fn attributes(&mut self) -> Vec<(&'static str, &'a str)> {
        let mut found: Vec<(&'static str, &'a str)> = Vec::new();
        loop {
            self.rest = self
                .rest
                .trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            if self.rest.is_empty() {
                return found;
            }
            if let Some(rest) = self.rest.strip_prefix('>') {
                self.rest = rest;
                return found;
            }
            let (name, value) = self.attribute();
            let known = ATTRIBUTES
                .iter()
                .find(|known| name.eq_ignore_ascii_case(known));
            if let Some(known) = known
                && found.len() < MOST_ATTRIBUTES
                && found.iter().all(|(name, _)| name != known)
            {
                found.push((known, value));
            }
        }
    }

    fn attribute(&mut self) -> (&'a str, &'a str) {
        let stop = |c: char| c.is_ascii_whitespace() || c == '/' || c == '>' || c == '=';
        // An attribute's name may begin with an equals sign (HTML, before attribute name state).
        let first = self.rest.chars().next().map_or(0, char::len_utf8);
        let end = self.rest[first..]
            .find(stop)
            .map_or(self.rest.len(), |at| at + first);
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest.trim_start();
        let Some(value) = self.rest.strip_prefix('=') else {
            return (name, "");
        };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, rest) = match quote {
            Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            None => {
                let end = value
                    .find(|c: char| c.is_ascii_whitespace() || c == '>')
                    .unwrap_or(value.len());
                value.split_at(end)
            }
        };
        self.rest = rest;
        (name, value)
    }

    fn start(&mut self, name: &str, attributes: &[(&'static str, &str)]) {
        if SILENT.contains(&name) {
            return self.skip_element(name);
        }
        let Ok(known) = ELEMENTS.binary_search_by(|(element, _)| (*element).cmp(name)) else {
            return;
        };
        let kept = ELEMENTS[known].1;
        self.close_implied(kept);
        let void = is_void(kept);
        if !void && self.open.len() >= DEEPEST {
            return;
        }
        self.out.push('<');
        self.out.push_str(kept);
        for (name, value) in attributes {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            self.out.push_str(&value.replace('"', "&quot;"));
            self.out.push('"');
        }
        self.out.push('>');
        if !void {
            self.open.push(kept);
        }
    }

    /// Skips to after the element's end tag, or to the end.
    fn skip_element(&mut self, name: &str) {
        while let Some(at) = self.rest.find("</") {
            self.rest = &self.rest[at + 2..];
            let ends = self
                .rest
                .get(..name.len())
                .is_some_and(|end| end.eq_ignore_ascii_case(name));
            if ends {
                return self.skip_past(">");
            }
        }
        self.rest = "";
    }

    /// A new block ends a paragraph, a new item ends the item before.
    fn close_implied(&mut self, name: &str) {
        let (ended, walls): (&[&str], &[&str]) = match name {
            "li" => (&["li"], &["ul", "ol", "table"]),
            "dt" | "dd" => (&["dt", "dd"], &["dl", "table"]),
            "td" | "th" => (&["td", "th"], &["tr", "table"]),
            "tr" => (&["tr"], &["tbody", "thead", "tfoot", "table"]),
            "tbody" | "thead" | "tfoot" => (&["tbody", "thead", "tfoot"], &["table"]),
            "a" => (&["a"], &["table"]),
            "p" | "div" | "blockquote" | "ul" | "ol" | "dl" | "table" | "pre" | "hr" | "h3"
            | "h4" | "h5" | "h6" => (&["p"], &["td", "th", "li", "dd", "blockquote", "div"]),
            _ => return,
        };
        let found = self
            .open
            .iter()
            .rposition(|open| ended.contains(open) || walls.contains(open))
            .filter(|at| ended.contains(&self.open[*at]));
        if let Some(at) = found {
            self.close_to(at);
        }
    }

    /// An end tag closes everything in its element; one that matches nothing is left out.
    fn close(&mut self, name: &str) {
        let Ok(known) = ELEMENTS.binary_search_by(|(element, _)| (*element).cmp(name)) else {
            return;
        };
        let kept = ELEMENTS[known].1;
        let is_cell_wall = |open: &&str| matches!(*open, "table" | "td" | "th");
        let wall = match kept {
            "table" | "tbody" | "thead" | "tfoot" | "tr" | "td" | "th" => 0,
            _ => self.open.iter().rposition(is_cell_wall).unwrap_or(0),
        };
        let found = self.open[wall..].iter().rposition(|open| *open == kept);
        if let Some(at) = found {
            self.close_to(wall + at);
        }
    }

    fn close_to(&mut self, at: usize) {
        while self.open.len() > at {
            if let Some(name) = self.open.pop() {
                self.write_close(name);
            }
        }
    }

    fn write_close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }
}

fn is_void(name: &str) -> bool {
    matches!(name, "br" | "hr" | "img" | "wbr")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_sorted() {
        assert!(ELEMENTS.is_sorted());
    }

    fn check(source: &str, expected: &str) {
        let nested = Rewriter::new(source).run();
        let pictures = HashMap::from([("p@x".to_owned(), "../a/p.png".to_owned())]);
        assert_eq!(sanitise(&nested, pictures).as_str(), expected, "{source}");
    }

    #[test]
    fn safe_and_nested() {
        check("a < b & c", "a &lt; b &amp; c");
        check("<p>a<p>b", "<p>a</p><p>b</p>");
        check("<b>a<i>b</b>c</i>", "<b>a<i>b</i></b>c");
        check("<script>x</script>y<style>z", "y");
        check("<h1 style=x onclick=y>t</h1>", "<h3>t</h3>");
        check("<!-- <b> -->x<!doctype y>z", "xz");
        check("<svg><a href=x>y</a></svg>z", "z");
        check("<ul><li>a<li>b</ul>c", "<ul><li>a</li><li>b</li></ul>c");
        check(
            "<a href='https://x.example/\"' onclick=y>z</a>",
            "<a href=\"https://x.example/&quot;\" rel=\"nofollow noopener noreferrer\">z</a>",
        );
        for href in [
            "javascript:x",
            "/index.html",
            "//x.example",
            "cid:p@x",
            "data:x",
            " java\nscript:x",
        ] {
            check(
                &format!("<a href=\"{href}\">z</a>"),
                "<a rel=\"nofollow noopener noreferrer\">z</a>",
            );
        }
        check(
            "<img src=cid:p@x alt=y>",
            "<img src=\"../a/p.png\" alt=\"y\">",
        );
        check("<img src=https://x.example/y.png alt=y>", "<img alt=\"y\">");
        check("<img src=//x.example/y.png>", "<img>");
        check("<img src=../y.png>", "<img>");
        check("<form action=x><input name=y>z</form>", "z");
        check(
            "<a title=\"<img src=x onerror=y>\">z",
            "<a title=\"&lt;img src=x onerror=y&gt;\" rel=\"nofollow noopener noreferrer\">z</a>",
        );
        check("<", "&lt;");
        check("</", "&lt;/");
        check("<p", "<p></p>");
        check(
            "<a href=\"x",
            "<a rel=\"nofollow noopener noreferrer\"></a>",
        );
    }

    #[test]
    fn hostile_nesting_takes_no_time() {
        for piece in [
            "<div>",
            "<b><p>",
            "<a><table>",
            "<font size=1><p>x",
            "<i></b>",
            "<!--",
            "<x ",
            "</",
            "<table><td>",
        ] {
            let nested = Rewriter::new(&piece.repeat((1 << 18) / piece.len())).run();
            let html = sanitise(&nested, HashMap::new());
            assert!(html.as_str().len() < 16 << 20);
        }
    }
}
