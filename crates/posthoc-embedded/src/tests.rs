//! The conformance suite, and what only this backend promises.
#![allow(clippy::unwrap_used)]

use crate::{EmbeddedStore, MARKER, is_archive};
use posthoc_store::conformance::{Fixture, record};
use posthoc_store::{Generation, Packing, Store, StoreError};
use std::fs::{self, Permissions};
use std::os::unix::fs::{FileExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// An archive in a folder that goes with it.
struct InFolder(TempDir);

impl InFolder {
    fn dir(&self) -> PathBuf {
        self.0.path().join("archive")
    }

    fn open(&self) -> EmbeddedStore {
        EmbeddedStore::open(&self.dir()).unwrap()
    }

    fn new() -> InFolder {
        let dir = TempDir::new().unwrap();
        EmbeddedStore::create(&dir.path().join("archive")).unwrap();
        InFolder(dir)
    }
}

impl Fixture for InFolder {
    fn handle(&self) -> Box<dyn Store> {
        Box::new(self.open())
    }
}

posthoc_store::conformance_suite!(InFolder::new());

/// Appends records and commits a row for each, as a verb does.
fn fill(store: &EmbeddedStore, records: std::ops::Range<u64>) {
    let _lock = store.lock(Duration::from_secs(60)).unwrap();
    let rows: Vec<_> = records
        .clone()
        .map(|n| (n.to_be_bytes().to_vec(), Some(b"row".to_vec())))
        .collect();
    let batch: Vec<_> = records.map(record).collect();
    let reached = store.journal().append(&batch, Packing::Blocks).unwrap();
    store.catalog().commit(reached, &rows).unwrap();
}

fn caught_up(store: &EmbeddedStore) -> Generation {
    store.catalog().snapshot().unwrap().generation()
}

#[test]
fn marker_decides() {
    let fixture = InFolder::new();
    let dir = fixture.dir();
    assert!(is_archive(&dir));
    assert_eq!(
        fs::read_to_string(dir.join(MARKER)).unwrap(),
        "{\"kind\":\"posthoc-archive\",\"format\":1}\n"
    );
    match EmbeddedStore::create(&dir) {
        Err(StoreError::Io { source, .. }) => {
            assert_eq!(source.kind(), std::io::ErrorKind::AlreadyExists)
        }
        _ => panic!("made twice"),
    }
    fs::write(
        dir.join(MARKER),
        r#"{"kind":"posthoc-archive","format":9,"more":1}"#,
    )
    .unwrap();
    assert!(matches!(
        EmbeddedStore::open(&dir),
        Err(StoreError::Newer {
            found: 9,
            known: 1,
            ..
        })
    ));
    fs::write(dir.join(MARKER), "{").unwrap();
    assert!(matches!(
        EmbeddedStore::open(&dir),
        Err(StoreError::Damaged { .. })
    ));
    fs::remove_file(dir.join(MARKER)).unwrap();
    for missing in [dir.clone(), dir.join("no"), dir.join("lock/no")] {
        assert!(matches!(
            EmbeddedStore::open(&missing),
            Err(StoreError::NoArchive(_))
        ));
    }
    // What an interrupted `create` left is taken up.
    EmbeddedStore::create(&dir).unwrap();
}

/// Every file and folder of the archive below `dir`.
fn tree(dir: &Path) -> Vec<PathBuf> {
    let mut found = vec![dir.to_owned()];
    let mut next = 0;
    while let Some(path) = found.get(next).cloned() {
        next += 1;
        if path.is_dir() {
            found.extend(fs::read_dir(path).unwrap().map(|e| e.unwrap().path()));
        }
    }
    found
}

/// Whatever the umask (it is 022 where tests run), the archive folder's mode decides.
#[test]
fn files_are_as_open_as_their_folder() {
    for (folder, file) in [
        (0o2775, 0o664),
        (0o2770, 0o660),
        (0o755, 0o644),
        (0o700, 0o600),
    ] {
        let root = TempDir::new().unwrap();
        let dir = root.path().join("archive");
        fs::create_dir(&dir).unwrap();
        fs::set_permissions(&dir, Permissions::from_mode(folder)).unwrap();
        let store = EmbeddedStore::create(&dir).unwrap();
        fill(&store, 0..3);
        store.spool().put("l", 1, b"x").unwrap();
        let paths = tree(&dir);
        assert!(paths.len() > 12, "{paths:?}");
        for path in paths {
            let meta = fs::metadata(&path).unwrap();
            let expected = if meta.is_dir() { folder } else { file };
            assert_eq!(meta.mode() & 0o7777, expected, "{}", path.display());
        }
    }
}

/// A folder made in one that a group shares is shared; in any other it is as the umask says.
#[test]
fn new_folder_is_shared_as_its_parent_is() {
    for (parent, expected) in [
        (0o2775, 0o2775),
        (0o775, 0o2775),
        (0o755, 0o755),
        (0o1777, 0o755),
    ] {
        let root = TempDir::new().unwrap();
        fs::set_permissions(root.path(), Permissions::from_mode(parent)).unwrap();
        let dir = root.path().join("archive");
        EmbeddedStore::create(&dir).unwrap();
        assert_eq!(
            fs::metadata(&dir).unwrap().mode() & 0o7777,
            expected,
            "below {parent:o}"
        );
    }
}

/// What killed processes left unfinished goes when the lock is taken; young deliveries stay.
#[test]
fn unfinished_files_are_swept() {
    let fixture = InFolder::new();
    let unfinished = fixture.dir().join("journal/00000001.seg.77-0.new");
    let delivery = fixture.dir().join("incoming/tmp/000000000001.1.1-0");
    fs::write(&unfinished, b"x").unwrap();
    fs::write(&delivery, b"x").unwrap();
    drop(fixture.open().lock(Duration::ZERO).unwrap());
    assert!(!unfinished.exists() && delivery.exists());
}

/// The catalog is derived: damaged, of another schema or gone, it is begun anew.
#[test]
fn broken_catalog_is_begun_anew() {
    let breaks: [fn(&Path); 4] = [
        |path| fs::write(path, b"this is no database, whatever its name says").unwrap(),
        |path| fs::write(path, b"").unwrap(),
        |path| fs::remove_file(path).unwrap(),
        |path| {
            // The user version is at 60 in SQLite's file header.
            let file = fs::File::options().write(true).open(path).unwrap();
            file.write_all_at(&77u32.to_be_bytes(), 60).unwrap();
        },
    ];
    for damage in breaks {
        let fixture = InFolder::new();
        fill(&fixture.open(), 0..5);
        damage(&fixture.dir().join("catalog.sqlite"));
        let store = fixture.open();
        assert_eq!(caught_up(&store), Generation(0));
        fill(&store, 5..6);
        assert_eq!(caught_up(&fixture.open()), Generation(6));
    }
}

/// A process that has the old file open sees the one that another began anew.
#[test]
fn catalog_follows_a_new_file() {
    let fixture = InFolder::new();
    let old = fixture.open();
    fill(&old, 0..5);
    drop(old.catalog().snapshot().unwrap());
    for suffix in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(fixture.dir().join(format!("catalog.sqlite{suffix}")));
    }
    let store = fixture.open();
    assert_eq!(caught_up(&old), Generation(0));
    fill(&store, 5..6);
    assert_eq!(caught_up(&old), Generation(6));
    fill(&old, 6..7);
    assert_eq!(caught_up(&store), Generation(7));
}

