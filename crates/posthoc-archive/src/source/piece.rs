//! What a source gives.

use posthoc_core::message::RawMessage;
use std::fmt;

/// The next part of a source: bytes that are no mail, then at most one mail.
///
/// `gap` and the mail's bytes of all pieces, put together, are the decompressed source, bit for
/// bit (for a folder: its mail files one after the other).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    /// What stands before the mail: the From_ line, one empty line before it, a byte order mark,
    /// junk before the first mail; or all bytes of something refused.
    pub gap: Vec<u8>,
    /// The mail.
    pub mail: Option<RawMessage>,
    /// Something that was not delivered as a mail; then `mail` is `None`.
    pub refused: Option<Refusal>,
    /// The offset in the decompressed source after this piece: a place to go on from, unless the
    /// mail may still have been growing (`mail.last`; go on from the piece before it).
    pub end: u64,
}

/// Something in a source that was not delivered as a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub reason: Reason,
    /// Where it begins in the decompressed source (in its file, for a folder).
    pub offset: u64,
    /// How many bytes it has, as far as they were read.
    pub length: u64,
    /// The file within a source that is a folder, relative, lossy UTF-8.
    pub file: Option<String>,
    /// The system's word, where it had one.
    pub detail: Option<String>,
}

impl Refusal {
    pub(super) fn new(reason: Reason, offset: u64, length: u64) -> Self {
        Refusal {
            reason,
            offset,
            length,
            file: None,
            detail: None,
        }
    }

    pub(super) fn of_file(reason: Reason, file: String, detail: Option<String>) -> Self {
        Refusal {
            reason,
            offset: 0,
            length: 0,
            file: Some(file),
            detail,
        }
    }
}

/// Why something was not delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The mail in which UW-IMAP keeps a folder's state.
    InternalData,
    /// A file that holds no mail.
    NotMail,
    /// A FIFO, a socket, a device; never opened.
    SpecialFile,
    /// A symbolic link that leads nowhere, to itself or to a folder; not followed.
    Link,
    /// A mail over the size limit.
    TooLarge,
    /// A file or folder that cannot be read, or not to its end.
    Unreadable,
}

impl Reason {
    /// The name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::InternalData => "internal_data",
            Reason::NotMail => "not_mail",
            Reason::SpecialFile => "special_file",
            Reason::Link => "link",
            Reason::TooLarge => "too_large",
            Reason::Unreadable => "unreadable",
        }
    }

    /// Whether it counts as quarantined (kept for a second look) instead of refused.
    pub fn is_quarantine(self) -> bool {
        matches!(self, Reason::TooLarge | Reason::Unreadable)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
