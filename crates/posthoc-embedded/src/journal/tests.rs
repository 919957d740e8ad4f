//! The journal cut, bent and packed.
#![allow(clippy::unwrap_used)]

use super::{FileJournal, LIMITS, Limits, numbers, segment_path};
use crate::dir::Access;
use posthoc_store::conformance::record;
use posthoc_store::{Generation, Journal, Packing, StoreError};
use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A journal in a folder of its own.
struct Bench(TempDir);

impl Bench {
    fn new() -> Bench {
        let bench = Bench(TempDir::new().unwrap());
        FileJournal::create(&bench.dir(), bench.access()).unwrap();
        bench
    }

    fn dir(&self) -> PathBuf {
        self.0.path().join("journal")
    }

    fn access(&self) -> Access {
        Access::of(self.0.path()).unwrap()
    }

    fn open(&self) -> FileJournal {
        self.open_with(LIMITS)
    }

    fn open_with(&self, limits: Limits) -> FileJournal {
        FileJournal::open(&self.dir(), self.access(), limits).unwrap()
    }
}

fn append(journal: &FileJournal, records: std::ops::Range<u64>, packing: Packing) {
    let end = records.end;
    let batch: Vec<_> = records.map(record).collect();
    assert_eq!(journal.append(&batch, packing).unwrap(), Generation(end));
}

fn damage(journal: &FileJournal) -> Vec<String> {
    let mut found = Vec::new();
    journal.verify(&mut |e| found.push(e.to_string())).unwrap();
    found
}

/// Opened again and read in full, both ways, the journal holds exactly the first `count` records.
fn check(bench: &Bench, count: u64) {
    let journal = bench.open();
    assert_eq!(journal.generation().unwrap(), Generation(count));
    let mut next = 0;
    let mut each = |seq, found| {
        assert_eq!((seq, &found), (next, &record(next)));
        assert_eq!(journal.read(seq).unwrap(), found);
        next += 1;
        true
    };
    journal.scan(0, &mut each).unwrap();
    assert_eq!(next, count);
    assert_eq!(damage(&journal), [""; 0]);
}

/// Length of the last segment, and its path.
fn last_segment(bench: &Bench) -> (PathBuf, u64) {
    let path = segment_path(
        &bench.dir(),
        *numbers(&bench.dir()).unwrap().last().unwrap(),
    );
    let len = fs::metadata(&path).unwrap().len();
    (path, len)
}

fn cut(path: &Path, len: u64) {
    OpenOptions::new()
        .write(true)
        .open(path)
        .unwrap()
        .set_len(len)
        .unwrap();
}

fn flip(path: &Path, at: u64) {
    let file = File::options().read(true).write(true).open(path).unwrap();
    let mut byte = [0];
    file.read_exact_at(&mut byte, at).unwrap();
    file.write_all_at(&[byte[0] ^ 4], at).unwrap();
}

#[test]
fn cut_at_every_byte_of_the_last_frames() {
    let bench = Bench::new();
    let journal = bench.open();
    append(&journal, 0..3, Packing::Blocks);
    let mut ends = vec![last_segment(&bench).1];
    for nth in 3..6 {
        append(&journal, nth..nth + 1, Packing::Single);
        ends.push(last_segment(&bench).1);
    }
    let (path, len) = last_segment(&bench);
    let whole = fs::read(&path).unwrap();
    let table = fs::read(path.with_extension("idx")).unwrap();
    for at in ends[0]..=len {
        // The side file may be newer than the cut, or not there.
        fs::write(path.with_extension("idx"), &table).unwrap();
        if at % 2 == 0 {
            fs::remove_file(path.with_extension("idx")).unwrap();
        }
        fs::write(&path, &whole).unwrap();
        cut(&path, at);
        let kept = 2 + ends.iter().filter(|end| **end <= at).count() as u64;
        check(&bench, kept);
        // Going on is tried near each end and at some places between: it costs two fsyncs.
        if at % 13 == 0 || ends.iter().any(|end| end.abs_diff(at) < 2) {
            append(&bench.open(), kept..kept + 2, Packing::Blocks);
            check(&bench, kept + 2);
        }
    }
}

