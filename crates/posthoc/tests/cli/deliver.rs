//! deliver: 0 or 75, and nothing else.

use crate::prelude::{Room, Server, list, mail, mailbox};
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;

fn yard() -> Room {
    let room = Room::new();
    room.run(&["init"]).ends(0);
    room.run(&["list", "add", "yard"]).ends(0);
    room
}

#[test]
fn a_mail_is_there_at_once() {
    let room = yard();
    let with_from_line = format!(
        "From ada@gate.example Mon Nov  3 10:00:00 2025\n{}",
        mail(1)
    );
    let ran = room
        .feed(&["deliver", "--list", "yard"], with_from_line.as_bytes())
        .ends(0);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""));
    let crlf = mail(2).replace('\n', "\r\n");
    room.feed(&["deliver", "--list", "yard"], crlf.as_bytes())
        .ends(0);
    // A mail system that heard no answer sends it again.
    room.feed(&["deliver", "--list", "yard"], crlf.as_bytes())
        .ends(0);
    assert_eq!(
        room.run(&["lists", "--json"]).ends(0).json()[0]["messages"],
        2
    );
    let found = room.run(&["search", "barrow", "--json"]).ends(0).json();
    assert_eq!(found["total"], 2);
    room.run(&["check"]).ends(0);
}

/// A mail system must hear that it is taken: nobody is told, and the keeper decides.
#[test]
fn an_automatic_answer_is_held_until_it_is_released() {
    let room = yard();
    let away = format!("Auto-Submitted: auto-replied\n{}", mail(1));
    room.feed(&["deliver", "--list", "yard"], away.as_bytes())
        .ends(0);
    let messages = || room.run(&["lists", "--json"]).ends(0).json()[0]["messages"].clone();
    assert_eq!(messages(), 0);
    let held = room.run(&["quarantine", "--json"]).ends(0).json();
    assert_eq!(
        (&held[0]["reason"], &held[0]["list"], &held[0]["released"]),
        (
            &"auto_reply".into(),
            &"yard".into(),
            &serde_json::Value::Null
        )
    );
    let id = held[0]["id"].to_string();
    assert_eq!(room.run(&["quarantine", "show", &id]).ends(0).out, away);
    room.run(&["quarantine", "release", &id]).ends(0);
    assert_eq!(messages(), 1);
    room.run(&["check", "-q"]).ends(0);
}

#[test]
fn a_server_takes_mail_by_lmtp() {
    let room = yard();
    let socket = room.path("lmtp");
    let at = format!("unix:{}", socket.display());
    room.write("archive/posthoc.toml", "[serve]\nlmtp_bytes = 65536\n");
    let server = Server::start(&room, &["serve", "--listen", "0", "--lmtp", &at]);
    let mut stream = UnixStream::connect(&socket).unwrap();
    let wire = mail(1).replace('\n', "\r\n");
    let talk =
        format!("LHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<yard@here>\r\nDATA\r\n{wire}\r\n.\r\nQUIT\r\n");
    stream.write_all(talk.as_bytes()).unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).unwrap();
    assert!(said.contains("\r\n250-SIZE 65536\r\n"), "{said}");
    assert!(
        said.contains("\r\n250 2.0.0 in the archive of yard\r\n"),
        "{said}"
    );
    // The same mail through the pipe beside it: there once.
    room.feed(&["deliver", "--list", "yard"], mail(1).as_bytes())
        .ends(0);
    drop(server);
    assert_eq!(
        room.run(&["lists", "--json"]).ends(0).json()[0]["messages"],
        1
    );
    assert_eq!(
        room.run(&["search", "barrow", "--json"]).ends(0).json()["total"],
        1
    );
    room.run(&["check"]).ends(0);
    let refused = room.run(&["serve", "--lmtp", "0.0.0.0:24"]).ends(64);
    assert!(refused.err.contains("this machine alone"), "{refused:?}");
}

#[test]
fn what_cannot_be_taken_stays_with_the_mail_system() {
    let room = yard();
    room.write("bad.toml", "[site]\nnonsense = 1\n");
    let mail = mail(1);
    let cases: &[(&[&str], &[u8], &str)] = &[
        (
            &["-a", "elsewhere", "deliver", "--list", "yard"],
            mail.as_bytes(),
            "no archive at",
        ),
        (
            &["deliver", "--list", "nowhere"],
            mail.as_bytes(),
            "list add nowhere",
        ),
        (&["deliver", "--list", "yard"], b"", "no mail"),
        (&["deliver"], mail.as_bytes(), "--list"),
        (
            &["-q", "deliver", "--lists", "yard"],
            mail.as_bytes(),
            "--lists",
        ),
        (
            &["--config", "bad.toml", "deliver", "--list", "yard"],
            mail.as_bytes(),
            "line 2",
        ),
    ];
    for (args, input, words) in cases {
        let ran = room.feed(args, input);
        assert_eq!(ran.status, 75, "{args:?}: {ran:?}");
        assert!(
            ran.out.starts_with("4.3.0 ") && ran.out.lines().count() == 1,
            "{ran:?}"
        );
        assert!(
            ran.err.contains(words) && ran.err.lines().count() == 1,
            "{args:?}: {ran:?}"
        );
    }
    assert_eq!(
        room.run(&["lists", "--json"]).ends(0).json()[0]["messages"],
        0
    );
}

