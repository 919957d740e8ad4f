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
/// What mails have that is counted.
const CARRIED: [Has; 2] = [Has::Attachment, Has::Patch];
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
        let authors = self.frequent_authors(gathered, lists)?;
        let by_each = authors
            .into_iter()
            .filter_map(|name| Some((by_author(&name)?, name)));
        let (leaves, authors): (Vec<Expr>, Vec<String>) = by_each.unzip();
        // Whoever has all of them narrows nothing down.
        let some = |count: &u64| (1..total).contains(count);
        let mut counts = self.counts(
            question,
            gathered,
            CARRIED.map(Expr::Has).into_iter().chain(leaves),
        )?;
        let of_authors = counts.split_off(CARRIED.len());
        let carried = CARRIED.into_iter().zip(counts);
        let authors = authors.into_iter().zip(of_authors);
        let mut authors: Vec<(String, u64)> = authors.filter(|(_, count)| some(count)).collect();
        authors.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Ok(Facets {
            months: tally.months.into_iter().collect(),
            lists: on_lists,
            authors,
            carried: carried.filter(|(_, count)| some(count)).collect(),
        })
    }

    /// How many hits answer each of some conditions, too, which ask nothing of the texts.
    fn counts(
        &self,
        question: &Question<'_>,
        gathered: &Gathered,
        leaves: impl IntoIterator<Item = Expr>,
    ) -> Result<Vec<u64>> {
        let leaves: Vec<Query> = leaves.into_iter().map(Query::of).collect();
        let inside = self.count_also(question, &leaves)?;
        let scope = question.search(question.query, 0).scope();
        let matchers = leaves.iter().map(|leaf| Matcher::new(leaf.plan(&scope)));
        let counts = matchers.zip(inside);
        Ok(counts
            .map(|(also, inside)| gathered.count(inside, &also))
            .collect())
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
        // Who is nobody cannot be asked for.
        names.remove("");
        let mut names: Vec<(String, u64)> = names.into_iter().collect();
        names.sort_by_key(|(_, count)| Reverse(*count));
        names.truncate(AUTHORS);
        Ok(names.into_iter().map(|(name, _)| name).collect())
    }
}
