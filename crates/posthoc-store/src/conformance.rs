//! One suite for every backend: what the ports' documentation promises, as tests.
//!
//! A backend implements [`Fixture`] and stamps the suite with
//! [`conformance_suite!`](crate::conformance_suite); each test gets a fresh fixture.

#![allow(clippy::unwrap_used)] // A failure here is a test's failure.

use crate::{
    Change, Direction, Generation, Head, Packing, QuarantineHead, Record, Snapshot, Store,
    StoreError,
};
use std::time::Duration;

pub use crate::index_conformance::*;

/// An empty archive of a backend, and handles to it.
pub trait Fixture: Sync {
    /// One more handle, as another process would open it.
    fn handle(&self) -> Box<dyn Store>;
}

/// Stamps a `#[test]` for each function of the suite; the expression makes a fresh [`Fixture`].
#[macro_export]
macro_rules! conformance_suite {
    ($fixture:expr) => {
        $crate::conformance_suite!($fixture =>
            journal_reads_what_was_appended journal_scans_from_any_record journal_shows_appends_of_others
            journal_takes_odd_records journal_replaces_records journal_appends_from_two_handles_in_turn
            catalog_commits_and_scans catalog_snapshot_stands_still catalog_clears catalog_reads_on_many_threads
            spool_keeps_until_removed spool_lists_oldest_first spool_takes_mail_from_many_threads
            lock_excludes lock_waits
            index_answers_what_matches index_counts_behind_the_gate index_orders_and_pages
            index_shows_commits_of_others index_deletes_and_replaces index_has_one_writer
            index_forgets_what_was_not_committed index_clears index_takes_odd_mails
            index_finds_forms index_counts_what_answers_others_too);
    };
    ($fixture:expr => $($name:ident)*) => {
        $(#[test]
        fn $name() {
            $crate::conformance::$name(&$fixture);
        })*
    };
}

/// A record that differs for each number: some bytes that compress, and some that do not.
pub fn record(nth: u64) -> Record {
    let mut state = nth.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut body = format!("Subject: mail {nth}\n\nThe quick brown fox jumps over the lazy dog.\n")
        .into_bytes();
    for _ in 0..nth % 200 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        body.extend_from_slice(&state.to_le_bytes());
    }
    Record {
        head: head(nth, "no_header"),
        body,
    }
}

fn head(nth: u64, reason: &str) -> Head {
    let reason = reason.to_owned();
    Head::Quarantine(QuarantineHead {
        list: 1,
        source: None,
        offset: nth,
        file: None,
        reason,
        at: 0,
    })
}

fn records(range: std::ops::Range<u64>) -> Vec<Record> {
    range.map(record).collect()
}

/// A record reads back as it was given, in either packing, from this handle and from a later one.
pub fn journal_reads_what_was_appended(fixture: &dyn Fixture) {
    let store = fixture.handle();
    assert_eq!(store.journal().generation().unwrap(), Generation(0));
    assert_eq!(
        store.journal().append(&[], Packing::Blocks).unwrap(),
        Generation(0)
    );
    assert_eq!(
        store
            .journal()
            .append(&records(0..2000), Packing::Blocks)
            .unwrap(),
        Generation(2000)
    );
    assert_eq!(
        store
            .journal()
            .append(&records(2000..2003), Packing::Single)
            .unwrap(),
        Generation(2003)
    );
    assert_eq!(
        store
            .journal()
            .append(&records(2003..2004), Packing::Blocks)
            .unwrap(),
        Generation(2004)
    );
    for store in [store, fixture.handle()] {
        assert_eq!(store.journal().generation().unwrap(), Generation(2004));
        for seq in (0..2004).chain([0, 1999, 2000]) {
            assert_eq!(
                store.journal().read(seq).unwrap(),
                record(seq),
                "record {seq}"
            );
        }
        assert!(matches!(
            store.journal().read(2004),
            Err(StoreError::NoRecord(2004))
        ));
        assert!(store.journal().stored_bytes().unwrap() > 0);
        store
            .journal()
            .verify(&mut |damage| panic!("{damage}"))
            .unwrap();
    }
}

