//! Delivered mail, for a program that stays.

use super::take_in_if_free;
use crate::check::mend;
use crate::error::Result;
use crate::search::index_words;
use posthoc_core::message::Limits;
use posthoc_store::Store;

/// What a program that stays does about delivered mail, look by look: it takes in what waits, and keeps
/// rows and words up with what others took in.
#[derive(Default)]
pub struct Waiting {
    /// What waited when nothing could be taken in, and when that was.
    stuck: Option<(Vec<String>, i64)>,
}

/// Waiting mails that are told apart when some of them cannot be taken in.
const TOLD_APART: usize = 1_000;
/// After how many seconds mail is tried again that could not be taken in, because its list is not there
/// or the lock was held, when nothing new has come.
const AGAIN: i64 = 8;

impl Waiting {
    /// One look; `now` is the clock, seconds UTC. Answers how many mails were taken in.
    ///
    /// # Errors
    /// What storage refuses, but not a lock that is held.
    pub fn look(&mut self, store: &dyn Store, now: i64, limits: &Limits) -> Result<usize> {
        let waiting = store.spool().names(TOLD_APART)?;
        // A clock that was set back makes it be tried.
        let recent = |since: i64| (since..since.saturating_add(AGAIN)).contains(&now);
        let tried = self
            .stuck
            .take()
            .filter(|(names, since)| *names == waiting && recent(*since));
        if waiting.is_empty() || tried.is_some() {
            self.stuck = tried;
            mend(store, limits)?;
            index_words(store, limits)?;
            return Ok(0);
        }
        let taken = take_in_if_free(store, now, limits)?;
        if taken == 0 {
            self.stuck = Some((waiting, now));
        }
        Ok(taken)
    }
}
