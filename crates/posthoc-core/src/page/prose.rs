//! Lines of mail as HTML: what is prose, what keeps its columns, what is a link.

use super::clean::{body_line, code_line};
use super::direction::push_direction;
use super::linker::Linker;
use crate::text::Html;
/// Empty lines in a row that are kept.
const MOST_EMPTY_LINES: usize = 4;
/// A flowed line of more bytes was joined of several: no table, no code.
const LONGEST_FIXED: usize = 120;
/// Columns that a small phone shows without moving a frame, also in an answer to an answer on a thread's page.
const WIDEST_UNMOVED: usize = 26;
/// A paragraph whose longest line is shorter was not filled by a program.
const NARROWEST_FILL: usize = 50;

/// Appends fixed lines: paragraphs of prose, and frames for what keeps its columns.
pub(super) fn push_fixed<'a>(
    html: &mut Html,
    lines: impl Iterator<Item = &'a str>,
    linker: &Linker<'_>,
) {
    let (mut paragraph, mut frame): (Vec<&str>, Vec<&str>) = Default::default();
    let mut empty = 0;
    for line in lines {
        if !line.trim().is_empty() {
            paragraph.push(line);
            continue;
        }
        if paragraph.is_empty() {
            empty += 1;
        } else {
            push_paragraph(html, &paragraph, empty, &mut frame, linker);
            paragraph.clear();
            empty = 1;
        }
    }
    if !paragraph.is_empty() {
        push_paragraph(html, &paragraph, empty, &mut frame, linker);
    }
    push_frame(html, &mut frame, linker);
}

/// Appends flowed paragraphs: lines that follow each other without an empty one stay together, those
/// that keep their columns in a frame.
pub(super) fn push_flowed(html: &mut Html, paragraphs: &[String], linker: &Linker<'_>) {
    let is_empty = |text: &String| text.trim().is_empty();
    for group in paragraphs.split(is_empty).filter(|group| !group.is_empty()) {
        let mut lines: Vec<&str> = group.iter().map(String::as_str).collect();
        let joined = lines.iter().any(|line| line.len() > LONGEST_FIXED);
        if lines.len() > 1 && !joined && keeps_columns(&lines) {
            push_frame(html, &mut lines, linker);
        } else {
            html.push_literal("<p class=\"flow\"");
            push_direction(html, lines.iter().copied());
            html.push_literal(">");
            push_lines(html, &lines, false, linker);
            html.push_literal("</p>\n");
        }
    }
}

/// Appends one paragraph after so many empty lines, or adds it to the frame that is open: frames that
/// follow each other are one.
fn push_paragraph<'a>(
    html: &mut Html,
    lines: &[&'a str],
    empty: usize,
    frame: &mut Vec<&'a str>,
    linker: &Linker<'_>,
) {
    let empty = empty.min(MOST_EMPTY_LINES);
    if keeps_columns(lines) {
        let first = usize::from(frame.is_empty());
        frame.extend((first..empty).map(|_| ""));
        frame.extend(lines);
        return;
    }
    push_frame(html, frame, linker);
    html.push_literal(if is_filled(lines) {
        "<p class=\"fill\""
    } else {
        "<p"
    });
    push_direction(html, lines.iter().copied());
    html.push_literal(">");
    push_extra_lines(html, empty);
    push_lines(html, lines, false, linker);
    html.push_literal("</p>\n");
}

/// Appends a frame of those lines, if there are any, and empties them.
fn push_frame(html: &mut Html, lines: &mut Vec<&str>, linker: &Linker<'_>) {
    if lines.is_empty() {
        return;
    }
    html.push_literal("<pre class=\"cols\"");
    push_direction(html, lines.iter().copied());
    html.push_literal(moves(lines.iter().copied()));
    html.push_literal(">");
    push_lines(html, lines, true, linker);
    html.push_literal("</pre>\n");
    lines.clear();
}

/// An attribute for a frame of those lines: one that is wider than a phone is moved also without a mouse.
pub(super) fn moves<'a>(mut lines: impl Iterator<Item = &'a str>) -> &'static str {
    match lines.any(|line| line.chars().count() > WIDEST_UNMOVED) {
        true => " tabindex=\"0\"",
        false => "",
    }
}

