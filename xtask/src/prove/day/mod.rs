//! Lists that live: three real ones, replayed at their own rhythm, and all that goes on around them in a day.
//!
//! A month of each list is replayed within the time that is given, an hour where nothing is said: gaps between mails
//! are those between their dates, seven hundred times shorter. Mail comes by LMTP and by `deliver`, readers read the
//! live site and the folder that follows, the log is rotated, a backup is taken and restored, and server and
//! `publish --follow` are replaced by another binary.
//!
//! `stretch`: the mails; `service`: processes; `readers`: who reads; `gauge`: what processes use; `outcome`: what came
//! of it.

mod gauge;
mod outcome;
mod readers;
mod service;
mod stretch;

use super::lab::{Lab, text};
use super::lmtp::Connection;
use super::mails::feed;
use super::tree::{Visitor, some};
use super::{Row, row};
use anyhow::{Result, bail, ensure};
use gauge::Gauge;
use readers::Met;
use service::{Follower, Service};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use stretch::{Late, List};

/// Minutes, where the command line says nothing else.
const MINUTES: u64 = 60;
const MINUTES_OF_QUICK: u64 = 1;
const LIVE_READERS: usize = 6;
const FOLDER_READERS: usize = 2;
/// How long a mail that was put off is kept before it is tried again, as by a mail system.
const AGAIN: Duration = Duration::from_secs(1);
/// Shares of the time, when what happens happens. What lives longest, from the upgrade on, is what is gauged.
const UPGRADE: f64 = 0.15;
const ROTATIONS: [f64; 2] = [0.35, 0.7];
const BACKUP: f64 = 0.5;
/// When a mail that cannot be read is given up.
const LATE: Duration = Duration::from_secs(120);

pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    let minutes = match (lab.options.minutes, lab.options.quick) {
        (Some(minutes), _) => minutes,
        (None, true) => MINUTES_OF_QUICK,
        (None, false) => MINUTES,
    };
    let long = Duration::from_secs(minutes * 60);
    let lists = stretch::lists(lab, long)?;
    let archive = archive(lab, &lists)?;
    let day = Day {
        lab,
        service: Service::new(lab, &archive)?,
        archive,
        site: lab.fresh("day-site")?,
        lists,
        long,
        promised: Mutex::default(),
        put_off: AtomicU64::new(0),
        refused: Mutex::default(),
        met: Met::default(),
        end: AtomicBool::new(false),
    };
    day.live()
}

/// The lists as they are when the stretch begins.
fn archive(lab: &Lab, lists: &[List]) -> Result<PathBuf> {
    let archive = lab.fresh("day-archive")?;
    for list in lists {
        let words = [
            "-q",
            "import",
            "--public",
            "--list",
            list.name,
            text(&list.before)?,
        ];
        lab.done(&archive, &words)?;
    }
    // All readers come from one address here.
    let settings = "[serve]\nlog = \"requests\"\nsearches_per_minute = 100000\ndownloads_per_minute = 100000\n";
    fs::write(archive.join("posthoc.toml"), settings)?;
    Ok(archive)
}

/// All that goes on, and what came of it.
struct Day<'l> {
    lab: &'l Lab,
    service: Service<'l>,
    archive: PathBuf,
    site: PathBuf,
    lists: Vec<List>,
    long: Duration,
    /// Mails that got 250 or 0, and when.
    promised: Mutex<BTreeMap<String, Instant>>,
    /// Times that a mail was put off, or a connection ended before the reply.
    put_off: AtomicU64,
    refused: Mutex<Vec<String>>,
    met: Met,
    end: AtomicBool,
}

