//! Crawlers from two thousand addresses ask for whatever is costly, and somebody reads meanwhile.
//!
//! What is measured is the server, and one machine has to be both sides: the crawlers are one thread
//! that stands back (nice) as the work that they ask for does, so that it is not they who take the
//! reader's processor, as they would not from afar. They rest for two seconds between two questions,
//! and say nothing of it when they are told to wait.

use super::crawlers::{Crawl, Told};
use super::lab::{Lab, text};
use super::mails::{self, Chance};
use super::tree::{Server, encoded};
use super::{Row, row};
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const LIST: &str = "linux-mips";
/// Words that many mails have: their answers are the costly ones.
const WORDS: &[&str] = &[
    "the", "kernel", "patch", "mips", "linux", "and", "cache", "board", "with", "driver", "int",
    "pci", "irq", "this", "from", "subject", "gcc", "memory", "config", "return",
];
/// Between two pages of the reader.
const PAUSE: Duration = Duration::from_millis(10);
/// How long crawlers have been there when memory counts: until then buffers and caches fill.
const SETTLED: Duration = Duration::from_secs(10);
/// Times the quiet value, the reader's p99 among crawlers.
const MOST_SLOWER: f64 = 2.0;
/// Of the resident set, what it may grow by afterwards.
const MOST_GROWN: f64 = 0.2;

pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    let most = if lab.options.quick { 2_000 } else { 20_000 };
    let mbox = mails::write(
        lab.fresh("crawl.mbox")?,
        &mails::of_corpus(lab, "linux-mips-60k", most)?,
    )?;
    let archive = lab.fresh("crawl-archive")?;
    let words = ["-q", "import", "--public", "--list", LIST, text(&mbox)?];
    lab.done(&archive, &words)?;
    let site = Site::of(lab, &archive)?;
    let mut server = Server::start(lab, &archive)?;
    let long = match (lab.options.minutes, lab.options.quick) {
        (Some(minutes), _) => Duration::from_secs(minutes * 60),
        (None, true) => Duration::from_secs(20),
        (None, false) => Duration::from_secs(60),
    };
    // Once for the caches of the system, which are no part of the figure.
    read(&mut server, &site.pages, long / 4)?;
    let quiet = read(&mut server, &site.pages, long / 2)?;
    let (busy, memory, told) = among_crawlers(&mut server, &site, long)?;
    Ok(rows(quiet, busy, memory, &told, long))
}

fn rows(
    quiet: Times,
    busy: Times,
    (early, late): (u64, u64),
    told: &Told,
    long: Duration,
) -> Vec<Row> {
    let times = busy.p99 / quiet.p99;
    let grown = late as f64 / early as f64 - 1.0;
    let seconds = long.as_secs();
    vec![
        row(
            format!("crawlers of {} addresses in {seconds} s", told.addresses),
            told.to_string(),
            "all ask, none gets a 5xx but 503",
            told.asked_all && told.failed == 0,
        ),
        row(
            "p99 of message pages, quiet and among crawlers",
            format!("{quiet} and {busy}: {times:.2}"),
            format!("within {MOST_SLOWER}"),
            times <= MOST_SLOWER && busy.pages > 0,
        ),
        row(
            format!("resident set after {} s and at the end", SETTLED.as_secs()),
            format!(
                "{} and {} MB: {:+.0} %",
                early / 1000,
                late / 1000,
                grown * 100.0
            ),
            format!("grows by at most {:.0} %", MOST_GROWN * 100.0),
            grown <= MOST_GROWN,
        ),
    ]
}

/// What is asked for.
struct Site {
    /// Pages of mails.
    pages: Vec<String>,
    /// What is costly.
    costly: Vec<String>,
}

