//! Where a text has what was asked for.
//!
//! 1. Every place that has a word, beginning or phrase of the query is a hit.
//! 2. The window with the most different ones, then the most of them, is chosen, and widened to
//!    whole words on both sides.
//! 3. Blanks and line ends are drawn together.

use super::ast::{Expr, Query, walk};
use super::plan::{Part, abbreviated, forms, parts};
use super::stem::{Forms, Stems};
use super::token::{Purpose, Tokens, query_tokens};
use std::collections::BTreeMap;

/// A stretch of a snippet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Plain text.
    pub text: String,
    /// Whether it was asked for.
    pub hit: bool,
}

/// One thing that is asked for.
#[derive(Debug)]
enum Wanted {
    /// Words at offsets, by their numbers.
    Sequence(Vec<(u32, usize)>),
    /// Words that begin so.
    Beginning(String),
    /// A word or one of its forms.
    Formed(Forms),
}

/// A place in the text that has one.
#[derive(Clone, Copy, Debug)]
struct Span {
    from: usize,
    to: usize,
    wanted: usize,
}

/// At most `max_chars` characters of the text (and `…` where it was cut), from where it answers the
/// query best, else from its beginning. `part` says which part of the mail the text is of: words
/// that are asked for in other parts are no hits; `stems` are those of the
/// [`Scope`](super::Scope). A text that fits is given whole. Takes time linear
/// in the text, times the length of the longest phrase.
pub fn snippet(
    text: &str,
    query: &Query,
    stems: Stems,
    part: Part,
    max_chars: usize,
) -> Vec<Piece> {
    let mut words = BTreeMap::new();
    let wanted = wanted(query, stems, part, &mut words);
    let spans = spans(text, &wanted, &words);
    let (from, to) = window(text, &spans, max_chars);
    cut(text, &spans, from, to)
}

fn wanted(
    query: &Query,
    stems: Stems,
    part: Part,
    words: &mut BTreeMap<String, usize>,
) -> Vec<Wanted> {
    let mut out = Vec::new();
    walk(query.expr(), true, &mut |leaf, asked| {
        let (field, text, begins) = match leaf {
            Expr::Term { field, text } => (field, text, abbreviated(text).is_some()),
            Expr::Phrase { field, text } => (field, text, false),
            Expr::Prefix { field, text } => (field, text, true),
            _ => return,
        };
        if !asked || !parts(*field).contains(&part) {
            return;
        }
        let stems = match leaf {
            Expr::Term { .. } if !begins && part.is_text() => stems,
            _ => Stems::NONE,
        };
        if let Some(forms) = forms(text, stems) {
            out.push(Wanted::Formed(forms));
            return;
        }
        let mut number = |word: String| {
            let next = words.len();
            *words.entry(word).or_insert(next)
        };
        let mut tokens = query_tokens(text);
        if begins && let Some(last) = tokens.pop() {
            out.push(Wanted::Beginning(last.text));
            let alone = tokens.drain(..).filter(|token| !token.single);
            out.extend(alone.map(|token| Wanted::Sequence(vec![(0, number(token.text))])));
        }
        if tokens.iter().all(|token| token.single) {
            out.extend(
                tokens
                    .into_iter()
                    .map(|token| Wanted::Beginning(token.text)),
            );
        } else {
            let whole = tokens.into_iter().filter(|token| !token.single);
            out.push(Wanted::Sequence(
                whole
                    .map(|token| (token.offset, number(token.text)))
                    .collect(),
            ));
        }
    });
    out
}

/// A place of a word: position, from, to.
type Place = (u32, usize, usize);

/// Every hit, in the order of the text.
fn spans(text: &str, wanted: &[Wanted], words: &BTreeMap<String, usize>) -> Vec<Span> {
    let mut places: Vec<Vec<Place>> = vec![Vec::new(); words.len()];
    let mut spans = Vec::new();
    let mut tokens = Tokens::new(text, Purpose::Index);
    while let Some(token) = tokens.next() {
        if let Some(word) = words.get(token.text) {
            places[*word].push((token.position, token.from, token.to));
        }
        for (i, wanted) in wanted.iter().enumerate() {
            let is_here = match wanted {
                Wanted::Beginning(beginning) => token.text.starts_with(beginning.as_str()),
                Wanted::Formed(forms) => forms.has(token.text),
                Wanted::Sequence(_) => false,
            };
            if is_here {
                spans.push(Span {
                    from: token.from,
                    to: token.to,
                    wanted: i,
                });
            }
        }
    }
    for (i, wanted) in wanted.iter().enumerate() {
        if let Wanted::Sequence(sequence) = wanted {
            for (from, to) in sequences(sequence, &places) {
                spans.push(Span {
                    from,
                    to,
                    wanted: i,
                });
            }
        }
    }
    spans.sort_unstable_by_key(|span| (span.from, span.to));
    spans
}

