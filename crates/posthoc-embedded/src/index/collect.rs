//! Counts every hit and keeps the best ones, in an order that does not depend on how the index
//! happens to be cut into segments (for the same scores).

use super::freshness::Freshness;
use super::schema::{DATE, PLACE};
use posthoc_store::{Counter, Hit, Order, Tally};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

/// Keeps the best `keep` hits.
#[derive(Clone, Debug)]
pub(super) struct Best {
    /// How many.
    pub(super) keep: usize,
    /// By what.
    pub(super) order: Order,
    /// What age weighs, in the order of relevance.
    pub(super) freshness: Freshness,
    /// Counts hits by list and month; none when that is not asked for.
    pub(super) counter: Option<Counter>,
}

/// A hit's rank: greater comes first. Score as sortable bits, date (negated for oldest first), place
/// reversed.
type Rank = (u32, i64, Reverse<u64>);

/// How many hits there are, and the best of them, best first.
#[derive(Default)]
pub(super) struct Counted {
    /// All of them.
    pub(super) total: u64,
    /// The best.
    pub(super) hits: Vec<Hit>,
    /// All of them by list and month, when asked for.
    pub(super) tally: Tally,
}

/// One segment's.
pub(super) struct BestOfSegment {
    best: Best,
    total: u64,
    heap: BinaryHeap<Reverse<Rank>>,
    place: Column<u64>,
    date: Column<i64>,
}

/// What one segment found.
pub(super) type Ranked = (u64, Vec<Rank>, Tally);

impl Collector for Best {
    type Fruit = Counted;
    type Child = BestOfSegment;

    fn for_segment(
        &self,
        _: SegmentOrdinal,
        segment: &SegmentReader,
    ) -> tantivy::Result<BestOfSegment> {
        Ok(BestOfSegment {
            best: self.clone(),
            total: 0,
            heap: BinaryHeap::new(),
            place: segment.fast_fields().u64(PLACE)?,
            date: segment.fast_fields().i64(DATE)?,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.order == Order::Relevance && self.keep > 0
    }

    fn merge_fruits(&self, segments: Vec<Ranked>) -> tantivy::Result<Counted> {
        let mut counted = Counted::default();
        let mut ranks = Vec::new();
        for (total, best, tally) in segments {
            counted.total += total;
            counted.tally.add(tally);
            ranks.extend(best);
        }
        ranks.sort_unstable_by(|a, b| b.cmp(a));
        ranks.truncate(self.keep);
        let hits = ranks.into_iter().map(|rank| hit(self.order, rank));
        counted.hits = hits.collect();
        Ok(counted)
    }
}

fn hit(order: Order, (score, date, Reverse(place)): Rank) -> Hit {
    Hit {
        list: (place >> 32) as u32,
        number: place as u32,
        date: if order == Order::OldestFirst {
            !date
        } else {
            date
        },
        score: f32::from_bits(score),
    }
}

impl SegmentCollector for BestOfSegment {
    type Fruit = Ranked;

    fn collect(&mut self, doc: DocId, score: Score) {
        self.total += 1;
        if let Some(counter) = &mut self.best.counter {
            let list = self.place.first(doc).unwrap_or(0) >> 32;
            counter.count(list as u32, self.date.first(doc).unwrap_or(0));
        }
        if self.best.keep == 0 {
            return;
        }
        // Scores are not negative, so their bits sort as they do.
        let by_score = self.best.order == Order::Relevance;
        let bits = |score: Score| {
            if by_score {
                score.max(0.0).to_bits()
            } else {
                0
            }
        };
        let full = self.heap.len() >= self.best.keep;
        if let (true, Some(Reverse(worst))) = (full, self.heap.peek())
            && bits(score * Freshness::GREATEST) < worst.0
        {
            return;
        }
        let date = self.date.first(doc).unwrap_or(0);
        let score = bits(score * self.best.freshness.weight(date));
        let date = if self.best.order == Order::OldestFirst {
            !date
        } else {
            date
        };
        let place = self.place.first(doc).unwrap_or(0);
        let rank = (score, date, Reverse(place));
        if full {
            if let Some(mut worst) = self.heap.peek_mut()
                && rank > worst.0
            {
                *worst = Reverse(rank);
            }
        } else {
            self.heap.push(Reverse(rank));
        }
    }

    fn harvest(self) -> Ranked {
        let ranks = self.heap.into_iter().map(|Reverse(rank)| rank);
        let tally = self.best.counter.map(Counter::tally);
        (self.total, ranks.collect(), tally.unwrap_or_default())
    }
}
