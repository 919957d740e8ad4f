//! Two thousand clients in one thread, each with an address of its own on the loopback network.

use super::mails::Chance;
use anyhow::{Context, Result};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::AsFd;
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketFlags, SocketType, bind, connect, socket_with};
use std::fmt;
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Clients; four share a neighbourhood of addresses (/24).
const CLIENTS: usize = 2_000;
/// How far the thread stands back (nice): as the server's own work for crawlers does.
const STAND_BACK: i32 = 19;
/// The longest rest between two questions of one client; half as long on average.
const REST: Duration = Duration::from_secs(4);
/// Questions on one connection.
const ON_ONE: usize = 4;
/// When an answer is not waited for any more.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long to gather what has come: looking at two thousand connections for each would cost more
/// than asking.
const GATHER: Duration = Duration::from_millis(5);

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Addresses that asked.
    pub(super) addresses: usize,
    /// Each of them did.
    pub(super) asked_all: bool,
    answers: usize,
    given: usize,
    often: usize,
    busy: usize,
    /// Answers with a 5xx that says of a bug.
    pub(super) failed: usize,
    /// Connections that ended, or were given up, before an answer.
    lost: usize,
    bytes: u64,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} answers ({} given, {} with 429, {} with 503, {} with another 5xx), {} lost, {} MB",
            self.answers,
            self.given,
            self.often,
            self.busy,
            self.failed,
            self.lost,
            self.bytes / 1_000_000
        )
    }
}

/// All clients.
pub(super) struct Crawl<'a> {
    server: SocketAddr,
    costly: &'a [String],
    clients: Vec<Client>,
    chance: Chance,
    told: Told,
}

struct Client {
    from: Ipv4Addr,
    /// When it asks next, or has asked.
    at: Instant,
    stream: Option<TcpStream>,
    /// What of the question is to be written.
    question: Vec<u8>,
    /// The head of the answer as far as it has come.
    head: Vec<u8>,
    /// Bytes of the answer's body that are still to come.
    body: Option<usize>,
    waits: bool,
    asked: usize,
}

/// What a look at a connection came to.
enum Seen {
    More,
    Done,
    Lost,
}

impl<'a> Crawl<'a> {
    pub(super) fn new(server: SocketAddr, costly: &'a [String]) -> Result<Self> {
        let mut chance = Chance::new(2_000);
        let now = Instant::now();
        let clients = (0..CLIENTS).map(|n| {
            let [.., high, low] = (n as u32 / 4).to_be_bytes();
            Client {
                from: Ipv4Addr::new(127, 1 + high, low, 1 + (n % 4) as u8),
                at: now + rest(&mut chance),
                stream: None,
                question: Vec::new(),
                head: Vec::new(),
                body: None,
                waits: false,
                asked: 0,
            }
        });
        Ok(Crawl {
            server,
            costly,
            clients: clients.collect(),
            chance,
            told: Told::default(),
        })
    }

    /// Asks until the end.
    pub(super) fn run(mut self, end: &AtomicBool) -> Result<Told> {
        // Of this thread; where the system does not let us, the figure is the harder one.
        if let Ok(nice) = rustix::process::getpriority_process(None) {
            let _ = rustix::process::setpriority_process(None, nice + STAND_BACK);
        }
        while !end.load(Ordering::Relaxed) {
            self.ask_who_is_due()?;
            for n in self.ready()? {
                let seen = self.clients[n].look(&mut self.told);
                self.after(n, seen);
            }
            std::thread::sleep(GATHER);
        }
        let asked = self.clients.iter().filter(|client| client.asked > 0);
        self.told.addresses = asked.count();
        self.told.asked_all = self.told.addresses == CLIENTS;
        Ok(self.told)
    }

    fn ask_who_is_due(&mut self) -> Result<()> {
        let now = Instant::now();
        for n in 0..self.clients.len() {
            let client = &mut self.clients[n];
            if client.waits && now.duration_since(client.at) > PATIENCE {
                self.after(n, Seen::Lost);
            } else if !client.waits && client.at <= now {
                let target = &self.costly[self.chance.below(self.costly.len())];
                client.ask(self.server, target)?;
                let seen = client.look(&mut self.told);
                self.after(n, seen);
            }
        }
        Ok(())
    }

