//! What only the catalog knows of mails: where they stand in their threads.
//!
//! It changes with later mails, so the index does not have it. Each such leaf of a query is answered
//! here by a set of mails, which the index then takes like any other fact. Walks over the forests of
//! the searched lists once; a query without such leaves walks over none.

use super::question::Asked;
use crate::error::{ArchiveError, Result};
use crate::load::Reader;
use posthoc_core::message::MessageKey;
use posthoc_core::query::{Expr, Fault, Places, Query, QueryError, State};
use posthoc_store::{MAX_WINDOW, Order, Search};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// A mail in its forest.
struct Stands {
    list: u32,
    number: u32,
    thread: Option<u32>,
    reply: bool,
    answered: bool,
}

impl Reader<'_> {
    /// The sets of mails for the leaves of a query that only the catalog can answer.
    ///
    /// # Errors
    /// Too many mails answer within `thread:`; what storage refuses.
    pub(super) fn catalog_answers(
        &self,
        search: &Search<'_>,
        asked: &Asked<'_>,
    ) -> Result<Vec<(Expr, Arc<Places>)>> {
        let leaves = search.query.of_catalog();
        let mut known = Vec::new();
        if leaves.is_empty() {
            return Ok(known);
        }
        let forest = self.standing_of(asked)?;
        for leaf in leaves {
            let places = match leaf {
                Expr::Is(state) => forest
                    .iter()
                    .filter(|mail| match state {
                        State::Root => !mail.reply,
                        State::Reply => mail.reply,
                        State::Unanswered => !mail.answered,
                    })
                    .map(|mail| (mail.list, mail.number))
                    .collect(),
                Expr::Thread(inner) => {
                    let inner = Query::of((**inner).clone());
                    let within = Search {
                        query: &inner,
                        standing: &known,
                        ..*search
                    };
                    self.threads_with(&within, asked, &forest)?
                }
                _ => Vec::new(),
            };
            let mut set = Places::default();
            for (list, number) in places {
                set.insert(list, number);
            }
            known.push((leaf.clone(), Arc::new(set)));
        }
        Ok(known)
    }

    /// The mails of threads in which a mail answers.
    fn threads_with(
        &self,
        within: &Search<'_>,
        asked: &Asked<'_>,
        forest: &[Stands],
    ) -> Result<Vec<(u32, u32)>> {
        let wide = Search {
            order: Order::NewestFirst,
            offset: 0,
            limit: MAX_WINDOW,
            tally: false,
            ..*within
        };
        let hits = self.hits(&wide, asked)?.hits;
        if hits.total > MAX_WINDOW as u64 {
            return Err(ArchiveError::Query(QueryError {
                at: 0,
                fault: Fault::WideThread {
                    mails: hits.total,
                    most: MAX_WINDOW as u64,
                },
            }));
        }
        let found: BTreeSet<(u32, u32)> = hits.hits.iter().map(|h| (h.list, h.number)).collect();
        let threads: BTreeSet<(u32, u32)> = forest
            .iter()
            .filter(|mail| found.contains(&(mail.list, mail.number)))
            .filter_map(|mail| Some((mail.list, mail.thread?)))
            .collect();
        let is_in = |mail: &&Stands| {
            let thread = mail.thread.map(|thread| (mail.list, thread));
            thread.is_some_and(|thread| threads.contains(&thread))
        };
        let mails = forest.iter().filter(is_in);
        Ok(mails.map(|mail| (mail.list, mail.number)).collect())
    }

    /// Every mail of the searched lists in its forest. What was taken down answers nothing.
    fn standing_of(&self, asked: &Asked<'_>) -> Result<Vec<Stands>> {
        let mut all = Vec::new();
        for list in asked.lists() {
            let gone: HashSet<u32> = self.rows.taken_down(list.list)?.into_iter().collect();
            let mut nodes: Vec<MessageKey> = Vec::new();
            let mut answered: HashSet<MessageKey> = HashSet::new();
            let begin = all.len();
            self.rows.forest(list.list, |key, number, parent, thread| {
                answered.extend(parent.filter(|_| !gone.contains(&number)));
                nodes.push(key);
                all.push(Stands {
                    list: list.list,
                    number,
                    thread,
                    reply: parent.is_some(),
                    answered: false,
                });
            })?;
            for (mail, key) in all[begin..].iter_mut().zip(nodes) {
                mail.answered = answered.contains(&key);
            }
        }
        Ok(all)
    }
}
