//! What can go wrong with a source as a whole; each with what to do about it.

use std::io;

/// A source cannot be opened, or not be read to its end.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// There is nothing at the path.
    #[error("{path}: no such file or folder; check the path")]
    NoSuch {
        /// The path tried, absolute.
        path: String,
    },
    /// The path exists and cannot be read.
    #[error("{path}: cannot be read at byte {offset}: {source}; check permissions and the disk")]
    Unreadable {
        /// The path tried, absolute.
        path: String,
        /// How many decompressed bytes were read before.
        offset: u64,
        /// The system's word.
        source: io::Error,
    },
    /// It can be read and holds no mail that we know of.
    #[error("{path}: {found}; {remedy}")]
    NotAMailSource {
        /// The path, absolute.
        path: String,
        /// What was found.
        found: &'static str,
        /// What to do.
        remedy: &'static str,
    },
    /// It is packed in a way that we do not read.
    #[error(
        "{path}: {format} is not read; unpack it and give the unpacked file, or a pipe and '-'"
    )]
    Packed {
        /// The path, absolute.
        path: String,
        /// The format's name.
        format: &'static str,
    },
    /// The packed stream stops in its middle; every mail before the cut was delivered.
    #[error(
        "{path}: the compressed file is cut off after {offset} decompressed bytes; fetch it again"
    )]
    Truncated {
        /// The path, absolute.
        path: String,
        /// How many decompressed bytes came before the cut.
        offset: u64,
    },
    /// The packed stream is damaged; every mail before the damage was delivered.
    #[error(
        "{path}: the compressed file is damaged after {offset} decompressed bytes: {source}; \
         fetch it again"
    )]
    Damaged {
        /// The path, absolute.
        path: String,
        /// How many decompressed bytes came before.
        offset: u64,
        /// The unpacker's word.
        source: io::Error,
    },
    /// It ends before the place where reading was to go on: not the same source any more.
    #[error("{path}: ends at byte {offset}, before the place to go on from; import it anew")]
    Shorter {
        /// The path, absolute.
        path: String,
        /// Its length in decompressed bytes.
        offset: u64,
    },
}
