//! A rule of repetition (RFC 5545 section 3.3.10) in words; nothing is computed.

use super::stamp::Stamp;
use crate::text::MONTHS;

/// Names of one kind that are listed.
const MOST_NAMES: usize = 12;

/// `every 2 weeks on Monday and Friday, 10 times`. What cannot be told is shown as it was written.
pub(super) fn rule_words(rule: &str) -> String {
    tell(rule).unwrap_or_else(|| format!("by a rule: {rule}"))
}

fn tell(rule: &str) -> Option<String> {
    let (mut unit, mut interval, mut on, mut end) = (None, 1, String::new(), String::new());
    for piece in rule.split(';').take(20).filter(|piece| !piece.is_empty()) {
        let (name, value) = piece.split_once('=')?;
        match name.trim().to_ascii_uppercase().as_str() {
            "FREQ" => unit = Some(unit_word(value)?),
            "INTERVAL" => interval = value.trim().parse::<u32>().ok().filter(|n| *n > 0)?,
            "BYDAY" => on += &format!(" on {}", list(value, day_words)?),
            "BYMONTHDAY" => on += &format!(" on day {}", list(value, plain_number)?),
            "BYMONTH" => on += &format!(" in {}", list(value, month_word)?),
            "COUNT" => end = format!(", {} times", value.trim().parse::<u32>().ok()?),
            "UNTIL" => end = format!(", until {}", Stamp::parse(value)?.words()),
            // The day on which a week begins is no news to a reader.
            "WKST" => {}
            _ => return None,
        }
    }
    let unit = unit?;
    let every = match interval {
        1 => format!("every {unit}"),
        n => format!("every {n} {unit}s"),
    };
    Some(format!("{every}{on}{end}"))
}

fn unit_word(value: &str) -> Option<&'static str> {
    Some(match value.trim().to_ascii_uppercase().as_str() {
        "HOURLY" => "hour",
        "DAILY" => "day",
        "WEEKLY" => "week",
        "MONTHLY" => "month",
        "YEARLY" => "year",
        _ => return None,
    })
}

fn list(value: &str, word: fn(&str) -> Option<String>) -> Option<String> {
    let mut words: Vec<String> = Vec::new();
    for piece in value.split(',').take(MOST_NAMES) {
        words.push(word(piece.trim())?);
    }
    let last = words.pop()?;
    Some(match words.as_slice() {
        [] => last,
        before => format!("{} and {last}", before.join(", ")),
    })
}

/// `MO`, `2TU` (the second Tuesday), `-1FR` (the last Friday).
fn day_words(piece: &str) -> Option<String> {
    let (number, day) = piece.split_at_checked(piece.len().checked_sub(2)?)?;
    let day = match day.to_ascii_uppercase().as_str() {
        "MO" => "Monday",
        "TU" => "Tuesday",
        "WE" => "Wednesday",
        "TH" => "Thursday",
        "FR" => "Friday",
        "SA" => "Saturday",
        "SU" => "Sunday",
        _ => return None,
    };
    Some(match number.trim_start_matches('+') {
        "" => day.to_owned(),
        "1" => format!("the first {day}"),
        "2" => format!("the second {day}"),
        "3" => format!("the third {day}"),
        "4" => format!("the fourth {day}"),
        "5" => format!("the fifth {day}"),
        "-1" => format!("the last {day}"),
        _ => return None,
    })
}

fn month_word(piece: &str) -> Option<String> {
    let month: usize = piece.parse().ok()?;
    MONTHS
        .get(month.checked_sub(1)?)
        .map(|name| (*name).to_owned())
}

fn plain_number(piece: &str) -> Option<String> {
    piece.parse::<u8>().ok().map(|n| n.to_string())
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
            assert_eq!(rule_words(rule), words, "{rule}");
        }
    }
}
