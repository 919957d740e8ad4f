//! What can go wrong below the ports.

use std::io::ErrorKind;
use std::path::PathBuf;

/// Result of a port's operation.
pub type Result<T> = std::result::Result<T, StoreError>;

/// A failure of storage. Messages are short; the shell adds what the user should do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The operating system refused.
    #[error("{action} {path}: {source}", path = path.display())]
    Io {
        /// What was tried, as a verb: `write`, `open`, `sync`.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// Another process holds the lock.
    #[error("archive is locked by another process")]
    Locked,
    /// Stored bytes are not what was written.
    #[error("damaged: {what} in {path} at byte {offset}", path = path.display())]
    Damaged {
        /// What does not hold.
        what: String,
        /// In which file.
        path: PathBuf,
        /// Where.
        offset: u64,
    },
    /// No record has that number.
    #[error("no record {0}")]
    NoRecord(u64),
    /// No archive at that path.
    #[error("no archive at {path}", path = .0.display())]
    NoArchive(PathBuf),
    /// The format is from a later version of this program.
    #[error("{path} has format {found}, this program knows up to {known}", path = path.display())]
    Newer {
        /// The archive.
        path: PathBuf,
        /// Its format version.
        found: u32,
        /// The newest that is known here.
        known: u32,
    },
    /// The folder lies on a file system that does not keep locks or memory maps honestly.
    #[error("{path} is on a network file system ({kind})", path = path.display())]
    NetworkFs {
        /// The folder.
        path: PathBuf,
        /// The file system's name.
        kind: String,
    },
    /// A driver failed in its own way (SQLite, Tantivy).
    #[error("{what}: {message}")]
    Driver {
        /// Which driver and operation.
        what: &'static str,
        /// Its message.
        message: String,
    },
}

impl StoreError {
    /// Whether there is no room left, or no more for this user: of bytes or of inodes. Nothing is wrong with
    /// what is stored, and the same works when there is room again.
    pub fn is_full(&self) -> bool {
        match self {
            StoreError::Io { source, .. } => {
                matches!(
                    source.kind(),
                    ErrorKind::StorageFull | ErrorKind::QuotaExceeded
                )
            }
            // Drivers have their own words for ENOSPC.
            StoreError::Driver { message, .. } => {
                message.contains("disk is full") || message.contains("No space left")
            }
            _ => false,
        }
    }
}
