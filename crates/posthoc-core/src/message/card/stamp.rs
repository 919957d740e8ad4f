//! Dates and times of iCalendar (RFC 5545 sections 3.3.4 to 3.3.6) in words.

use super::content_line::ContentLine;
use crate::text::{MONTHS, WEEKDAYS};
use jiff::civil::{Date, DateTime, Time};

/// A date, perhaps with a time, as its author wrote it: no zone is computed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    date: Date,
    time: Option<Time>,
    /// `UTC`, or the name that the author gave; empty for a time that floats.
    zone: String,
}

impl Stamp {
    /// Reads the value of `DTSTART` and its like.
    pub(super) fn read(line: &ContentLine) -> Option<Self> {
        let mut stamp = Stamp::parse(&line.value)?;
        if stamp.time.is_some() && stamp.zone.is_empty() {
            stamp.zone = line.parameter("TZID").unwrap_or_default().trim().to_owned();
        }
        Some(stamp)
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
            return Some(Stamp {
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
        Some(Stamp {
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
        Some(Stamp {
            date: at.date(),
            time: self.time.map(|_| at.time()),
            zone: self.zone.clone(),
        })
    }

    /// `Saturday, 14 March 2026, 09:00 (Europe/Berlin)`
    pub(super) fn words(&self) -> String {
        let mut out = self.day();
        if let Some(time) = self.time {
            out.push_str(", ");
            out.push_str(&clock(time));
            out.push_str(&self.zone_words());
        }
        out
    }

    /// From this moment to another one; the same day is said once. The end of whole days is the day
    /// behind the last (RFC 5545 section 3.6.1).
    pub(super) fn words_until(&self, end: &Stamp) -> String {
        match (self.time, end.time) {
            (None, None) => {
                let last = end.date.yesterday().unwrap_or(end.date);
                if last <= self.date {
                    return self.words();
                }
                let last = Stamp {
                    date: last,
                    ..end.clone()
                };
                format!("{} to {}", self.words(), last.words())
            }
            (Some(from), Some(to)) if self.date == end.date && self.zone == end.zone => format!(
                "{}, {}–{}{}",
                self.day(),
                clock(from),
                clock(to),
                self.zone_words()
            ),
            _ => format!("{} to {}", self.words(), end.words()),
        }
    }

    fn day(&self) -> String {
        let offset = |n: i8| usize::try_from(n).unwrap_or_default();
        let weekday = WEEKDAYS[offset(self.date.weekday().to_monday_zero_offset()) % 7];
        let month = MONTHS[offset(self.date.month() - 1) % 12];
        format!(
            "{weekday}, {} {month} {}",
            self.date.day(),
            self.date.year()
        )
    }

    fn zone_words(&self) -> String {
        match self.zone.as_str() {
            "" => " local time".to_owned(),
            "UTC" => " UTC".to_owned(),
            zone => format!(" ({})", zone.chars().take(64).collect::<String>()),
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
    use super::*;

    #[test]
    fn stamps_in_words() {
        let stamp = |text: &str| Stamp::parse(text).unwrap();
        assert_eq!(stamp("20260314").words(), "Saturday, 14 March 2026");
        assert_eq!(
            stamp("20260314T090000Z").words(),
            "Saturday, 14 March 2026, 09:00 UTC"
        );
        assert_eq!(
            stamp("20260314").words_until(&stamp("20260315")),
            "Saturday, 14 March 2026"
        );
        assert_eq!(
            stamp("20260314").words_until(&stamp("20260317")),
            "Saturday, 14 March 2026 to Monday, 16 March 2026"
        );
        let long = Length::parse("PT1H30M").unwrap();
        let from = stamp("20260314T233000");
        assert_eq!(
            from.words_until(&from.after(long).unwrap()),
            "Saturday, 14 March 2026, 23:30 local time to Sunday, 15 March 2026, 01:00 local time"
        );
        for junk in [
            "",
            "2026",
            "20261332",
            "20260314T99",
            "20260314T2599",
            "×××××××××",
        ] {
            assert_eq!(Stamp::parse(junk), None, "{junk}");
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
