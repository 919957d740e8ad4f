//! HTML as text to be read: paragraphs, lists, tables, quotes, links. What counts for the identity of
//! a mail is [`html_to_text`](super::html_to_text), which stays as it is; this one may become better.

use super::html_text::{after_silence, entity};

/// Levels of quotes and of lists that are drawn.
const DEEPEST: usize = 8;
/// Lists within lists that are counted.
const MOST_LISTS: usize = 64;
/// Longest address of a link, in bytes.
const LONGEST_LINK: usize = 300;

/// Elements whose content is no text.
const SILENT: [&str; 6] = ["script", "style", "head", "title", "template", "noframes"];

/// How much is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Links {
    /// Links are their words and, behind them, where they lead.
    Told,
    /// Links are their words.
    Words,
}

/// The text of HTML, in lines: quotes have `> ` before them, items of lists `* ` or a number, cells of
/// a row ` | ` between them. One pass, no recursion, time linear in the source.
pub fn html_to_lines(html: &str, links: Links) -> String {
    let mut writer = Writer {
        links,
        ..Writer::new(html.len())
    };
    let mut rest = html;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        writer.text(&rest[..at]);
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let begins_tag =
            rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c));
        let Some(end) = begins_tag.then(|| tag_end(rest)).flatten() else {
            if begins_tag {
                rest = "";
                break;
            }
            writer.text("<");
            rest = &rest[1..];
            continue;
        };
        let (tag, after) = (&rest[1..end], &rest[end + 1..]);
        rest = after;
        let (closes, tag) = match tag.strip_prefix('/') {
            Some(tag) => (true, tag),
            None => (false, tag),
        };
        let name_end = tag
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(tag.len());
        let name = tag[..name_end.min(12)].to_ascii_lowercase();
        if SILENT.contains(&name.as_str()) && !closes && !tag.ends_with('/') {
            rest = after_silence(rest, &name);
        } else if closes {
            writer.close(&name);
        } else {
            writer.open(&name, &tag[name_end..]);
        }
    }
    writer.text(rest);
    writer.done()
}

/// Where a tag ends: at the first `>` outside quotes, else at the first one.
fn tag_end(tag: &str) -> Option<usize> {
    const LONGEST: usize = 8_192;
    let first = memchr::memchr(b'>', tag.as_bytes())?;
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate().take(LONGEST) {
        match (byte, quote) {
            (b'>', None) => return Some(at),
            (b'"' | b'\'', None) => quote = Some(byte),
            (byte, Some(open)) if byte == open => quote = None,
            _ => {}
        }
    }
    Some(first)
}

struct Writer {
    links: Links,
    out: String,
    /// The line that is being written, without its prefix.
    line: String,
    quotes: usize,
    /// Open lists: the number of the next item, none without numbers.
    lists: Vec<Option<u32>>,
    /// What stands before the next text of an item.
    bullet: Option<String>,
    verbatim: bool,
    /// An empty line is wanted before the next text.
    gap: bool,
    /// Where the open link leads, and where its words begin in the line.
    link: Option<(String, usize)>,
}

impl Writer {
    fn new(size: usize) -> Self {
        Writer {
            links: Links::Told,
            out: String::with_capacity(size / 2),
            line: String::new(),
            quotes: 0,
            lists: Vec::new(),
            bullet: None,
            verbatim: false,
            gap: false,
            link: None,
        }
    }

