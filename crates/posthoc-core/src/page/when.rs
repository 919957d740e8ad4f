//! Dates as pages and files write them: those that are the same in all languages. What is read by
//! people is written as their language does, see [`Strings`].

use super::strings::Strings;
use crate::text::{MONTHS, Stamp, WEEKDAYS, push_padded};

/// `Sunday`
fn weekday(stamp: &Stamp) -> &'static str {
    WEEKDAYS[usize::from(stamp.weekday % 7)]
}

/// `November`
fn month(stamp: &Stamp) -> &'static str {
    MONTHS[usize::from(stamp.month.clamp(1, 12)) - 1]
}

/// `nov`: the name by which BibTeX knows the month.
pub(super) fn bibtex_month(stamp: &Stamp) -> &'static str {
    const NAMES: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    NAMES[usize::from(stamp.month.clamp(1, 12)) - 1]
}

/// `14:31`
pub(super) fn time(stamp: &Stamp) -> String {
    let mut out = String::with_capacity(8);
    push_time(&mut out, stamp);
    out
}

/// `Sunday 2 November 2025, 14:31 +0100`, in the language of the texts.
pub(super) fn full(stamp: &Stamp, strings: &Strings) -> String {
    let mut zone = String::with_capacity(5);
    push_zone(&mut zone, stamp, "");
    strings.full_date(stamp, &time(stamp), &zone)
}

/// RFC 3339: `2025-11-02T14:31:00+01:00`
pub(super) fn rfc3339(stamp: &Stamp) -> String {
    let mut out = String::with_capacity(25);
    push_year(&mut out, stamp, 4);
    out.push('-');
    push_padded(&mut out, stamp.month.into(), 2);
    out.push('-');
    push_padded(&mut out, stamp.day.into(), 2);
    out.push('T');
    push_time_and_second(&mut out, stamp);
    match stamp.offset {
        0 => out.push('Z'),
        _ => push_zone(&mut out, stamp, ":"),
    }
    out
}

/// asctime: `Sun Nov  2 14:31:00 2025`
pub(super) fn asctime(stamp: &Stamp) -> String {
    let mut out = String::with_capacity(24);
    out.push_str(&weekday(stamp)[..3]);
    out.push(' ');
    out.push_str(&month(stamp)[..3]);
    out.push_str(if stamp.day < 10 { "  " } else { " " });
    push_padded(&mut out, stamp.day.into(), 1);
    out.push(' ');
    push_time_and_second(&mut out, stamp);
    out.push(' ');
    push_year(&mut out, stamp, 1);
    out
}

/// RFC 5322: `Sun, 2 Nov 2025 14:31:00 +0100`
pub(super) fn rfc5322(stamp: &Stamp) -> String {
    let mut out = String::with_capacity(32);
    out.push_str(&weekday(stamp)[..3]);
    out.push_str(", ");
    push_date(&mut out, stamp);
    out.push(' ');
    push_time_and_second(&mut out, stamp);
    out.push(' ');
    push_zone(&mut out, stamp, "");
    out
}

fn push_day(out: &mut String, stamp: &Stamp) {
    push_padded(out, stamp.day.into(), 1);
    out.push(' ');
    out.push_str(&month(stamp)[..3]);
}

fn push_date(out: &mut String, stamp: &Stamp) {
    push_day(out, stamp);
    out.push(' ');
    push_year(out, stamp, 1);
}

/// A year with its sign, in all at least so wide.
fn push_year(out: &mut String, stamp: &Stamp, width: usize) {
    let before_christ = stamp.year < 0;
    if before_christ {
        out.push('-');
    }
    let width = width - usize::from(before_christ);
    push_padded(out, stamp.year.unsigned_abs().into(), width);
}

fn push_time(out: &mut String, stamp: &Stamp) {
    push_padded(out, stamp.hour.into(), 2);
    out.push(':');
    push_padded(out, stamp.minute.into(), 2);
}

fn push_time_and_second(out: &mut String, stamp: &Stamp) {
    push_time(out, stamp);
    out.push(':');
    push_padded(out, stamp.second.into(), 2);
}

fn push_zone(out: &mut String, stamp: &Stamp, colon: &str) {
    let minutes = u64::from(stamp.offset.unsigned_abs());
    out.push(if stamp.offset < 0 { '-' } else { '+' });
    push_padded(out, minutes / 60, 2);
    out.push_str(colon);
    push_padded(out, minutes % 60, 2);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::TimeZone;

    #[test]
    fn every_form() {
        let utc = TimeZone::utc().stamp(1_762_093_860);
        let english = Strings::new("en", None);
        assert_eq!(full(&utc, &english), "Sunday 2 November 2025, 14:31 +0000");
        assert_eq!(rfc3339(&utc), "2025-11-02T14:31:00Z");
        assert_eq!(asctime(&utc), "Sun Nov  2 14:31:00 2025");
        assert_eq!(rfc5322(&utc), "Sun, 2 Nov 2025 14:31:00 +0000");
        assert_eq!(english.date(&utc), "2 Nov 2025");
        let west = Stamp {
            offset: -210,
            ..utc
        };
        assert_eq!(rfc3339(&west), "2025-11-02T14:31:00-03:30");
        let none = full(&Stamp::default(), &english);
        assert_eq!(none, "Monday 0 January 0, 00:00 +0000");
        let early = Stamp { year: -5, ..utc };
        assert_eq!(english.date(&early), "2 Nov -5");
        assert_eq!(rfc3339(&early), "-005-11-02T14:31:00Z");
    }
}
