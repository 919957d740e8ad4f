//! text/enriched (RFC 1896) and its forerunner text/richtext (RFC 1341) as HTML, which is then
//! made safe like any other.

/// Commands and the elements that they are; of both languages.
const COMMANDS: [(&str, &str, &str); 21] = [
    ("bold", "<b>", "</b>"),
    ("italic", "<i>", "</i>"),
    ("underline", "<u>", "</u>"),
    ("fixed", "<tt>", "</tt>"),
    ("smaller", "<small>", "</small>"),
    ("bigger", "<b>", "</b>"),
    ("center", "<div align=center>", "</div>"),
    ("flushleft", "<div align=left>", "</div>"),
    ("flushright", "<div align=right>", "</div>"),
    ("flushboth", "<div>", "</div>"),
    ("excerpt", "<blockquote type=cite>", "</blockquote>"),
    ("paraindent", "<blockquote>", "</blockquote>"),
    ("indent", "<blockquote>", "</blockquote>"),
    ("paragraph", "<p>", "</p>"),
    ("signature", "<small>", "</small>"),
    ("heading", "<b>", "</b><br>"),
    ("footing", "<small>", "</small>"),
    ("subscript", "<sub>", "</sub>"),
    ("superscript", "<sup>", "</sup>"),
    ("verbatim", "<pre>", "</pre>"),
    ("nofill", "<pre>", "</pre>"),
];

/// Which of the two languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enriched {
    /// text/enriched: one line end is a blank, more are one less; `<<` is `<`.
    Enriched,
    /// text/richtext: line ends are blanks; `<nl>` ends a line, `<lt>` is `<`.
    Richtext,
}

/// The text as HTML. One pass, no recursion; commands that nobody knows are left out, their text
/// stays. The result is as little to be trusted as what somebody sent.
pub fn enriched_to_html(text: &str, language: Enriched) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    let mut rest = text;
    let mut verbatim = 0_usize;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        push_text(&mut out, &rest[..at], language, verbatim > 0);
        rest = &rest[at + 1..];
        if language == Enriched::Enriched && rest.starts_with('<') {
            out.push_str("&lt;");
            rest = &rest[1..];
            continue;
        }
        let Some((command, after)) = command(rest) else {
            out.push_str("&lt;");
            continue;
        };
        rest = after;
        let (name, closes) = match command.strip_prefix('/') {
            Some(name) => (name, true),
            None => (command, false),
        };
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "param" | "comment" if !closes => rest = behind(rest, &name),
            "nl" => out.push_str("<br>"),
            "np" => out.push_str("<hr>"),
            "lt" => out.push_str("&lt;"),
            _ => {
                if let Some((_, open, close)) = COMMANDS.iter().find(|known| known.0 == name) {
                    out.push_str(if closes { close } else { open });
                    if matches!(name.as_str(), "verbatim" | "nofill") {
                        let inside = if closes {
                            verbatim.checked_sub(1)
                        } else {
                            Some(1)
                        };
                        verbatim = inside.unwrap_or_default();
                    }
                }
            }
        }
    }
    push_text(&mut out, rest, language, verbatim > 0);
    out
}

/// A command's name behind its `<`, at most 60 characters, and what follows its `>`.
fn command(rest: &str) -> Option<(&str, &str)> {
    let end = rest.bytes().take(62).position(|b| b == b'>')?;
    let name = &rest[..end];
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'/');
    (end > 0 && name.bytes().all(plain)).then(|| (name, &rest[end + 1..]))
}

/// What follows the command that closes; a parameter that is never closed ends at its line.
fn behind<'a>(rest: &'a str, name: &str) -> &'a str {
    let mut at = 0;
    for _ in 0..64 {
        let Some(next) = rest[at..].find("</").map(|n| at + n) else {
            break;
        };
        if let Some((found, after)) = command(&rest[next + 1..])
            && found[1..].eq_ignore_ascii_case(name)
        {
            return after;
        }
        at = next + 2;
    }
    rest.find('\n').map_or("", |end| &rest[end..])
}

fn push_text(out: &mut String, text: &str, language: Enriched, verbatim: bool) {
    let mut ends = 0_usize;
    for c in text.chars() {
        if c == '\r' {
            continue;
        }
        if c == '\n' && !verbatim {
            ends += 1;
            continue;
        }
        push_ends(out, std::mem::take(&mut ends), language);
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
    push_ends(out, ends, language);
}

fn push_ends(out: &mut String, ends: usize, language: Enriched) {
    match (ends, language) {
        (0, _) => {}
        (1, _) | (_, Enriched::Richtext) => out.push('\n'),
        (n, Enriched::Enriched) => (1..n.min(4)).for_each(|_| out.push_str("<br>\n")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, language: Enriched, html: &str) {
        assert_eq!(enriched_to_html(text, language), html, "{text}");
    }

    #[test]
    fn enriched_is_html() {
        check(
            "<bold>Now</bold> is\nthe <italic>time\n\nfor</italic> a << b",
            Enriched::Enriched,
            "<b>Now</b> is\nthe <i>time<br>\nfor</i> a &lt; b",
        );
        check(
            "<color><param>red</param>x</color><excerpt>q</excerpt>",
            Enriched::Enriched,
            "x<blockquote type=cite>q</blockquote>",
        );
        check(
            "<nofill>a\n\n b</nofill>",
            Enriched::Enriched,
            "<pre>a\n\n b</pre>",
        );
        check("<script>x & y</script>", Enriched::Enriched, "x &amp; y");
        check("<param>never", Enriched::Enriched, "");
        check(
            "< x <img src=y>",
            Enriched::Enriched,
            "&lt; x &lt;img src=y&gt;",
        );
    }

    #[test]
    fn richtext_is_html() {
        check(
            "<bold>a</bold> <lt>b\n\nc<nl>d<comment>e</comment>",
            Enriched::Richtext,
            "<b>a</b> &lt;b\nc<br>d",
        );
    }
}
