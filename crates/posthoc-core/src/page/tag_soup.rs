//! HTML of strangers read as a browser would and written again well nested, of known elements and
//! attributes only, no deeper than [`DEEPEST`]: what comes out needs no repair.

use super::nest::{DEEPEST, Nest, UNWRITTEN};
use super::styles::classes;
use std::collections::HashMap;

/// Attributes looked at in one tag.
const MOST_ATTRIBUTES: usize = 24;

/// What may stay of a stranger's HTML.
pub(super) struct Dialect {
    attributes: &'static [&'static str],
    /// Whether styles become classes of our own, and pictures that are not in the mail words.
    restyles: bool,
}

/// For our own pages: a mail's sense, in our own look.
pub(super) static OWN: Dialect = Dialect {
    attributes: &ATTRIBUTES,
    restyles: true,
};

/// For pages of other archivers, which show a mail in its own look.
pub(super) static AS_WRITTEN: Dialect = Dialect {
    attributes: &ATTRIBUTES_AS_WRITTEN,
    restyles: false,
};

impl Dialect {
    /// As what an element stays, if it may.
    fn kept(&self, name: &str) -> Option<&'static str> {
        let known = ELEMENTS.binary_search_by(|(element, _)| (*element).cmp(name));
        match (known.map(|at| ELEMENTS[at]), self.restyles) {
            (Ok((_, kept)), true) => Some(kept),
            // It is no element for a reader that knows the standard.
            (Ok(("xmp", kept)), false) => Some(kept),
            (Ok((element, _)), false) => Some(element),
            (Err(_), true) => None,
            (Err(_), false) => MORE_AS_WRITTEN.into_iter().find(|more| *more == name),
        }
    }

    /// Everything that may come out.
    pub(super) fn all(&self) -> impl Iterator<Item = &'static str> {
        let names = ELEMENTS.iter().map(|(element, _)| *element);
        names
            .chain(MORE_AS_WRITTEN)
            .filter_map(|name| self.kept(name))
    }
}

/// Elements that may stay, and as what: mail has no say in the page's outline.
const ELEMENTS: [(&str, &str); 53] = [
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
    ("font", "span"),
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

/// Elements that may stay beside these where a mail keeps its own look.
const MORE_AS_WRITTEN: [&str; 4] = ["acronym", "address", "big", "dfn"];

/// Elements whose content is no text to read.
const SILENT: [&str; 12] = [
    "script", "style", "title", "textarea", "iframe", "noembed", "noframes", "noscript", "svg",
    "math", "template", "select",
];

const ATTRIBUTES: [&str; 17] = [
    "href", "src", "alt", "title", "width", "height", "colspan", "rowspan", "align", "dir", "lang",
    "border", "style", "class", "type", "color", "face",
];

const ATTRIBUTES_AS_WRITTEN: [&str; 24] = [
    "href",
    "src",
    "alt",
    "title",
    "width",
    "height",
    "colspan",
    "rowspan",
    "align",
    "dir",
    "lang",
    "border",
    "style",
    "color",
    "face",
    "size",
    "bgcolor",
    "valign",
    "nowrap",
    "cellpadding",
    "cellspacing",
    "noshade",
    "start",
    "type",
];

/// Of [`ATTRIBUTES`], those that are only read: see [`classes`].
const READ: [&str; 6] = ["style", "class", "type", "color", "face", "align"];

/// Sides of a picture that is there to tell its sender who reads, in pixels.
const SPYING: u32 = 3;

/// The id of a `cid:` URL (RFC 2392).
pub(super) fn content_id(url: &str) -> Option<&str> {
    let scheme = url.get(..4)?;
    scheme.eq_ignore_ascii_case("cid:").then(|| &url[4..])
}

/// Reads tag soup, writes well-nested markup.
pub(super) struct Rewriter<'a> {
    dialect: &'static Dialect,
    rest: &'a str,
    pictures: &'a HashMap<String, String>,
    nest: Nest,
}

impl<'a> Rewriter<'a> {
    /// Over a source, with the links of the mail's own pictures by Content-ID.
    pub(super) fn new(
        dialect: &'static Dialect,
        source: &'a str,
        pictures: &'a HashMap<String, String>,
    ) -> Self {
        Rewriter {
            dialect,
            rest: source,
            pictures,
            nest: Nest::new(source.len(), dialect.restyles),
        }
    }

    /// The markup.
    pub(super) fn run(mut self) -> String {
        while let Some(at) = self.rest.find('<') {
            self.text(at);
            self.tag();
        }
        self.text(self.rest.len());
        self.nest.done()
    }