/// A copy that caught the catalog later than the journal: rows of lost records go before their numbers
/// are given again.
#[test]
fn catalog_ahead_of_the_journal_is_cleared() {
    let fixture = InFolder::new();
    fill(&fixture.open(), 0..3);
    let segment = fixture.dir().join("journal/00000001.seg");
    let early = fs::read(&segment).unwrap();
    fill(&fixture.open(), 3..6);
    fs::write(&segment, &early).unwrap();
    let store = fixture.open();
    assert_eq!(store.journal().generation().unwrap(), Generation(3));
    assert_eq!(caught_up(&store), Generation(6));
    drop(store.lock(Duration::ZERO).unwrap());
    assert_eq!(caught_up(&store), Generation(0));
}

/// A damaged last batch that the catalog knows of is no torn append: nobody may write over it.
#[test]
fn damaged_last_batch_stops_writers() {
    let fixture = InFolder::new();
    fill(&fixture.open(), 0..3);
    let segment = fixture.dir().join("journal/00000001.seg");
    let len = fs::metadata(&segment).unwrap().len();
    let file = fs::File::options().write(true).open(&segment).unwrap();
    file.write_all_at(&[0xff; 8], len - 20).unwrap();
    let store = fixture.open();
    assert!(matches!(
        store.lock(Duration::ZERO),
        Err(StoreError::Damaged { .. })
    ));
    assert_eq!(fs::metadata(&segment).unwrap().len(), len);
}

/// A plain copy, taken file by file while another thread writes, opens at a whole record.
#[test]
fn plain_copy_opens() {
    let fixture = InFolder::new();
    let store = fixture.open();
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| (0..40).for_each(|n| fill(&store, n * 10..n * 10 + 10)));
        let mut copies = 0;
        while !writing.is_finished() || copies == 0 {
            let copy = TempDir::new().unwrap();
            let to = |path: &Path| copy.path().join(path.strip_prefix(fixture.dir()).unwrap());
            for path in tree(&fixture.dir()) {
                if path.is_dir() {
                    fs::create_dir_all(to(&path)).unwrap();
                } else {
                    // A file that is gone meanwhile was a temporary one.
                    let _ = fs::copy(&path, to(&path));
                }
            }
            let copied = EmbeddedStore::open(copy.path()).unwrap();
            let whole = copied.journal().generation().unwrap().0;
            copied
                .journal()
                .scan(0, &mut |seq, found| found == record(seq))
                .unwrap();
            copied
                .journal()
                .verify(&mut |damage| panic!("{damage}"))
                .unwrap();
            drop(copied.lock(Duration::ZERO).unwrap());
            assert!(caught_up(&copied).0 <= whole);
            copied
                .journal()
                .append(&[record(whole)], Packing::Single)
                .unwrap();
            copies += 1;
        }
        writing.join().unwrap();
    });
}
