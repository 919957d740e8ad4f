//! Proof that a mail is gone: every file is searched for what was in it.
//!
//! After a purge the archive does not know the mail any more, so its bytes are given. What is looked
//! for: the Message-ID, the subject, the author's address, and lines of the text of some length. What
//! other mails of the archive say too is theirs (answers name the id and quote the text) and proves
//! nothing; it is counted and left out.
//!
//! The word index keeps words in pieces, so that a search of its bytes proves nothing: it is asked
//! whether it holds anything of the mail. The search files of a site hold words as bits; they are
//! unpacked and asked for the mail's Message-ID, which every mail in them has.

use crate::error::{ArchiveError, Result};
use crate::intake::{hex_of_half, raw_of};
use crate::tables::Rows;
use aho_corasick::AhoCorasick;
use flate2::read::MultiGzDecoder;
use posthoc_core::message::{Limits, MessageKey, parse};
use posthoc_core::query::{chunk_words, id_word};
use posthoc_store::{Head, MailHead, Record, Store};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Shortest line and subject that are looked for, in bytes.
const SHORTEST: usize = 20;
/// Longest stretch of a line that is looked for.
const LONGEST: usize = 200;
/// Lines of one mail that are looked for.
const LINES: usize = 500;
/// Bytes of a file that are searched at once.
const CHUNK: usize = 4 << 20;
/// Traces that are told,
const TOLD: usize = 1_000;
/// and of one string.
const TOLD_OF_EACH: usize = 20;

/// A trace of a mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trace {
    /// The file, `journal`, or `index`.
    pub file: String,
    /// Byte offset in the file (unpacked, for a .gz); the record's number, for the journal; the mail's
    /// number, for the index.
    pub offset: u64,
    /// What stands there.
    pub what: String,
}

/// What a search for traces found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Traces {
    /// Strings that were looked for.
    pub needles: u64,
    /// Strings that other mails have too, and that were not looked for.
    pub shared: u64,
    /// Files searched, the journal's records not counted.
    pub files: u64,
    /// Records of the journal searched.
    pub records: u64,
    /// The traces, at most a thousand, and at most twenty of each string.
    pub traces: Vec<Trace>,
    /// How often each string was told.
    #[serde(skip)]
    told: BTreeMap<Vec<u8>, usize>,
}

/// Searches the journal's records, unpacked, the index, and every file of some folders, as it is and, of .gz files,
/// unpacked, for traces of mails given as bytes.
///
/// # Errors
/// What storage and the file system refuse.
pub fn find_traces(
    store: &dyn Store,
    folders: &[PathBuf],
    mails: &[Vec<u8>],
    limits: &Limits,
) -> Result<Traces> {
    let mut needles: BTreeSet<Vec<u8>> = BTreeSet::new();
    let mut own: BTreeSet<(String, String)> = BTreeSet::new();
    for mail in mails {
        needles.extend(needles_of(mail, limits));
        let summary = parse(mail, limits).summary(0);
        own.insert((summary.id.0, hex_of_half(&summary.content.0)));
    }
    let mut found = Traces::default();
    let all: Vec<Vec<u8>> = needles.into_iter().collect();
    let search = Search::new(&all)?;
    let mut shared: BTreeSet<usize> = BTreeSet::new();
    let mut elsewhere: Vec<(usize, u64)> = Vec::new();
    store.journal().scan(0, &mut |seq, record| {
        found.records += 1;
        let head = serde_json::to_vec(&record.head).unwrap_or_default();
        let mail = matches!(&record.head, Head::Mail(head) if !own.contains(&name_of(head)));
        for bytes in [&head, &record.body] {
            for hit in search.automaton.find_overlapping_iter(bytes) {
                match mail {
                    true => drop(shared.insert(hit.pattern().as_usize())),
                    false if elsewhere.len() < TOLD => {
                        elsewhere.push((hit.pattern().as_usize(), seq))
                    }
                    false => {}
                }
            }
        }
        true
    })?;
    for (needle, seq) in elsewhere {
        if !shared.contains(&needle) {
            found.tell("journal", seq, &all[needle]);
        }
    }
    found.shared = shared.len() as u64;
    let wanted: Vec<Vec<u8>> = all
        .iter()
        .enumerate()
        .filter(|(nth, _)| !shared.contains(nth))
        .map(|(_, needle)| needle.clone())
        .collect();
    found.needles = wanted.len() as u64;
    in_index(store, mails, limits, &mut found)?;
    let mut search = Search::new(&wanted)?;
    let ids = own.iter().map(|(id, _)| id);
    let ids = ids.filter(|id| wanted.iter().any(|needle| needle == id.as_bytes()));
    search.ids = ids.map(|id| (id_word(id), id.clone())).collect();
    for folder in folders {
        search.folder(folder, &wanted, &mut found)?;
    }
    if !found.traces.is_empty() {
        without_decoded(store, &own, limits, &mut found)?;
    }
    Ok(found)
}