#[test]
fn every_flipped_bit_is_found() {
    let bench = Bench::new();
    let journal = bench.open();
    append(&journal, 0..4, Packing::Blocks);
    append(&journal, 4..6, Packing::Single);
    let (path, len) = last_segment(&bench);
    for at in 0..len {
        flip(&path, at);
        assert!(!damage(&bench.open()).is_empty(), "byte {at}");
        flip(&path, at);
    }
    check(&bench, 6);
}

/// Damage to what was durable is never taken for a torn end: the rest stays readable and writable.
#[test]
fn damage_inside_is_not_cut_away() {
    let bench = Bench::new();
    let mut ends = vec![64];
    for batch in 0..4 {
        append(&bench.open(), batch * 3..batch * 3 + 3, Packing::Blocks);
        ends.push(last_segment(&bench).1);
    }
    let path = last_segment(&bench).0;
    for at in [ends[1] + 20, ends[1] + 120] {
        flip(&path, at);
        fs::remove_file(path.with_extension("idx")).unwrap();
        let journal = bench.open();
        assert_eq!(journal.generation().unwrap(), Generation(12));
        assert!(matches!(journal.read(4), Err(StoreError::Damaged { .. })));
        assert_eq!(journal.read(2).unwrap(), record(2));
        assert_eq!(journal.read(11).unwrap(), record(11));
        assert!(matches!(
            journal.scan(0, &mut |_, _| true),
            Err(StoreError::Damaged { .. })
        ));
        assert!(!damage(&journal).is_empty());
        append(&journal, 12..13, Packing::Single);
        assert_eq!(bench.open().read(12).unwrap(), record(12));
        flip(&path, at);
        cut(&path, ends[4]);
    }
    check(&bench, 12);
}

/// Bytes that are no frame at the end (a power cut) are told apart from a killed append, and cut.
#[test]
fn rubbish_at_the_end_is_cut_by_the_next_append() {
    let bench = Bench::new();
    append(&bench.open(), 0..3, Packing::Blocks);
    let (path, len) = last_segment(&bench);
    OpenOptions::new()
        .write(true)
        .open(&path)
        .unwrap()
        .write_all_at(&[0; 5000], len)
        .unwrap();
    let journal = bench.open();
    assert_eq!(journal.generation().unwrap(), Generation(3));
    assert!(journal.has_bad_tail() && damage(&journal).len() == 1);
    append(&journal, 3..4, Packing::Single);
    assert!(!journal.has_bad_tail());
    check(&bench, 4);
}

/// A reader that saw records which a failed append then took back forgets them.
#[test]
fn reader_follows_a_taken_back_append() {
    let bench = Bench::new();
    append(&bench.open(), 0..3, Packing::Blocks);
    let (path, len) = last_segment(&bench);
    append(&bench.open(), 3..5, Packing::Single);
    let reader = bench.open();
    assert_eq!(reader.read(4).unwrap(), record(4));
    cut(&path, len);
    assert_eq!(reader.generation().unwrap(), Generation(3));
    assert!(matches!(reader.read(4), Err(StoreError::NoRecord(4))));
    append(&bench.open(), 3..9, Packing::Blocks);
    assert_eq!(reader.generation().unwrap(), Generation(9));
    assert_eq!(reader.read(4).unwrap(), record(4));
}

/// An append that fails leaves the journal as it was, and the next one works.
#[test]
fn failed_append_is_taken_back() {
    let bench = Bench::new();
    let journal = bench.open();
    append(&journal, 0..3, Packing::Blocks);
    let (path, len) = last_segment(&bench);
    // A file that cannot be written stands for a disk that does not take the bytes.
    *journal.writer.lock().unwrap() = Some((1, File::open(&path).unwrap()));
    assert!(matches!(
        journal.append(&[record(3)], Packing::Single),
        Err(StoreError::Io { .. })
    ));
    assert_eq!(last_segment(&bench).1, len);
    assert_eq!(journal.generation().unwrap(), Generation(3));
    *journal.writer.lock().unwrap() = None;
    append(&journal, 3..4, Packing::Single);
    check(&bench, 4);
}