/// A replaced record reads as the new one from every handle, its neighbours as before, and appends go on.
pub fn journal_replaces_records(fixture: &dyn Fixture) {
    let (store, other) = (fixture.handle(), fixture.handle());
    let journal = store.journal();
    journal.append(&records(0..1500), Packing::Blocks).unwrap();
    for nth in 1500..1510 {
        journal
            .append(&records(nth..nth + 1), Packing::Single)
            .unwrap();
    }
    let mut expected: Vec<Record> = records(0..1510);
    for round in [&[3, 700, 1499, 1505][..], &[700, 0, 1509], &[]] {
        let new = |nth: &u64| (*nth, record(nth + 5_000 + round.len() as u64));
        let changes: Vec<(u64, Record)> = round.iter().map(new).collect();
        for (nth, record) in &changes {
            expected[*nth as usize] = record.clone();
        }
        {
            let _lock = store.lock(Duration::from_secs(10)).unwrap();
            journal.replace(&changes).unwrap();
            let next = record(expected.len() as u64);
            journal
                .append(std::slice::from_ref(&next), Packing::Single)
                .unwrap();
            expected.push(next);
        }
        for handle in [&store, &fixture.handle()] {
            let journal = handle.journal();
            assert_eq!(journal.generation().unwrap().0, expected.len() as u64);
            for (nth, record) in expected.iter().enumerate() {
                assert_eq!(&journal.read(nth as u64).unwrap(), record, "{nth}");
            }
            journal.verify(&mut |damage| panic!("{damage}")).unwrap();
        }
        // A handle that was open before sees at least the appends.
        assert_eq!(
            other.journal().generation().unwrap().0,
            expected.len() as u64
        );
        let last = expected.len() - 1;
        assert_eq!(other.journal().read(last as u64).unwrap(), expected[last]);
    }
    let missing = [(9_999, record(1))];
    assert!(journal.replace(&missing).is_err());
}

/// A scan begins at any record, keeps the order, and stops when it is told.
pub fn journal_scans_from_any_record(fixture: &dyn Fixture) {
    let store = fixture.handle();
    store
        .journal()
        .append(&records(0..500), Packing::Blocks)
        .unwrap();
    for from in [0, 1, 250, 499, 500, 501, u64::MAX] {
        let mut seen = Vec::new();
        let mut each = |seq, found| {
            assert_eq!(found, record(seq));
            seen.push(seq);
            seen.len() < 260
        };
        store.journal().scan(from, &mut each).unwrap();
        assert_eq!(seen, (from.min(500)..500).take(260).collect::<Vec<_>>());
    }
}

/// `generation` looks again.
pub fn journal_shows_appends_of_others(fixture: &dyn Fixture) {
    let (writer, reader) = (fixture.handle(), fixture.handle());
    for round in 0..20 {
        writer
            .journal()
            .append(&records(round * 3..round * 3 + 3), Packing::Single)
            .unwrap();
        assert_eq!(
            reader.journal().generation().unwrap(),
            Generation(round * 3 + 3)
        );
        assert_eq!(
            reader.journal().read(round * 3 + 2).unwrap(),
            record(round * 3 + 2)
        );
    }
}

/// Empty, large and 8-bit bodies; texts that JSON must escape.
pub fn journal_takes_odd_records(fixture: &dyn Fixture) {
    let store = fixture.handle();
    let bodies = [
        Vec::new(),
        vec![0; 3 << 20],
        (0..=255).collect(),
        b"\nFrom x\r\n\0".to_vec(),
    ];
    let odd = |body: &Vec<u8>| Record {
        head: head(7, "\u{202e}\"\\\n\0é"),
        body: body.clone(),
    };
    let odd: Vec<Record> = bodies.iter().map(odd).collect();
    store.journal().append(&odd, Packing::Blocks).unwrap();
    store.journal().append(&odd, Packing::Single).unwrap();
    for seq in 0..8 {
        assert!(
            store.journal().read(seq).unwrap() == odd[seq as usize % 4],
            "record {seq}"
        );
    }
}

/// Two processes take turns under the lock.
pub fn journal_appends_from_two_handles_in_turn(fixture: &dyn Fixture) {
    let handles = [fixture.handle(), fixture.handle()];
    for round in 0..10u64 {
        let store = &handles[round as usize % 2];
        let _lock = store.lock(Duration::ZERO).unwrap();
        let reached = store
            .journal()
            .append(&records(round * 5..round * 5 + 5), Packing::Blocks)
            .unwrap();
        assert_eq!(reached, Generation(round * 5 + 5));
    }
    for store in handles {
        store.journal().generation().unwrap();
        for seq in 0..50 {
            assert_eq!(store.journal().read(seq).unwrap(), record(seq));
        }
    }
}

fn put(key: &[u8], value: &[u8]) -> Change {
    (key.to_vec(), Some(value.to_vec()))
}

