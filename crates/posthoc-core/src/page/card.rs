//! What a part says that programs wrote for programs, as a small table in the page's language.

use super::clean::one_line;
use super::linker::Linker;
use super::strings::{Arg, Strings, Text};
use crate::message::{Card, End, Moment, On, Rule, Unit, Value, Weekday};
use crate::text::Html;
use std::borrow::Cow;

/// Appends a card.
pub(super) fn push_card(html: &mut Html, card: &Card, linker: &Linker<'_>, strings: &Strings) {
    html.push_literal("<section class=\"card\"><p class=\"label\">");
    html.push_text(strings.of_card(card.label));
    html.push_literal("</p>");
    let title = one_line(&card.title);
    if !title.is_empty() {
        html.push_literal("<h3><bdi>");
        html.push_text(&title);
        html.push_literal("</bdi></h3>");
    }
    html.push_literal("<dl>");
    for (name, value) in &card.rows {
        html.push_literal("<div><dt>");
        html.push_text(strings.of_card(name));
        html.push_literal("</dt><dd>");
        linker.push(html, &one_line(&said(value, strings)));
        html.push_literal("</dd></div>");
    }
    html.push_literal("</dl></section>\n");
}

/// What a row says.
fn said<'a>(value: &'a Value, strings: &'a Strings) -> Cow<'a, str> {
    match value {
        Value::Words(words) => words.into(),
        Value::Term(term, code) => in_parentheses(strings.of_card(term), code, strings),
        Value::Piece(number, total) if total.is_empty() => number.into(),
        Value::Piece(number, total) => {
            let args = [("number", Arg::Words(number)), ("total", Arg::Words(total))];
            strings.with(Text::PieceOf, &args).into()
        }
        Value::When(from, to) => when(from.as_ref(), to.as_ref(), strings).into(),
        Value::Repeats(rule) => repeats(rule, strings).into(),
        Value::People(people, more) => {
            let people = people.iter().map(|one| {
                let answer = one.answer.map(|answer| strings.of_card(answer));
                in_parentheses(&one.person, answer.unwrap_or_default(), strings)
            });
            let people = people.collect::<Vec<_>>().join(", ");
            match *more as u64 {
                0 => people.into(),
                more => {
                    let args = [
                        ("people", Arg::Words(&people)),
                        ("count", Arg::Digits(more)),
                    ];
                    strings.with(Text::PeopleAndMore, &args).into()
                }
            }
        }
    }
}

/// Words, and others behind them if there are any.
fn in_parentheses<'a>(words: &'a str, others: &str, strings: &Strings) -> Cow<'a, str> {
    if others.is_empty() {
        return words.into();
    }
    let args = [("words", Arg::Words(words)), ("others", Arg::Words(others))];
    strings.with(Text::InParentheses, &args).into()
}

fn when(from: Option<&Moment>, to: Option<&Moment>, strings: &Strings) -> String {
    match (from, to) {
        (Some(from), Some(to)) => {
            if let Some((begin, end)) = from.hours_until(to) {
                let args = [
                    ("day", Arg::Words(&day(from, strings))),
                    ("from", Arg::Words(&begin)),
                    ("to", Arg::Words(&end)),
                    ("zone", Arg::Words(&zone(from, strings))),
                ];
                return strings.with(Text::EventHours, &args);
            }
            let args = [
                ("from", Arg::Words(&moment(from, strings))),
                ("to", Arg::Words(&moment(to, strings))),
            ];
            strings.with(Text::EventSpan, &args)
        }
        (Some(from), None) => moment(from, strings),
        (None, Some(to)) => strings.with(
            Text::EventUntil,
            &[("end", Arg::Words(&moment(to, strings)))],
        ),
        (None, None) => String::new(),
    }
}

fn moment(moment: &Moment, strings: &Strings) -> String {
    let day = day(moment, strings);
    let Some(clock) = moment.clock() else {
        return day;
    };
    let args = [
        ("day", Arg::Words(&day)),
        ("time", Arg::Words(&clock)),
        ("zone", Arg::Words(&zone(moment, strings))),
    ];
    strings.with(Text::EventMoment, &args)
}

fn day(moment: &Moment, strings: &Strings) -> String {
    let [weekday, day, month, year] = moment.numbers();
    let args = [
        ("weekday", Arg::Words(&weekday_name(weekday, strings))),
        ("day", Arg::Digits(day)),
        (
            "month",
            Arg::Words(&strings.with(Text::Month, &[("month", Arg::Digits(month))])),
        ),
        ("year", Arg::Digits(year)),
    ];
    strings.with(Text::EventDay, &args)
}

fn weekday_name(number: u64, strings: &Strings) -> String {
    strings.with(Text::Weekday, &[("weekday", Arg::Digits(number))])
}

fn zone(moment: &Moment, strings: &Strings) -> String {
    match moment.zone.as_str() {
        "" => strings.get(Text::EventLocalTime).to_owned(),
        "UTC" => "UTC".to_owned(),
        zone => format!("({zone})"),
    }
}

