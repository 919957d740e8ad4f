//! Which mails have these words: the index, and what it has not reached yet.
//!
//! 1. The lists that are searched, apart by whether they hide words (`question`).
//! 2. What only the catalog knows becomes sets of mails (`standing`).
//! 3. The index answers, then the records behind it are looked through; lists that hide words are
//!    asked again, mail by mail (`masked`). All are `gathered` into one answer.
//! 4. Of the window's mails lines and snippets are made. Where few mails answer, `partial` follows;
//!    where none does, the words that were probably `meant`.
//! 5. `answer` makes the page, feed or mailbox of it; `facets` what narrows it down, `threads` one hit of
//!    each thread.

mod answer;
mod facets;
mod gathered;
mod languages;
mod masked;
mod meant;
mod partial;
mod question;
mod standing;
mod threads;

use crate::error::Result;
use crate::intake::{fuller, to_doc, words_of};
use crate::load::Reader;
use crate::tables::{ListRow, MailRow};
use gathered::{Gathered, put_in_order};
use posthoc_core::message::{Limits, parse};
use posthoc_core::page::SearchHit;
use posthoc_core::query::{Doc, Matcher, Part, Query, Stems, snippet};
use posthoc_core::route::{ListName, Route};
use posthoc_store::{Head, Hit, Order, Search, Store, Verdict};
use question::Asked;
use std::collections::BTreeSet;

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
    /// Whether hits come with a piece of their text, for which each mail is read.
    pub snippets: bool,
    /// Whether a word finds its other forms, too, by the rules of the lists' languages.
    pub forms: bool,
    /// The present, seconds UTC.
    pub now: i64,
}

/// What a snippet is made for.
#[derive(Clone, Copy, Debug)]
struct Sought<'q> {
    query: &'q Query,
    stems: Stems,
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

