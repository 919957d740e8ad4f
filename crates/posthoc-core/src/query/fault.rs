//! What may be wrong with a query, and what to write instead: in English here, as command lines and the
//! interface for programs say it. Pages say it in their language, from the same values.

use super::{MAX_BYTES, MAX_CLAUSES, MAX_DEPTH};
use std::fmt;

/// What is wrong with a query, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// Byte offset into the query as typed; on a character boundary.
    pub at: usize,
    /// What is wrong there.
    pub fault: Fault,
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, hint) = (self.fault.what(), self.fault.hint());
        write!(f, "{what} at byte {} ({hint})", self.at)
    }
}

impl std::error::Error for QueryError {}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Over [`MAX_BYTES`].
    TooLong,
    /// Over [`MAX_CLAUSES`].
    TooManyWords,
    /// Over [`MAX_DEPTH`].
    TooDeep,
    /// A parenthesis closes and none is open.
    NothingOpen,
    /// A parenthesis is not closed.
    ParenthesisOpen,
    /// A quotation mark is not closed.
    QuoteOpen,
    /// `AND` with nothing before it.
    LonelyAnd,
    /// `OR` with nothing on a side.
    LonelyOr,
    /// An operator at the end.
    Unfinished,
    /// `()`
    EmptyParentheses,
    /// No letter and no digit.
    NothingToLookFor,
    /// `-` or `NOT` before nothing.
    NothingToLeaveOut,
    /// A field with nothing behind it.
    EmptyField {
        /// Its name.
        field: &'static str,
        /// What stands behind it where it is right.
        example: &'static str,
    },
    /// A field whose value has no letter and no digit.
    WordlessField {
        /// Its name.
        field: &'static str,
    },
    /// `thread:` within `thread:`.
    ThreadInThread,
    /// One letter before `*`.
    ShortBeginning,
    /// A value that the field does not know.
    UnknownValue {
        /// Its name.
        field: &'static str,
        /// The value as typed.
        typed: String,
        /// What was probably meant, else all that it knows.
        known: Known,
    },
    /// A size without `..`.
    NoRange,
    /// A range of sizes with nothing on either side.
    EndlessSize,
    /// A range of dates with nothing on either side.
    EndlessDate,
    /// No size.
    NoSize(String),
    /// No date.
    NoDate(String),
    /// A range whose end lies before its beginning.
    Backwards {
        /// What stands first.
        from: String,
        /// What stands last.
        to: String,
    },
    /// More mails answer within `thread:` than their threads can be looked up for.
    WideThread {
        /// That answer.
        mails: u64,
        /// That may.
        most: u64,
    },
}

/// Values of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// The one that is nearest to what was typed.
    Meant(&'static str),
    /// All of them, the canonical name of each first.
    All(&'static [&'static str]),
}

impl Fault {
    /// What is wrong: short, lower case, no full stop.
    pub fn what(&self) -> String {
        match self {
            Fault::TooLong => "query is too long".into(),
            Fault::TooManyWords => "query has too many words".into(),
            Fault::TooDeep => "too many parentheses".into(),
            Fault::NothingOpen => "nothing is open here".into(),
            Fault::ParenthesisOpen => "parenthesis is not closed".into(),
            Fault::QuoteOpen => "quotation mark is not closed".into(),
            Fault::LonelyAnd => "AND needs something before it".into(),
            Fault::LonelyOr => "OR needs something on both sides".into(),
            Fault::Unfinished => "something is missing at the end".into(),
            Fault::EmptyParentheses => "nothing between the parentheses".into(),
            Fault::NothingToLookFor => "nothing to look for".into(),
            Fault::NothingToLeaveOut => "nothing to leave out".into(),
            Fault::EmptyField { field, .. } | Fault::WordlessField { field } => {
                format!("nothing after {field}:")
            }
            Fault::ThreadInThread => "thread: within thread:".into(),
            Fault::ShortBeginning => "beginning is too short".into(),
            Fault::UnknownValue { field, typed, .. } => format!("{field}: knows no {typed:?}"),
            Fault::NoRange => "a size needs a range".into(),
            Fault::EndlessSize | Fault::EndlessDate => "range has no end".into(),
            Fault::NoSize(typed) => format!("{typed:?} is no size"),
            Fault::NoDate(typed) => format!("{typed:?} is no date"),
            Fault::Backwards { .. } => "range ends before it begins".into(),
            Fault::WideThread { mails, .. } => format!("{mails} mails answer within thread:"),
        }
    }

    /// What to write instead.
    pub fn hint(&self) -> String {
        match self {
            Fault::TooLong => format!("at most {MAX_BYTES} bytes"),
            Fault::TooManyWords => format!("at most {MAX_CLAUSES} words and phrases"),
            Fault::TooDeep => format!("at most {MAX_DEPTH} within each other"),
            Fault::NothingOpen => "put it in quotation marks".into(),
            Fault::ParenthesisOpen => "add )".into(),
            Fault::QuoteOpen => "add \"".into(),
            Fault::LonelyAnd | Fault::LonelyOr | Fault::Unfinished | Fault::EmptyParentheses => {
                "put the word in quotation marks to look for it".into()
            }
            Fault::NothingToLookFor | Fault::WordlessField { .. } => {
                "write a word with letters or digits".into()
            }
            Fault::NothingToLeaveOut => "write -word or NOT word".into(),
            Fault::EmptyField { example, .. } => format!("as in {example}"),
            Fault::ThreadInThread => "write one of them".into(),
            Fault::ShortBeginning => "write two letters or more before *".into(),
            Fault::UnknownValue { field, known, .. } => match known {
                Known::Meant(value) => format!("did you mean {field}:{value}?"),
                Known::All(values) => {
                    let values = values.iter().map(|value| format!("{field}:{value}"));
                    format!("write {}", values.collect::<Vec<_>>().join(" or "))
                }
            },
            Fault::NoRange | Fault::EndlessSize | Fault::NoSize(_) => {
                "write 100k.., ..2m or a range like 100k..2m".into()
            }
            Fault::EndlessDate | Fault::NoDate(_) => {
                "write 2019, 2019-03, 2019-03-04, a range like 2019..2020-06, or 2w..".into()
            }
            Fault::Backwards { from, to } => format!("write {to}..{from}"),
            Fault::WideThread { most, .. } => format!("narrow it down to at most {most}"),
        }
    }
}
