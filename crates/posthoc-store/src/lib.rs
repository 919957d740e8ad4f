//! The ports of storage: [`Journal`] is the truth, [`Catalog`] and [`Index`] are derived from it and
//! may be deleted; [`Spool`] holds accepted mail until the lock holder takes it in.
//!
//! Who drives: posthoc-archive opens a [`Store`], takes [`Store::lock`], appends records to the
//! journal (the only commit point), then brings catalog and index to the journal's [`Generation`].
//! Readers take no lock: they read one catalog [`Snapshot`] and the journal below its generation.
//!
//! Not here: any driver, any page, any rule about mail.

mod catalog;
pub mod conformance;
mod error;
pub mod faulty;
mod index;
mod index_conformance;
mod journal;
pub mod memory;
mod memory_index;
mod record;
mod spool;
mod tally;

pub use catalog::{Catalog, Change, Direction, Snapshot};
pub use error::{Result, StoreError};
pub use index::{Hit, Hits, Index, IndexBatch, MAX_WINDOW, Order, Search};
pub use journal::{Generation, Journal, Packing, Seq};
pub use memory_index::MemoryIndex;
pub use record::{
    AliasHead, DialectTag, Head, HoldHead, ListHead, MailHead, Piece, Purge, PurgedHead,
    QuarantineHead, Record, RedactHead, SourceEndHead, SourceHead, SpansHead, TakedownHead,
    Verdict,
};
pub use spool::{Guard, Spool, Store};
pub use tally::{Counter, Tally, month_of};
