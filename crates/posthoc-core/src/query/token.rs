//! What a word is: the one tokenizer of the index, the matcher and the snippets.
//!
//! A token is a run of letters and digits, folded by [`fold`](super::fold): case, accents and
//! compatibility forms are gone. Five things are special:
//!
//! - `foo_bar` is the token `foo_bar` and, within it, the tokens `foo` and `bar`: an index holds all
//!   three (the whole at the position of its first part), a query asks for the whole.
//! - Scripts without blanks (Han, kana, Hangul, Thai, Lao, Khmer, Burmese) give overlapping pairs of
//!   letters; an index also holds the last letter of a run, so that every letter begins a token and
//!   a single one is found as a beginning.
//! - `C++`, `g++` and `C#` (one letter before the `#`) are tokens, and `c` within them, as above.
//! - A word cut by a hyphen at the end of a line is, in an index, also the word without the cut:
//!   `exam-` and `ple` below it are `exam`, `example` at its place, and `ple`.
//! - Nothing else joins: `don't`, `3.14`, `alice@example.org` are tokens side by side, and looked for
//!   as a phrase.
//!
//! Any change of the tokens is a change of [`TOKENIZER_VERSION`], on which indexes are made anew.

use super::fold::{Class, class, fold_into};

/// The version of the rules in this file and in `fold.rs`.
pub const TOKENIZER_VERSION: u32 = 2;
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
    /// The whole of a word that was cut at the end of a line: both pieces.
    Cut((usize, usize), (usize, usize)),
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
                Inside::Cut(head, tail) => self.mended(head, tail),
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
        let sign = sign(word, &self.source[to..]);
        joined = joined && word.contains('_') || !sign.is_empty();
        fold_into(word, &mut self.buffer);
        if !self.buffer.is_empty() && self.buffer.len() + sign.len() <= MAX_TOKEN_BYTES {
            self.buffer.push_str(sign);
        }
        if !joined {
            self.at = end;
            let position = self.position;
            self.position += u32::from(!self.buffer.is_empty());
            if self.purpose == Purpose::Index
                && let Some(tail) = tail(self.source, from, to)
            {
                self.inside = Inside::Cut((from, to), tail);
            }
            return Some((position, from, to));
        }
        self.inside = Inside::Compound(end);
        Some((self.position, from, to + sign.len()))
    }

    /// A word that was cut at the end of a line, at the place of its first piece. The second follows
    /// as a word of its own.
    fn mended(
        &mut self,
        head: (usize, usize),
        tail: (usize, usize),
    ) -> Option<(u32, usize, usize)> {
        self.inside = Inside::Nothing;
        let whole = [&self.source[head.0..head.1], &self.source[tail.0..tail.1]];
        fold_into(&whole.concat(), &mut self.buffer);
        Some((self.position.saturating_sub(1), head.0, tail.1))
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

/// What stands behind a word and belongs to it: `++`, or `#` behind a single letter.
fn sign<'s>(word: &str, rest: &'s str) -> &'s str {
    if rest.starts_with("++") && !rest.starts_with("+++") {
        return &rest[..2];
    }
    let letter = word.len() == 1 && word.starts_with(|c: char| c.is_ascii_alphabetic());
    match letter && rest.starts_with('#') {
        true => &rest[..1],
        false => "",
    }
}

/// The rest of a word that a hyphen cuts at the end of its line: small letters at the beginning of the
/// next one, behind blanks at most.
fn tail(source: &str, from: usize, to: usize) -> Option<(usize, usize)> {
    let letters = |text: &str| {
        text.chars()
            .all(|c| c.is_alphabetic() || class(c) == Class::Mark)
    };
    let below = source[to..].strip_prefix('-')?;
    let below = below
        .strip_prefix("\r\n")
        .or_else(|| below.strip_prefix('\n'))?
        .trim_start_matches([' ', '\t']);
    let begin = source.len() - below.len();
    let is_word = |c: char| matches!(class(c), Class::Word | Class::Mark);
    let end = begin + below.find(|c| !is_word(c)).unwrap_or(below.len());
    let piece = &source[begin..end];
    let small = piece.chars().next().is_some_and(char::is_lowercase);
    // A bound, so that a text of nothing but cuts is read in linear time.
    let short = piece.len() <= MAX_TOKEN_BYTES && to - from <= MAX_TOKEN_BYTES;
    (small && short && letters(piece) && letters(&source[from..to])).then_some((begin, end))
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
