//! Patterns that are written in the code.

use regex::{Regex, bytes};

/// A pattern over text.
pub(crate) fn of_text(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|_| unreachable!("a pattern of ours"))
}

/// A pattern over bytes.
pub(crate) fn of_bytes(pattern: &str) -> bytes::Regex {
    bytes::Regex::new(pattern).unwrap_or_else(|_| unreachable!("a pattern of ours"))
}
