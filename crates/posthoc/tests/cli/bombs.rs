//! Mails made to cost much, each in a process of its own: within memory, and whole. The full sizes are
//! a figure (`cargo xtask prove bombs`).

use crate::prelude::{POSTHOC, Room};
use std::path::Path;
use std::process::{Command, Stdio};

/// kB beside the mail's own size.
const KILOBYTES: usize = 150_000;

fn headed(header: &str, body: &[u8]) -> Vec<u8> {
    let mut mail = format!(
        "From: Ada <ada@example.org>\nMessage-ID: <bomb@example.org>\n\
         Date: Mon, 3 Nov 2025 10:00:00 +0000\n{header}\n"
    )
    .into_bytes();
    mail.extend(body);
    mail.push(b'\n');
    mail
}

/// Runs posthoc under GNU time, where that is; answers its peak in kB.
fn peak(room: &Room, words: &[&str]) -> Option<usize> {
    if !Path::new("/usr/bin/time").is_file() {
        room.run(words).ends(0);
        return None;
    }
    let told = room.path("time");
    let status = Command::new("/usr/bin/time")
        .args(["--format=%M", "--output"])
        .arg(&told)
        .arg(POSTHOC)
        .args(words)
        .current_dir(room.path(""))
        .env_remove("POSTHOC_ARCHIVE")
        .env_remove("POSTHOC_CONFIG")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "{words:?}: {status}");
    std::fs::read_to_string(told).unwrap().trim().parse().ok()
}

fn check(name: &str, mail: &[u8]) {
    let room = Room::new();
    let separator: &[u8] = b"From mboxrd@z Thu Jan  1 00:00:00 1970\n";
    room.write("bomb.mbox", [separator, mail, b"\n"].concat());
    let most = KILOBYTES + mail.len() / 1_000;
    for words in [
        &["import", "--list", "town", "--public", "bomb.mbox"][..],
        &["-a", "archive", "show", "--html", "bomb@example.org"],
    ] {
        let peak = peak(&room, words).unwrap_or(0);
        assert!(peak <= most, "{name}: {words:?} took {peak} kB");
    }
    let raw = room
        .command(&["-a", "archive", "show", "--raw", "bomb@example.org"])
        .output()
        .unwrap();
    assert!(raw.stdout == mail, "{name}: is not whole");
}

#[test]
fn structures_stay_within_memory() {
    let mut deep = Vec::new();
    for n in 0..10_000 {
        let part = format!(
            "--b{n}\nContent-Type: multipart/mixed; boundary=b{}\n\n",
            n + 1
        );
        deep.extend(part.into_bytes());
    }
    check(
        "multiparts",
        &headed("Content-Type: multipart/mixed; boundary=b0\n", &deep),
    );
    let mails = b"Content-Type: message/rfc822\n\n".repeat(50_000);
    check("mails", &headed("Content-Type: message/rfc822\n", &mails));
    let parts = b"--b\n\nx\n".repeat(200_000);
    check(
        "parts",
        &headed("Content-Type: multipart/mixed; boundary=b\n", &parts),
    );
    let files = b"--b\nContent-Type: image/png; name=a.png\n\nx\n".repeat(50_000);
    check(
        "files",
        &headed("Content-Type: multipart/mixed; boundary=b\n", &files),
    );
}

#[test]
fn headers_and_texts_stay_within_memory() {
    check(
        "a long field",
        &headed(&format!("X-Long: {}\n", "y".repeat(10_000_000)), b"x"),
    );
    let words = "=?utf-8?Q?=C3=A9?=\n ".repeat(100_000);
    check(
        "encoded words",
        &headed(&format!("Subject: {words}\n"), b"x"),
    );
    for piece in [">", "(", "[", "<", " ", "a@", "http://", "<a href=\""] {
        let text = piece.repeat(3_000_000 / piece.len());
        check(
            piece,
            &headed("Content-Type: text/plain\n", text.as_bytes()),
        );
    }
    let cells = b"<table><tr><td>x".repeat(200_000);
    check("cells", &headed("Content-Type: text/html\n", &cells));
    let blocks = b"begin 644 x\n#0V%T\n`\nend\n".repeat(100_000);
    check("uuencode", &headed("", &blocks));
}