    /// The clients for whom something has come.
    fn ready(&self) -> Result<Vec<usize>> {
        let waiting = self.clients.iter().enumerate();
        let waiting = waiting.filter(|(_, client)| client.waits);
        let (numbers, mut fds): (Vec<usize>, Vec<PollFd<'_>>) = waiting
            .filter_map(|(n, client)| {
                let flags = match client.question.is_empty() {
                    true => PollFlags::IN,
                    false => PollFlags::OUT,
                };
                Some((n, PollFd::new(client.stream.as_ref()?, flags)))
            })
            .unzip();
        let at_once = Timespec::try_from(Duration::ZERO)?;
        match poll(&mut fds, Some(&at_once)) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error).context("poll"),
        }
        let ready = numbers.into_iter().zip(&fds);
        let ready = ready.filter(|(_, fd)| !fd.revents().is_empty());
        Ok(ready.map(|(n, _)| n).collect())
    }

    fn after(&mut self, n: usize, seen: Seen) {
        let client = &mut self.clients[n];
        match seen {
            Seen::More => return,
            Seen::Done if !client.asked.is_multiple_of(ON_ONE) => {}
            Seen::Done => client.stream = None,
            Seen::Lost => {
                client.stream = None;
                self.told.lost += 1;
            }
        }
        client.waits = false;
        client.at = Instant::now() + rest(&mut self.chance);
    }
}

impl Client {
    /// Begins a question, on a new connection when there is none.
    fn ask(&mut self, server: SocketAddr, target: &str) -> Result<()> {
        if self.stream.is_none() {
            self.stream = Some(connected(self.from, server)?);
        }
        self.question = format!(
            "GET {target} HTTP/1.1\r\nHost: {server}\r\nAccept-Encoding: gzip\r\nUser-Agent: crawler\r\n\r\n"
        )
        .into_bytes();
        self.head.clear();
        self.body = None;
        self.waits = true;
        self.at = Instant::now();
        self.asked += 1;
        Ok(())
    }

    /// Writes and reads what can be.
    fn look(&mut self, told: &mut Told) -> Seen {
        let Some(stream) = &mut self.stream else {
            return Seen::Lost;
        };
        while !self.question.is_empty() {
            match stream.write(&self.question) {
                Ok(written) => drop(self.question.drain(..written)),
                Err(error) => return after_error(&error),
            }
        }
        let mut buffer = [0; 16 << 10];
        loop {
            let got = match stream.read(&mut buffer) {
                Ok(0) => return Seen::Lost,
                Ok(got) => &buffer[..got],
                Err(error) => return after_error(&error),
            };
            told.bytes += got.len() as u64;
            let left = match self.body {
                Some(left) => left.saturating_sub(got.len()),
                None => {
                    self.head.extend_from_slice(got);
                    let Some((status, left)) = answer(&self.head) else {
                        continue;
                    };
                    told.count(status);
                    left
                }
            };
            self.body = Some(left);
            if left == 0 {
                return Seen::Done;
            }
        }
    }
}

impl Told {
    fn count(&mut self, status: u16) {
        self.answers += 1;
        match status {
            429 => self.often += 1,
            503 => self.busy += 1,
            500.. => self.failed += 1,
            _ => self.given += 1,
        }
    }
}

fn after_error(error: &std::io::Error) -> Seen {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::Interrupted | ErrorKind::NotConnected => Seen::More,
        _ => Seen::Lost,
    }
}

/// The status of an answer and the bytes of its body that have not come, when its head is whole.
fn answer(head: &[u8]) -> Option<(u16, usize)> {
    let end = head.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&head[..end]);
    let status = text.split(' ').nth(1)?.parse().ok()?;
    let mut fields = text.lines().filter_map(|line| line.split_once(": "));
    let length = fields.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length: usize = length
        .and_then(|(_, value)| value.parse().ok())
        .unwrap_or(0);
    Some((status, length.saturating_sub(head.len() - end)))
}

/// A connection from that address, or the beginning of one.
fn connected(from: Ipv4Addr, to: SocketAddr) -> Result<TcpStream> {
    let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
    let socket = socket_with(AddressFamily::INET, SocketType::STREAM, flags, None)
        .context("the system gives no socket; `ulimit -n` must allow 4,096 files")?;
    bind(socket.as_fd(), &SocketAddrV4::new(from, 0)).with_context(|| format!("from {from}"))?;
    match connect(socket.as_fd(), &to) {
        Ok(()) | Err(Errno::INPROGRESS) => Ok(TcpStream::from(socket)),
        Err(error) => Err(error).with_context(|| format!("{from} to {to}")),
    }
}

fn rest(chance: &mut Chance) -> Duration {
    let most = REST.as_millis() as usize;
    Duration::from_millis(chance.below(most) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_from_their_heads() {
        let head = b"HTTP/1.1 429 Too Many\r\ncontent-type: x\r\nContent-Length: 7\r\n\r\nabc";
        assert_eq!(answer(head), Some((429, 4)));
        assert_eq!(answer(&head[..20]), None);
    }
}
