//! serve with sources: a scratch archive, shown on this machine.

use crate::prelude::{Room, Server, list, mail, mailbox};
use std::time::{Duration, Instant};

#[test]
fn a_mailbox_is_shown_without_an_archive() {
    let room = Room::new();
    let args = ["serve", "--listen", "0", &list("town-hall.mbox")];
    for _ in 0..2 {
        let server = Server::start(&room, &args);
        let home = server.get("/");
        assert!(
            home.starts_with("HTTP/1.1 200") && home.contains("town-hall"),
            "{home}"
        );
        let mail = server.get("/town-hall/2025-October/msg00003.html");
        assert!(mail.contains("LOST, ONE OAR"), "{mail}");
    }
    assert!(!room.path("archive").exists());
    let scratch = std::fs::read_dir(room.path("cache/posthoc"))
        .unwrap()
        .count();
    assert_eq!(scratch, 1);
}

#[test]
fn requests_are_told_without_what_was_looked_for() {
    let room = Room::new();
    room.run(&["init"]).ends(0);
    let settings = |log: &str| {
        room.write(
            "archive/posthoc.toml",
            format!("[serve]\nlog = \"{log}\"\n"),
        );
    };
    settings("requests");
    let mut server = Server::start(&room, &["serve", "--listen", "0"]);
    server.get("/search/?q=secret");
    let line = server.says("request ");
    let (told, millis) = line.rsplit_once(" ms=").unwrap();
    assert!(millis.parse::<u64>().is_ok(), "{line}");
    let (told, bytes) = told.rsplit_once(" bytes=").unwrap();
    assert!(
        bytes.parse::<u64>().is_ok_and(|bytes| bytes > 100),
        "{line}"
    );
    assert_eq!(
        told,
        "posthoc: request method=GET path=\"/search/\" status=200"
    );
    settings("addresses");
    server.reload();
    server.ask("GET", "/nothing", "X-Forwarded-For: 192.0.2.7\r\n");
    let line = server.says("request ");
    assert!(
        line.contains(" path=\"/nothing\" client=192.0.2.7 status=404 "),
        "{line}"
    );
}

/// Long enough for a machine with much to do: a look every two seconds, and five for the last mail of an mbox.
const LATE: Duration = Duration::from_secs(120);

/// Mail that lies in mailboxes which others fill, from the first look on and as it comes.
#[test]
fn mail_in_watched_mailboxes_is_shown() {
    let room = Room::new();
    room.run(&["init"]).ends(0);
    for list in ["yard", "gate"] {
        room.run(&["list", "add", "--public", list]).ends(0);
    }
    room.write("archive/lists.d/yard.toml", "watch = [\"../../Maildir\"]\n");
    for part in ["new", "cur", "tmp"] {
        std::fs::create_dir_all(room.path("Maildir").join(part)).unwrap();
    }
    room.write("Maildir/cur/1700000000.1.host:2,S", mail(1));
    let mut server = Server::start(&room, &["serve", "--listen", "0"]);
    let comes = |server: &Server, path: &str, words: &str| {
        let began = Instant::now();
        while !server.get(path).contains(words) {
            assert!(began.elapsed() < LATE, "{words} does not come");
            std::thread::sleep(Duration::from_millis(100));
        }
    };
    comes(
        &server,
        "/yard/2025-November/msg00000.html",
        "Barrow 1 stands",
    );
    room.write("Maildir/tmp/1700000001.2.host", mail(2));
    let new = room.path("Maildir/new/1700000001.2.host");
    std::fs::rename(room.path("Maildir/tmp/1700000001.2.host"), new).unwrap();
    comes(
        &server,
        "/yard/2025-November/msg00001.html",
        "Barrow 2 stands",
    );
    // Another one, from the next reload on.
    room.write(
        "archive/lists.d/gate.toml",
        "watch = [\"../../gate.mbox\"]\n",
    );
    room.write("gate.mbox", mailbox(3));
    server.reload();
    comes(
        &server,
        "/gate/2025-November/msg00002.html",
        "Barrow 2 stands",
    );
    // Mails are counted when the look at their mailbox has ended, which is after they are shown.
    let count = "posthoc_mails_total{door=\"mailbox\",verdict=\"archived\"} 5\n";
    comes(&server, "/metrics", count);
    drop(server);
    room.run(&["check", "-q"]).ends(0);
}

/// Fifty mails, each from a process of its own: a running server shows each within two seconds.
#[test]
fn a_delivered_mail_is_found_within_two_seconds() {
    let room = Room::new();
    room.run(&["init"]).ends(0);
    room.run(&["list", "add", "--public", "town-hall"]).ends(0);
    let settings = "[serve]\nsearches_per_minute = 100000\n";
    room.write("archive/posthoc.toml", settings);
    let server = Server::start(&room, &["serve", "--listen", "0"]);
    for n in 0..50 {
        let mail = format!(
            "From: Ada <ada@harbour.example>\nSubject: Bell {n}\nMessage-ID: <{n}@tests.example>\n\
             Date: Sun, 30 Nov 2025 10:00:00 +0000\n\nThe zqbell{n} rings.\n"
        );
        room.feed(&["deliver", "--list", "town-hall"], mail.as_bytes())
            .ends(0);
        let delivered = Instant::now();
        let found = || {
            server
                .get(&format!("/search/?q=zqbell{n}"))
                .contains("1 mail<")
        };
        while !found() {
            let waited = delivered.elapsed();
            assert!(waited < Duration::from_secs(2), "mail {n} after {waited:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}
