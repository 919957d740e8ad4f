//! Where mails come from: reads them out of whatever lists hold, one after the other, and never
//! holds a whole file.
//!
//! Entry point: [`Source::open`]; it is an iterator of [`Piece`]s. Steps:
//!
//! 1. `detect`: what kind of thing the path is.
//! 2. `decode`: unpacks gzip and zstd by their first bytes.
//! 3. `splitter` (with the pure rules of `boundary`, `line` and `dialect`): cuts a stream.
//! 4. `folder`: the files of a folder in order, each judged before it is opened.
//! 5. `open` and `walk`: the iterator over all of it, its position and its running hash.
//!
//! What the strict rule takes for a separator: a line that begins `From `, carries a clock time
//! and a month's name or a four-digit number (`From - ` and `From NUMBER@xxx` may go without),
//! follows an empty line (or is the first), and is followed by a header field (lines that begin
//! `>From ` between are skipped). The first of a file needs no empty line before it. A mail that
//! quotes a whole mbox after an empty line is cut by it: nothing in the file tells the two apart.
//! The one empty line before a separator, or at the end, belongs to the separator.

mod boundary;
mod decode;
mod detect;
mod dialect;
mod error;
mod folder;
mod kind;
mod line;
mod open;
mod piece;
mod splitter;
mod walk;

pub use error::SourceError;
pub(crate) use folder::mhonarc_number;
pub use kind::{Compression, Description, KINDS, Kind, MsgSep, Split, SplitError, UnknownName};
pub use open::{OpenOptions, split_bytes};
pub use piece::{Piece, Reason, Refusal};
pub use walk::Source;
