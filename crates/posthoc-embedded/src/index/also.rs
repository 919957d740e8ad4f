//! How many hits answer other questions, too.
//!
//! The hits are marked once, whatever they cost to find; then each other question leaps over its own
//! mails from mark to mark, so that it looks closely (at the positions of a phrase) only where a hit is.

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::query::{EnableScoring, Query, Scorer, Weight};
use tantivy::{DocId, Score, Searcher, SegmentOrdinal, SegmentReader, TERMINATED};

/// Counts, for each of some questions, the hits that answer it.
pub(super) struct Also {
    others: Vec<Box<dyn Weight>>,
}

impl Also {
    pub(super) fn new(searcher: &Searcher, others: &[Box<dyn Query>]) -> tantivy::Result<Self> {
        let unscored = || EnableScoring::disabled_from_searcher(searcher);
        let others = others.iter().map(|other| other.weight(unscored()));
        Ok(Also {
            others: others.collect::<tantivy::Result<_>>()?,
        })
    }
}

/// One segment's.
pub(super) struct AlsoOfSegment {
    marked: Marks,
    others: Vec<Box<dyn Scorer>>,
}

impl Collector for Also {
    type Fruit = Vec<u64>;
    type Child = AlsoOfSegment;

    fn for_segment(
        &self,
        _: SegmentOrdinal,
        segment: &SegmentReader,
    ) -> tantivy::Result<AlsoOfSegment> {
        let others = self.others.iter().map(|other| other.scorer(segment, 1.0));
        Ok(AlsoOfSegment {
            marked: Marks::new(segment.max_doc()),
            others: others.collect::<tantivy::Result<_>>()?,
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<Vec<u64>>) -> tantivy::Result<Vec<u64>> {
        let mut counts = vec![0_u64; self.others.len()];
        for segment in segments {
            for (count, more) in counts.iter_mut().zip(segment) {
                *count += more;
            }
        }
        Ok(counts)
    }
}

impl SegmentCollector for AlsoOfSegment {
    type Fruit = Vec<u64>;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.marked.insert(doc);
    }

    fn harvest(self) -> Vec<u64> {
        let AlsoOfSegment { marked, others } = self;
        others
            .into_iter()
            .map(|mut other| within(&marked, other.as_mut()))
            .collect()
    }
}

/// How many of the marked mails answer.
fn within(marked: &Marks, other: &mut dyn Scorer) -> u64 {
    let mut count = 0;
    let mut at = other.doc();
    while at != TERMINATED {
        at = match marked.next(at) {
            Some(mark) if mark == at => {
                count += 1;
                other.advance()
            }
            Some(mark) => other.seek(mark),
            None => TERMINATED,
        };
    }
    count
}

/// Marked mails of a segment, a bit for each.
struct Marks(Vec<u64>);

impl Marks {
    fn new(mails: u32) -> Self {
        Marks(vec![0; mails.div_ceil(u64::BITS) as usize])
    }

    fn insert(&mut self, doc: DocId) {
        if let Some(bits) = self.0.get_mut((doc / u64::BITS) as usize) {
            *bits |= 1 << (doc % u64::BITS);
        }
    }

    /// The first one from that on.
    fn next(&self, from: DocId) -> Option<DocId> {
        let first = from / u64::BITS;
        let rest = self.0.get(first as usize)? & u64::MAX << (from % u64::BITS);
        let others = self.0.iter().zip(0..).skip(first as usize + 1);
        let (bits, at) = std::iter::once((&rest, first))
            .chain(others)
            .find(|(bits, _)| **bits != 0)?;
        Some(at * u64::BITS + bits.trailing_zeros())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn the_next_mark_is_that_of_the_set(
            marked in prop::collection::btree_set(0u32..400, 0..30),
            from in 0u32..500,
        ) {
            let marked: BTreeSet<u32> = marked;
            let mut marks = Marks::new(400);
            for doc in &marked {
                marks.insert(*doc);
            }
            prop_assert_eq!(marks.next(from), marked.range(from..).next().copied());
        }
    }
}
