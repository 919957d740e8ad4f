//! Wrong inputs: each one clear line and its exit status.

use crate::prelude::{POSTHOC, Room, finish, list, mailbox};
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

/// One line on standard error with these words, nothing on standard output.
#[track_caller]
fn check(room: &Room, args: &[&str], status: i32, words: &[&str]) {
    let ran = room.run(args);
    assert_eq!(ran.status, status, "{args:?}: {ran:?}");
    assert_eq!(
        (ran.err.lines().count(), ran.out.as_str()),
        (1, ""),
        "{args:?}: {ran:?}"
    );
    for word in words {
        assert!(ran.err.contains(word), "{args:?}: no {word:?} in {ran:?}");
    }
}

#[test]
fn sources_that_are_none() {
    let room = Room::new();
    std::fs::create_dir(room.path("empty")).unwrap();
    room.write(
        "picture.png",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00 and so on",
    );
    room.write(
        "noise",
        (0..20_000_u32)
            .map(|n| ((n * n) >> 3) as u8)
            .collect::<Vec<_>>(),
    );
    room.write("text.txt", "Dear diary,\ntoday there was no mail.\n");
    let absolute = room.path("nosuch.mbox");
    let cases: &[(&str, i32, &str)] = &[
        ("nosuch.mbox", 66, absolute.to_str().unwrap()),
        ("empty", 65, "empty"),
        ("picture.png", 65, "picture.png"),
        ("noise", 65, "noise"),
        ("text.txt", 65, "text.txt"),
    ];
    for (source, status, words) in cases {
        check(&room, &["import", source], *status, &[words]);
        assert!(!room.path("archive").exists(), "{source} made an archive");
    }
}

#[test]
fn archives_that_are_none() {
    let room = Room::new();
    let source = list("town-hall.mbox");
    let here = room.path("archive");
    let here = here.to_str().unwrap();
    for args in [
        &["lists"][..],
        &["check"],
        &["search", "x"],
        &["show", "1"],
        &["publish", "out"],
        &["imports"],
        &["serve"],
    ] {
        check(&room, args, 66, &["no archive at", here, "-a DIR"]);
    }
    std::fs::create_dir(room.path("mine")).unwrap();
    room.write("mine/letter.txt", "mine");
    check(
        &room,
        &["-a", "mine", "init"],
        73,
        &["letter.txt", "name a new or empty folder"],
    );
    check(
        &room,
        &["-a", "mine", "import", &source],
        73,
        &["letter.txt"],
    );
    check(
        &room,
        &["-a", "mine/letter.txt", "lists"],
        66,
        &["no archive at"],
    );
    check(
        &room,
        &["-a", "mine/letter.txt", "import", &source],
        73,
        &["letter.txt"],
    );
    room.run(&["init"]).ends(0);
    check(&room, &["init"], 73, &["already"]);
    room.write(
        "archive/posthoc-archive",
        r#"{"kind":"posthoc-archive","format":9}"#,
    );
    check(&room, &["lists"], 78, &["format 9", "newer"]);
    check(&room, &["import", &source], 78, &["format 9"]);
}

#[test]
fn command_lines_that_are_wrong() {
    let room = Room::new();
    check(&room, &["impotr"], 64, &["impotr", "posthoc --help"]);
    check(&room, &["import"], 64, &["SOURCE", "posthoc import --help"]);
    check(
        &room,
        &["import", "--list", "search", "x"],
        64,
        &["reserved"],
    );
    check(&room, &["import", "--kind", "pst", "x"], 64, &["maildir"]);
    check(
        &room,
        &["import", "--split", "msgsep=(", "x"],
        64,
        &["msgsep"],
    );
    check(&room, &["list", "add", "no/name"], 64, &["a-z"]);
    check(
        &room,
        &["serve", "--listen", "everywhere"],
        64,
        &["127.0.0.1:8025"],
    );
    check(
        &room,
        &["serve", "--listen", "0.0.0.0:0", &list("town-hall.mbox")],
        64,
        &["others"],
    );
    check(&room, &["-q", "-v", "lists"], 64, &["--quiet"]);
}