fn repeats(rule: &Rule, strings: &Strings) -> String {
    let (unit, interval, on, end) = match rule {
        Rule::AsWritten(rule) => {
            return strings.with(Text::RepeatsByRule, &[("rule", Arg::Words(rule))]);
        }
        Rule::Told {
            unit,
            interval,
            on,
            end,
        } => (unit, *interval, on, end),
    };
    let unit = match unit {
        Unit::Hour => Text::RepeatsHours,
        Unit::Day => Text::RepeatsDays,
        Unit::Week => Text::RepeatsWeeks,
        Unit::Month => Text::RepeatsMonths,
        Unit::Year => Text::RepeatsYears,
    };
    let mut words = strings.with(unit, &[("count", Arg::Digits(interval.into()))]);
    for on in on {
        let (text, names) = match on {
            On::Weekdays(days) => {
                let names = days.iter().map(|day| nth_weekday(*day, strings));
                (Text::RepeatsOn, names.collect())
            }
            On::Days(days) => {
                let names = days.iter().map(u8::to_string);
                (Text::RepeatsOnDay, names.collect())
            }
            On::Months(months) => {
                let name = |month: &u8| {
                    strings.with(Text::Month, &[("month", Arg::Digits((*month).into()))])
                };
                (Text::RepeatsIn, months.iter().map(name).collect())
            }
        };
        let names = joined(names, strings);
        let args = [("rule", Arg::Words(&words)), ("names", Arg::Words(&names))];
        words = strings.with(text, &args);
    }
    match end {
        None => words,
        Some(End::Times(times)) => {
            let count = Arg::Digits((*times).into());
            strings.with(
                Text::RepeatsTimes,
                &[("rule", Arg::Words(&words)), ("count", count)],
            )
        }
        Some(End::Until(end)) => {
            let end = moment(end, strings);
            let args = [("rule", Arg::Words(&words)), ("end", Arg::Words(&end))];
            strings.with(Text::RepeatsUntil, &args)
        }
    }
}

fn nth_weekday(day: Weekday, strings: &Strings) -> String {
    let name = weekday_name(day.number.into(), strings);
    let Some(nth) = day.nth else {
        return name;
    };
    let args = [("nth", Arg::Digits(nth.into())), ("day", Arg::Words(&name))];
    strings.with(Text::NthWeekday, &args)
}

/// `a, b and c`
fn joined(mut names: Vec<String>, strings: &Strings) -> String {
    let last = names.pop().unwrap_or_default();
    if names.is_empty() {
        return last;
    }
    let names = names.join(", ");
    let args = [("names", Arg::Words(&names)), ("last", Arg::Words(&last))];
    strings.with(Text::NamesAnd, &args)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Block, Limits, parse};

    /// Cards with a value of every kind.
    fn cards() -> Vec<Card> {
        let event = |lines: &str| {
            format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n")
        };
        let people: String = (0..12)
            .map(|n| format!("ATTENDEE;PARTSTAT=ACCEPTED:mailto:p{n}@x.example\n"))
            .collect();
        let parts = [
            (
                "text/calendar",
                event(&format!(
                    "SUMMARY:Bells\nDTSTART;TZID=Europe/Berlin:20260314T090000\nDTEND;TZID=Europe/Berlin:20260314T103000\n\
                     RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=10\nSTATUS:TENTATIVE\n{people}"
                )),
            ),
            (
                "text/calendar",
                event("DTSTART:20260314\nDTEND:20260317\nRRULE:FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20261231T000000Z\nSTATUS:CONFIRMED"),
            ),
            (
                "text/calendar",
                event("DTSTART:20260314T233000\nDURATION:PT1H30M\nRRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=14\nSTATUS:CANCELLED"),
            ),
            (
                "text/calendar",
                event("DUE:20260314T090000Z\nRRULE:FREQ=SECONDLY\nSTATUS:NEEDS-ACTION"),
            ),
            (
                "message/delivery-status",
                "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; ada@x.example\nAction: relayed\nStatus: 5.1.1\n"
                    .to_owned(),
            ),
            (
                "message/disposition-notification",
                "Final-Recipient: rfc822; ada@x.example\nDisposition: manual-action/MDN-sent-manually; displayed\n".to_owned(),
            ),
            ("message/partial; number=2; total=3; id=\"a@x\"", "text of a piece\n".to_owned()),
        ];
        let mut cards = Vec::new();
        for (media_type, text) in parts {
            let mail = format!(
                "From: a@x.example\nSubject: s\nMIME-Version: 1.0\nContent-Type: {media_type}\n\n{text}"
            );
            let limits = Limits::default();
            let body = parse(mail.as_bytes(), &limits).body(&limits);
            let found = body.blocks.into_iter().filter_map(|block| match block {
                Block::Card(card) => Some(card),
                _ => None,
            });
            let before = cards.len();
            cards.extend(found);
            assert!(cards.len() > before, "{media_type}");
        }
        cards
    }

    #[test]
    fn pages_in_english_say_what_search_finds() {
        let english = Strings::new("en", None);
        for card in cards() {
            for (name, value) in &card.rows {
                assert_eq!(said(value, &english), value.to_string(), "{name}");
            }
        }
    }

    #[test]
    fn every_language_has_its_own_words() {
        let ours = |value: &Value| match value {
            Value::Words(_) => false,
            Value::When(from, _) => from.is_some(),
            _ => true,
        };
        for language in ["de", "es", "fr"] {
            let strings = Strings::new(language, None);
            for card in cards() {
                for (name, value) in card.rows.iter().filter(|(_, value)| ours(value)) {
                    assert_ne!(
                        said(value, &strings),
                        value.to_string(),
                        "{language}: {name}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_rule_in_german() {
        let german = Strings::new("de", None);
        let rules: Vec<String> = cards()
            .iter()
            .flat_map(|card| &card.rows)
            .filter(|(name, _)| *name == "Repeats")
            .map(|(_, value)| said(value, &german).into_owned())
            .collect();
        assert_eq!(
            rules,
            [
                "alle 2 Wochen am Montag und Freitag, 10-mal",
                "jeden Monat am letzten Freitag, bis Donnerstag, 31. Dezember 2026, 00:00 UTC",
                "jedes Jahr im März am 14. des Monats",
                "nach einer Regel: FREQ=SECONDLY",
            ]
        );
    }
}