    /// Text stays as it is, character references included.
    fn text(&mut self, end: usize) {
        self.nest
            .out
            .push_str(&self.rest[..end].replace('>', "&gt;"));
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
                self.nest.out.push_str("&lt;");
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
            let known = self
                .dialect
                .attributes
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
        let Some(kept) = self.dialect.kept(name) else {
            return;
        };
        let picture = match kept {
            "img" if self.dialect.restyles => match self.picture(attributes) {
                Some(picture) => Some(picture),
                None => return self.write_words_for(attributes),
            },
            _ => None,
        };
        self.close_implied(kept);
        let void = is_void(kept);
        if !void && self.nest.depth() >= DEEPEST {
            return;
        }
        let restyles = self.dialect.restyles;
        let classes = match restyles {
            true => classes(name, attributes),
            false => Vec::new(),
        };
        let says = |(name, _): &(&str, &str)| !restyles || !READ.contains(name);
        if restyles && kept == "span" && classes.is_empty() && !attributes.iter().any(says) {
            return self.nest.start(UNWRITTEN, "", false);
        }
        let mut tag = format!("<{kept}");
        for (name, value) in attributes.iter().filter(|attribute| says(attribute)) {
            let value = match picture {
                Some(picture) if *name == "src" => picture,
                _ => value,
            };
            match restyles && *name == "href" {
                true => push_attribute(&mut tag, name, &url(value)),
                false => push_attribute(&mut tag, name, value),
            }
        }
        if let Some(picture) = picture
            && value(attributes, "alt").is_none()
        {
            push_attribute(&mut tag, "alt", file_name(picture));
        }
        if !classes.is_empty() {
            push_attribute(&mut tag, "class", &classes.join(" "));
        }
        tag.push('>');
        self.nest.start(kept, &tag, void);
    }

    /// The link of a picture that is in the mail.
    fn picture(&self, attributes: &[(&'static str, &str)]) -> Option<&'a str> {
        let id = content_id(value(attributes, "src")?)?;
        let link = self.pictures.get(id).or_else(|| {
            let decoded = percent_decoded(id)?;
            self.pictures.get(&decoded)
        });
        link.map(String::as_str)
    }

    /// A picture that is not in the mail is never fetched; its words stand in its place and lead to
    /// it, where no other link is. One too small to be seen, or with words that say nothing, is left
    /// out.
    fn write_words_for(&mut self, attributes: &[(&'static str, &str)]) {
        let source = value(attributes, "src").unwrap_or_default().trim();
        let small = |side| {
            let side = value(attributes, side).and_then(|side| side.trim().parse::<u32>().ok());
            side.is_some_and(|side| side <= SPYING)
        };
        let words = match value(attributes, "alt") {
            Some(words) => words,
            None => file_name(source),
        };
        if words.trim().is_empty() || small("width") || small("height") {
            return;
        }
        let words = words.replace('<', "&lt;").replace('>', "&gt;");
        let remote = ["http://", "https://"].iter().any(|scheme| {
            source
                .get(..scheme.len())
                .is_some_and(|s| s.eq_ignore_ascii_case(scheme))
        });
        let element = match remote && !self.nest.has("a") && self.nest.depth() < DEEPEST {
            true => "a",
            false => "span",
        };
        let mut tag = format!("<{element}");
        if element == "a" {
            push_attribute(&mut tag, "href", &url(source));
        }
        push_attribute(&mut tag, "class", "m-remote");
        let out = &mut self.nest.out;
        out.push_str(&format!("{tag}>[{words}]</{element}>"));
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
            "p" | "div" | "center" | "address" | "blockquote" | "ul" | "ol" | "dl" | "table"
            | "pre" | "hr" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => (
                &["p"],
                &["td", "th", "li", "dd", "blockquote", "div", "center"],
            ),
            _ => return,
        };
        let found = self
            .nest
            .innermost(0, |open| ended.contains(&open) || walls.contains(&open))
            .filter(|at| ended.contains(&self.nest.name(*at)));
        if let Some(at) = found {
            self.nest.close_to(at);
        }
    }

    /// An end tag closes everything in its element; one that matches nothing is left out.
    fn close(&mut self, name: &str) {
        let Some(kept) = self.dialect.kept(name) else {
            return;
        };
        let is_cell_wall = |open: &str| matches!(open, "table" | "td" | "th");
        let wall = match kept {
            "table" | "tbody" | "thead" | "tfoot" | "tr" | "td" | "th" => 0,
            _ => self.nest.innermost(0, is_cell_wall).unwrap_or(0),
        };
        let is_kept = |open: &str| open == kept || (kept == "span" && open == UNWRITTEN);
        if let Some(at) = self.nest.innermost(wall, is_kept) {
            self.nest.end(at);
        }
    }
}

fn push_attribute(tag: &mut String, name: &str, value: &str) {
    tag.push(' ');
    tag.push_str(name);
    tag.push_str("=\"");
    tag.push_str(&value.replace('"', "&quot;"));
    tag.push('"');
}

fn value<'v>(attributes: &[(&'static str, &'v str)], name: &str) -> Option<&'v str> {
    let found = attributes.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| *value)
}

/// A URL without the line ends and the blanks around it that browsers pass over (URL Standard), other
/// blanks encoded.
fn url(written: &str) -> String {
    let written = written.trim().replace(['\n', '\r', '\t'], "");
    written.replace(' ', "%20")
}

/// The last piece of a URL's path, where it looks like a file's name.
fn file_name(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.%".contains(&b);
    let is_name = name.contains('.') && name.len() <= 60 && name.bytes().all(plain);
    if is_name { name } else { "" }
}

/// Undoes `%20` and its like (RFC 2392 has Content-IDs in URLs so); none when nothing is to be undone.
fn percent_decoded(text: &str) -> Option<String> {
    text.contains('%').then_some(())?;
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let byte = digits.and_then(|two| u8::from_str_radix(two, 16).ok());
        match byte.filter(|_| *first == b'%') {
            Some(byte) => {
                out.push(byte);
                rest = &after[2..];
            }
            None => {
                out.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(out).ok()
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
