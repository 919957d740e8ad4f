//! Dates of mails read as the original reads them, and written by formats of resources.

use crate::resources::{Name, Resources};
use posthoc_core::text::{Stamp, TimeZone};
use std::collections::HashMap;

/// The words of dates, and the zones.
#[derive(Clone, Debug)]
pub(crate) struct Calendar {
    months: Vec<String>,
    months_short: Vec<String>,
    days: Vec<String>,
    days_short: Vec<String>,
    /// Minutes east of UTC by the zone's name.
    zones: HashMap<String, i64>,
    /// Where the archive stands.
    pub(crate) local: TimeZone,
}

/// Which calendar a format is written by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Gmt,
    Local,
}

impl Calendar {
    pub(crate) fn of(resources: &Resources, local: TimeZone) -> Self {
        let zones = resources.lines(Name::TimeZones);
        let zone = |line: &String| {
            let (name, offset) = line.split_once(':')?;
            let offset: i64 = offset.trim().parse().ok()?;
            // Hours and minutes to add to the zone's time for UTC.
            let minutes = offset / 100 * 60 + offset % 100;
            Some((name.trim().to_ascii_uppercase(), -minutes))
        };
        Calendar {
            months: resources.colons(Name::Months),
            months_short: resources.colons(Name::MonthsAbr),
            days: resources.colons(Name::Weekdays),
            days_short: resources.colons(Name::WeekdaysAbr),
            zones: zones.iter().filter_map(zone).collect(),
            local,
        }
    }

    /// A time by a format (`strftime`, the conversions that GMTDATEFMT lists).
    pub(crate) fn write(&self, unix: i64, format: &[u8], which: Format) -> Vec<u8> {
        let stamp = match which {
            Format::Gmt => TimeZone::utc().stamp(unix),
            Format::Local => self.local.stamp(unix),
        };
        let mut out = Vec::new();
        let mut bytes = format.iter();
        while let Some(byte) = bytes.next() {
            if *byte != b'%' {
                out.push(*byte);
                continue;
            }
            match bytes.next() {
                Some(conversion) => self.convert(*conversion, &stamp, &mut out),
                None => out.push(b'%'),
            }
        }
        out
    }

    fn convert(&self, conversion: u8, stamp: &Stamp, out: &mut Vec<u8>) {
        let weekday = weekday(stamp);
        let name = |names: &[String], at: usize| names.get(at).cloned().unwrap_or_default();
        let month = usize::from(stamp.month).saturating_sub(1);
        // The hour after midnight is 00, as the original has it.
        let twelve = match stamp.hour {
            hour if hour > 12 => hour - 12,
            hour => hour,
        };
        let text = match conversion {
            b'%' => "%".to_owned(),
            b'a' => name(&self.days_short, weekday),
            b'A' => name(&self.days, weekday),
            b'b' | b'h' => name(&self.months_short, month),
            b'B' => name(&self.months, month),
            b'c' => {
                let inner = b"%a %b %d %H:%M:%S %Y";
                for pair in inner.split(|byte| *byte == b' ') {
                    if pair != b"%a" {
                        out.push(b' ');
                    }
                    for piece in pair.split(|byte| *byte == b':') {
                        if piece != b"%H" && pair.contains(&b':') {
                            out.push(b':');
                        }
                        self.convert(piece[1], stamp, out);
                    }
                }
                return;
            }
            b'd' => format!("{:02}", stamp.day),
            b'H' => format!("{:02}", stamp.hour),
            b'I' => format!("{twelve:02}"),
            // From 0, and the days of the week from 1: so the original writes them.
            b'j' => format!("{:03}", day_of_year(stamp) - 1),
            b'm' => format!("{:02}", stamp.month),
            b'M' => format!("{:02}", stamp.minute),
            b'p' => if stamp.hour < 12 { "am" } else { "pm" }.to_owned(),
            b'P' => if stamp.hour < 12 { "AM" } else { "PM" }.to_owned(),
            b'S' => format!("{:02}", stamp.second),
            b'w' => format!("{:02}", weekday + 1),
            b'y' => format!("{:02}", stamp.year.rem_euclid(100)),
            b'Y' => stamp.year.to_string(),
            other => format!("%{}", char::from(other)),
        };
        out.extend_from_slice(text.as_bytes());
    }
}

/// Days since 1970 of a date.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn weekday(stamp: &Stamp) -> usize {
    let days = days(stamp.year.into(), stamp.month.into(), stamp.day.into());
    (days + 4).rem_euclid(7) as usize
}