/// A mail that was promised just now: its list and id.
type Promise = (&'static str, String, Instant);

/// How long until mails could be read, at the server and in the folder.
#[derive(Default)]
struct Shown {
    live: Vec<Duration>,
    folder: Vec<Duration>,
}

impl Day<'_> {
    fn live(&self) -> Result<Vec<Row>> {
        let log = self.lab.fresh("day-follow.log")?;
        self.service.start(self.lab.binary())?;
        let follower =
            Follower::start(self.lab, &self.archive, self.lab.binary(), &self.site, &log)?;
        let follower = Mutex::new(follower);
        let address = self.service.address()?;
        self.until_published(&address)?;
        let names: Vec<&str> = self.lists.iter().map(|list| list.name).collect();
        let mut gauges = (Gauge::default(), Gauge::default());
        let (send, receive) = channel();
        let (events, shown) = std::thread::scope(|scope| {
            for seed in 0..LIVE_READERS {
                let (names, address) = (&names, &address);
                scope.spawn(move || readers::live(address, seed, names, &self.met, &self.end));
            }
            for seed in 0..FOLDER_READERS {
                let names = &names;
                scope.spawn(move || readers::folder(&self.site, seed, names, &self.met, &self.end));
            }
            scope.spawn(|| self.gauge(&mut gauges, &follower));
            let visitor = Visitor::new(address.clone());
            let shown = scope.spawn(move || self.watch(visitor, &receive));
            let begin = Instant::now();
            let senders: Vec<_> = (self.lists.iter().enumerate())
                .map(|(nth, list)| {
                    let send = send.clone();
                    scope.spawn(move || self.send(nth, list, begin, &send))
                })
                .collect();
            drop(send);
            let events = self.happen(begin, &follower, &log);
            for sender in senders {
                let _ = sender.join();
            }
            let shown = shown
                .join()
                .unwrap_or_else(|_| bail!("whoever watched broke"));
            std::thread::sleep(self.long.saturating_sub(begin.elapsed()));
            self.end.store(true, Relaxed);
            (events, shown)
        });
        let mut rows = vec![self.promised()?];
        rows.extend(self.read(shown?));
        rows.extend(events?);
        rows.push(gauges.0.flat("the server"));
        rows.push(gauges.1.flat("publish --follow"));
        rows.extend(self.end(&follower, &log)?);
        Ok(rows)
    }

    /// Waits until the server answers and the folder is whole.
    fn until_published(&self, address: &str) -> Result<()> {
        let begin = Instant::now();
        while !self.site.join(".posthoc/state.json").exists() {
            ensure!(begin.elapsed() < 10 * LATE, "the folder is not published");
            std::thread::sleep(Duration::from_millis(100));
        }
        let (status, _) = Visitor::new(address.to_owned()).get("/")?;
        ensure!(status == 200, "the server answers {status}");
        Ok(())
    }

    /// Mails of a list, each at its time; every third list comes by `deliver`.
    fn send(&self, nth: usize, list: &List, begin: Instant, tell: &Sender<Promise>) {
        for late in &list.late {
            std::thread::sleep(late.at.saturating_sub(begin.elapsed()));
            loop {
                let taken = match nth % 3 {
                    2 => self.by_pipe(list.name, late),
                    _ => self.by_lmtp(list.name, late),
                };
                match taken {
                    Ok(true) => {
                        let now = Instant::now();
                        let mut promised =
                            self.promised.lock().unwrap_or_else(PoisonError::into_inner);
                        promised.insert(late.id.clone(), now);
                        drop(promised);
                        let _ = tell.send((list.name, late.id.clone(), now));
                    }
                    // It is held, or not wanted here.
                    Ok(false) => {}
                    Err(error)
                        if error.to_string().starts_with("\"5")
                            || begin.elapsed() > self.long + 2 * LATE =>
                    {
                        let mut refused =
                            self.refused.lock().unwrap_or_else(PoisonError::into_inner);
                        refused.push(format!("{}: {error:#}", late.id));
                    }
                    Err(error) => {
                        eprintln!("put off: {error:#}");
                        self.put_off.fetch_add(1, Relaxed);
                        std::thread::sleep(AGAIN);
                        continue;
                    }
                }
                break;
            }
        }
    }

    /// Hands a mail over on a connection of its own; whether it is in the archive now.
    fn by_lmtp(&self, list: &str, late: &Late) -> Result<bool> {
        let mut connection = Connection::open(&self.service.socket)?;
        let (reply, _) = connection.post(list, &late.mail)?;
        match reply.strip_prefix("250 2.0.0 ") {
            Some(words) => Ok(words.starts_with("in the archive") || words.starts_with("safe")),
            None => bail!("{reply:?}"),
        }
    }

    fn by_pipe(&self, list: &str, late: &Late) -> Result<bool> {
        let command = self
            .lab
            .posthoc(&self.archive, &["-q", "deliver", "--list", list]);
        match feed(command, &late.mail)? {
            true => Ok(true),
            false => bail!("deliver put {} off", late.id),
        }
    }

    /// What happens meanwhile, each at its time; errors are rows that do not hold.
    fn happen(&self, begin: Instant, follower: &Mutex<Follower>, log: &Path) -> Result<Vec<Row>> {
        let wait = |share: f64| {
            std::thread::sleep(self.long.mul_f64(share).saturating_sub(begin.elapsed()))
        };
        let mut rows = Vec::new();
        wait(UPGRADE);
        rows.push(self.upgrade(follower, log)?);
        wait(ROTATIONS[0]);
        let mut said = self.service.rotate()?;
        wait(BACKUP);
        rows.push(self.backup()?);
        wait(ROTATIONS[1]);
        let middle = self.service.rotate()?;
        ensure!(
            !middle.is_empty(),
            "nothing was said after the log was rotated"
        );
        said += &middle;
        wait(1.0);
        let last = self.service.said()?;
        let goes_on = last
            .lines()
            .filter(|line| line.contains("request "))
            .count();
        said += &last;
        let usual = [
            "mail door=",
            "request method=",
            "the settings were read anew",
        ];
        let odd: Vec<String> = (said.lines())
            .filter(|line| !usual.iter().any(|usual| line.contains(usual)))
            .map(str::to_owned)
            .collect();
        rows.push(row(
            "the server's log, rotated twice",
            format!(
                "{} lines, {goes_on} requests in the last file; lines that tell of trouble: {} {}",
                said.lines().count(),
                odd.len(),
                some(&odd)
            ),
            "goes on, no trouble",
            goes_on > 0 && odd.is_empty() && !said.contains('\0'),
        ));
        Ok(rows)
    }

    /// Another binary takes over, as after an upgrade of the package.
    fn upgrade(&self, follower: &Mutex<Follower>, log: &Path) -> Result<Row> {
        let newer = self.lab.fresh("posthoc-newer")?;
        fs::copy(self.lab.binary(), &newer)?;
        let server = self.service.stop()?;
        self.service.start(&newer)?;
        let mut follower = follower.lock().unwrap_or_else(PoisonError::into_inner);
        let follow = follower.stop()?;
        *follower = Follower::start(self.lab, &self.archive, &newer, &self.site, log)?;
        let said = fs::read_to_string(log)?;
        Ok(row(
            "SIGTERM and another binary, for server and publish --follow",
            format!(
                "ended with 0 after {:.1} and {:.1} s; the latter said: {said:?}",
                server.as_secs_f64(),
                follow.as_secs_f64()
            ),
            "0, nothing said",
            said.is_empty(),
        ))
    }

    /// A backup by the book while all goes on; an archive is made of it, and has what was promised before.
    fn backup(&self) -> Result<Row> {
        let before: Vec<String> = {
            let promised = self.promised.lock().unwrap_or_else(PoisonError::into_inner);
            promised.keys().cloned().collect()
        };
        let (backup, restored) = (
            self.lab.fresh("day-backup")?,
            self.lab.fresh("day-restored")?,
        );
        let begin = Instant::now();
        self.lab
            .done(&self.archive, &["-q", "backup", text(&backup)?])?;
        let took = begin.elapsed().as_secs_f64();
        self.lab
            .done(&restored, &["-q", "restore", text(&backup)?])?;
        let check = self
            .lab
            .posthoc(&restored, &["-q", "check"])
            .output()?
            .status;
        let there = self.there(&restored)?;
        let kept_out = stretch::kept_out(self.lab, &restored, &self.lists)?;
        let is_lost = |id: &&String| there.get(*id) != Some(&1) && !kept_out.contains(*id);
        let lost = before.iter().filter(is_lost).count();
        Ok(row(
            "a backup meanwhile, restored",
            format!(
                "{took:.1} s; check {check}; {} promised before it, {lost} lost",
                before.len()
            ),
            "exit status: 0, none lost",
            check.success() && lost == 0 && !before.is_empty(),
        ))
    }

    fn gauge(&self, (server, follow): &mut (Gauge, Gauge), follower: &Mutex<Follower>) {
        let pause = (self.long / 600).clamp(Duration::from_millis(100), Duration::from_secs(5));
        while !self.end.load(Relaxed) {
            server.look(self.service.pid());
            follow.look(
                follower
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .pid(),
            );
            std::thread::sleep(pause);
        }
    }

    /// How long until each promised mail can be read, live and in the folder.
    fn watch(&self, mut visitor: Visitor, promises: &Receiver<Promise>) -> Result<Shown> {
        let mut shown = Shown::default();
        let (mut unseen, mut unwritten) = (Vec::new(), Vec::<(PathBuf, Instant)>::new());
        let mut goes_on = true;
        while goes_on || !unseen.is_empty() || !unwritten.is_empty() {
            match promises.recv_timeout(Duration::from_millis(20)) {
                Ok(promise) => unseen.push(promise),
                Err(error) => goes_on &= error == std::sync::mpsc::RecvTimeoutError::Timeout,
            }
            let mut still = Vec::new();
            for (list, id, promised) in unseen {
                let path = readers::to_mail(list, &id);
                let answer = visitor.ask(&path)?;
                match answer.location.and_then(|to| readers::resolved(&path, &to)) {
                    Some(page) => {
                        shown.live.push(promised.elapsed());
                        unwritten.push((readers::file(&self.site, &page), promised));
                    }
                    None if promised.elapsed() < LATE => still.push((list, id, promised)),
                    None => {
                        // Of what `deliver` took it is not told whether it is held.
                        let held = stretch::kept_out(self.lab, &self.archive, &self.lists)?;
                        ensure!(held.contains(&id), "{path} is not there: {}", answer.status);
                    }
                }
            }
            unseen = still;
            unwritten.retain(|(file, promised)| {
                let there = file.is_file();
                if there {
                    shown.folder.push(promised.elapsed());
                }
                !there
            });
            let late = unwritten
                .iter()
                .find(|(_, promised)| promised.elapsed() > LATE);
            ensure!(late.is_none(), "{late:?} is not written");
        }
        Ok(shown)
    }
}
