//! How far rows and words are behind the journal.

use crate::error::Result;
use posthoc_store::Store;

/// Waiting mails that are counted; more are as many.
const MOST_COUNTED: usize = 10_000;

/// How far an archive is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HowFar {
    /// Records of the journal.
    pub recorded: u64,
    /// Of them, those that pages know.
    pub shown: u64,
    /// Of them, those that search knows.
    pub searchable: u64,
    /// Mails that wait in the spool; no more than ten thousand are counted.
    pub waiting: usize,
}

/// Looks how far an archive is. Takes no lock.
///
/// # Errors
/// What storage refuses: then nobody can read it either.
pub fn how_far(store: &dyn Store) -> Result<HowFar> {
    Ok(HowFar {
        recorded: store.journal().generation()?.0,
        shown: store.catalog().snapshot()?.generation().0,
        searchable: store.index().generation()?.0,
        waiting: store.spool().names(MOST_COUNTED)?.len(),
    })
}
