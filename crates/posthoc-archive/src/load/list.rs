//! The lists, a list, its feed, its search page.

use super::{Loaded, Reader, notice};
use crate::error::Result;
use crate::tables::keys::{Key, dated, last_u32};
use crate::tables::{ListRow, MailRow, VolumeRow};
use posthoc_core::message::MessageId;
use posthoc_core::page::{
    Chrome, Facets, FeedEntry, FeedView, HomeView, ListLine, ListView, MailLine, Mask, NoticeView,
    SearchView, TakingPart, ThreadLine, Told, View, VolumeLine,
};
use posthoc_core::route::{ListName, Volume};
use posthoc_store::Direction::{Backward, Forward};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Mails among which a list's page looks for its recent threads;
const LATEST: usize = 100;
/// so many of which it shows.
const RECENT: usize = 12;
/// Mails of a thread that are counted on its list's page.
const COUNTED: usize = 500;
/// Entries of a feed.
pub(crate) const ENTRIES: usize = 30;
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
            Ok(key.map(|key| list.zone().stamp(dated(&key))))
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
        let volumes: Vec<(Volume, VolumeRow)> = volumes.collect();
        let latest = self.latest(list, LATEST)?;
        Ok(Some(ListView {
            chrome: Chrome {
                list: self.list_head(list),
                crumbs: Vec::new(),
            },
            line,
            news: news(&volumes),
            recent: self.recent(list, &latest)?,
            part: self.taking_part(list, latest.first())?,
            volumes: volumes
                .into_iter()
                .map(|(volume, row)| VolumeLine {
                    volume,
                    messages: row.messages,
                    bytes: row.bytes,
                })
                .collect(),
        }))
    }

    /// The threads that these mails are of, in order.
    fn recent(&self, list: &ListRow, latest: &[Arc<MailRow>]) -> Result<Vec<ThreadLine>> {
        let mut seen = BTreeSet::new();
        let mut recent = Vec::new();
        for row in latest {
            if recent.len() == RECENT {
                break;
            }
            let thread = self.thread_of(list, row)?;
            if !seen.insert(thread) {
                continue;
            }
            let Some(first) = self.mail(list.list, thread)? else {
                continue;
            };
            let mut numbers = self.rows.thread(list.list, thread, 0, COUNTED + 1)?;
            let more = numbers.len() > COUNTED;
            numbers.truncate(COUNTED);
            let mut messages = 0;
            for number in numbers {
                let mail = self.mail(list.list, number)?;
                messages += u64::from(mail.is_some_and(|mail| !mail.hidden));
            }
            recent.push(ThreadLine {
                key: first.key,
                first: self.line(list, if first.hidden { row } else { &first }),
                last: self.line(list, row),
                messages,
                more,
            });
        }
        Ok(recent)
    }

    /// How one takes part: as the settings say, else as the newest mail tells. Of a list that masks
    /// addresses a mail is believed only where what it names has the list's name.
    fn taking_part(&self, list: &ListRow, newest: Option<&Arc<MailRow>>) -> Result<TakingPart> {
        let mut part = TakingPart {
            closed: self.settings_of(list).closed.clone(),
            address: self.list_head(list).and_then(|head| head.address),
            subscribe: None,
        };
        let Some(newest) = newest.filter(|_| part.closed.is_none()) else {
            return Ok(part);
        };
        let parsed = self.parsed(list, newest)?;
        let message = &parsed.message;
        let told = |name| message.root.field(name).map(|field| field.value());
        if part.address.is_none() {
            part.address = self.posting_address(list, message);
        }
        let post = told("list-post").unwrap_or_default();
        if part.address.is_none() && post.split('(').next().unwrap_or_default().trim() == "NO" {
            part.closed = Some(String::new());
        }
        part.subscribe = told("list-subscribe")
            .and_then(|value| subscribing(&value, &list.name, self.mask(list) == Mask::None));
        Ok(part)
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
            entries.extend(self.feed_entry(list, &row)?);
        }
        Ok(FeedView {
            chrome: self.chrome(list),
            query: None,
            entries,
        })
    }

    /// A mail in a feed.
    pub(crate) fn feed_entry(&self, list: &ListRow, row: &MailRow) -> Result<Option<FeedEntry>> {
        let Some(name) = self.name(list) else {
            return Ok(None);
        };
        let parsed = self.parsed(list, row)?;
        Ok(Some(FeedEntry {
            line: self.line(list, row),
            list: name,
            received: list.zone().stamp(row.received),
            id: self
                .mask(list)
                .id(&MessageId(row.id.clone()), &parsed.message),
            body: parsed.view.clone(),
        }))
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
            refused: None,
            total: 0,
            threads: None,
            offset: 0,
            per_page: PER_PAGE,
            order: "relevance".to_owned(),
            hits: Vec::new(),
            partial: Vec::new(),
            facets: Facets::default(),
            meant: None,
            mailbox: false,
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
            Some((Told::Words(words), self.message_route(list, row)?))
        });
        let (title, words) = ("which-one", "which-one-words");
        let mut view = notice(self.chrome(first), title, words, links.collect());
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