fn keys(
    snapshot: &dyn Snapshot,
    from: &[u8],
    to: &[u8],
    direction: Direction,
    limit: usize,
) -> Vec<Vec<u8>> {
    let mut keys = Vec::new();
    let mut each = |key: &[u8], value: &[u8]| {
        assert_eq!(snapshot.get(key).unwrap().as_deref(), Some(value));
        keys.push(key.to_vec());
        keys.len() < limit
    };
    snapshot.scan(from, to, direction, &mut each).unwrap();
    keys
}

/// Rows are ordered as bytes; ranges are half-open; the newest value counts; a deletion deletes.
pub fn catalog_commits_and_scans(fixture: &dyn Fixture) {
    let store = fixture.handle();
    assert_eq!(
        store.catalog().snapshot().unwrap().generation(),
        Generation(0)
    );
    let all: [&[u8]; 6] = [b"", b"a", b"a\0", b"ab", b"b", b"\xff\xff"];
    let changes: Vec<Change> = all.iter().rev().map(|key| put(key, key)).collect();
    store.catalog().commit(Generation(3), &changes).unwrap();
    store
        .catalog()
        .commit(
            Generation(4),
            &[
                put(b"a", b"new"),
                (b"ab".to_vec(), None),
                (b"q".to_vec(), None),
            ],
        )
        .unwrap();
    for store in [store, fixture.handle()] {
        let snapshot = store.catalog().snapshot().unwrap();
        assert_eq!(snapshot.generation(), Generation(4));
        assert_eq!(
            snapshot.get(b"a").unwrap().as_deref(),
            Some(b"new".as_slice())
        );
        assert_eq!(snapshot.get(b"").unwrap().as_deref(), Some(b"".as_slice()));
        assert_eq!(snapshot.get(b"ab").unwrap(), None);
        let forward = keys(&*snapshot, b"a", b"\xff\xff", Direction::Forward, 9);
        assert_eq!(forward, [b"a".as_slice(), b"a\0", b"b"]);
        let backward = keys(&*snapshot, b"", b"b", Direction::Backward, 2);
        assert_eq!(backward, [b"a\0".as_slice(), b"a"]);
        assert!(keys(&*snapshot, b"b", b"b", Direction::Forward, 9).is_empty());
        assert!(keys(&*snapshot, b"b", b"a", Direction::Backward, 9).is_empty());
    }
}

/// A snapshot answers one state for as long as it lives.
pub fn catalog_snapshot_stands_still(fixture: &dyn Fixture) {
    let (writer, reader) = (fixture.handle(), fixture.handle());
    writer
        .catalog()
        .commit(Generation(1), &[put(b"k", b"1"), put(b"gone", b"1")])
        .unwrap();
    let old = reader.catalog().snapshot().unwrap();
    let kept = writer.catalog().snapshot().unwrap();
    writer
        .catalog()
        .commit(
            Generation(2),
            &[put(b"k", b"2"), put(b"l", b"2"), (b"gone".to_vec(), None)],
        )
        .unwrap();
    let new = reader.catalog().snapshot().unwrap();
    for old in [&old, &kept] {
        assert_eq!(old.generation(), Generation(1));
        assert_eq!(old.get(b"k").unwrap().as_deref(), Some(b"1".as_slice()));
        assert_eq!(
            keys(&**old, b"", b"\xff", Direction::Forward, 9),
            [b"gone".as_slice(), b"k"]
        );
    }
    assert_eq!(new.generation(), Generation(2));
    assert_eq!(new.get(b"k").unwrap().as_deref(), Some(b"2".as_slice()));
    assert_eq!(
        keys(&*new, b"", b"\xff", Direction::Forward, 9),
        [b"k".as_slice(), b"l"]
    );
}

/// After `clear` there is nothing, and one can go on.
pub fn catalog_clears(fixture: &dyn Fixture) {
    let store = fixture.handle();
    let changes: Vec<Change> = (0..500u32).map(|n| put(&n.to_be_bytes(), b"v")).collect();
    store.catalog().commit(Generation(9), &changes).unwrap();
    store.catalog().clear().unwrap();
    let snapshot = store.catalog().snapshot().unwrap();
    assert_eq!(snapshot.generation(), Generation(0));
    assert!(keys(&*snapshot, b"", b"\xff", Direction::Forward, 9).is_empty());
    store
        .catalog()
        .commit(Generation(1), &changes[..1])
        .unwrap();
    assert_eq!(
        store.catalog().snapshot().unwrap().generation(),
        Generation(1)
    );
}

