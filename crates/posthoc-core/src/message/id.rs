//! Names of mails: the author's ([`MessageId`]), ours ([`MessageKey`]), and the content's
//! ([`ContentHash`]).

use serde::{Deserialize, Serialize};
use std::fmt;

/// A Message-ID without its angle brackets (RFC 5322 `msg-id`), unfolded and trimmed; lossy UTF-8.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MessageId(pub String);

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The public name of a message: 26 characters of lower-case base32 (130 bits of a BLAKE3 hash),
/// from its Message-ID; a variant's from id and content. Version 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MessageKey(pub [u8; 16]);

/// What makes two copies the same mail: a hash over decoded author address, Date, subject without
/// list tag, and decoded text without trailing space, known list footer and `>From`. Version 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ContentHash(pub [u8; 16]);
