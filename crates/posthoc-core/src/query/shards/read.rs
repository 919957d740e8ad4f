//! Files, read back.

use super::bits::Reader;
use super::build::{COUNT_ORDER, LENGTH_ORDER, ORDER_BITS, PLACE_BITS, ShardFile, WORD_ORDER};
use super::{FIELDS, ID, IMPACT_BITS, Span, letters, next_order, position_order};
use std::collections::BTreeMap;

/// A word of a stretch and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The word, folded; of a Message-ID what stands for it.
    pub word: String,
    /// By part ([`SHARD_PARTS`](super::SHARD_PARTS), then the Message-ID), by number.
    pub mails: [Vec<Posting>; FIELDS],
}

/// A mail that has a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Its number.
    pub number: u32,
    /// How much the word weighs in it.
    pub impact: u32,
    /// Where the word stands; not told of Message-IDs.
    pub positions: Vec<u32>,
}

/// The content of a file: the bytes behind its letters, or the text of its rows.
pub fn unwrapped(file: &[u8]) -> Option<Vec<u8>> {
    let inside = file.strip_prefix(b"posthoc(")?.strip_suffix(b")\n")?;
    match inside.strip_prefix(b"\"") {
        Some(inside) => letters::bytes(inside.strip_suffix(b"\"")?),
        None => Some(inside.to_vec()),
    }
}

/// The words of a stretch, from its files; `None` when they are damaged.
pub fn read(span: Span, files: &[ShardFile]) -> Option<Vec<Listed>> {
    let files: BTreeMap<&str, &[u8]> = files.iter().map(|f| (&*f.name, &*f.bytes)).collect();
    let file = |name: String| unwrapped(files.get(name.as_str())?);
    let directory = file("d.js".to_owned())?;
    let mut directory = Reader::new(&directory);
    let mut words = Vec::new();
    let (mut beside, mut lengths) = (Vec::new(), Vec::new().into_iter());
    let mut at = 0;
    for chunk in 0..directory.number(COUNT_ORDER)? {
        if directory.bits(1)? == 1 {
            beside = file(format!("p{chunk}.js"))?;
            let mut bits = Reader::new(&beside);
            let count = bits.number(WORD_ORDER)?;
            let each: Option<Vec<u32>> = (0..count).map(|_| bits.number(LENGTH_ORDER)).collect();
            lengths = each?.into_iter();
            at = bits.at();
        }
        next_word(&mut directory, &mut Vec::new())?;
        let bytes = file(format!("{chunk}.js"))?;
        let mut positions = Reader::new(&beside);
        positions.seek(at);
        read_chunk(span, &mut Reader::new(&bytes), &mut positions, &mut words)?;
        at += lengths.next()? as usize;
        if positions.at() != at {
            return None;
        }
    }
    Some(words)
}

/// The words of one chunk, `0.js` and the like; `None` when it is damaged or another file.
pub fn chunk_words(file: &[u8]) -> Option<Vec<String>> {
    let bytes = unwrapped(file)?;
    let mut bits = Reader::new(&bytes);
    let span = Span { from: 0, to: 0 };
    let mut word = Vec::new();
    let mut words = Vec::new();
    for _ in 0..bits.number(COUNT_ORDER)? {
        next_word(&mut bits, &mut word)?;
        for _ in 0..bits.bits(FIELDS as u32)?.count_ones() {
            read_mails(span, &mut bits, &mut Vec::new())?;
        }
        words.push(String::from_utf8(word.clone()).ok()?);
    }
    Some(words)
}

fn next_word(bits: &mut Reader<'_>, word: &mut Vec<u8>) -> Option<()> {
    let shared = bits.number(WORD_ORDER)?;
    word.truncate(shared as usize);
    for _ in 0..bits.number(WORD_ORDER)? {
        word.push(bits.bits(8)? as u8);
    }
    Some(())
}

fn read_chunk(
    span: Span,
    bits: &mut Reader<'_>,
    positions: &mut Reader<'_>,
    words: &mut Vec<Listed>,
) -> Option<()> {
    let mut word = Vec::new();
    for _ in 0..bits.number(COUNT_ORDER)? {
        next_word(bits, &mut word)?;
        let mask = bits.bits(FIELDS as u32)?;
        let mut mails: [Vec<Posting>; FIELDS] = Default::default();
        for (field, mails) in mails.iter_mut().enumerate() {
            if mask >> field & 1 == 1 {
                read_mails(span, bits, mails)?;
            }
        }
        for (field, mails) in mails[..ID].iter_mut().enumerate() {
            read_positions(positions, field, mails)?;
        }
        let word = String::from_utf8(word.clone()).ok()?;
        words.push(Listed { word, mails });
    }
    Some(())
}

fn read_mails(span: Span, bits: &mut Reader<'_>, mails: &mut Vec<Posting>) -> Option<()> {
    let count = bits.number(0)? + 1;
    let order = match count {
        1 => None,
        _ => Some(bits.bits(ORDER_BITS)?),
    };
    let mut next = 0u32;
    for _ in 0..count {
        let step = match order {
            None => bits.bits(PLACE_BITS)?,
            Some(order) => bits.number(order)?,
        };
        let place = next.checked_add(step)?;
        mails.push(Posting {
            number: span.from.checked_add(place)?,
            impact: bits.bits(IMPACT_BITS)?,
            positions: Vec::new(),
        });
        next = place.checked_add(1)?;
    }
    Some(())
}

fn read_positions(bits: &mut Reader<'_>, field: usize, mails: &mut [Posting]) -> Option<()> {
    for mail in mails {
        let count = bits.number(0)? + 1;
        let mut order = position_order(field, mail.impact, count);
        let mut next = 0u32;
        for _ in 0..count {
            let step = bits.number(order)?;
            let position = next.checked_add(step)?;
            mail.positions.push(position);
            next = position.checked_add(1)?;
            order = next_order(order, step);
        }
    }
    Some(())
}
