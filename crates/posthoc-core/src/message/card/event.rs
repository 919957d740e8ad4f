//! Events and tasks of a calendar (RFC 5545, RFC 5546).

use super::content_line::{ContentLine, content_lines};
use super::rule::Rule;
use super::stamp::{Length, Moment};
use super::value::{Invited, Value};
use super::{Card, MOST_CARDS, clipped};
use crate::message::Part;

/// Invited people that are named.
const MOST_NAMED: usize = 10;

/// What one event says.
#[derive(Default)]
struct Event {
    is_task: bool,
    summary: String,
    start: Option<Moment>,
    end: Option<Moment>,
    length: Option<Length>,
    repeats: Option<Rule>,
    place: String,
    organiser: Option<Invited>,
    invited: Vec<Invited>,
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
            "DTSTART" => self.start = Moment::read(line),
            "DTEND" | "DUE" => self.end = Moment::read(line),
            "DURATION" => self.length = Length::parse(&line.value),
            "RRULE" => self.repeats = Some(Rule::read(&line.value)),
            "LOCATION" => self.place = line.text().replace('\n', ", "),
            "ORGANIZER" => self.organiser = Some(person(line)),
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
        let end = match (&self.start, end) {
            (Some(start), Some(end)) if start.is_day() && end.is_day() => start.last_day(&end),
            (_, end) => end,
        };
        card.push("When", Value::When(self.start, end));
        if let Some(rule) = self.repeats {
            card.push("Repeats", Value::Repeats(rule));
        }
        card.push("Where", self.place.as_str());
        let organiser = self.organiser.into_iter().collect();
        card.push("Organiser", Value::People(organiser, 0));
        let more = self.invited_in_all - self.invited.len();
        card.push("Invited", Value::People(self.invited, more));
        card.push("Status", Value::Term(self.status, String::new()));
        card.push("Link", self.link.as_str());
        card.push("About", self.about.as_str());
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

/// A person and the answer.
fn person(line: &ContentLine) -> Invited {
    let value = line.value.trim();
    let address = match value.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => &value[7..],
        _ => value,
    };
    let person = match line.parameter("CN").map(str::trim) {
        Some(name) if !name.is_empty() && name != address => format!("{name} <{address}>"),
        _ => address.to_owned(),
    };
    let answer = match line.parameter("PARTSTAT") {
        Some("ACCEPTED") => Some("accepted"),
        Some("DECLINED") => Some("declined"),
        Some("TENTATIVE") => Some("perhaps"),
        _ => None,
    };
    Invited {
        person: clipped(&person),
        answer,
    }
}
