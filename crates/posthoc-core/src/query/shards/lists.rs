//! Which lists have a word, for a search of a whole site that has many.
//!
//! Of each stretch the hashes of its words are kept in a file ([`WORDS_FILE`]), which no page loads.
//! Those of all lists together make the files that a page does load, one for each word of a query.
//! Two words with the same hash are told apart in the lists themselves.

use super::bits::{Reader, Writer};
use super::build::{ORDER_BITS, ShardFile, in_letters, order_of};
use super::read::unwrapped;

/// The name, without its extension, of a stretch's file of word hashes.
pub const WORDS_FILE: &str = "w";

/// Pairs of a word and a list in one file, about.
const PAIRS: usize = 2_500;
/// Bits of a hash that choose a file, at most.
const MOST_BITS: u32 = 12;
/// The order of how many words a file has.
const COUNT_ORDER: u32 = 8;

/// Bits of a hash that are kept: of a hundred thousand words one in two hundred shares its own.
const HASH_BITS: u32 = 24;

/// The sorted hashes of a stretch's words, each once, as steps.
pub(super) fn written_hashes(mut hashes: Vec<u32>) -> Writer {
    hashes.iter_mut().for_each(|hash| *hash >>= 32 - HASH_BITS);
    hashes.sort_unstable();
    hashes.dedup();
    let steps = || {
        hashes.iter().scan(0, |before, hash| {
            Some(hash - std::mem::replace(before, *hash))
        })
    };
    let order = order_of(steps());
    let mut bits = Writer::default();
    bits.number(hashes.len() as u32, COUNT_ORDER);
    bits.bits(order, ORDER_BITS);
    steps().for_each(|step| bits.number(step, order));
    bits
}

/// The hashes in a stretch's file, 24 bits each; `None` when it is damaged.
pub fn word_hashes(file: &[u8]) -> Option<Vec<u32>> {
    let bytes = unwrapped(file)?;
    let mut bits = Reader::new(&bytes);
    let count = bits.number(COUNT_ORDER)?;
    let order = bits.bits(ORDER_BITS)?;
    let mut hash = 0u32;
    let mut next = || {
        hash = hash.checked_add(bits.number(order)?)?;
        Some(hash)
    };
    (0..count).map(|_| next()).collect()
}

/// The files that tell which of some lists have a word, by the first bits of its hash; how many bits
/// is the logarithm of how many files there are. Of each list the hashes of its words, sorted.
pub fn which_lists(lists: &[Vec<u32>]) -> Vec<ShardFile> {
    let pairs: usize = lists.iter().map(Vec::len).sum();
    let bits = (pairs / PAIRS + 1).ilog2().clamp(1, MOST_BITS);
    let mut rest: Vec<&[u32]> = lists.iter().map(Vec::as_slice).collect();
    let mut files = Vec::new();
    for number in 0..1u32 << bits {
        let mut here: Vec<(u32, u32)> = Vec::new();
        for (list, rest) in rest.iter_mut().enumerate() {
            let end = rest.partition_point(|hash| hash >> (HASH_BITS - bits) == number);
            let (taken, after) = rest.split_at(end);
            *rest = after;
            let within = (1 << (HASH_BITS - bits)) - 1;
            here.extend(taken.iter().map(|hash| (hash & within, list as u32)));
        }
        here.sort_unstable();
        here.dedup();
        files.push(in_letters(number, written_lists(&here)));
    }
    files
}

/// How many words, the order of the steps between their hashes, and of each word its step, how many
/// lists have it, and the steps between these.
fn written_lists(pairs: &[(u32, u32)]) -> Writer {
    let words: Vec<&[(u32, u32)]> = pairs.chunk_by(|a, b| a.0 == b.0).collect();
    let mut before = 0;
    let steps = words.iter().map(|word| {
        let step = word[0].0 - before;
        before = word[0].0;
        step
    });
    let steps: Vec<u32> = steps.collect();
    let order = order_of(steps.iter().copied());
    let mut bits = Writer::default();
    bits.number(words.len() as u32, COUNT_ORDER);
    bits.bits(order, ORDER_BITS);
    for (step, word) in steps.iter().zip(words) {
        bits.number(*step, order);
        bits.number(word.len() as u32 - 1, 0);
        let mut next = 0;
        for (_, list) in word {
            bits.number(list - next, 1);
            next = list + 1;
        }
    }
    bits
}
