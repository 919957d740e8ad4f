//! Mails of a set that a catalog has chosen, by their place.

use super::schema::PLACE;
use posthoc_core::query::Places;
use std::sync::Arc;
use tantivy::columnar::Column;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

/// Every mail that is in the set. Carries no score.
#[derive(Clone, Debug)]
pub(super) struct Among(pub(super) Arc<Places>);

struct AmongScorer {
    places: Arc<Places>,
    column: Column<u64>,
    doc: DocId,
    end: DocId,
}

impl Query for Among {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for Among {
    fn scorer(&self, reader: &SegmentReader, _: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut scorer = AmongScorer {
            places: Arc::clone(&self.0),
            column: reader.fast_fields().u64(PLACE)?,
            doc: 0,
            end: reader.max_doc(),
        };
        scorer.seek(0);
        Ok(Box::new(scorer))
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Err(TantivyError::InvalidArgument("not explained".to_owned()))
    }
}

impl DocSet for AmongScorer {
    fn advance(&mut self) -> DocId {
        match self.doc {
            TERMINATED => TERMINATED,
            doc => self.seek(doc + 1),
        }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        let is_in = |doc: &DocId| {
            let place = self.column.first(*doc);
            place.is_some_and(|place| self.places.contains((place >> 32) as u32, place as u32))
        };
        self.doc = (target..self.end).find(is_in).unwrap_or(TERMINATED);
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.end
    }
}

impl Scorer for AmongScorer {
    fn score(&mut self) -> Score {
        0.0
    }
}