#[test]
fn settings_that_are_wrong() {
    let room = Room::new();
    room.write("c.toml", "[site]\n\ntitel = \"x\"\n");
    check(
        &room,
        &["--config", "c.toml", "lists"],
        78,
        &["c.toml, line 3", "did you mean \"title\""],
    );
    check(
        &room,
        &["--config", "none.toml", "lists"],
        66,
        &["none.toml"],
    );
    room.run(&["init"]).ends(0);
    room.write("archive/templates/message.html", "{% if %}");
    check(&room, &["lists"], 78, &["message.html", "line 1"]);
}

#[test]
fn an_archive_without_a_word_index_is_whole_again() {
    let room = Room::new();
    room.run(&["import", &list("town-hall.mbox")]).ends(0);
    std::fs::remove_dir_all(room.path("archive/index")).unwrap();
    std::fs::remove_file(room.path("archive/catalog.sqlite")).unwrap();
    room.run(&["search", "harbour"]).ends(0);
    room.run(&["check"]).ends(0);
}

#[test]
fn damage_is_found() {
    let room = Room::new();
    room.run(&["import", &list("town-hall.mbox")]).ends(0);
    room.write("more.mbox", mailbox(5));
    room.run(&["import", "more.mbox"]).ends(0);
    let segment = room.path("archive/journal/00000001.seg");
    let mut bytes = std::fs::read(&segment).unwrap();
    let middle = bytes.len() / 3;
    bytes[middle] ^= 0x40;
    std::fs::write(&segment, bytes).unwrap();
    let ran = room.run(&["check"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(ran.out.contains("00000001.seg at byte"), "{ran:?}");
}

/// Whoever may write everywhere runs the binary as somebody who may not.
fn as_nobody(room: &Room, args: &[&str]) -> Option<crate::prelude::Ran> {
    let mut command = room.command(args);
    let probe = room.path("probe");
    std::fs::create_dir_all(&probe).unwrap();
    std::fs::set_permissions(&probe, Permissions::from_mode(0o555)).unwrap();
    if std::fs::write(probe.join("x"), "x").is_ok() {
        let mut first = Command::new(POSTHOC);
        first.arg("--version").uid(65_534).gid(65_534);
        let runs = first
            .stdout(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
        if !runs {
            return None;
        }
        command.uid(65_534).gid(65_534);
    }
    Some(finish(command.spawn().unwrap(), b""))
}

#[test]
fn folders_that_may_not_be_written() {
    let room = Room::new();
    std::fs::set_permissions(room.path("."), Permissions::from_mode(0o755)).unwrap();
    let source = room.write("yard.mbox", mailbox(3));
    room.run(&["import", source.to_str().unwrap()]).ends(0);
    let archive = room.path("archive");
    let listing = Command::new("chmod")
        .args(["-R", "a-w,a+rX"])
        .arg(&archive)
        .status()
        .unwrap();
    assert!(listing.success());
    let Some(read) = as_nobody(&room, &["lists", "--json"]) else {
        eprintln!("not tested: no other user can run the binary");
        return;
    };
    // Reading needs no permission to write.
    assert_eq!(read.ends(0).json()[0]["messages"], 3);
    as_nobody(&room, &["search", "barrow"]).unwrap().ends(0);
    let import = as_nobody(&room, &["import", "--list", "x", source.to_str().unwrap()]).unwrap();
    assert_eq!(
        (import.status, import.err.lines().count()),
        (77, 1),
        "{import:?}"
    );
    let new = as_nobody(&room, &["-a", "probe/new", "init"]).unwrap();
    assert_eq!((new.status, new.err.lines().count()), (77, 1), "{new:?}");
    assert!(new.err.contains("probe/new"), "{new:?}");
    let restored = Command::new("chmod")
        .args(["-R", "u+w"])
        .arg(&archive)
        .status()
        .unwrap();
    assert!(restored.success());
}
