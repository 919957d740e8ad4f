//! Dates of mail and calendar time in a list's zone.

use serde::{Deserialize, Serialize};

/// English month names, January first; volume names hold them.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// English names of days, Monday first.
pub const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// A date as a mail's header tells it: an instant and the zone its author wrote it in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SentDate {
    /// Seconds since 1970-01-01 UTC; may be negative.
    pub unix: i64,
    /// The author's zone in minutes east of UTC, within ±24 h; 0 when the header gave none.
    pub offset: i16,
}

/// A list's time zone, from the IANA database that is built in.
#[derive(Clone, Debug)]
pub struct TimeZone(jiff::tz::TimeZone);

impl TimeZone {
    /// Coordinated Universal Time, the default.
    pub fn utc() -> Self {
        TimeZone(jiff::tz::TimeZone::UTC)
    }

    /// The zone of an IANA name such as `Europe/Prague`; `None` when unknown.
    pub fn named(name: &str) -> Option<Self> {
        if name.eq_ignore_ascii_case("utc") {
            return Some(Self::utc());
        }
        jiff::tz::TimeZone::get(name).ok().map(TimeZone)
    }

    /// The calendar time of an instant in this zone. Instants that no calendar holds are clamped.
    pub fn stamp(&self, unix: i64) -> Stamp {
        let instant = jiff::Timestamp::from_second(unix).unwrap_or(if unix < 0 {
            jiff::Timestamp::MIN
        } else {
            jiff::Timestamp::MAX
        });
        let zoned = instant.to_zoned(self.0.clone());
        let date = zoned.date();
        Stamp {
            unix,
            year: date.year(),
            month: date.month() as u8,
            day: date.day() as u8,
            weekday: date.weekday().to_monday_zero_offset() as u8,
            hour: zoned.hour() as u8,
            minute: zoned.minute() as u8,
            second: zoned.second() as u8,
            offset: (zoned.offset().seconds() / 60) as i16,
        }
    }

    /// What people call the zone's time at an instant: `CET`, `UTC`, `-03`.
    pub fn abbreviation(&self, unix: i64) -> String {
        let instant = jiff::Timestamp::from_second(unix).unwrap_or_default();
        self.0.to_offset_info(instant).abbreviation().to_owned()
    }

    /// The first instant of a day in this zone, seconds UTC; `None` when there is no such day.
    pub fn day_start(&self, year: i16, month: u8, day: u8) -> Option<i64> {
        let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        let day = jiff::civil::Date::new(year, month, day).ok()?;
        let start = day.to_zoned(self.0.clone()).ok()?;
        Some(start.timestamp().as_second())
    }
}

/// An instant with its calendar fields in one zone, ready to be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Stamp {
    /// Seconds since 1970-01-01 UTC.
    pub unix: i64,
    /// Calendar year.
    pub year: i16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 is Monday, 6 is Sunday.
    pub weekday: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
    /// Minutes east of UTC at that instant.
    pub offset: i16,
}

impl Stamp {
    /// `2025-11-02T14:31:00+01:00`; `Z` for UTC (RFC 3339).
    pub fn rfc3339(&self) -> String {
        let Stamp {
            year,
            month,
            day,
            hour,
            minute,
            second,
            offset,
            ..
        } = *self;
        let zone = match offset {
            0 => "Z".to_owned(),
            _ => {
                let sign = if offset < 0 { '-' } else { '+' };
                let minutes = offset.unsigned_abs();
                format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
        };
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}")
    }
}

/// How often a list begins a new volume (Mailman's `archive_volume_frequency`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Frequency {
    /// `2025`
    Yearly,
    /// `2025-November`, the default.
    #[default]
    Monthly,
    /// `2025q4`
    Quarterly,
    /// `Week-of-Mon-20251103`
    Weekly,
    /// `20251103`
    Daily,
}

impl Frequency {
    /// Its name in settings and in the journal; anything else is none.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "yearly" => Some(Frequency::Yearly),
            "monthly" => Some(Frequency::Monthly),
            "quarterly" => Some(Frequency::Quarterly),
            "weekly" => Some(Frequency::Weekly),
            "daily" => Some(Frequency::Daily),
            _ => None,
        }
    }

    /// Its name in settings and in the journal.
    pub fn name(self) -> &'static str {
        match self {
            Frequency::Yearly => "yearly",
            Frequency::Monthly => "monthly",
            Frequency::Quarterly => "quarterly",
            Frequency::Weekly => "weekly",
            Frequency::Daily => "daily",
        }
    }
}
