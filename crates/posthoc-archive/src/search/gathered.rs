//! Hits from the index and from beside it: what the index has not reached yet, and what was asked again.

use posthoc_core::query::{Doc, Matcher};
use posthoc_core::text::TimeZone;
use posthoc_store::{Hit, Hits, Order, Tally, month_of};

/// Hits of one answer.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// All together; the tally is the index's own.
    pub(super) hits: Hits,
    /// Records that the index has not reached and that were not looked through either.
    pub(super) behind: u64,
    /// What the index does not count and must be, and what it counts and must not be.
    beside: Vec<(bool, Doc)>,
}

impl Gathered {
    /// What the index alone answers.
    pub(super) fn of(hits: Hits) -> Self {
        Gathered {
            hits,
            ..Gathered::default()
        }
    }

    /// A mail that answers and that the index did not count.
    pub(super) fn add(&mut self, hit: Hit, doc: Doc) {
        self.hits.total += 1;
        self.hits.hits.push(hit);
        self.beside.push((true, without_text(doc)));
    }

    /// A mail that the index counted and that answers no more.
    pub(super) fn take_away(&mut self, doc: Doc) {
        self.hits.total = self.hits.total.saturating_sub(1);
        self.beside.push((false, without_text(doc)));
    }

    /// All hits by list and month.
    pub(super) fn tally(&self, zone: &TimeZone) -> Tally {
        let mut tally = self.hits.tally.clone();
        for (more, doc) in &self.beside {
            tally.change(doc.list, month_of(doc.date, zone), *more);
        }
        tally
    }

    /// How many of the hits answer another question too, of which so many are in the index; the question
    /// asks nothing of the texts.
    pub(super) fn count(&self, inside: u64, also: &Matcher) -> u64 {
        let beside = self.beside.iter().filter(|(_, doc)| also.matches(doc));
        let count = beside.fold(inside, |count, (more, _)| match more {
            true => count.saturating_add(1),
            false => count.saturating_sub(1),
        });
        count.min(self.hits.total)
    }
}

/// What is counted by: many mails may be kept.
fn without_text(doc: Doc) -> Doc {
    Doc {
        subject: String::new(),
        text: String::new(),
        quoted: String::new(),
        to: String::new(),
        cc: String::new(),
        files: String::new(),
        ..doc
    }
}

/// Puts hits from several places in order; without an order by date the later ones stay behind.
pub(super) fn put_in_order(order: Order, hits: &mut Hits) {
    match order {
        Order::Relevance => {}
        Order::NewestFirst => hits.hits.sort_by_key(|hit| std::cmp::Reverse(hit.date)),
        Order::OldestFirst => hits.hits.sort_by_key(|hit| hit.date),
    }
}
