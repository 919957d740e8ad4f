//! Mail through LMTP from sixteen connections, beside Dovecot's LMTP into Maildir on the same disk.
//!
//! `clients`: mails, and the connections that hand them over; `dovecot`: the other server.

mod clients;
mod dovecot;

use super::crawl::memory;
use super::lab::{Lab, is_root, text};
use super::times::Times;
use super::tree::Server;
use super::{Row, row, skipped};
use anyhow::{Context, Result, bail};
use clients::drive;
pub(super) use clients::{Connection, id, letter};
use dovecot::Dovecot;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// Mails, where the command line says nothing else.
const MAILS: usize = 100_000;
/// After so many the memory may not grow much more.
const WARM: usize = 10_000;
/// A process's own memory in the words of proc(5), and with the pages of files that it has mapped, which the
/// system takes back when it needs them.
const OWN: &str = "RssAnon:";
const ALL: &str = "VmRSS:";
/// Mails that are handed over under strace, which makes everything slow.
const TRACED: usize = 2_000;
/// How long until pages and search know all that was answered.
const SHOWN: Duration = Duration::from_secs(600);

pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    let mails = match (lab.options.mails, lab.options.quick) {
        (Some(mails), _) => mails,
        (None, true) => 2_000,
        (None, false) => MAILS,
    };
    let warm = WARM.min(mails / 2);
    let archive = lab.fresh("lmtp-archive")?;
    let socket = prepare(lab, &archive)?;
    let mut server = Server::start(lab, &archive)?;
    let first = drive(&socket, 0..warm)?;
    let own = |server: &Server| memory(server.pid(), OWN);
    let (early, early_all) = (own(&server)?, memory(server.pid(), ALL)?);
    let mut sent = drive(&socket, warm..mails)?;
    sent.add(first);
    let (late, late_all) = (own(&server)?, memory(server.pid(), ALL)?);
    let shown = until_shown(&mut server)?;
    drop(server);
    let bare = bare(&lab.folder("lmtp-bare")?)?;
    let ours = rates(&sent);
    let most = f64::max(50.0, 3.0 * bare);
    let percent = 100.0 * (late as f64 / early.max(1) as f64 - 1.0);
    let mut rows = vec![
        row(
            format!("{mails} mails by LMTP from 16 connections: until the reply"),
            format!("{ours}; a bare append and fdatasync: p99 {bare:.1} ms"),
            format!("p99 within {most:.0} ms"),
            sent.percentile(99) <= most,
        ),
        row(
            "from the last reply until pages and search know all",
            format!("{:.1} s", shown.as_secs_f64()),
            "-",
            true,
        ),
        row(
            "the server's own memory; with the pages of its files",
            format!(
                "{} MB after {warm}, {} MB at the end; {} MB, {} MB",
                early / 1_000,
                late / 1_000,
                early_all / 1_000,
                late_all / 1_000
            ),
            "20 % more",
            percent <= 20.0,
        ),
        whole(lab, &archive, mails)?,
    ];
    rows.extend(beside_dovecot(lab, mails, &sent)?);
    rows.push(flushes_of_ours(lab)?);
    Ok(rows)
}

/// A new archive whose server takes mail at the socket that is answered.
pub(super) fn prepare(lab: &Lab, archive: &Path) -> Result<PathBuf> {
    lab.town_hall_at(archive)?;
    let socket = lab.fresh("lmtp-socket")?;
    let settings = format!("[serve]\nlmtp = \"unix:{}\"\n", text(&socket)?);
    fs::write(archive.join("posthoc.toml"), settings)?;
    Ok(socket)
}

fn rates(sent: &Times) -> String {
    format!(
        "{:.0} mails a second, p50 {:.1} ms, p99 {:.1} ms, longest {:.0} ms",
        sent.rate(),
        sent.percentile(50),
        sent.percentile(99),
        sent.percentile(100)
    )
}

