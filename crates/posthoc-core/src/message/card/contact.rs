//! Contacts (RFC 6350, RFC 2426, vCard 2.1).

use super::content_line::{ContentLine, content_lines, pieces};
use super::{Card, MOST_CARDS, clipped};
use crate::message::Part;

/// Reads the contacts of a part.
pub(super) fn read(_: &Part, text: &str) -> Vec<Card> {
    let mut cards: Vec<Card> = Vec::new();
    let mut open: Option<(Card, String)> = None;
    for line in content_lines(text) {
        let bounds = line.value.trim().eq_ignore_ascii_case("VCARD");
        match (line.name.as_str(), &mut open) {
            ("BEGIN", None) if bounds => open = Some((Card::new("Contact"), String::new())),
            ("END", Some(_)) if bounds => {
                cards.extend(open.take().map(finished));
                if cards.len() >= MOST_CARDS {
                    break;
                }
            }
            (_, Some((card, name))) => take_line(&line, card, name),
            _ => {}
        }
    }
    cards.extend(open.map(finished));
    cards
}

fn finished((mut card, name): (Card, String)) -> Card {
    if card.title.is_empty() {
        card.title = name;
    }
    card
}

fn take_line(line: &ContentLine, card: &mut Card, name: &mut String) {
    match line.name.as_str() {
        "FN" => card.title = clipped(&line.text()),
        // Family, given, further names, prefix, suffix.
        "N" => {
            let parts = pieces(&line.value, ';');
            let order = [3, 1, 2, 0, 4];
            let words = order.into_iter().filter_map(|n| parts.get(n));
            *name = clipped(&words.cloned().collect::<Vec<_>>().join(" "));
        }
        "ORG" => card.push("Organisation", &*joined(&line.value)),
        "TITLE" | "ROLE" => card.push("Role", &*line.text()),
        "EMAIL" => card.push("Mail", &*line.text()),
        "TEL" => card.push("Telephone", line.text().trim_start_matches("tel:")),
        "ADR" => card.push("Address", &*joined(&line.value)),
        "URL" => card.push("Link", &*line.text()),
        "BDAY" => card.push("Birthday", &*line.text()),
        "NOTE" => card.push("Note", &*line.text()),
        _ => {}
    }
}

/// The pieces that are not empty, with commas.
fn joined(value: &str) -> String {
    let mut pieces = pieces(value, ';');
    pieces.retain(|piece| !piece.trim().is_empty());
    pieces.join(", ")
}
