//! What a mail is: bytes in, always a [`Message`] out, with its defects named.
//!
//! Entry points: [`parse`] for the whole mail, [`Message::summary`] for the skeleton that lists and
//! threads use, [`Message::body`] for what is shown, [`content_hash`](Message::content_hash) for
//! identity.

mod address;
mod blocks;
mod body;
mod card;
mod defect;
mod forms;
mod hold;
mod id;
mod identity;
mod ids;
mod mhonarc_page;
mod model;
mod outline;
mod packed;
mod parameters;
mod parse;
mod pieces;
mod raw;
mod redact;
mod scan;
mod scrubbed;
mod shown_author;
mod tree;

pub use body::Searchable;
pub use card::{Card, End, Invited, Moment, On, Rule, Unit, Value, Weekday};
pub use defect::Defect;
pub use hold::{Hold, MOST_HOPS};
pub use id::{ContentHash, FileKey, MessageId, MessageKey};
pub use mhonarc_page::{MhonarcPage, rotated};
pub use model::{
    Attachment, Block, Body, Disposition, Field, Limits, MENTIONS, Mailbox, Message, Note,
    OtherForm, Packed, Part, QuotedLine, Summary,
};
pub use parse::{inner_mails, parse, parse_as};
pub(crate) use parse::{mailboxes, sections, structured};
pub use raw::{Dialect, RawMessage};
pub use redact::{NOBODYS_ADDRESS, Piece, REMOVED, RedactablePart, redact, redactable_parts};
pub(crate) use tree::{Holds, Section};
