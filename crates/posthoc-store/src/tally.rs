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

impl Counter {
    /// With months in this zone.
    pub fn new(zone: &TimeZone) -> Self {
        Counter {
            zone: zone.clone(),
            lists: BTreeMap::new(),
            spans: BTreeMap::new(),
        }
    }

    /// Counts a mail.
    pub fn count(&mut self, list: u32, date: i64) {
        *self.lists.entry(list).or_default() += 1;
        let known = self.spans.range_mut(..=date).next_back();
        if let Some((_, span)) = known.filter(|(_, span)| date < span.end) {
            span.hits += 1;
            return;
        }
        let (begin, span) = self.span_of(date);
        self.spans.entry(begin).or_insert(span).hits += 1;
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
    pub fn tally(self) -> Tally {
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