/// Segments roll, singles in sealed ones are packed, and readers that stood on the old file go on.
#[test]
fn segments_roll_and_are_packed() {
    let bench = Bench::new();
    let limits = Limits {
        bytes: 40_000,
        singles: 30,
    };
    let (journal, reader) = (bench.open_with(limits), bench.open_with(limits));
    for nth in 0..100 {
        append(&journal, nth..nth + 1, Packing::Single);
        assert_eq!(reader.generation().unwrap(), Generation(nth + 1));
        assert_eq!(reader.read(nth / 2).unwrap(), record(nth / 2));
    }
    append(&journal, 100..400, Packing::Blocks);
    append(&journal, 400..401, Packing::Single);
    let numbers = numbers(&bench.dir()).unwrap();
    assert!(numbers.len() > 3, "{numbers:?}");
    for number in &numbers[..numbers.len() - 1] {
        let segment = journal.sealed(*number).unwrap();
        assert!(segment.frames.iter().all(|f| !f.single));
        assert!(segment.path.with_extension("idx").is_file());
    }
    assert_eq!(reader.generation().unwrap(), Generation(401));
    for seq in 0..401 {
        assert_eq!(reader.read(seq).unwrap(), record(seq));
    }
    check(&bench, 401);
}

/// A last segment of which not even the header is whole holds nothing: the one before is the last.
#[test]
fn cut_in_the_header_of_the_last_segment() {
    let limits = Limits {
        bytes: 300,
        singles: 30,
    };
    for at in [0, 1, 30, 63, 64, 65] {
        let bench = Bench::new();
        for nth in 0..2 {
            append(
                &bench.open_with(limits),
                nth * 10..nth * 10 + 10,
                Packing::Blocks,
            );
        }
        let (path, _) = last_segment(&bench);
        assert!(path.ends_with("00000002.seg"));
        let reader = bench.open();
        cut(&path, at);
        let journal = bench.open_with(limits);
        assert_eq!(journal.generation().unwrap(), Generation(10));
        append(&journal, 10..12, Packing::Single);
        check(&bench, 12);
        assert_eq!(reader.generation().unwrap(), Generation(12));
        assert_eq!(reader.read(11).unwrap(), record(11));
    }
}

/// What a crash between sealing and packing leaves is packed later; full blocks are copied.
#[test]
fn repack_takes_up_what_was_left() {
    let bench = Bench::new();
    let big = |nth: u64| posthoc_store::Record {
        body: vec![nth as u8; 300_000],
        ..record(nth)
    };
    let never = bench.open_with(Limits {
        bytes: u64::MAX,
        singles: usize::MAX,
    });
    append(&never, 0..5, Packing::Single);
    never.append(&[big(5)], Packing::Blocks).unwrap();
    append(&never, 6..20, Packing::Single);
    let end = never.end();
    let header = super::SegmentHeader {
        number: 2,
        first_seq: end.seq,
        chain: end.chain,
    };
    super::new_segment(&bench.dir(), &bench.access(), header).unwrap();
    let journal = bench.open();
    append(&journal, 20..21, Packing::Single);
    journal.repack().unwrap();
    assert_eq!(journal.sealed(1).unwrap().frames.len(), 3);
    for journal in [&never, &journal, &bench.open()] {
        assert_eq!(journal.generation().unwrap(), Generation(21));
        assert_eq!(journal.read(4).unwrap(), record(4));
        assert!(journal.read(5).unwrap() == big(5));
        assert_eq!(journal.read(19).unwrap(), record(19));
        assert_eq!(damage(journal), [""; 0]);
    }
}

/// The side file is believed only where it agrees with the segment.
#[test]
fn side_file_may_be_missing_or_wrong() {
    let bench = Bench::new();
    append(&bench.open(), 0..900, Packing::Blocks);
    append(&bench.open(), 900..903, Packing::Single);
    let path = last_segment(&bench).0.with_extension("idx");
    let table = fs::read(&path).unwrap();
    for at in 0..table.len() as u64 {
        flip(&path, at);
        assert_eq!(bench.open().read(902).unwrap(), record(902));
        assert_eq!(bench.open().read(0).unwrap(), record(0));
        flip(&path, at);
        cut(&path, at);
        assert_eq!(bench.open().read(902).unwrap(), record(902));
        fs::write(&path, &table).unwrap();
    }
    fs::remove_file(&path).unwrap();
    check(&bench, 903);
}

/// The same records give the same bytes, whatever the threads do.
#[test]
fn bytes_are_the_same_each_time() {
    let written = || {
        let bench = Bench::new();
        append(&bench.open(), 0..3000, Packing::Blocks);
        fs::read(last_segment(&bench).0).unwrap()
    };
    assert!(written() == written());
}
