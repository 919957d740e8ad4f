//! Which parts of a mail are shown, and how, in reading order.

use super::card::has_cards;
use super::forms::{Forms, forms, is_html};
use super::{Disposition, OtherForm, Packed, Part};
use crate::text::{Decoded, Enriched, decode};
use std::borrow::Cow;
use std::ops::Range;

/// One thing to be shown.
pub(super) enum Shown<'a> {
    /// Plain text.
    Text(&'a Part),
    /// Plain text between files in old encodings.
    Piece(&'a Part, Range<usize>),
    /// The text around the parts of a multipart, all of which are empty.
    Around(&'a Part),
    /// HTML as the only form of a text.
    Html(&'a Part),
    /// Anything that is offered as a file.
    File(&'a Part),
    /// Text with commands older than HTML.
    Enriched(&'a Part, Enriched),
    /// What a file says, in words; the file follows.
    Cards(&'a Part),
    /// Here the other form of a text begins; none: it ends.
    Other(Option<OtherForm>),
    /// The header of an inner mail; its parts follow.
    Forwarded(&'a Part),
}

/// Lists what is shown, with files of old encodings in their places.
pub(super) fn items(root: &Part) -> Vec<Shown<'_>> {
    let outline = walk(root, true);
    let packed = |item: &Shown<'_>| match item {
        Shown::Text(part) => {
            !part.packed.is_empty() || enriched(part).is_some() || is_html(&part.bytes)
        }
        Shown::File(part) => {
            enriched(part).is_some() || !part.packed.is_empty() || has_cards(&part.media_type)
        }
        _ => false,
    };
    if !outline.iter().any(packed) {
        return outline;
    }
    // A container's text is a form of the mail's: it is read only where there is no other.
    let mut has_text = outline.iter().any(|item| match item {
        Shown::Text(part) | Shown::Html(part) => {
            let mut pieces = part.unpacked_text();
            pieces.any(|piece| !piece.trim_ascii().is_empty())
        }
        _ => false,
    });
    let mut items = Vec::new();
    for item in outline {
        if let Shown::Text(part) | Shown::File(part) = item
            && let Some(language) = enriched(part)
        {
            items.push(Shown::Enriched(part, language));
            continue;
        }
        if let Shown::Text(part) = item
            && is_html(&part.bytes)
        {
            items.push(Shown::Html(part));
            continue;
        }
        match item {
            Shown::Text(part) if !part.packed.is_empty() => {
                let mut from = 0;
                for packed in &part.packed {
                    items.push(Shown::Piece(part, from..packed.at.start));
                    push_file(&packed.part, &mut has_text, &mut items);
                    from = packed.at.end;
                }
                items.push(Shown::Piece(part, from..part.bytes.len()));
            }
            Shown::File(part) => push_file(part, &mut has_text, &mut items),
            other => items.push(other),
        }
    }
    items
}

/// A file, or what it holds.
fn push_file<'a>(file: &'a Part, has_text: &mut bool, items: &mut Vec<Shown<'a>>) {
    if has_cards(&file.media_type) {
        items.push(Shown::Cards(file));
    }
    for Packed { part, .. } in &file.packed {
        let readable = part.disposition == Disposition::Inline && !*has_text;
        match part.media_type.as_str() {
            "text/html" if readable => items.push(Shown::Html(part)),
            "text/plain" if readable => items.push(Shown::Text(part)),
            _ => items.push(Shown::File(part)),
        }
        *has_text |= readable;
    }
    let whole = file.packed.iter().all(|packed| packed.at.is_empty());
    // A piece of a file that was joined with its first piece has neither bytes nor name.
    if whole && !(file.bytes.is_empty() && file.filename.is_none()) {
        items.push(Shown::File(file));
    }
}

/// Lists what is shown of a tree. Of a multipart/alternative one form of the text is shown, and the
/// files among the others are offered. The identity of content rests on it: it stays as it is.
pub(super) fn outline(root: &Part) -> Vec<Shown<'_>> {
    walk(root, false)
}

/// A step of the walk through a tree.
enum Step<'a> {
    /// A part; whether it is the mail's body, and whether only its files are wanted.
    Visit(&'a Part, bool, bool),
    /// Something to be shown.
    Show(Shown<'a>),
}

/// The same, with both forms of a text where the second is worth it.
fn walk(root: &Part, both_forms: bool) -> Vec<Shown<'_>> {
    let mut shown = Vec::new();
    let mut waiting = vec![Step::Visit(root, true, false)];
    while let Some(step) = waiting.pop() {
        let (part, is_body, files_only) = match step {
            Step::Visit(part, is_body, files_only) => (part, is_body, files_only),
            Step::Show(item) => {
                shown.push(item);
                continue;
            }
        };
        if part.children.is_empty() {
            let text = (!files_only).then(|| as_text(part, is_body)).flatten();
            match text {
                Some(item) => shown.push(item),
                None if files_only && is_shown_type(part) => {}
                None if part.bytes.is_empty() && part.filename.is_none() => {}
                None => shown.push(Shown::File(part)),
            }
            continue;
        }
        if !part.media_type.starts_with("multipart/") {
            shown.push(Shown::Forwarded(&part.children[0]));
            waiting.push(Step::Visit(&part.children[0], true, files_only));
            continue;
        }
        if !part.bytes.is_empty() && !files_only {
            shown.push(Shown::Around(part));
        }
        let alternative = part.media_type == "multipart/alternative";
        let chosen = alternative.then(|| choose(&part.children));
        if both_forms
            && !files_only
            && let Some(text) = chosen
            && let Some(steps) = two_forms(&part.children, text, is_body)
        {
            waiting.extend(steps.into_iter().rev());
            continue;
        }
        for (n, child) in part.children.iter().enumerate().rev() {
            let passed_over = files_only || chosen.is_some_and(|c| c != n);
            waiting.push(Step::Visit(child, is_body && n == 0, passed_over));
        }
    }
    shown
}

/// The steps through a multipart/alternative of which both forms are shown, the first one at its place;
/// none when the text alone is.
fn two_forms(children: &[Part], text: usize, is_body: bool) -> Option<Vec<Step<'_>>> {
    let leaf = main_text(&children[text]);
    let is_html = |child: &Part| {
        let leaf = main_text(child);
        leaf.media_type == "text/html" && leaf.disposition != Disposition::Attachment
    };
    let html = children.iter().position(is_html)?;
    if leaf.media_type != "text/plain" || leaf.disposition == Disposition::Attachment {
        return None;
    }
    let (first, other, word) = match forms(leaf, main_text(&children[html])) {
        Forms::Text => return None,
        Forms::TextFirst => (text, html, OtherForm::Html),
        Forms::HtmlFirst => (html, text, OtherForm::Text),
    };
    let item = match word {
        OtherForm::Html => Shown::Html(main_text(&children[other])),
        OtherForm::Text => Shown::Text(leaf),
    };
    let mut steps = vec![
        Step::Visit(&children[first], is_body, false),
        Step::Show(Shown::Other(Some(word))),
        Step::Show(item),
        Step::Show(Shown::Other(None)),
    ];
    let rest = children.iter().enumerate().filter(|(n, _)| *n != first);
    steps.extend(rest.map(|(_, child)| Step::Visit(child, false, true)));
    Some(steps)
}

/// The part as text to be read, unless it is a file. The body of a mail is read even when it calls
/// itself an attachment.
fn as_text(part: &Part, is_body: bool) -> Option<Shown<'_>> {
    if part.disposition == Disposition::Attachment && !(is_body && part.filename.is_none()) {
        return None;
    }
    match part.media_type.as_str() {
        "text/plain" | "text/x-patch" | "text/x-diff" | "text/x-log" | "text/enriched" => {
            Some(Shown::Text(part))
        }
        "text/html" => Some(Shown::Html(part)),
        // A multipart that could not be split is shown as it stands.
        kind if kind.starts_with("multipart/") => Some(Shown::Text(part)),
        _ => None,
    }
}

/// Whether the part is a form of the text, of which another one was chosen.
fn is_shown_type(part: &Part) -> bool {
    part.disposition != Disposition::Attachment
        && matches!(
            part.media_type.as_str(),
            "text/plain" | "text/html" | "text/enriched" | "text/richtext"
        )
}

/// The child of a multipart/alternative that is shown: plain text that is not empty, else HTML,
/// else plain text, else the last (RFC 2046 section 5.1.4: the richest).
fn choose(children: &[Part]) -> usize {
    let find = |kind: &str, filled: bool| {
        children.iter().position(|child| {
            let text = main_text(child);
            text.media_type == kind && (!filled || !text.bytes.trim_ascii().is_empty())
        })
    };
    find("text/plain", true)
        .or_else(|| find("text/html", true))
        .or_else(|| find("text/plain", false))
        .unwrap_or(children.len().saturating_sub(1))
}

/// The first leaf.
fn main_text(part: &Part) -> &Part {
    let mut part = part;
    while let Some(first) = part.children.first() {
        part = first;
    }
    part
}

/// The language of a text with commands, unless it is sent as a file.
fn enriched(part: &Part) -> Option<Enriched> {
    match part.media_type.as_str() {
        _ if part.disposition == Disposition::Attachment => None,
        "text/enriched" => Some(Enriched::Enriched),
        "text/richtext" => Some(Enriched::Richtext),
        _ => None,
    }
}

impl Part {
    /// The part's bytes as text, whatever its type. HTML without a charset parameter is asked for
    /// its `<meta>`.
    pub fn text(&self) -> Decoded {
        self.text_in(None)
    }

    /// As [`Part::text`]; `default` is the charset of 8-bit text that names none.
    pub fn text_in(&self, default: Option<&str>) -> Decoded {
        decode(&self.bytes, self.label().as_deref(), default)
    }

    /// The bytes outside files in old encodings.
    pub(super) fn unpacked_text(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.packed.iter().map(|p| p.at.end));
        let ends = self.packed.iter().map(|p| p.at.start);
        starts
            .zip(ends.chain([self.bytes.len()]))
            .filter_map(|(start, end)| self.bytes.get(start..end))
    }

    /// The charset that the part declares, in its header or its `<meta>`.
    pub(super) fn label(&self) -> Option<Cow<'_, str>> {
        match &self.charset {
            Some(charset) => Some(Cow::Borrowed(charset)),
            None if self.media_type == "text/html" => meta_charset(&self.bytes).map(Cow::Owned),
            None => None,
        }
    }

    /// The first field of that name (ASCII case does not matter).
    pub fn field(&self, name: &str) -> Option<&super::Field> {
        self.fields
            .iter()
            .find(|f| f.name.eq_ignore_ascii_case(name))
    }

    /// All fields of that name, in order.
    pub fn fields_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a super::Field> {
        self.fields
            .iter()
            .filter(move |f| f.name.eq_ignore_ascii_case(name))
    }

    /// A parameter of Content-Type; the name in lower case.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }
}

/// The charset that the first 2 KiB of an HTML text name: `charset=…` in a meta element. Carriage
/// returns are not counted: with other line ends it is the same text.
fn meta_charset(html: &[u8]) -> Option<String> {
    let bytes = html.iter().filter(|byte| **byte != b'\r').take(2_048);
    let start: Vec<u8> = bytes.map(u8::to_ascii_lowercase).collect();
    let at = memchr::memmem::find(&start, b"<meta")?;
    let at = at + memchr::memmem::find(&start[at..], b"charset")? + b"charset".len();
    let value = start[at..]
        .trim_ascii_start()
        .strip_prefix(b"=")?
        .trim_ascii_start();
    let value = value
        .strip_prefix(b"\"")
        .or(value.strip_prefix(b"'"))
        .unwrap_or(value);
    let end = value
        .iter()
        .position(|b| !(b.is_ascii_alphanumeric() || b"-_:.".contains(b)))?;
    (end > 0).then(|| String::from_utf8_lossy(&value[..end]).into_owned())
}
