//! Quote marks and format=flowed (RFC 3676).

use std::borrow::Cow;

/// A line of text with how deep it is quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// 0 for new text; at most 255.
    pub depth: u8,
    /// Without quote marks; in flowed text a whole paragraph.
    pub text: Cow<'a, str>,
}

/// Reads the quote marks at the start of a line: `>` in any number, a single blank between them
/// (`> > text`), and takes one blank behind them off. One blank before the first is allowed.
pub fn quote_depth(line: &str) -> (u8, &str) {
    let bytes = line.as_bytes();
    let mut depth = 0u8;
    let mut at = 0;
    loop {
        match (bytes.get(at), bytes.get(at + 1)) {
            (Some(b'>'), _) => at += 1,
            (Some(b' '), Some(b'>')) => at += 2,
            _ => break,
        }
        depth = depth.saturating_add(1);
    }
    let rest = &line[at..];
    (
        depth,
        if depth > 0 {
            rest.strip_prefix(' ').unwrap_or(rest)
        } else {
            line
        },
    )
}

/// The lines of fixed text.
pub fn fixed(text: &str) -> Vec<Line<'_>> {
    text.lines()
        .map(|line| {
            let (depth, text) = quote_depth(line);
            Line {
                depth,
                text: Cow::Borrowed(text),
            }
        })
        .collect()
}

/// The paragraphs of flowed text: lines that end in a blank are joined with the next one of the
/// same depth; `delsp` says that this blank is not part of the text. The signature line `-- ` never
/// flows. Linear.
pub fn flowed(text: &str, delsp: bool) -> Vec<Line<'_>> {
    let mut paragraphs: Vec<Line<'_>> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        let (depth, content) = unstuffed(line);
        let is_signature = content == "-- ";
        let soft = content.ends_with(' ') && !is_signature;
        let content = if soft && delsp {
            &content[..content.len() - 1]
        } else {
            content
        };
        match paragraphs.last_mut() {
            Some(last) if open && last.depth == depth && !is_signature => {
                last.text.to_mut().push_str(content);
            }
            _ => paragraphs.push(Line {
                depth,
                text: Cow::Borrowed(content),
            }),
        }
        open = soft;
    }
    paragraphs
}

/// A flowed line without quote marks and its stuffed blank. Marks after a blank count too once the
/// line is quoted: mailers that do not know flowed text quote with `> `.
fn unstuffed(line: &str) -> (u8, &str) {
    if line.starts_with('>') {
        return quote_depth(line);
    }
    (0, line.strip_prefix(' ').unwrap_or(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lines: Vec<Line<'_>>, expected: &[(u8, &str)]) {
        let found: Vec<_> = lines.iter().map(|l| (l.depth, l.text.as_ref())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn quote_marks() {
        for (line, depth, rest) in [
            ("text", 0, "text"),
            (" text", 0, " text"),
            ("> text", 1, "text"),
            (">text", 1, "text"),
            (">> text", 2, "text"),
            ("> > text", 2, "text"),
            (" > text", 1, "text"),
            (">  indented", 1, " indented"),
            (">", 1, ""),
            ("", 0, ""),
        ] {
            assert_eq!(quote_depth(line), (depth, rest), "{line}");
        }
        assert_eq!(quote_depth(&">".repeat(1_000)).0, 255);
    }

    #[test]
    fn paragraphs_flow() {
        check(flowed("a \nb\nc", false), &[(0, "a b"), (0, "c")]);
        check(flowed("a \nb", true), &[(0, "ab")]);
        check(flowed("> a \n> b \nc", false), &[(1, "a b "), (0, "c")]);
        check(flowed(">> a\n> > b", false), &[(2, "a"), (2, "b")]);
        check(
            flowed(" From\n >x\n  y", false),
            &[(0, "From"), (0, ">x"), (0, " y")],
        );
        check(
            flowed("a \n-- \nme", false),
            &[(0, "a "), (0, "-- "), (0, "me")],
        );
        check(fixed("a \n> b\n"), &[(0, "a "), (1, "b")]);
    }
}
