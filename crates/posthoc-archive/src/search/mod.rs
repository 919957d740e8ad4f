//! Which mails have these words: the index, and what it has not reached yet.
//!
//! 1. The lists that are searched, apart by whether they hide words ([`Asked`]).
//! 2. What only the catalog knows becomes sets of mails (`standing`).
//! 3. The index answers, then the records behind it are looked through; lists that hide words are
//!    asked again, mail by mail (`masked`).
//! 4. Of the window's mails lines and snippets are made. Where few mails answer, `partial` follows.

mod masked;
mod partial;
mod standing;

use crate::error::Result;
use crate::intake::{to_doc, words_of};
use crate::load::{PER_PAGE, Reader};
use crate::tables::{ListRow, MailRow};
use posthoc_core::message::{Limits, parse};
use posthoc_core::page::{SearchHit, View};
use posthoc_core::query::{Doc, Matcher, Part, Query, Scope, snippet};
use posthoc_core::route::{ListName, Route};
use posthoc_core::text::TimeZone;
use posthoc_store::{Head, Hit, Hits, MAX_WINDOW, Order, Search, Store, Verdict};
use std::collections::{BTreeMap, BTreeSet};

/// Records behind the index that an answer looks through; an index further behind is caught up by
/// the next verb that writes, and answers for its own state until then.
const TAIL: u64 = 2_000;
/// Characters of a snippet.
const SNIPPET: usize = 240;

/// A question.
#[derive(Clone, Debug)]
pub struct SearchRequest {
    /// As typed.
    pub query: String,
    /// Only on these lists; all that the audience is shown when empty.
    pub lists: Vec<ListName>,
    /// How hits are put in order.
    pub order: Order,
    /// Hits to pass over.
    pub offset: usize,
    /// Hits to answer at most.
    pub limit: usize,
    /// The present, seconds UTC.
    pub now: i64,
}

/// A mail that answers.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its list.
    pub list: ListName,
    /// Its number.
    pub number: u32,
    /// Message-ID without brackets.
    pub id: String,
    /// Public name.
    pub key: String,
    /// Its page.
    pub route: Route,
    /// For the page and for other outputs.
    pub hit: SearchHit,
    /// How well it answers.
    pub score: f32,
    /// Its date, seconds UTC.
    pub date: i64,
}

/// An answer.
#[derive(Clone, Debug, Default)]
pub struct FoundMails {
    /// All mails that answer and that the audience may see.
    pub total: u64,
    /// Those of the window.
    pub hits: Vec<Found>,
    /// Records that the index has not reached and that were not looked through either.
    pub behind: u64,
}

/// The lists that are searched.
struct Asked<'l> {
    /// Numbers of those whose words the audience may know.
    open: Vec<u32>,
    /// Those that hide some.
    masked: Vec<&'l ListRow>,
    rows: &'l [ListRow],
}

impl<'l> Asked<'l> {
    fn new(reader: &Reader<'_>, rows: &'l [ListRow]) -> Self {
        let (masked, open): (Vec<&ListRow>, Vec<&ListRow>) =
            rows.iter().partition(|list| reader.hides_words(list));
        Asked {
            open: open.iter().map(|list| list.list).collect(),
            masked,
            rows,
        }
    }

    /// All of them.
    fn lists(&self) -> impl Iterator<Item = &'l ListRow> {
        self.rows.iter()
    }
}

