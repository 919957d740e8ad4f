//! How rare words are, on the lists that are searched.
//!
//! The engine weighs a word by how many mails have it, and would count those of every list: then the
//! order of hits would tell how often a word stands on lists that the reader does not see. Here only
//! mails of the searched lists count, and the mean length of a part is a constant.

use super::schema::{Fields, PLACE};
use posthoc_core::query::Part;
use std::sync::Arc;
use tantivy::collector::{Count, FilterCollector};
use tantivy::query::{Bm25StatisticsProvider, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

/// Words of a mail's text, about, and of its quoted text.
const TEXT_WORDS: u64 = 100;
/// Words of a subject, about, and of those who wrote a mail or get it.
const HEADER_WORDS: u64 = 8;

/// What the engine asks of an index, for some lists.
pub(super) struct OfLists<'a> {
    searcher: &'a Searcher,
    list: Field,
    long: [Field; 2],
    /// In order.
    lists: Arc<[u32]>,
    /// These lists have every mail of the index, and none was deleted: what the engine counts is right.
    whole: bool,
}

impl<'a> OfLists<'a> {
    pub(super) fn new(
        searcher: &'a Searcher,
        fields: &Fields,
        lists: &[u32],
    ) -> tantivy::Result<Self> {
        let mut lists = lists.to_vec();
        lists.sort_unstable();
        let mut of_lists = OfLists {
            searcher,
            list: fields.list,
            long: [fields.part(Part::Text), fields.part(Part::Quoted)],
            lists: lists.into(),
            whole: false,
        };
        let segments = searcher.segment_readers();
        let deleted = segments.iter().any(tantivy::SegmentReader::has_deletes);
        of_lists.whole = !deleted && of_lists.total_num_docs()? == searcher.num_docs();
        Ok(of_lists)
    }
}

impl Bm25StatisticsProvider for OfLists<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        let words = match self.long.contains(&field) {
            true => TEXT_WORDS,
            false => HEADER_WORDS,
        };
        Ok(self.total_num_docs()?.saturating_mul(words))
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        let mut docs = 0_u64;
        for list in self.lists.iter() {
            let term = Term::from_field_u64(self.list, u64::from(*list));
            docs = docs.saturating_add(self.searcher.doc_freq(&term)?);
        }
        // The engine divides by it.
        Ok(docs.max(1))
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        let docs = self.total_num_docs()?;
        if term.field() == self.list {
            // Names of lists carry no weight. Of another list there may be more mails than of these,
            // which the engine does not stand.
            return Ok(docs);
        }
        if self.whole {
            return self.searcher.doc_freq(term);
        }
        let lists = Arc::clone(&self.lists);
        let within = move |place: u64| lists.binary_search(&((place >> 32) as u32)).is_ok();
        let count = FilterCollector::new(PLACE.to_owned(), within, Count);
        let query = TermQuery::new(term.clone(), IndexRecordOption::Basic);
        Ok((self.searcher.search(&query, &count)? as u64).min(docs))
    }
}
