//! Everything that becomes a file with a link.

use super::Conversion;
use super::arguments::Arguments;
use crate::pages::{File, icon_of, push_icon};
use crate::resources::Name;
use crate::text::{header_html, push_escaped};
use posthoc_core::message::{Disposition, Part};
use sha1::{Digest, Sha1};
use std::fmt::Write;

/// Media type, the end of a file's name, and words for it.
const TYPES: &str = include_str!("types.txt");

/// Ends of names that a web server may give out as something that runs.
const ACTIVE: [&str; 16] = [
    "html", "htm", "xhtml", "shtml", "xml", "svg", "js", "mjs", "css", "php", "cgi", "pl", "asp",
    "aspx", "jsp", "swf",
];

/// Characters of a file's name.
const LONGEST_NAME: usize = 100;

fn type_entry(kind: &str) -> Option<(&'static str, &'static str)> {
    let find = |wanted: &str| {
        TYPES.lines().find_map(|line| {
            let mut columns = line.split('\t');
            (columns.next()? == wanted).then(|| Some((columns.next()?, columns.next()?)))?
        })
    };
    find(kind).or_else(|| find(&kind.replacen("/x-", "/", 1)))
}

impl<'a> Conversion<'a> {
    pub(super) fn push_external(
        &mut self,
        part: &'a Part,
        arguments: &Arguments,
        out: &mut Vec<u8>,
    ) {
        let given = part.filename.as_deref().filter(|name| !name.is_empty());
        let given_end = given.and_then(extension).unwrap_or_default();
        let described = description(part, arguments, self);
        if arguments.lists("excludeexts", given_end) {
            out.extend_from_slice(b"<p><tt>&lt;&lt;attachment: ");
            push_escaped(given.unwrap_or_default().as_bytes(), out);
            return out.extend_from_slice(b"&gt;&gt;</tt></p>\n");
        }
        let name = self.file(part, arguments);
        let mut link = Vec::new();
        push_escaped(self.url(&name).as_bytes(), &mut link);
        let target = arguments.value("target").map_or(Vec::new(), |target| {
            let mut text = b"target=\"".to_vec();
            push_escaped(target.as_bytes(), &mut text);
            text.push(b'"');
            text
        });
        let by_name = arguments.lists("inlineexts", given_end)
            && (arguments.has("usename") || arguments.has("usenameext"));
        let is_image = part.media_type.starts_with("image/") || by_name;
        let inline = match part.disposition {
            _ if arguments.has("forceattach") => false,
            _ if arguments.has("forceinline") => true,
            Disposition::Inline => true,
            Disposition::None => arguments.has("inline"),
            Disposition::Attachment => false,
        };
        let (open, close): (&[u8], &[u8]) = match arguments.has("frame") {
            true => (b"<table border=1><tr><td>", b"</td></tr></table>\n"),
            false => (b"<p>", b"</p>\n"),
        };
        out.extend_from_slice(open);
        if is_image && inline {
            for piece in [
                &b"<a href=\""[..],
                &link,
                b"\" ",
                &target,
                b"><img src=\"",
                &link,
                b"\" alt=\"",
            ] {
                out.extend_from_slice(piece);
            }
            push_escaped(type_words(part, arguments).as_bytes(), out);
            out.extend_from_slice(b"\"></a>");
        } else {
            let open = [&b"<a href=\""[..], &link, b"\" ", &target, b">"].concat();
            out.extend_from_slice(b"<strong>");
            self.push_mark(part, arguments, &open, out);
            out.push(b'\n');
            out.extend_from_slice(&open);
            out.extend_from_slice(b"<tt>");
            let shown = given.unwrap_or_else(|| name.rsplit('/').next().unwrap_or_default());
            self.archive.charsets.push(shown.as_bytes(), "utf-8", out);
            out.extend_from_slice(b"</tt></a></strong><br>\n<em>Description:</em> ");
            out.extend_from_slice(&described);
        }
        out.extend_from_slice(close);
    }

    /// What stands before the link: words, or an icon that is a link too.
    fn push_mark(&self, part: &Part, arguments: &Arguments, open: &[u8], out: &mut Vec<u8>) {
        let given = arguments
            .value("iconurl")
            .map(|url| (url.as_bytes().to_vec(), None));
        match given
            .or_else(|| icon_of(self.archive, &part.media_type))
            .filter(|_| arguments.has("useicon"))
        {
            Some(icon) => {
                out.extend_from_slice(open);
                push_icon(&icon, "align=\"left\" border=0 alt=\"Attachment:\"", out);
                out.extend_from_slice(b"</a>");
            }
            None => out.extend_from_slice(b"Attachment:"),
        }
    }

