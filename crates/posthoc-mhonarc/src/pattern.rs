//! Patterns that are written in the code.

use regex::bytes::Regex;

/// A pattern over bytes.
pub(crate) fn of_bytes(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|_| unreachable!("a pattern of ours"))
}
