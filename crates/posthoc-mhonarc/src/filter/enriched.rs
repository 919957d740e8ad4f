//! text/enriched (RFC 1896) and text/richtext.

use crate::archive::Archive;
use crate::text::push_escaped;
use posthoc_core::message::Part;

/// Commands and the elements that they become.
const COMMANDS: [(&str, &str, &str); 12] = [
    ("bold", "<b>", "</b>"),
    ("italic", "<i>", "</i>"),
    ("underline", "<u>", "</u>"),
    ("fixed", "<tt>", "</tt>"),
    ("smaller", "<small>", "</small>"),
    ("bigger", "<big>", "</big>"),
    ("center", "<p align=\"center\">", "</p>"),
    ("flushleft", "<p align=\"left\">", "</p>"),
    ("flushright", "<p align=\"right\">", "</p>"),
    ("flushboth", "<p align=\"justify\">", "</p>"),
    ("paraindent", "<blockquote>", "</blockquote>"),
    ("excerpt", "<blockquote>", "</blockquote>"),
];

/// Commands whose parameter matters.
const WITH_PARAMETER: [(&str, &str, &str); 3] = [
    ("color", "<font color=\"", "</font>"),
    ("fontfamily", "<font face=\"", "</font>"),
    ("lang", "<div lang=\"", "</div>"),
];

pub(super) fn push(archive: &Archive, part: &Part, out: &mut Vec<u8>) {
    let charset = part.charset.as_deref().unwrap_or_default();
    let mut text = Vec::new();
    archive
        .charsets
        .push_markup(&part.bytes, charset, &mut text);
    let mut rest = text.as_slice();
    while let Some(at) = memchr::memchr(b'<', rest) {
        push_text(&rest[..at], out);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(b"<") {
            out.extend_from_slice(b"&lt;");
            rest = after;
            continue;
        }
        let Some(end) = memchr::memchr(b'>', rest) else {
            out.extend_from_slice(b"&lt;");
            continue;
        };
        let command = String::from_utf8_lossy(&rest[..end]).to_ascii_lowercase();
        rest = &rest[end + 1..];
        let parameter = parameter(rest);
        if let Some((_, after)) = parameter {
            rest = after;
        }
        push_command(&command, parameter.map(|(value, _)| value), out);
    }
    push_text(rest, out);
}

fn push_command(command: &str, parameter: Option<&[u8]>, out: &mut Vec<u8>) {
    let (closes, name) = match command.strip_prefix('/') {
        Some(name) => (true, name),
        None => (false, command),
    };
    if let Some((_, open, close)) = COMMANDS.iter().find(|(known, _, _)| *known == name) {
        out.extend_from_slice(if closes {
            close.as_bytes()
        } else {
            open.as_bytes()
        });
    } else if let Some((_, open, close)) =
        WITH_PARAMETER.iter().find(|(known, _, _)| *known == name)
    {
        if closes {
            return out.extend_from_slice(close.as_bytes());
        }
        out.extend_from_slice(open.as_bytes());
        push_escaped(parameter.unwrap_or_default(), out);
        out.extend_from_slice(b"\">");
    }
}

fn parameter(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let inner = text
        .get(..7)
        .filter(|start| start.eq_ignore_ascii_case(b"<param>"))
        .map(|_| &text[7..])?;
    let end = memchr::memchr(b'<', inner)?;
    let after = &inner[end..];
    let after = after
        .get(..8)
        .filter(|tag| tag.eq_ignore_ascii_case(b"</param>"))
        .map(|_| &after[8..])?;
    Some((&inner[..end], after))
}

/// One line end is a blank, each further one a new line.
fn push_text(text: &[u8], out: &mut Vec<u8>) {
    let mut ends = 0;
    for byte in text {
        match byte {
            b'\r' => {}
            b'\n' => {
                ends += 1;
                out.extend_from_slice(if ends == 1 { b" " } else { b"<br>\n" });
            }
            b'>' => out.extend_from_slice(b"&gt;"),
            byte => {
                ends = 0;
                out.push(*byte);
            }
        }
    }
}
