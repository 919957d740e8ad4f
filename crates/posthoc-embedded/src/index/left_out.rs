//! What a query leaves out, in a form that the engine can leave out.
//!
//! The engine asks an excluded phrase about mails that lie before the one it stands at, which its own
//! phrases do not allow (they assert it, and then answer from a state that is not defined). Here every
//! question about an earlier mail is answered from where the scorer stands.

use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader};

/// Wraps what stands under a NOT.
#[derive(Debug)]
pub(super) struct LeftOut(pub(super) Box<dyn Query>);

struct LeftOutWeight(Box<dyn Weight>);

struct LeftOutScorer(Box<dyn Scorer>);

impl Clone for LeftOut {
    fn clone(&self) -> Self {
        LeftOut(self.0.box_clone())
    }
}

impl Query for LeftOut {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(LeftOutWeight(self.0.weight(scoring)?)))
    }
}

impl Weight for LeftOutWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(Box::new(LeftOutScorer(self.0.scorer(reader, boost)?)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.0.explain(reader, doc)
    }
}

/// `seek_danger` is not passed on: what the trait does by itself never asks for an earlier mail.
impl DocSet for LeftOutScorer {
    fn advance(&mut self) -> DocId {
        self.0.advance()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.0.seek(target)
    }

    fn doc(&self) -> DocId {
        self.0.doc()
    }

    fn size_hint(&self) -> u32 {
        self.0.size_hint()
    }
}

impl Scorer for LeftOutScorer {
    fn score(&mut self) -> Score {
        self.0.score()
    }
}
