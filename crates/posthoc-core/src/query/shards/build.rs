//! From runs to files.
//!
//! 1. The lines of hits, eight mails to a file, and the days of all mails.
//! 2. The runs are merged word by word ([`merge`](super::merge)). Words and the mails that have them
//!    fill chunks, their positions the files beside; both are cut when they are large enough.
//! 3. The directory says with which word each chunk begins.

use super::bits::{Writer, best_order};
use super::gather::Run;
use super::lists::{WORDS_FILE, written_hashes};
use super::merge::{Line, Merge, Place, Places};
use super::{
    BASIS, FIELDS, ID, IMPACT_BITS, LINES, Span, fnv, letters, next_order, position_order,
};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Bytes of a chunk before it is written in letters, in a large stretch and in a small one: a query
/// loads one for each word and stretch.
const CHUNK: usize = 4_000;
/// The same of stretches up to [`SMALL`] numbers.
const SMALL_CHUNK: usize = 2_500;
const SMALL: u32 = 4_096;
/// Bytes of a file of positions before it is written in letters; those of a chunk stay together.
const POSITIONS: usize = 12_000;
/// Bits of a mail's place in its stretch.
pub(super) const PLACE_BITS: u32 = 14;
/// Bits of an order.
pub(super) const ORDER_BITS: u32 = 4;
/// The order of how many words a chunk has.
pub(super) const COUNT_ORDER: u32 = 5;
/// The order of how many bytes a word shares with the one before, and of how many come.
pub(super) const WORD_ORDER: u32 = 2;
/// The order of how many bits of positions a chunk has.
pub(super) const LENGTH_ORDER: u32 = 12;

