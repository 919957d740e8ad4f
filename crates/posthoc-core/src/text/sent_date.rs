//! Dates as mailers have written them: RFC 5322, its ancestors, asctime, ISO 8601, and worse.

use super::date::SentDate;

/// Bytes of a date that are looked at.
const DATE_BYTES: usize = 200;

impl SentDate {
    /// Reads a `Date` field's value. The flag tells that a lenient rule was needed: anything but
    /// RFC 5322's form with its obsolete zone names (a year of two or three digits, no zone,
    /// asctime, a numeric month, AM and PM, another language, an absurd zone, which counts as UTC).
    /// Years below 70 are of this century, other years below 200 count from 1900.
    pub fn parse(text: &str) -> Option<(SentDate, bool)> {
        let text = without_comments(text);
        let mut draft = Draft::default();
        let tokens = text.split(|c: char| c.is_whitespace() || c == ',' || c == ';');
        for token in tokens.filter(|t| !t.is_empty()).take(24) {
            draft.take(token)?;
        }
        draft.finish()
    }
}

/// Reads the date of an mbox From_ line (`From user@example.org Mon Mar  8 10:00:00 2004`), with
/// or without its `From `, blanks in the sender or a zone. Seconds since 1970; a missing zone is
/// UTC. `None` without a date.
pub fn parse_from_line(line: &[u8]) -> Option<i64> {
    let line = String::from_utf8_lossy(&line[..line.len().min(DATE_BYTES * 4)]);
    let line = line.trim_start_matches('>').trim();
    let line = line.strip_prefix("From ").unwrap_or(line);
    let starts = line.match_indices(' ').map(|(at, _)| at + 1).take(40);
    for start in std::iter::once(0).chain(starts) {
        let rest = &line[start..];
        let mut words = rest.split_ascii_whitespace();
        let dated = words
            .next()
            .is_some_and(|w| WEEKDAYS.contains(&w.to_ascii_lowercase().as_str()))
            && words.next().is_some_and(|w| {
                month(w).is_some() || w.trim_end_matches(',').parse::<u8>().is_ok()
            });
        if dated && let Some((date, _)) = SentDate::parse(rest) {
            return Some(date.unix);
        }
    }
    let (_, date) = line.split_once(' ')?;
    SentDate::parse(date).map(|(date, _)| date.unix)
}

const WEEKDAYS: [&str; 16] = [
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "mon,", "tue,", "wed,", "thu,", "fri,",
    "sat,", "sun,", "thur", "tues",
];

/// What has been read of a date so far.
#[derive(Default)]
struct Draft {
    day: Option<u32>,
    month: Option<u32>,
    year: Option<i32>,
    seconds: Option<u32>,
    pm: Option<bool>,
    zone: Option<i32>,
    lenient: bool,
}

impl Draft {
    /// Reads one token; `None` when it makes the date impossible.
    fn take(&mut self, token: &str) -> Option<()> {
        let bytes = token.as_bytes();
        let first = bytes[0];
        if first.is_ascii_digit() {
            return self.take_numeric(token);
        }
        if matches!(first, b'+' | b'-') && self.seconds.is_some() {
            self.take_zone(token);
            return Some(());
        }
        if !first.is_ascii_alphabetic() && first < 0x80 {
            self.lenient = true;
            let rest = token.trim_start_matches(|c: char| c.is_ascii_punctuation());
            return if rest.is_empty() {
                Some(())
            } else {
                self.take_word(rest)
            };
        }
        self.take_word(token)
    }

    fn take_word(&mut self, word: &str) -> Option<()> {
        let word = word.trim_end_matches('.');
        if word.as_bytes().first().is_some_and(u8::is_ascii_digit) {
            return self.take_numeric(word);
        }
        let lower = word.to_lowercase();
        if matches!(lower.as_str(), "am" | "pm" | "a.m" | "p.m") && self.seconds.is_some() {
            self.pm = Some(lower.starts_with('p'));
            self.lenient = true;
        } else if self.seconds.is_some() && self.zone.is_none() && named_zone(word).is_some() {
            self.zone = named_zone(word);
        } else if let Some((left, right)) = word.split_once(['-', '/'])
            && month(left).is_some()
        {
            // Mar-08-2004
            self.lenient = true;
            self.month = month(left);
            for piece in right.split(['-', '/']) {
                self.take_number(piece)?;
            }
        } else if (self.month.is_none() || self.day.is_none()) && month(word).is_some() {
            // A month before the day is asctime's or American order. Some weekdays of other
            // languages look like months ("mar."): the later word wins until the day is known.
            self.lenient |= self.day.is_none() || !ENGLISH.contains(&lower.as_str());
            self.month = month(word);
        } else if self.seconds.is_some() && (lower.starts_with("gmt") || lower.starts_with("utc")) {
            self.take_zone(&word[3..]);
            self.lenient = true;
        }
        Some(())
    }

