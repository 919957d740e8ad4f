//! The index port: which mails have these words. Derived from the journal, may be deleted.

use crate::{Generation, Result, Tally};
use posthoc_core::query::{Doc, Query, Scope, Standing, Stems};
use posthoc_core::text::TimeZone;
use std::collections::BTreeMap;

/// How hits are put in order. Hits that are equal in it follow newest first, then by list and number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Best first; of equally good mails a newer one.
    #[default]
    Relevance,
    /// By date, newest first.
    NewestFirst,
    /// By date, oldest first.
    OldestFirst,
}

/// A question to the index.
#[derive(Clone, Copy, Debug)]
pub struct Search<'a> {
    /// What is looked for.
    pub query: &'a Query,
    /// The gate: only mails on these lists are answered or counted; `None` is every list.
    pub lists: Option<&'a [u32]>,
    /// Numbers of lists by name, for `list:`; a name that is not here finds nothing, so a caller
    /// leaves out what its audience may not know of.
    pub names: &'a BTreeMap<String, u32>,
    /// The order of the hits.
    pub order: Order,
    /// How many hits to pass over.
    pub offset: usize,
    /// How many hits to answer at most; offset and limit together at most [`MAX_WINDOW`].
    pub limit: usize,
    /// The zone in which days begin and end.
    pub zone: &'a TimeZone,
    /// The present, seconds UTC, for `today` and `2w..`.
    pub now: i64,
    /// What the catalog answered for leaves of the query.
    pub standing: &'a Standing,
    /// Languages whose rules tell what forms of its words answer, too.
    pub stems: Stems,
    /// Whether hits are counted by list and month.
    pub tally: bool,
}

impl<'a> Search<'a> {
    /// What its query, and others asked beside it, are resolved with.
    pub fn scope(&self) -> Scope<'a> {
        Scope {
            lists: self.names,
            standing: self.standing,
            stems: self.stems,
            zone: self.zone,
            now: self.now,
        }
    }
}

/// The greatest sum of [`Search::offset`] and [`Search::limit`]; what lies behind it is counted, not
/// answered.
pub const MAX_WINDOW: usize = 10_000;

/// A mail that answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Its list.
    pub list: u32,
    /// Its number in the list.
    pub number: u32,
    /// Its date, seconds UTC.
    pub date: i64,
    /// How well it answers: greater is better, only comparable within one answer; 0 when ordered
    /// by date.
    pub score: f32,
}

/// An answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hits {
    /// All mails that answer, exactly.
    pub total: u64,
    /// Those of the window.
    pub hits: Vec<Hit>,
    /// All hits by list and month, exactly; empty when not asked for.
    pub tally: Tally,
    /// The state that was asked: later mails are not in the answer.
    pub generation: Generation,
}

/// The derived words.
///
/// An implementer guarantees: an answer is that of one committed state, whose generation it names; a
/// mail answers exactly when its [`Doc`] matches the query's
/// [`Plan`](posthoc_core::query::Plan), as [`Matcher`](posthoc_core::query::Matcher) decides. An index
/// that is gone, broken, or made by other rules is empty, at generation 0. A caller writes only under
/// the store's lock.
pub trait Index: Send + Sync {
    /// The journal state that the index has reached, looking again at what other processes have
    /// written. Cheap.
    fn generation(&self) -> Result<Generation>;

    /// Opens the one writer; [`Locked`](crate::StoreError::Locked) while another process or session
    /// has it. Costs memory and threads: a bulk import keeps one open, a reader opens none. Forgets
    /// what a broken index holds, so look at [`generation`](Self::generation) afterwards. Dropping it
    /// forgets what was not committed.
    fn writer(&self) -> Result<Box<dyn IndexBatch + '_>>;

    /// Answers a question.
    fn search(&self, request: &Search<'_>) -> Result<Hits>;

    /// How many of the mails that answer a question answer each other query, too, resolved with the
    /// question's own [`scope`](Search::scope). Exact; the question is looked up once, however many
    /// others there are. Its order, window and tally do not count.
    fn count_also(&self, request: &Search<'_>, also: &[Query]) -> Result<Vec<u64>>;

    /// Forgets everything; the generation is then 0. `Locked` while a writer is open.
    fn clear(&self) -> Result<()>;

    /// Writes the storage anew where it still holds words of deleted mails.
    /// [`Locked`](crate::StoreError::Locked) while another process or session writes.
    fn scrub(&self) -> Result<()>;

    /// Whether the storage still holds words of a mail, also of one that was deleted: what
    /// [`scrub`](Self::scrub) ends.
    fn holds(&self, list: u32, number: u32) -> Result<bool>;

    /// Bytes that the index takes in storage.
    fn stored_bytes(&self) -> Result<u64>;
}

/// An open writing session.
pub trait IndexBatch: Send {
    /// Adds a mail that is not in the index; one that is must be deleted before.
    fn add(&mut self, doc: &Doc) -> Result<()>;

    /// Deletes a mail; not an error when it is not there.
    fn delete(&mut self, list: u32, number: u32) -> Result<()>;

    /// Makes what was added and deleted visible to every process and durable, atomically with the
    /// generation. Takes some tens of milliseconds: call it a few times a second at most.
    fn commit(&mut self, generation: Generation) -> Result<()>;
}
