//! A folder to run the binary in, and what came of it.

use serde_json::Value;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Lines, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};

pub(crate) const POSTHOC: &str = env!("CARGO_BIN_EXE_posthoc");

/// A working directory that goes with the test.
pub(crate) struct Room {
    folder: tempfile::TempDir,
}

/// What a run said, and its exit status.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The status, with what was said when it is another.
    #[track_caller]
    pub(crate) fn ends(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }
}

impl Room {
    pub(crate) fn new() -> Self {
        Room {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(POSTHOC);
        command
            .args(args)
            .current_dir(self.folder.path())
            .env_remove("POSTHOC_ARCHIVE")
            .env_remove("POSTHOC_CONFIG")
            .env_remove("PAGER")
            .env("XDG_CACHE_HOME", self.path("cache"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        self.feed(args, b"")
    }

    /// Runs with bytes on standard input.
    pub(crate) fn feed(&self, args: &[&str], input: &[u8]) -> Ran {
        finish(self.command(args).spawn().unwrap(), input)
    }

    /// Every file of a folder and its bytes, for before and after.
    pub(crate) fn files(&self, name: &str) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        let mut folders = vec![self.path(name)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.push((path.clone(), std::fs::read(&path).unwrap()));
                }
            }
        }
        files.sort();
        files
    }
}

pub(crate) fn finish(mut child: Child, input: &[u8]) -> Ran {
    // A child that ends early does not read all of it.
    let _ = child.stdin.take().unwrap().write_all(input);
    let done = child.wait_with_output().unwrap();
    Ran {
        status: done.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&done.stdout).into_owned(),
        err: String::from_utf8_lossy(&done.stderr).into_owned(),
    }
}

/// A running server; ends with the test, also a failed one.
pub(crate) struct Server {
    child: Child,
    address: String,
    said: Lines<BufReader<ChildStderr>>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    pub(crate) fn start(room: &Room, args: &[&str]) -> Self {
        let mut child = room.command(args).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut url = String::new();
        out.read_line(&mut url).unwrap();
        let address = url.trim().strip_prefix("http://").unwrap();
        Server {
            address: address.split('/').next().unwrap().to_owned(),
            said: BufReader::new(child.stderr.take().unwrap()).lines(),
            child,
        }
    }

    /// The whole answer to a GET.
    pub(crate) fn get(&self, path: &str) -> String {
        String::from_utf8_lossy(&self.ask("GET", path, "")).into_owned()
    }

    /// The whole answer to a request; further header lines end in CRLF. The host is the server's own
    /// where they name none.
    pub(crate) fn ask(&self, method: &str, target: &str, headers: &str) -> Vec<u8> {
        let address = &self.address;
        let mut stream = TcpStream::connect(address).unwrap();
        let host = match headers.starts_with("Host:") {
            true => String::new(),
            false => format!("Host: {address}\r\n"),
        };
        let request =
            format!("{method} {target} HTTP/1.1\r\n{host}{headers}Connection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        answer
    }

    /// The status of an answer, and where it sends to.
    pub(crate) fn status(&self, path: &str) -> (String, Option<String>) {
        let answer = self.get(path);
        let head = answer.split("\r\n\r\n").next().unwrap();
        let to = head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("location")
                .then(|| value.to_owned())
        });
        (head[9..12].to_owned(), to)
    }

    /// Tells it to read its settings anew; what it says about that.
    pub(crate) fn reload(&mut self) -> String {
        let id = self.child.id().to_string();
        let told = Command::new("kill").args(["-HUP", &id]).status().unwrap();
        assert!(told.success());
        self.says("settings")
    }

    /// The next line on standard error with that word in it.
    pub(crate) fn says(&mut self, word: &str) -> String {
        let mut lines = self.said.by_ref().map(Result::unwrap);
        lines.find(|line| line.contains(word)).unwrap()
    }
}

/// A list of our own writing.
pub(crate) fn list(name: &str) -> String {
    let lists = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/lists");
    let path = lists.join(name).canonicalize().unwrap();
    path.to_str().unwrap().to_owned()
}

/// One small mail.
pub(crate) fn mail(n: usize) -> String {
    format!(
        "From: Ada <ada@gate.example>\nTo: yard@gate.example\nSubject: Barrow number {n}\n\
         Date: Mon, 3 Nov 2025 {:02}:{:02}:{:02} +0000\nMessage-ID: <barrow.{n}@gate.example>\n\n\
         Barrow {n} stands in the yard again.\n",
        n / 3600 % 24,
        n / 60 % 60,
        n % 60
    )
}

/// A mailbox of so many small mails.
pub(crate) fn mailbox(mails: usize) -> String {
    let mut text = String::new();
    for n in 0..mails {
        let _ = write!(
            text,
            "From ada@gate.example Mon Nov  3 10:00:00 2025\n{}\n",
            mail(n)
        );
    }
    text
}
