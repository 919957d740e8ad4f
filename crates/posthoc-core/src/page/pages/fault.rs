//! What is wrong with a query, in the page's language.

use crate::page::strings::Strings;
use crate::page::{Filling, Told};
use crate::query::{Fault, Known, MAX_BYTES, MAX_CLAUSES, MAX_DEPTH, QueryError};

/// What is wrong, where, and what to write instead.
pub(super) fn fault_words(error: &QueryError, strings: &Strings) -> String {
    let said = |told: Told| Filling::Words(strings.told(&told));
    let args = vec![
        ("what", said(what(&error.fault))),
        ("at", Filling::Words(error.at.to_string())),
        ("hint", said(hint(&error.fault, strings))),
    ];
    strings.told(&Told::Text("query-fault", args))
}

fn what(fault: &Fault) -> Told {
    let name = match fault {
        Fault::TooLong => "query-too-long",
        Fault::TooManyWords => "query-too-many-words",
        Fault::TooDeep => "query-too-deep",
        Fault::NothingOpen => "query-nothing-open",
        Fault::ParenthesisOpen => "query-parenthesis-open",
        Fault::QuoteOpen => "query-quote-open",
        Fault::LonelyAnd => "query-lonely-and",
        Fault::LonelyOr => "query-lonely-or",
        Fault::Unfinished => "query-unfinished",
        Fault::EmptyParentheses => "query-empty-parentheses",
        Fault::NothingToLookFor => "query-nothing-to-look-for",
        Fault::NothingToLeaveOut => "query-nothing-to-leave-out",
        Fault::EmptyField { field, .. } | Fault::WordlessField { field } => {
            return Told::Text("query-empty-field", vec![("field", words(field))]);
        }
        Fault::ThreadInThread => "query-thread-in-thread",
        Fault::ShortBeginning => "query-short-beginning",
        Fault::UnknownValue { field, typed, .. } => {
            let args = vec![("field", words(field)), ("typed", shown(typed))];
            return Told::Text("query-unknown-value", args);
        }
        Fault::NoRange => "query-no-range",
        Fault::EndlessSize | Fault::EndlessDate => "query-endless",
        Fault::NoSize(typed) => return Told::Text("query-no-size", vec![("typed", shown(typed))]),
        Fault::NoDate(typed) => return Told::Text("query-no-date", vec![("typed", shown(typed))]),
        Fault::Backwards { .. } => "query-backwards",
        Fault::WideThread { mails, .. } => {
            // The digits as the command line has them.
            return Told::Text(
                "query-wide-thread",
                vec![("mails", words(&mails.to_string()))],
            );
        }
    };
    Told::text(name)
}

fn hint(fault: &Fault, strings: &Strings) -> Told {
    let most = |name, most: u64| Told::Text(name, vec![("most", words(&most.to_string()))]);
    let write = |words| Told::Text("hint-write", vec![("words", Filling::Words(words))]);
    Told::text(match fault {
        Fault::TooLong => return most("hint-bytes", MAX_BYTES as u64),
        Fault::TooManyWords => return most("hint-words", MAX_CLAUSES as u64),
        Fault::TooDeep => return most("hint-depth", MAX_DEPTH as u64),
        Fault::NothingOpen => "hint-quote-it",
        Fault::ParenthesisOpen => "hint-close-parenthesis",
        Fault::QuoteOpen => "hint-close-quote",
        Fault::LonelyAnd | Fault::LonelyOr | Fault::Unfinished | Fault::EmptyParentheses => {
            "hint-quote-word"
        }
        Fault::NothingToLookFor | Fault::WordlessField { .. } => "hint-word",
        Fault::NothingToLeaveOut => "hint-leave-out",
        Fault::EmptyField { example, .. } => {
            return Told::Text("hint-example", vec![("example", words(example))]);
        }
        Fault::ThreadInThread => "hint-one-of-them",
        Fault::ShortBeginning => "hint-two-letters",
        Fault::UnknownValue { field, known, .. } => {
            let value = |value: &&str| format!("{field}:{value}");
            return match known {
                Known::Meant(meant) => {
                    let meant = Filling::Words(value(meant));
                    Told::Text("hint-meant", vec![("words", meant)])
                }
                Known::All(values) => {
                    let either = |one: String, other: String| {
                        let args = [("one", one), ("other", other)];
                        let args = args.map(|(name, value)| (name, Filling::Words(value)));
                        strings.told(&Told::Text("hint-either", args.into()))
                    };
                    let values = values.iter().map(value).reduce(either);
                    write(values.unwrap_or_default())
                }
            };
        }
        Fault::NoRange | Fault::EndlessSize | Fault::NoSize(_) => "hint-size",
        Fault::EndlessDate | Fault::NoDate(_) => "hint-date",
        Fault::Backwards { from, to } => return write(format!("{to}..{from}")),
        Fault::WideThread { most: least, .. } => return most("hint-narrow", *least),
    })
}

fn words(words: &str) -> Filling {
    Filling::Words(words.to_owned())
}

/// What was typed, without the quotation marks that each language writes itself; what cannot be seen is
/// told by its number.
fn shown(typed: &str) -> Filling {
    let quoted = format!("{typed:?}");
    words(quoted.get(1..quoted.len() - 1).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Query;

    /// Every fault that typing can make, and the one that only an archive knows.
    fn faults() -> Vec<QueryError> {
        let typed = [
            &"x".repeat(1_001),
            &"x ".repeat(65),
            &"(".repeat(20),
            "a)",
            "(a",
            "\"a",
            "AND a",
            "a OR OR b",
            "a OR",
            "()",
            "&",
            "-",
            "-&",
            "from:",
            "from:\"&\"",
            "mid:<>",
            "thread:",
            "thread:(a thread:b)",
            "a*",
            "is:unanswerd",
            "is:x",
            "has:\"wi\u{7}ngs\"",
            "size:1k",
            "size:..",
            "size:2x..",
            "size:2m..1k",
            "date:..",
            "date:\u{202e}never",
            "date:2020..2019",
        ];
        let mut faults: Vec<QueryError> = typed
            .iter()
            .filter_map(|typed| Query::parse(typed).err())
            .collect();
        assert_eq!(faults.len(), typed.len());
        faults.push(QueryError {
            at: 0,
            fault: Fault::WideThread {
                mails: 12_345,
                most: 10_000,
            },
        });
        faults
    }

    #[test]
    fn pages_in_english_say_what_command_lines_say() {
        let english = Strings::new("en", None);
        for error in faults() {
            assert_eq!(fault_words(&error, &english), error.to_string());
        }
    }

    #[test]
    fn every_language_says_each_fault_in_its_own_words() {
        for language in ["de", "es", "fr"] {
            let strings = Strings::new(language, None);
            for error in faults() {
                let words = fault_words(&error, &strings);
                assert_ne!(words, error.to_string(), "{language}");
                for english in [error.fault.what(), error.fault.hint()] {
                    assert!(!words.contains(&english), "{language}: {words}");
                }
            }
        }
    }
}
