//! Dates as queries write them.

use crate::text::TimeZone;
use jiff::ToSpan;
use jiff::civil::Date;
use std::fmt;

/// A stretch of whole days, in the zone that it is resolved with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// `2019`
    Year(i16),
    /// `2019-03`
    Month(i16, u8),
    /// `2019-03-04` or `20190304`
    Day(i16, u8, u8),
    /// `2w`: the day that many units before the present day.
    Ago(u16, Unit),
    /// `today`
    Today,
    /// `yesterday`
    Yesterday,
}

/// A unit of [`When::Ago`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// `d`
    Days,
    /// `w`
    Weeks,
    /// `m`
    Months,
    /// `y`
    Years,
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            When::Year(y) => write!(f, "{y:04}"),
            When::Month(y, m) => write!(f, "{y:04}-{m:02}"),
            When::Day(y, m, d) => write!(f, "{y:04}-{m:02}-{d:02}"),
            When::Ago(n, unit) => {
                let letter = match unit {
                    Unit::Days => 'd',
                    Unit::Weeks => 'w',
                    Unit::Months => 'm',
                    Unit::Years => 'y',
                };
                write!(f, "{n}{letter}")
            }
            When::Today => f.write_str("today"),
            When::Yesterday => f.write_str("yesterday"),
        }
    }
}

impl When {
    /// Reads one end of a range; `None` when it is no date.
    pub fn read(text: &str) -> Option<When> {
        if text.eq_ignore_ascii_case("today") {
            return Some(When::Today);
        }
        if text.eq_ignore_ascii_case("yesterday") {
            return Some(When::Yesterday);
        }
        if let Some(ago) = ago(text) {
            return Some(ago);
        }
        let bytes = text.as_bytes();
        let shaped = |shape: &[u8]| {
            bytes.len() == shape.len()
                && bytes.iter().zip(shape).all(|(b, s)| {
                    if *s == b'-' {
                        *b == b'-'
                    } else {
                        b.is_ascii_digit()
                    }
                })
        };
        let number = |from: usize, to: usize| text.get(from..to)?.parse::<i16>().ok();
        let when = if shaped(b"0000") {
            When::Year(number(0, 4)?)
        } else if shaped(b"0000-00") {
            When::Month(number(0, 4)?, number(5, 7)? as u8)
        } else if shaped(b"0000-00-00") {
            When::Day(number(0, 4)?, number(5, 7)? as u8, number(8, 10)? as u8)
        } else if shaped(b"00000000") {
            When::Day(number(0, 4)?, number(4, 6)? as u8, number(6, 8)? as u8)
        } else {
            return None;
        };
        let first = when.first_day(Date::constant(2000, 1, 1))?;
        (first.year() >= 1).then_some(when)
    }

    /// Whether its days lie before those of the other; never for days counted from the present.
    pub fn is_before(self, other: When) -> bool {
        let days = self.fixed_days().zip(other.fixed_days());
        days.is_some_and(|(one, two)| one.1 <= two.0)
    }

    /// Whether its first day is not after that of the other; never for days counted from the present.
    pub fn begins_by(self, other: When) -> bool {
        self.fixed_days()
            .zip(other.fixed_days())
            .is_some_and(|(one, two)| one.0 <= two.0)
    }

    /// Whether its last day is not before that of the other; never for days counted from the present.
    pub fn ends_after(self, other: When) -> bool {
        self.fixed_days()
            .zip(other.fixed_days())
            .is_some_and(|(one, two)| one.1 >= two.1)
    }

    /// The first day and the one after the last, where they do not depend on the present.
    fn fixed_days(self) -> Option<(Date, Date)> {
        let fixed = matches!(self, When::Year(_) | When::Month(..) | When::Day(..));
        let today = Date::constant(2000, 1, 1);
        let days = self.first_day(today).zip(self.next_day(today));
        days.filter(|_| fixed)
    }

    /// The first instant, seconds UTC. `now` is the present.
    pub fn start(self, zone: &TimeZone, now: i64) -> Option<i64> {
        instant(self.first_day(present(zone, now)?)?, zone)
    }

    /// The first instant after it, seconds UTC; `None` at the end of the calendar.
    pub fn end(self, zone: &TimeZone, now: i64) -> Option<i64> {
        instant(self.next_day(present(zone, now)?)?, zone)
    }

    fn first_day(self, today: Date) -> Option<Date> {
        match self {
            When::Year(y) => Date::new(y, 1, 1).ok(),
            When::Month(y, m) => Date::new(y, i8::try_from(m).ok()?, 1).ok(),
            When::Day(y, m, d) => Date::new(y, i8::try_from(m).ok()?, i8::try_from(d).ok()?).ok(),
            When::Ago(n, Unit::Days) => today.checked_sub(i32::from(n).days()).ok(),
            When::Ago(n, Unit::Weeks) => today.checked_sub(i32::from(n).weeks()).ok(),
            When::Ago(n, Unit::Months) => today.checked_sub(i32::from(n).months()).ok(),
            When::Ago(n, Unit::Years) => today.checked_sub(i32::from(n).years()).ok(),
            When::Today => Some(today),
            When::Yesterday => today.yesterday().ok(),
        }
    }

    fn next_day(self, today: Date) -> Option<Date> {
        let first = self.first_day(today)?;
        match self {
            When::Year(_) => first.checked_add(1.year()).ok(),
            When::Month(..) => first.checked_add(1.month()).ok(),
            _ => first.tomorrow().ok(),
        }
    }
}

fn ago(text: &str) -> Option<When> {
    let last = text.chars().next_back()?;
    let unit = match last.to_ascii_lowercase() {
        'd' => Unit::Days,
        'w' => Unit::Weeks,
        'm' => Unit::Months,
        'y' => Unit::Years,
        _ => return None,
    };
    let digits = &text[..text.len() - 1];
    let count = digits.bytes().all(|b| b.is_ascii_digit()) && (1..=4).contains(&digits.len());
    count.then(|| digits.parse().ok().map(|n| When::Ago(n, unit)))?
}

fn present(zone: &TimeZone, now: i64) -> Option<Date> {
    let stamp = zone.stamp(now);
    Date::new(stamp.year, stamp.month as i8, stamp.day as i8).ok()
}

fn instant(day: Date, zone: &TimeZone) -> Option<i64> {
    zone.day_start(day.year(), day.month() as u8, day.day() as u8)
}
