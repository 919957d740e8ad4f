//! What mail systems say about mails: delivery reports (RFC 3464), receipts (RFC 8098), complaints
//! (RFC 5965); and mails that are not all here: pieces (RFC 2046 section 5.2.2), bodies that lie
//! elsewhere (section 5.2.3).

use super::{Card, MOST_CARDS, Value};
use crate::message::Part;

/// Lines of one report that are looked at.
const MOST_LINES: usize = 2_000;

/// A card for each recipient, and what counts for all of them in each.
pub(super) fn delivery(_: &Part, text: &str) -> Vec<Card> {
    let mut groups = groups(text).into_iter();
    // The first group is about the mail; some systems leave it out.
    let mut first = groups.next().unwrap_or_default();
    let mut people: Vec<Fields> = Vec::new();
    if first.get("final-recipient").is_some() {
        people.push(std::mem::take(&mut first));
    }
    people.extend(
        groups
            .filter(|group| group.get("action").is_some())
            .take(MOST_CARDS),
    );
    let mut cards = Vec::new();
    for person in people {
        let mut card = Card::new("Delivery report");
        let recipient = person
            .get("original-recipient")
            .or(person.get("final-recipient"));
        card.push("Recipient", untyped(recipient.unwrap_or_default()));
        let action = person.get("action").unwrap_or_default();
        let code = person.get("status").unwrap_or_default();
        card.push("Result", result(action, code));
        card.push(
            "Reason",
            untyped(person.get("diagnostic-code").unwrap_or_default()),
        );
        card.push(
            "Refused by",
            untyped(person.get("remote-mta").unwrap_or_default()),
        );
        card.push(
            "Reported by",
            untyped(first.get("reporting-mta").unwrap_or_default()),
        );
        card.push(
            "Tried until",
            person.get("will-retry-until").unwrap_or_default(),
        );
        card.push(
            "Tried last",
            person.get("last-attempt-date").unwrap_or_default(),
        );
        cards.push(card);
    }
    cards
}

/// A receipt: what became of a mail at its recipient's.
pub(super) fn receipt(_: &Part, text: &str) -> Vec<Card> {
    let fields = groups(text).into_iter().next().unwrap_or_default();
    let mut card = Card::new("Receipt");
    let recipient = fields
        .get("original-recipient")
        .or(fields.get("final-recipient"));
    card.push("Recipient", untyped(recipient.unwrap_or_default()));
    // `manual-action/MDN-sent-manually; displayed`
    let disposition = fields.get("disposition").unwrap_or_default();
    let outcome = disposition.rsplit(';').next().unwrap_or_default();
    card.push(
        "Result",
        match outcome.trim() {
            "displayed" => Value::Term("displayed", String::new()),
            "deleted" => Value::Term("deleted", String::new()),
            outcome => outcome.into(),
        },
    );
    card.push(
        "Of the mail",
        fields.get("original-message-id").unwrap_or_default(),
    );
    vec![card]
}

/// A complaint of a reader, as mail systems pass it on.
pub(super) fn complaint(_: &Part, text: &str) -> Vec<Card> {
    let fields = groups(text).into_iter().next().unwrap_or_default();
    let mut card = Card::new("Complaint");
    card.push("Kind", fields.get("feedback-type").unwrap_or_default());
    card.push("Domain", fields.get("reported-domain").unwrap_or_default());
    card.push("Arrived", fields.get("arrival-date").unwrap_or_default());
    vec![card]
}

/// A piece of a mail: the other pieces are mails of their own, in the same thread.
pub(super) fn piece(part: &Part, text: &str) -> Vec<Card> {
    let mut card = Card::new("Piece of a mail");
    let number = part.parameter("number").unwrap_or("?");
    let total = part.parameter("total").unwrap_or_default();
    card.push("Piece", Value::Piece(number.into(), total.into()));
    // The first piece begins with the whole mail's header.
    if number.trim() == "1" {
        let fields = groups(text).into_iter().next().unwrap_or_default();
        card.push("Subject", fields.get("subject").unwrap_or_default());
        card.push("Type", fields.get("content-type").unwrap_or_default());
    }
    card.push("Of the mail", part.parameter("id").unwrap_or_default());
    vec![card]
}

/// A body that lies elsewhere. Where that is stands in words: nothing leads there.
pub(super) fn elsewhere(part: &Part, _: &str) -> Vec<Card> {
    let mut card = Card::new("Kept elsewhere");
    for (name, parameter) in [
        ("Name", "name"),
        ("By", "access-type"),
        ("Site", "site"),
        ("Folder", "directory"),
        ("Address", "url"),
        ("Server", "server"),
        ("Until", "expiration"),
        ("Bytes", "size"),
    ] {
        card.push(name, part.parameter(parameter).unwrap_or_default());
    }
    vec![card]
}

/// Header fields of one group, names in lower case.
#[derive(Default)]
struct Fields(Vec<(String, String)>);

impl Fields {
    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Groups of header fields between empty lines.
fn groups(text: &str) -> Vec<Fields> {
    let mut groups: Vec<Fields> = Vec::new();
    let mut fresh = true;
    for line in text.lines().take(MOST_LINES) {
        if line.trim().is_empty() {
            fresh = true;
            continue;
        }
        if line.starts_with([' ', '\t'])
            && !fresh
            && let Some((_, value)) = groups.last_mut().and_then(|group| group.0.last_mut())
        {
            value.push(' ');
            value.push_str(line.trim());
            continue;
        }
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        if std::mem::take(&mut fresh) {
            groups.push(Fields::default());
        }
        if let Some(group) = groups.last_mut() {
            let name = name.trim().to_ascii_lowercase();
            group.0.push((name, value.trim().to_owned()));
        }
    }
    groups
}

/// A value without its type: `rfc822; ada@example.org`.
fn untyped(value: &str) -> &str {
    value
        .split_once(';')
        .map_or(value, |(_, value)| value)
        .trim()
}

/// What became of a mail, and the code that the system gave (RFC 3463).
fn result(action: &str, code: &str) -> Value {
    let term = match action.to_ascii_lowercase().as_str() {
        "failed" => "not delivered",
        "delayed" => "not yet delivered",
        "delivered" => "delivered",
        "relayed" => "passed on to a system that does not report",
        "expanded" => "delivered to several addresses",
        _ if code.is_empty() => return action.into(),
        _ => return Value::Words(format!("{action} ({code})")),
    };
    Value::Term(term, code.to_owned())
}