impl Reader<'_> {
    /// Answers a question for the reader's audience.
    ///
    /// # Errors
    /// A query that cannot be understood; what storage refuses.
    pub fn search(&self, request: &SearchRequest) -> Result<FoundMails> {
        let query = Query::parse(&request.query)?;
        let lists = self.searched(&request.lists)?;
        let asked = Asked::new(self, &lists);
        let most = request.offset.saturating_add(request.limit);
        let (mut hits, behind) = self.hits_of(&query, request, &asked, most)?;
        let window = hits.hits.iter().skip(request.offset).take(request.limit);
        let window: Vec<Hit> = window.copied().collect();
        let found = self.as_found(&lists, &window, &query)?;
        let hidden = window.len() - found.len();
        hits.total = hits.total.saturating_sub(hidden as u64);
        Ok(FoundMails {
            total: hits.total,
            hits: found,
            behind,
        })
    }

    /// The first hits of a query, at most `most`, and how many records were not looked through.
    fn hits_of(
        &self,
        query: &Query,
        request: &SearchRequest,
        asked: &Asked<'_>,
        most: usize,
    ) -> Result<(Hits, u64)> {
        let names: BTreeMap<String, u32> = self
            .shown_lists()?
            .iter()
            .chain(asked.lists())
            .map(|list| (list.name.clone(), list.list))
            .collect();
        let zone = match asked.lists().collect::<Vec<_>>()[..] {
            [one] => one.zone(),
            _ => TimeZone::utc(),
        };
        let search = Search {
            query,
            lists: Some(&asked.open),
            names: &names,
            order: request.order,
            offset: 0,
            limit: most.min(MAX_WINDOW),
            zone: &zone,
            now: request.now,
            standing: &[],
        };
        let standing = self.catalog_answers(&search, asked)?;
        let search = Search {
            standing: &standing,
            ..search
        };
        self.hits(&search, asked)
    }

    /// The same for a question that is put together.
    fn hits(&self, search: &Search<'_>, asked: &Asked<'_>) -> Result<(Hits, u64)> {
        let (mut hits, mut behind) = (Hits::default(), 0);
        if !asked.open.is_empty() || asked.masked.is_empty() {
            hits = self.store().index().search(search)?;
            behind = self.tail(search, &asked.open, &mut hits)?;
        }
        if !asked.masked.is_empty() {
            behind = behind.max(self.search_masked(search, &asked.masked, &mut hits)?);
        }
        Ok((hits, behind))
    }

    /// Hits as they are shown; what was hidden meanwhile is left out.
    fn as_found(&self, lists: &[ListRow], hits: &[Hit], query: &Query) -> Result<Vec<Found>> {
        let mut found = Vec::new();
        for hit in hits {
            let Some(list) = lists.iter().find(|list| list.list == hit.list) else {
                continue;
            };
            let row = self.rows.mail(hit.list, hit.number)?;
            if let Some(row) = row.filter(|row| !row.hidden) {
                found.extend(self.found(list, &row, hit, query)?);
            }
        }
        Ok(found)
    }

    /// The page of results.
    ///
    /// # Errors
    /// What storage refuses; a bad query is told on the page.
    pub fn search_answer(
        &self,
        list: Option<&ListName>,
        request: &SearchRequest,
    ) -> Result<Option<crate::load::Answer>> {
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
        let mut view = self.search_page(row.as_ref())?;
        view.query.clone_from(&request.query);
        view.offset = request.offset as u64;
        view.order = match request.order {
            Order::Relevance => "relevance",
            Order::NewestFirst => "new",
            Order::OldestFirst => "old",
        }
        .to_owned();
        if !request.query.trim().is_empty() {
            let lists: Vec<ListName> = list.into_iter().cloned().collect();
            let request = SearchRequest {
                lists,
                limit: PER_PAGE as usize,
                ..request.clone()
            };
            match self.search(&request) {
                Ok(found) => {
                    let more = self.search_partial(&request, &found)?;
                    view.total = found.total;
                    view.hits = found.hits.into_iter().map(|found| found.hit).collect();
                    view.partial = more.into_iter().map(|found| found.hit).collect();
                }
                Err(crate::ArchiveError::Query(error)) => {
                    // A page shows characters, not bytes.
                    let before = request.query.get(..error.at).unwrap_or_default();
                    view.error = Some((error.to_string(), before.chars().count()));
                }
                Err(error) => return Err(error),
            }
        }
        let route = Route::Search(list.cloned());
        let page = self.render(&route, &View::Search(view));
        Ok(Some(crate::load::Answer {
            page,
            status: crate::load::Status::Found,
        }))
    }

    /// The lists that are searched.
    fn searched(&self, asked: &[ListName]) -> Result<Vec<ListRow>> {
        if asked.is_empty() {
            return self.shown_lists();
        }
        let mut lists = Vec::new();
        for name in asked {
            let row = self.rows.need_list(name.as_str())?;
            if !self.sees(&row) {
                return Err(crate::ArchiveError::NoList(name.to_string()));
            }
            lists.push(row);
        }
        Ok(lists)
    }

    /// Adds hits from the records behind the index, so that an answer is that of the rows' state.
    pub(crate) fn tail(&self, search: &Search<'_>, lists: &[u32], hits: &mut Hits) -> Result<u64> {
        let (from, to) = (hits.generation.0, self.generation().0);
        if to.saturating_sub(from) > TAIL {
            return Ok(to - from);
        }
        if from >= to {
            return Ok(0);
        }
        let scope = Scope {
            lists: search.names,
            standing: search.standing,
            zone: search.zone,
            now: search.now,
        };
        let matcher = Matcher::new(search.query.plan(&scope));
        let (mut fresh, mut again) = (BTreeSet::new(), BTreeSet::new());
        self.store().journal().scan(from, &mut |seq, record| {
            if seq < to {
                match record.head {
                    Head::Mail(head) if !matches!(head.verdict, Verdict::Copy(_)) => {
                        fresh.insert((head.list, head.number));
                    }
                    Head::Takedown(head) => drop(again.insert((head.list, head.number))),
                    Head::Redact(head) => drop(again.insert((head.list, head.number))),
                    _ => {}
                }
            }
            seq + 1 < to
        })?;
        for (list, number) in again.union(&fresh) {
            let (list, number) = (*list, *number);
            let row = self.rows.mail(list, number)?;
            let Some(row) = row.filter(|_| lists.contains(&list)) else {
                continue;
            };
            if !fresh.contains(&(list, number)) {
                self.forget(&matcher, list, &row, hits)?;
            }
            let doc = words_of(self.store(), &self.rows, self.limits(), list, &row)?;
            if doc.is_some_and(|doc| matcher.matches(&doc)) {
                hits.total += 1;
                hits.hits.push(Hit {
                    list,
                    number,
                    date: row.date,
                    score: 0.0,
                });
            }
        }
        put_in_order(search.order, hits);
        Ok(0)
    }

    /// Takes out of an answer what the index still knows of a mail that was taken down or redacted.
    fn forget(&self, matcher: &Matcher, list: u32, row: &MailRow, hits: &mut Hits) -> Result<()> {
        let before = hits.hits.len();
        let behind_window = hits.total > before as u64;
        hits.hits
            .retain(|hit| (hit.list, hit.number) != (list, row.number));
        let counted = before > hits.hits.len()
            || behind_window && {
                // It may lie behind the window, and is counted all the same.
                let shown = MailRow {
                    hidden: false,
                    redacted: false,
                    ..row.clone()
                };
                let doc = words_of(self.store(), &self.rows, self.limits(), list, &shown)?;
                doc.is_some_and(|doc| matcher.matches(&doc))
            };
        hits.total = hits.total.saturating_sub(u64::from(counted));
        Ok(())
    }

    fn found(
        &self,
        list: &ListRow,
        row: &MailRow,
        hit: &Hit,
        query: &Query,
    ) -> Result<Option<Found>> {
        let (Some(name), Some(route)) = (ListName::new(&list.name), self.message_route(list, row))
        else {
            return Ok(None);
        };
        let text = self.parsed(list, row)?.view.body.searchable().text;
        // The words of HTML are masked only here.
        let text = self.mask(list).text(&text);
        let pieces = snippet(&text, query, Part::Text, SNIPPET);
        Ok(Some(Found {
            list: name.clone(),
            number: row.number,
            id: row.id.clone(),
            key: row.key.to_string(),
            route,
            hit: SearchHit {
                list: name,
                line: self.line(list, row),
                snippet: pieces
                    .into_iter()
                    .map(|piece| (piece.text, piece.hit))
                    .collect(),
            },
            score: hit.score,
            date: row.date,
        }))
    }
}

/// Puts hits from several places in order; without an order by date the later ones stay behind.
pub(crate) fn put_in_order(order: Order, hits: &mut Hits) {
    match order {
        Order::Relevance => {}
        Order::NewestFirst => hits.hits.sort_by_key(|hit| std::cmp::Reverse(hit.date)),
        Order::OldestFirst => hits.hits.sort_by_key(|hit| hit.date),
    }
}

/// What search knows of a mail's bytes, without its place and date: for programs that hold an index to
/// the rules.
pub fn search_words(bytes: Vec<u8>, limits: &Limits) -> Doc {
    let size = bytes.len() as u64;
    let message = parse(&bytes, limits);
    to_doc(&message, &message.summary(size), limits)
}

/// Brings the index up to the mails when nobody else is writing; returns whether it is.
///
/// # Errors
/// What storage refuses.
pub fn index_words(store: &dyn Store, limits: &Limits) -> Result<bool> {
    crate::intake::index_catch_up(store, limits)
}
