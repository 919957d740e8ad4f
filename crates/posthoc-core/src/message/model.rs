//! The parsed view of a mail.

use super::outline::{Shown, items};
use super::{Card, ContentHash, Defect, MessageId};
use crate::text::{SentDate, header_text, mentioned};
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// What a single mail may cost; past a limit the mail is kept and shown as far as it goes, with
/// [`Defect::OverLimit`].
#[derive(Clone, Debug)]
pub struct Limits {
    /// Levels of multipart and message/rfc822 nesting.
    pub depth: usize,
    /// MIME parts in all.
    pub parts: usize,
    /// Header fields of one part.
    pub fields: usize,
    /// Bytes of one part's header.
    pub header_bytes: usize,
    /// Bytes of decoded text that become blocks.
    pub text_bytes: usize,
    /// Bytes of HTML that are sanitised.
    pub html_bytes: usize,
    /// Message-IDs taken from `References`.
    pub references: usize,
    /// Addresses taken from one address field.
    pub addresses: usize,
    /// Files taken out of old encodings (uuencode, yEnc, BinHex, TNEF …) of one mail.
    pub packed_files: usize,
    /// Decoded bytes of all these files.
    pub packed_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            depth: 32,
            parts: 1_000,
            fields: 1_000,
            header_bytes: 1 << 20,
            text_bytes: 4 << 20,
            html_bytes: 1 << 20,
            references: 100,
            addresses: 500,
            packed_files: 500,
            packed_bytes: 64 << 20,
        }
    }
}

/// A mail as it can be read. Always obtainable from any bytes (see [`parse`](super::parse)).
#[derive(Clone, Debug)]
pub struct Message {
    /// From the header, or made from the content when there is none.
    pub id: MessageId,
    /// Whether [`id`](Self::id) was made by us.
    pub id_is_made: bool,
    /// Who is answered: `References`, then what `In-Reply-To` adds; oldest first, nearest last,
    /// each once, never the mail itself.
    pub references: Vec<MessageId>,
    /// Ids in `In-Reply-To` as written.
    pub in_reply_to: Vec<MessageId>,
    /// Decoded, unfolded; empty when absent.
    pub subject: String,
    /// First mailbox of `From`, else of `Sender`; empty strings when neither is there.
    pub author: Mailbox,
    /// Decoded `To`.
    pub to: Vec<Mailbox>,
    /// Decoded `Cc`.
    pub cc: Vec<Mailbox>,
    /// The `Date` field as read; sanity is judged by the date chain, not here.
    pub sent: Option<SentDate>,
    /// `List-Id` without its phrase and brackets, lower case.
    pub list_id: Option<String>,
    /// `X-No-Archive: yes` or `X-Archive: no`.
    pub no_archive: bool,
    /// The MIME tree.
    pub root: Part,
    /// The charset of 8-bit text that names none, when the mail's list has one.
    pub charset: Option<String>,
    /// What was wrong, sorted, each once.
    pub defects: Vec<Defect>,
}

/// A display name and an address, decoded (RFC 5322 `mailbox`). Either may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mailbox {
    /// The display name or comment; empty when none.
    pub name: String,
    /// `local@domain` as written; empty when none could be read.
    pub address: String,
}

/// One header field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// As written, without the colon.
    pub name: String,
    /// The bytes after the colon, folded as they stood, without the final line end.
    pub raw: Vec<u8>,
    /// What the raw bytes say where that needs decoding: most fields are plain ASCII, and nobody asks
    /// for most of them.
    pub(super) decoded: Option<String>,
}

impl Field {
    /// Unfolded and decoded (RFC 2047, raw 8-bit by charset choice).
    pub fn value(&self) -> Cow<'_, str> {
        if let Some(decoded) = &self.decoded {
            return Cow::Borrowed(decoded);
        }
        let plain = self.raw.trim_ascii();
        let clean = plain.iter().all(|b| matches!(b, b' '..=b'~'));
        match std::str::from_utf8(plain) {
            Ok(text) if clean => Cow::Borrowed(text),
            _ => Cow::Owned(header_text(plain, None).text),
        }
    }
}

/// Content-Disposition (RFC 2183).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Disposition {
    /// No such field.
    #[default]
    None,
    /// `inline`
    Inline,
    /// `attachment` or any other value.
    Attachment,
}

/// A node of our own MIME tree.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// The part's header fields in order.
    pub fields: Vec<Field>,
    /// Lower-case `type/subtype`; `text/plain` when absent, the default of its parent considered.
    pub media_type: String,
    /// Parameters of Content-Type, names in lower case, values decoded (RFC 2231 and its cousins).
    pub parameters: Vec<(String, String)>,
    /// How it asks to be shown.
    pub disposition: Disposition,
    /// The file name, decoded, as given: never a path of ours.
    pub filename: Option<String>,
    /// Content-ID without brackets.
    pub content_id: Option<String>,
    /// The declared charset, lower case.
    pub charset: Option<String>,
    /// Transfer-decoded bytes of a leaf; empty for an unpacked message/rfc822 and a multipart, but
    /// for one whose parts are all empty: then what stands around them. Shared with the attachment that
    /// is made of it.
    pub bytes: Arc<Vec<u8>>,
    /// What version 1 of the content's identity takes the bytes for, where that is something else.
    pub(super) bytes_version_1: Option<Vec<u8>>,
    /// Children of a multipart; the one inner message's root of a message/rfc822.
    pub children: Vec<Part>,
    /// Files that stand in the bytes in an encoding older than MIME, or that a container holds; in
    /// order. The bytes still hold them: identity is a hash of the bytes.
    pub packed: Vec<Packed>,
}

