//! Dates and times of iCalendar (RFC 5545 sections 3.3.4 to 3.3.6) in words.

use super::content_line::ContentLine;
use crate::text::{MONTHS, WEEKDAYS};
use jiff::civil::{Date, DateTime, Time};
use std::fmt;

/// Characters of a zone's name.
const MOST_OF_ZONE: usize = 64;

/// A date, perhaps with a time, as its author wrote it: no zone is computed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    date: Date,
    time: Option<Time>,
    /// `UTC`, or the name that the author gave; empty for a time that floats.
    pub zone: String,
}

impl Moment {
    /// Reads the value of `DTSTART` and its like.
    pub(super) fn read(line: &ContentLine) -> Option<Self> {
        let mut moment = Moment::parse(&line.value)?;
        if moment.time.is_some() && moment.zone.is_empty() {
            let zone = line.parameter("TZID").unwrap_or_default().trim();
            moment.zone = zone.chars().take(MOST_OF_ZONE).collect();
        }
        Some(moment)
    }

    /// Reads `20260314` or `20260314T090000`, with a `Z` for UTC.
    pub(super) fn parse(value: &str) -> Option<Self> {
        let value = value.trim();
        let (day, clock) = match value.split_once(['T', 't']) {
            Some((day, clock)) => (day, Some(clock)),
            None => (value, None),
        };
        let day = number(day, 8)?;
        let date = Date::new(
            i16::try_from(day / 10_000).ok()?,
            i8::try_from(day / 100 % 100).ok()?,
            i8::try_from(day % 100).ok()?,
        )
        .ok()?;
        let Some(clock) = clock else {
            return Some(Moment {
                date,
                time: None,
                zone: String::new(),
            });
        };
        let digits = clock.trim_end_matches(['Z', 'z']);
        let of_day = number(digits.get(..4)?, 4)?;
        let time = Time::new(
            i8::try_from(of_day / 100).ok()?,
            i8::try_from(of_day % 100).ok()?,
            0,
            0,
        )
        .ok()?;
        let zone = if digits.len() < clock.len() {
            "UTC"
        } else {
            ""
        };
        Some(Moment {
            date,
            time: Some(time),
            zone: zone.to_owned(),
        })
    }

    /// The moment some time later; `None` beyond the calendar.
    pub(super) fn after(&self, length: Length) -> Option<Self> {
        let span = jiff::Span::new()
            .try_days(length.days)
            .and_then(|span| span.try_minutes(length.minutes))
            .ok()?;
        let at = DateTime::from_parts(self.date, self.time.unwrap_or(Time::midnight()));
        let at = at.checked_add(span).ok()?;
        Some(Moment {
            date: at.date(),
            time: self.time.map(|_| at.time()),
            zone: self.zone.clone(),
        })
    }

    /// The last day of a span of whole days: its end is the day behind (RFC 5545 section 3.6.1). None when
    /// it lasts no longer than its first day.
    pub(super) fn last_day(&self, end: &Moment) -> Option<Self> {
        let last = end.date.yesterday().unwrap_or(end.date);
        (last > self.date).then(|| Moment {
            date: last,
            ..end.clone()
        })
    }

    /// Whether it is a whole day.
    pub(super) fn is_day(&self) -> bool {
        self.time.is_none()
    }

    /// The weekday, from 1 for Monday, the day, the month, and the year.
    pub fn numbers(&self) -> [u64; 4] {
        let weekday = self.date.weekday().to_monday_one_offset();
        let of = |n: i8| u64::try_from(n).unwrap_or_default();
        let year = u64::try_from(self.date.year()).unwrap_or_default();
        [
            of(weekday),
            of(self.date.day()),
            of(self.date.month()),
            year,
        ]
    }

    /// The time, as `09:00`; none for a whole day.
    pub fn clock(&self) -> Option<String> {
        self.time.map(clock)
    }

    /// The hours of something that begins now and ends on the same day, in the same zone.
    pub fn hours_until(&self, end: &Moment) -> Option<(String, String)> {
        let same = self.date == end.date && self.zone == end.zone;
        self.clock().zip(end.clock()).filter(|_| same)
    }

