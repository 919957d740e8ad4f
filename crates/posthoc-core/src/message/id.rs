//! Names of mails: the author's ([`MessageId`]), ours ([`MessageKey`]), and the content's
//! ([`ContentHash`]).

use data_encoding::{BASE32_NOPAD, Encoding};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::LazyLock;

/// A Message-ID without its angle brackets (RFC 5322 `msg-id`), unfolded and trimmed; lossy UTF-8.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MessageId(pub String);

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The public name of a message: 26 characters of lower-case base32 over 16 bytes of a BLAKE3 hash
/// of its Message-ID (a variant's: of id and content). Version 1 of the rule.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MessageKey(pub [u8; 16]);

/// The public name of a file's bytes as others get them: 26 characters of lower-case base32 over the
/// first 16 bytes of their BLAKE3 hash. The same bytes have one name in every mail.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FileKey(pub [u8; 16]);

/// What makes two copies the same mail: a hash over decoded author address, Date, subject without
/// list tag, and decoded text without trailing space, known list footer and `>From`. Version 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ContentHash(pub [u8; 16]);

static ALPHABET: LazyLock<Encoding> = LazyLock::new(|| {
    let mut base32 = BASE32_NOPAD.specification();
    base32.symbols.make_ascii_lowercase();
    base32.encoding().unwrap_or(BASE32_NOPAD)
});

impl MessageKey {
    /// The key of the first mail that bears an id.
    pub fn of(id: &MessageId) -> Self {
        Self::hash(&[b"posthoc key 1\0", id.0.as_bytes()])
    }

    /// The key of another mail with an id that is taken.
    pub fn variant(id: &MessageId, content: &ContentHash) -> Self {
        Self::hash(&[b"posthoc variant 1\0", id.0.as_bytes(), b"\0", &content.0])
    }

    /// Where a second mail with one id stands in a forest: from the key of the id and the mail's
    /// content, for the id itself may not be known any more.
    pub fn beside(key: MessageKey, content: &ContentHash) -> Self {
        Self::hash(&[b"posthoc beside 1\0", &key.0, &content.0])
    }

    /// Reads the 26 characters; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = ALPHABET.decode(text.as_bytes()).ok()?;
        bytes.try_into().ok().map(MessageKey)
    }

    fn hash(pieces: &[&[u8]]) -> Self {
        let mut hasher = blake3::Hasher::new();
        for piece in pieces {
            hasher.update(piece);
        }
        let mut key = [0; 16];
        key.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        MessageKey(key)
    }
}

impl FileKey {
    /// The key of a file's bytes.
    pub fn of(bytes: &[u8]) -> Self {
        FileKey(MessageKey::hash(&[bytes]).0)
    }

    /// Reads the 26 characters; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        MessageKey::parse(text).map(|key| FileKey(key.0))
    }
}

impl fmt::Display for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        MessageKey(self.0).fmt(f)
    }
}

impl fmt::Debug for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileKey({self})")
    }
}

impl fmt::Display for MessageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&ALPHABET.encode(&self.0))
    }
}

impl fmt::Debug for MessageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MessageKey({self})")
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&ALPHABET.encode(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_one_spelling_and_never_change() {
        let id = MessageId("a@example.org".to_owned());
        let key = MessageKey::of(&id);
        let text = key.to_string();
        assert_eq!(text, "sr637wdf7qb7vfys2grxyr2f64");
        assert_eq!(MessageKey::parse(&text), Some(key));
        assert_eq!(MessageKey::parse(&text.to_ascii_uppercase()), None);
        assert_eq!(MessageKey::parse(&text[..25]), None);
        assert_eq!(MessageKey::parse("1aaaaaaaaaaaaaaaaaaaaaaaaa"), None);
        assert_ne!(MessageKey::variant(&id, &ContentHash([0; 16])), key);
    }
}
