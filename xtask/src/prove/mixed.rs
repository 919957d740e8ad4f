//! SIGKILL at random moments of everything at once: a server with senders by LMTP and readers, real pipes
//! beside it, and a site that follows. Nothing that was acknowledged is lost, nothing is there twice.

use super::lab::{Lab, text};
use super::lmtp::{Connection, id, letter, prepare};
use super::lock::ids;
use super::mails::{Chance, feed};
use super::tree::{Server, differences, some};
use super::{Row, judged, row};
use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Connections that send by LMTP, pipes, and readers.
const SENDERS: usize = 8;
const PIPES: usize = 4;
const READERS: usize = 2;
/// Kills of one archive; then all is looked at.
const AT_ONCE: usize = 50;
/// The longest time between two kills, milliseconds; with the debug binary in the tests.
const LONGEST: usize = 500;
const LONGEST_OF_SLICE: usize = 1_500;
/// How long is waited for the first mail by each door.
const ENOUGH: Duration = Duration::from_secs(300);
/// How long is waited before something is tried again that a kill has ended.
const AGAIN: Duration = Duration::from_millis(20);

pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    let kills = if lab.options.quick {
        16
    } else {
        lab.options.kills
    };
    kill(lab, kills, LONGEST)
}

/// A few kills, with the debug binary: a test.
pub(crate) fn slice() -> Result<()> {
    let lab = Lab::of_slice()?;
    let rows = kill(&lab, 6, LONGEST_OF_SLICE)?;
    judged(&rows, "SIGKILL of a mixed load broke something")
}

fn kill(lab: &Lab, kills: usize, longest: usize) -> Result<Vec<Row>> {
    let mut chance = Chance::new(11);
    let mut found = Found::default();
    let (mut by_lmtp, mut by_pipe, mut answers, mut wrong) = (0, 0, 0, 0);
    let mut is_enough = true;
    let mut left = kills;
    while left > 0 {
        let now = left.min(AT_ONCE);
        // An archive of its own: what the looks cost would else grow with all mails that came before.
        let load = Load::new(lab)?;
        load.suffer(now, longest, &mut chance)?;
        found.add(load.look()?);
        is_enough &= load.is_enough();
        by_lmtp += load.of(0).len();
        by_pipe += load.of(1).len();
        answers += load.answers.load(Relaxed);
        wrong += load.wrong.load(Relaxed);
        left -= now;
        eprintln!(
            "{} kills, {by_lmtp} mails by LMTP, {by_pipe} by pipe",
            kills - left
        );
    }
    Ok(vec![
        row(
            format!("{kills} kills of server, site and both: mails with 250 or 0"),
            format!(
                "{by_lmtp} by LMTP, {by_pipe} by pipe; lost {}, twice {}, not clean {}",
                found.lost, found.twice, found.damaged
            ),
            "lost 0, twice 0, not clean 0",
            is_enough && found.lost + found.twice + found.damaged == 0,
        ),
        row(
            "the site that followed, and one that is made anew",
            match found.differing.as_slice() {
                [] => "the same".to_owned(),
                names => some(names),
            },
            "the same",
            found.differing.is_empty(),
        ),
        row(
            "answers to readers meanwhile",
            format!("{answers}, {wrong} of them wrong"),
            "0 wrong",
            wrong == 0,
        ),
    ])
}

/// All that goes on at once, and what was promised.
struct Load<'l> {
    lab: &'l Lab,
    archive: PathBuf,
    socket: PathBuf,
    site: PathBuf,
    next: AtomicUsize,
    /// Numbers of mails that got 250, and of those that got 0.
    acknowledged: [Mutex<BTreeSet<usize>>; 2],
    /// Where the server is.
    address: Mutex<Option<SocketAddr>>,
    answers: AtomicU64,
    wrong: AtomicU64,
    end: AtomicBool,
}

/// What a look found.
#[derive(Default)]
struct Found {
    lost: usize,
    twice: usize,
    damaged: usize,
    differing: Vec<String>,
}

impl Found {
    fn add(&mut self, other: Found) {
        self.lost += other.lost;
        self.twice += other.twice;
        self.damaged += other.damaged;
        self.differing.extend(other.differing);
    }
}

impl<'l> Load<'l> {
    /// A new archive, to which nothing goes yet.
    fn new(lab: &'l Lab) -> Result<Self> {
        let archive = lab.fresh("mixed-archive")?;
        let socket = prepare(lab, &archive)?;
        let public = ["-q", "list", "set", "town-hall", "visibility=public"];
        lab.done(&archive, &public)?;
        Ok(Load {
            lab,
            archive,
            socket,
            site: lab.fresh("mixed-site")?,
            next: AtomicUsize::new(0),
            acknowledged: [Mutex::default(), Mutex::default()],
            address: Mutex::new(None),
            answers: AtomicU64::new(0),
            wrong: AtomicU64::new(0),
            end: AtomicBool::new(false),
        })
    }
}

