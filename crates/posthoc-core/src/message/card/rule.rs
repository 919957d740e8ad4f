//! A rule of repetition (RFC 5545 section 3.3.10) in words; nothing is computed.

use super::stamp::Moment;
use crate::text::{MONTHS, WEEKDAYS};
use std::fmt;

/// Names of one kind that are listed.
const MOST_NAMES: usize = 12;
/// Lists of names.
const MOST_LISTS: usize = 3;

/// How often something is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// `every 2 weeks on Monday and Friday, 10 times`
    Told {
        /// What is counted.
        unit: Unit,
        /// Every how many of them, from 1.
        interval: u32,
        /// On which days or in which months.
        on: Vec<On>,
        /// How long.
        end: Option<End>,
    },
    /// As the part has it, where it cannot be told.
    AsWritten(String),
}

/// What a rule counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Hours.
    Hour,
    /// Days.
    Day,
    /// Weeks.
    Week,
    /// Months.
    Month,
    /// Years.
    Year,
}

/// What a rule narrows down to. None is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum On {
    /// Weekdays.
    Weekdays(Vec<Weekday>),
    /// Days of the month.
    Days(Vec<u8>),
    /// Months, from 1.
    Months(Vec<u8>),
}

/// A weekday of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weekday {
    /// From 1 for Monday.
    pub number: u8,
    /// The how manieth of its month, 1 to 5, 0 being the last; none for each.
    pub nth: Option<u8>,
}

/// How long a rule holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// So many times.
    Times(u32),
    /// To that moment.
    Until(Moment),
}

impl Rule {
    /// Reads a rule.
    pub(super) fn read(rule: &str) -> Self {
        told(rule).unwrap_or_else(|| Rule::AsWritten(rule.to_owned()))
    }

    /// Calls it with everything that the part wrote.
    pub(super) fn each_words(&mut self, each: &mut dyn FnMut(&mut String)) {
        match self {
            Rule::AsWritten(rule) => each(rule),
            Rule::Told {
                end: Some(End::Until(moment)),
                ..
            } => each(&mut moment.zone),
            Rule::Told { .. } => {}
        }
    }
}

fn told(rule: &str) -> Option<Rule> {
    let (mut unit, mut interval, mut on, mut end) = (None, 1, Vec::new(), None);
    for piece in rule.split(';').take(20).filter(|piece| !piece.is_empty()) {
        let (name, value) = piece.split_once('=')?;
        match name.trim().to_ascii_uppercase().as_str() {
            "FREQ" => unit = Some(Unit::read(value)?),
            "INTERVAL" => interval = value.trim().parse::<u32>().ok().filter(|n| *n > 0)?,
            "BYDAY" => on.push(On::Weekdays(list(value, Weekday::read)?)),
            "BYMONTHDAY" => on.push(On::Days(list(value, |piece| piece.parse().ok())?)),
            "BYMONTH" => on.push(On::Months(list(value, month)?)),
            "COUNT" => end = Some(End::Times(value.trim().parse::<u32>().ok()?)),
            "UNTIL" => end = Some(End::Until(Moment::parse(value)?)),
            // The day on which a week begins is no news to a reader.
            "WKST" => {}
            _ => return None,
        }
    }
    let unit = unit?;
    (on.len() <= MOST_LISTS).then_some(Rule::Told {
        unit,
        interval,
        on,
        end,
    })
}

impl Unit {
    fn read(value: &str) -> Option<Self> {
        Some(match value.trim().to_ascii_uppercase().as_str() {
            "HOURLY" => Unit::Hour,
            "DAILY" => Unit::Day,
            "WEEKLY" => Unit::Week,
            "MONTHLY" => Unit::Month,
            "YEARLY" => Unit::Year,
            _ => return None,
        })
    }

    fn word(self) -> &'static str {
        match self {
            Unit::Hour => "hour",
            Unit::Day => "day",
            Unit::Week => "week",
            Unit::Month => "month",
            Unit::Year => "year",
        }
    }
}

fn list<T>(value: &str, read: fn(&str) -> Option<T>) -> Option<Vec<T>> {
    let pieces = value.split(',').take(MOST_NAMES);
    pieces.map(|piece| read(piece.trim())).collect()
}

fn month(piece: &str) -> Option<u8> {
    piece.parse().ok().filter(|month| (1..=12).contains(month))
}

impl Weekday {
    /// `MO`, `2TU` (the second Tuesday), `-1FR` (the last Friday).
    fn read(piece: &str) -> Option<Self> {
        const DAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
        let (nth, day) = piece.split_at_checked(piece.len().checked_sub(2)?)?;
        let day = DAYS
            .iter()
            .position(|known| known.eq_ignore_ascii_case(day))?;
        let nth = match nth.trim_start_matches('+') {
            "" => None,
            "-1" => Some(0),
            nth => Some(nth.parse().ok().filter(|nth| (1..=5).contains(nth))?),
        };
        Some(Weekday {
            number: u8::try_from(day).ok()? + 1,
            nth,
        })
    }
}

impl fmt::Display for Weekday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = WEEKDAYS[usize::from(self.number.clamp(1, 7)) - 1];
        let nth = match self.nth {
            None => return f.write_str(day),
            Some(1) => "first",
            Some(2) => "second",
            Some(3) => "third",
            Some(4) => "fourth",
            Some(5) => "fifth",
            Some(_) => "last",
        };
        write!(f, "the {nth} {day}")
    }
}

/// `a, b and c`
fn joined(names: impl Iterator<Item = String>) -> String {
    let mut names: Vec<String> = names.collect();
    let last = names.pop().unwrap_or_default();
    match names.as_slice() {
        [] => last,
        before => format!("{} and {last}", before.join(", ")),
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, interval, on, end) = match self {
            Rule::AsWritten(rule) => return write!(f, "by a rule: {rule}"),
            Rule::Told {
                unit,
                interval,
                on,
                end,
            } => (unit.word(), interval, on, end),
        };
        match interval {
            1 => write!(f, "every {unit}")?,
            n => write!(f, "every {n} {unit}s")?,
        }
        for on in on {
            match on {
                On::Weekdays(days) => {
                    write!(f, " on {}", joined(days.iter().map(Weekday::to_string)))?;
                }
                On::Days(days) => write!(f, " on day {}", joined(days.iter().map(u8::to_string)))?,
                On::Months(months) => {
                    let name = |month: &u8| MONTHS[usize::from(*month).clamp(1, 12) - 1];
                    let names = months.iter().map(|month| name(month).to_owned());
                    write!(f, " in {}", joined(names))?;
                }
            }
        }
        match end {
            None => Ok(()),
            Some(End::Times(times)) => write!(f, ", {times} times"),
            Some(End::Until(moment)) => write!(f, ", until {moment}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_in_words() {
        let table = [
            ("FREQ=DAILY", "every day"),
            (
                "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=10",
                "every 2 weeks on Monday and Friday, 10 times",
            ),
            (
                "FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20261231T000000Z",
                "every month on the last Friday, until Thursday, 31 December 2026, 00:00 UTC",
            ),
            (
                "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=14",
                "every year in March on day 14",
            ),
            ("FREQ=WEEKLY;BYDAY=é", "by a rule: FREQ=WEEKLY;BYDAY=é"),
            ("FREQ=SECONDLY", "by a rule: FREQ=SECONDLY"),
            ("", "by a rule: "),
        ];
        for (rule, words) in table {
            assert_eq!(Rule::read(rule).to_string(), words, "{rule}");
        }
    }
}
