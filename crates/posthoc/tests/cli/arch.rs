//! `arch`: what those who come from Mailman type.

use crate::prelude::Room;
use std::path::Path;

fn mail(n: usize, text: &str) -> String {
    format!(
        "From ada@example.org Mon Sep  1 10:00:00 2025\nMessage-ID: <{n}@x.example>\n\
         Date: Mon, 1 Sep 2025 10:00:{n:02} +0000\nFrom: Ada Example <ada@example.org>\n\
         Subject: Mail {n}\n\n{text}\n\n"
    )
}

fn mailbox(room: &Room, name: &str, mails: usize) {
    let mails: String = (0..mails).map(|n| mail(n, "text")).collect();
    room.write(name, mails);
}

fn page(room: &Room, number: usize) -> String {
    let path = format!("out/keepers/2025-September/{number:06}.html");
    std::fs::read_to_string(room.path(&path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn a_second_run_renumbers_and_doubles_nothing() {
    let room = Room::new();
    mailbox(&room, "keepers.mbox/keepers.mbox", 3);
    let first = room
        .run(&["arch", "--public", "--out", "out", "keepers"])
        .ends(0);
    assert!(first.err.contains("lists.d/keepers.toml"), "{first:?}");
    assert!(page(&room, 2).contains("Mail 2"));
    let before = room.files("out");
    room.run(&["-q", "arch", "--out", "out", "keepers"]).ends(0);
    assert_eq!(before, room.files("out"), "a second run");
    let wiped = room
        .run(&["arch", "--wipe", "--out", "out", "keepers"])
        .ends(0);
    assert!(wiped.err.contains("keep their numbers"), "{wiped:?}");
    assert_eq!(before, room.files("out"), "--wipe");
    mailbox(&room, "keepers.mbox/keepers.mbox", 5);
    room.run(&["arch", "--out", "out", "keepers"]).ends(0);
    assert!(page(&room, 2).contains("Mail 2") && page(&room, 4).contains("Mail 4"));
}

/// As `bin/arch` was fed with large mailboxes, piece by piece.
#[test]
fn a_mailbox_is_taken_in_pieces() {
    let room = Room::new();
    mailbox(&room, "in.mbox", 10);
    for piece in [["-s", "0", "-e", "3"], ["-s", "4", "-e", "9"]] {
        let args = [
            &["arch", "--public", "--out", "out"][..],
            &piece,
            &["keepers", "in.mbox"],
        ];
        room.run(&args.concat()).ends(0);
    }
    for n in 0..10 {
        assert!(page(&room, n).contains(&format!("Mail {n}")), "{n}");
    }
    assert!(!Path::new(&room.path("out/keepers/2025-September/000010.html")).exists());
}

#[test]
fn what_is_wrong_is_said() {
    let room = Room::new();
    let none = room.run(&["arch", "keepers"]).ends(66);
    assert!(none.err.contains("keepers.mbox/keepers.mbox"), "{none:?}");
    mailbox(&room, "in.mbox", 1);
    room.run(&["arch", "-s", "5", "-e", "3", "keepers", "in.mbox"])
        .ends(64);
}

/// A list that has chosen another layout keeps it.
#[test]
fn a_layout_that_was_chosen_stays() {
    let room = Room::new();
    mailbox(&room, "in.mbox", 2);
    room.write("archive/lists.d/keepers.toml", "layout = \"posthoc\"\n");
    room.run(&["arch", "--public", "--out", "out", "keepers", "in.mbox"])
        .ends(0);
    assert!(
        room.path("out/keepers/2025-September/msg00001.html")
            .exists()
    );
}