/// Where the words stand at their offsets: from the first's beginning to the last's end.
fn sequences(sequence: &[(u32, usize)], places: &[Vec<Place>]) -> Vec<(usize, usize)> {
    let Some((&(first, word), rest)) = sequence.split_first() else {
        return Vec::new();
    };
    let mut found: Vec<Place> = places[word].clone();
    for (offset, word) in rest {
        let mut next = places[*word].iter().peekable();
        found.retain_mut(|(position, _, to)| {
            let due = *position + (offset - first);
            while next.next_if(|place| place.0 < due).is_some() {}
            match next.peek() {
                Some(place) if place.0 == due => {
                    *to = (*to).max(place.2);
                    true
                }
                _ => false,
            }
        });
    }
    found.into_iter().map(|(_, from, to)| (from, to)).collect()
}

/// The bytes to show.
fn window(text: &str, spans: &[Span], max_chars: usize) -> (usize, usize) {
    if text.chars().nth(max_chars).is_none() {
        return (0, text.len());
    }
    let chars = char_numbers(text, spans);
    let (first, last) = best(spans, &chars, max_chars);
    let Some(from) = spans.get(first).map(|span| span.from) else {
        return (0, forward(text, 0, max_chars));
    };
    let used = chars[last].1.saturating_sub(chars[first].0).min(max_chars);
    let before = back(text, from, (max_chars - used) / 3);
    (before, forward(text, before, max_chars))
}

/// The number of the character at which each span begins and ends.
fn char_numbers(text: &str, spans: &[Span]) -> Vec<(usize, usize)> {
    let mut ends: Vec<usize> = spans.iter().flat_map(|span| [span.from, span.to]).collect();
    ends.sort_unstable();
    ends.dedup();
    let mut numbers = Vec::with_capacity(ends.len());
    let (mut at, mut number) = (0, 0);
    for end in &ends {
        number += text[at..*end].chars().count();
        at = *end;
        numbers.push(number);
    }
    let number = |at: usize| ends.binary_search(&at).map_or(0, |i| numbers[i]);
    spans
        .iter()
        .map(|span| (number(span.from), number(span.to)))
        .collect()
}

/// The first and last hit of the best window.
fn best(spans: &[Span], chars: &[(usize, usize)], max_chars: usize) -> (usize, usize) {
    let kinds = spans.iter().map(|span| span.wanted + 1).max().unwrap_or(0);
    let mut counts = vec![0usize; kinds];
    let mut distinct = 0;
    let mut first = 0;
    let mut best = (0, 0, 0, 0);
    for (last, span) in spans.iter().enumerate() {
        distinct += usize::from(counts[span.wanted] == 0);
        counts[span.wanted] += 1;
        while first < last && chars[last].1.saturating_sub(chars[first].0) > max_chars {
            let gone = spans[first].wanted;
            counts[gone] -= 1;
            distinct -= usize::from(counts[gone] == 0);
            first += 1;
        }
        let score = (distinct, last + 1 - first);
        if score > (best.0, best.1) {
            best = (score.0, score.1, first, last);
        }
    }
    (best.2, best.3)
}

/// Up to so many characters before, at the beginning of a word.
fn back(text: &str, from: usize, chars: usize) -> usize {
    let far = text[..from].char_indices().rev().take(chars).last();
    let far = far.map_or(from, |(i, _)| i);
    if far == 0 || text[..far].ends_with(char::is_whitespace) {
        return far;
    }
    match text[far..from].find(char::is_whitespace) {
        Some(blank) => far + blank,
        None => from,
    }
}

/// Up to so many characters after, at the end of a word if there is one.
fn forward(text: &str, from: usize, chars: usize) -> usize {
    let Some((length, next)) = text[from..].char_indices().nth(chars) else {
        return text.len();
    };
    if next.is_whitespace() {
        return from + length;
    }
    match text[from..from + length].rfind(char::is_whitespace) {
        Some(blank) if blank > length / 2 => from + blank,
        _ => from + length,
    }
}

/// The window's text in pieces.
fn cut(text: &str, spans: &[Span], from: usize, to: usize) -> Vec<Piece> {
    let mut pieces = Pieces::default();
    if from > 0 {
        pieces.push("… ", false);
    }
    let mut at = from;
    for span in spans {
        let (begin, end) = (span.from.max(at), span.to.min(to));
        if begin >= end {
            continue;
        }
        pieces.push(&text[at..begin], false);
        pieces.push(&text[begin..end], true);
        at = end;
    }
    pieces.push(&text[at..to], false);
    pieces.trim();
    if to < text.len() {
        pieces.push(" …", false);
    }
    pieces.done
}

#[derive(Default)]
struct Pieces {
    done: Vec<Piece>,
}

impl Pieces {
    /// Adds text, with every run of blanks and control characters as one blank.
    fn push(&mut self, text: &str, hit: bool) {
        for c in text.chars() {
            let blank = c.is_whitespace() || c.is_control();
            let last = self.done.last_mut();
            if blank && last.as_ref().is_none_or(|last| last.text.ends_with(' ')) {
                continue;
            }
            let c = if blank { ' ' } else { c };
            match last {
                Some(last) if last.hit == hit => last.text.push(c),
                _ => self.done.push(Piece {
                    text: c.to_string(),
                    hit,
                }),
            }
        }
    }

    fn trim(&mut self) {
        if let Some(last) = self.done.last_mut() {
            last.text.truncate(last.text.trim_end().len());
            if last.text.is_empty() {
                self.done.pop();
            }
        }
    }
}