/// A file found in a part's bytes: uuencode, xxencode, yEnc, BinHex 4.0, TNEF.
#[derive(Clone, Debug, Default)]
pub struct Packed {
    /// The bytes of the part that the file takes the place of. In a text, its block; of a container
    /// all, or none when the container is damaged and has to be offered too.
    pub at: Range<usize>,
    /// The file, or with [`Disposition::Inline`] the text that a container holds.
    pub part: Part,
}

/// What posthoc's own layout shows of a mail.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// In reading order.
    pub blocks: Vec<Block>,
    /// Everything that is not shown as a block, in order of appearance.
    pub attachments: Vec<Attachment>,
    /// Lines as they were written that are shown mended ([`Defect::Mojibake`]): search finds both.
    pub as_written: Vec<String>,
}

/// A piece of a mail's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Flowed paragraphs (RFC 3676): each string is one paragraph that may be re-wrapped.
    Flowed(Vec<String>),
    /// Fixed lines, columns kept; lines without their ends. Empty lines stay as empty strings.
    Fixed(Vec<String>),
    /// Lines that say who wrote the quote below them: `On Monday Ada wrote:`.
    Attribution(Vec<String>),
    /// Quoted lines, consecutive, with their depth.
    Quote(Vec<QuotedLine>),
    /// An earlier mail below the text, put there without marks, from its heading on
    /// (`-----Original Message-----`, `From: … Sent: …`). Depth 1 is the earlier mail itself.
    Original(Vec<QuotedLine>),
    /// From the `-- ` line on (that line not included).
    Signature(Vec<String>),
    /// A patch or diff, lines as they are.
    Patch(Vec<String>),
    /// What list software appended, its rule included.
    Footer(Vec<String>),
    /// The frame of an inline PGP signature: its head, or the signature.
    Frame(Vec<String>),
    /// An HTML part, as decoded text, not yet sanitised; the page room does that.
    Html(String),
    /// Where the attachment of that number in [`Body::attachments`] stood.
    Attachment(usize),
    /// The header of an unpacked message/rfc822: subject, author, date as text.
    Forwarded {
        /// Its subject.
        subject: String,
        /// Its author as shown.
        author: String,
        /// Its date as written.
        date: String,
    },
    /// What a part says that programs wrote for programs; the part itself follows as a file.
    Card(Card),
    /// Here the other form of the text before begins, which says the same; none: it ends. Search and
    /// plain text leave it out.
    Other(Option<OtherForm>),
    /// Something was left out.
    Note(Note),
}

/// What was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// A text goes on behind its limit.
    CutText,
    /// An HTML text goes on behind its limit.
    CutHtml,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Note::CutText => "The rest of this text is too long to be shown.",
            Note::CutHtml => "The rest of this HTML text is too long to be shown.",
        })
    }
}

/// A form of a text beside the one that is shown first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherForm {
    /// Plain text beside HTML.
    Text,
    /// HTML beside plain text.
    Html,
}

/// A quoted line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotedLine {
    /// 1 and more.
    pub depth: u8,
    /// Without its quote marks and the one blank after them.
    pub text: String,
}

/// A part that is offered as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The name its author gave, decoded; or one made from type and place (`attachment-2.png`).
    pub name: String,
    /// Declared type.
    pub media_type: String,
    /// Decoded bytes, shared with the part.
    pub bytes: Arc<Vec<u8>>,
    /// Content-ID, for `cid:` links.
    pub content_id: Option<String>,
    /// Text decoded to UTF-8 where the type is text.
    pub text: Option<String>,
}

/// The skeleton of a message: lists and threads never load bodies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Message-ID, see [`Message::id`].
    pub id: MessageId,
    /// Whether the id was made by us.
    pub id_is_made: bool,
    /// See [`Message::references`].
    pub references: Vec<MessageId>,
    /// Decoded subject.
    pub subject: String,
    /// The author, see [`Message::shown_author`].
    pub author: Mailbox,
    /// The `Date` field.
    pub sent: Option<SentDate>,
    /// Readable `Received` dates, newest first.
    pub received: Vec<i64>,
    /// Identity of the content.
    pub content: ContentHash,
    /// Message-IDs that its text names, at most [`MENTIONS`]; addresses may be among them.
    pub mentions: Vec<MessageId>,
    /// Number of attachments.
    pub attachments: u16,
    /// Stored bytes.
    pub size: u64,
    /// `X-No-Archive`.
    pub no_archive: bool,
    /// What was wrong.
    pub defects: Vec<Defect>,
}

/// Message-IDs that are followed from one mail's text.
pub const MENTIONS: usize = 20;

impl Message {
    /// Message-IDs that the text names: where an archive holds them, pages link to them.
    fn mentions(&self) -> Vec<MessageId> {
        let mut ids = Vec::new();
        for item in items(&self.root) {
            if let Shown::Text(part) | Shown::Around(part) = item {
                mentioned(&part.bytes, &mut ids, MENTIONS);
            } else if let Shown::Piece(part, range) = item {
                let piece = part.bytes.get(range).unwrap_or_default();
                mentioned(piece, &mut ids, MENTIONS);
            }
        }
        ids.into_iter().map(MessageId).collect()
    }

    /// The skeleton. `size` is the number of stored bytes, before any unquoting.
    pub fn summary(&self, size: u64) -> Summary {
        let files = items(&self.root)
            .into_iter()
            .filter(|item| matches!(item, Shown::File(_)));
        Summary {
            id: self.id.clone(),
            id_is_made: self.id_is_made,
            references: self.references.clone(),
            subject: self.subject.clone(),
            author: self.shown_author(),
            sent: self.sent,
            received: self.received(),
            content: self.content_hash(),
            mentions: self.mentions(),
            attachments: u16::try_from(files.count()).unwrap_or(u16::MAX),
            size,
            no_archive: self.no_archive,
            defects: self.defects.clone(),
        }
    }
}