    fn open(&mut self, name: &str, attributes: &str) {
        match name {
            "br" => self.end_line(true),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "table" => self.end_block(),
            "pre" => {
                self.end_block();
                self.verbatim = true;
            }
            "blockquote" => {
                self.end_block();
                self.quotes += 1;
            }
            "ul" | "ol" => {
                self.end_line(false);
                self.gap |= self.lists.is_empty();
                if self.lists.len() < MOST_LISTS {
                    self.lists.push((name == "ol").then_some(1));
                }
            }
            "li" => {
                self.end_line(false);
                self.bullet = Some(match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number = number.saturating_add(1);
                        format!("{}. ", *number - 1)
                    }
                    _ => "* ".to_owned(),
                });
            }
            "td" | "th" if !self.line.trim().is_empty() => self.line.push_str(" | "),
            "hr" => {
                self.end_line(false);
                self.line.push_str("----");
                self.end_line(false);
            }
            "a" => self.link = attribute(attributes, "href").map(|href| (href, self.line.len())),
            "img" => {
                let words = attribute(attributes, "alt").unwrap_or_default();
                if !words.trim().is_empty() {
                    self.text(&format!("[{}]", words.trim()));
                }
            }
            "div" | "tr" | "center" | "dl" | "dt" | "dd" | "address" | "article" | "section"
            | "header" | "footer" | "figure" | "caption" | "form" => self.end_line(false),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "table" => self.end_block(),
            "pre" => {
                self.end_block();
                self.verbatim = false;
            }
            "blockquote" => {
                self.end_block();
                self.quotes = self.quotes.saturating_sub(1);
            }
            "ul" | "ol" => {
                self.end_line(false);
                self.lists.pop();
                self.gap |= self.lists.is_empty();
                self.bullet = None;
            }
            "a" => self.end_link(),
            "li" | "div" | "tr" | "center" | "dl" | "dd" | "address" | "article" | "section"
            | "header" | "footer" | "figure" | "caption" | "form" => self.end_line(false),
            _ => {}
        }
    }

    fn end_link(&mut self) {
        let Some((href, from)) = self.link.take() else {
            return;
        };
        let words = self.line.get(from..).unwrap_or_default().trim();
        let bare = |url: &str| {
            let url = url.split_once("://").map_or(url, |(_, rest)| rest);
            url.trim_end_matches('/').to_owned()
        };
        let leads = ["http://", "https://", "ftp://"].iter().any(|scheme| {
            href.get(..scheme.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        });
        if self.links == Links::Told
            && leads
            && href.len() <= LONGEST_LINK
            && !words.is_empty()
            && bare(words) != bare(&href)
        {
            self.line.push_str(" <");
            self.line.push_str(&href);
            self.line.push('>');
        }
    }

    fn text(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
            self.plain(&rest[..at]);
            rest = &rest[at..];
            let (c, length) = entity(rest).unwrap_or(('&', 1));
            self.push(c);
            rest = &rest[length..];
        }
        self.plain(rest);
    }

    fn plain(&mut self, text: &str) {
        text.chars().for_each(|c| self.push(c));
    }

    fn push(&mut self, c: char) {
        if self.verbatim && c == '\n' {
            self.end_line(true);
        } else if self.verbatim && c != '\r' {
            self.line.push(c);
        } else if c.is_whitespace() || c == '\u{a0}' {
            if !self.line.is_empty() && !self.line.ends_with(' ') {
                self.line.push(' ');
            }
        } else if !c.is_control() {
            self.line.push(c);
        }
    }

    fn end_block(&mut self) {
        self.end_line(false);
        self.gap = true;
    }

    /// Ends the line; one without text is an empty one only where that was `asked` for.
    fn end_line(&mut self, asked: bool) {
        let line = std::mem::take(&mut self.line);
        let line = line.trim_end();
        if let Some((_, from)) = &mut self.link {
            *from = 0;
        }
        if line.trim_end_matches([' ', '|']).is_empty() {
            self.gap |= asked;
            return;
        }
        if std::mem::take(&mut self.gap) && !self.out.is_empty() {
            self.prefix();
            self.out.truncate(self.out.trim_end_matches(' ').len());
            self.out.push('\n');
        }
        self.prefix();
        let level = self.lists.len().clamp(1, DEEPEST) - 1;
        for _ in 0..level {
            self.out.push_str("  ");
        }
        match self.bullet.take() {
            Some(bullet) => self.out.push_str(&bullet),
            None if !self.lists.is_empty() => self.out.push_str("  "),
            None => {}
        }
        self.out.push_str(line);
        self.out.push('\n');
    }

    fn prefix(&mut self) {
        for _ in 0..self.quotes.min(DEEPEST) {
            self.out.push_str("> ");
        }
    }

    fn done(mut self) -> String {
        self.end_line(false);
        self.out.truncate(self.out.trim_end().len());
        self.out
    }
}

