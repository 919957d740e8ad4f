//! What makes two copies the same mail. Version 1 of the rules; a change needs a new version, since
//! verdicts and made ids are ground state.

use super::outline::{Shown, outline};
use super::{ContentHash, Message, MessageId, Part};
use crate::text::{decode_version_1, header_text_version_1, html_to_text};
use std::borrow::Cow;

/// Begins every hashed input.
const DOMAIN: &[u8] = b"posthoc content 1\0";

/// Lines that a footer may have.
const FOOTER_LINES: usize = 12;

impl Message {
    /// The identity of the content: author's address in lower case, instant of `Date`, subject
    /// without list tags, and text without what transport and lists change (line ends, trailing
    /// blanks, `>From`, known footers). Trace fields do not count. Version 1.
    pub fn content_hash(&self) -> ContentHash {
        let mut hasher = blake3::Hasher::new();
        hasher.update(DOMAIN);
        let mut put = |bytes: &[u8]| {
            hasher.update(&(bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        };
        put(self.author.address.to_lowercase().as_bytes());
        match self.sent {
            Some(sent) => put(&sent.unix.to_le_bytes()),
            None => put(b""),
        }
        put(plain_subject(&subject(self)).as_bytes());
        put_essence(&body_text(self), &mut hasher);
        let mut half = [0; 16];
        half.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        ContentHash(half)
    }
}

/// The subject as version 1 reads it: no list's charset, nothing mended.
fn subject(message: &Message) -> Cow<'_, str> {
    let Some(field) = message.root.field("subject") else {
        return Cow::Borrowed("");
    };
    if field.raw.is_ascii() && memchr::memmem::find(&field.raw, b"=?").is_none() {
        return Cow::Borrowed(&message.subject);
    }
    let charset = message.root.charset.as_deref();
    Cow::Owned(header_text_version_1(&field.raw, charset).text)
}

/// A part's text as version 1 reads it.
fn text(part: &Part) -> String {
    let bytes = part.bytes_version_1.as_ref().unwrap_or(&part.bytes);
    decode_version_1(bytes, part.label().as_deref(), None).text
}

/// The id of a mail that has none: a pure function of its content, so that another import of the
/// same mail makes the same id.
pub(super) fn made_id(message: &Message) -> MessageId {
    MessageId(format!("{}@made.posthoc.invalid", message.content_hash()))
}

/// All text that is shown, HTML as its words.
fn body_text(message: &Message) -> String {
    let mut all = String::new();
    for item in outline(&message.root) {
        let piece = match item {
            Shown::Text(part) => text(part),
            Shown::Html(part) => html_to_text(&text(part)),
            Shown::Around(_)
            | Shown::Piece(..)
            | Shown::File(_)
            | Shown::Enriched(..)
            | Shown::Cards(_)
            | Shown::Other(_)
            | Shown::Forwarded(_) => continue,
        };
        if all.is_empty() {
            all = piece;
        } else {
            all.push('\n');
            all.push_str(&piece);
        }
    }
    all
}

/// A subject without list tags: `[tag]` at its start or behind `Re:`. A chain of `Re:` counts as
/// one. Tags of patches stay, since they tell mails apart.
fn plain_subject(subject: &str) -> String {
    let mut rest = subject.trim();
    let (mut reply, mut forward) = (false, false);
    let mut kept = String::new();
    loop {
        let lower: String = rest.chars().take(5).flat_map(char::to_lowercase).collect();
        let prefix = ["re:", "aw:", "sv:", "fwd:", "fw:"]
            .into_iter()
            .find(|p| lower.starts_with(p));
        if let Some(prefix) = prefix {
            let is_forward = prefix.starts_with('f');
            reply |= !is_forward;
            forward |= is_forward;
            rest = rest[prefix.len()..].trim_start();
            continue;
        }
        let Some(end) = rest.starts_with('[').then(|| rest.find(']')).flatten() else {
            break;
        };
        let tag = &rest[1..end];
        let upper = tag.to_uppercase();
        if upper.contains("PATCH") || upper.contains("RFC") {
            kept.push_str(&upper);
        }
        rest = rest[end + 1..].trim_start();
    }
    let marks = match (reply, forward) {
        (false, false) => "",
        (true, false) => "re:",
        (false, true) => "fwd:",
        (true, true) => "re:fwd:",
    };
    let words: Vec<&str> = rest.split_whitespace().collect();
    format!("{marks}[{kept}]{}", words.join(" "))
}

/// Bytes of a text that are hashed at once.
const CHUNK: usize = 32 << 10;

/// Hashes the length and the bytes of the text without trailing blanks, `>From`, empty lines at its
/// ends and known footers. Walks over the lines instead of keeping them: a text may have as many as
/// it has bytes.
fn put_essence(text: &str, hasher: &mut blake3::Hasher) {
    let lines = essence(text);
    let length = lines.clone().map(|line| line.len() as u64 + 1).sum::<u64>();
    hasher.update(&length.saturating_sub(1).to_le_bytes());
    let mut chunk = Vec::with_capacity(text.len().min(CHUNK));
    for (n, line) in lines.enumerate() {
        if n > 0 {
            chunk.push(b'\n');
        }
        if chunk.len() + line.len() >= CHUNK {
            hasher.update(&chunk);
            chunk.clear();
            hasher.update(line.as_bytes());
        } else {
            chunk.extend_from_slice(line.as_bytes());
        }
    }
    hasher.update(&chunk);
}

/// The lines that count, without trailing blanks and `>From`.
fn essence(text: &str) -> impl Iterator<Item = &str> + Clone {
    let mut lines = text.lines().map(unmarked);
    for _ in 0..4 {
        pop_empty(&mut lines);
        let mut last: Vec<&str> = lines.clone().rev().take(FOOTER_LINES).collect();
        last.reverse();
        match footer(&last) {
            Some(start) => {
                lines.nth_back(last.len() - start - 1);
            }
            None => break,
        }
    }
    lines.skip_while(|line| line.is_empty())
}

/// Takes empty lines off the end.
fn pop_empty<'t>(lines: &mut (impl DoubleEndedIterator<Item = &'t str> + Clone)) {
    let mut rest = lines.clone();
    while rest.next_back().is_some_and(str::is_empty) {
        lines.clone_from(&rest);
    }
}

