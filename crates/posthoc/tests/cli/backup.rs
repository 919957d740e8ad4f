//! backup and restore: nothing lost, nothing overwritten that is better or another's.

use crate::prelude::{Room, list, mail, mailbox};
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// All mails of an archive, raw.
fn exported(room: &Room, archive: &str, out: &str) -> Vec<Vec<u8>> {
    room.run(&["-a", archive, "export", out]).ends(0);
    let files = room.files(out).into_iter();
    files.map(|(_, bytes)| bytes).collect()
}

fn yard(mails: usize) -> Room {
    let room = Room::new();
    room.write("yard.mbox", mailbox(mails));
    room.run(&["import", "yard.mbox"]).ends(0);
    room
}

#[test]
fn what_is_restored_is_the_archive() {
    let room = yard(60);
    room.run(&["import", "--public", &list("town-hall.mbox")])
        .ends(0);
    room.run(&["list", "set", "yard", "title=The yard"]).ends(0);
    room.write("archive/templates/notice.html", "{{ title }}\n");
    let settings = room.path("archive/posthoc.toml");
    fs::write(&settings, "[site]\ntitle = \"Kept\"\n").unwrap();
    fs::set_permissions(&settings, fs::Permissions::from_mode(0o600)).unwrap();
    let done = room.run(&["backup", "copy", "--json"]).ends(0).json();
    assert!(done["records"].as_u64() > Some(60), "{done}");
    assert!(!room.path("copy/catalog.sqlite").exists());
    room.run(&["-a", "new", "restore", "copy"]).ends(0);
    room.run(&["-a", "new", "check"]).ends(0);
    assert_eq!(exported(&room, "archive", "a"), exported(&room, "new", "b"));
    let lists = |archive: &str| room.run(&["-a", archive, "lists", "--json"]).ends(0).out;
    assert_eq!(lists("archive"), lists("new"));
    let found = room.run(&["-a", "new", "search", "barrow", "--json"]);
    assert_eq!(found.ends(0).json()["total"], 60);
    for name in ["posthoc.toml", "lists.d/yard.toml", "templates/notice.html"] {
        let read = |archive: &str| fs::read(room.path(archive).join(name)).unwrap();
        assert_eq!(read("archive"), read("new"), "{name}");
    }
    let mode = fs::metadata(room.path("new/posthoc.toml")).unwrap();
    assert_eq!(mode.permissions().mode() & 0o777, 0o600);
    // A plain copy of the backup is an archive too.
    room.run(&["-a", "copy", "check"]).ends(0);
}

#[test]
fn a_second_backup_writes_what_has_changed_and_a_purge_reaches_it() {
    let room = yard(40);
    room.run(&["backup", "copy"]).ends(0);
    let again = room.run(&["backup", "copy", "--json"]).ends(0).json();
    assert_eq!(
        (again["files"].as_u64(), again["bytes"].as_u64()),
        (Some(0), Some(0))
    );
    let word = b"Barrow 7 stands";
    let holds = |archive: &str| {
        room.run(&["-a", archive, "export", &format!("out-{archive}")])
            .ends(0);
        room.files(&format!("out-{archive}"))
            .iter()
            .any(|(_, bytes)| bytes.windows(word.len()).any(|at| at == word))
    };
    room.run(&[
        "remove",
        "barrow.7@gate.example",
        "--purge",
        "--yes",
        "--reason",
        "asked",
    ])
    .ends(0);
    let third = room.run(&["backup", "copy", "--json"]).ends(0).json();
    assert!(third["files"].as_u64() >= Some(1), "{third}");
    assert!(!holds("copy"));
    room.feed(&["deliver", "--list", "yard"], mail(70).as_bytes())
        .ends(0);
    room.run(&["backup", "copy"]).ends(0);
    room.run(&["-a", "new", "restore", "copy", "--no-index"])
        .ends(0);
    room.run(&["-a", "new", "check"]).ends(0);
    assert_eq!(
        room.run(&["-a", "new", "lists", "--json"]).json()[0]["messages"],
        40
    );
}

/// Every mail that was acknowledged before a backup began is in it, in the journal or waiting.
#[test]
fn deliveries_go_on_meanwhile() {
    let room = yard(5);
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for sender in 0..2 {
            let (room, stop) = (&room, &stop);
            scope.spawn(move || {
                for n in (100 * (sender + 1)..).take(60) {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    room.feed(&["deliver", "--list", "yard"], mail(n).as_bytes())
                        .ends(0);
                }
            });
        }
        for n in 1000..1006 {
            room.feed(&["deliver", "--list", "yard"], mail(n).as_bytes())
                .ends(0);
            room.run(&["backup", "copy"]).ends(0);
            let new = format!("new-{n}");
            room.run(&["-a", &new, "restore", "copy", "--no-index"])
                .ends(0);
            room.run(&["-a", &new, "check"]).ends(0);
            for acknowledged in 1000..=n {
                let id = format!("barrow.{acknowledged}@gate.example");
                room.run(&["-a", &new, "show", &id]).ends(0);
            }
        }
        stop.store(true, Ordering::Relaxed);
    });
}

