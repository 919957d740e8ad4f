//! serve with sources: a scratch archive, shown on this machine.

use crate::prelude::{Room, list};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Child;

/// Ends the server with the test, also a failed one.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn fetch(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_mailbox_is_shown_without_an_archive() {
    let room = Room::new();
    let args = ["serve", "--listen", "0", &list("town-hall.mbox")];
    for _ in 0..2 {
        let mut server = Server(room.command(&args).spawn().unwrap());
        let mut out = BufReader::new(server.0.stdout.take().unwrap());
        let mut url = String::new();
        out.read_line(&mut url).unwrap();
        let address = url
            .trim()
            .strip_prefix("http://")
            .unwrap()
            .trim_end_matches('/');
        let home = fetch(address, "/");
        assert!(
            home.starts_with("HTTP/1.1 200") && home.contains("town-hall"),
            "{home}"
        );
        let mail = fetch(address, "/town-hall/2025-October/msg00003.html");
        assert!(mail.contains("LOST, ONE OAR"), "{mail}");
    }
    assert!(!room.path("archive").exists());
    let scratch = std::fs::read_dir(room.path("cache/posthoc"))
        .unwrap()
        .count();
    assert_eq!(scratch, 1);
}
