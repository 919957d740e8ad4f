//! How the mails that answer are spread: what narrows a search down.
//!
//! Lists and months are counted by the index, of all hits. Authors are looked for among the first hits;
//! how many mails each has is then asked like any other question, so that a link finds as many as it
//! says, and that the count is of what the audience may see.

use super::gathered::Gathered;
use super::question::Question;
use crate::error::Result;
use crate::load::Reader;
use crate::tables::ListRow;
use posthoc_core::message::Mailbox;
use posthoc_core::page::Facets;
use posthoc_core::query::{Expr, Has, Matcher, Query, by_author};
use posthoc_core::route::ListName;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Lists that are named.
const LISTS: usize = 12;
/// Authors that are named.
const AUTHORS: usize = 8;
/// First hits among which authors are looked for.
pub(super) const LOOKED_AT: usize = 500;

impl Reader<'_> {
    /// How the hits of a question are spread. Nothing, while the index is so far behind that it may count
    /// what is hidden by now.
    pub(super) fn facets(
        &self,
        question: &Question<'_>,
        gathered: &Gathered,
        lists: &[ListRow],
    ) -> Result<Facets> {
        let total = gathered.hits.total;
        if gathered.behind > 0 || total < 2 {
            return Ok(Facets::default());
        }
        let tally = gathered.tally(&question.zone);
        let named = |(number, count): (&u32, &u64)| {
            let list = lists.iter().find(|list| list.list == *number)?;
            Some((ListName::new(&list.name)?, *count))
        };
        let mut on_lists: Vec<(ListName, u64)> = tally.lists.iter().filter_map(named).collect();
        if on_lists.len() < 2 {
            on_lists.clear();
        }
        on_lists.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        on_lists.truncate(LISTS);
        // Whoever has all of them narrows nothing down.
        let some = |count: &u64| (1..total).contains(count);
        let mut carried = Vec::new();
        for has in [Has::Attachment, Has::Patch] {
            let count = self.count(question, gathered, Expr::Has(has))?;
            carried.extend(Some((has, count)).filter(|(_, count)| some(count)));
        }
        let mut authors = Vec::new();
        for name in self.frequent_authors(gathered, lists)? {
            if let Some(leaf) = by_author(&name) {
                let count = self.count(question, gathered, leaf)?;
                authors.extend(Some((name, count)).filter(|(_, count)| some(count)));
            }
        }
        authors.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Ok(Facets {
            months: tally.months.into_iter().collect(),
            lists: on_lists,
            authors,
            carried,
        })
    }

    /// How many hits answer one more condition, which asks nothing of the texts.
    fn count(&self, question: &Question<'_>, gathered: &Gathered, leaf: Expr) -> Result<u64> {
        let also = Matcher::new(Query::of(leaf.clone()).plan(&question.scope()));
        let narrowed = question.query.narrowed(leaf);
        Ok(gathered.count(self.count_open(question, &narrowed)?, &also))
    }

    /// Names, as shown, of those who wrote most of the first hits.
    fn frequent_authors(&self, gathered: &Gathered, lists: &[ListRow]) -> Result<Vec<String>> {
        let mut names: BTreeMap<String, u64> = BTreeMap::new();
        for hit in gathered.hits.hits.iter().take(LOOKED_AT) {
            let list = lists.iter().find(|list| list.list == hit.list);
            let row = self.mail(hit.list, hit.number)?.filter(|row| !row.hidden);
            if let (Some(list), Some(row)) = (list, row) {
                let author = Mailbox {
                    name: row.author_name.clone(),
                    address: row.author_address.clone(),
                };
                *names
                    .entry(self.mask(list).person(&author).name)
                    .or_default() += 1;
            }
        }
        let mut names: Vec<(String, u64)> = names.into_iter().collect();
        names.sort_by_key(|(_, count)| Reverse(*count));
        names.truncate(AUTHORS);
        Ok(names.into_iter().map(|(name, _)| name).collect())
    }
}
