//! The journal port: one append-only sequence of records.

use crate::{Record, Result};

/// The position of a record in the journal, from 0.
pub type Seq = u64;

/// The journal's length in records: the number of a committed state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(pub u64);

/// How a batch is laid down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// Many records share compressed blocks of about 256 KiB: bulk import.
    Blocks,
    /// Each record in a frame of its own: single deliveries.
    Single,
}

/// Ground state. Records are never changed (but by [`replace`](Journal::replace)) or reordered; their
/// numbers are dense from 0.
///
/// An implementer guarantees: when [`append`](Journal::append) returns `Ok`, every record of the
/// batch is durable; after a crash during an append, a prefix of the batch (possibly empty) is there
/// and nothing else; a record reads back byte for byte or answers `Damaged`. A caller may append only
/// while it holds the store's lock, and may not assume that another process's appends are seen before
/// [`generation`](Journal::generation) is called again.
pub trait Journal: Send + Sync {
    /// The committed state, looking again at what other processes have written.
    fn generation(&self) -> Result<Generation>;

    /// Appends the batch and makes it durable; returns the new state.
    fn append(&self, records: &[Record], packing: Packing) -> Result<Generation>;

    /// One record.
    fn read(&self, seq: Seq) -> Result<Record>;

    /// Calls `each` for every record from `from` up to the committed state, in order, until it
    /// answers `false`. Reads each block once.
    fn scan(&self, from: Seq, each: &mut dyn FnMut(Seq, Record) -> bool) -> Result<()>;

    /// Puts other records in the place of these, durably, and destroys what stood there: after `Ok` no
    /// byte of it is left in the journal's storage (other handles may still hold what they read).
    /// Numbers, order and length stay, and [`verify`](Journal::verify) stays clean. After a crash each
    /// of them is the old record or the new one. The one exception to "never changed": for purging.
    fn replace(&self, records: &[(Seq, Record)]) -> Result<()>;

    /// Verifies every stored byte (checksums and the hash chain), reporting each damage found and
    /// going on after it where the framing allows.
    fn verify(&self, damage: &mut dyn FnMut(crate::StoreError)) -> Result<()>;

    /// Bytes that the journal takes in storage.
    fn stored_bytes(&self) -> Result<u64>;
}
