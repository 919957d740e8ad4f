//! Where a query leads on: to fewer mails by one more condition, and to words that were probably meant.

use super::ast::{Expr, Query};
use super::fold::{Class, class};
use super::{Field, When, query_tokens};

/// Letters that a word may have got wrong, by the scripts that have them.
const ALPHABETS: [&str; 3] = [
    "abcdefghijklmnopqrstuvwxyz0123456789",
    "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "αβγδεζηθικλμνξοπρστυφχψω",
];
/// Letters of the shortest and the longest word that another is looked for.
const LETTERS: std::ops::RangeInclusive<usize> = 4..=24;

/// Bytes of a name that is looked for.
const LONGEST_NAME: usize = 200;

impl Query {
    /// The query with one more leaf that all its mails must answer. A range of days gives way to one
    /// within it, so that going from year to month does not pile up.
    pub fn narrowed(&self, leaf: Expr) -> Query {
        let mut items = match self.expr() {
            Expr::All => Vec::new(),
            Expr::And(items) => items.clone(),
            one => vec![one.clone()],
        };
        items.retain(|item| !holds(item, &leaf));
        items.push(leaf);
        Query::of(match items.len() {
            1 => items.remove(0),
            _ => Expr::And(items),
        })
    }

    /// As text, when that can be asked: it is short enough and means the same.
    pub fn askable(&self) -> Option<String> {
        let text = self.to_string();
        (Query::parse(&text).as_ref() == Ok(self)).then_some(text)
    }

    /// The single words that are asked for, not left out: those of subject, text, author or anywhere.
    pub fn single_words(&self) -> Vec<&Expr> {
        let mut words = Vec::new();
        super::ast::walk(self.expr(), true, &mut |leaf, wanted| {
            let Expr::Term { field, text } = leaf else {
                return;
            };
            let in_words = matches!(
                field,
                None | Some(Field::Subject | Field::Body | Field::Unquoted | Field::Author)
            );
            if wanted && in_words && query_tokens(text).len() == 1 && !words.contains(&leaf) {
                words.push(leaf);
            }
        });
        words
    }

    /// The query with another word in the place of one of its words.
    pub fn with_word(&self, word: &Expr, other: &str) -> Query {
        Query::of(with_word(self.expr(), word, other))
    }
}

/// As deep as the query, which is bounded.
fn with_word(expr: &Expr, word: &Expr, other: &str) -> Expr {
    let each = |items: &[Expr]| -> Vec<Expr> {
        let items = items.iter();
        items.map(|item| with_word(item, word, other)).collect()
    };
    match expr {
        Expr::And(items) => Expr::And(each(items)),
        Expr::Or(items) => Expr::Or(each(items)),
        Expr::Term { field, .. } if expr == word => Expr::Term {
            field: *field,
            text: other.to_owned(),
        },
        expr => expr.clone(),
    }
}

/// Whether every mail that answers the leaf answers the item, as far as both alone tell.
fn holds(item: &Expr, leaf: &Expr) -> bool {
    match (item, leaf) {
        (
            Expr::Date { from, to },
            Expr::Date {
                from: Some(first),
                to: Some(last),
            },
        ) => {
            from.is_none_or(|from: When| from.begins_by(*first))
                && to.is_none_or(|to: When| to.ends_after(*last))
        }
        (item, leaf) => item == leaf,
    }
}

/// Dated within the days of that one.
pub fn within(when: When) -> Expr {
    Expr::Date {
        from: Some(when),
        to: Some(when),
    }
}

/// By an author of that name, of which quotation marks are left out; none for a name without words, or
/// longer than names are.
pub fn by_author(name: &str) -> Option<Expr> {
    let words: Vec<&str> = name.split(['"', ' ']).filter(|w| !w.is_empty()).collect();
    let text = words.join(" ");
    let usable = text.len() <= LONGEST_NAME && !query_tokens(&text).is_empty();
    usable.then_some(Expr::Phrase {
        field: Some(Field::Author),
        text,
    })
}

