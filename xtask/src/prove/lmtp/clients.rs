//! Mails, and connections that hand them over as fast as they are answered.

use super::super::mails::Chance;
use super::super::times::Times;
use anyhow::{Context, Result, bail};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::ops::Range;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// Connections at once.
const CONNECTIONS: usize = 16;
/// How long a reply may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// Mails of a thread.
const THREAD: usize = 8;
/// Words of a mail's text; a few thousand bytes, as mails of lists are long.
const WORDS: usize = 400;

/// The Message-ID of a mail.
pub(in super::super) fn id(number: usize) -> String {
    format!("by-lmtp.{number}@skarv.example")
}

/// A mail with words of its own, in a short thread.
pub(in super::super) fn letter(number: usize) -> Vec<u8> {
    let mut chance = Chance::new(number as u64 + 1);
    let mut text = format!(
        "Received: from skarv.example by lists.skarv.example; Mon, 3 Nov 2025 {0:02}:{1:02}:{2:02} +0000\n\
         From: Ada Example <ada{3}@skarv.example>\nTo: town-hall@skarv.example\n\
         Subject: Berth {4}\nDate: Mon, 3 Nov 2025 {0:02}:{1:02}:{2:02} +0000\nMessage-ID: <{5}>\n",
        number / 3600 % 24,
        number / 60 % 60,
        number % 60,
        number % 300,
        number / THREAD,
        id(number),
    );
    if !number.is_multiple_of(THREAD) {
        let _ = writeln!(text, "In-Reply-To: <{}>", id(number - number % THREAD));
    }
    text.push('\n');
    for word in 0..WORDS {
        // Few words are common and many are rare, as in every language.
        let rank = chance.below(20_000).min(chance.below(20_000));
        let end = if word % 12 == 11 { '\n' } else { ' ' };
        let _ = write!(text, "w{rank}{end}");
    }
    text.push('\n');
    text.into_bytes()
}

/// Hands mails over; every one must be taken.
pub(super) fn drive(socket: &Path, mails: Range<usize>) -> Result<Times> {
    let next = AtomicUsize::new(mails.start);
    let begin = Instant::now();
    let took: Result<Vec<Vec<Duration>>> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CONNECTIONS)
            .map(|_| scope.spawn(|| client(socket, &next, mails.end)))
            .collect();
        let joined = clients.into_iter().map(|client| client.join());
        joined
            .map(|done| done.unwrap_or_else(|_| bail!("a client broke")))
            .collect()
    });
    Ok(Times::of(took?.concat(), begin.elapsed()))
}

fn client(socket: &Path, next: &AtomicUsize, end: usize) -> Result<Vec<Duration>> {
    let mut connection = Connection::open(socket)?;
    let mut took = Vec::new();
    loop {
        let number = next.fetch_add(1, Relaxed);
        if number >= end {
            return Ok(took);
        }
        took.push(connection.send(number)?);
    }
}

/// A connection to a server.
pub(in super::super) struct Connection {
    out: UnixStream,
    replies: BufReader<UnixStream>,
}

impl Connection {
    pub(in super::super) fn open(socket: &Path) -> Result<Self> {
        let out = UnixStream::connect(socket).with_context(|| socket.display().to_string())?;
        out.set_read_timeout(Some(PATIENCE))?;
        let replies = BufReader::new(out.try_clone()?);
        let mut connection = Connection { out, replies };
        connection.hears("220")?;
        connection.out.write_all(b"LHLO lab.skarv.example\r\n")?;
        connection.hears("250")?;
        Ok(connection)
    }

    /// Hands the mail of that number over; how long the reply took, which says that it is kept.
    pub(in super::super) fn send(&mut self, number: usize) -> Result<Duration> {
        let (reply, took) = self.offer(number)?;
        if !reply.starts_with("250") {
            bail!("{reply:?}, not 250");
        }
        Ok(took)
    }

    /// Hands the mail of that number over; the reply to it, whatever it says, and how long it took.
    pub(in super::super) fn offer(&mut self, number: usize) -> Result<(String, Duration)> {
        self.post("town-hall", &letter(number))
    }

    /// The same with any mail, as it lies on Unix, for a list.
    pub(in super::super) fn post(&mut self, list: &str, mail: &[u8]) -> Result<(String, Duration)> {
        let commands =
            format!("MAIL FROM:<ada@skarv.example>\r\nRCPT TO:<{list}@skarv.example>\r\nDATA\r\n");
        self.out.write_all(commands.as_bytes())?;
        for code in ["250", "250", "354"] {
            self.hears(code)?;
        }
        let mut sent = Vec::with_capacity(mail.len() + 1_000);
        for line in mail.split_inclusive(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            // RFC 5321, 4.5.2.
            if line.starts_with(b".") {
                sent.push(b'.');
            }
            sent.extend_from_slice(line);
            sent.extend_from_slice(b"\r\n");
        }
        sent.extend_from_slice(b".\r\n");
        self.out.write_all(&sent)?;
        let begin = Instant::now();
        Ok((self.reply()?, begin.elapsed()))
    }

    fn hears(&mut self, code: &str) -> Result<()> {
        let line = self.reply()?;
        if !line.starts_with(code) {
            bail!("{line:?}, not {code}");
        }
        Ok(())
    }

    /// The last line of a reply.
    fn reply(&mut self) -> Result<String> {
        loop {
            let mut line = String::new();
            self.replies.read_line(&mut line)?;
            if line.as_bytes().get(3) != Some(&b'-') {
                return Ok(line.trim_end().to_owned());
            }
        }
    }
}
