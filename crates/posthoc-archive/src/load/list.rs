//! The lists, a list, its feed, its search page.

use super::{Loaded, Reader, notice};
use crate::error::Result;
use crate::tables::keys::{Fields, Key, last_u32};
use crate::tables::{ListRow, MailRow};
use posthoc_core::message::MessageId;
use posthoc_core::page::{
    Chrome, FeedEntry, FeedView, HomeView, ListLine, ListView, MailLine, NoticeView, SearchView,
    View, VolumeLine,
};
use posthoc_core::route::ListName;
use posthoc_store::Direction::{Backward, Forward};
use std::sync::Arc;

/// Mails that a list's page shows as its latest.
const LATEST: usize = 20;
/// Entries of a feed.
const ENTRIES: usize = 30;
/// Hits on a page of results.
pub(crate) const PER_PAGE: u64 = 25;

impl Reader<'_> {
    pub(super) fn home(&self) -> Result<HomeView> {
        let mut lists = Vec::new();
        for list in self.shown_lists()? {
            lists.extend(self.list_line(&list)?);
        }
        Ok(HomeView {
            chrome: Chrome::default(),
            lists,
        })
    }

    pub(crate) fn list_line(&self, list: &ListRow) -> Result<Option<ListLine>> {
        let Some(head) = self.list_head(list) else {
            return Ok(None);
        };
        let end = |direction| -> Result<_> {
            let key = self
                .rows
                .first(Key::of(b'd').u32(list.list).range(), direction)?;
            // Behind the date stand the content (16 bytes) and the number.
            let date = key.map(|key| Fields(&key[key.len() - 28..]).time());
            Ok(date.map(|date| list.zone().stamp(date)))
        };
        Ok(Some(ListLine {
            head,
            messages: list.messages,
            threads: list.threads,
            first: end(Forward)?,
            last: end(Backward)?,
        }))
    }

    pub(super) fn list_page(&self, list: &ListRow) -> Result<Option<ListView>> {
        let volumes = self.rows.volumes(list.list)?.into_iter().rev();
        let Some(line) = self.list_line(list)? else {
            return Ok(None);
        };
        let latest = self.latest(list, LATEST)?;
        Ok(Some(ListView {
            chrome: Chrome {
                list: self.list_head(list),
                crumbs: Vec::new(),
            },
            line,
            volumes: volumes
                .map(|(volume, row)| VolumeLine {
                    volume,
                    messages: row.messages,
                    bytes: row.bytes,
                })
                .collect(),
            latest: latest.iter().map(|row| self.line(list, row)).collect(),
        }))
    }

    /// The mails that were received last, newest first.
    fn latest(&self, list: &ListRow, limit: usize) -> Result<Vec<Arc<MailRow>>> {
        let mut latest = Vec::new();
        for key in self
            .rows
            .keys(Key::of(b'r').u32(list.list).range(), Backward, limit)?
        {
            latest.extend(
                self.mail(list.list, last_u32(&key))?
                    .filter(|row| !row.hidden),
            );
        }
        Ok(latest)
    }

    pub(super) fn feed(&self, list: &ListRow) -> Result<FeedView> {
        let mut entries = Vec::new();
        for row in self.latest(list, ENTRIES)? {
            let parsed = self.parsed(list, &row)?;
            entries.push(FeedEntry {
                line: self.line(list, &row),
                received: list.zone().stamp(row.received),
                id: self
                    .mask(list)
                    .id(&MessageId(row.id.clone()), &parsed.message),
                body: parsed.view.clone(),
            });
        }
        Ok(FeedView {
            chrome: self.chrome(list),
            entries,
        })
    }

    /// The search page without a query: the same on a static site.
    pub(crate) fn search_page(&self, list: Option<&ListRow>) -> Result<SearchView> {
        let mut lists = Vec::new();
        match list {
            Some(list) => lists.extend(self.list_line(list)?),
            None => lists = self.home()?.lists,
        }
        Ok(SearchView {
            chrome: list.map(|list| self.chrome(list)).unwrap_or_default(),
            query: String::new(),
            error: None,
            total: 0,
            offset: 0,
            per_page: PER_PAGE,
            order: "relevance".to_owned(),
            hits: Vec::new(),
            partial: Vec::new(),
            lists,
        })
    }

    /// The mail of a list with a Message-ID, or the choice among its variants.
    pub(super) fn bearing(&self, list: &ListRow, id: &MessageId) -> Result<Option<Loaded>> {
        let mut rows = Vec::new();
        for number in self.rows.bearing(list.list, id)? {
            let row = self.mail(list.list, number)?;
            if let Some(row) = row.filter(|row| self.may_be_named(list, row)) {
                rows.push((list.clone(), row));
            }
        }
        Ok(self.one_or_choice(rows))
    }

    /// The same among all lists that the audience is shown: an id alone leads to no unlisted one.
    pub(super) fn any_bearing(&self, id: &MessageId) -> Result<Option<Loaded>> {
        let mut rows = Vec::new();
        for list in self.shown_lists()? {
            for number in self.rows.bearing(list.list, id)? {
                let row = self.mail(list.list, number)?;
                if let Some(row) = row.filter(|row| self.may_be_named(&list, row)) {
                    rows.push((list.clone(), row));
                }
            }
        }
        Ok(self.one_or_choice(rows))
    }

    /// Whether a mail's id may lead to it: an id that is its author's hidden address confirms nothing.
    fn may_be_named(&self, list: &ListRow, row: &MailRow) -> bool {
        !(self.hides_words(list) && row.author_address.eq_ignore_ascii_case(&row.id))
    }

    fn one_or_choice(&self, mut rows: Vec<(ListRow, Arc<MailRow>)>) -> Option<Loaded> {
        let gone = rows.first().map(|(list, _)| self.chrome(list));
        rows.retain(|(_, row)| !row.hidden);
        let Some((first, row)) = rows.first() else {
            return gone.map(Loaded::Gone);
        };
        if rows.len() == 1 {
            return self.message_route(first, row).map(Loaded::Moved);
        }
        let links = rows.iter().filter_map(|(list, row)| {
            let line: MailLine = self.line(list, row);
            let words = format!("{}: {} ({})", list.name, line.subject, line.author.name);
            Some((words, self.message_route(list, row)?))
        });
        let words = "Several mails bear this Message-ID.";
        let mut view = notice(self.chrome(first), "Which one?", words, links.collect());
        if rows.iter().all(|(list, _)| list.list == first.list) {
            view.links = Vec::new();
            view.choices = rows
                .iter()
                .map(|(list, row)| self.line(list, row))
                .collect();
        }
        Some(Loaded::View(Box::new(View::Notice(NoticeView {
            moved: false,
            ..view
        }))))
    }

    /// The list's own name.
    pub(crate) fn name(&self, list: &ListRow) -> Option<ListName> {
        ListName::new(&list.name)
    }
}
