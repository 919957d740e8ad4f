//! How many hits answer other questions, too.
//!
//! The hits are marked once, whatever they cost to find; then each other question walks over its own
//! mails and looks at the marks, or is asked about each hit where there are few.

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::query::{EnableScoring, Query, Scorer, Weight};
use tantivy::{BitSet, DocId, Score, Searcher, SegmentOrdinal, SegmentReader, TERMINATED};

/// A walk takes this many mails in the time that one is looked up.
const WALKED: u64 = 16;

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
    marked: BitSet,
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
            marked: BitSet::with_max_value(segment.max_doc()),
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
fn within(marked: &BitSet, other: &mut dyn Scorer) -> u64 {
    let mut count = 0;
    if (marked.len() as u64).saturating_mul(WALKED) < u64::from(other.size_hint()) {
        for doc in marks(marked) {
            let at = match other.doc() < doc {
                true => other.seek(doc),
                false => other.doc(),
            };
            count += u64::from(at == doc);
        }
        return count;
    }
    while other.doc() != TERMINATED {
        count += u64::from(marked.contains(other.doc()));
        other.advance();
    }
    count
}

/// The marked mails in order.
fn marks(marked: &BitSet) -> impl Iterator<Item = DocId> + '_ {
    let buckets = marked.max_value().div_ceil(u64::BITS);
    (0..buckets).flat_map(|bucket| {
        let first = bucket * u64::BITS;
        marked.tinyset(bucket).into_iter().map(move |at| first + at)
    })
}