fn day_of_year(stamp: &Stamp) -> i64 {
    let year = i64::from(stamp.year);
    days(year, stamp.month.into(), stamp.day.into()) - days(year, 1, 1) + 1
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// The time that a date field says, seconds UTC; none where it says none. A zone that nobody knows is UTC,
/// no zone the archive's own.
pub(crate) fn parse_date(text: &[u8], calendar: &Calendar) -> Option<i64> {
    let text = String::from_utf8_lossy(text);
    let text = without_comments(&text);
    let (mut day, mut month, mut year, mut time, mut zone) = (None, None, None, None, None);
    for word in text
        .split([' ', '\t', ',', '\n', '\r'])
        .filter(|word| !word.is_empty())
    {
        let number = || {
            word.parse::<i64>()
                .ok()
                .filter(|number| *number >= 0 && !word.starts_with('+'))
        };
        if let Some(found) = clock(word).filter(|_| time.is_none()) {
            time = Some(found);
        } else if let Some((found_day, found_month, found_year)) =
            dashed(word).filter(|_| day.is_none())
        {
            (day, month, year) = (Some(found_day), Some(found_month), Some(found_year));
        } else if let Some(found) = named_month(word).filter(|_| month.is_none()) {
            month = Some(found);
        } else if let Some(number) =
            number().filter(|number| day.is_none() && (1..=31).contains(number))
        {
            day = Some(number);
        } else if let Some(number) = number().filter(|_| year.is_none() && month.is_some()) {
            year = Some(full_year(number));
        } else if zone.is_none() && time.is_some() {
            zone = offset(word, calendar);
        }
    }
    let (hour, minute, second) = time.unwrap_or((0, 0, 0));
    let (year, month, day) = (year?, month?, day?);
    if !(1900..=9999).contains(&year) {
        return None;
    }
    let unix = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    let minutes = zone.unwrap_or_else(|| calendar.local.stamp(unix).offset.into());
    Some(unix - minutes * 60)
}

fn without_comments(text: &str) -> String {
    let (mut depth, mut out) = (0usize, String::with_capacity(text.len()));
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

fn clock(word: &str) -> Option<(i64, i64, i64)> {
    let mut pieces = word.split([':', '.']);
    let hour: i64 = pieces.next()?.parse().ok()?;
    let minute: i64 = pieces.next()?.parse().ok()?;
    let second: i64 = match pieces.next() {
        Some(piece) => piece.parse().ok()?,
        None => 0,
    };
    let fits = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..=61).contains(&second);
    (fits && word.contains(':')).then_some((hour, minute, second))
}

fn named_month(word: &str) -> Option<i64> {
    let start = word.get(..3)?.to_ascii_lowercase();
    let at = MONTHS.iter().position(|month| *month == start)?;
    word.chars()
        .all(char::is_alphabetic)
        .then_some(at as i64 + 1)
}

/// `03-Jan-2000` and `2000-01-03`.
fn dashed(word: &str) -> Option<(i64, i64, i64)> {
    let mut pieces = word.split('-');
    let (first, second, third) = (pieces.next()?, pieces.next()?, pieces.next()?);
    if let Some(month) = named_month(second) {
        return Some((first.parse().ok()?, month, full_year(third.parse().ok()?)));
    }
    let (year, month, day): (i64, i64, i64) = (
        first.parse().ok()?,
        second.parse().ok()?,
        third.parse().ok()?,
    );
    (year > 999 && (1..=12).contains(&month) && (1..=31).contains(&day))
        .then_some((day, month, year))
}

fn full_year(year: i64) -> i64 {
    match year {
        0..70 => year + 2000,
        70..200 => year + 1900,
        year => year,
    }
}

/// Minutes east of UTC.
fn offset(word: &str, calendar: &Calendar) -> Option<i64> {
    let (sign, digits) = match word.as_bytes().first()? {
        b'+' => (1, &word[1..]),
        b'-' => (-1, &word[1..]),
        _ => return calendar.zones.get(&word.to_ascii_uppercase()).copied(),
    };
    let digits: String = digits
        .chars()
        .filter(char::is_ascii_digit)
        .take(4)
        .collect();
    let number: i64 = digits.parse().ok()?;
    let minutes = if digits.len() <= 2 {
        number * 60
    } else {
        number / 100 * 60 + number % 100
    };
    Some(sign * minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(date: &str, expected: Option<i64>) {
        let calendar = Calendar::of(&Resources::default(), TimeZone::utc());
        assert_eq!(parse_date(date.as_bytes(), &calendar), expected, "{date}");
    }

    #[test]
    fn dates_are_read() {
        check("Mon, 3 Jan 2000 10:00:00 +0000", Some(946_893_600));
        check("Mon, 3 Jan 2000 10:05:00 EST", Some(946_911_900));
        check("3 Jan 00 10:06", Some(946_893_960));
        check("Mon Jan  3 10:00:00 2000", Some(946_893_600));
        check("Mon, 03-Jan-2000 10:00:00 -0100 (X)", Some(946_897_200));
        check("garbage", None);
    }

    #[test]
    fn formats_are_written() {
        let calendar = Calendar::of(&Resources::default(), TimeZone::utc());
        let write = |format: &str| {
            String::from_utf8(calendar.write(946_893_600, format.as_bytes(), Format::Gmt)).unwrap()
        };
        assert_eq!(
            write("%a %b %d %H:%M:%S GMT %Y"),
            "Mon Jan 03 10:00:00 GMT 2000"
        );
        assert_eq!(write("%c %j %y %%"), "Mon Jan 03 10:00:00 2000 002 00 %");
    }
}