/// The files of one stretch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shard {
    /// The first 16 hex digits of a hash of the files: the name of their folder.
    pub name: String,
    /// The stretch.
    pub span: Span,
    /// Mails that are shown.
    pub mails: u32,
    /// The files.
    pub files: Vec<ShardFile>,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShardFile {
    /// Its name: `d.js`, `n.js`, `0.js`, `p0.js`, `t0.js` and so on.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// The files of a stretch whose mails are in these runs, each in one; `None` when there is no mail.
/// Neither the order of the runs nor what is in which makes a difference. Of a damaged run what can
/// be read is taken.
pub fn build(span: Span, runs: &[Run]) -> Option<Shard> {
    let mut files = Vec::new();
    let lines: BTreeMap<u32, Line<'_>> = runs
        .iter()
        .flat_map(Run::lines)
        .filter(|(number, _)| span.has(*number))
        .collect();
    if lines.is_empty() {
        return None;
    }
    push_lines(span, &lines, &mut files);
    files.push(in_letters("n", days(span, &lines)));
    let mut chunks = Chunks::new(span);
    let mut merge = Merge::of(runs);
    let mut places = Places::default();
    let mut hashes = Vec::new();
    while let Some(word) = merge.next(&mut places) {
        chunks.push(word, &places, &mut files);
        if !word.starts_with(b"@") {
            hashes.push(fnv(word, BASIS));
        }
    }
    chunks.finish(&mut files);
    files.push(in_letters(WORDS_FILE, written_hashes(hashes)));
    let mut hasher = blake3::Hasher::new();
    for file in &files {
        hasher.update(file.name.as_bytes());
        hasher.update(&file.bytes);
    }
    Some(Shard {
        name: hasher.finalize().to_hex()[..16].to_owned(),
        span,
        mails: lines.len() as u32,
        files,
    })
}

pub(super) fn in_letters(name: impl std::fmt::Display, bits: Writer) -> ShardFile {
    let mut bytes = b"posthoc(\"".to_vec();
    letters::push(&mut bytes, &bits.finish());
    bytes.extend_from_slice(b"\")\n");
    ShardFile {
        name: format!("{name}.js"),
        bytes,
    }
}

fn push_lines(span: Span, lines: &BTreeMap<u32, Line<'_>>, files: &mut Vec<ShardFile>) {
    for block in 0..span.size().div_ceil(LINES) {
        let from = span.from + block * LINES;
        let here = lines.range(from..(from + LINES).min(span.to));
        let mut rows = String::new();
        let mut before = [""; 4];
        for (number, line) in here {
            let begin = if rows.is_empty() { "posthoc([[" } else { "],[" };
            let _ = write!(rows, "{begin}{number},{}", line.date);
            for (text, before) in line.texts.iter().zip(before) {
                rows.push(',');
                // Neighbours are often of one thread.
                match *text == before && !text.is_empty() {
                    true => rows.push('0'),
                    false => push_quoted(&mut rows, text),
                }
            }
            before = line.texts;
        }
        if !rows.is_empty() {
            rows.push_str("]])\n");
            files.push(ShardFile {
                name: format!("t{block}.js"),
                bytes: rows.into_bytes(),
            });
        }
    }
}

/// A string as JSON and JavaScript write it; nothing in it ends a line or a script.
fn push_quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '<' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// For each number whether there is a mail, and if so the days since that of the one before.
fn days(span: Span, lines: &BTreeMap<u32, Line<'_>>) -> Writer {
    let mut before = 0;
    let steps = lines.values().map(|line| {
        let step = (line.day - before).clamp(-(1 << 22), 1 << 22) as i32;
        before += i64::from(step);
        (step << 1 ^ step >> 31) as u32
    });
    let steps: Vec<u32> = steps.collect();
    let order = order_of(steps.iter().copied().skip(1));
    let mut bits = Writer::default();
    bits.bits(order, ORDER_BITS);
    let mut steps = steps.into_iter();
    for number in span.from..span.to {
        let is_there = lines.contains_key(&number);
        bits.bits(is_there.into(), 1);
        if is_there {
            bits.number(steps.next().unwrap_or_default(), order);
        }
    }
    bits
}

pub(super) fn order_of(numbers: impl Iterator<Item = u32>) -> u32 {
    let mut lengths = [0; 33];
    for number in numbers {
        lengths[(32 - number.leading_zeros()) as usize] += 1;
    }
    best_order(&lengths)
}

/// Words on their way into files.
struct Chunks {
    span: Span,
    /// Bits of a chunk.
    size: usize,
    words: Writer,
    positions: Writer,
    /// Of the word at hand; kept for its memory.
    mails: Writer,
    count: u32,
    /// The word before.
    last: Vec<u8>,
    /// The directory: how each chunk's first word begins, and whether a file of positions begins too.
    first: Vec<(Vec<u8>, bool)>,
    /// Positions of chunks that wait for their file.
    beside: Vec<Writer>,
}

impl Chunks {
    fn new(span: Span) -> Self {
        let bytes = if span.size() > SMALL {
            CHUNK
        } else {
            SMALL_CHUNK
        };
        Chunks {
            span,
            size: bytes * 8,
            words: Writer::default(),
            positions: Writer::default(),
            mails: Writer::default(),
            count: 0,
            last: Vec::new(),
            first: Vec::new(),
            beside: Vec::new(),
        }
    }

    fn push(&mut self, word: &[u8], places: &Places<'_>, files: &mut Vec<ShardFile>) {
        let mut mails = std::mem::take(&mut self.mails);
        mails.clear();
        let fields = (0..FIELDS).filter(|field| !places[*field].is_empty());
        let mask: u32 = fields.map(|field| 1 << field).sum();
        mails.bits(mask, FIELDS as u32);
        for part in places.iter().filter(|part| !part.is_empty()) {
            push_mails(&mut mails, self.span, part);
        }
        let grown = self.words.len() + mails.len();
        if self.count > 0 && (self.words.len() > self.size || grown > self.size * 3 / 2) {
            self.cut(files);
        }
        if self.count == 0 {
            self.begin(word);
        }
        let shared = shared(&self.last, word);
        self.words.number(shared as u32, WORD_ORDER);
        self.words.number((word.len() - shared) as u32, WORD_ORDER);
        for byte in &word[shared..] {
            self.words.bits(u32::from(*byte), 8);
        }
        self.words.append(&mails);
        self.mails = mails;
        for (field, part) in places[..ID].iter().enumerate() {
            push_positions(&mut self.positions, field, part);
        }
        self.count += 1;
        self.last.clear();
        self.last.extend_from_slice(word);
    }

    /// Enters a new chunk in the directory: with as much of its first word as tells it from the last
    /// one of the chunk before.
    fn begin(&mut self, word: &[u8]) {
        let enough = match self.first.is_empty() {
            true => 0,
            false => (shared(&self.last, word) + 1).min(word.len()),
        };
        self.first.push((word[..enough].to_vec(), false));
        self.last.clear();
    }

    /// Ends a chunk.
    fn cut(&mut self, files: &mut Vec<ShardFile>) {
        let mut bits = Writer::default();
        bits.number(std::mem::take(&mut self.count), COUNT_ORDER);
        bits.append(&std::mem::take(&mut self.words));
        files.push(in_letters(self.first.len() - 1, bits));
        let positions = std::mem::take(&mut self.positions);
        let waiting: usize = self.beside.iter().map(Writer::len).sum();
        if waiting > 0 && waiting + positions.len() > POSITIONS * 8 {
            self.cut_positions(self.first.len() - 1, files);
        }
        self.beside.push(positions);
    }

    /// Writes the positions of the chunks before one.
    fn cut_positions(&mut self, to: usize, files: &mut Vec<ShardFile>) {
        let from = to - self.beside.len();
        let mut bits = Writer::default();
        bits.number(self.beside.len() as u32, WORD_ORDER);
        for chunk in &self.beside {
            bits.number(chunk.len() as u32, LENGTH_ORDER);
        }
        for chunk in self.beside.drain(..) {
            bits.append(&chunk);
        }
        self.first[from].1 = true;
        files.push(in_letters(format_args!("p{from}"), bits));
    }

    fn finish(mut self, files: &mut Vec<ShardFile>) {
        if self.count > 0 {
            self.cut(files);
            self.cut_positions(self.first.len(), files);
        }
        let mut bits = Writer::default();
        bits.number(self.first.len() as u32, COUNT_ORDER);
        let mut last: &[u8] = &[];
        for (word, begins) in &self.first {
            bits.bits((*begins).into(), 1);
            let shared = shared(last, word);
            bits.number(shared as u32, WORD_ORDER);
            bits.number((word.len() - shared) as u32, WORD_ORDER);
            for byte in &word[shared..] {
                bits.bits(u32::from(*byte), 8);
            }
            last = word;
        }
        files.push(in_letters("d", bits));
    }
}

fn shared(left: &[u8], right: &[u8]) -> usize {
    let pairs = left.iter().zip(right);
    pairs.take_while(|(a, b)| a == b).count()
}

/// How many mails of a part have a word, and of each its place and impact.
fn push_mails(bits: &mut Writer, span: Span, part: &[Place<'_>]) {
    bits.number(part.len() as u32 - 1, 0);
    let place = |place: &Place<'_>| place.number.saturating_sub(span.from).min(span.size());
    if let [only] = part {
        bits.bits(place(only), PLACE_BITS);
        bits.bits(only.impact.into(), IMPACT_BITS);
        return;
    }
    let steps = || {
        let mut next = 0;
        part.iter().map(move |mail| {
            let step = place(mail).saturating_sub(next);
            next = place(mail) + 1;
            step
        })
    };
    let order = order_of(steps());
    bits.bits(order, ORDER_BITS);
    for (step, mail) in steps().zip(part) {
        bits.number(step, order);
        bits.bits(mail.impact.into(), IMPACT_BITS);
    }
}

/// Where in a part a word stands: of each mail how often, and the steps between.
fn push_positions(bits: &mut Writer, field: usize, part: &[Place<'_>]) {
    for mail in part {
        bits.number(mail.count - 1, 0);
        let mut order = position_order(field, mail.impact.into(), mail.count);
        for step in mail.steps() {
            bits.number(step, order);
            order = next_order(order, step);
        }
    }
}
