//! What a word is: the one tokenizer of the index, the matcher and the snippets.
//!
//! A token is a run of letters and digits, folded by [`fold`](super::fold): case, accents and
//! compatibility forms are gone. Three things are special:
//!
//! - `foo_bar` is the token `foo_bar` and, within it, the tokens `foo` and `bar`: an index holds all
//!   three (the whole at the position of its first part), a query asks for the whole.
//! - Scripts without blanks (Han, kana, Hangul, Thai, Lao, Khmer, Burmese) give overlapping pairs of
//!   letters; an index also holds the last letter of a run, so that every letter begins a token and
//!   a single one is found as a beginning.
//! - Nothing else joins: `don't`, `3.14`, `alice@example.org` are tokens side by side, and looked for
//!   as a phrase.
//!
//! Any change of the tokens is a change of [`TOKENIZER_VERSION`], on which indexes are made anew.

use super::fold::{Class, class, fold_into};

/// The version of the rules in this file and in `fold.rs`.
pub const TOKENIZER_VERSION: u32 = 1;
/// Bytes of a folded token; longer ones are cut, in an index and in a query alike.
pub const MAX_TOKEN_BYTES: usize = 64;
/// Tokens of one field of a mail; what comes later is not found by words.
pub const MAX_FIELD_TOKENS: usize = 200_000;

/// A token, lent until the next one is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'t> {
    /// Folded.
    pub text: &'t str,
    /// Its place among the words, from 0.
    pub position: u32,
    /// Where it begins in the source, in bytes.
    pub from: usize,
    /// Where it ends in the source, in bytes.
    pub to: usize,
}

/// For whom tokens are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Everything that may be asked for.
    Index,
    /// What is asked for: of a compound only the whole, of a run of letters only the pairs.
    Query,
}

/// The tokens of a text. Takes time linear in the text.
#[derive(Clone, Debug)]
pub struct Tokens<'s> {
    source: &'s str,
    purpose: Purpose,
    at: usize,
    position: u32,
    given: usize,
    inside: Inside,
    buffer: String,
}

/// What a scanned run still owes.
#[derive(Clone, Copy, Debug)]
enum Inside {
    Nothing,
    /// Parts of a compound that ends there.
    Compound(usize),
    /// Letters of a run that ends there; whether one pair was given.
    Letters(usize, bool),
}

impl<'s> Tokens<'s> {
    /// Of this text.
    pub fn new(source: &'s str, purpose: Purpose) -> Self {
        Tokens {
            source,
            purpose,
            at: 0,
            position: 0,
            given: 0,
            inside: Inside::Nothing,
            buffer: String::new(),
        }
    }

    /// The next token. Not an `Iterator`: the token lends its text from a buffer that is used again.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Option<Token<'_>> {
        if self.given >= MAX_FIELD_TOKENS {
            return None;
        }
        let (position, from, to) = loop {
            let found = match self.inside {
                Inside::Nothing => {
                    if !self.skip() {
                        return None;
                    }
                    self.run()
                }
                Inside::Compound(end) => self.part(end),
                Inside::Letters(end, paired) => self.letters(end, paired),
            };
            if found.is_some() && !self.buffer.is_empty() {
                break found?;
            }
        };
        self.given += 1;
        Some(Token {
            text: &self.buffer,
            position,
            from,
            to,
        })
    }

    /// Goes to the next character that begins a token; `false` at the end.
    fn skip(&mut self) -> bool {
        let rest = &self.source[self.at..];
        let begins = |c: char| matches!(class(c), Class::Word | Class::Letter);
        self.at += rest.find(begins).unwrap_or(rest.len());
        self.at < self.source.len()
    }

    /// A word, a compound, or the beginning of a run of letters.
    fn run(&mut self) -> Option<(u32, usize, usize)> {
        let from = self.at;
        let rest = &self.source[from..];
        if rest
            .chars()
            .next()
            .is_some_and(|c| class(c) == Class::Letter)
        {
            let other = |c: char| !matches!(class(c), Class::Letter | Class::Mark);
            let end = from + rest.find(other).unwrap_or(rest.len());
            self.inside = Inside::Letters(end, false);
            return None;
        }
        let mut joined = false;
        let other = |c: char| match class(c) {
            Class::Word | Class::Mark => false,
            Class::Joiner => {
                joined = true;
                false
            }
            Class::Letter | Class::Other => true,
        };
        let end = from + rest.find(other).unwrap_or(rest.len());
        let word = self.source[from..end].trim_end_matches('_');
        let to = from + word.len();
        joined = joined && word.contains('_');
        fold_into(word, &mut self.buffer);
        if !joined {
            self.at = end;
            let position = self.position;
            self.position += u32::from(!self.buffer.is_empty());
            return Some((position, from, to));
        }
        self.inside = Inside::Compound(end);
        Some((self.position, from, to))
    }

    /// The next part of a compound. A query counts them, to keep its positions, and gives none.
    fn part(&mut self, end: usize) -> Option<(u32, usize, usize)> {
        let rest = &self.source[self.at..end];
        let from = self.at + rest.len() - rest.trim_start_matches('_').len();
        if from == end {
            self.at = end;
            self.inside = Inside::Nothing;
            return None;
        }
        let rest = &self.source[from..end];
        let to = from + rest.find('_').unwrap_or(rest.len());
        self.at = to;
        fold_into(&self.source[from..to], &mut self.buffer);
        let position = self.position;
        self.position += u32::from(!self.buffer.is_empty());
        (self.purpose == Purpose::Index).then_some((position, from, to))
    }

    /// The next pair of a run of letters, or its last letter.
    fn letters(&mut self, end: usize, paired: bool) -> Option<(u32, usize, usize)> {
        let from = self.at;
        let second = letter_end(self.source, from, end);
        if from == end || (second == end && paired && self.purpose == Purpose::Query) {
            self.position += u32::from(from < end);
            self.at = end;
            self.inside = Inside::Nothing;
            return None;
        }
        let to = letter_end(self.source, second, end);
        fold_into(&self.source[from..to], &mut self.buffer);
        self.at = second;
        self.inside = Inside::Letters(end, true);
        let position = self.position;
        self.position += 1;
        Some((position, from, to))
    }
}

/// Where the letter that begins at `from` ends, its marks included.
fn letter_end(source: &str, from: usize, end: usize) -> usize {
    let mut letters = source[from..end].char_indices();
    letters.next();
    letters
        .find(|(_, c)| class(*c) != Class::Mark)
        .map_or(end, |(i, _)| from + i)
}

/// A token of a query.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct QueryToken {
    /// Folded.
    pub text: String,
    /// Its place among the words of its phrase.
    pub offset: u32,
    /// Whether it is a single letter of a script without blanks, found only as a beginning.
    pub single: bool,
    /// Where it ends in the text of the query, in bytes.
    pub to: usize,
}

/// The tokens that a text of a query asks for.
pub fn query_tokens(text: &str) -> Vec<QueryToken> {
    let mut tokens = Tokens::new(text, Purpose::Query);
    let mut out = Vec::new();
    while let Some(token) = tokens.next() {
        let letter = text[token.from..].chars().next();
        out.push(QueryToken {
            text: token.text.to_owned(),
            offset: token.position,
            single: letter.is_some_and(|c| class(c) == Class::Letter)
                && letter_end(text, token.from, text.len()) >= token.to,
            to: token.to,
        });
    }
    out
}