/// The words that one slip away from a word could be meant: a letter too many, too few, another, or
/// swapped with its neighbour. In the script of the word; none for one that is short, long, a number,
/// or of a script without blanks. At most about two thousand, each once, in order of the alphabet.
pub fn near_words(word: &str) -> Vec<String> {
    let tokens = query_tokens(word);
    let [token] = &tokens[..] else {
        return Vec::new();
    };
    let letters: Vec<char> = token.text.chars().collect();
    let spelled = letters.iter().all(|c| class(*c) == Class::Word);
    let script = |alphabet: &&&str| {
        let in_it = |c: &&char| c.is_alphabetic() && alphabet.contains(**c);
        letters.iter().filter(in_it).count()
    };
    let alphabet = ALPHABETS.iter().max_by_key(script);
    let alphabet = alphabet.filter(|alphabet| script(alphabet) > 0);
    let Some(alphabet) = alphabet.filter(|_| spelled && LETTERS.contains(&letters.len())) else {
        return Vec::new();
    };
    let mut words = Vec::new();
    for at in 0..=letters.len() {
        let (before, after) = letters.split_at(at);
        let joined = |middle: &[char], after: &[char]| -> String {
            before.iter().chain(middle).chain(after).collect()
        };
        words.extend(alphabet.chars().map(|letter| joined(&[letter], after)));
        if let [_, rest @ ..] = after {
            words.push(joined(&[], rest));
            words.extend(alphabet.chars().map(|letter| joined(&[letter], rest)));
        }
        if let [one, two, rest @ ..] = after {
            words.push(joined(&[*two, *one], rest));
        }
    }
    words.sort_unstable();
    words.dedup();
    words.retain(|near| *near != token.text);
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::facts::distance;

    #[test]
    fn what_narrows() {
        let year = Expr::Date {
            from: Some(When::Year(2025)),
            to: Some(When::Year(2025)),
        };
        let month = Expr::Date {
            from: Some(When::Month(2025, 3)),
            to: Some(When::Month(2025, 3)),
        };
        let list = Expr::List("ports".to_owned());
        let table = [
            ("", &year, "date:2025"),
            ("bell", &year, "bell date:2025"),
            ("bell OR tower", &list, "(bell OR tower) list:ports"),
            ("bell date:2025", &month, "bell date:2025-03"),
            ("date:2025 bell", &year, "bell date:2025"),
            ("date:2024..2025-03", &month, "date:2025-03"),
            (
                "date:..2025-03-30",
                &month,
                "date:..2025-03-30 date:2025-03",
            ),
            ("date:2w..", &month, "date:2w.. date:2025-03"),
            ("-date:2025", &month, "NOT date:2025 date:2025-03"),
            ("list:ports", &list, "list:ports"),
            ("list:x -bell", &list, "list:x NOT bell list:ports"),
        ];
        for (typed, leaf, expected) in table {
            let query = Query::parse(typed).unwrap();
            let narrowed = query.narrowed(leaf.clone());
            assert_eq!(narrowed.askable().as_deref(), Some(expected), "{typed}");
        }
        let long = Query::parse(&"a ".repeat(60)).unwrap();
        let full = (0..10).fold(long, |query, n| {
            query.narrowed(Expr::List(format!("list{n}")))
        });
        assert_eq!(full.askable(), None);
    }

    #[test]
    fn words_are_exchanged() {
        let query = Query::parse("subject:bel (tower OR -clok) \"bel x\" from:a@x bel").unwrap();
        let words = query.single_words();
        let shown: Vec<String> = words.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["subject:bel", "tower", "bel"]);
        let other = query.with_word(words[0], "bell").to_string();
        assert_eq!(
            other,
            "subject:bell (tower OR NOT clok) \"bel x\" from:a@x bel"
        );
    }

    #[test]
    fn near_words_are_one_slip_away() {
        let near = near_words("Kernle");
        for word in ["kernel", "kernl", "kernles", "kerne", "xernle", "kern1e"] {
            assert!(near.contains(&word.to_owned()), "{word}");
        }
        assert!(near.iter().all(|word| distance(word, "kernle") == 1));
        assert!(near.len() < 2_000 && near.is_sorted());
        assert!(near_words("колоклo").contains(&"колокло".to_owned()));
        for none in [
            "",
            "abc",
            "2021",
            "a b c d",
            "钟楼钟楼",
            "foo_bar",
            &"a".repeat(25),
        ] {
            assert_eq!(near_words(none), Vec::<String>::new(), "{none}");
        }
    }
}