/// A line without blanks at its end and without the marks that an mbox sets before `From `.
fn unmarked(line: &str) -> &str {
    let line = line.trim_end();
    let bare = line.trim_start_matches('>');
    if bare.len() < line.len() && bare.starts_with("From ") {
        bare
    } else {
        line
    }
}

/// Where a list's footer begins, if the text ends in one: a rule of 40 or more `_`, `-` or `=`, or
/// a line of dashes, followed by at most 12 lines that speak of a mailing list.
fn footer(lines: &[&str]) -> Option<usize> {
    let nearest = lines.len().saturating_sub(FOOTER_LINES);
    for at in (nearest..lines.len()).rev() {
        let line = lines[at];
        let rule = line.len() >= 40
            && ["_", "-", "="]
                .iter()
                .any(|c| line.trim_start_matches(c).is_empty());
        if !rule && !matches!(line, "--" | "-" | "---") {
            continue;
        }
        let says = |words: &[&str]| {
            lines[at + 1..].iter().any(|l| {
                let lower = l.to_lowercase();
                words.iter().any(|w| lower.contains(w))
            })
        };
        let listed = if rule {
            says(&[
                "mailing list",
                "listinfo",
                "unsubscribe",
                "mailman",
                "//lists.",
                "-request@",
            ])
        } else {
            says(&["unsubscribe"])
        };
        if listed {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_count() {
        let rule = "_".repeat(47);
        let footer = format!("{rule}\nBell mailing list\n");
        let long = "A line that is no footer.\n".repeat(3_000);
        for (text, expected) in [
            (String::new(), String::new()),
            ("\n\n \n".to_owned(), String::new()),
            ("\na \n\n>From b\n \n".to_owned(), "a\n\nFrom b".to_owned()),
            (format!("a\n\n{footer}\n{footer}"), "a".to_owned()),
            (format!("a\n{footer}b\n"), "a".to_owned()),
            // A footer stands in the last lines.
            (
                format!("a\n{footer}{}b", "b\n".repeat(11)),
                format!("a\n{footer}{}b", "b\n".repeat(11)),
            ),
            (footer.repeat(6), footer.repeat(2).trim_end().to_owned()),
            (format!("{long}{footer}"), long.trim_end().to_owned()),
        ] {
            let lines: Vec<&str> = essence(&text).collect();
            assert_eq!(lines.join("\n"), expected, "{text:?}");
            let mut streamed = blake3::Hasher::new();
            put_essence(&text, &mut streamed);
            let mut whole = blake3::Hasher::new();
            whole.update(&(expected.len() as u64).to_le_bytes());
            whole.update(expected.as_bytes());
            assert_eq!(streamed.finalize(), whole.finalize(), "{text:?}");
        }
    }
}
