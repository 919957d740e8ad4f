//! Ten kinds of query, of words that stand in the mails.

use super::super::mails::{Chance, Piece};
use std::collections::HashMap;

/// Mails that words are taken from.
const SAMPLE: usize = 2_000;
/// Letters of a word that is asked for.
const LETTERS: std::ops::RangeInclusive<usize> = 4..=14;

/// Words that the mails have.
pub(super) struct Words {
    /// Those that many mails have, most often first.
    frequent: Vec<String>,
    /// Others.
    rare: Vec<String>,
    /// Two that stand side by side.
    pairs: Vec<(String, String)>,
    /// Local parts of authors.
    authors: Vec<String>,
}

impl Words {
    /// From mails all over the mailbox; the same at every run.
    pub(super) fn of(pieces: &[Piece]) -> Words {
        let mut often: HashMap<String, usize> = HashMap::new();
        let (mut pairs, mut authors) = (Vec::new(), Vec::new());
        for piece in pieces.iter().step_by((pieces.len() / SAMPLE).max(1)) {
            let text = String::from_utf8_lossy(piece);
            let (head, body) = text.split_once("\n\n").unwrap_or_default();
            let from = head.lines().find_map(|line| line.strip_prefix("From: "));
            let local =
                from.and_then(|from| from.split(['<', '"', ' ']).find_map(|w| w.split_once('@')));
            authors.extend(
                local
                    .map(|(local, _)| local.to_owned())
                    .filter(|w| is_word(w)),
            );
            for line in body.lines().filter(|line| !line.starts_with('>')) {
                let words: Vec<&str> = line.split(' ').filter(|word| is_word(word)).collect();
                for word in &words {
                    *often.entry(word.to_ascii_lowercase()).or_default() += 1;
                }
                pairs.extend(side_by_side(line));
            }
        }
        let mut words: Vec<(String, usize)> = often.into_iter().collect();
        words.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        let words: Vec<String> = words.into_iter().map(|(word, _)| word).collect();
        let (frequent, rare) = words.split_at(words.len().min(100));
        let mut words = Words {
            frequent: frequent.to_vec(),
            rare: rare.to_vec(),
            pairs,
            authors,
        };
        let mut chance = Chance::new(11);
        chance.shuffle(&mut words.rare);
        chance.shuffle(&mut words.pairs);
        chance.shuffle(&mut words.authors);
        words
    }

    fn frequent(&self, n: usize) -> &str {
        nth(&self.frequent, n)
    }

    fn rare(&self, n: usize) -> &str {
        nth(&self.rare, n)
    }
}

fn nth(words: &[String], n: usize) -> &str {
    words
        .get(n % words.len().max(1))
        .map_or("mail", String::as_str)
}

fn is_word(word: &str) -> bool {
    LETTERS.contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn side_by_side(line: &str) -> Option<(String, String)> {
    let (one, rest) = line.split_once(' ')?;
    let (other, _) = rest.split_once(' ')?;
    (is_word(one) && is_word(other)).then(|| (one.to_owned(), other.to_owned()))
}

/// A kind of query.
pub(super) struct Kind {
    pub(super) name: &'static str,
    /// The one with that number.
    pub(super) query: fn(&Words, usize) -> String,
    /// Whether it asks about threads, which cost more.
    pub(super) of_threads: bool,
}

const fn kind(name: &'static str, query: fn(&Words, usize) -> String) -> Kind {
    Kind {
        name,
        query,
        of_threads: false,
    }
}

/// All kinds.
pub(super) const KINDS: &[Kind] = &[
    kind("a rare word", |words, n| words.rare(n).to_owned()),
    kind("a frequent word", |words, n| words.frequent(n).to_owned()),
    kind("two words", |words, n| {
        format!("{} {}", words.frequent(n), words.rare(n))
    }),
    kind("one of two words", |words, n| {
        format!("{} OR {}", words.frequent(n), words.rare(n))
    }),
    kind("one word without another", |words, n| {
        format!("{} -{}", words.frequent(n), words.frequent(n + 7))
    }),
    kind("a phrase", |words, n| {
        let pair = words.pairs.get(n % words.pairs.len().max(1));
        pair.map_or_else(String::new, |(one, other)| format!("\"{one} {other}\""))
    }),
    kind("a beginning", |words, n| {
        let word = words.rare(n);
        format!("{}*", word.get(..4).unwrap_or(word))
    }),
    kind("an author", |words, n| {
        format!("from:{}", nth(&words.authors, n))
    }),
    kind("a word within a year", |words, n| {
        format!("{} date:{}", words.frequent(n), 1998 + n % 20)
    }),
    Kind {
        of_threads: true,
        ..kind("threads of a word by an author", |words, n| {
            let author = nth(&words.authors, n);
            format!("thread:(from:{author} {})", words.rare(n))
        })
    },
];
