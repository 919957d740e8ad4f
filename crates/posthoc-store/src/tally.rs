//! How many hits there are on each list and in each month.

use posthoc_core::query::When;
use posthoc_core::text::TimeZone;
use std::collections::BTreeMap;

/// Counts of all hits of an answer, also of those behind its window. What is not in it has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// By list.
    pub lists: BTreeMap<u32, u64>,
    /// By the month of the date in the zone of the question, as 202511.
    pub months: BTreeMap<u32, u64>,
}

impl Tally {
    /// Counts one mail more, or one less.
    pub fn change(&mut self, list: u32, month: u32, more: bool) {
        for (counts, key) in [(&mut self.lists, list), (&mut self.months, month)] {
            let count = counts.entry(key).or_default();
            *count = match more {
                true => count.saturating_add(1),
                false => count.saturating_sub(1),
            };
            if *count == 0 {
                counts.remove(&key);
            }
        }
    }

    /// Adds what was counted elsewhere.
    pub fn add(&mut self, other: Tally) {
        for (list, count) in other.lists {
            *self.lists.entry(list).or_default() += count;
        }
        for (month, count) in other.months {
            *self.months.entry(month).or_default() += count;
        }
    }
}

/// The month of an instant in a zone, as 202511.
pub fn month_of(date: i64, zone: &TimeZone) -> u32 {
    let stamp = zone.stamp(date);
    let year = u32::try_from(stamp.year).unwrap_or_default();
    year * 100 + u32::from(stamp.month)
}

/// Makes a [`Tally`] of one hit after the other. Asks the calendar once for each month, not for each
/// hit.
#[derive(Clone, Debug)]
pub struct Counter {
    zone: TimeZone,
    /// Mails come mostly in the order of their dates, so that most are counted here.
    run: Option<Run>,
    lists: BTreeMap<u32, u64>,
    /// Months by their first instants.
    spans: BTreeMap<i64, Span>,
}

#[derive(Clone, Debug)]
struct Span {
    /// The first instant after it.
    end: i64,
    month: u32,
    hits: u64,
}

/// Mails of one list and one month in a row.
#[derive(Clone, Debug)]
struct Run {
    list: u32,
    begin: i64,
    span: Span,
}

impl Counter {
    /// With months in this zone.
    pub fn new(zone: &TimeZone) -> Self {
        Counter {
            zone: zone.clone(),
            run: None,
            lists: BTreeMap::new(),
            spans: BTreeMap::new(),
        }
    }

    /// Counts a mail.
    pub fn count(&mut self, list: u32, date: i64) {
        if let Some(run) = &mut self.run
            && run.list == list
            && (run.begin..run.span.end).contains(&date)
        {
            run.span.hits += 1;
            return;
        }
        self.end_run();
        let known = self.spans.range(..=date).next_back();
        let known = known.filter(|(_, span)| date < span.end);
        let (begin, span) = match known {
            Some((begin, span)) => (*begin, span.clone()),
            None => self.span_of(date),
        };
        let span = Span { hits: 1, ..span };
        self.run = Some(Run { list, begin, span });
    }

    fn end_run(&mut self) {
        if let Some(Run { list, begin, span }) = self.run.take() {
            *self.lists.entry(list).or_default() += span.hits;
            let hits = span.hits;
            let known = self.spans.entry(begin);
            known.or_insert(Span { hits: 0, ..span }).hits += hits;
        }
    }

    /// The month around an instant; where the calendar ends, that instant alone.
    fn span_of(&self, date: i64) -> (i64, Span) {
        let month = month_of(date, &self.zone);
        let whole = i16::try_from(month / 100).ok().and_then(|year| {
            let when = When::Month(year, (month % 100) as u8);
            let ends = when.start(&self.zone, date).zip(when.end(&self.zone, date));
            ends.filter(|(begin, end)| (*begin..*end).contains(&date))
        });
        let (begin, end) = whole.unwrap_or((date, date.saturating_add(1)));
        let span = Span {
            end,
            month,
            hits: 0,
        };
        (begin, span)
    }

    /// What was counted.
    pub fn tally(mut self) -> Tally {
        self.end_run();
        let mut tally = Tally {
            lists: self.lists,
            months: BTreeMap::new(),
        };
        for span in self.spans.into_values() {
            *tally.months.entry(span.month).or_default() += span.hits;
        }
        tally
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn months_are_those_of_the_calendar() {
        let zone = TimeZone::named("Europe/Prague").unwrap();
        let dates = [
            0,
            // The last second of October in Prague, and the first of November.
            1_761_951_599,
            1_761_951_600,
            1_763_600_000,
            1_761_951_599,
            i64::MAX,
            i64::MIN,
            -1,
        ];
        let mut counter = Counter::new(&zone);
        let mut expected = Tally::default();
        for (n, date) in dates.iter().enumerate() {
            counter.count(n as u32 % 2, *date);
            expected.change(n as u32 % 2, month_of(*date, &zone), true);
        }
        let tally = counter.tally();
        assert_eq!(tally, expected);
        assert_eq!(tally.months[&202510], 2);
        assert_eq!(tally.months[&202511], 2);
        expected.change(0, 202510, false);
        expected.change(0, 202510, false);
        assert_eq!(expected.months.get(&202510), None);
        let mut both = Tally::default();
        both.add(tally.clone());
        both.add(tally);
        assert_eq!(both.months[&202511], 4);
    }
}