    /// Takes a part out as a file: its path.
    pub(super) fn file(&mut self, part: &'a Part, arguments: &Arguments) -> String {
        let end = type_entry(&part.media_type).map_or("bin", |(end, _)| end);
        let end = arguments.value("ext").unwrap_or(end);
        let given = part
            .filename
            .as_deref()
            .map(clean_name)
            .filter(|name| !name.is_empty());
        let given_end = given
            .as_deref()
            .and_then(extension)
            .filter(|_| arguments.has("usenameext"));
        let end = given_end.unwrap_or(end).to_owned();
        let mut name = match given.as_deref().filter(|_| arguments.has("usename")) {
            Some(name) => name.to_owned(),
            None => format!("{end}{}.{end}", self.stamp(part)),
        };
        let page_end = self.archive.resources.word(Name::HtmlExt);
        let runs = |end: &str| {
            let mut active = ACTIVE.into_iter().chain([page_end.as_str(), "gz"]);
            active.any(|active| active.eq_ignore_ascii_case(end))
        };
        if name.rsplit_once('.').is_some_and(|(_, end)| runs(end)) {
            name.push_str(".bin");
        }
        if arguments.has("subdir") {
            let prefix = self.archive.resources.word(Name::MsgPrefix);
            name = format!("{prefix}{:05}/{name}", self.number);
        }
        // Two files of a mail may want the same name.
        let mut path = name.clone();
        let mut next = 1;
        while self.files.iter().any(|file| file.name == path) {
            path = format!("{next}-{}", name.rsplit('/').next().unwrap_or_default());
            if let Some((folder, _)) = name.rsplit_once('/') {
                path = format!("{folder}/{path}");
            }
            next += 1;
        }
        self.files.push(File {
            name: path.clone(),
            bytes: part.bytes.to_vec(),
        });
        path
    }

    /// Ten characters that are a part's own: of its mail, its place and its bytes.
    fn stamp(&self, part: &Part) -> String {
        let mut hash = Sha1::new();
        hash.update(self.id);
        hash.update(self.files.len().to_le_bytes());
        hash.update(part.bytes.as_slice());
        let mut out = String::new();
        for byte in hash.finalize().iter().take(5) {
            // Writing to memory does not fail.
            let _ = write!(out, "{byte:02x}");
        }
        out
    }

    fn url(&self, name: &str) -> String {
        let base = self.archive.resources.word(Name::AttachmentUrl);
        match base.as_str() {
            "" => name.to_owned(),
            base => format!("{base}/{name}"),
        }
    }
}

fn extension(name: &str) -> Option<&str> {
    let (_, end) = name.rsplit_once('.')?;
    (!end.is_empty() && end.len() <= 16 && end.chars().all(|c| c.is_ascii_alphanumeric()))
        .then_some(end)
}

/// A name that names one file in one folder: no slash, no blank, no control character, and no dot at its
/// beginning, as the archive's own files have.
fn clean_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = base
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "._-+".contains(c) {
                c
            } else {
                '_'
            }
        })
        .take(LONGEST_NAME)
        .collect();
    clean.trim_start_matches('.').to_owned()
}

/// Words for the type.
fn type_words(part: &Part, arguments: &Arguments) -> String {
    if let Some(words) = arguments.value("type") {
        return words.to_owned();
    }
    match type_entry(&part.media_type) {
        Some((_, words)) => words.to_owned(),
        None => part.media_type.replacen("/x-", "/", 1),
    }
}

/// Content-Description, or words for the type.
fn description(part: &Part, arguments: &Arguments, conversion: &Conversion<'_>) -> Vec<u8> {
    let own = part.field("content-description").map(|field| {
        let line: Vec<u8> = field
            .raw
            .iter()
            .filter(|byte| !matches!(byte, b'\n' | b'\r'))
            .copied()
            .collect();
        header_html(line.trim_ascii(), &conversion.archive.charsets)
    });
    own.filter(|text| !text.is_empty()).unwrap_or_else(|| {
        let mut out = Vec::new();
        push_escaped(type_words(part, arguments).as_bytes(), &mut out);
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_mails_stay_in_their_folder() {
        let check = |name: &str, expected: &str| assert_eq!(clean_name(name), expected, "{name}");
        check("notes.pdf", "notes.pdf");
        check("../../etc/passwd", "passwd");
        check("C:\\a\\b c.txt", "b_c.txt");
        check("..", "");
        check("a\r\n\u{1b}[2Jb", "a____2Jb");
        check(".posthoc", "posthoc");
        check("x/.posthoc", "posthoc");
        check(".mhonarc.db", "mhonarc.db");
        check(&"a".repeat(1_000), &"a".repeat(LONGEST_NAME));
    }
}
