//! The words of an HTML text, for search and snippets. Safety of pages does not depend on it.

/// Elements whose content is no text.
const SILENT: [&str; 5] = ["script", "style", "head", "title", "template"];

/// Elements that begin a new line.
const BLOCKS: [&str; 24] = [
    "address",
    "article",
    "blockquote",
    "br",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "table",
    "tr",
    "ul",
];

/// Takes the tags off and resolves entities. One pass over the bytes, no recursion; what cannot be
/// understood is dropped or stands as it is. Runs of blanks become one, blocks begin lines.
pub fn html_to_text(html: &str) -> String {
    let mut out = Words {
        text: String::with_capacity(html.len() / 2),
    };
    let mut rest = html;
    let mut comments_end = false;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        out.push(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with("<!--") && !comments_end {
            match rest.find("-->") {
                Some(end) => {
                    rest = &rest[end + 3..];
                    continue;
                }
                None => comments_end = true,
            }
        }
        let begins_tag =
            rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c));
        let end = begins_tag
            .then(|| memchr::memchr(b'>', rest.as_bytes()))
            .flatten();
        let Some(end) = end else {
            if begins_tag {
                // No `>` lies ahead: nothing behind here is a tag.
                break;
            }
            out.push("<");
            rest = &rest[1..];
            continue;
        };
        let tag = rest[1..end].to_ascii_lowercase();
        let name = tag.trim_start_matches('/');
        let name = &name[..name
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(name.len())];
        rest = &rest[end + 1..];
        if SILENT.contains(&name) && !tag.starts_with('/') && !tag.ends_with('/') {
            rest = after_silence(rest, name);
        } else if BLOCKS.contains(&name) {
            out.line();
        } else if matches!(name, "td" | "th") {
            out.push(" ");
        }
    }
    out.push(rest);
    out.text.truncate(out.text.trim_end().len());
    out.text
}

/// What follows the closing tag of a silent element; nothing when it is never closed.
pub(super) fn after_silence<'a>(html: &'a str, name: &str) -> &'a str {
    for at in memchr::memmem::find_iter(html.as_bytes(), b"</") {
        let closing = &html.as_bytes()[at + 2..];
        if closing.len() >= name.len()
            && closing[..name.len()].eq_ignore_ascii_case(name.as_bytes())
        {
            return &html[at..];
        }
    }
    ""
}

/// The text made so far.
struct Words {
    text: String,
}

impl Words {
    fn line(&mut self) {
        let kept = self.text.trim_end_matches(' ').len();
        self.text.truncate(kept);
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    fn push(&mut self, piece: &str) {
        let mut rest = piece;
        while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
            self.push_plain(&rest[..at]);
            rest = &rest[at..];
            match entity(rest) {
                Some((c, length)) => {
                    self.push_char(c);
                    rest = &rest[length..];
                }
                None => {
                    self.push_char('&');
                    rest = &rest[1..];
                }
            }
        }
        self.push_plain(rest);
    }

    fn push_plain(&mut self, piece: &str) {
        for c in piece.chars() {
            self.push_char(c);
        }
    }

    fn push_char(&mut self, c: char) {
        if c.is_whitespace() || c == '\u{a0}' {
            if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
                self.text.push(' ');
            }
        } else if !c.is_control() {
            self.text.push(c);
        }
    }
}

/// Reads a character reference at the start: the character and its length.
pub(super) fn entity(text: &str) -> Option<(char, usize)> {
    let body = &text.as_bytes()[1..text.len().min(12)];
    let end = body
        .iter()
        .position(|b| !(b.is_ascii_alphanumeric() || *b == b'#'))
        .unwrap_or(body.len());
    let name = std::str::from_utf8(&body[..end]).ok()?;
    let length = 1 + end + usize::from(body.get(end) == Some(&b';'));
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "copy" => '\u{a9}',
        "reg" => '\u{ae}',
        "mdash" => '\u{2014}',
        "ndash" => '\u{2013}',
        "hellip" => '\u{2026}',
        "lsquo" => '\u{2018}',
        "rsquo" => '\u{2019}',
        "ldquo" => '\u{201c}',
        "rdquo" => '\u{201d}',
        "bull" => '\u{2022}',
        "euro" => '\u{20ac}',
        "laquo" => '\u{ab}',
        "raquo" => '\u{bb}',
        _ => return numeric(name).or_else(|| latin1(name)).map(|c| (c, length)),
    };
    Some((c, length))
}

fn numeric(name: &str) -> Option<char> {
    let digits = name.strip_prefix('#')?;
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => digits.parse().ok()?,
    };
    char::from_u32(code)
}

/// Letters with marks: `eacute`, `Uuml`, `ccedil` (HTML 4's Latin-1 entities).
fn latin1(name: &str) -> Option<char> {
    const MARKS: [(&str, char); 8] = [
        ("grave", '\u{300}'),
        ("acute", '\u{301}'),
        ("circ", '\u{302}'),
        ("tilde", '\u{303}'),
        ("uml", '\u{308}'),
        ("ring", '\u{30a}'),
        ("cedil", '\u{327}'),
        ("caron", '\u{30c}'),
    ];
    match name {
        "szlig" => return Some('\u{df}'),
        "aelig" => return Some('\u{e6}'),
        "AElig" => return Some('\u{c6}'),
        "oslash" => return Some('\u{f8}'),
        "Oslash" => return Some('\u{d8}'),
        _ => {}
    }
    let letter = name.chars().next()?;
    let mark = MARKS
        .iter()
        .find(|(n, _)| *n == &name[letter.len_utf8()..])?
        .1;
    unicode_normalization::char::compose(letter, mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_html() {
        let check = |html: &str, text: &str| assert_eq!(html_to_text(html), text, "{html}");
        check("<p>Hello <b>world</b>.</p><p>Two</p>", "Hello world.\nTwo");
        check("a<br>b<BR/>c", "a\nb\nc");
        check(
            "<head><title>x</title></head>y<script>if (a<b) {}</script>z",
            "yz",
        );
        check("<script>never closed", "");
        check(
            "a &amp; b &lt;c&gt; &#233; &#xe9; &eacute; &nbsp; &bogus; &",
            "a & b <c> \u{e9} \u{e9} \u{e9} &bogus; &",
        );
        check("1 < 2 <!-- no --> 3", "1 < 2 3");
        check("a <!-- open", "a <!-- open");
        check("<table><tr><td>1</td><td>2</td></tr></table>", "1 2");
        check("x <a href=\"never", "x <a href=\"never");
    }
}