impl Site {
    /// Pages, threads and volumes of mails that some words find.
    fn of(lab: &Lab, archive: &Path) -> Result<Site> {
        let (mut pages, mut costly) = (Vec::new(), Vec::new());
        for word in WORDS {
            let found = lab.json(archive, &["search", "--limit", "200", word])?;
            for hit in found["hits"].as_array().into_iter().flatten() {
                let url = hit["url"].as_str().context("search: no url")?;
                pages.push(encoded(url));
                if let Some((volume, _)) = url.rsplit_once('/') {
                    costly.push(format!("/{volume}.mbox.gz"));
                    costly.push(format!("/{volume}.txt.gz"));
                }
                let key = hit["key"].as_str().context("search: no key")?;
                costly.push(format!("/{LIST}/thread/{key}.mbox.gz"));
            }
        }
        let mut chance = Chance::new(3);
        let word = |chance: &mut Chance| WORDS[chance.below(WORDS.len())];
        for n in 0..costly.len() {
            let (one, other) = (word(&mut chance), word(&mut chance));
            let scope = ["", "linux-mips/"][n % 2];
            let more = match n % 4 {
                0 => String::new(),
                1 => "&order=old".to_owned(),
                2 => "&order=new".to_owned(),
                _ => format!("&offset={}", 25 * (1 + chance.below(399))),
            };
            costly.push(format!("/{scope}search/?q={one}+{other}{more}"));
        }
        chance.shuffle(&mut pages);
        ensure!(!pages.is_empty(), "no mail is found");
        Ok(Site { pages, costly })
    }
}

/// How long pages took, in milliseconds.
#[derive(Clone, Copy)]
struct Times {
    pages: usize,
    median: f64,
    p99: f64,
}

impl std::fmt::Display for Times {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:.1} ms (median {:.1}, {} pages)",
            self.p99, self.median, self.pages
        )
    }
}

/// Reads one page after the other, the same ones in the same order each time.
fn read(server: &mut Server, pages: &[String], long: Duration) -> Result<Times> {
    let began = Instant::now();
    let mut took = Vec::new();
    for page in pages.iter().cycle() {
        if began.elapsed() >= long {
            break;
        }
        let asked = Instant::now();
        let (status, _) = server.get(page)?;
        took.push(asked.elapsed().as_secs_f64() * 1000.0);
        if status != 200 {
            bail!("{page}: {status}");
        }
        std::thread::sleep(PAUSE);
    }
    took.sort_by(f64::total_cmp);
    let at = |part: f64| {
        let place = (took.len() as f64 * part) as usize;
        took.get(place).copied().unwrap_or(f64::NAN)
    };
    Ok(Times {
        pages: took.len(),
        median: at(0.5),
        p99: at(0.99),
    })
}

/// The reader's times among crawlers; the server's memory soon after they came, and at their end.
fn among_crawlers(
    server: &mut Server,
    site: &Site,
    long: Duration,
) -> Result<(Times, (u64, u64), Told)> {
    let (pid, address) = (server.pid(), server.address()?);
    let end = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let crawl = scope.spawn(|| Crawl::new(address, &site.costly)?.run(&end));
        let memory = scope.spawn(|| {
            std::thread::sleep(SETTLED.min(long / 2));
            let early = resident(pid)?;
            while !end.load(Ordering::Relaxed) {
                std::thread::sleep(PAUSE);
            }
            Ok::<_, anyhow::Error>((early, resident(pid)?))
        });
        let times = read(server, &site.pages, long);
        end.store(true, Ordering::Relaxed);
        let memory = memory.join().unwrap_or_else(|_| bail!("a panic"));
        let told = crawl.join().unwrap_or_else(|_| bail!("a panic"));
        Ok((times?, memory?, told?))
    })
}

/// The resident set of a process, kB.
fn resident(pid: u32) -> Result<u64> {
    memory(pid, "VmRSS:")
}

/// What the system says of a process's memory by that name (proc(5)), kB.
pub(super) fn memory(pid: u32, name: &str) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().next());
    number
        .and_then(|number| number.parse().ok())
        .with_context(|| format!("no {name}"))
}
