//! The spool of accepted mail, the lock, and the bundle of ports.

use crate::{Catalog, Index, Journal, Result};
use std::time::Duration;

/// Mail that was accepted and is durable but not yet in the journal (`incoming/`). Needs no lock.
///
/// An implementer guarantees: when [`put`](Spool::put) returns `Ok` the mail survives a crash; a
/// mail is listed only when it is whole; several processes, also of several users of one group, may
/// put, list and remove at once.
pub trait Spool: Send + Sync {
    /// Makes a mail for a list durable; returns its name in the spool. `received` is the delivery's
    /// clock, seconds UTC.
    fn put(&self, list: &str, received: i64, bytes: &[u8]) -> Result<String>;

    /// Names of the waiting mails, oldest first, at most `limit`.
    fn names(&self, limit: usize) -> Result<Vec<String>>;

    /// One waiting mail: its list, when it was received, its bytes. `None` when it is gone.
    fn get(&self, name: &str) -> Result<Option<(String, i64, Vec<u8>)>>;

    /// Removes a mail that is in the journal now. Not an error when it is gone.
    fn remove(&self, name: &str) -> Result<()>;
}

/// The archive's lock; dropping it lets the next one in. The operating system drops it when the
/// process dies.
pub trait Guard: Send {}

/// One archive's ports.
pub trait Store: Send + Sync {
    /// The truth.
    fn journal(&self) -> &dyn Journal;
    /// The derived rows.
    fn catalog(&self) -> &dyn Catalog;
    /// The derived words.
    fn index(&self) -> &dyn Index;
    /// Accepted mail.
    fn spool(&self) -> &dyn Spool;
    /// Takes the one advisory lock, waiting at most `wait` (zero: one try);
    /// [`Locked`](crate::StoreError::Locked) when another holds it. Held per batch, not for long.
    fn lock(&self, wait: Duration) -> Result<Box<dyn Guard + '_>>;
}
