use super::*;
use crate::text::TimeZone;
use std::collections::{BTreeMap, BTreeSet};

/// The names of a file's texts, and of each the arguments.
fn table(language: &str, source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let (texts, faults) = compile(language, source);
    assert_eq!(faults, [], "{language}");
    let args = |pattern: &Pattern| pattern.args().into_iter().map(str::to_owned).collect();
    let texts = texts.iter();
    texts
        .map(|(name, pattern)| (name.clone(), args(pattern)))
        .collect()
}

#[test]
fn every_language_has_the_same_texts_with_the_same_arguments() {
    let (_, english) = BUILT_IN_STRINGS[0];
    let english = table("en", english);
    for (language, source) in BUILT_IN_STRINGS {
        assert_eq!(table(language, source), english, "{language}");
    }
}

#[test]
fn what_rust_code_fills_in_is_there() {
    let english = table("en", BUILT_IN_STRINGS[0].1);
    for name in Text::NAMES {
        assert!(english.contains_key(*name), "{name}");
    }
}

#[test]
fn dates_and_numbers_are_written_as_a_language_does() {
    let stamp = TimeZone::utc().stamp(1_762_093_860);
    let rows = [
        (
            "en",
            "2 Nov",
            "2 Nov 2025",
            "Sunday 2 November 2025, 14:31 +0000",
            "1,234,567",
        ),
        (
            "de-AT",
            "2. Nov.",
            "2. Nov. 2025",
            "Sonntag, 2. November 2025, 14:31 +0000",
            "1.234.567",
        ),
        (
            "fr",
            "2 nov.",
            "2 nov. 2025",
            "dimanche 2 novembre 2025, 14:31 +0000",
            "1\u{202f}234\u{202f}567",
        ),
        (
            "es",
            "2 nov",
            "2 nov 2025",
            "domingo, 2 de noviembre de 2025, 14:31 +0000",
            "1\u{202f}234\u{202f}567",
        ),
    ];
    for (language, day, date, full, number) in rows {
        let strings = Strings::new(language, None);
        assert_eq!(strings.day(&stamp), day);
        assert_eq!(strings.date(&stamp), date);
        assert_eq!(strings.full_date(&stamp, "14:31", "+0000"), full);
        assert_eq!(strings.number(1_234_567), number);
        assert_eq!(strings.number(999), "999");
    }
}

#[test]
fn volumes_have_names() {
    let rows = [
        ("2025-May", "May 2025", "May", "Mai 2025"),
        ("2025-November", "November 2025", "Nov", "November 2025"),
        (
            "2025q4",
            "Fourth quarter 2025",
            "Fourth quarter",
            "4. Quartal 2025",
        ),
        ("2025", "2025", "2025", "2025"),
        ("20251103", "3 November 2025", "3 Nov", "3. November 2025"),
        (
            "Week-of-Mon-20251103",
            "Week of Monday 3 November 2025",
            "3 Nov",
            "Woche ab Montag, 3. November 2025",
        ),
    ];
    let (english, german) = (Strings::new("en", None), Strings::new("de", None));
    for (name, label, short, in_german) in rows {
        let volume = Volume::parse(name).unwrap();
        assert_eq!(english.volume(&volume), label);
        assert_eq!(english.volume_in_year(&volume), short);
        assert_eq!(german.volume(&volume), in_german);
    }
}

#[test]
fn plurals_are_those_of_the_language() {
    let rows = [
        ("en", ["0 mails", "1 mail", "2 mails"]),
        ("de", ["0 Mails", "1 Mail", "2 Mails"]),
        ("fr", ["0 message", "1 message", "2 messages"]),
        ("es", ["0 mensajes", "1 mensaje", "2 mensajes"]),
    ];
    for (language, expected) in rows {
        let strings = Strings::new(language, None);
        assert_eq!([0, 1, 2].map(|count| strings.mails(count)), expected);
    }
}

#[test]
fn names_in_cards_have_texts() {
    let (german, english) = (Strings::new("de", None), Strings::new("en", None));
    for (name, in_german) in [
        ("Delivery report", "Zustellbericht"),
        ("Answer to an invitation", "Antwort auf eine Einladung"),
        ("Refused by", "Abgelehnt von"),
    ] {
        assert_eq!(german.of_card(name), in_german);
        assert_eq!(english.of_card(name), name);
    }
    // What has no text is said as it is.
    assert_eq!(german.of_card("Something new"), "Something new");
    // English texts are what the room says, so that goldens and searches agree.
    for (name, pattern) in english
        .texts
        .iter()
        .filter(|(name, _)| name.starts_with("card-"))
    {
        let words = pattern.plain().unwrap_or_default();
        assert_eq!(
            format!("card-{}", words.to_lowercase().replace(' ', "-")),
            *name
        );
    }
}