impl Load<'_> {
    fn of(&self, door: usize) -> BTreeSet<usize> {
        let acknowledged = self.acknowledged[door].lock();
        acknowledged.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn promise(&self, door: usize, number: usize) {
        let acknowledged = self.acknowledged[door].lock();
        acknowledged
            .unwrap_or_else(PoisonError::into_inner)
            .insert(number);
    }

    fn ends(&self) -> bool {
        self.end.load(Relaxed)
    }

    /// Everything at once, with so many kills in it.
    fn suffer(&self, kills: usize, longest: usize, chance: &mut Chance) -> Result<()> {
        self.end.store(false, Relaxed);
        std::thread::scope(|scope| {
            for _ in 0..SENDERS {
                scope.spawn(|| self.send());
            }
            for _ in 0..PIPES {
                scope.spawn(|| self.pipe());
            }
            for _ in 0..READERS {
                scope.spawn(|| self.read());
            }
            let killed = self.kill(kills, longest, chance);
            self.end.store(true, Relaxed);
            killed
        })
    }

    fn kill(&self, kills: usize, longest: usize, chance: &mut Chance) -> Result<()> {
        let mut server = self.serve()?;
        let mut follower = self.follow()?;
        for _ in 0..kills {
            std::thread::sleep(Duration::from_millis(chance.below(longest) as u64));
            let victim = chance.below(4);
            if victim != 3 {
                drop(server);
                server = self.serve()?;
            }
            if victim >= 2 {
                follower = self.follow()?;
            }
        }
        // A machine with much to do may have taken little between two kills.
        let begin = Instant::now();
        while !self.is_enough() && begin.elapsed() < ENOUGH {
            std::thread::sleep(AGAIN);
        }
        drop((server, follower));
        Ok(())
    }

    /// Whether every door has taken something, and a reader has had an answer.
    fn is_enough(&self) -> bool {
        let [by_lmtp, by_pipe] = [0, 1].map(|door| self.of(door).len());
        by_lmtp > 0 && by_pipe > 0 && self.answers.load(Relaxed) > 0
    }

    fn serve(&self) -> Result<Server> {
        let server = Server::start(self.lab, &self.archive)?;
        let mut address = self.address.lock().unwrap_or_else(PoisonError::into_inner);
        *address = Some(server.address()?);
        Ok(server)
    }

    /// A site that follows; killed when dropped.
    fn follow(&self) -> Result<Killed> {
        let words = ["-q", "publish", "--follow", text(&self.site)?];
        let mut command = self.lab.posthoc(&self.archive, &words);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        Ok(Killed(child.context("publish --follow")?))
    }

    fn send(&self) {
        while !self.ends() {
            let Ok(mut connection) = Connection::open(&self.socket) else {
                std::thread::sleep(AGAIN);
                continue;
            };
            while !self.ends() {
                let number = self.next.fetch_add(1, Relaxed);
                if connection.send(number).is_err() {
                    break;
                }
                self.promise(0, number);
            }
        }
    }

    fn pipe(&self) {
        while !self.ends() {
            let number = self.next.fetch_add(1, Relaxed);
            let words = ["-q", "deliver", "--list", "town-hall"];
            let mut command = self.lab.posthoc(&self.archive, &words);
            command.stdout(Stdio::null()).stderr(Stdio::null());
            if feed(command, &letter(number)).unwrap_or(false) {
                self.promise(1, number);
            }
        }
    }

    fn read(&self) {
        while !self.ends() {
            let address = *self.address.lock().unwrap_or_else(PoisonError::into_inner);
            match address.map(ask) {
                Some(Ok(Some(right))) => {
                    self.answers.fetch_add(1, Relaxed);
                    self.wrong.fetch_add(u64::from(!right), Relaxed);
                }
                _ => std::thread::sleep(AGAIN),
            }
        }
    }

    /// Looks at all of it while nothing goes on.
    fn look(&self) -> Result<Found> {
        let check = self.lab.posthoc(&self.archive, &["-q", "check"]).output()?;
        if !check.status.success() {
            eprintln!("check: {}", String::from_utf8_lossy(&check.stdout));
        }
        let there = ids(self.lab, &self.archive, "town-hall")?;
        let promised = self.of(0).into_iter().chain(self.of(1));
        let lost = promised.filter(|number| !there.contains_key(&id(*number)));
        let fresh = self.lab.fresh("mixed-fresh")?;
        for site in [&self.site, &fresh] {
            self.lab
                .done(&self.archive, &["-q", "publish", text(site)?])?;
        }
        Ok(Found {
            lost: lost.count(),
            twice: there.values().filter(|times| **times > 1).count(),
            damaged: usize::from(!check.status.success()),
            differing: differences(&self.site, &fresh)?,
        })
    }
}

/// A child that is killed when it is let go.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Asks for the list's page. None when the server went away before the answer's end; else whether it is right:
/// the page, or that there is too much to do.
fn ask(address: SocketAddr) -> Result<Option<bool>> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let request =
        format!("GET /town-hall/ HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let is_whole = answer.windows(7).any(|bytes| bytes == b"</html>");
    Ok(match answer.get(9..12) {
        Some(b"200") => is_whole.then_some(true),
        Some(status) => Some(status == b"503"),
        None => None,
    })
}
