//! Sets of mails, for what only a catalog knows.

use super::Expr;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Mails by list and number, a bit for each number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places(BTreeMap<u32, Vec<u64>>);

impl Places {
    /// Takes a mail in.
    pub fn insert(&mut self, list: u32, number: u32) {
        let words = self.0.entry(list).or_default();
        let at = number as usize / 64;
        if words.len() <= at {
            words.resize(at + 1, 0);
        }
        words[at] |= 1 << (number % 64);
    }

    /// Whether a mail is among them.
    pub fn contains(&self, list: u32, number: u32) -> bool {
        self.0
            .get(&list)
            .and_then(|words| words.get(number as usize / 64))
            .is_some_and(|word| word >> (number % 64) & 1 == 1)
    }
}

/// Leaves of a query that only a catalog can answer ([`Query::of_catalog`](super::Query::of_catalog)),
/// each with the mails that do.
pub type Standing = [(Expr, Arc<Places>)];
