//! Runs, merged word by word.

use super::FIELDS;
use super::gather::Run;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A mail that has a word: its number and impact, and its positions as the run holds them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'r> {
    pub(super) number: u32,
    pub(super) impact: u8,
    pub(super) count: u32,
    positions: Bytes<'r>,
}

/// The mails that have a word, by part, by number.
pub(super) type Places<'r> = [Vec<Place<'r>>; FIELDS];

/// What a run says of a mail beside its words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'r> {
    pub(super) day: i64,
    pub(super) date: i64,
    /// Volume, subject, author, text.
    pub(super) texts: [&'r str; 4],
}

/// The words of all runs, in order.
pub(super) struct Merge<'r> {
    runs: Vec<Bytes<'r>>,
    /// The word at which each run stands.
    heads: BinaryHeap<Reverse<(Vec<u8>, usize)>>,
    /// The word that was given last.
    word: Vec<u8>,
}

impl<'r> Merge<'r> {
    pub(super) fn of(runs: &'r [Run]) -> Self {
        let mut merge = Merge {
            runs: runs.iter().map(|run| Bytes(run.halves().1)).collect(),
            heads: BinaryHeap::new(),
            word: Vec::new(),
        };
        for run in 0..runs.len() {
            merge.step(run, Vec::new());
        }
        merge
    }

    /// The next word; the places become those of the mails that have it.
    pub(super) fn next(&mut self, places: &mut Places<'r>) -> Option<&[u8]> {
        let Reverse((first, _)) = self.heads.peek()?;
        self.word.clone_from(first);
        places.iter_mut().for_each(Vec::clear);
        let stands = |head: &Reverse<(Vec<u8>, usize)>, word: &[u8]| head.0.0 == word;
        while self
            .heads
            .peek()
            .is_some_and(|head| stands(head, &self.word))
        {
            let Some(Reverse((word, run))) = self.heads.pop() else {
                break;
            };
            if self.runs[run].places(places).is_some() {
                self.step(run, word);
            }
        }
        for part in places {
            if !part.is_sorted_by_key(|place| place.number) {
                part.sort_by_key(|place| place.number);
            }
        }
        Some(&self.word)
    }

    /// Goes on in a run, from a word to the next.
    fn step(&mut self, run: usize, mut word: Vec<u8>) {
        if self.runs[run].next_word(&mut word).is_some() {
            self.heads.push(Reverse((word, run)));
        }
    }
}

impl Place<'_> {
    /// The steps from each position to the next: the first, then those between, less one.
    pub(super) fn steps(&self) -> impl Iterator<Item = u32> + '_ {
        let mut bytes = self.positions;
        (0..self.count).map(move |at| {
            let step = bytes.varint().unwrap_or_default();
            step - u32::from(at > 0 && step > 0)
        })
    }
}

impl Run {
    /// Its lines, and its words.
    fn halves(&self) -> (&[u8], &[u8]) {
        let Some((length, rest)) = self.0.split_first_chunk::<4>() else {
            return (&[], &[]);
        };
        let length = u32::from_le_bytes(*length) as usize;
        rest.split_at_checked(length).unwrap_or((&[], &[]))
    }

    /// What it says of its mails.
    pub(super) fn lines(&self) -> impl Iterator<Item = (u32, Line<'_>)> {
        let mut bytes = Bytes(self.halves().0);
        std::iter::from_fn(move || bytes.line())
    }
}

/// Bytes of a run, read from the front. `None` where it ends too early.
#[derive(Clone, Copy, Debug)]
struct Bytes<'r>(&'r [u8]);

impl<'r> Bytes<'r> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn take(&mut self, length: usize) -> Option<&'r [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn varint(&mut self) -> Option<u32> {
        let mut value = 0;
        for shift in (0..32).step_by(7) {
            let byte = self.byte()?;
            value |= u32::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn number(&mut self) -> Option<i64> {
        let (eight, rest) = self.0.split_first_chunk::<8>()?;
        self.0 = rest;
        Some(i64::from_le_bytes(*eight))
    }

    fn text(&mut self) -> Option<&'r str> {
        let length = self.varint()? as usize;
        std::str::from_utf8(self.take(length)?).ok()
    }

    fn line(&mut self) -> Option<(u32, Line<'r>)> {
        let number = self.varint()?;
        let (day, date) = (self.number()?, self.number()?);
        let texts = [self.text()?, self.text()?, self.text()?, self.text()?];
        Some((number, Line { day, date, texts }))
    }

    /// The next word, made of the one before.
    fn next_word(&mut self, word: &mut Vec<u8>) -> Option<()> {
        let shared = self.varint()? as usize;
        let added = self.varint()? as usize;
        word.truncate(shared);
        word.extend_from_slice(self.take(added)?);
        Some(())
    }

    fn places(&mut self, places: &mut Places<'r>) -> Option<()> {
        for _ in 0..self.byte()? {
            let part = places.get_mut(usize::from(self.byte()?))?;
            for _ in 0..self.varint()? {
                let (number, impact) = (self.varint()?, self.byte()?);
                let count = self.varint()?;
                let positions = *self;
                for _ in 0..count {
                    while self.byte()? >= 0x80 {}
                }
                part.push(Place {
                    number,
                    impact,
                    count,
                    positions,
                });
            }
        }
        Some(())
    }
}
