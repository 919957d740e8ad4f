//! A question put together: where it looks, and what the catalog answers of it.

use super::{SearchRequest, gathered::Gathered};
use crate::error::Result;
use crate::load::Reader;
use crate::tables::ListRow;
use posthoc_core::query::{Expr, Places, Query, Stems};
use posthoc_core::text::TimeZone;
use posthoc_store::{MAX_WINDOW, Order, Search};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The lists that are searched.
pub(super) struct Asked<'l> {
    /// Numbers of those whose words the audience may know.
    pub(super) open: Vec<u32>,
    /// Those that hide some.
    pub(super) masked: Vec<&'l ListRow>,
    pub(super) rows: &'l [ListRow],
}

impl<'l> Asked<'l> {
    pub(super) fn new(reader: &Reader<'_>, rows: &'l [ListRow]) -> Self {
        let (masked, open): (Vec<&ListRow>, Vec<&ListRow>) =
            rows.iter().partition(|list| reader.hides_words(list));
        Asked {
            open: open.iter().map(|list| list.list).collect(),
            masked,
            rows,
        }
    }

    /// The same without the lists that hide words.
    pub(super) fn without_masked(self) -> Self {
        Asked {
            masked: Vec::new(),
            ..self
        }
    }

    /// All of them.
    pub(super) fn lists(&self) -> impl Iterator<Item = &'l ListRow> {
        self.rows.iter()
    }
}

/// What a [`Search`] borrows.
pub(super) struct Question<'q> {
    /// What is looked for.
    pub(super) query: &'q Query,
    /// Days begin and end in it.
    pub(super) zone: TimeZone,
    asked: &'q Asked<'q>,
    names: BTreeMap<String, u32>,
    order: Order,
    now: i64,
    standing: Vec<(Expr, Arc<Places>)>,
    stems: Stems,
}

impl Question<'_> {
    /// The first hits of a query that has the question's own leaves, at most `limit`.
    pub(super) fn search<'s>(&'s self, query: &'s Query, limit: usize) -> Search<'s> {
        Search {
            query,
            lists: Some(&self.asked.open),
            names: &self.names,
            order: self.order,
            offset: 0,
            limit: limit.min(MAX_WINDOW),
            zone: &self.zone,
            now: self.now,
            standing: &self.standing,
            stems: self.stems,
            tally: false,
        }
    }
}

impl Reader<'_> {
    /// Puts a question together; the catalog is asked here.
    pub(super) fn question<'q>(
        &self,
        query: &'q Query,
        request: &SearchRequest,
        asked: &'q Asked<'q>,
    ) -> Result<Question<'q>> {
        let names: BTreeMap<String, u32> = self
            .shown_lists()?
            .iter()
            .chain(asked.lists())
            .map(|list| (list.name.clone(), list.list))
            .collect();
        let zone = match asked.rows {
            [one] => one.zone(),
            _ => TimeZone::utc(),
        };
        let mut question = Question {
            query,
            zone,
            asked,
            names,
            order: request.order,
            now: request.now,
            standing: Vec::new(),
            stems: self.stems(request, asked.lists()),
        };
        let search = question.search(query, 0);
        question.standing = self.catalog_answers(&search, asked)?;
        Ok(question)
    }

    /// The languages of the lists that a request searches, when it asks for forms.
    pub(super) fn stems<'l>(
        &self,
        request: &SearchRequest,
        lists: impl Iterator<Item = &'l ListRow>,
    ) -> Stems {
        if !request.forms {
            return Stems::NONE;
        }
        let each = lists.map(|list| self.settings_of(list).stems());
        each.fold(Stems::NONE, Stems::and)
    }

    /// The first hits of a question, at most `most`.
    pub(super) fn gather(&self, question: &Question<'_>, most: usize) -> Result<Gathered> {
        self.hits(&question.search(question.query, most), question.asked)
    }

    /// The same, all of them counted by list and month.
    pub(super) fn gather_counted(&self, question: &Question<'_>, most: usize) -> Result<Gathered> {
        let search = Search {
            tally: true,
            ..question.search(question.query, most)
        };
        self.hits(&search, question.asked)
    }

    /// The same for a question to the lists that are searched.
    pub(super) fn hits(&self, search: &Search<'_>, asked: &Asked<'_>) -> Result<Gathered> {
        let mut gathered = Gathered::default();
        if !asked.open.is_empty() || asked.masked.is_empty() {
            gathered = Gathered::of(self.store().index().search(search)?);
            gathered.behind = self.tail(search, &asked.open, &mut gathered)?;
        }
        if !asked.masked.is_empty() {
            let behind = self.search_masked(search, &asked.masked, &mut gathered)?;
            gathered.behind = gathered.behind.max(behind);
        }
        Ok(gathered)
    }

    /// How many mails of the open lists answer a query that has the question's own leaves.
    pub(super) fn count_open(&self, question: &Question<'_>, query: &Query) -> Result<u64> {
        if question.asked.open.is_empty() {
            return Ok(0);
        }
        let search = question.search(query, 0);
        Ok(self.store().index().search(&search)?.total)
    }

    /// How many of a question's mails on open lists answer each other query, too.
    pub(super) fn count_also(&self, question: &Question<'_>, also: &[Query]) -> Result<Vec<u64>> {
        if question.asked.open.is_empty() {
            return Ok(vec![0; also.len()]);
        }
        let search = question.search(question.query, 0);
        Ok(self.store().index().count_also(&search, also)?)
    }
}