/// By which a record is known as one of a mail: its Message-ID and its content.
fn name_of(head: &MailHead) -> (String, String) {
    (head.id.clone(), head.content.clone())
}

/// Leaves out what other mails say too, transfer-encoded, so that their bytes do not show it.
fn without_decoded(
    store: &dyn Store,
    own: &BTreeSet<(String, String)>,
    limits: &Limits,
    found: &mut Traces,
) -> Result<()> {
    let told: BTreeSet<&[u8]> = found.traces.iter().map(|t| t.what.as_bytes()).collect();
    let told: Vec<Vec<u8>> = told.into_iter().map(<[u8]>::to_vec).collect();
    let search = Search::new(&told)?;
    let mut shared: BTreeSet<usize> = BTreeSet::new();
    store.journal().scan(0, &mut |_, record| {
        let Record { head, body } = record;
        let Head::Mail(head) = head else { return true };
        if body.is_empty() || own.contains(&name_of(&head)) {
            return true;
        }
        let message = parse(&raw_of(&head, body).unquoted(), limits);
        let body = message.body(limits);
        let files = body
            .attachments
            .iter()
            .filter_map(|file| file.text.as_deref());
        // Pages and the volume as text say of a header what it means, not how it is folded.
        let header = message
            .root
            .fields
            .iter()
            .fold(String::new(), |header, field| {
                header + &field.name + ": " + field.value().trim() + "\n"
            });
        let texts = [&message.subject, &message.author.address].map(String::as_str);
        let text = body.plain_text();
        for text in texts.into_iter().chain([&*text, &*header]).chain(files) {
            let hits = search.automaton.find_overlapping_iter(text);
            shared.extend(hits.map(|hit| hit.pattern().as_usize()));
        }
        shared.len() < told.len()
    })?;
    let shared: BTreeSet<&[u8]> = shared.into_iter().map(|nth| &*told[nth]).collect();
    found.shared += shared.len() as u64;
    found.needles = found.needles.saturating_sub(shared.len() as u64);
    found
        .traces
        .retain(|trace| !shared.contains(trace.what.as_bytes()));
    Ok(())
}

/// Whether the index still holds words of these mails, where they are taken down.
fn in_index(
    store: &dyn Store,
    mails: &[Vec<u8>],
    limits: &Limits,
    found: &mut Traces,
) -> Result<()> {
    let rows = Rows::new(store.catalog().snapshot()?);
    let lists = rows.lists()?;
    for mail in mails {
        let id = MessageKey::of(&parse(mail, limits).id);
        for list in &lists {
            for number in rows.bearing_key(list.list, id)? {
                let hidden = rows.mail(list.list, number)?.is_some_and(|row| row.hidden);
                if hidden && store.index().holds(list.list, number)? {
                    let words = format!("words of {} {number}", list.name);
                    found.tell("index", u64::from(number), words.as_bytes());
                }
            }
        }
    }
    Ok(())
}

impl Traces {
    fn tell(&mut self, file: &str, offset: u64, what: &[u8]) {
        let told = self.told.entry(what.to_vec()).or_default();
        *told += 1;
        if *told <= TOLD_OF_EACH && self.traces.len() < TOLD {
            self.traces.push(Trace {
                file: file.to_owned(),
                offset,
                what: String::from_utf8_lossy(what).into_owned(),
            });
        }
    }
}

/// What is looked for of a mail.
fn needles_of(mail: &[u8], limits: &Limits) -> BTreeSet<Vec<u8>> {
    let message = parse(mail, limits);
    let mut needles = BTreeSet::new();
    for exact in [&message.id.0, &message.author.address] {
        if exact.len() > 5 {
            needles.insert(exact.clone().into_bytes());
        }
    }
    let text = message.body(limits).plain_text();
    let raw = String::from_utf8_lossy(mail);
    let body = raw.split_once("\n\n").map_or("", |(_, body)| body);
    let subject = std::iter::once(message.subject.as_str());
    for line in subject
        .chain(text.lines().take(LINES))
        .chain(body.lines().take(LINES))
    {
        let line = line.trim();
        // Cut between characters; what is no letter proves little.
        let end = line
            .char_indices()
            .map(|(at, _)| at)
            .find(|at| *at >= LONGEST);
        let line = &line[..end.unwrap_or(line.len())];
        if line.len() >= SHORTEST && line.chars().filter(|c| c.is_alphanumeric()).count() > 12 {
            needles.insert(line.as_bytes().to_vec());
        }
    }
    needles
}

