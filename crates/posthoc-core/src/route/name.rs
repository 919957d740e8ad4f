//! Names of lists, volumes and places.

use crate::text::{Frequency, MONTHS, Stamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A list's name: lower case, `[a-z0-9._+-]`, 1 to 200 bytes, not reserved, no leading dot.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ListName(String);

/// Names that lists may not have, because routes have them.
pub const RESERVED: [&str; 20] = [
    "404.html",
    "api",
    "assets",
    "attachments",
    "author",
    "feed.atom",
    "feed.json",
    "healthz",
    "index.html",
    "mailman",
    "metrics",
    "mid",
    "mid.html",
    "n",
    "pipermail",
    "robots.txt",
    "search",
    "sitemap.xml",
    "static",
    "thread",
];

impl ListName {
    /// Folds to lower case and checks; `None` when it cannot be a list's name.
    pub fn new(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let well_made = !name.is_empty()
            && name.len() <= 200
            && !name.starts_with('.')
            && !name.starts_with('_')
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._+-".contains(&b));
        (well_made && !RESERVED.contains(&name.as_str())).then_some(ListName(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ListName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How long a volume is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// A year.
    Year,
    /// A quarter of a year.
    Quarter,
    /// A month.
    Month,
    /// A week, from its Monday.
    Week,
    /// A day.
    Day,
}

/// A volume's name, as Pipermail writes it: `2025-November`, `2025`, `2025q4`,
/// `Week-of-Mon-20251103`, `20251103`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Volume(String);

impl Volume {
    /// The volume in which a mail of that local time stands.
    pub fn of(stamp: &Stamp, frequency: Frequency) -> Self {
        let Stamp {
            year, month, day, ..
        } = *stamp;
        Volume(match frequency {
            Frequency::Yearly => format!("{year:04}"),
            Frequency::Monthly => format!("{year:04}-{}", MONTHS[usize::from(month) - 1]),
            Frequency::Quarterly => format!("{year:04}q{}", (month - 1) / 3 + 1),
            Frequency::Weekly => {
                let monday = jiff::civil::date(year, month as i8, day as i8)
                    .checked_sub(jiff::Span::new().days(i64::from(stamp.weekday)))
                    .unwrap_or(jiff::civil::Date::MIN);
                format!(
                    "Week-of-Mon-{:04}{:02}{:02}",
                    monday.year(),
                    monday.month(),
                    monday.day()
                )
            }
            Frequency::Daily => format!("{year:04}{month:02}{day:02}"),
        })
    }

    /// Reads a volume's name; `None` for anything that [`Volume::of`] could not have made.
    pub fn parse(name: &str) -> Option<Self> {
        Self::parse_start(name).map(|_| Volume(name.to_owned()))
    }

    /// The first day of the volume as a number that sorts: `20251101`.
    pub fn start(&self) -> u32 {
        Self::parse_start(&self.0).unwrap_or(0)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How long it is.
    pub fn period(&self) -> Period {
        match self.0.as_str() {
            name if name.starts_with("Week-of-Mon-") => Period::Week,
            name if name.contains('-') => Period::Month,
            name if name.contains('q') => Period::Quarter,
            name if name.len() == 8 => Period::Day,
            _ => Period::Year,
        }
    }

    fn parse_start(name: &str) -> Option<u32> {
        let digits = |s: &str, n: usize| -> Option<u32> {
            (s.len() == n && s.bytes().all(|b| b.is_ascii_digit())).then(|| s.parse().ok())?
        };
        let day = |s: &str| -> Option<u32> {
            let number = digits(s, 8)?;
            let (month, day) = (number / 100 % 100, number % 100);
            ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some(number)
        };
        if let Some(week) = name.strip_prefix("Week-of-Mon-") {
            return day(week);
        }
        if let Some((year, month)) = name.split_once('-') {
            let month = MONTHS.iter().position(|m| *m == month)? as u32 + 1;
            return Some(digits(year, 4)? * 10_000 + month * 100 + 1);
        }
        if let Some((year, quarter)) = name.split_once('q') {
            let quarter = digits(quarter, 1)?;
            return (1..=4)
                .contains(&quarter)
                .then_some(digits(year, 4)? * 10_000 + (quarter * 3 - 2) * 100 + 1);
        }
        match name.len() {
            4 => Some(digits(name, 4)? * 10_000 + 101),
            _ => day(name),
        }
    }
}

impl fmt::Display for Volume {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a mail stands for ever.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Address {
    /// The volume it was put in at first import.
    pub volume: Volume,
    /// Its number: from one counter per list, from 0, in arrival order.
    pub number: u32,
}