#[test]
fn waiting_mail_is_copied_once() {
    let room = yard(3);
    let lock = File::options()
        .write(true)
        .open(room.path("archive/lock"))
        .unwrap();
    lock.lock().unwrap();
    room.feed(&["deliver", "--list", "yard"], mail(9).as_bytes())
        .ends(0);
    let done = room.run(&["backup", "copy", "--json"]).ends(0).json();
    assert_eq!(done["waiting"], 1);
    drop(lock);
    room.run(&["lists"]).ends(0);
    let done = room.run(&["backup", "copy", "--json"]).ends(0).json();
    assert_eq!(done["waiting"], 0);
    assert!(
        fs::read_dir(room.path("copy/incoming/new"))
            .unwrap()
            .next()
            .is_none()
    );
    room.run(&["-a", "new", "restore", "copy"]).ends(0);
    assert_eq!(
        room.run(&["-a", "new", "lists", "--json"]).json()[0]["messages"],
        4
    );
}

#[test]
fn a_damaged_archive_does_not_damage_its_backup() {
    let room = yard(50);
    room.run(&["backup", "copy"]).ends(0);
    let segment = "journal/00000001.seg";
    let good = fs::read(room.path("copy").join(segment)).unwrap();
    let mut bad = good.clone();
    let middle = bad.len() / 2;
    bad[middle] ^= 0x40;
    fs::write(room.path("archive").join(segment), &bad).unwrap();
    let ran = room.run(&["backup", "copy"]).ends(1);
    assert!(ran.out.contains("00000001.seg"), "{ran:?}");
    assert_eq!(fs::read(room.path("copy").join(segment)).unwrap(), good);
    room.run(&["-a", "new", "restore", "copy"]).ends(0);
    room.run(&["-a", "new", "check"]).ends(0);
    // Where there is nothing better, the damaged file is kept: most of it can be read.
    room.run(&["backup", "other"]).ends(1);
    assert_eq!(fs::read(room.path("other").join(segment)).unwrap(), bad);
}

#[test]
fn wrong_folders_are_left_as_they_are() {
    let room = yard(4);
    room.run(&["backup", "copy"]).ends(0);
    room.write("notes/diary.txt", "mine");
    room.write("bees.mbox", mailbox(2).replace("yard", "hive"));
    room.run(&["-a", "other", "import", "bees.mbox"]).ends(0);
    let archive = room.path("archive");
    let cases: &[(&[&str], i32, &str)] = &[
        (&["backup", "archive"], 73, "the archive itself"),
        (&["backup", "notes"], 73, "diary.txt"),
        (&["-a", "other", "backup", "copy"], 73, "another archive"),
        (&["-a", "nowhere", "backup", "x"], 66, "no archive at"),
        (&["restore", "copy"], 73, "an archive already"),
        (&["-a", "notes", "restore", "copy"], 73, "diary.txt"),
        (&["-a", "x", "restore", "notes"], 66, "no archive at"),
    ];
    let before = (room.files("copy"), room.files("notes"));
    for (args, status, words) in cases {
        let ran = room.run(args).ends(*status);
        assert!(
            ran.err.contains(words) && ran.err.lines().count() == 1,
            "{ran:?}"
        );
    }
    assert_eq!(before, (room.files("copy"), room.files("notes")));
    assert!(Path::new(&archive).join("journal").is_dir());
    assert!(!room.path("x/posthoc-archive").exists());
}

/// A delivery that was acknowledged and whose record is damaged stops deliveries; `check --repair` lets them
/// go on, and with a backup nothing is missing.
#[test]
fn repair_mends_from_a_backup_or_sets_aside() {
    let flip_last = |room: &Room| {
        let segment = room.path("archive/journal/00000001.seg");
        let mut bytes = fs::read(&segment).unwrap();
        let at = bytes.len() - 20;
        bytes[at] ^= 0x40;
        fs::write(&segment, bytes).unwrap();
    };
    for saved in [true, false] {
        let room = yard(5);
        room.feed(&["deliver", "--list", "yard"], mail(50).as_bytes())
            .ends(0);
        if saved {
            room.run(&["backup", "copy"]).ends(0);
        }
        flip_last(&room);
        let ran = room.run(&["check"]).ends(1);
        assert!(ran.out.contains("check --repair"), "{ran:?}");
        let backup: &[&str] = if saved { &["--backup", "copy"] } else { &[] };
        let args = [&["check", "--repair", "--json"], backup].concat();
        let done = room.run(&args).ends(0).json();
        assert_eq!(done["damage"].as_array().map(Vec::len), Some(0), "{done}");
        assert!(!done["mended"].as_array().unwrap().is_empty());
        let there = room.run(&["show", "barrow.50@gate.example"]).status;
        assert_eq!(there, if saved { 0 } else { 1 });
        // The mail's author sends it again, or another.
        for n in [50, 51] {
            room.feed(&["deliver", "--list", "yard"], mail(n).as_bytes())
                .ends(0);
        }
        room.run(&["check"]).ends(0);
        assert_eq!(room.run(&["lists", "--json"]).json()[0]["messages"], 7);
        let found = room.run(&["search", "barrow", "--json"]).ends(0).json();
        assert_eq!(found["total"], 7);
    }
}

#[test]
fn rows_that_are_wrong_are_derived_again() {
    let room = yard(9);
    let catalog = room.path("archive/catalog.sqlite");
    room.run(&["lists"]).ends(0);
    let mut bytes = fs::read(&catalog).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 400].fill(0xff);
    fs::write(&catalog, bytes).unwrap();
    let _ = fs::remove_file(room.path("archive/catalog.sqlite-wal"));
    room.run(&["check", "--repair"]).ends(0);
    room.run(&["check"]).ends(0);
    assert_eq!(room.run(&["lists", "--json"]).json()[0]["messages"], 9);
}
