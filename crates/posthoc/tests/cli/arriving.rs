//! Mail that arrives, as it does where lists live.

use crate::prelude::{Room, Server, mail};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

/// Far more than what is promised: other tests run beside.
const SOON: Duration = Duration::from_secs(60);
const IDLE: u64 = 10_000;

/// A public list, and a server that takes mail at the socket.
fn served() -> (Room, Server, PathBuf) {
    let room = Room::new();
    room.run(&["init"]).ends(0);
    room.run(&["list", "add", "--public", "yard"]).ends(0);
    let socket = room.path("lmtp");
    let at = format!("unix:{}", socket.display());
    let server = Server::start(&room, &["serve", "--listen", "0", "--lmtp", &at]);
    (room, server, socket)
}

/// Has a mail for a recipient taken.
#[track_caller]
fn by_lmtp(socket: &Path, recipient: &str, mail: &str) {
    let mut stream = UnixStream::connect(socket).unwrap();
    stream.set_read_timeout(Some(SOON)).unwrap();
    let wire = mail.replace('\n', "\r\n");
    let talk = format!(
        "LHLO gate\r\nMAIL FROM:<>\r\nRCPT TO:<{recipient}>\r\nDATA\r\n{wire}.\r\nQUIT\r\n"
    );
    stream.write_all(talk.as_bytes()).unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).unwrap();
    // It waits in the spool where another thread writes at that moment.
    let (there, safe) = (
        "\r\n250 2.0.0 in the archive of ",
        "\r\n250 2.0.0 safe, and soon",
    );
    assert!(said.contains(there) || said.contains(safe), "{said}");
}

