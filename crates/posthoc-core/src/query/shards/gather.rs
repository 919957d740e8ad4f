//! Collects the words of mails.
//!
//! A word gets a number when it is first met; each place of it is one integer: word, part, mail,
//! position. Sorted by the words' order these integers are a run, which is written down short.

use super::{FIELDS, ID, SHARD_PARTS, SHOWN, id_word, impact};
use crate::query::{Doc, Purpose, Tokens};
use std::collections::HashMap;

/// Mails of a run.
const MAILS: usize = 1 << 12;
/// Places of words in a run, about: a few megabytes.
const PLACES: usize = 400_000;

/// Bits of a position; a part has at most 200,000 words.
const POSITION: u32 = 18;
/// The last position that can be told; there are not that many words.
const LAST: u64 = (1 << POSITION) - 1;
/// Bits of a position and a mail's place in its run.
const MAIL: u32 = POSITION + 12;
/// The same and a part.
const PART: u32 = MAIL + 3;

/// A mail as others see it.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'m> {
    /// Its volume's name.
    pub volume: &'m str,
    /// Days from the epoch to its date, in the list's zone.
    pub day: i64,
    /// The subject as a line of hits shows it.
    pub subject: &'m str,
    /// The author as a line of hits names them.
    pub author: &'m str,
    /// Its words, masked as the list says.
    pub doc: &'m Doc,
}

/// A place: word, part, mail, position.
fn key(word: u64, field: usize, mail: u64, position: u64) -> u64 {
    word << PART | (field as u64) << MAIL | mail << POSITION | position
}

/// Words of some mails, in order. Its bytes can lie on a disk in between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run(pub Vec<u8>);

/// Words of mails on their way into runs.
#[derive(Debug, Default)]
pub struct Gather {
    words: HashMap<Box<str>, u32>,
    places: Vec<u64>,
    mails: Vec<Mail>,
}

#[derive(Debug)]
struct Mail {
    number: u32,
    /// Words of each part.
    lengths: [u32; FIELDS],
    /// What is shown of it, written down.
    shown: Vec<u8>,
}

impl Gather {
    /// Whether it holds as much as a run should: then [`Gather::run`] is due.
    pub fn is_full(&self) -> bool {
        self.mails.len() >= MAILS || self.places.len() >= PLACES
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.mails.is_empty()
    }

    /// Takes a mail; its number counts among those of its list. Takes time linear in its text.
    pub fn add(&mut self, mail: &Shown<'_>) {
        let at = self.mails.len() as u64;
        let mut lengths = [0; FIELDS];
        for (field, part) in SHARD_PARTS.into_iter().enumerate() {
            let mut tokens = Tokens::new(mail.doc.part(part), Purpose::Index);
            while let Some(token) = tokens.next() {
                let word = number_of(&mut self.words, token.text);
                let place = u64::from(token.position).min(LAST);
                self.places.push(key(word, field, at, place));
                lengths[field] += 1;
            }
        }
        lengths[ID] = 1;
        let word = number_of(&mut self.words, &id_word(&mail.doc.id));
        self.places.push(key(word, ID, at, 0));
        self.mails.push(Mail {
            number: mail.doc.number,
            lengths,
            shown: written(mail),
        });
    }

    /// What was taken so far, as a run; begins anew.
    pub fn run(&mut self) -> Run {
        let mails = std::mem::take(&mut self.mails);
        let mut order: Vec<usize> = (0..mails.len()).collect();
        order.sort_unstable_by_key(|at| mails[*at].number);
        let mails: Vec<(usize, &Mail)> = order.into_iter().map(|at| (at, &mails[at])).collect();
        let mut words: Vec<(&str, u32)> = self.words.iter().map(|(w, n)| (&**w, *n)).collect();
        words.sort_unstable();
        put_in_order(&mut self.places, &words, &mails);
        let mut out = lines(&mails);
        out.reserve(self.places.len() * 3 / 2);
        let mut before = "";
        for here in self.places.chunk_by(|a, b| a >> PART == b >> PART) {
            let word = words[(here[0] >> PART) as usize].0;
            push_word(&mut out, before, word);
            push_places(&mut out, here, &mails);
            before = word;
        }
        self.places.clear();
        self.words.clear();
        Run(out)
    }
}