    fn take_numeric(&mut self, token: &str) -> Option<()> {
        let token = token.trim_end_matches('.');
        if let Some((date, time)) = token.split_once(['T', 't'])
            && date.len() >= 8
            && date.bytes().all(|b| b.is_ascii_digit() || b == b'-')
        {
            self.take_date(date)?;
            return self.take_time(time);
        }
        if token.contains(':') {
            return self.take_time(token);
        }
        if token.bytes().all(|b| b.is_ascii_digit()) {
            return self.take_number(token);
        }
        if token.contains(['-', '/', '.']) {
            return if self.seconds.is_none()
                && self.year.is_some()
                && token.matches('.').count() == 2
            {
                self.lenient = true;
                self.take_time(&token.replace('.', ":"))
            } else {
                self.take_date(token)
            };
        }
        // 4th, 1st
        self.lenient = true;
        let digits = token.trim_end_matches(|c: char| !c.is_ascii_digit());
        self.take_number(digits)
    }

    /// A plain number: the day first, then the year.
    fn take_number(&mut self, digits: &str) -> Option<()> {
        if digits.is_empty() || digits.len() > 8 {
            return None;
        }
        let number: i32 = digits.parse().ok()?;
        if digits.len() == 8 && self.day.is_none() && self.month.is_none() {
            return self.take_date(digits);
        }
        if self.day.is_none() && digits.len() <= 2 && (1..=31).contains(&number) {
            self.day = Some(number as u32);
        } else if self.year.is_none() {
            self.year = Some(full_year(number, digits.len())?);
            self.lenient |= digits.len() != 4 || self.day.is_none();
            // In asctime the year follows the time.
            self.lenient |= self.seconds.is_some();
        } else {
            self.lenient = true;
        }
        Some(())
    }

    /// `08-Mar-99`, `2004-03-08`, `3/8/2004`, `8.3.2004`, `20040308`.
    fn take_date(&mut self, token: &str) -> Option<()> {
        self.lenient = true;
        if token.len() == 8 && token.is_ascii() && token.bytes().all(|b| b.is_ascii_digit()) {
            self.year = Some(full_year(token[..4].parse().ok()?, 4)?);
            self.month = Some(token[4..6].parse().ok()?);
            self.day = Some(token[6..].parse().ok()?);
            return Some(());
        }
        let pieces: Vec<&str> = token
            .split(['-', '/', '.'])
            .filter(|p| !p.is_empty())
            .collect();
        let [a, b, c] = *pieces.as_slice() else {
            // 8-Mar, or a number with a glued word.
            for piece in pieces.iter().take(3) {
                match month(piece) {
                    Some(month) => self.month = Some(month),
                    None => self.take_number(piece)?,
                }
            }
            return Some(());
        };
        let number = |s: &str| s.parse::<u32>().ok();
        let year = |s: &str| full_year(s.parse().ok()?, s.len());
        if let Some(month) = month(b) {
            let (day, year_text) = if a.len() == 4 { (c, a) } else { (a, c) };
            (self.day, self.month, self.year) = (number(day), Some(month), year(year_text));
        } else if a.len() == 4 {
            (self.year, self.month, self.day) = (year(a), number(b), number(c));
        } else {
            let (first, second) = (number(a)?, number(b)?);
            // A day first where dots stand or the first number is no month; else American order.
            let day_first = token.contains('.') || first > 12;
            let (day, month) = if day_first {
                (first, second)
            } else {
                (second, first)
            };
            (self.day, self.month, self.year) = (Some(day), Some(month), year(c));
        }
        (self.year.is_some() && self.day.is_some()).then_some(())
    }

    /// `10:00`, `10:00:00.5`, `10:00AM`, `10:00:00+0100`, `10:00:00Z`.
    fn take_time(&mut self, token: &str) -> Option<()> {
        let end = token
            .find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.'))
            .unwrap_or(token.len());
        let (clock, tail) = token.split_at(end);
        let mut fields = clock
            .split(':')
            .map(|f| f.split('.').next().unwrap_or_default());
        let mut next = |most: u32| -> Option<u32> {
            let Some(field) = fields.next() else {
                return Some(0);
            };
            if field.is_empty() {
                return Some(0);
            }
            let value: u32 = field.parse().ok()?;
            (value <= most).then_some(value)
        };
        let seconds = next(24)? * 3600 + next(59)? * 60 + next(60)?;
        if self.seconds.is_some() {
            self.lenient = true;
            return Some(());
        }
        self.seconds = Some(seconds);
        self.lenient |= clock.contains('.');
        if !tail.is_empty() {
            self.lenient = true;
            self.take(tail)?;
        }
        Some(())
    }

