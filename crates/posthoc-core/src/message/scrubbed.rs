//! Notes that Pipermail left where it took an attachment out (`Scrubber.py`), in whatever language its
//! list had. Archives that were made from its text files have the notes, not the files.
//!
//! 1. A rule of dashes with words in it: `-------------- next part --------------`.
//! 2. A sentence that ends in dots: `A non-text attachment was scrubbed...`
//! 3. Lines with a name, a colon and a value; the last one is where Pipermail kept the file.
//!
//! Names are of many languages, so values are known by what they look like.

use super::{Card, Part};
use std::ops::Range;

const RULE: &str = "-------------- ";
/// Lines of one note, the rule not counted.
const MOST_LINES: usize = 12;
/// Notes looked for in one text.
const MOST_NOTES: usize = 200;

/// The notes in a text: where they stand, and what they say.
pub(super) fn notes(text: &str) -> Vec<(Range<usize>, Card)> {
    let mut notes = Vec::new();
    let mut from = 0;
    for at in memchr::memmem::find_iter(text.as_bytes(), RULE.as_bytes()) {
        let begins_line = at == 0 || text.as_bytes()[at - 1] == b'\n';
        if !begins_line || at < from {
            continue;
        }
        if let Some((length, card)) = note(&text[at..]) {
            notes.push((at..at + length, card));
            from = at + length;
            if notes.len() == MOST_NOTES {
                break;
            }
        }
    }
    notes
}

/// Whether a part has such a note.
pub(super) fn has_note(part: &Part) -> bool {
    memchr::memmem::find(&part.bytes, RULE.as_bytes()).is_some()
        && !notes(&part.text().text).is_empty()
}

/// The note that a text begins with, and its length.
fn note(text: &str) -> Option<(usize, Card)> {
    let mut lines = text.split_inclusive('\n');
    let rule = lines.next()?;
    let words = rule
        .trim_end()
        .strip_prefix(RULE)?
        .strip_suffix(" --------------")?;
    if words.is_empty() || words.contains('-') {
        return None;
    }
    let mut length = rule.len();
    let mut card = Card::new("Attachment taken out");
    let mut told = false;
    for line in lines.take(MOST_LINES) {
        length += line.len();
        let line = line.trim();
        if !told {
            told = line.ends_with("...") || line.ends_with('…');
            if !told {
                return None;
            }
            card.title = line.trim_end_matches(['.', '…']).to_owned();
            continue;
        }
        let (_, value) = line.split_once(':')?;
        let value = value.trim();
        if value.trim_matches(['<', '>']).contains("://") {
            card.push("Was at", value.trim_matches(['<', '>']));
            return Some((length, card));
        }
        card.push(name_of(value, &card), value);
    }
    None
}

/// What a value seems to be.
fn name_of(value: &str, card: &Card) -> &'static str {
    let is_type = value.split_once('/').is_some_and(|(kind, subtype)| {
        let plain = |word: &str| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-.+".contains(&b))
        };
        plain(kind) && plain(subtype)
    });
    let mut words = value.split_whitespace();
    let is_size = words
        .next()
        .is_some_and(|word| word.bytes().all(|b| b.is_ascii_digit()))
        && words
            .next()
            .is_some_and(|unit| unit.chars().all(char::is_alphabetic));
    if is_type {
        "Type"
    } else if is_size {
        "Size"
    } else if card.rows.is_empty() {
        "Name"
    } else {
        "Said of it"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_of_many_languages() {
        let check = |text: &str, expected: &[(&str, &str)]| {
            let found = notes(text);
            let rows: Vec<_> = found.iter().flat_map(|(_, card)| &card.rows).collect();
            let rows: Vec<_> = rows
                .iter()
                .map(|(name, value)| (*name, value.to_string()))
                .collect();
            let expected: Vec<_> = expected
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned()))
                .collect();
            assert_eq!(rows, expected, "{text}");
        };
        check(
            "x\n-------------- next part --------------\nA non-text attachment was scrubbed...\nName: a.pdf\n\
             Type: application/pdf\nSize: 12 bytes\nDesc: not available\nUrl : http://x.example/a.pdf\ny\n",
            &[
                ("Name", "a.pdf"),
                ("Type", "application/pdf"),
                ("Size", "12 bytes"),
                ("Said of it", "not available"),
                ("Was at", "http://x.example/a.pdf"),
            ],
        );
        check(
            "-------------- section suivante --------------\nUne pièce jointe HTML a été nettoyée...\n\
             URL: <http://x.example/a.htm>\n",
            &[("Was at", "http://x.example/a.htm")],
        );
        check(
            "-------------- next part --------------\nSome text of a part\n",
            &[],
        );
        check(
            "-------------- next part --------------\nAn attachment...\nno colon\n",
            &[],
        );
        check(
            "> -------------- next part --------------\nA b...\nURL: <http://x.example/>\n",
            &[],
        );
        check("-------------- ", &[]);
    }

    #[test]
    fn rules_without_notes_take_no_time() {
        let text = "-------------- x --------------\nA...\na: b\n".repeat(20_000);
        assert!(notes(&text).is_empty());
    }
}
