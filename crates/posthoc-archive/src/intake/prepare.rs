//! The pure part: what can be known of a mail before anything else is looked at.

use crate::tables::{FileRow, FilesRow};
use posthoc_core::message::{
    Attachment, Defect, Dialect, Hold, Limits, Message, RawMessage, Summary, parse,
};
use posthoc_core::query::{Doc, Has, language};
use posthoc_store::{DialectTag, MailHead};

/// A mail, read.
#[derive(Clone)]
pub(crate) struct Prepared {
    pub(crate) raw: RawMessage,
    /// BLAKE3 of the stored bytes, its first half.
    pub(crate) hash: [u8; 16],
    pub(crate) summary: Summary,
    pub(crate) files: FilesRow,
    /// What search will know of it, without its place; none when words are left for later.
    pub(crate) words: Option<Doc>,
    /// No header line at all.
    pub(crate) headless: bool,
    /// Why it is held when it is delivered.
    pub(crate) hold: Option<Hold>,
}

/// Reads a mail.
pub(crate) fn prepare(raw: RawMessage, limits: &Limits, words: bool) -> Prepared {
    let message = parse(&raw.unquoted(), limits);
    prepare_parsed(raw, &message, limits, words)
}

/// The same of a mail that was parsed already, as it was sent.
pub(crate) fn prepare_parsed(
    raw: RawMessage,
    message: &Message,
    limits: &Limits,
    words: bool,
) -> Prepared {
    let summary = message.summary(raw.bytes.len() as u64);
    Prepared {
        hash: hash(&raw.bytes),
        words: words.then(|| to_doc(message, &summary, limits)),
        files: files_of(message, &summary, limits),
        headless: message.root.fields.is_empty(),
        hold: Hold::of(message),
        summary,
        raw,
    }
}

/// A mail's files, as rows keep them.
pub(super) fn files_of(message: &Message, summary: &Summary, limits: &Limits) -> FilesRow {
    if summary.attachments == 0 {
        return FilesRow::default();
    }
    let body = message.body(limits);
    FilesRow(body.attachments.iter().map(FileRow::of).collect())
}

/// Reads a mail that is in the journal already.
pub(crate) fn prepare_record(
    head: &MailHead,
    bytes: Vec<u8>,
    limits: &Limits,
    words: bool,
) -> Prepared {
    prepare(raw_of(head, bytes), limits, words)
}

/// A stored mail as it came.
pub(crate) fn raw_of(head: &MailHead, bytes: Vec<u8>) -> RawMessage {
    RawMessage {
        bytes,
        dialect: dialect(head.dialect),
        from_line: head
            .from_line
            .as_ref()
            .map(|line| line.clone().into_bytes()),
        offset: head.offset,
        file: head.file.clone(),
        last: head.last,
    }
}

fn hash(bytes: &[u8]) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&blake3::hash(bytes).as_bytes()[..16]);
    half
}

/// What search knows of a mail; list, number and date are put in when they are known.
pub(crate) fn to_doc(message: &Message, summary: &Summary, limits: &Limits) -> Doc {
    let body = message.body(limits);
    let searchable = body.searchable();
    let people = |boxes: &[posthoc_core::message::Mailbox]| {
        let words = boxes
            .iter()
            .flat_map(|mailbox| [&*mailbox.name, &*mailbox.address]);
        words
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    };
    // What is shown mended, or in another's name, is found as it was written too.
    let written = |name: &str| {
        let mojibake = message.defects.contains(&Defect::Mojibake);
        let field = message.root.field(name).filter(|_| mojibake);
        field.map(|field| field.value()).unwrap_or_default()
    };
    let from = (message.author != summary.author).then(|| message.author.clone());
    let author: Vec<_> = std::iter::once(summary.author.clone())
        .chain(from)
        .collect();
    let both = |shown: &str, written: &str| format!("{shown} {written}").trim_end().to_owned();
    Doc {
        list: 0,
        number: 0,
        date: 0,
        id: summary.id.0.clone(),
        subject: both(&summary.subject, &written("subject")),
        author: both(&people(&author), &written("from")),
        to: people(&message.to),
        cc: people(&message.cc),
        files: file_names(body.attachments.iter().map(|file| &*file.name)),
        types: file_names(body.attachments.iter().map(|file| &*file.media_type)),
        marks: marks(&body.attachments, searchable.patch),
        language: language(&searchable.text).unwrap_or_default().to_owned(),
        size: summary.size,
        text: searchable.text,
        quoted: searchable.quoted,
    }
}

/// Names one below the other.
pub(crate) fn file_names<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.collect::<Vec<_>>().join("\n")
}

/// What a mail carries, as search names it.
pub(crate) fn marks(files: &[Attachment], patch_in_text: bool) -> String {
    let is_patch = |file: &Attachment| {
        let name = file.name.to_ascii_lowercase();
        [".patch", ".diff"].iter().any(|end| name.ends_with(end))
            || ["text/x-patch", "text/x-diff"].contains(&&*file.media_type)
    };
    let mut marks = Vec::new();
    if !files.is_empty() {
        marks.push(Has::Attachment.name());
    }
    if patch_in_text || files.iter().any(is_patch) {
        marks.push(Has::Patch.name());
    }
    marks.join(" ")
}

/// The core's name of a stored dialect.
pub(crate) fn dialect(tag: DialectTag) -> Dialect {
    match tag {
        DialectTag::None => Dialect::None,
        DialectTag::Mboxo => Dialect::Mboxo,
        DialectTag::Mboxrd => Dialect::Mboxrd,
        DialectTag::Mboxcl => Dialect::Mboxcl,
        DialectTag::Mboxcl2 => Dialect::Mboxcl2,
        DialectTag::MhonarcPage => Dialect::MhonarcPage,
    }
}

/// The stored name of a dialect.
pub(crate) fn dialect_tag(dialect: Dialect) -> DialectTag {
    match dialect {
        Dialect::None => DialectTag::None,
        Dialect::Mboxo => DialectTag::Mboxo,
        Dialect::Mboxrd => DialectTag::Mboxrd,
        Dialect::Mboxcl => DialectTag::Mboxcl,
        Dialect::Mboxcl2 => DialectTag::Mboxcl2,
        Dialect::MhonarcPage => DialectTag::MhonarcPage,
    }
}
