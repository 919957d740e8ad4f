//! text/plain.

use super::arguments::Arguments;
use super::links::push_urls;
use super::{flowed, header};
use crate::archive::Archive;
use crate::resources::Name;
use posthoc_core::message::Part;

/// Columns from one stop of a tab to the next.
const TAB: usize = 8;

/// Whether text is HTML in disguise.
pub(super) fn looks_like_html(text: &[u8]) -> bool {
    let start = text.trim_ascii_start();
    let starts = |word: &[u8]| {
        start
            .get(..word.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    starts(b"<!doctype html") || starts(b"<html") || starts(b"<x-html")
}

/// Appends a text part.
pub(super) fn push(archive: &Archive, part: &Part, arguments: &Arguments, out: &mut Vec<u8>) {
    let charset = part.charset.as_deref().unwrap_or_default();
    let text: Vec<u8> = without_returns(&part.bytes);
    let text = match arguments
        .value("maxwidth")
        .and_then(|width| width.parse().ok())
    {
        Some(width) if width > 0 => wrapped(&text, charset, width),
        _ => text,
    };
    let mut escaped = Vec::with_capacity(text.len() + text.len() / 8);
    archive.charsets.push(&text, charset, &mut escaped);
    let flowed = part
        .parameter("format")
        .is_some_and(|format| format.eq_ignore_ascii_case("flowed"));
    if archive.resources.is_on(Name::ModifyBodyAddresses) || archive.resources.is_on(Name::SpamMode)
    {
        escaped = header::with_addresses(&escaped, archive, false);
    }
    if flowed && !arguments.has("disableflowed") {
        let joins = part
            .parameter("delsp")
            .is_some_and(|joins| joins.eq_ignore_ascii_case("yes"));
        return flowed::push(&escaped, flowed::How::Flowed { joins }, arguments, out);
    }
    if arguments.has("fancyquote") {
        let how = flowed::How::Fixed {
            loose: arguments.has("nonfixed"),
        };
        return flowed::push(&escaped, how, arguments, out);
    }
    push_lines(&escaped, arguments, out);
}

fn push_lines(text: &[u8], arguments: &Arguments, out: &mut Vec<u8>) {
    let loose = arguments.has("nonfixed");
    let quote = arguments.has("quote");
    if !loose && !quote {
        out.extend_from_slice(b"<pre>");
        push_urls(text, arguments, out);
        return out.extend_from_slice(b"</pre>");
    }
    if !loose {
        out.extend_from_slice(b"<pre>");
    }
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let (content, end) = match line.strip_suffix(b"\n") {
            Some(content) => (content, &b"\n"[..]),
            None => (line, &b""[..]),
        };
        let marks = if quote { mark_length(content) } else { 0 };
        let quoted = marks > 0;
        if quoted {
            out.extend_from_slice(&content[..marks]);
            out.extend_from_slice(b"<i>");
        }
        let content = &content[marks..];
        match loose && arguments.has("keepspace") {
            true => push_urls(&with_hard_blanks(content), arguments, out),
            false => push_urls(content, arguments, out),
        }
        if quoted {
            out.extend_from_slice(b"</i>");
        }
        if loose && !end.is_empty() {
            out.extend_from_slice(b"<br>");
        }
        out.extend_from_slice(end);
    }
    if !loose {
        out.extend_from_slice(b"</pre>");
    }
}

/// The mark of a quote at the beginning of an escaped line: the first of several.
fn mark_length(line: &[u8]) -> usize {
    let blank = usize::from(line.starts_with(b" "));
    match line[blank..].starts_with(b"&gt;") {
        true => blank + 4,
        false => 0,
    }
}

fn with_hard_blanks(line: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut column = 0;
    for byte in line {
        let blanks = match byte {
            b' ' => 1,
            b'\t' => TAB - column % TAB,
            byte => {
                out.push(*byte);
                column += 1;
                continue;
            }
        };
        out.extend_from_slice(&b"&nbsp;".repeat(blanks));
        column += blanks;
    }
    out
}

fn without_returns(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memmem::find(rest, b"\r\n") {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
    out
}

/// Lines broken at blanks (`maxwidth`), their tabs as blanks; a broken quote keeps its marks.
fn wrapped(text: &[u8], charset: &str, width: usize) -> Vec<u8> {
    let utf8 = matches!(charset, "utf-8" | "utf8");
    let mut out = Vec::with_capacity(text.len());
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let (body, end) = match line.strip_suffix(b"\n") {
            Some(body) => (body, &b"\n"[..]),
            None => (line, &b""[..]),
        };
        push_wrapped(&Characters::of(body, utf8), width, &mut out);
        out.extend_from_slice(end);
    }
    out
}

/// A line whose tabs are blanks, and where its characters begin and the last ends.
struct Characters {
    line: Vec<u8>,
    starts: Vec<usize>,
}

impl Characters {
    fn of(line: &[u8], utf8: bool) -> Self {
        let mut characters = Characters {
            line: Vec::with_capacity(line.len()),
            starts: Vec::with_capacity(line.len() + 1),
        };
        for byte in line {
            let goes_on = utf8 && byte & 0xc0 == 0x80;
            let (byte, times) = match byte {
                b'\t' => (b' ', TAB - characters.starts.len() % TAB),
                byte => (*byte, 1),
            };
            for _ in 0..times {
                if !goes_on {
                    characters.starts.push(characters.line.len());
                }
                characters.line.push(byte);
            }
        }
        characters.starts.push(characters.line.len());
        characters
    }

    fn count(&self) -> usize {
        self.starts.len() - 1
    }

    fn slice(&self, from: usize, to: usize) -> &[u8] {
        &self.line[self.starts[from]..self.starts[to]]
    }

    fn is_blank(&self, at: usize) -> bool {
        self.line[self.starts[at]].is_ascii_whitespace()
    }

    /// Characters of the marks before a quote: `>` with a blank before the first and behind each.
    fn marks(&self) -> usize {
        let is = |at: usize, byte: u8| at < self.count() && self.slice(at, at + 1) == [byte];
        let mut at = usize::from(is(0, b' '));
        let mut marks = 0;
        while is(at, b'>') {
            at += 1 + usize::from(is(at + 1, b' '));
            marks = at;
        }
        marks
    }
}

fn push_wrapped(line: &Characters, width: usize, out: &mut Vec<u8>) {
    let all = line.count();
    if all <= width {
        return out.extend_from_slice(&line.line);
    }
    let marks = line.marks();
    let (marks, width) = match marks < width {
        true => (marks, width - marks),
        false => (0, width),
    };
    let mut at = marks;
    while at < all {
        let to = if all - at <= width {
            all
        } else {
            let word = (at..all).find(|at| line.is_blank(*at)).unwrap_or(all);
            match word - at >= width {
                // A word that is longer than the line.
                true => word,
                false => {
                    let blank = (at..at + width).rev().find(|at| line.is_blank(*at));
                    blank.map_or(at + width, |blank| blank + 1)
                }
            }
        };
        out.extend_from_slice(line.slice(0, marks));
        out.extend_from_slice(line.slice(at, to));
        if to < all {
            out.push(b'\n');
        }
        at = to;
    }
}