/// In what shape an answer comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// A page of mails.
    #[default]
    Mails,
    /// A page of threads, each with its first hit.
    Threads,
    /// The newest mails as a feed.
    Feed,
    /// All mails as a mailbox, compressed.
    Mailbox,
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
        let question = self.question(&query, request, &asked)?;
        let most = request.offset.saturating_add(request.limit);
        let gathered = self.gather(&question, most)?;
        self.in_window(&gathered, request, &lists, &query)
    }

    /// The hits of a request's window.
    fn in_window(
        &self,
        gathered: &Gathered,
        request: &SearchRequest,
        lists: &[ListRow],
        query: &Query,
    ) -> Result<FoundMails> {
        let hits = &gathered.hits;
        let window = hits.hits.iter().skip(request.offset).take(request.limit);
        let window: Vec<Hit> = window.copied().collect();
        let found = self.as_found(lists, &window, self.sought(request, lists, query))?;
        let hidden = window.len() - found.len();
        Ok(FoundMails {
            total: hits.total.saturating_sub(hidden as u64),
            hits: found,
            behind: gathered.behind,
        })
    }

    /// What snippets are made for, when they are wanted.
    fn sought<'q>(
        &self,
        request: &SearchRequest,
        lists: &[ListRow],
        query: &'q Query,
    ) -> Option<Sought<'q>> {
        let stems = self.stems(request, lists.iter());
        request.snippets.then_some(Sought { query, stems })
    }

    /// Hits as they are shown; what was hidden meanwhile is left out.
    fn as_found(
        &self,
        lists: &[ListRow],
        hits: &[Hit],
        sought: Option<Sought<'_>>,
    ) -> Result<Vec<Found>> {
        let mut found = Vec::new();
        for hit in hits {
            let Some(list) = lists.iter().find(|list| list.list == hit.list) else {
                continue;
            };
            let row = self.rows.mail(hit.list, hit.number)?;
            if let Some(row) = row.filter(|row| !row.hidden) {
                found.extend(self.found(list, &row, hit, sought)?);
            }
        }
        Ok(found)
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
    fn tail(&self, search: &Search<'_>, lists: &[u32], gathered: &mut Gathered) -> Result<u64> {
        let (from, to) = (gathered.hits.generation.0, self.generation().0);
        if to.saturating_sub(from) > TAIL {
            return Ok(to - from);
        }
        if from >= to {
            return Ok(0);
        }
        let matcher = Matcher::new(search.query.plan(&search.scope()));
        let (mut fresh, mut again) = (BTreeSet::new(), BTreeSet::new());
        let mut copies = Vec::new();
        self.store().journal().scan(from, &mut |seq, record| {
            if seq < to {
                match record.head {
                    Head::Mail(head) => match head.verdict {
                        Verdict::Copy(_) => copies.push((seq, head)),
                        _ => drop(fresh.insert((head.list, head.number))),
                    },
                    Head::Takedown(head) => drop(again.insert((head.list, head.number))),
                    Head::Redact(head) => drop(again.insert((head.list, head.number))),
                    _ => {}
                }
            }
            seq + 1 < to
        })?;
        for (seq, head) in &copies {
            again.extend(fuller(&self.rows, *seq, head)?);
        }
        for (list, number) in again.union(&fresh) {
            let (list, number) = (*list, *number);
            let row = self.rows.mail(list, number)?;
            let Some(row) = row.filter(|_| lists.contains(&list)) else {
                continue;
            };
            if !fresh.contains(&(list, number)) {
                self.forget(&matcher, list, &row, gathered)?;
            }
            let doc = words_of(self.store(), &self.rows, self.limits(), list, &row)?;
            if let Some(doc) = doc.filter(|doc| matcher.matches(doc)) {
                let hit = Hit {
                    list,
                    number,
                    date: row.date,
                    score: 0.0,
                };
                gathered.add(hit, doc);
            }
        }
        put_in_order(search.order, &mut gathered.hits);
        Ok(0)
    }

    /// Takes out of an answer what the index still knows of a mail that was taken down or redacted.
    fn forget(
        &self,
        matcher: &Matcher,
        list: u32,
        row: &MailRow,
        gathered: &mut Gathered,
    ) -> Result<()> {
        let hits = &mut gathered.hits;
        let before = hits.hits.len();
        let behind_window = hits.total > before as u64;
        hits.hits
            .retain(|hit| (hit.list, hit.number) != (list, row.number));
        let within = before > hits.hits.len();
        if !within && !behind_window {
            return Ok(());
        }
        let shown = MailRow {
            hidden: false,
            redacted: false,
            // A fuller copy has come since.
            seq: if row.redacted || row.hidden {
                row.seq
            } else {
                row.first
            },
            ..row.clone()
        };
        // It may lie behind the window, and is counted all the same.
        let doc = words_of(self.store(), &self.rows, self.limits(), list, &shown)?;
        let doc = doc.unwrap_or_default();
        if within || matcher.matches(&doc) {
            gathered.take_away(Doc {
                list,
                number: row.number,
                date: row.date,
                ..doc
            });
        }
        Ok(())
    }

    fn found(
        &self,
        list: &ListRow,
        row: &MailRow,
        hit: &Hit,
        sought: Option<Sought<'_>>,
    ) -> Result<Option<Found>> {
        let (Some(name), Some(route)) = (ListName::new(&list.name), self.message_route(list, row))
        else {
            return Ok(None);
        };
        let snippet = match sought {
            Some(sought) => self.snippet(list, row, sought)?,
            None => Vec::new(),
        };
        Ok(Some(Found {
            list: name.clone(),
            number: row.number,
            id: row.id.clone(),
            key: row.key.to_string(),
            route,
            hit: SearchHit {
                list: name,
                line: self.line(list, row),
                snippet,
                thread: None,
            },
            score: hit.score,
            date: row.date,
        }))
    }

    /// A piece of a mail's text, with what the query asks for marked.
    fn snippet(
        &self,
        list: &ListRow,
        row: &MailRow,
        sought: Sought<'_>,
    ) -> Result<Vec<(String, bool)>> {
        let text = self.parsed(list, row)?.view.body.searchable().text;
        // The words of HTML are masked only here.
        let text = self.mask(list).text(&text);
        let pieces = snippet(&text, sought.query, sought.stems, Part::Text, SNIPPET);
        Ok(pieces.into_iter().map(|p| (p.text, p.hit)).collect())
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
