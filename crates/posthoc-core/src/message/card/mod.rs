//! Parts that programs wrote for programs, told in words: events, contacts, delivery reports,
//! receipts, pieces of mails, files that lie elsewhere.
//!
//! A card stands before the file it was read from, which is always offered too. What cannot be read
//! has no card. Every card is bounded: see the constants here.

mod contact;
mod content_line;
mod event;
mod report;
mod rule;
mod stamp;
mod value;

pub use rule::{End, On, Rule, Unit, Weekday};
pub use stamp::Moment;
pub use value::{Invited, Value};

use super::Part;

/// Bytes of a part that are read for its cards.
const READ_BYTES: usize = 256 << 10;
/// Cards of one part (events of a calendar, contacts, recipients' reports).
const MOST_CARDS: usize = 20;
/// Rows of one card.
const MOST_ROWS: usize = 16;
/// Characters of one value.
const MOST_CHARACTERS: usize = 600;

/// A small table: what a part says, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// What kind of thing it is, in words of ours: `Invitation`.
    pub label: &'static str,
    /// What the thing is called; may be empty.
    pub title: String,
    /// Names in words of ours, and values.
    pub rows: Vec<(&'static str, Value)>,
}

impl Card {
    /// An empty one.
    pub(super) fn new(label: &'static str) -> Self {
        Card {
            label,
            ..Card::default()
        }
    }

    /// Adds a row, unless the value is empty or the card is full.
    pub(super) fn push(&mut self, name: &'static str, value: impl Into<Value>) {
        if let Some(value) = value.into().clipped()
            && self.rows.len() < MOST_ROWS
        {
            self.rows.push((name, value));
        }
    }

    /// The title, then a line for each row.
    pub(super) fn lines(&self) -> impl Iterator<Item = String> {
        let head = match self.title.as_str() {
            "" => self.label.to_owned(),
            title => format!("{}: {title}", self.label),
        };
        let rows = self
            .rows
            .iter()
            .map(|(name, value)| format!("{name}: {value}"));
        std::iter::once(head).chain(rows)
    }
}

/// Whether a part of that type may have cards.
pub(super) fn has_cards(media_type: &str) -> bool {
    reader(media_type).is_some()
}

/// The cards of a part; none when it cannot be read as its type says.
pub(super) fn cards(part: &Part, default: Option<&str>) -> Vec<Card> {
    let Some(read) = reader(&part.media_type) else {
        return Vec::new();
    };
    let end = part.bytes.len().min(READ_BYTES);
    let label = part.label();
    // Calendars and contacts are UTF-8 unless they say otherwise (RFC 5545 section 3.1.4).
    let text = crate::text::decode(&part.bytes[..end], label.as_deref(), default).shown();
    let mut cards = read(part, &text);
    cards.truncate(MOST_CARDS);
    cards.retain(|card| !card.rows.is_empty() || !card.title.is_empty());
    cards
}

type Read = fn(&Part, &str) -> Vec<Card>;

fn reader(media_type: &str) -> Option<Read> {
    Some(match media_type {
        "text/calendar" | "application/ics" | "text/x-vcalendar" => event::read,
        "text/vcard" | "text/x-vcard" | "text/directory" => contact::read,
        "message/delivery-status" | "message/global-delivery-status" => report::delivery,
        "message/disposition-notification" | "message/global-disposition-notification" => {
            report::receipt
        }
        "message/feedback-report" => report::complaint,
        "message/partial" => report::piece,
        "message/external-body" => report::elsewhere,
        _ => return None,
    })
}

/// On one line, not too long.
fn clipped(text: &str) -> String {
    let mut out = String::new();
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
        if out.len() > MOST_CHARACTERS * 4 {
            break;
        }
    }
    if let Some((end, _)) = out.char_indices().nth(MOST_CHARACTERS) {
        out.truncate(end);
        out.push('…');
    }
    out
}