    /// `+0100`, `+01:00`, `+1`; anything absurd is UTC.
    fn take_zone(&mut self, token: &str) {
        if self.zone.is_some() && !token.starts_with(['+', '-']) {
            return;
        }
        let digits: String = token.chars().filter(char::is_ascii_digit).take(9).collect();
        let clean = token.len() == 5 && digits.len() == 4;
        let value: i32 = digits.parse().unwrap_or(0);
        let minutes = match digits.len() {
            1 | 2 => value * 60,
            3 | 4 => value / 100 * 60 + value % 100,
            _ => 0,
        };
        self.lenient |= !clean || minutes > 14 * 60 || value % 100 > 59;
        let minutes = if minutes > 24 * 60 { 0 } else { minutes };
        self.zone = Some(if token.contains('-') {
            -minutes
        } else {
            minutes
        });
    }

    fn finish(self) -> Option<(SentDate, bool)> {
        let (day, month, year) = (self.day?, self.month?, self.year?);
        if !(1..=12).contains(&month) || !(1..=31).contains(&day) || !(1..=9999).contains(&year) {
            return None;
        }
        let mut seconds = i64::from(self.seconds.unwrap_or(0));
        match self.pm {
            Some(true) if seconds < 12 * 3600 => seconds += 12 * 3600,
            Some(false) if seconds >= 12 * 3600 => seconds -= 12 * 3600,
            _ => {}
        }
        let lenient = self.lenient
            || self.seconds.is_none()
            || self.zone.is_none()
            || day > days_in_month(year, month);
        let offset = self.zone.unwrap_or(0);
        let unix = days_from_civil(year, month, day) * 86_400 + seconds - i64::from(offset) * 60;
        Some((
            SentDate {
                unix,
                offset: offset as i16,
            },
            lenient,
        ))
    }
}

