//! Filters of a few lines: tables, bodies elsewhere, nothing.

use crate::archive::Archive;
use crate::text::push_escaped;
use posthoc_core::message::{Disposition, Part};

/// text/tab-separated-values.
pub(super) fn push_table(archive: &Archive, part: &Part, out: &mut Vec<u8>) {
    let charset = part.charset.as_deref().unwrap_or_default();
    out.extend_from_slice(b"<table border=1>\n");
    for line in part.bytes.trim_ascii().split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        out.extend_from_slice(b"<tr>");
        for cell in line.split(|byte| *byte == b'\t') {
            out.extend_from_slice(b"<td>");
            archive.charsets.push(cell, charset, out);
            out.extend_from_slice(b"</td>");
        }
        out.extend_from_slice(b"</tr>\n");
    }
    out.extend_from_slice(b"</table>\n");
}

/// message/external-body (RFC 2046): where the body is. A file of the reader's machine is not linked.
pub(super) fn push_elsewhere(part: &Part, out: &mut Vec<u8>) {
    let get = |name: &str| part.parameter(name).unwrap_or_default().trim().to_owned();
    let (site, folder, name) = (get("site"), get("directory"), get("name"));
    let path = match folder.trim_matches('/') {
        "" => name.clone(),
        folder => format!("{folder}/{name}"),
    };
    let url = match get("access-type").to_ascii_lowercase().as_str() {
        "anon-ftp" | "ftp" => format!("ftp://{site}/{path}"),
        "tftp" => format!("tftp://{site}/{path}"),
        "http" | "x-http" => format!("http://{site}/{path}"),
        "url" => get("url").split_whitespace().collect(),
        _ => String::new(),
    };
    let safe = ["http://", "https://", "ftp://", "tftp://"]
        .iter()
        .any(|scheme| url.starts_with(scheme));
    if !safe {
        return;
    }
    out.extend_from_slice(b"<dl><dt><a rel=\"nofollow\" href=\"");
    push_escaped(url.as_bytes(), out);
    out.extend_from_slice(b"\">&lt;");
    push_escaped(url.as_bytes(), out);
    out.extend_from_slice(b"&gt;</a></dt><dd>\n</dd></dl>\n");
}

/// m2h_null: a line that says what was left out.
pub(super) fn push_nothing(part: &Part, out: &mut Vec<u8>) {
    let disposition = match part.disposition {
        Disposition::None => "",
        Disposition::Inline => "inline: ",
        Disposition::Attachment => "attachment: ",
    };
    let what = part.filename.as_deref().unwrap_or(&part.media_type);
    out.extend_from_slice(b"<p><tt>&lt;&lt;");
    push_escaped(format!("{disposition}{what}").as_bytes(), out);
    out.extend_from_slice(b"&gt;&gt;</tt></p>\n");
}
