//! What can go wrong in a verb.

use crate::source::SourceError;
use posthoc_store::StoreError;
use std::path::PathBuf;

/// Result of a verb.
pub type Result<T> = std::result::Result<T, ArchiveError>;

/// A verb's failure. The binary turns it into one line and an exit status.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// Storage failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A source failed.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// No list has that name.
    #[error("no list named {0:?}")]
    NoList(String),
    /// That cannot be a list's name.
    #[error("{0:?} cannot be a list's name: use a-z 0-9 . _ + -, and no reserved word")]
    BadListName(String),
    /// A query that cannot be understood.
    #[error("query: {0}")]
    Query(#[from] posthoc_core::query::QueryError),
    /// Pages cannot be made with these settings.
    #[error("templates: {0}")]
    Layout(String),
    /// A file of the published site could not be written.
    #[error("{action} {path}: {source}", path = path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// On which file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A folder that was to tell an old archive's numbers.
    #[error("{path} holds no pages of Pipermail: no folder as 2004-December with pages as 000042.html", path = .0.display())]
    NoOldPages(PathBuf),
    /// The folder to publish to holds something else.
    #[error("{path} is not empty and was not written by posthoc", path = .0.display())]
    ForeignFolder(PathBuf),
    /// The folder to publish to is for other readers.
    #[error("{out} was published for other readers ({theirs})", out = .out.display())]
    OtherAudience {
        /// The folder.
        out: PathBuf,
        /// For whom it is.
        theirs: String,
    },
    /// The name is another list's.
    #[error("there is a list named {0:?} already")]
    NameTaken(String),
    /// The name was another list's, and leads to it.
    #[error("{name:?} was the name of the list {list} and leads to it")]
    FormerName {
        /// The name.
        name: String,
        /// The list that had it last.
        list: String,
    },
    /// Nothing has that name.
    #[error("nothing is known as {0:?}")]
    Unknown(String),
    /// A mail has no such piece, or it is none that can be taken out.
    #[error("{mail}: {piece}: {why}")]
    NoPiece {
        /// The mail's public name.
        mail: String,
        /// The piece.
        piece: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A mail whose bytes were destroyed cannot be shown again.
    #[error("{0} was purged; that cannot be taken back")]
    Purged(String),
    /// What was put aside and is not kept with its record.
    #[error("the bytes of number {id} in the quarantine are not here{}", in_import(*.import))]
    NotKept {
        /// Its number.
        id: u64,
        /// The import that it came with.
        import: Option<u64>,
    },
}

fn in_import(import: Option<u64>) -> String {
    import.map_or_else(String::new, |import| format!(", but in import {import}"))
}
