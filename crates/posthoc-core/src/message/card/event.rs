//! Events and tasks of a calendar (RFC 5545, RFC 5546).

use super::content_line::{ContentLine, content_lines};
use super::rule::rule_words;
use super::stamp::{Length, Stamp};
use super::{Card, MOST_CARDS, clipped};
use crate::message::Part;

/// Invited people that are named.
const MOST_NAMED: usize = 10;

/// What one event says.
#[derive(Default)]
struct Event {
    is_task: bool,
    summary: String,
    start: Option<Stamp>,
    end: Option<Stamp>,
    length: Option<Length>,
    repeats: String,
    place: String,
    organiser: String,
    invited: Vec<String>,
    invited_in_all: usize,
    status: &'static str,
    link: String,
    about: String,
}

/// Reads the events of a calendar. Components within an event (alarms) are passed over.
pub(super) fn read(_: &Part, text: &str) -> Vec<Card> {
    let mut cards = Vec::new();
    let mut method = String::new();
    let mut event: Option<Event> = None;
    let mut inside = 0_usize;
    for line in content_lines(text) {
        let component = line.value.trim().to_ascii_uppercase();
        match (line.name.as_str(), &mut event) {
            ("BEGIN", None) if matches!(component.as_str(), "VEVENT" | "VTODO") => {
                event = Some(Event {
                    is_task: component == "VTODO",
                    ..Event::default()
                });
                inside = 0;
            }
            ("BEGIN", Some(_)) => inside += 1,
            ("END", Some(_)) if inside > 0 => inside -= 1,
            ("END", Some(_)) => {
                cards.extend(event.take().map(|event| event.card(&method)));
                if cards.len() >= MOST_CARDS {
                    break;
                }
            }
            ("METHOD", None) => method = component,
            (_, Some(event)) if inside == 0 => event.take_line(&line),
            _ => {}
        }
    }
    // A calendar that was cut off.
    cards.extend(event.map(|event| event.card(&method)));
    cards
}

impl Event {
    fn take_line(&mut self, line: &ContentLine) {
        match line.name.as_str() {
            "SUMMARY" => self.summary = line.text().into_owned(),
            "DTSTART" => self.start = Stamp::read(line),
            "DTEND" | "DUE" => self.end = Stamp::read(line),
            "DURATION" => self.length = Length::parse(&line.value),
            "RRULE" => self.repeats = rule_words(&line.value),
            "LOCATION" => self.place = line.text().replace('\n', ", "),
            "ORGANIZER" => self.organiser = person(line),
            "ATTENDEE" => {
                self.invited_in_all += 1;
                if self.invited.len() < MOST_NAMED {
                    self.invited.push(person(line));
                }
            }
            "STATUS" => self.status = status_words(&line.value),
            "URL" => self.link = line.value.clone(),
            "DESCRIPTION" => self.about = line.text().into_owned(),
            _ => {}
        }
    }

    fn card(mut self, method: &str) -> Card {
        let mut card = Card::new(label(method, self.is_task));
        card.title = clipped(&self.summary);
        let end = self.end.take().or_else(|| {
            let start = self.start.as_ref()?;
            start.after(self.length?)
        });
        let when = match (&self.start, &end) {
            (Some(start), Some(end)) => start.words_until(end),
            (Some(start), None) => start.words(),
            (None, Some(end)) => format!("until {}", end.words()),
            (None, None) => String::new(),
        };
        card.push("When", &when);
        card.push("Repeats", &self.repeats);
        card.push("Where", &self.place);
        card.push("Organiser", &self.organiser);
        let mut invited = self.invited.join(", ");
        if self.invited_in_all > self.invited.len() {
            invited += &format!(" and {} more", self.invited_in_all - self.invited.len());
        }
        card.push("Invited", &invited);
        card.push("Status", self.status);
        card.push("Link", &self.link);
        card.push("About", &self.about);
        card
    }
}

fn label(method: &str, is_task: bool) -> &'static str {
    match method {
        "REQUEST" => "Invitation",
        "CANCEL" => "Cancelled event",
        "REPLY" => "Answer to an invitation",
        "COUNTER" => "Other time proposed",
        _ if is_task => "Task",
        _ => "Event",
    }
}

fn status_words(value: &str) -> &'static str {
    match value.trim().to_ascii_uppercase().as_str() {
        "TENTATIVE" => "tentative",
        "CONFIRMED" => "confirmed",
        "CANCELLED" => "cancelled",
        "NEEDS-ACTION" => "to be done",
        "COMPLETED" => "done",
        "IN-PROCESS" => "being done",
        _ => "",
    }
}

/// `Ada <ada@example.org>, accepted`
fn person(line: &ContentLine) -> String {
    let value = line.value.trim();
    let address = match value.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => &value[7..],
        _ => value,
    };
    let mut person = match line.parameter("CN").map(str::trim) {
        Some(name) if !name.is_empty() && name != address => format!("{name} <{address}>"),
        _ => address.to_owned(),
    };
    let answer = match line.parameter("PARTSTAT") {
        Some("ACCEPTED") => " (accepted)",
        Some("DECLINED") => " (declined)",
        Some("TENTATIVE") => " (perhaps)",
        _ => "",
    };
    person.push_str(answer);
    clipped(&person)
}
