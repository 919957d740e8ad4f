//! The catalog port: an ordered map of rows, derived from the journal.
//!
//! A backend knows only keys and values. What the rows mean stands once, in posthoc-archive's tables,
//! so every backend answers alike and a catalog can be deleted and derived again.

use crate::{Generation, Result};

/// One row's change: the key and its new value, or `None` to delete it.
pub type Change = (Vec<u8>, Option<Vec<u8>>);

/// Which way to walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Rising keys.
    Forward,
    /// Falling keys.
    Backward,
}

/// The derived rows. Keys are compared as bytes.
///
/// An implementer guarantees: [`commit`](Catalog::commit) is atomic with its generation, also
/// across a crash, where the last commits may be lost but never half of one; a [`Snapshot`] answers
/// one committed state for as long as it lives. A caller commits only under the store's lock.
pub trait Catalog: Send + Sync {
    /// A view of the newest committed state.
    fn snapshot(&self) -> Result<Box<dyn Snapshot + '_>>;

    /// Applies the changes (each key at most once) and records the generation they reach.
    fn commit(&self, generation: Generation, changes: &[Change]) -> Result<()>;

    /// Forgets every row; the generation is then 0.
    fn clear(&self) -> Result<()>;

    /// Writes the storage anew, so that no byte of deleted or changed rows is left in it.
    /// [`Locked`](crate::StoreError::Locked) while a reader keeps an old state from going.
    fn scrub(&self) -> Result<()>;
}

/// One committed state of the catalog.
pub trait Snapshot: Send {
    /// The journal state that these rows are derived from.
    fn generation(&self) -> Generation;

    /// The row of a key.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>>;

    /// Calls `each` with rows whose keys are in `from..to` (half-open), in the direction given, until
    /// it answers `false`.
    fn scan(
        &self,
        from: &[u8],
        to: &[u8],
        direction: Direction,
        each: &mut dyn FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<()>;
}