/// Whoever can send mail could make lists else, with names that are then never free again.
#[test]
fn no_door_makes_a_list() {
    let room = Room::new();
    room.run(&["init"]).ends(0);
    let (socket, mbox) = (room.path("lmtp"), room.write("ghost.mbox", mailbox(3)));
    // Settings alone make none either.
    let settings =
        format!("address = \"ghost@gate.example\"\nlist_id = \"ghost.gate\"\nwatch = [{mbox:?}]\n");
    room.write("archive/lists.d/ghost.toml", settings);
    let at = format!("unix:{}", socket.display());
    let server = Server::start(&room, &["serve", "--listen", "0", "--lmtp", &at]);
    let said = |said: &str| {
        let mut stream = UnixStream::connect(&socket).unwrap();
        let wire = format!("List-Id: <ghost.gate>\n{}", mail(1)).replace('\n', "\r\n");
        let mut talk = "LHLO x\r\n".to_owned();
        for recipient in [
            "ghost@gate.example",
            "ghost@here",
            "everything@gate.example",
        ] {
            talk += &format!("MAIL FROM:<>\r\nRCPT TO:<{recipient}>\r\nDATA\r\n{wire}\r\n.\r\n");
        }
        stream
            .write_all(format!("{talk}QUIT\r\n").as_bytes())
            .unwrap();
        let mut all = String::new();
        stream.read_to_string(&mut all).unwrap();
        all.lines().filter(|line| line.starts_with(said)).count()
    };
    assert_eq!(said("550 5.1.1"), 3);
    let ran = room.feed(&["deliver", "--list", "ghost"], mail(1).as_bytes());
    assert_eq!(ran.ends(75).err.matches("list add ghost").count(), 1);
    // Two looks at the mailbox at least.
    std::thread::sleep(std::time::Duration::from_secs(5));
    let lists = || room.run(&["lists", "--json"]).ends(0).json();
    assert_eq!(lists(), serde_json::json!([]));
    // Made by hand it has all of it, from the doors that try again.
    room.run(&["list", "add", "ghost"]).ends(0);
    assert_eq!(said("250 2.0.0 in the archive of ghost"), 3);
    let begin = std::time::Instant::now();
    while lists()[0]["messages"] != 3 {
        assert!(begin.elapsed().as_secs() < 60, "{}", lists());
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    drop(server);
    room.run(&["check"]).ends(0);
}

#[test]
fn a_held_lock_keeps_no_mail_out() {
    let room = yard();
    let lock = File::options()
        .write(true)
        .open(room.path("archive/lock"))
        .unwrap();
    lock.lock().unwrap();
    for n in 0..5 {
        room.feed(&["deliver", "--list", "yard"], mail(n).as_bytes())
            .ends(0);
    }
    // Reading goes on, without what waits.
    assert_eq!(
        room.run(&["lists", "--json"]).ends(0).json()[0]["messages"],
        0
    );
    drop(lock);
    assert_eq!(
        room.run(&["lists", "--json"]).ends(0).json()[0]["messages"],
        5
    );
    room.run(&["check"]).ends(0);
}

#[test]
fn deliveries_and_an_import_go_together() {
    let room = yard();
    let source = list("lighthouse-keepers.mbox");
    let import = room.command(&["import", &source]).spawn().unwrap();
    let deliveries: Vec<_> = (0..8)
        .map(|n| {
            let child = room
                .command(&["deliver", "--list", "yard"])
                .spawn()
                .unwrap();
            (child, mail(n))
        })
        .collect();
    for (child, mail) in deliveries {
        crate::prelude::finish(child, mail.as_bytes()).ends(0);
    }
    crate::prelude::finish(import, b"").ends(0);
    let lists = room.run(&["lists", "--json"]).ends(0).json();
    let counts: Vec<_> = lists
        .as_array()
        .unwrap()
        .iter()
        .map(|list| list["messages"].clone())
        .collect();
    assert_eq!(counts, [52, 8]);
    room.run(&["check"]).ends(0);
}
