//! Mailboxes that others fill. The clock is the test's own.

use crate::prelude::*;
use rustix::fs::{FlockOperation, fcntl_lock};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const DATE: &str = "Mon, 3 Nov 2025 10:00:00 +0000";

/// An archive with a list, and a mailbox that is watched for it.
struct Yard {
    store: MemoryStore,
    folder: tempfile::TempDir,
    watcher: Watcher,
    now: i64,
}

impl Yard {
    fn new(name: &str) -> Self {
        let store = MemoryStore::new();
        let folder = tempfile::tempdir().unwrap();
        let hall = ListName::new("hall").unwrap();
        let site = Site::default();
        let limits = Limits::default();
        add_list(&store, &hall, true, false, &site, NOW, &limits).unwrap();
        let watcher = Watcher::new(Watched {
            path: folder.path().join(name),
            lists: vec![hall],
        });
        Yard {
            store,
            folder,
            watcher,
            // Long after whatever the file system's clock says.
            now: i64::from(u32::MAX),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn mbox(&self) -> PathBuf {
        self.path("hall.mbox")
    }

    /// Looks so many seconds later, until there is nothing more at once.
    #[track_caller]
    fn look(&mut self, later: i64) -> (u64, u64) {
        self.now += later;
        let (mut archived, mut passed) = (0, 0);
        loop {
            let looked = self.look_once();
            assert_eq!(looked.trouble, None);
            archived += looked.archived;
            passed += looked.passed;
            if !looked.more {
                return (archived, passed);
            }
        }
    }

    fn look_once(&mut self) -> Looked {
        let (site, limits) = (Site::default(), Limits::default());
        let looked = self.watcher.look(&self.store, &site, self.now, &limits);
        looked.unwrap()
    }

    /// Ids of the archive's mails by arrival, and how many records of mails there are.
    fn ids(&self) -> (Vec<String>, usize) {
        let mut records = 0;
        let mut ids = Vec::new();
        let journal = posthoc_store::Store::journal(&self.store);
        journal
            .scan(0, &mut |_, record| {
                if let posthoc_store::Head::Mail(head) = record.head {
                    records += 1;
                    ids.push(head.id);
                }
                true
            })
            .unwrap();
        ids.dedup();
        (ids, records)
    }
}

fn note(n: usize) -> String {
    mail(&format!("n{n}@x"), DATE, &format!("Note {n}"), &[], "Ring.")
}

fn notes(of: std::ops::Range<usize>) -> Vec<u8> {
    mbox(&of.map(note).collect::<Vec<_>>())
}

fn append(path: &Path, bytes: &[u8]) {
    let mut file = File::options()
        .create(true)
        .append(true)
        .open(path)
        .unwrap();
    file.write_all(bytes).unwrap();
}

fn deliver_to(maildir: &Path, name: &str, bytes: &[u8]) {
    for part in ["tmp", "new", "cur"] {
        fs::create_dir_all(maildir.join(part)).unwrap();
    }
    let tmp = maildir.join("tmp").join(name);
    fs::write(&tmp, bytes).unwrap();
    fs::rename(tmp, maildir.join("new").join(name)).unwrap();
}

/// Every file below a folder with its bytes and its time of change.
fn as_it_is(folder: &Path) -> Vec<(String, Vec<u8>, std::time::SystemTime)> {
    let files = tree(folder).into_iter();
    files
        .map(|(name, bytes)| {
            let changed = fs::metadata(folder.join(&name))
                .unwrap()
                .modified()
                .unwrap();
            (name, bytes, changed)
        })
        .collect()
}

#[test]
fn a_maildir_brings_each_mail_once_wherever_readers_move_it() {
    let mut yard = Yard::new("Maildir");
    // Not there yet: an empty mailbox.
    assert_eq!(yard.look(0), (0, 0));
    let maildir = yard.path("Maildir");
    for n in 0..3 {
        deliver_to(
            &maildir,
            &format!("1700000000.M{n}.host"),
            note(n).as_bytes(),
        );
    }
    fs::write(maildir.join("tmp/1700000009.M9.host"), "From: half").unwrap();
    let before = as_it_is(&maildir);
    assert_eq!(yard.look(60), (3, 0));
    assert_eq!(before, as_it_is(&maildir), "it was touched");
    assert_eq!(yard.look(60), (0, 0));
    fs::rename(
        maildir.join("new/1700000000.M1.host"),
        maildir.join("cur/1700000000.M1.host:2,"),
    )
    .unwrap();
    fs::rename(
        maildir.join("new/1700000000.M2.host"),
        maildir.join("cur/1700000000.M2.host:2,RS"),
    )
    .unwrap();
    fs::remove_file(maildir.join("new/1700000000.M0.host")).unwrap();
    deliver_to(&maildir, "1700000001.M3.host,U=4", note(3).as_bytes());
    assert_eq!(yard.look(60), (1, 0));
    let ids = ["n0@x", "n1@x", "n2@x", "n3@x"].map(str::to_owned).to_vec();
    assert_eq!(yard.ids(), (ids, 4));
}

/// More than one look takes: it goes on at once, in order.
#[test]
fn a_full_maildir_is_taken_in_part_by_part() {
    let mut yard = Yard::new("Maildir");
    let maildir = yard.path("Maildir");
    for n in 0..1_100 {
        deliver_to(
            &maildir,
            &format!("1700000000.M{n:04}.host"),
            note(n).as_bytes(),
        );
    }
    assert!(yard.look_once().more);
    assert_eq!(yard.look(0), (600, 0));
    let (ids, records) = yard.ids();
    assert_eq!(records, 1_100);
    assert!(
        ids.iter()
            .enumerate()
            .all(|(n, id)| *id == format!("n{n}@x"))
    );
    // A server that begins anew knows them by their bytes.
    yard.watcher = Watcher::new(yard.watcher.of().clone());
    assert_eq!(yard.look(0), (0, 1_100));
    assert_eq!(yard.ids().1, 1_100);
}

#[test]
fn an_mbox_is_taken_when_its_last_mail_is_whole() {
    let mut yard = Yard::new("hall.mbox");
    let mbox = yard.mbox();
    append(&mbox, &notes(0..2));
    // What another mail follows is whole.
    assert_eq!(yard.look(0), (1, 0));
    assert_eq!(yard.look(4), (0, 0));
    assert_eq!(yard.look(1), (1, 0));
    // A writer that locks nothing and stops in the middle of a line.
    let third = notes(2..3);
    append(&mbox, &third[..third.len() - 9]);
    assert_eq!(yard.look(0), (0, 0));
    assert_eq!(yard.look(30), (0, 0));
    append(&mbox, &third[third.len() - 9..]);
    assert_eq!(yard.look(0), (0, 0));
    assert_eq!(yard.look(5), (1, 0));
    // One that never writes the empty line at the end.
    append(&mbox, notes(3..4).trim_ascii_end());
    assert_eq!(yard.look(0), (0, 0));
    assert_eq!(yard.look(59), (0, 0));
    assert_eq!(yard.look(1), (1, 0));
    assert_eq!(yard.ids().1, 4);
}

#[test]
fn a_clock_that_is_set_neither_hides_the_last_mail_nor_makes_half_of_it_whole() {
    const YEAR: i64 = 365 * 86_400;
    let mut yard = Yard::new("hall.mbox");
    let mbox = yard.mbox();
    append(&mbox, &notes(0..2));
    assert_eq!(yard.look(2), (1, 0));
    assert_eq!(yard.look(-YEAR), (0, 0));
    assert_eq!(yard.look(4), (0, 0));
    assert_eq!(yard.look(1), (1, 0));
    let third = notes(2..3);
    append(&mbox, &third[..third.len() - 9]);
    assert_eq!(yard.look(2), (0, 0));
    assert_eq!(yard.look(YEAR), (0, 0));
    append(&mbox, &third[third.len() - 9..]);
    assert_eq!(yard.look(2), (0, 0));
    assert_eq!(yard.look(5), (1, 0));
    // A lock from before the clock was set back, that nobody took away.
    let lock = yard.path("hall.mbox.lock");
    fs::write(&lock, "").unwrap();
    append(&mbox, &notes(3..5));
    let ahead = std::time::UNIX_EPOCH + std::time::Duration::from_secs(yard.now as u64 + 86_400);
    let file = File::options().write(true).open(&lock).unwrap();
    file.set_modified(ahead).unwrap();
    assert_eq!(yard.look(2), (1, 0));
    assert_eq!(yard.look(5), (1, 0));
    assert_eq!(yard.ids().1, 5);
}

#[test]
fn locks_of_others_are_waited_for() {
    let mut yard = Yard::new("hall.mbox");
    let path = yard.mbox();
    fs::write(&path, notes(0..3)).unwrap();
    // A lock file counts by its own age.
    let lock = yard.path("hall.mbox.lock");
    fs::write(&lock, "").unwrap();
    let written = fs::metadata(&lock).unwrap().modified().unwrap();
    let written = written.duration_since(std::time::UNIX_EPOCH).unwrap();
    yard.now = i64::try_from(written.as_secs()).unwrap();
    assert_eq!(yard.look(60), (0, 0));
    fs::remove_file(&lock).unwrap();
    assert_eq!(yard.look(0), (2, 0));
    fs::write(&lock, "").unwrap();
    // One that a killed program left stands in nobody's way.
    assert_eq!(yard.look(700), (1, 0));
    let writer = File::options().append(true).open(&path).unwrap();
    writer.lock().unwrap();
    (&writer).write_all(&notes(3..5)).unwrap();
    assert_eq!(yard.look(60), (0, 0));
    writer.unlock().unwrap();
    assert_eq!(yard.look(60), (1, 0));
    assert_eq!(yard.look(60), (1, 0));
    assert_eq!(yard.ids().1, 5);
}

/// A mailbox of several lists, some of which are made when mail for them is there already.
#[test]
fn a_list_that_is_made_later_gets_what_lies_there() {
    let mut yard = Yard::new("hall.mbox");
    let [hall, shed, quay] = ["hall", "shed", "quay"].map(|name| ListName::new(name).unwrap());
    let add = |yard: &Yard, list: &ListName| {
        let (site, limits) = (Site::default(), Limits::default());
        add_list(&yard.store, list, true, false, &site, NOW, &limits).unwrap();
    };
    let watched = |lists: &[&ListName]| Watched {
        path: yard.mbox(),
        lists: lists.iter().map(|list| (*list).clone()).collect(),
    };
    let (several, alone) = (watched(&[&hall, &shed]), watched(&[&quay]));
    yard.watcher = Watcher::new(several);
    let mut mails = Vec::new();
    for (number, list) in ["hall", "shed", "shed"].iter().enumerate() {
        let text = mail(&format!("{number}@x"), DATE, "Oars", &[], "Text.");
        mails.push(format!("List-Id: <{list}.example.org>\n{text}"));
    }
    fs::write(yard.mbox(), mbox(&mails)).unwrap();
    assert_eq!(yard.look(0), (1, 1));
    assert_eq!(yard.look(60), (0, 1));
    add(&yard, &shed);
    assert_eq!(yard.look(2), (1, 1));
    assert_eq!(yard.look(5), (1, 0));
    // One whose only list is not there is left, and somebody is told.
    yard.watcher = Watcher::new(alone);
    for _ in 0..2 {
        let looked = yard.look_once();
        assert_eq!((looked.archived, looked.passed), (0, 0));
        assert!(looked.trouble.unwrap().contains("there is no list quay"));
    }
    add(&yard, &quay);
    assert_eq!(yard.look(60), (2, 0));
    assert_eq!(yard.look(5), (1, 0));
}

/// Set for the process that holds a lock: the file.
const HOLD: &str = "POSTHOC_TEST_HOLD";

/// Locks of fcntl are of a process, so another one must hold it: this test once more.
#[test]
fn a_lock_of_fcntl_is_waited_for() {
    if let Some(path) = std::env::var_os(HOLD) {
        let file = File::options().write(true).open(path).unwrap();
        fcntl_lock(&file, FlockOperation::NonBlockingLockExclusive).unwrap();
        println!("\nheld");
        std::io::stdin().lines().for_each(drop);
        return;
    }
    let mut yard = Yard::new("hall.mbox");
    let path = yard.mbox();
    fs::write(&path, notes(0..2)).unwrap();
    let mut holder = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "watch::a_lock_of_fcntl_is_waited_for",
            "--nocapture",
        ])
        .env(HOLD, &path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(holder.stdout.take().unwrap()).lines();
    assert!(said.any(|line| line.unwrap() == "held"));
    assert_eq!(yard.look(60), (0, 0));
    assert_eq!(yard.look(60), (0, 0));
    drop(holder.stdin.take());
    assert!(holder.wait().unwrap().success());
    assert_eq!(yard.look(60), (2, 0));
}

/// logrotate's three ways: moved away and made anew, copied and cut to nothing, moved away for good.
#[test]
fn a_rotated_mbox_is_taken_up_again() {
    let mut yard = Yard::new("hall.mbox");
    let path = yard.mbox();
    fs::write(&path, notes(0..3)).unwrap();
    assert_eq!(yard.look(0), (2, 0));
    // The last mails before the rotation come when the file has another name already.
    let mut writer = File::options().append(true).open(&path).unwrap();
    fs::rename(&path, yard.path("hall.mbox.1")).unwrap();
    writer.write_all(&notes(3..5)).unwrap();
    fs::write(&path, notes(5..6)).unwrap();
    assert_eq!(yard.look(0), (2, 0));
    assert_eq!(yard.look(5), (1, 0));
    assert_eq!(yard.look(5), (1, 0));
    assert_eq!(yard.ids().1, 6);
    fs::write(&path, "").unwrap();
    assert_eq!(yard.look(60), (0, 0));
    append(&path, &notes(6..8));
    assert_eq!(yard.look(0), (1, 0));
    assert_eq!(yard.look(5), (1, 0));
    append(&path, &notes(8..9));
    assert_eq!(yard.look(0), (0, 0));
    fs::remove_file(&path).unwrap();
    assert_eq!(yard.look(5), (1, 0));
    assert_eq!(yard.look(5), (0, 0));
    let (ids, records) = yard.ids();
    assert_eq!((ids.len(), records), (9, 9));
}

/// What mutt does: marks mails as read, deletes one in the middle, and writes all of it anew.
#[test]
fn an_edited_mbox_brings_no_mail_twice() {
    let mut yard = Yard::new("hall.mbox");
    let path = yard.mbox();
    fs::write(&path, notes(0..5)).unwrap();
    yard.look(0);
    yard.look(5);
    assert_eq!(yard.ids().1, 5);
    let marked = |n: usize| {
        let text = note(n);
        let (head, body) = text.split_once("\n\n").unwrap();
        format!("{head}\nStatus: RO\nX-Status: A\nContent-Length: 6\nLines: 1\n\n{body}")
    };
    let mails: Vec<String> = [0, 1, 3, 4].map(marked).to_vec();
    let mut bytes = mbox(&mails);
    bytes.extend(notes(5..6));
    fs::write(&path, bytes).unwrap();
    assert_eq!(yard.look(0), (0, 4));
    assert_eq!(yard.look(5), (1, 0));
    assert_eq!(yard.ids().1, 6, "marks are no other mail");
    // Somebody changed a word: that is a mail of its own.
    let changed = note(0).replace("Ring.", "Rang.");
    fs::write(&path, mbox(&[changed, note(1)])).unwrap();
    assert_eq!(yard.look(0), (1, 0));
    assert_eq!(yard.look(5), (0, 1));
}

/// A mailbox of one who reads several lists: each mail goes where it says, and what is for none goes nowhere.
#[test]
fn a_mailbox_of_several_lists_is_sorted_by_what_mails_say() {
    let mut yard = Yard::new("Maildir");
    let (site, limits) = (Site::default(), Limits::default());
    let gate = ListName::new("gate").unwrap();
    add_list(&yard.store, &gate, true, false, &site, NOW, &limits).unwrap();
    let mut of = yard.watcher.of().clone();
    of.lists.push(gate);
    yard.watcher = Watcher::new(of);
    let maildir = yard.path("Maildir");
    let with = |n: usize, id: &str| format!("List-Id: <{id}.example.org>\n{}", note(n));
    deliver_to(&maildir, "1.a.host", with(0, "gate").as_bytes());
    deliver_to(&maildir, "2.a.host", with(1, "hall").as_bytes());
    deliver_to(&maildir, "3.a.host", with(2, "attic").as_bytes());
    deliver_to(&maildir, "4.a.host", note(3).as_bytes());
    assert_eq!(yard.look(0), (2, 2));
    with_settings(|settings| {
        let reader = Reader::new(&yard.store, settings, Audience::Operator).unwrap();
        let lists = reader.lists().unwrap();
        let counts: Vec<_> = lists
            .iter()
            .map(|l| (l.name.as_str(), l.messages))
            .collect();
        assert_eq!(counts, [("gate", 1), ("hall", 1)]);
    });
}

#[test]
fn what_is_no_mailbox_is_said_and_does_no_harm() {
    let mut yard = Yard::new("hall.mbox");
    let path = yard.mbox();
    fs::write(&path, vec![0_u8; 5_000]).unwrap();
    assert!(yard.look_once().trouble.is_some());
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert!(yard.look_once().trouble.is_some());
    fs::remove_dir(&path).unwrap();
    fs::write(&path, notes(0..2)).unwrap();
    yard.look(0);
    assert_eq!(yard.look(5), (1, 0));
    assert_eq!(yard.ids().1, 2);
}

/// While another holds the archive nothing counts as seen.
#[test]
fn a_locked_archive_gets_the_mail_later() {
    let mut yard = Yard::new("hall.mbox");
    fs::write(yard.mbox(), notes(0..2)).unwrap();
    {
        let _held = yard.store.lock(std::time::Duration::ZERO).unwrap();
        let (site, limits) = (Site::default(), Limits::default());
        let looked = yard.watcher.look(&yard.store, &site, yard.now, &limits);
        assert_eq!(looked.unwrap(), Looked::default());
    }
    assert_eq!(yard.look(5), (2, 0));
}
