//! HTML of strangers read as a browser would and written again well nested, of known elements and
//! attributes only, no deeper than [`DEEPEST`]: what comes out needs no repair.

use std::collections::HashMap;

/// Open elements at most; tags beyond are left out, their text stays.
const DEEPEST: usize = 48;

/// Attributes looked at in one tag.
const MOST_ATTRIBUTES: usize = 24;

/// Elements that may stay, and as what: mail has no say in the page's outline.
pub(super) const ELEMENTS: [(&str, &str); 52] = [
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

/// The id of a `cid:` URL (RFC 2392).
pub(super) fn content_id(url: &str) -> Option<&str> {
    let scheme = url.get(..4)?;
    scheme.eq_ignore_ascii_case("cid:").then(|| &url[4..])
}

/// Reads tag soup, writes well-nested markup.
pub(super) struct Rewriter<'a> {
    rest: &'a str,
    pictures: &'a HashMap<String, String>,
    out: String,
    open: Vec<&'static str>,
}

impl<'a> Rewriter<'a> {
    /// Over a source, with the links of the mail's own pictures by Content-ID.
    pub(super) fn new(source: &'a str, pictures: &'a HashMap<String, String>) -> Self {
        Rewriter {
            rest: source,
            pictures,
            out: String::with_capacity(source.len()),
            open: Vec::new(),
        }
    }

    /// The markup.
    pub(super) fn run(mut self) -> String {
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
        if kept == "img" && !self.has_picture(attributes) {
            return self.write_words_for(attributes);
        }
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

    fn has_picture(&self, attributes: &[(&'static str, &str)]) -> bool {
        let source = attributes.iter().find(|(name, _)| *name == "src");
        source
            .and_then(|(_, url)| content_id(url))
            .is_some_and(|id| self.pictures.contains_key(id))
    }

    /// A picture that is not in the mail is never fetched; its words stand in its place.
    fn write_words_for(&mut self, attributes: &[(&'static str, &str)]) {
        let words = attributes.iter().find(|(name, _)| *name == "alt");
        if let Some((_, words)) = words.filter(|(_, words)| !words.trim().is_empty()) {
            let words = words.replace('<', "&lt;").replace('>', "&gt;");
            self.out.push_str(&format!("[{words}]"));
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
}