fn within_reach(mut there: impl FnMut() -> bool, what: &str) {
    let begin = Instant::now();
    while !there() {
        assert!(begin.elapsed() < SOON, "{what} does not come");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Waits until the list has so many mails.
fn has(room: &Room, mails: u64) {
    within_reach(|| messages(room) == mails, &format!("mail {mails}"));
}

fn messages(room: &Room) -> u64 {
    let lists = room.run(&["lists", "--json"]).ends(0).json();
    lists[0]["messages"].as_u64().unwrap()
}

/// Each way adds what it adds, and it is one mail with one page.
#[test]
fn the_same_mail_by_every_door_is_one_page() {
    let room = Room::new();
    room.run(&["init"]).ends(0);
    room.run(&["list", "add", "--public", "yard"]).ends(0);
    let watched = room.path("watched");
    for folder in ["cur", "new", "tmp"] {
        std::fs::create_dir_all(watched.join(folder)).unwrap();
    }
    let watch = format!("watch = [{watched:?}]\n");
    let set = room.path("archive/lists.d/yard.toml");
    let before = std::fs::read_to_string(&set).unwrap_or_default();
    room.write("archive/lists.d/yard.toml", before + &watch);
    let socket = room.path("lmtp");
    let at = format!("unix:{}", socket.display());
    let server = Server::start(&room, &["serve", "--listen", "0", "--lmtp", &at]);
    let from_list = format!(
        "Received: from gate.example by lists.gate.example; Mon, 3 Nov 2025 00:00:09 +0000\n\
         List-Id: <yard.gate.example>\n{}_______________________________________________\n\
         yard mailing list\nyard@gate.example\nhttps://gate.example/listinfo/yard\n",
        mail(1).replace("Subject: ", "Subject: [Yard] ")
    );
    by_lmtp(&socket, "yard@gate.example", &from_list);
    has(&room, 1);
    let by_pipe = format!(
        "Received: from ada by gate; Mon, 3 Nov 2025 00:00:03 +0000\n{}",
        mail(1)
    );
    room.feed(&["deliver", "--list", "yard"], by_pipe.as_bytes())
        .ends(0);
    let fetched = format!(
        "Return-Path: <ada@gate.example>\nX-Fetched: yes\n{}",
        mail(1)
    );
    std::fs::write(watched.join("new/1.x.here"), fetched).unwrap();
    // What lies behind it in the same mailbox tells that it was taken in.
    std::fs::write(watched.join("new/2.x.here"), mail(2)).unwrap();
    has(&room, 2);
    room.write(
        "yard.mbox",
        format!("From ada Mon Nov  3 10:00:00 2025\n{from_list}\n"),
    );
    room.run(&["import", "--list", "yard", "yard.mbox"]).ends(0);
    assert_eq!(messages(&room), 2);
    let found = room
        .run(&["search", "\"Barrow 1 stands\"", "--json"])
        .ends(0)
        .json();
    assert_eq!(found["total"], 1);
    room.run(&["publish", "site"]).ends(0);
    let pages = std::fs::read_dir(room.path("site/yard/2025-November")).unwrap();
    let pages = pages.filter(|page| {
        let name = page.as_ref().unwrap().file_name();
        name.to_string_lossy().starts_with("msg")
    });
    assert_eq!(pages.count(), 2);
    let page = server.get("/yard/2025-November/msg00000.html");
    assert!(page.contains("Barrow 1 stands"), "{page}");
    room.run(&["check"]).ends(0);
}

/// A clock that runs ahead is a sender's: the mail is read today, under its own date, and what comes after it is
/// newer.
#[test]
fn a_mail_dated_tomorrow_is_read_today() {
    let (room, server, socket) = served();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let now = now.unwrap().as_secs();
    let told = |seconds: u64, form: &str| {
        let mut date = Command::new("date");
        date.env("LC_ALL", "C")
            .args(["-u", "-d", &format!("@{seconds}"), form]);
        let out = date.output().unwrap().stdout;
        String::from_utf8(out).unwrap().trim().to_owned()
    };
    let tomorrow = now + 24 * 60 * 60;
    for (n, seconds) in [(1, tomorrow), (2, now)] {
        // Mails of one second are of one age.
        std::thread::sleep(Duration::from_millis(1_100));
        let date = format!("Date: {}", told(seconds, "-R"));
        let dated = mail(n).replace(&format!("Date: Mon, 3 Nov 2025 00:00:0{n} +0000"), &date);
        assert!(dated.contains(&date));
        by_lmtp(&socket, "yard@gate.example", &dated);
        has(&room, n as u64);
    }
    let volume = told(tomorrow, "+%Y-%B");
    let page = server.get(&format!("/yard/{volume}/msg00000.html"));
    assert!(page.contains("Barrow 1 stands"), "{page}");
    let home = server.get("/yard/");
    assert!(
        home.contains("Barrow number 1") && home.contains("Barrow number 2"),
        "{home}"
    );
    let feed = server.get("/yard/feed.atom");
    let at = |words: &str| feed.find(words).unwrap();
    assert!(at("Barrow number 2") < at("Barrow number 1"), "{feed}");
    room.run(&["publish", "site"]).ends(0);
    let list = std::fs::read_to_string(room.path("site/yard/index.html")).unwrap();
    assert!(home.ends_with(&list));
    room.run(&["check"]).ends(0);
}

/// Who subscribed the archive does not know of the new name, nor does the server's own file of settings.
#[test]
fn mail_for_a_lists_former_name_goes_on_arriving() {
    let (room, server, socket) = served();
    by_lmtp(&socket, "yard@gate.example", &mail(1));
    has(&room, 1);
    room.run(&["list", "rename", "yard", "garden"]).ends(0);
    for (n, recipient) in [
        (2, "yard@gate.example"),
        (3, "yard@here"),
        (4, "garden@here"),
    ] {
        by_lmtp(&socket, recipient, &mail(n));
        has(&room, n as u64);
    }
    room.feed(&["deliver", "--list", "yard"], mail(5).as_bytes())
        .ends(0);
    assert_eq!(messages(&room), 5);
    let lists = room.run(&["lists", "--json"]).ends(0).json();
    assert_eq!(lists.as_array().unwrap().len(), 1);
    let page = server.get("/garden/2025-November/msg00002.html");
    assert!(page.contains("Barrow 3 stands"), "{page}");
    room.run(&["check"]).ends(0);
}

/// Places that idle connections hold are given to those who come; the site's readers do not notice.
#[test]
fn ten_thousand_idle_connections_keep_nobody_out() {
    let limit = getrlimit(Resource::Nofile);
    let most = limit.maximum.unwrap_or(u64::MAX).min(IDLE + 1_000);
    let raised = Rlimit {
        current: Some(most.max(limit.current.unwrap_or(0))),
        maximum: limit.maximum,
    };
    setrlimit(Resource::Nofile, raised).unwrap();
    let idle = IDLE.min(most - 200);
    if idle < IDLE {
        eprintln!("this machine lets a process have no more than {most} files: {idle} connections");
    }
    let (room, server, socket) = served();
    let mut held = Vec::new();
    for n in 0..idle {
        let stream = UnixStream::connect(&socket);
        held.push(stream.unwrap_or_else(|error| panic!("connection {n}: {error}")));
    }
    by_lmtp(&socket, "yard@gate.example", &mail(1));
    has(&room, 1);
    let page = server.get("/yard/2025-November/msg00000.html");
    assert!(page.contains("Barrow 1 stands"), "{page}");
    // Those that have been idle longest were told so.
    let mut first = String::new();
    held[0].set_read_timeout(Some(SOON)).unwrap();
    held[0].read_to_string(&mut first).unwrap();
    assert!(first.contains("\r\n421 4.3.2"), "{first:?}");
    // One that came late has its place still.
    let last = held.last_mut().unwrap();
    last.set_read_timeout(Some(SOON)).unwrap();
    last.write_all(b"NOOP\r\nQUIT\r\n").unwrap();
    let mut said = String::new();
    last.read_to_string(&mut said).unwrap();
    assert!(
        said.starts_with("220 ") && said.contains("\r\n221 "),
        "{said:?}"
    );
    drop(held);
    drop(server);
    room.run(&["check"]).ends(0);
}