/// Between paragraphs the style sheet puts one empty line; more are the author's.
fn push_extra_lines(html: &mut Html, empty: usize) {
    for _ in 1..empty {
        html.push_literal("\n");
    }
}

fn push_lines(html: &mut Html, lines: &[&str], code: bool, linker: &Linker<'_>) {
    for (n, line) in lines.iter().enumerate() {
        if n > 0 {
            html.push_literal("\n");
        }
        let clean = if code {
            code_line(line)
        } else {
            body_line(line)
        };
        linker.push(html, clean.trim_end());
    }
}

/// Whether the paragraph means something by its columns: code, tables, drawings.
fn keeps_columns(lines: &[&str]) -> bool {
    let mut levels = 0;
    let mut last_indent = None;
    for (n, line) in lines.iter().enumerate() {
        let text = line.trim_end();
        let inner = text.trim_start();
        let indent = text.len() - inner.len();
        let drawn = text.contains('\t')
            || inner.contains("   ")
            || inner.ends_with([';', '{', '}'])
            || inner.contains(['│', '┃', '─', '└', '├', '█']);
        if drawn {
            return true;
        }
        // The first line may stand in or out (a paragraph's or an item's indent).
        if n > 0 && last_indent != Some(indent) {
            levels += 1;
        }
        if n > 0 {
            last_indent = Some(indent);
        }
    }
    levels > 1
}

/// Whether a program filled the paragraph: every line end stands where the next word had no room.
/// Such a paragraph may be filled again on a narrow screen without losing a meaning.
fn is_filled(lines: &[&str]) -> bool {
    let width = |line: &str| line.trim_end().chars().count();
    let widest = lines.iter().map(|line| width(line)).max().unwrap_or(0);
    if lines.len() < 2 || widest < NARROWEST_FILL {
        return false;
    }
    lines.windows(2).all(|pair| {
        let next = pair[1].trim_start();
        let word = next
            .split_whitespace()
            .next()
            .map_or(0, |w| w.chars().count());
        let first = next.split(' ').next().unwrap_or_default();
        let item = next.starts_with(['-', '*', '+', '•', '|', '#', '>', '[', '('])
            || first.ends_with('>')
            || next
                .trim_start_matches(|c: char| c.is_ascii_digit())
                .starts_with(['.', ')', ':'])
                && next.starts_with(|c: char| c.is_ascii_digit());
        !item && width(pair[0]) + 1 + word + 3 > widest
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let mut html = Html::new();
        push_fixed(&mut html, text.lines(), &Linker::default());
        assert_eq!(html.as_str(), expected, "{text}");
    }

    #[test]
    fn paragraphs() {
        check("one\ntwo\n\nthree", "<p>one\ntwo</p>\n<p>three</p>\n");
        check("one\n\n\n\nfour", "<p>one</p>\n<p>\n\nfour</p>\n");
        check(
            "a b\n\nint x;\n\n\ty\n\nend",
            "<p>a b</p>\n<pre class=\"cols\">int x;\n\n\ty</pre>\n<p>end</p>\n",
        );
        check("", "");
        check("\n\n", "");
        check("a <b> & \u{1b}c", "<p>a &lt;b&gt; &amp; ␛c</p>\n");
    }

    #[test]
    fn filled_prose_may_be_filled_again() {
        let filled = [
            "The old archive cut every thread at the end of the month. Readers",
            "who follow a link into the middle of a discussion never find its",
            "beginning.",
        ];
        assert!(is_filled(&filled));
        assert!(!is_filled(&[
            "Dear all,",
            "here is a long line that goes to the usual column."
        ]));
        assert!(!is_filled(&["short", "lines"]));
        assert!(!keeps_columns(&filled));
    }

    #[test]
    fn columns() {
        assert!(keeps_columns(&["name      size", "a          1"]));
        assert!(keeps_columns(&[
            "def f(x):",
            "    if x:",
            "        return x"
        ]));
        assert!(!keeps_columns(&[
            "  An indented first line",
            "and the rest."
        ]));
        assert!(!keeps_columns(&["- an item that", "  goes on", "  and on"]));
    }
}
