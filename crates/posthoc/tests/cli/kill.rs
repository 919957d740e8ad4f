//! SIGKILL at random moments: nothing that was acknowledged is lost, nothing is there twice.
//!
//! A few moments here; `cargo xtask prove kill` tries two hundred.

use crate::prelude::{Room, mail, mailbox};
use std::io::Write;
use std::time::{Duration, Instant};

/// Mails of the mailbox: several chunks, which are what a killed import goes on after.
const MAILS: usize = 4_000;

/// Moments that differ but are the same in every run (xorshift).
struct Moments(u64);

impl Moments {
    /// A moment before `end`.
    fn next(&mut self, end: Duration) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        end.mul_f64((self.0 >> 11) as f64 / (1_u64 << 53) as f64)
    }
}

/// What must be the same however often an import was killed.
fn state(room: &Room) -> (serde_json::Value, String) {
    let lists = room.run(&["lists", "--json"]).ends(0).json();
    let found = room
        .run(&["search", "barrow", "--limit", "0", "--json"])
        .ends(0)
        .out;
    (lists, found)
}

/// Kills so many imports, each of an archive that earlier ones began, beginning anew now and then.
fn kill_imports(kills: usize) {
    let clean = Room::new();
    clean.write("yard.mbox", mailbox(MAILS));
    let begin = Instant::now();
    clean.run(&["import", "-q", "yard.mbox"]).ends(0);
    let end = begin.elapsed();
    let wanted = state(&clean);
    let mut moments = Moments(0x9E37_79B9_7F4A_7C15);
    let mut room = Room::new();
    room.write("yard.mbox", mailbox(MAILS));
    for kill in 0..kills {
        let mut child = room
            .command(&["import", "-q", "yard.mbox"])
            .spawn()
            .unwrap();
        std::thread::sleep(moments.next(end));
        child.kill().unwrap();
        child.wait().unwrap();
        if room.path("archive/posthoc-archive").exists() {
            room.run(&["check", "-q"]).ends(0);
        }
        if kill % 3 == 2 || kill + 1 == kills {
            room.run(&["import", "-q", "yard.mbox"]).ends(0);
            room.run(&["check", "-q"]).ends(0);
            assert_eq!(state(&room), wanted, "after kill {kill}");
            room = Room::new();
            room.write("yard.mbox", mailbox(MAILS));
        }
    }
}

/// Kills so many deliveries while they read their pipe, take the mail, or end.
fn kill_deliveries(kills: usize) {
    let room = Room::new();
    room.run(&["init"]).ends(0);
    room.run(&["list", "add", "yard"]).ends(0);
    let begin = Instant::now();
    room.feed(&["deliver", "--list", "yard"], mail(0).as_bytes())
        .ends(0);
    let end = begin.elapsed() * 2;
    let mut moments = Moments(0xD1B5_4A32_D192_ED03);
    let mut acknowledged = vec![0];
    for n in 1..=kills {
        let mut child = room
            .command(&["deliver", "--list", "yard"])
            .spawn()
            .unwrap();
        let moment = moments.next(end);
        let mut pipe = child.stdin.take().unwrap();
        let _ = pipe.write_all(mail(n).as_bytes());
        drop(pipe);
        std::thread::sleep(moment);
        child.kill().unwrap();
        if child.wait().unwrap().success() {
            acknowledged.push(n);
        }
    }
    room.run(&["check"]).ends(0);
    let ids = room
        .run(&["search", "barrow", "--limit", "9999", "--format", "ids"])
        .ends(0)
        .out;
    let mut ids: Vec<&str> = ids.lines().collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "a mail is there twice");
    for n in acknowledged {
        let id = format!("barrow.{n}@gate.example");
        assert!(
            ids.contains(&id.as_str()),
            "{id} was acknowledged and is lost"
        );
    }
}

/// Kills so many publishings of one folder, then publishes: the site is that of a run that was not killed.
fn kill_publishings(kills: usize) {
    let room = Room::new();
    room.write("yard.mbox", mailbox(300));
    room.run(&["import", "-q", "--public", "yard.mbox"]).ends(0);
    let begin = Instant::now();
    room.run(&["publish", "-q", "whole"]).ends(0);
    let end = begin.elapsed();
    let mut moments = Moments(0xA076_1D64_78BD_642F);
    for _ in 0..kills {
        // Also into a folder that an earlier run had half done, and all of it again.
        let words = ["publish", "-q", "--full", "out"];
        let mut child = room.command(&words).spawn().unwrap();
        std::thread::sleep(moments.next(end));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    room.run(&["publish", "-q", "out"]).ends(0);
    let pages = |folder: &str| {
        let top = room.path(folder);
        let mut files = room.files(folder);
        for (path, _) in &mut files {
            *path = path.strip_prefix(&top).unwrap().to_owned();
        }
        // The manifest's tables are in the order of their paths, so they are the same too.
        files.retain(|(path, _)| !path.ends_with("lock"));
        files
    };
    let (whole, out) = (pages("whole"), pages("out"));
    let names = |files: &[(std::path::PathBuf, Vec<u8>)]| -> Vec<std::path::PathBuf> {
        files.iter().map(|(path, _)| path.clone()).collect()
    };
    assert_eq!(names(&whole), names(&out));
    for ((path, whole), (_, out)) in whole.iter().zip(&out) {
        assert!(whole == out, "{} differs", path.display());
    }
}

#[test]
fn killed_imports_go_on() {
    kill_imports(6);
}

#[test]
fn killed_deliveries_lose_nothing() {
    kill_deliveries(12);
}

#[test]
fn killed_publishings_leave_nothing_behind() {
    kill_publishings(12);
}

#[test]
fn a_creation_killed_before_its_marker_had_its_name_is_done_again() {
    let room = Room::new();
    room.write("yard.mbox", mailbox(3));
    let unfinished = room.path("archive/posthoc-archive.77-0.new");
    std::fs::create_dir(room.path("archive")).unwrap();
    std::fs::write(&unfinished, "{").unwrap();
    room.run(&["import", "-q", "yard.mbox"]).ends(0);
    room.run(&["-q", "check"]).ends(0);
    assert!(!unfinished.exists());
}