/// Waits until nothing that is recorded is unknown to pages and search.
fn until_shown(server: &mut Server) -> Result<Duration> {
    let begin = Instant::now();
    loop {
        let (_, body) = server.get("/metrics")?;
        let text = String::from_utf8_lossy(&body).into_owned();
        let behind = |name: &str| {
            let mut lines = text.lines().filter_map(|line| line.strip_prefix(name));
            lines.find_map(|rest| rest.trim().parse::<u64>().ok())
        };
        let lags = ["posthoc_pages_lag_records ", "posthoc_index_lag_records "].map(behind);
        if lags == [Some(0), Some(0)] {
            return Ok(begin.elapsed());
        }
        if begin.elapsed() > SHOWN {
            bail!("still behind: {lags:?}");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Whether every mail that was answered is there once, and all is well.
fn whole(lab: &Lab, archive: &Path, mails: usize) -> Result<Row> {
    let there = super::lock::ids(lab, archive, "town-hall")?;
    let once = (0..mails)
        .filter(|number| there.get(&id(*number)) == Some(&1))
        .count();
    let check = lab.posthoc(archive, &["-q", "check"]).output()?;
    let clean = check.status.success();
    Ok(row(
        "answered with 250 and there once",
        format!("{once} of {mails}; check clean: {clean}"),
        "all, clean",
        once == mails && there.len() == mails && clean,
    ))
}

fn beside_dovecot(lab: &Lab, mails: usize, ours: &Times) -> Result<Vec<Row>> {
    let what = "beside Dovecot's LMTP into Maildir";
    if !is_root() {
        return Ok(vec![skipped(what, "Dovecot is started by root only")]);
    }
    let dovecot = match Dovecot::start(lab) {
        Ok(dovecot) => dovecot,
        Err(error) => return Ok(vec![skipped(what, format!("{error:#}"))]),
    };
    let theirs = drive(dovecot.socket(), 0..mails)?;
    let there = dovecot.mails()?;
    let traced = TRACED.min(mails);
    let flushes = flushes(lab, dovecot.pid(), || {
        drive(dovecot.socket(), mails..mails + traced)
    })?;
    let share = ours.rate() / theirs.rate();
    Ok(vec![
        row(
            format!("the same {mails} mails {what}"),
            format!(
                "{}; {there} there; ours is {share:.1} times as fast",
                rates(&theirs)
            ),
            "ours no slower, all there",
            share >= 1.0 && there == mails,
        ),
        row(
            format!("fsync and fdatasync of Dovecot for each of {traced} mails"),
            format!("{:.2}", flushes as f64 / traced as f64),
            "-",
            true,
        ),
    ])
}

fn flushes_of_ours(lab: &Lab) -> Result<Row> {
    let archive = lab.fresh("lmtp-traced")?;
    let socket = prepare(lab, &archive)?;
    let server = Server::start(lab, &archive)?;
    let calls = flushes(lab, server.pid(), || drive(&socket, 0..TRACED))?;
    let each = calls as f64 / TRACED as f64;
    Ok(row(
        format!("fsync and fdatasync for each of {TRACED} mails"),
        format!("{each:.2}"),
        "at most 1",
        each <= 1.0,
    ))
}

/// How often a process and its children have what they wrote made durable, as strace counts.
fn flushes(lab: &Lab, pid: u32, act: impl FnOnce() -> Result<Times>) -> Result<u64> {
    let told = lab.fresh("strace")?;
    let mut strace = Command::new("strace")
        .args([
            "-f",
            "-c",
            "-e",
            "trace=fsync,fdatasync",
            "-o",
            text(&told)?,
        ])
        .args(["-p", &family(pid)?])
        .stderr(std::process::Stdio::null())
        .spawn()
        .context("strace is needed")?;
    // It says nothing when it has attached to all.
    std::thread::sleep(Duration::from_secs(2));
    let sent = act();
    let id = strace.id().to_string();
    Command::new("kill").args(["-INT", &id]).status()?;
    strace.wait()?;
    sent?;
    let table = fs::read_to_string(&told)?;
    let calls = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.last() {
            Some(&("fsync" | "fdatasync")) => words.get(3)?.parse::<u64>().ok(),
            _ => None,
        }
    };
    Ok(table.lines().filter_map(calls).sum())
}

/// A process and those that it has started, as strace takes them.
fn family(pid: u32) -> Result<String> {
    let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"))?;
    Ok(format!("{pid} {}", children.trim()))
}

/// The 99th percentile of appending a mail to a file and making it durable, nothing else; milliseconds.
fn bare(folder: &Path) -> Result<f64> {
    let mut file = fs::File::create(folder.join("file"))?;
    let mut took = Vec::new();
    for number in 0..500 {
        let begin = Instant::now();
        file.write_all(&letter(number))?;
        file.sync_data()?;
        took.push(begin.elapsed());
    }
    Ok(Times::of(took, Duration::ZERO).percentile(99))
}
