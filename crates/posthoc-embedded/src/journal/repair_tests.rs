//! Damage, mended.

use super::{FileJournal, Limits, Repaired, repair, segments, verify_segment_file};
use crate::dir::Access;
use posthoc_store::conformance::record;
use posthoc_store::{Generation, Journal, Packing};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const SMALL: Limits = Limits {
    bytes: 3_000,
    singles: 4096,
};

fn append(room: &Path, records: std::ops::Range<u64>) {
    let (dir, access) = (room.join("journal"), Access::of(room).unwrap());
    FileJournal::create(&dir, access).unwrap();
    for nth in records {
        let journal = FileJournal::open(&dir, access, SMALL).unwrap();
        journal.append(&[record(nth)], Packing::Single).unwrap();
    }
}

fn copy(room: &Path, to: &str) -> PathBuf {
    let to = room.join(to);
    fs::create_dir(&to).unwrap();
    for (_, path) in segments(&room.join("journal")).unwrap() {
        fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
    to
}

fn mend(room: &Path, backup: Option<&Path>) -> Repaired {
    repair(&room.join("journal"), &Access::of(room).unwrap(), backup).unwrap()
}

fn is_whole(room: &Path, records: u64) {
    let dir = room.join("journal");
    let journal = FileJournal::open(&dir, Access::of(room).unwrap(), SMALL).unwrap();
    assert_eq!(journal.generation().unwrap(), Generation(records));
    journal.verify(&mut |damage| panic!("{damage}")).unwrap();
    let mut next = 0;
    journal
        .scan(0, &mut |seq, found| {
            assert_eq!((seq, found), (next, record(next)));
            next += 1;
            true
        })
        .unwrap();
    assert_eq!(next, records);
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 0x10;
    fs::write(path, bytes).unwrap();
    let _ = fs::remove_file(path.with_extension("idx"));
}

/// Whatever byte is hurt, in a full segment or in the last one: the backup's bytes mend it, what came after
/// the backup stays, and the hurt file is kept.
#[test]
fn every_damaged_byte_that_the_backup_has_is_mended() {
    let room = TempDir::new().unwrap();
    let room = room.path();
    append(room, 0..30);
    let backup = copy(room, "backup");
    append(room, 30..34);
    let good = copy(room, "good");
    let files = segments(&room.join("journal")).unwrap();
    assert!(files.len() > 2);
    for (number, path) in &files {
        let name = path.file_name().unwrap();
        let (saved, last) = (backup.join(name), number == &files.last().unwrap().0);
        let length = fs::metadata(&saved).map_or(0, |about| about.len()) as usize;
        for at in (0..length).step_by(7) {
            flip(path, at);
            let done = mend(room, Some(&backup));
            assert_eq!(done.left, [""; 0], "{name:?} byte {at}");
            assert_eq!(done.mended.len(), 1, "{name:?} byte {at}");
            is_whole(room, 34);
            assert_eq!(fs::read(path).unwrap(), fs::read(good.join(name)).unwrap());
            fs::remove_file(path.with_extension("damaged")).unwrap();
            // Without a backup nothing is lost that can be read.
            flip(path, at);
            let before = fs::read(path).unwrap();
            let done = mend(room, None);
            if !last || done.mended.is_empty() {
                assert!(!done.left.is_empty(), "{name:?} byte {at}");
                assert_eq!(fs::read(path).unwrap(), before);
            }
            let _ = fs::remove_file(path.with_extension("cut"));
            fs::copy(good.join(name), path).unwrap();
        }
    }
}

/// A last batch that is hurt, and that no backup has, is set aside; then the journal goes on.
#[test]
fn a_damaged_end_is_set_aside() {
    let room = TempDir::new().unwrap();
    let room = room.path();
    append(room, 0..3);
    let (_, path) = segments(&room.join("journal")).unwrap().pop().unwrap();
    let end = fs::metadata(&path).unwrap().len() as usize;
    append(room, 3..4);
    let whole = fs::read(&path).unwrap();
    flip(&path, end + 120);
    let done = mend(room, None);
    assert_eq!((done.mended.len(), done.left.len()), (1, 0), "{done:?}");
    let aside = fs::read(path.with_extension("cut")).unwrap();
    assert_eq!(aside.len(), whole.len() - end);
    assert_eq!(aside[..120], whole[end..end + 120]);
    is_whole(room, 3);
    append(room, 3..5);
    is_whole(room, 5);
    assert_eq!(mend(room, None), Repaired::default());
}

/// A backup that is hurt itself, or another archive's, is not used.
#[test]
fn a_backup_that_does_not_fit_is_not_used() {
    let room = TempDir::new().unwrap();
    let room = room.path();
    append(room, 0..30);
    let (backup, other) = (copy(room, "backup"), room.join("other"));
    fs::create_dir(&other).unwrap();
    append(&other, 5..35);
    let (number, path) = segments(&room.join("journal")).unwrap().remove(0);
    let name = path.file_name().unwrap();
    flip(&backup.join(name), 200);
    flip(&path, 300);
    let before = fs::read(&path).unwrap();
    for backup in [&backup, &other.join("journal")] {
        let done = mend(room, Some(backup));
        assert_eq!(done.mended, [""; 0]);
        assert!(done.left[0].contains("does not have"), "{done:?}");
        assert_eq!(fs::read(&path).unwrap(), before);
    }
    let mut found = 0;
    verify_segment_file(&path, number, false, &mut |_| found += 1).unwrap();
    assert_eq!(found, 1);
}
