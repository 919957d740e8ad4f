//! A list in numbers, all of them counted as mails came and went.

use super::Reader;
use crate::error::Result;
use crate::tables::{Counted, ListRow, author_key};
use posthoc_core::page::{Busy, LongThread, Mask, MonthLine, StatsView};
use posthoc_store::Direction::{Backward, Forward};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Threads and people that are named.
const NAMED: usize = 20;
/// Authors among whom they are looked for: some may have no page, and some be one person.
const LOOKED_AT: usize = 200;
/// Mails of a long thread among which the first shown one is looked for.
const TRIED: usize = 100;
/// Months between the first and the last that are listed, also those without mail.
const MOST_MONTHS: usize = 2_400;

impl Reader<'_> {
    pub(super) fn stats(&self, list: &ListRow) -> Result<StatsView> {
        let months = self.months(list)?;
        let mut hours = [0; 24];
        for (hour, count) in self.rows.counts(list.list, Counted::Hour)? {
            if let Some(slot) = hours.get_mut(hour as usize) {
                *slot = count;
            }
        }
        let authors = self.rows.counts(list.list, Counted::Authors)?;
        Ok(StatsView {
            chrome: self.chrome(list),
            messages: list.messages,
            threads: months.iter().map(|month| month.threads).sum(),
            authors: (self.mask(list) != Mask::Full)
                .then(|| authors.iter().map(|(_, count)| count).sum()),
            months,
            hours,
            longest: self.longest(list)?,
            busiest: self.busiest(list)?,
        })
    }

    fn months(&self, list: &ListRow) -> Result<Vec<MonthLine>> {
        let mut months: BTreeMap<u32, MonthLine> = BTreeMap::new();
        for (_, counts) in self.rows.volumes(list.list)? {
            for (day, messages) in counts.days {
                months.entry(day / 100).or_default().messages += u64::from(messages);
            }
        }
        for (month, threads) in self.rows.counts(list.list, Counted::Month)? {
            months.entry(month).or_default().threads += threads;
        }
        let (Some(first), Some(last)) = (
            months.keys().next().copied(),
            months.keys().next_back().copied(),
        ) else {
            return Ok(Vec::new());
        };
        let every = std::iter::successors(Some(first), |month| match month % 100 {
            12.. => Some((month / 100 + 1) * 100 + 1),
            _ => Some(month + 1),
        });
        let every = every.take_while(|month| *month <= last).take(MOST_MONTHS);
        Ok(every
            .map(|month| MonthLine {
                month,
                ..months.get(&month).copied().unwrap_or_default()
            })
            .collect())
    }

    fn longest(&self, list: &ListRow) -> Result<Vec<LongThread>> {
        let mut longest = Vec::new();
        for (messages, thread) in self.rows.longest(list.list, NAMED)? {
            let mut shown = None;
            for number in self.rows.thread(list.list, thread, 0, TRIED)? {
                let row = self.mail(list.list, number)?;
                shown = row.filter(|row| !row.hidden);
                if shown.is_some() {
                    break;
                }
            }
            let name = self.mail(list.list, thread)?;
            longest.extend(name.zip(shown).map(|(name, shown)| LongThread {
                key: name.key,
                first: self.line(list, &shown),
                messages: u64::from(messages),
            }));
        }
        Ok(longest)
    }

    /// Those who have written most; nobody where the list shows nothing of addresses, or has no pages of
    /// people.
    fn busiest(&self, list: &ListRow) -> Result<Vec<Busy>> {
        if !self.names_people(list) {
            return Ok(Vec::new());
        }
        let mut candidates = Vec::new();
        for author in self.rows.busiest(list.list, LOOKED_AT)? {
            if let Some(number) = self.rows.end_by(list.list, author, Forward)? {
                let row = self.mail(list.list, number)?;
                candidates.extend(row.map(|row| row.author_address.clone()));
            }
        }
        // Somebody may write much, but from many addresses.
        let merged = self.site().people.merged();
        candidates.extend(merged.filter_map(|known| known.addresses.first().cloned()));
        let mut seen = BTreeSet::new();
        let mut busiest = Vec::new();
        for candidate in candidates {
            let addresses = self.addresses_of(list, &candidate).unwrap_or_default();
            if addresses
                .first()
                .is_some_and(|one| seen.insert(one.clone()))
            {
                busiest.extend(self.writing(list, &addresses)?);
            }
        }
        busiest.sort_by_key(|one| (Reverse(one.mails), one.first));
        busiest.retain(|one| one.mails > 1);
        busiest.truncate(NAMED);
        let mut named = Vec::new();
        for one in busiest {
            if let Some(row) = self.mail(list.list, one.newest)? {
                named.push(Busy {
                    person: self.person(list, &row),
                    route: self.person_named_by(list, one.first)?,
                    messages: one.mails,
                });
            }
        }
        Ok(named)
    }

    /// How much was written from these addresses; none where nothing was.
    fn writing(&self, list: &ListRow, addresses: &[String]) -> Result<Option<Writing>> {
        let mut all: Option<Writing> = None;
        for author in addresses.iter().filter_map(|address| author_key(address)) {
            let first = self.rows.end_by(list.list, author, Forward)?;
            let newest = self.rows.end_by(list.list, author, Backward)?;
            let mails = self.rows.written_by(list.list, author)?;
            if let Some((first, newest)) = first.zip(newest) {
                let before = all.take();
                all = Some(Writing {
                    first: before.as_ref().map_or(first, |all| all.first.min(first)),
                    newest: before.as_ref().map_or(newest, |all| all.newest.max(newest)),
                    mails: before.map_or(0, |all| all.mails) + u64::from(mails),
                });
            }
        }
        Ok(all)
    }
}

/// What a person has written on a list.
struct Writing {
    /// Numbers of their first and their newest mail.
    first: u32,
    newest: u32,
    mails: u64,
}