/// Readers see whole commits while a writer works.
pub fn catalog_reads_on_many_threads(fixture: &dyn Fixture) {
    let store = fixture.handle();
    let catalog = store.catalog();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for round in 1..=100u64 {
                let value = round.to_be_bytes();
                catalog
                    .commit(Generation(round), &[put(b"a", &value), put(b"b", &value)])
                    .unwrap();
            }
        });
        for _ in 0..3 {
            scope.spawn(|| {
                for _ in 0..100 {
                    let snapshot = catalog.snapshot().unwrap();
                    let expected = match snapshot.generation().0 {
                        0 => None,
                        round => Some(round.to_be_bytes().to_vec()),
                    };
                    assert_eq!(snapshot.get(b"a").unwrap(), expected);
                    assert_eq!(snapshot.get(b"b").unwrap(), expected);
                }
            });
        }
    });
}

/// A mail stays until it is removed; removing twice is no error; no name leads out of the spool.
pub fn spool_keeps_until_removed(fixture: &dyn Fixture) {
    let store = fixture.handle();
    let mail = b"From x\nSubject: y\r\n\r\n\xff\0".as_slice();
    let name = store
        .spool()
        .put("a \"list\"\n", 1_700_000_000, mail)
        .unwrap();
    let other = fixture.handle();
    assert_eq!(
        other.spool().names(10).unwrap(),
        std::slice::from_ref(&name)
    );
    let found = other.spool().get(&name).unwrap().unwrap();
    assert_eq!(
        found,
        ("a \"list\"\n".to_owned(), 1_700_000_000, mail.to_vec())
    );
    store.spool().remove(&name).unwrap();
    store.spool().remove(&name).unwrap();
    assert_eq!(other.spool().get(&name).unwrap(), None);
    assert!(other.spool().names(10).unwrap().is_empty());
    for name in ["", ".", "..", "../tmp", "/etc/passwd", "no such"] {
        assert_eq!(store.spool().get(name).unwrap(), None);
        store.spool().remove(name).unwrap();
    }
}

/// Names come oldest first, at most as many as asked for.
pub fn spool_lists_oldest_first(fixture: &dyn Fixture) {
    let store = fixture.handle();
    for received in [30, -5, 10, 20, 10, 4_000_000_000] {
        store.spool().put("l", received, b"x").unwrap();
    }
    let names = store.spool().names(5).unwrap();
    let times: Vec<i64> = names
        .iter()
        .map(|name| store.spool().get(name).unwrap().unwrap().1)
        .collect();
    assert_eq!(times, [-5, 10, 10, 20, 30]);
    assert!(store.spool().names(0).unwrap().is_empty());
}

/// Deliveries at the same moment do not meet.
pub fn spool_takes_mail_from_many_threads(fixture: &dyn Fixture) {
    std::thread::scope(|scope| {
        for thread in 0..4 {
            scope.spawn(move || {
                let store = fixture.handle();
                for nth in 0..25 {
                    store
                        .spool()
                        .put("l", 1, format!("{thread} {nth}").as_bytes())
                        .unwrap();
                }
            });
        }
    });
    let store = fixture.handle();
    let names = store.spool().names(1000).unwrap();
    let mut mails: Vec<Vec<u8>> = names
        .iter()
        .map(|name| store.spool().get(name).unwrap().unwrap().2)
        .collect();
    mails.sort();
    mails.dedup();
    assert_eq!(mails.len(), 100);
}

/// One holder at a time, whatever the handle.
pub fn lock_excludes(fixture: &dyn Fixture) {
    let (one, two) = (fixture.handle(), fixture.handle());
    let guard = one.lock(Duration::ZERO).unwrap();
    assert!(matches!(one.lock(Duration::ZERO), Err(StoreError::Locked)));
    assert!(matches!(
        two.lock(Duration::from_millis(20)),
        Err(StoreError::Locked)
    ));
    drop(guard);
    drop(two.lock(Duration::ZERO).unwrap());
    drop(one.lock(Duration::ZERO).unwrap());
}

/// Who waits gets it when the holder lets go.
pub fn lock_waits(fixture: &dyn Fixture) {
    let (one, two) = (fixture.handle(), fixture.handle());
    let guard = one.lock(Duration::ZERO).unwrap();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| two.lock(Duration::from_secs(60)).map(drop));
        std::thread::sleep(Duration::from_millis(20));
        drop(guard);
        waiting.join().unwrap().unwrap();
    });
}
