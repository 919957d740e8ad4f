//! Mails that quote what was removed: the operator decides about them.

use super::{Choice, Named};
use crate::error::Result;
use crate::load::Reader;
use posthoc_core::message::parse;
use serde::Serialize;
use std::collections::BTreeMap;

/// Equal consecutive lines that make a quotation.
const LINES: usize = 5;
/// Mails of a thread that are looked through.
const LOOKED_AT: usize = 2_000;
/// Lines of one mail that are looked at.
const LONGEST: usize = 20_000;

/// A mail that quotes a removed one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Quoting {
    /// The mail that quotes.
    #[serde(flatten)]
    pub mail: Named,
    /// The key of the removed mail.
    pub quotes: String,
    /// The longest run of equal lines.
    pub lines: usize,
}

impl Reader<'_> {
    /// Mails of the same threads with five or more consecutive lines of a removed one, quote marks and
    /// blanks apart. To be asked before a purge.
    ///
    /// # Errors
    /// What storage refuses.
    pub fn quoting(&self, removed: &[Choice]) -> Result<Vec<Quoting>> {
        let mut found = Vec::new();
        for choice in removed.iter().filter(|choice| !choice.row.purged) {
            let (on, row) = (choice.list, &choice.row);
            let Some(list) = self.rows.list(on)? else {
                continue;
            };
            let text = self.lines_of(row.seq)?;
            let runs = runs(&text);
            if runs.is_empty() {
                continue;
            }
            let thread = self.thread_of(&list, row)?;
            for number in self.rows.thread(on, thread, 0, LOOKED_AT)? {
                let Some(other) = self.rows.mail(on, number)? else {
                    continue;
                };
                let taken = |choice: &Choice| (choice.list, choice.row.number) == (on, number);
                if other.hidden || removed.iter().any(taken) {
                    continue;
                }
                let lines = longest_run(&text, &runs, &self.lines_of(other.seq)?);
                if lines >= LINES {
                    found.push(Quoting {
                        mail: self.named_as(&list, &other),
                        quotes: row.key.to_string(),
                        lines,
                    });
                }
            }
        }
        Ok(found)
    }

    /// A mail's lines that say something, without quote marks.
    fn lines_of(&self, seq: u64) -> Result<Vec<String>> {
        let bytes = self.unquoted_bytes(seq)?;
        let searchable = parse(&bytes, self.limits())
            .body(self.limits())
            .plain_text();
        let bare = |line: &str| {
            let line = line.trim_start_matches(|c: char| c == '>' || c == '|' || c.is_whitespace());
            line.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        Ok(searchable
            .lines()
            .take(LONGEST)
            .map(bare)
            .filter(|line| !line.is_empty())
            .collect())
    }
}

/// Where each stretch of [`LINES`] lines begins, by a hash of them.
fn runs(lines: &[String]) -> BTreeMap<[u8; 8], usize> {
    let mut runs = BTreeMap::new();
    for (at, stretch) in lines.windows(LINES).enumerate() {
        runs.entry(hash(stretch)).or_insert(at);
    }
    runs
}

fn hash(lines: &[String]) -> [u8; 8] {
    let mut hasher = blake3::Hasher::new();
    for line in lines {
        hasher.update(line.as_bytes());
        hasher.update(b"\n");
    }
    let mut first = [0; 8];
    first.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    first
}

/// The longest run of a text's lines that stands in another; 0 when none has [`LINES`] of them.
fn longest_run(text: &[String], runs: &BTreeMap<[u8; 8], usize>, other: &[String]) -> usize {
    let (mut longest, mut at) = (0, 0);
    while at + LINES <= other.len() {
        let Some(begin) = runs.get(&hash(&other[at..at + LINES])) else {
            at += 1;
            continue;
        };
        let pairs = text[*begin..].iter().zip(&other[at..]);
        let same = pairs.take_while(|(one, two)| one == two).count();
        longest = longest.max(same);
        at += same.max(1);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_five_lines_are_found() {
        let lines = |words: &str| words.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let check = |text: &str, other: &str, expected| {
            let text = lines(text);
            assert_eq!(longest_run(&text, &runs(&text), &lines(other)), expected);
        };
        check("a b c d e f", "x a b c d e f y", 6);
        check("a b c d e f", "a b c d x e f", 0);
        check("a b c d", "a b c d", 0);
        check("a a a a a a", "a a a a a a a", 6);
    }
}
