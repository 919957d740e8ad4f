//! An answer as a page, a feed or a mailbox.

use super::facets::LOOKED_AT;
use super::question::Asked;
use super::{SearchRequest, Shape};
use crate::error::{ArchiveError, Result};
use crate::load::{Answer, ENTRIES, PER_PAGE, Reader, Status, WHOLE_BYTES};
use crate::tables::ListRow;
use posthoc_core::page::{Downloads, FeedView, Filling, SearchView, Told, View};
use posthoc_core::query::Query;
use posthoc_core::route::{ListName, Route};
use posthoc_store::{MAX_WINDOW, Order};

impl Reader<'_> {
    /// The answer to a question on one list or on all that are shown, whose lists and limit do not count:
    /// each shape has its own. `None` when there is no such list. A page where the query cannot be
    /// understood, or where its mails cannot be had in that shape.
    ///
    /// # Errors
    /// What storage refuses; a bad query is told on the page.
    pub fn search_answer(
        &self,
        list: Option<&ListName>,
        request: &SearchRequest,
        shape: Shape,
    ) -> Result<Option<Answer>> {
        let row = match list {
            Some(name) => {
                let row = self
                    .rows
                    .list_named(name.as_str())?
                    .filter(|row| self.sees(row));
                let Some(row) = row else { return Ok(None) };
                Some(row)
            }
            None => None,
        };
        let route = Route::Search(list.cloned());
        let request = &SearchRequest {
            lists: list.into_iter().cloned().collect(),
            limit: PER_PAGE as usize,
            ..request.clone()
        };
        let view = match self.found_view(row.as_ref(), request, shape) {
            Err(ArchiveError::Query(error)) => View::Search(SearchView {
                error: Some(error),
                ..self.asked_page(row.as_ref(), request)?
            }),
            view => view?,
        };
        Ok(Some(Answer {
            page: self.render(&route, &view),
            status: Status::Found,
        }))
    }

    fn found_view(
        &self,
        list: Option<&ListRow>,
        request: &SearchRequest,
        shape: Shape,
    ) -> Result<View> {
        if request.query.trim().is_empty() {
            return Ok(View::Search(self.asked_page(list, request)?));
        }
        let query = Query::parse(&request.query)?;
        let lists = match list {
            Some(list) => vec![list.clone()],
            None => self.shown_lists()?,
        };
        match shape {
            Shape::Mails | Shape::Threads => {
                let page = self.asked_page(list, request)?;
                let by_thread = shape == Shape::Threads;
                let page = self.results(page, &query, request, &lists, by_thread)?;
                Ok(View::Search(page))
            }
            Shape::Feed => self.search_feed(list, &query, request, &lists),
            Shape::Mailbox => match self.search_mailbox(&query, request, &lists)? {
                Ok(view) => Ok(view),
                Err(refused) => Ok(View::Search(SearchView {
                    refused: Some(refused),
                    ..self.asked_page(list, request)?
                })),
            },
        }
    }

    /// The page that repeats the question.
    fn asked_page(&self, list: Option<&ListRow>, request: &SearchRequest) -> Result<SearchView> {
        let order = match request.order {
            Order::Relevance => "relevance",
            Order::NewestFirst => "new",
            Order::OldestFirst => "old",
        };
        Ok(SearchView {
            query: request.query.clone(),
            offset: request.offset as u64,
            order: order.to_owned(),
            ..self.search_page(list)?
        })
    }

    /// Mails or threads, and where they lead on.
    fn results(
        &self,
        mut page: SearchView,
        query: &Query,
        request: &SearchRequest,
        lists: &[ListRow],
        by_thread: bool,
    ) -> Result<SearchView> {
        let asked = Asked::new(self, lists);
        let question = self.question(query, request, &asked)?;
        let most = match by_thread {
            true => MAX_WINDOW,
            false => request.offset.saturating_add(request.limit).max(LOOKED_AT),
        };
        let gathered = self.gather_counted(&question, most)?;
        let found = if by_thread {
            let window = (request.offset, request.limit);
            let sought = self.sought(request, lists, query);
            let (threads, found) = self.hits_by_thread(&gathered, lists, window, sought)?;
            page.threads = Some(threads);
            let hidden = gathered.hits.hits.len() as u64 - threads.of;
            page.total = gathered.hits.total.saturating_sub(hidden);
            found
        } else {
            let found = self.in_window(&gathered, request, lists, query)?;
            let more = self.search_partial(request, &found)?;
            page.partial = more.into_iter().map(|found| found.hit).collect();
            page.total = found.total;
            found.hits
        };
        page.hits = found.into_iter().map(|found| found.hit).collect();
        page.facets = self.facets(&question, &gathered, lists)?;
        page.mailbox = page.total <= MAX_WINDOW as u64 && lists.iter().any(|list| self.taken(list));
        if page.total == 0 {
            page.meant = self.meant_query(query, request, lists)?;
        }
        Ok(page)
    }

    /// Whether a list's mails may be taken as a mailbox.
    fn taken(&self, list: &ListRow) -> bool {
        self.downloads(list) == Downloads::Mbox
    }

    /// The newest mails that answer. The index knows no time of receipt, so they are newest by date.
    fn search_feed(
        &self,
        list: Option<&ListRow>,
        query: &Query,
        request: &SearchRequest,
        lists: &[ListRow],
    ) -> Result<View> {
        let newest = SearchRequest {
            order: Order::NewestFirst,
            ..request.clone()
        };
        let asked = Asked::new(self, lists);
        let question = self.question(query, &newest, &asked)?;
        let mut entries = Vec::new();
        let gathered = self.gather(&question, ENTRIES)?;
        for hit in gathered.hits.hits.iter().take(ENTRIES) {
            let list = lists.iter().find(|list| list.list == hit.list);
            let row = self.mail(hit.list, hit.number)?.filter(|row| !row.hidden);
            if let (Some(list), Some(row)) = (list, row) {
                entries.extend(self.feed_entry(list, &row)?);
            }
        }
        Ok(View::Feed(FeedView {
            chrome: list.map(|list| self.chrome(list)).unwrap_or_default(),
            query: Some(request.query.clone()),
            entries,
        }))
    }

    /// The public copies of all mails that answer, by list in order of arrival, of lists that may be taken;
    /// or why not.
    fn search_mailbox(
        &self,
        query: &Query,
        request: &SearchRequest,
        lists: &[ListRow],
    ) -> Result<std::result::Result<View, Told>> {
        let lists = lists.iter().filter(|list| self.taken(list)).cloned();
        let lists: Vec<ListRow> = lists.collect();
        if lists.is_empty() {
            return Ok(Err(Told::text("no-mailbox")));
        }
        let asked = Asked::new(self, &lists);
        let question = self.question(query, request, &asked)?;
        let gathered = self.gather(&question, MAX_WINDOW)?;
        let mut mails: Vec<(&ListRow, u32)> = Vec::new();
        let mut stored = 0_u64;
        for hit in &gathered.hits.hits {
            let list = lists.iter().find(|list| list.list == hit.list);
            let row = self.mail(hit.list, hit.number)?.filter(|row| !row.hidden);
            if let (Some(list), Some(row)) = (list, row) {
                stored = stored.saturating_add(row.size);
                mails.push((list, row.number));
            }
        }
        if gathered.hits.total > MAX_WINDOW as u64 || stored > WHOLE_BYTES {
            let digits = |number: u64| Filling::Words(number.to_string());
            let most = [
                ("mails", digits(MAX_WINDOW as u64)),
                ("megabytes", digits(WHOLE_BYTES >> 20)),
            ];
            return Ok(Err(Told::Text("mailbox-too-large", most.into())));
        }
        mails.sort_by_key(|(list, number)| (list.list, *number));
        Ok(Ok(self.packed_mbox(mails.iter().copied())?))
    }
}