    /// `Saturday, 14 March 2026`
    pub(super) fn day(&self) -> String {
        let [weekday, day, month, year] = self.numbers();
        let name = |names: &[&'static str], number: u64| {
            let number = usize::try_from(number).unwrap_or_default();
            names.get(number.wrapping_sub(1)).copied().unwrap_or("")
        };
        let (weekday, month) = (name(&WEEKDAYS, weekday), name(&MONTHS, month));
        format!("{weekday}, {day} {month} {year}")
    }

    /// `local time`, `UTC` or `(Europe/Berlin)`.
    pub(super) fn zone(&self) -> String {
        match self.zone.as_str() {
            "" => "local time".to_owned(),
            "UTC" => "UTC".to_owned(),
            zone => format!("({zone})"),
        }
    }
}

/// `Saturday, 14 March 2026, 09:00 (Europe/Berlin)`
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.day())?;
        match self.clock() {
            Some(clock) => write!(f, ", {clock} {}", self.zone()),
            None => Ok(()),
        }
    }
}

/// A length of time in days and minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Length {
    days: i64,
    minutes: i64,
}

impl Length {
    /// Reads `P1D`, `PT1H30M`, `P2W` (RFC 5545 section 3.3.6).
    pub(super) fn parse(value: &str) -> Option<Self> {
        let mut length = Length::default();
        let mut digits: Option<i64> = None;
        for c in value
            .trim()
            .trim_start_matches('+')
            .strip_prefix('P')?
            .chars()
            .take(24)
        {
            if let Some(digit) = c.to_digit(10) {
                digits = Some(digits.unwrap_or(0).checked_mul(10)? + i64::from(digit));
                continue;
            }
            if c == 'T' {
                continue;
            }
            let amount = digits.take().filter(|amount| *amount < 1_000_000)?;
            match c {
                'W' => length.days += amount * 7,
                'D' => length.days += amount,
                'H' => length.minutes += amount * 60,
                'M' => length.minutes += amount,
                'S' => length.minutes += amount / 60,
                _ => return None,
            }
        }
        Some(length)
    }
}

fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

fn number(digits: &str, length: usize) -> Option<u32> {
    let plain = digits.len() == length && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::Value;
    use super::*;

    #[test]
    fn moments_in_words() {
        let moment = |text: &str| Moment::parse(text).unwrap();
        let when = |from: &Moment, to: &Moment| {
            Value::When(Some(from.clone()), Some(to.clone())).to_string()
        };
        assert_eq!(moment("20260314").to_string(), "Saturday, 14 March 2026");
        assert_eq!(
            moment("20260314T090000Z").to_string(),
            "Saturday, 14 March 2026, 09:00 UTC"
        );
        let day = moment("20260314");
        assert_eq!(day.last_day(&moment("20260315")), None);
        assert_eq!(
            when(&day, &day.last_day(&moment("20260317")).unwrap()),
            "Saturday, 14 March 2026 to Monday, 16 March 2026"
        );
        let long = Length::parse("PT1H30M").unwrap();
        let from = moment("20260314T233000");
        assert_eq!(
            when(&from, &from.after(long).unwrap()),
            "Saturday, 14 March 2026, 23:30 local time to Sunday, 15 March 2026, 01:00 local time"
        );
        assert_eq!(
            when(&moment("20260314T090000Z"), &moment("20260314T103000Z")),
            "Saturday, 14 March 2026, 09:00–10:30 UTC"
        );
        for junk in [
            "",
            "2026",
            "20261332",
            "20260314T99",
            "20260314T2599",
            "×××××××××",
        ] {
            assert_eq!(Moment::parse(junk), None, "{junk}");
        }
        for junk in ["", "P", "PT", "PX", "P99999999999999999999D"] {
            let length = Length::parse(junk);
            assert!(
                length.is_none_or(|length| length == Length::default()),
                "{junk}"
            );
        }
    }
}