/// Completes a year: two digits by RFC 2822's idea with the border at 70, three digits and the
/// `19100` of old scripts as years since 1900.
fn full_year(number: i32, digits: usize) -> Option<i32> {
    match (digits, number) {
        (1 | 2, 0..70) => Some(number + 2000),
        (1 | 2, 70..) => Some(number + 1900),
        (3, 0..200) => Some(number + 1900),
        (4, _) => Some(number),
        (5, 19_100..19_200) => Some(number - 17_100),
        _ => None,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar; a day past its month's end counts on.
fn days_from_civil(year: i32, month: u32, day: u32) -> i64 {
    // Years begin in March here, so that the leap day is the last of its year.
    let year = i64::from(year) - i64::from(month <= 2);
    let shifted = i64::from((month + 9) % 12);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * shifted + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Removes parenthesised comments (nested too) and cuts what is too long.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(DATE_BYTES));
    let mut depth = 0u32;
    for c in text.chars().take(DATE_BYTES) {
        match c {
            '(' => {
                depth += 1;
                out.push(' ');
            }
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

const ENGLISH: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// The month that a word begins with, in the larger languages of western Europe.
fn month(word: &str) -> Option<u32> {
    const STARTS: [(&str, u32); 27] = [
        ("ene", 1),
        ("gen", 1),
        ("fev", 2),
        ("f\u{e9}v", 2),
        ("m\u{e4}r", 3),
        ("mae", 3),
        ("mrt", 3),
        ("abr", 4),
        ("avr", 4),
        ("mai", 5),
        ("maj", 5),
        ("mag", 5),
        ("mei", 5),
        ("giu", 6),
        ("juin", 6),
        ("lug", 7),
        ("juil", 7),
        ("ago", 8),
        ("ao\u{fb}", 8),
        ("aou", 8),
        ("set", 9),
        ("okt", 10),
        ("out", 10),
        ("ott", 10),
        ("dez", 12),
        ("dic", 12),
        ("d\u{e9}c", 12),
    ];
    let lower: String = word.chars().take(12).flat_map(char::to_lowercase).collect();
    if lower.len() < 3 {
        return None;
    }
    if let Some(n) = ENGLISH.iter().position(|m| lower.starts_with(m)) {
        return Some(n as u32 + 1);
    }
    STARTS
        .iter()
        .find(|(start, _)| lower.starts_with(start))
        .map(|(_, n)| *n)
}

/// Minutes east of UTC for the zone names of RFC 822 and the commoner others.
fn named_zone(name: &str) -> Option<i32> {
    let upper: String = name.chars().take(8).flat_map(char::to_uppercase).collect();
    Some(match upper.as_str() {
        "UT" | "UTC" | "GMT" | "Z" | "WET" => 0,
        "EST" | "CDT" => -300,
        "EDT" | "AST" => -240,
        "CST" | "MDT" => -360,
        "MST" | "PDT" => -420,
        "PST" | "AKDT" => -480,
        "AKST" => -540,
        "HST" => -600,
        "ADT" | "BRT" | "ART" => -180,
        "NST" => -210,
        "NDT" => -150,
        "BST" | "WEST" | "CET" | "MET" | "MEZ" => 60,
        "CEST" | "MEST" | "MESZ" | "METDST" | "EET" | "SAST" => 120,
        "EEST" | "MSK" => 180,
        "MSD" => 240,
        "IST" => 330,
        "HKT" | "SGT" | "AWST" => 480,
        "JST" | "KST" => 540,
        "AEST" | "EAST" => 600,
        "AEDT" => 660,
        "NZST" => 720,
        "NZDT" => 780,
        // RFC 5322 section 4.3: military letters were used wrongly and count as UTC.
        letter if letter.len() == 1 && letter != "J" => 0,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, unix: i64, offset: i16, lenient: bool) {
        assert_eq!(
            SentDate::parse(text),
            Some((SentDate { unix, offset }, lenient)),
            "{text}"
        );
    }

    /// 2004-03-08 10:00:00 UTC.
    const MARCH: i64 = 1_078_740_000;

    #[test]
    fn standard_dates() {
        check("Mon, 08 Mar 2004 10:00:00 +0000", MARCH, 0, false);
        check("Mon, 8 Mar 2004 10:00 GMT", MARCH, 0, false);
        check("8 Mar 2004 11:00:00 +0100 (CET)", MARCH, 60, false);
        check("Mon, 8 Mar 2004 05:00:00 EST", MARCH, -300, false);
        check("Mon,08 Mar 2004 10:00:00 -0000", MARCH, 0, false);
        check("Thu, 01 Jan 1970 00:00:00 +0000", 0, 0, false);
        check("Tue, 19 Jan 2038 03:14:08 +0000", 1 << 31, 0, false);
        check("Fri, 01 Jan 1904 00:00:00 +0000", -2_082_844_800, 0, false);
        check(
            "Sun, 29 Feb 2004 23:30:00 -0800",
            1_078_126_200,
            -480,
            false,
        );
    }

    #[test]
    fn lenient_dates() {
        for text in [
            "Mon Mar  8 10:00:00 2004",
            "Mon Mar 8 10:00:00 GMT 2004",
            "Mon Mar  8 10:00:00 2004 +0000",
            "08-Mar-04 10:00:00",
            "08-Mar-2004 10:00:00 GMT",
            "Monday, March 8, 2004 10:00 AM",
            "2004-03-08 10:00:00",
            "2004-03-08T10:00:00Z",
            "2004-03-08T10:00:00+00:00",
            "20040308T10:00:00Z",
            "8 Mar 04 10:00:00 GMT",
            "Mon, 8 Mar 104 10:00:00 +0000",
            "Mon, 8 Mar 19104 10:00:00 +0000",
            "Mon, 8 Mar 2004 10:00:00",
            "Mon, 8 Mar 2004 10:00:00 +50579034",
            "Mon, 8 Mar 2004 10:00:00 GMT+00:00",
            "3/8/2004 10:00:00 AM",
            "8.3.2004 10:00",
            "lun., 8 mars 2004 10:00:00 +0000",
            "Mo, 8 M\u{e4}rz 2004 10:00:00 +0000",
            "8th March 2004 10:00",
        ] {
            check(text, MARCH, 0, true);
        }
        check("Monday, March 8, 2004 10:00 PM", MARCH + 43_200, 0, true);
        check("Mon, 8 Mar 2004 05:00:00 +-0500", MARCH, -300, true);
        check("2004-03-08T11:00:00+01:00", MARCH, 60, true);
        check("mar., 9 mars 2004 10:00:00 +0000", MARCH + 86_400, 0, true);
    }

    #[test]
    fn no_dates() {
        for text in [
            "",
            "yesterday",
            "8 Mar",
            "Mon, 99 Mar 2004 10:00:00",
            "10:00:00",
            "((((",
            "+-",
            "-",
            "\u{fffd}",
        ] {
            assert_eq!(SentDate::parse(text), None, "{text}");
        }
    }

    #[test]
    fn from_lines() {
        for line in [
            "From joe@example.org Mon Mar  8 10:00:00 2004",
            "From joe at example.org  Mon Mar  8 10:00:00 2004",
            ">From joe@example.org Mon Mar  8 10:00:00 GMT 2004",
            "From - Mon Mar 08 10:00:00 2004",
            "From joe@example.org Mon, 8 Mar 2004 10:00:00 +0000",
        ] {
            assert_eq!(parse_from_line(line.as_bytes()), Some(MARCH), "{line}");
        }
        assert_eq!(
            parse_from_line(b"From mboxrd@z Thu Jan  1 00:00:00 1970"),
            Some(0)
        );
        assert_eq!(parse_from_line(b"From here on it gets better"), None);
    }
}
