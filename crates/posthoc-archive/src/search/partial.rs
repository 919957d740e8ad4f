//! Mails that have only some of the words, for when few have all.
//!
//! Words that are looked for side by side with others become alternatives; everything else that the
//! query asks (fields that are no words, what it leaves out) stays asked. More and rarer words weigh
//! more, so the order is that of the index.

use super::question::Asked;
use super::{Found, FoundMails, SearchRequest};
use crate::error::Result;
use crate::load::Reader;
use posthoc_core::query::{Expr, Query};
use posthoc_store::Order;
use std::collections::BTreeSet;

/// With fewer mails than these that have all words, others follow.
const FEW: u64 = 10;
/// Others that follow at most.
const MOST: usize = 100;

impl Reader<'_> {
    /// The best mails that have only some of a query's words, where few have all: those that follow
    /// what [`search`](Self::search) found in the window of the request. Only best first: by date the
    /// worst of them would come first. Of lists that hide addresses none: their ranks would tell of
    /// hidden words.
    ///
    /// # Errors
    /// A query that cannot be understood; what storage refuses.
    pub fn search_partial(
        &self,
        request: &SearchRequest,
        found: &FoundMails,
    ) -> Result<Vec<Found>> {
        if found.total >= FEW || request.order != Order::Relevance {
            return Ok(Vec::new());
        }
        let query = Query::parse(&request.query)?;
        let Some(some) = some_of(&query) else {
            return Ok(Vec::new());
        };
        let lists = self.searched(&request.lists)?;
        let asked = Asked::new(self, &lists);
        let mut seen = BTreeSet::new();
        let whole = self.question(&query, request, &asked)?;
        let whole = self.gather(&whole, FEW as usize)?;
        seen.extend(whole.hits.hits.iter().map(|hit| (hit.list, hit.number)));
        let open = asked.without_masked();
        if open.open.is_empty() {
            return Ok(Vec::new());
        }
        let some = self.question(&some, request, &open)?;
        let some = self.gather(&some, MOST + FEW as usize)?;
        let rest = some
            .hits
            .hits
            .iter()
            .filter(|hit| !seen.contains(&(hit.list, hit.number)))
            .take(MOST);
        let begin = request.offset.saturating_sub(found.total as usize);
        let room = request.limit.saturating_sub(found.hits.len());
        let window: Vec<_> = rest.skip(begin).take(room).copied().collect();
        self.as_found(&lists, &window, self.sought(request, &lists, &query))
    }
}

/// The query with its words as alternatives; none when it has not two words to choose from.
fn some_of(query: &Query) -> Option<Query> {
    let Expr::And(items) = query.expr() else {
        return None;
    };
    let is_word = |item: &&Expr| {
        matches!(
            item,
            Expr::Term { .. } | Expr::Phrase { .. } | Expr::Prefix { .. }
        )
    };
    let (words, others): (Vec<&Expr>, Vec<&Expr>) = items.iter().partition(is_word);
    if words.len() < 2 {
        return None;
    }
    let any = Expr::Or(words.into_iter().cloned().collect());
    let mut all: Vec<Expr> = others.into_iter().cloned().collect();
    all.push(any);
    Some(Query::of(match all.len() {
        1 => all.remove(0),
        _ => Expr::And(all),
    }))
}
