//! How keys are laid out.

use posthoc_core::message::{FileKey, MessageKey};
use posthoc_core::route::Volume;

/// Builds a key field by field.
#[derive(Clone)]
pub(crate) struct Key(Vec<u8>);

impl Key {
    /// A key of one table.
    pub(crate) fn of(table: u8) -> Self {
        let mut bytes = Vec::with_capacity(48);
        bytes.push(table);
        Key(bytes)
    }
    /// A number below 2^32.
    pub(crate) fn u32(mut self, n: u32) -> Self {
        self.0.extend(n.to_be_bytes());
        self
    }
    /// A large number.
    pub(crate) fn u64(mut self, n: u64) -> Self {
        self.0.extend(n.to_be_bytes());
        self
    }
    /// An instant; negative ones sort first.
    pub(crate) fn time(self, unix: i64) -> Self {
        self.u64((unix as u64) ^ (1 << 63))
    }
    /// A public name.
    pub(crate) fn key(mut self, key: MessageKey) -> Self {
        self.0.extend(key.0);
        self
    }
    /// The public name of a file.
    pub(crate) fn file(mut self, key: FileKey) -> Self {
        self.0.extend(key.0);
        self
    }
    /// A hash.
    pub(crate) fn hash(mut self, hash: &[u8; 16]) -> Self {
        self.0.extend(hash);
        self
    }
    /// A volume, in order of time.
    pub(crate) fn volume(self, volume: &Volume) -> Self {
        self.u32(volume.start()).text(volume.as_str())
    }
    /// Text without NUL, closed by one.
    pub(crate) fn text(mut self, text: &str) -> Self {
        self.0.extend(text.bytes().filter(|byte| *byte != 0));
        self.0.push(0);
        self
    }
    /// One byte.
    pub(crate) fn byte(mut self, byte: u8) -> Self {
        self.0.push(byte);
        self
    }
    /// The bytes.
    pub(crate) fn done(self) -> Vec<u8> {
        self.0
    }
    /// Every key that begins with this one: from (inclusive), to (exclusive).
    pub(crate) fn range(self) -> (Vec<u8>, Vec<u8>) {
        let end = after(&self.0);
        (self.0, end)
    }
}

/// The first key behind all those that begin with `prefix`.
pub(crate) fn after(prefix: &[u8]) -> Vec<u8> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < 255 {
            end.push(last + 1);
            return end;
        }
    }
    vec![255; 9]
}

/// Reads a key's fields from its end or its beginning.
pub(crate) struct Fields<'a>(pub(crate) &'a [u8]);

impl<'a> Fields<'a> {
    /// Skips the table's letter.
    pub(crate) fn of(key: &'a [u8]) -> Self {
        Fields(key.get(1..).unwrap_or_default())
    }
    /// Takes `n` bytes; short keys give zeros.
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        let n = N.min(self.0.len());
        bytes[..n].copy_from_slice(&self.0[..n]);
        self.0 = &self.0[n..];
        bytes
    }
    pub(crate) fn u32(&mut self) -> u32 {
        u32::from_be_bytes(self.take())
    }
    pub(crate) fn u64(&mut self) -> u64 {
        u64::from_be_bytes(self.take())
    }
    pub(crate) fn time(&mut self) -> i64 {
        (self.u64() ^ (1 << 63)) as i64
    }
    pub(crate) fn key(&mut self) -> MessageKey {
        MessageKey(self.take())
    }
    pub(crate) fn hash(&mut self) -> [u8; 16] {
        self.take()
    }
    pub(crate) fn text(&mut self) -> &'a str {
        let end = self
            .0
            .iter()
            .position(|byte| *byte == 0)
            .unwrap_or(self.0.len());
        let (text, rest) = self.0.split_at(end);
        self.0 = rest.get(1..).unwrap_or_default();
        std::str::from_utf8(text).unwrap_or_default()
    }
    /// Start and name of a volume.
    pub(crate) fn volume(&mut self) -> Option<Volume> {
        self.u32();
        Volume::parse(self.text())
    }
}

/// The instant in a key of the mails by date, seconds UTC: behind it stand the content (16 bytes) and the
/// number (4).
pub(crate) fn dated(key: &[u8]) -> i64 {
    Fields(&key[key.len().saturating_sub(8 + 16 + 4)..]).time()
}

/// The last eight bytes of a key as a number.
pub(crate) fn last_u64(key: &[u8]) -> u64 {
    Fields(&key[key.len().saturating_sub(8)..]).u64()
}

/// The last four bytes of a key as a number.
pub(crate) fn last_u32(key: &[u8]) -> u32 {
    Fields(&key[key.len().saturating_sub(4)..]).u32()
}
