//! Search on lists that hide parts of addresses.
//!
//! The index knows addresses whole. For others than the operator it must confirm none, so it only
//! proposes mails here, and what others see of each is asked again:
//!
//! 1. the query without what it excludes, because what is hidden may not exclude either;
//! 2. by date, because a rank would tell of hidden words;
//! 3. each mail's public copy against the whole query. Only what answers is counted.

use super::gathered::{Gathered, put_in_order};
use crate::error::Result;
use crate::intake::{file_names, marks};
use crate::load::Reader;
use crate::tables::{ListRow, MailRow};
use posthoc_core::message::{Mailbox, MessageId};
use posthoc_core::page::{Audience, ShownFile};
use posthoc_core::query::{Doc, Matcher, language};
use posthoc_store::{Hit, Order, Search};

/// Proposed mails that are looked at for one answer; later ones are not found on such lists.
const PROPOSED: usize = 2_000;

impl Reader<'_> {
    /// Whether words that the index knows of a list are hidden from the reader's audience.
    pub(crate) fn hides_words(&self, list: &ListRow) -> bool {
        *self.audience() != Audience::Operator && self.mask(list).hides()
    }

    /// Adds hits on lists that hide parts of addresses. Answers how far the index is behind.
    pub(super) fn search_masked(
        &self,
        search: &Search<'_>,
        lists: &[&ListRow],
        gathered: &mut Gathered,
    ) -> Result<u64> {
        let numbers: Vec<u32> = lists.iter().map(|list| list.list).collect();
        let query = search.query.without_exclusions();
        let order = match search.order {
            Order::OldestFirst => Order::OldestFirst,
            Order::NewestFirst | Order::Relevance => Order::NewestFirst,
        };
        let wide = Search {
            query: &query,
            lists: Some(&numbers),
            order,
            offset: 0,
            limit: PROPOSED,
            tally: false,
            ..*search
        };
        let mut proposed = Gathered::of(self.store().index().search(&wide)?);
        let behind = self.tail(&wide, &numbers, &mut proposed)?;
        let matcher = Matcher::new(search.query.plan(&search.scope()));
        for hit in proposed.hits.hits.into_iter().take(PROPOSED) {
            let Some(list) = lists.iter().find(|list| list.list == hit.list) else {
                continue;
            };
            let row = self.rows.mail(hit.list, hit.number)?;
            let Some(row) = row.filter(|row| !row.hidden) else {
                continue;
            };
            let doc = self.public_doc(list, &row)?;
            if matcher.matches(&doc) {
                gathered.add(Hit { score: 0.0, ..hit }, doc);
            }
        }
        put_in_order(search.order, &mut gathered.hits);
        Ok(behind)
    }

    /// What of a mail others may find it by.
    fn public_doc(&self, list: &ListRow, row: &MailRow) -> Result<Doc> {
        self.public_doc_in(list, row, language)
    }

    /// The same without its language, which takes a while to guess and which the files of the static
    /// search know nothing of.
    pub(crate) fn public_words(&self, list: &ListRow, row: &MailRow) -> Result<Doc> {
        self.public_doc_in(list, row, |_| None)
    }

    fn public_doc_in(
        &self,
        list: &ListRow,
        row: &MailRow,
        language: impl Fn(&str) -> Option<&'static str>,
    ) -> Result<Doc> {
        let mask = self.mask(list);
        let parsed = self.parsed(list, row)?;
        let message = &parsed.message;
        let words = |mailbox: &Mailbox| {
            let person = mask.person(mailbox);
            format!("{} {}", person.name, person.address)
        };
        let people =
            |mailboxes: &[Mailbox]| -> Vec<String> { mailboxes.iter().map(words).collect() };
        let words_of = parsed.view.body.searchable();
        let files = self.rows.files(list.list, row.number)?;
        let shown: Vec<ShownFile> = files.0.iter().filter_map(|file| file.under(mask)).collect();
        Ok(Doc {
            list: list.list,
            number: row.number,
            date: row.date,
            id: mask.id(&MessageId(row.id.clone()), message).0,
            subject: mask.text(&row.subject).into_owned(),
            author: words(&message.shown_author()),
            to: people(&message.to).join(" "),
            cc: people(&message.cc).join(" "),
            files: file_names(shown.iter().map(|file| &*file.name)),
            types: file_names(shown.iter().map(|file| &*file.media_type)),
            marks: marks(&parsed.view.body.attachments, words_of.patch),
            language: language(&words_of.text).unwrap_or_default().to_owned(),
            size: row.size,
            // The words of HTML are masked only here.
            text: mask.text(&words_of.text).into_owned(),
            quoted: mask.text(&words_of.quoted).into_owned(),
        })
    }
}
