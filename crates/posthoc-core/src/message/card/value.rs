//! What a row of a card says: in English here, as search and plain text have it. Pages say it in their
//! language, from the same values.

use super::clipped;
use super::rule::Rule;
use super::stamp::Moment;
use std::fmt;

/// What a row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Words of the part.
    Words(String),
    /// Words of ours, in English, and a code that the part adds; it may be empty.
    Term(&'static str, String),
    /// The number of a piece and how many there are, as the part has them; the latter may be empty.
    Piece(String, String),
    /// When something begins, and when it ends or is to be done.
    When(Option<Moment>, Option<Moment>),
    /// How often.
    Repeats(Rule),
    /// People, and how many more there are.
    People(Vec<Invited>, usize),
}

/// A person of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    /// `Ada <ada@example.org>`
    pub person: String,
    /// The answer, in English: `accepted`.
    pub answer: Option<&'static str>,
}

impl Value {
    /// With its words on one line and not too long; none when it says nothing.
    pub(super) fn clipped(mut self) -> Option<Value> {
        self.each_words(&mut |words| *words = clipped(words));
        let says = match &self {
            Value::Words(words) => !words.is_empty(),
            Value::Term(term, code) => !term.is_empty() || !code.is_empty(),
            Value::Piece(number, _) => !number.is_empty(),
            Value::When(from, to) => from.is_some() || to.is_some(),
            Value::Repeats(_) => true,
            Value::People(people, _) => !people.is_empty(),
        };
        says.then_some(self)
    }

    /// Calls it with everything in the value that the part wrote.
    pub fn each_words(&mut self, each: &mut dyn FnMut(&mut String)) {
        match self {
            Value::Words(words) | Value::Term(_, words) => each(words),
            Value::Piece(number, total) => {
                each(number);
                each(total);
            }
            Value::When(from, to) => {
                for moment in from.iter_mut().chain(to) {
                    each(&mut moment.zone);
                }
            }
            Value::Repeats(rule) => rule.each_words(each),
            Value::People(people, _) => {
                for one in people {
                    each(&mut one.person);
                }
            }
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Words(words) => f.write_str(words),
            Value::Term(term, code) if code.is_empty() => f.write_str(term),
            Value::Term(term, code) => write!(f, "{term} ({code})"),
            Value::Piece(number, total) if total.is_empty() => f.write_str(number),
            Value::Piece(number, total) => write!(f, "{number} of {total}"),
            Value::When(Some(from), Some(to)) => match from.hours_until(to) {
                Some((begin, end)) => write!(f, "{}, {begin}–{end} {}", from.day(), from.zone()),
                None => write!(f, "{from} to {to}"),
            },
            Value::When(Some(from), None) => from.fmt(f),
            Value::When(None, Some(to)) => write!(f, "until {to}"),
            Value::When(None, None) => Ok(()),
            Value::Repeats(rule) => rule.fmt(f),
            Value::People(people, more) => {
                for (n, one) in people.iter().enumerate() {
                    let comma = if n > 0 { ", " } else { "" };
                    write!(f, "{comma}{}", one.person)?;
                    if let Some(answer) = one.answer {
                        write!(f, " ({answer})")?;
                    }
                }
                match more {
                    0 => Ok(()),
                    more => write!(f, " and {more} more"),
                }
            }
        }
    }
}

impl From<&str> for Value {
    fn from(words: &str) -> Self {
        Value::Words(words.to_owned())
    }
}