/// Numbers words and mails by their order, then sorts. A word that is there twice at one place (`foo_`
/// is its own part) counts once.
fn put_in_order(places: &mut Vec<u64>, words: &[(&str, u32)], mails: &[(usize, &Mail)]) {
    let mut word_ranks = vec![0; words.len()];
    for (rank, (_, number)) in words.iter().enumerate() {
        word_ranks[*number as usize] = rank as u64;
    }
    let mut mail_ranks = vec![0; mails.len()];
    for (rank, (at, _)) in mails.iter().enumerate() {
        mail_ranks[*at] = rank as u64;
    }
    for place in places.iter_mut() {
        let (word, field) = (*place >> PART, *place >> MAIL & ((1 << (PART - MAIL)) - 1));
        let (mail, position) = (*place >> POSITION & (MAILS as u64 - 1), *place & LAST);
        let mail = mail_ranks[mail as usize];
        *place = key(word_ranks[word as usize], field as usize, mail, position);
    }
    places.sort_unstable();
    places.dedup();
}

/// The beginning of a run: what is shown of its mails, with its length before it.
fn lines(mails: &[(usize, &Mail)]) -> Vec<u8> {
    let mut lines = Vec::new();
    for (_, mail) in mails {
        push_varint(&mut lines, mail.number);
        lines.extend_from_slice(&mail.shown);
    }
    let mut out = (lines.len() as u32).to_le_bytes().to_vec();
    out.append(&mut lines);
    out
}

fn written(mail: &Shown<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend_from_slice(&mail.day.to_le_bytes());
    out.extend_from_slice(&mail.doc.date.to_le_bytes());
    for text in [mail.volume, mail.subject, mail.author] {
        push_text(&mut out, text);
    }
    push_text(&mut out, &beginning(&mail.doc.text));
    out
}

/// The first characters of a text, blanks drawn together, cut between words.
fn beginning(text: &str) -> String {
    let mut out = String::new();
    let mut left = SHOWN;
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()) {
        let length = word.chars().count();
        if word.is_empty() {
            continue;
        }
        if length >= left {
            out.push_str(if out.is_empty() { "" } else { " " });
            if out.is_empty() {
                out.extend(word.chars().take(left));
            }
            out.push('…');
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
        left -= length + 1;
    }
    out
}

fn push_word(out: &mut Vec<u8>, before: &str, word: &str) {
    let pairs = before.bytes().zip(word.bytes());
    let shared = pairs.take_while(|(a, b)| a == b).count();
    push_varint(out, shared as u32);
    push_varint(out, (word.len() - shared) as u32);
    out.extend_from_slice(&word.as_bytes()[shared..]);
}

/// A word's places: how many parts, then of each its number, how many mails, and of each mail its
/// number, impact and positions.
fn push_places(out: &mut Vec<u8>, places: &[u64], mails: &[(usize, &Mail)]) {
    let parts = places.chunk_by(|a, b| a >> MAIL == b >> MAIL);
    out.push(parts.clone().count() as u8);
    for part in parts {
        let field = (part[0] >> MAIL) as usize % (1 << (PART - MAIL));
        let of_mails = part.chunk_by(|a, b| a >> POSITION == b >> POSITION);
        out.push(field as u8);
        push_varint(out, of_mails.clone().count() as u32);
        for positions in of_mails {
            let mail = mails[(positions[0] >> POSITION) as usize % MAILS].1;
            let count = positions.len() as u32;
            push_varint(out, mail.number);
            out.push(impact(field, count, mail.lengths[field]) as u8);
            push_varint(out, count);
            let mut before = 0;
            for position in positions {
                let position = (position & LAST) as u32;
                push_varint(out, position - before);
                before = position;
            }
        }
    }
}

fn number_of(words: &mut HashMap<Box<str>, u32>, word: &str) -> u64 {
    if let Some(number) = words.get(word) {
        return u64::from(*number);
    }
    let number = words.len() as u32;
    words.insert(word.into(), number);
    u64::from(number)
}

fn push_text(out: &mut Vec<u8>, text: &str) {
    push_varint(out, text.len() as u32);
    out.extend_from_slice(text.as_bytes());
}

fn push_varint(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
