//! Dates as pages write them.

use crate::route::MONTHS;
use crate::text::Stamp;

const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// `Sunday`
pub(super) fn weekday(stamp: &Stamp) -> &'static str {
    WEEKDAYS[usize::from(stamp.weekday % 7)]
}

/// `November`
fn month(stamp: &Stamp) -> &'static str {
    MONTHS[usize::from(stamp.month.clamp(1, 12)) - 1]
}

/// `2 Nov`
pub(super) fn day(stamp: &Stamp) -> String {
    format!("{} {}", stamp.day, &month(stamp)[..3])
}

/// `2 Nov 2025`
pub(super) fn date(stamp: &Stamp) -> String {
    format!("{} {}", day(stamp), stamp.year)
}

/// `14:31`
pub(super) fn time(stamp: &Stamp) -> String {
    format!("{:02}:{:02}", stamp.hour, stamp.minute)
}

/// `Sunday 2 November 2025, 14:31 +0100`
pub(super) fn full(stamp: &Stamp) -> String {
    format!(
        "{} {} {} {}, {} {}",
        weekday(stamp),
        stamp.day,
        month(stamp),
        stamp.year,
        time(stamp),
        zone(stamp, "")
    )
}

/// RFC 3339: `2025-11-02T14:31:00+01:00`
pub(super) fn rfc3339(stamp: &Stamp) -> String {
    let zone = match stamp.offset {
        0 => "Z".to_owned(),
        _ => zone(stamp, ":"),
    };
    format!(
        "{:04}-{:02}-{:02}T{}:{:02}{zone}",
        stamp.year,
        stamp.month,
        stamp.day,
        time(stamp),
        stamp.second
    )
}

/// asctime: `Sun Nov  2 14:31:00 2025`
pub(super) fn asctime(stamp: &Stamp) -> String {
    format!(
        "{} {} {:>2} {}:{:02} {}",
        &weekday(stamp)[..3],
        &month(stamp)[..3],
        stamp.day,
        time(stamp),
        stamp.second,
        stamp.year
    )
}

/// RFC 5322: `Sun, 2 Nov 2025 14:31:00 +0100`
pub(super) fn rfc5322(stamp: &Stamp) -> String {
    format!(
        "{}, {} {}:{:02} {}",
        &weekday(stamp)[..3],
        date(stamp),
        time(stamp),
        stamp.second,
        zone(stamp, "")
    )
}

fn zone(stamp: &Stamp, colon: &str) -> String {
    let (sign, minutes) = match stamp.offset {
        east @ 0.. => ('+', east),
        west => ('-', -west),
    };
    format!("{sign}{:02}{colon}{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::TimeZone;

    #[test]
    fn every_form() {
        let utc = TimeZone::utc().stamp(1_762_093_860);
        assert_eq!(full(&utc), "Sunday 2 November 2025, 14:31 +0000");
        assert_eq!(rfc3339(&utc), "2025-11-02T14:31:00Z");
        assert_eq!(asctime(&utc), "Sun Nov  2 14:31:00 2025");
        assert_eq!(rfc5322(&utc), "Sun, 2 Nov 2025 14:31:00 +0000");
        assert_eq!(date(&utc), "2 Nov 2025");
        let west = Stamp {
            offset: -210,
            ..utc
        };
        assert_eq!(rfc3339(&west), "2025-11-02T14:31:00-03:30");
        assert_eq!(full(&Stamp::default()), "Monday 0 January 0, 00:00 +0000");
    }
}