/// Mails dated within the 7 and the 30 days up to the newest mail's day.
fn news(volumes: &[(Volume, VolumeRow)]) -> (u64, u64) {
    let days = || volumes.iter().flat_map(|(_, row)| &row.days);
    let Some(newest) = days().map(|(day, _)| serial(*day)).max() else {
        return (0, 0);
    };
    let within = |most: i64| {
        let near = days().filter(|(day, _)| newest - serial(*day) < most);
        near.map(|(_, count)| u64::from(*count)).sum()
    };
    (within(7), within(30))
}

/// Days since the beginning of the year 0 of a day given as 20251103, in the Gregorian calendar.
fn serial(day: u32) -> i64 {
    let (year, month, day) = (
        i64::from(day / 10_000),
        i64::from(day / 100 % 100),
        i64::from(day % 100),
    );
    // A year that begins in March ends with its leap day.
    let (year, month) = match month {
        1 | 2 => (year - 1, month + 9),
        _ => (year, month - 3),
    };
    year * 365 + year.div_euclid(4) - year.div_euclid(100)
        + year.div_euclid(400)
        + (month * 306 + 5) / 10
        + day
}

/// The first place that `List-Subscribe` names (RFC 2369): a plain URL, or an address; of one that
/// masks addresses only an address that begins with the list's name.
fn subscribing(value: &str, list: &str, open: bool) -> Option<String> {
    let places = value.split('<').skip(1);
    let places = places.filter_map(|place| place.split_once('>').map(|(place, _)| place.trim()));
    places.take(4).find_map(|place| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "/:._~-+=@".contains(c);
        if place.len() > 200 || !place.split('?').next().unwrap_or("").chars().all(plain) {
            return None;
        }
        let Some(address) = place.strip_prefix("mailto:") else {
            let is_url = place.starts_with("https://") || place.starts_with("http://");
            // What stands behind a question mark, or bears an at sign, may be somebody's own.
            return (is_url && !place.contains(['?', '@'])).then(|| place.to_owned());
        };
        let address = address.split('?').next().unwrap_or_default();
        let (local, domain) = address.split_once('@')?;
        let begins = local
            .to_ascii_lowercase()
            .starts_with(&list.to_ascii_lowercase());
        ((open || begins) && !domain.is_empty()).then(|| address.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_over_the_ends_of_months() {
        for (from, to, days) in [
            (20251031, 20251101, 1),
            (20240228, 20240301, 2),
            (20230228, 20230301, 1),
            (20251231, 20260101, 1),
            (19991231, 20001231, 366),
        ] {
            assert_eq!(serial(to) - serial(from), days, "{from} to {to}");
        }
    }

    #[test]
    fn where_one_subscribes() {
        let table = [
            (
                "<https://x.example/town>, <mailto:town-request@x?subject=s>",
                Some("https://x.example/town"),
            ),
            (
                "<mailto:town-request@x?subject=subscribe>",
                Some("town-request@x"),
            ),
            ("<mailto:ada@x>", None),
            (
                "<https://x/u?who=ada@x>, <mailto:town-join@x>",
                Some("town-join@x"),
            ),
            ("<javascript:alert(1)>", None),
            ("NO", None),
        ];
        for (value, place) in table {
            assert_eq!(
                subscribing(value, "town", false).as_deref(),
                place,
                "{value}"
            );
        }
        let open = subscribing("<mailto:ada@x>", "town", true);
        assert_eq!(open.as_deref(), Some("ada@x"));
    }
}