/// An automaton of needles.
struct Search {
    automaton: AhoCorasick,
    longest: usize,
    /// Message-IDs, by what stands for them in a site's search files.
    ids: BTreeMap<String, String>,
}

impl Search {
    fn new(needles: &[Vec<u8>]) -> Result<Self> {
        let automaton = AhoCorasick::new(needles);
        Ok(Search {
            automaton: automaton.map_err(|error| ArchiveError::Layout(error.to_string()))?,
            longest: needles.iter().map(Vec::len).max().unwrap_or(0),
            ids: BTreeMap::new(),
        })
    }

    /// Every file below a folder; links are not followed.
    fn folder(&self, folder: &Path, needles: &[Vec<u8>], found: &mut Traces) -> Result<()> {
        let mut waiting = vec![folder.to_owned()];
        while let Some(at) = waiting.pop() {
            let entries = fs::read_dir(&at).map_err(|error| refused(&at, error))?;
            for entry in entries {
                let entry = entry.map_err(|error| refused(&at, error))?;
                let kind = entry.file_type().map_err(|error| refused(&at, error))?;
                let path = entry.path();
                if kind.is_dir() {
                    waiting.push(path);
                } else if kind.is_file() {
                    self.file(&path, needles, found)?;
                }
            }
        }
        Ok(())
    }

    fn file(&self, path: &Path, needles: &[Vec<u8>], found: &mut Traces) -> Result<()> {
        let open = || match File::open(path) {
            Ok(file) => Ok(Some(file)),
            // A running server merges and removes files of its own.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(refused(path, error)),
        };
        let Some(file) = open()? else { return Ok(()) };
        found.files += 1;
        self.stream(path, file, needles, found)
            .map_err(|error| refused(path, error))?;
        if path.extension().is_some_and(|end| end == "gz")
            && let Some(file) = open()?
        {
            self.stream(path, MultiGzDecoder::new(file), needles, found)
                .map_err(|error| refused(path, error))?;
        }
        if !self.ids.is_empty() && is_chunk(path) {
            let words = fs::read(path).ok().and_then(|bytes| chunk_words(&bytes));
            for id in words.iter().flatten().filter_map(|word| self.ids.get(word)) {
                found.tell(&path.display().to_string(), 0, id.as_bytes());
            }
        }
        Ok(())
    }

    fn stream(
        &self,
        path: &Path,
        mut bytes: impl Read,
        needles: &[Vec<u8>],
        found: &mut Traces,
    ) -> io::Result<()> {
        let (mut window, mut begin): (Vec<u8>, u64) = (Vec::new(), 0);
        loop {
            let kept = window.len();
            let read = bytes.by_ref().take(CHUNK as u64).read_to_end(&mut window)?;
            if read == 0 {
                return Ok(());
            }
            for hit in self.automaton.find_overlapping_iter(&window) {
                // What lies wholly in the kept part was told before.
                if hit.end() > kept {
                    let offset = begin + hit.start() as u64;
                    let name = path.display().to_string();
                    found.tell(&name, offset, &needles[hit.pattern().as_usize()]);
                }
            }
            let keep = self.longest.min(window.len());
            begin += (window.len() - keep) as u64;
            window.drain(..window.len() - keep);
        }
    }
}

/// Whether a file is one of words of a site's search: `shards/NAME/0.js`.
fn is_chunk(path: &Path) -> bool {
    let stem = path
        .file_name()
        .and_then(|name| name.to_str()?.strip_suffix(".js"));
    let folders = path.ancestors().nth(2).and_then(Path::file_name);
    folders.is_some_and(|name| name == "shards")
        && stem.is_some_and(|stem| stem.bytes().all(|byte| byte.is_ascii_digit()))
}

fn refused(path: &Path, source: io::Error) -> ArchiveError {
    ArchiveError::File {
        action: "search",
        path: path.to_owned(),
        source,
    }
}
