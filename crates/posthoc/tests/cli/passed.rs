//! serve at sockets that others have opened, as systemd does it.

use crate::prelude::{POSTHOC, Room, mail};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The shell puts the sockets where systemd puts them, and becomes the server, whose id it knows.
const AS_SYSTEMD: &str = "export LISTEN_PID=$$ LISTEN_FDS=2 LISTEN_FDNAMES=http:lmtp; \
     exec \"$0\" \"$@\" 3<&0 4<&1 </dev/null >/dev/null";

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    fn start(room: &Room, http: TcpListener, lmtp: UnixListener, args: &[&str]) -> Self {
        let child = Command::new("sh")
            .args(["-c", AS_SYSTEMD, POSTHOC])
            .args(args)
            .env("POSTHOC_ARCHIVE", room.path("archive"))
            .env("NOTIFY_SOCKET", room.path("notify"))
            .stdin(Stdio::from(OwnedFd::from(http)))
            .stdout(Stdio::from(OwnedFd::from(lmtp)))
            .stderr(Stdio::piped())
            .spawn();
        Running(child.unwrap())
    }

    fn signal(&self, name: &str) {
        let id = self.0.id().to_string();
        let told = Command::new("kill").args([name, &id]).status().unwrap();
        assert!(told.success());
    }
}

/// What is told, without the time in it.
fn told(notify: &UnixDatagram) -> String {
    let mut bytes = [0; 200];
    let length = notify.recv(&mut bytes).unwrap();
    let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
    text.lines().next().unwrap().to_owned()
}

#[test]
fn sockets_from_systemd_are_served_and_it_is_told_so() {
    let room = Room::new();
    room.run(&["init"]).ends(0);
    room.run(&["list", "add", "--public", "yard"]).ends(0);
    let notify = UnixDatagram::bind(room.path("notify")).unwrap();
    notify
        .set_read_timeout(Some(Duration::from_secs(120)))
        .unwrap();
    let http = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = http.local_addr().unwrap();
    let lmtp = UnixListener::bind(room.path("lmtp")).unwrap();
    // Who comes before the server is there waits and is not refused.
    let mut early = BufReader::new(UnixStream::connect(room.path("lmtp")).unwrap());
    let args = ["serve", "--listen", "passed:http", "--lmtp", "passed:lmtp"];
    let mut server = Running::start(&room, http, lmtp, &args);
    assert_eq!(told(&notify), "READY=1");
    let mut says = |line: &str, wanted: &str| {
        early.get_mut().write_all(line.as_bytes()).unwrap();
        let mut said = String::new();
        while !said
            .lines()
            .last()
            .is_some_and(|line| line.starts_with(wanted))
        {
            assert_ne!(early.read_line(&mut said).unwrap(), 0, "{said}");
        }
    };
    says("", "220 ");
    says("LHLO gate.example\r\n", "250 ");
    says("MAIL FROM:<ada@gate.example>\r\n", "250 ");
    says("RCPT TO:<yard@gate.example>\r\n", "250 ");
    says("DATA\r\n", "354 ");
    let text = mail(1).replace('\n', "\r\n");
    says(&format!("{text}.\r\n"), "250 ");
    let mut visitor = TcpStream::connect(at).unwrap();
    let page = "/yard/2025-November/msg00000.html";
    let ask = format!("GET {page} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n\r\n");
    visitor.write_all(ask.as_bytes()).unwrap();
    let mut answer = String::new();
    visitor.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("Barrow 1 stands"), "{answer}");
    server.signal("-HUP");
    assert_eq!(told(&notify), "RELOADING=1");
    assert_eq!(told(&notify), "READY=1");
    server.signal("-TERM");
    assert_eq!(told(&notify), "STOPPING=1");
    assert!(server.0.wait().unwrap().success());
    // It was not ours to remove.
    assert!(room.path("lmtp").exists());
}

#[test]
fn a_socket_that_was_not_passed_is_told() {
    let room = Room::new();
    room.run(&["init"]).ends(0);
    let ran = room.run(&["serve", "--listen", "passed:http"]).ends(73);
    let words = "cannot listen at passed:http: no socket was passed to this process";
    assert!(ran.err.contains(words), "{ran:?}");
}

/// Whoever can connect there can put mail into every list.
#[test]
fn mail_is_not_taken_at_a_passed_socket_that_others_reach() {
    let room = Room::new();
    room.run(&["init"]).ends(0);
    let http = TcpListener::bind("0.0.0.0:0").unwrap();
    let lmtp = UnixListener::bind(room.path("lmtp")).unwrap();
    let args = ["serve", "--listen", "0", "--lmtp", "passed:http"];
    let mut server = Running::start(&room, http, lmtp, &args);
    assert_eq!(server.0.wait().unwrap().code(), Some(73));
    let mut said = String::new();
    let mut err = server.0.stderr.take().unwrap();
    err.read_to_string(&mut said).unwrap();
    assert!(said.contains("LMTP is for this machine alone"), "{said}");
}

/// The units are what systemd understands, and leave the server little. Where there is no systemd there
/// is nobody to ask.
#[test]
fn the_units_are_understood_and_leave_little() {
    let room = Room::new();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../contrib/systemd");
    let mut units = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        // The program need not be installed here.
        room.write(&name, text.replace("/usr/bin/posthoc", POSTHOC));
        units.push(name);
    }
    assert_eq!(units.len(), 3);
    let analyze = |args: &[&str], units: &[String]| {
        let mut command = Command::new("systemd-analyze");
        command.args(args).current_dir(room.path(""));
        let done = command
            .args(units.iter().map(|unit| room.path(unit)))
            .output();
        done.inspect_err(|_| eprintln!("systemd-analyze is not here"))
            .ok()
    };
    let Some(verified) = analyze(&["verify", "--man=no"], &units) else {
        return;
    };
    assert!(verified.status.success(), "{verified:?}");
    // It succeeds also with settings that it does not know, and only names the file.
    let complaints = String::from_utf8_lossy(&verified.stderr);
    let folder = room.path("");
    assert!(
        !complaints.contains(folder.to_str().unwrap()),
        "{complaints}"
    );
    let security = ["security", "--offline=true", "--no-pager", "--threshold=20"];
    let looked = analyze(&security, &["posthoc.service".to_owned()]).unwrap();
    let said = String::from_utf8_lossy(&looked.stdout);
    assert!(looked.status.success(), "{said}");
}
