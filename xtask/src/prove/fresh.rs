//! Mails are delivered one after the other while readers read; each is found by a search soon after.

use super::lab::{Lab, text};
use super::mails::{self, Chance, feed, made_up};
use super::times::Times;
use super::tree::{Server, Visitor, encoded};
use super::{Row, row};
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

const LIST: &str = "linux-mips";
const READERS: usize = 50;
/// Between two pages of one reader.
const PAUSE: Duration = Duration::from_millis(500);
/// When a mail must be found.
const SOON: Duration = Duration::from_secs(2);
/// When it is given up.
const LATE: Duration = Duration::from_secs(30);

pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    let (most, deliveries) = match lab.options.quick {
        true => (1_000, 50),
        false => (20_000, 1_000),
    };
    let most = lab.options.mails.unwrap_or(most);
    let pieces = mails::of_corpus(lab, "linux-mips-60k", most)?;
    let mbox = mails::write(lab.fresh("fresh.mbox")?, &pieces)?;
    let archive = lab.fresh("fresh-archive")?;
    let words = ["-q", "import", "--public", "--list", LIST, text(&mbox)?];
    lab.done(&archive, &words)?;
    lab.done(&archive, &["-q", "list", "add", "--public", "town-hall"])?;
    // All of them come from one address here.
    let rates = "[serve]\nsearches_per_minute = 100000\n";
    fs::write(archive.join("posthoc.toml"), rates)?;
    let pages = pages(lab, &archive)?;
    let mut server = Server::start(lab, &archive)?;
    let (end, read, wrong) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    let took = std::thread::scope(|scope| {
        for reader in 0..READERS {
            let visitor = server.visitor();
            let (pages, end, read, wrong) = (&pages, &end, &read, &wrong);
            scope.spawn(move || reads(visitor, reader, pages, end, (read, wrong)));
        }
        let took = deliver(lab, &archive, &mut server, deliveries);
        end.store(true, Relaxed);
        took
    })?;
    let late = took.iter().filter(|took| **took > SOON).count();
    let times = Times::of(took, Duration::ZERO);
    Ok(vec![
        row(
            format!("{deliveries} mails delivered one by one into {most} and found by a search"),
            format!(
                "median {:.0}, p99 {:.0}, longest {:.0} ms; later than 2 s: {late}",
                times.percentile(50),
                times.percentile(99),
                times.percentile(100)
            ),
            "none later",
            late == 0,
        ),
        row(
            format!("answers to {READERS} readers meanwhile"),
            format!("{}, wrong {}", read.load(Relaxed), wrong.load(Relaxed)),
            "wrong 0",
            read.load(Relaxed) > 0 && wrong.load(Relaxed) == 0,
        ),
    ])
}

/// Pages that readers read.
fn pages(lab: &Lab, archive: &Path) -> Result<Vec<String>> {
    let found = lab.json(archive, &["search", "--limit", "1000", "kernel"])?;
    let hits = found["hits"].as_array().context("search: no hits")?;
    let urls = hits.iter().filter_map(|hit| hit["url"].as_str());
    let pages: Vec<String> = urls.map(encoded).collect();
    ensure!(!pages.is_empty(), "no mail is found");
    Ok(pages)
}

fn reads(
    mut visitor: Visitor,
    reader: usize,
    pages: &[String],
    end: &AtomicBool,
    (read, wrong): (&AtomicU64, &AtomicU64),
) {
    let mut chance = Chance::new(reader as u64 + 1);
    while !end.load(Relaxed) {
        let right = visitor.get(&pages[chance.below(pages.len())]);
        read.fetch_add(1, Relaxed);
        wrong.fetch_add(u64::from(!matches!(right, Ok((200, _)))), Relaxed);
        std::thread::sleep(PAUSE);
    }
}

/// Delivers mails, and how long after the promise each was found.
fn deliver(
    lab: &Lab,
    archive: &Path,
    server: &mut Server,
    deliveries: usize,
) -> Result<Vec<Duration>> {
    let mut all = Vec::new();
    for number in 0..deliveries {
        let words = ["-q", "deliver", "--list", "town-hall"];
        let word = format!("zqfresh{number}");
        ensure!(
            feed(lab.posthoc(archive, &words), &made_up(number, &word))?,
            "mail {number} was refused"
        );
        let promised = Instant::now();
        loop {
            let (status, body) = server.get(&format!("/search/?q={word}"))?;
            let took = promised.elapsed();
            if status == 200 && String::from_utf8_lossy(&body).contains("1 mail<") {
                all.push(took);
                break;
            }
            if took > LATE {
                bail!("mail {number} is not found after {took:?}, status {status}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    Ok(all)
}
