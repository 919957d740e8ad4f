//! Search without a server: a list's words in small files that a page loads one by one.
//!
//! 1. [`spans`] cuts a list's numbers into stretches: full ones of [`SEALED`] numbers, then the binary
//!    decomposition of what is left. What a stretch holds is a function of its mails alone, so files
//!    made one mail after the other are those made at once, and one more mail changes the last ones.
//! 2. [`Gather`] takes mails in any order and gives sorted runs of their words.
//! 3. [`build`] merges the runs of one stretch into its files, named by a hash of all of them.
//! 4. [`which_lists`] makes of the words of many lists the files that tell a search of the whole site
//!    into which of them to look.
//! 5. [`read`] reads them back: for tests, and for whoever wants to see what is in them. The script of
//!    the search page (`page/assets/search.js`) is the other reader; the two change together.
//!
//! Every file is a call, `posthoc("…")`, so that `<script src>` loads it also from a disk. The string
//! holds bits in [`letters`]. Numbers in the bits are Exp-Golomb codes; `docs/formats.md` tells the
//! layout.
//!
//! Not here: files and folders; which mails are shown. Whoever gathers takes the public copy.

mod bits;
mod build;
mod gather;
mod letters;
mod lists;
mod merge;
mod read;
mod spans;
#[cfg(test)]
mod tests;

pub use build::{Shard, ShardFile, build};
pub use gather::{Gather, Run, Shown};
pub use lists::{WORDS_FILE, which_lists, word_hashes};
pub use read::{Listed, Posting, chunk_words, read, unwrapped};
pub use spans::{LEAF, SEALED, Span, spans};

use super::Part;

/// The version of the files. A page asks its script to read no other.
pub const SHARDS_VERSION: u32 = 1;

/// The parts whose words are in the files, in the order of their bits; the Message-ID's hash is one
/// more. Words of `to:` are not there: they would be a tenth of everything and are hardly asked for.
pub const SHARD_PARTS: [Part; 4] = [Part::Subject, Part::Author, Part::Text, Part::Quoted];
/// Parts and the Message-ID.
const FIELDS: usize = SHARD_PARTS.len() + 1;
/// The number of the Message-ID among them.
const ID: usize = SHARD_PARTS.len();

/// Mails whose lines stand in one file.
pub const LINES: u32 = 8;
/// Characters of a mail's text that its line shows.
const SHOWN: usize = 120;
/// Bits of an impact.
const IMPACT_BITS: u32 = 5;

/// The word that stands for a Message-ID: `@` and 40 bits of FNV-1a in hex. No word of a text has an
/// `@`. Two ids with the same one are both found, which harms nobody.
pub fn id_word(id: &str) -> String {
    let (first, second) = (fnv(id.as_bytes(), BASIS), fnv(id.as_bytes(), 0x0123_4567));
    format!("@{first:08x}{:02x}", second >> 24)
}

/// Where FNV-1a begins.
const BASIS: u32 = 0x811c_9dc5;

fn fnv(bytes: &[u8], basis: u32) -> u32 {
    let step = |hash: u32, byte: &u8| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    bytes.iter().fold(basis, step)
}

/// Mean words of a part, as ranking counts them: of a subject or an author, and of a text.
fn mean_words(field: usize) -> u32 {
    if field < 2 { 8 } else { 100 }
}

/// How much a word weighs in a part whose length is known, quantised: BM25's saturated frequency
/// (k1 = 1.2, b = 0.75, the mean lengths of the live index), its root in [`IMPACT_BITS`] bits. 1 or
/// more.
fn impact(field: usize, frequency: u32, words: u32) -> u32 {
    let norm = 1.2 * (0.25 + 0.75 * f64::from(words) / f64::from(mean_words(field)));
    let frequency = f64::from(frequency);
    let most = f64::from((1u32 << IMPACT_BITS) - 1);
    ((frequency / (frequency + norm)).sqrt() * most)
        .round()
        .max(1.0) as u32
}

/// The order for the first of a word's positions in a part: from what its impact and frequency tell of
/// the part's length. In whole numbers, since the script must come to the same.
fn position_order(field: usize, impact: u32, frequency: u32) -> u32 {
    let (mean, square) = (
        u64::from(mean_words(field)),
        u64::from(impact.max(1)).pow(2),
    );
    let most = ((1u64 << IMPACT_BITS) - 1).pow(2);
    let norm = u64::from(frequency) * most.saturating_sub(square) * 1_000 / square;
    let words = (norm * mean / 900).saturating_sub(mean / 3);
    let step = words / (u64::from(frequency) + 1) * 11 / 16;
    step.max(1).ilog2().min(14)
}

/// The order for the next step between positions: it follows the steps before.
fn next_order(order: u32, step: u32) -> u32 {
    (order * 3 + 32 - step.leading_zeros()) / 4
}
