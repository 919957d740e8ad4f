//! Taking in whole archives.
//!
//! 1. A reader thread splits the source and reads the mails of a chunk on all cores.
//! 2. This thread decides and commits a chunk at a time, under the lock only for that long.
//! 3. Every chunk records its spans, so a killed run goes on after the last whole chunk, and the
//!    source can be given back bit for bit.

mod again;
mod chunk;
mod dry;
mod numbers;
mod run;

pub use numbers::{OldNumbers, pipermail_texts};
pub use run::{ImportOptions, Progress, import};