/// An attribute's value, its references resolved.
fn attribute(attributes: &str, name: &str) -> Option<String> {
    let mut from = 0;
    // A tag is short, and few attributes have the name of another one at their end.
    for _ in 0..32 {
        let lower = attributes.get(from..)?;
        let at = find_ignoring_case(lower, name)? + from;
        from = at + name.len();
        let begins =
            attributes[..at].ends_with(|c: char| c.is_ascii_whitespace() || c == '"' || c == '\'');
        let value = attributes[from..].trim_start();
        let Some(value) = value.strip_prefix('=').filter(|_| begins) else {
            continue;
        };
        let value = value.trim_start();
        let value = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split(quote).next(),
            _ => value.split(|c: char| c.is_ascii_whitespace()).next(),
        };
        return value.map(resolved);
    }
    None
}

fn find_ignoring_case(text: &str, name: &str) -> Option<usize> {
    let first = name.as_bytes().first()?;
    let (lower, upper) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
    memchr::memchr2_iter(lower, upper, text.as_bytes()).find(|at| {
        let piece = text.as_bytes().get(*at..*at + name.len());
        piece.is_some_and(|piece| piece.eq_ignore_ascii_case(name.as_bytes()))
    })
}

fn resolved(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        let (c, length) = entity(&rest[at..]).unwrap_or(('&', 1));
        out.push(c);
        rest = &rest[at + length..];
    }
    out.push_str(rest);
    out.retain(|c| !c.is_control());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, text: &str) {
        assert_eq!(html_to_lines(html, Links::Told), text, "{html}");
    }

    #[test]
    fn lines_of_html() {
        check(
            "<p>Hello <b>world</b>.</p><p>Two</p>",
            "Hello world.\n\nTwo",
        );
        check("a<br>b<BR/>c<br><br>d", "a\nb\nc\n\nd");
        check(
            "<ul><li>one<li>two<ol><li>x<li>y</ol></ul>z",
            "* one\n* two\n  1. x\n  2. y\n\nz",
        );
        check(
            "<table><tr><th>Stall<th>Goods</tr><tr><td>1<td>Bread</tr></table>",
            "Stall | Goods\n1 | Bread",
        );
        check(
            "Yes.<blockquote>Is it?<blockquote>It is.</blockquote></blockquote>Good.",
            "Yes.\n>\n> Is it?\n> >\n> > It is.\n\nGood.",
        );
        check(
            "See <a href='https://x.example/?a=1&amp;b=2'>the page</a>, <a href=https://y.example/>y.example</a>.",
            "See the page <https://x.example/?a=1&b=2>, y.example.",
        );
        check("<a href=javascript:x>y</a> <a>z</a>", "y z");
        check("<pre>a\n  b\n</pre>c", "a\n  b\n\nc");
        check(
            "<img src=x alt='The &quot;bell&quot;'><hr>x",
            "[The \"bell\"]\n----\nx",
        );
        check(
            "<style>p{}</style><script>if (a<b) {}</script>y<!-- n -->",
            "y",
        );
        check("a < b &amp; c &bogus; &", "a < b & c &bogus; &");
        check("x <a href=\"never", "x");
        check("<p title='a>b'>c", "c");
        assert_eq!(
            html_to_lines("<a href=https://x.example/>w</a>", Links::Words),
            "w"
        );
    }

    #[test]
    fn deep_and_broken_takes_no_time() {
        for piece in [
            "<blockquote>",
            "<ul><li>a",
            "</ul>",
            "<a href=x",
            "<!--",
            "<td>",
            "<pre>\n",
            "<p ='",
            "&#",
            "<br>",
        ] {
            let text = html_to_lines(&piece.repeat((1 << 18) / piece.len()), Links::Told);
            assert!(text.len() < 16 << 20, "{piece}");
        }
    }
}
