//! text/plain.

use super::arguments::Arguments;
use super::links::push_urls;
use super::{flowed, header};
use crate::archive::Archive;
use crate::resources::Name;
use posthoc_core::message::Part;

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
        Some(width) if width > 0 => wrapped(&text, width),
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
        let marks = if quote { marks_length(content) } else { 0 };
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

/// The marks of a quote at the beginning of an escaped line.
fn marks_length(line: &[u8]) -> usize {
    let mut length = 0;
    loop {
        let rest = &line[length..];
        let blanks = rest.len() - rest.trim_ascii_start().len();
        if !rest[blanks..].starts_with(b"&gt;") {
            return length;
        }
        length += blanks + 4;
    }
}

fn with_hard_blanks(line: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut column = 0;
    for byte in line {
        let blanks = match byte {
            b' ' => 1,
            b'\t' => 8 - column % 8,
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

/// Lines broken at blanks; a broken quote keeps its marks.
fn wrapped(text: &[u8], width: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let body = line.strip_suffix(b"\n").unwrap_or(line);
        let marks = body
            .iter()
            .take_while(|byte| matches!(byte, b'>' | b' '))
            .count();
        let marks = body[..marks]
            .iter()
            .rposition(|byte| *byte == b'>')
            .map_or(0, |at| at + 1);
        let mut rest = body;
        while rest.len() > width {
            let fits = rest[..=width]
                .iter()
                .rposition(|byte| *byte == b' ')
                .filter(|at| *at > marks + 1);
            let Some(at) = fits.or_else(|| {
                rest[width..]
                    .iter()
                    .position(|byte| *byte == b' ')
                    .map(|at| width + at)
            }) else {
                break;
            };
            out.extend_from_slice(&rest[..at]);
            out.push(b'\n');
            rest = rest[at..].trim_ascii_start();
            if marks > 0 && !rest.is_empty() {
                out.extend_from_slice(&body[..marks]);
                out.push(b' ');
            }
        }
        out.extend_from_slice(rest);
        if line.ends_with(b"\n") {
            out.push(b'\n');
        }
    }
    out
}
