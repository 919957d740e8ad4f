//! How fast words are gathered and found, and what they take, beside notmuch and public-inbox.
//!
//! All three read the same mails, one after the other: notmuch a file for each, public-inbox the Git
//! history that its second format is made of, we the mailbox, with everything that an import does
//! beside. Clock and processor are both told, for a machine has others on it. Answers are timed as
//! readers get them, from the live server on a kept connection, and cold: a process of its own for each
//! question, with the archive's files gone from the system's cache.

mod kinds;
mod others;

use super::lab::{Cost, Lab, shared, text};
use super::mails::{self, Piece};
use super::speed::{ratio, share};
use super::times::Times;
use super::tree::{Server, files, percent};
use super::{Row, row, skipped};
use anyhow::{Context, Result, bail, ensure};
use kinds::{KINDS, Kind, Words};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

const LIST: &str = "linux-mips";
/// More mails than the corpus has are made up.
const CORPUS: usize = 60_000;
/// Questions of each kind to the server, and of each to a process of its own.
const WARM: usize = 50;
const COLD: usize = 5;
/// p99 of warm answers, milliseconds, but of those about threads.
const SLOWEST: f64 = 50.0;

pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    let most = match lab.options.quick {
        true => 1_000,
        false => lab.options.mails.unwrap_or(CORPUS),
    };
    let pieces = gathered(lab, most)?;
    let count = pieces.len();
    let mbox = mails::write(lab.fresh("search-speed.mbox")?, &pieces)?;
    let raw = mbox.metadata()?.len();
    let archive = lab.fresh("search-speed")?;
    let words = ["import", "--public", "--list", LIST, text(&mbox)?];
    let ours = lab.own_cost(&archive, &words)?;
    let index = mails::bytes_below(&archive.join("index"))?;
    let mut rows = vec![
        row(
            format!("{count} mails: everything imported and indexed"),
            rate(count, ours),
            "under 300 MB",
            ours.peak < 300_000,
        ),
        ratio("index / raw bytes".to_owned(), index, raw, 0.45),
    ];
    rows.extend(latencies(lab, &archive, &Words::of(&pieces))?);
    // Made-up mails are for our own size; the others would take hours.
    if most <= CORPUS {
        rows.push(beside(
            "notmuch",
            5.0,
            &pieces,
            ours,
            raw,
            others::notmuch(lab, &pieces),
        ));
        rows.push(beside(
            "public-inbox",
            10.0,
            &pieces,
            ours,
            raw,
            others::public_inbox(lab, &pieces),
        ));
    }
    Ok(rows)
}

/// The first mails of linux-mips; made-up ones when more are asked for than it has.
fn gathered(lab: &Lab, most: usize) -> Result<Vec<Piece>> {
    if most <= CORPUS {
        return mails::of_corpus(lab, "linux-mips-60k", most);
    }
    let tool = shared("POSTHOC_TOOLS", "tools")?.join("make-synthetic");
    let mbox = lab.fresh("synthetic-search.mbox")?;
    let count = most.to_string();
    let words = ["--messages", &count, "--lists", "1", "--seed", "7", "--out"];
    let status = Command::new(&tool).args(words).arg(&mbox).status();
    let status = status.with_context(|| format!("cannot run {}", tool.display()))?;
    ensure!(status.success(), "{}: {status}", tool.display());
    let pieces = mails::cut(std::io::BufReader::new(fs::File::open(&mbox)?), most)?;
    fs::remove_file(&mbox)?;
    Ok(pieces)
}

/// What another program took for the same mails.
struct Other {
    cost: Cost,
    /// Bytes of what it looks words up in.
    index: u64,
}

fn beside(
    name: &str,
    least: f64,
    pieces: &[Piece],
    ours: Cost,
    raw: u64,
    other: Result<Other>,
) -> Row {
    let what = format!("times {name}'s rate");
    let other = match other {
        Ok(other) => other,
        Err(error) => return skipped(what, format!("{error:#}")),
    };
    let (clock, processor) = (other.cost.seconds / ours.seconds, other.cost.cpu / ours.cpu);
    row(
        what,
        format!(
            "{clock:.1} by the clock, {processor:.1} by the processor ({name} {}, index {})",
            rate(pieces.len(), other.cost),
            share(other.index, raw)
        ),
        format!("at least {least}"),
        clock >= least,
    )
}

fn rate(count: usize, cost: Cost) -> String {
    format!(
        "{:.0} a second: {:.1} s, {:.1} of the processor, {} MB",
        count as f64 / cost.seconds,
        cost.seconds,
        cost.cpu,
        cost.peak / 1000
    )
}

fn latencies(lab: &Lab, archive: &Path, words: &Words) -> Result<Vec<Row>> {
    let settings = "[serve]\nsearches_per_minute = 100000\n";
    fs::write(archive.join("posthoc.toml"), settings)?;
    let mut server = Server::start(lab, archive)?;
    let (warm, cold) = match lab.options.quick {
        true => (5, 1),
        false => (WARM, COLD),
    };
    // Once for the caches: what comes after is warm.
    server.get("/search/?q=the")?;
    let mut rows = Vec::new();
    for kind in KINDS {
        let asked = (0..warm).map(|n| (kind.query)(words, n));
        let live = timed(asked, |query| {
            let (status, _) = server.get(&format!("/search/?q={}", percent(query)))?;
            ensure!(status == 200, "{query}: status {status}");
            Ok(())
        })?;
        let asked = (0..cold).map(|n| (kind.query)(words, warm + n));
        let alone = timed_cold(lab, archive, asked)?;
        rows.push(told(kind, &live, &alone));
    }
    Ok(rows)
}

fn told(kind: &Kind, live: &Times, alone: &Times) -> Row {
    let p99 = live.percentile(99);
    row(
        kind.name,
        format!(
            "live, warm: p50 {:.1}, p99 {p99:.1} ms; a process, cold: p50 {:.0}, p99 {:.0} ms",
            live.percentile(50),
            alone.percentile(50),
            alone.percentile(99)
        ),
        match kind.of_threads {
            true => "-".to_owned(),
            false => format!("warm p99 under {SLOWEST:.0} ms"),
        },
        kind.of_threads || p99 < SLOWEST,
    )
}

/// How long each question took.
fn timed(
    queries: impl Iterator<Item = String>,
    mut ask: impl FnMut(&str) -> Result<()>,
) -> Result<Times> {
    let began = Instant::now();
    let mut took = Vec::new();
    for query in queries {
        let began = Instant::now();
        ask(&query)?;
        took.push(began.elapsed());
    }
    Ok(Times::of(took, began.elapsed()))
}

/// The same by a process for each, whose files nobody has read shortly before.
fn timed_cold(lab: &Lab, archive: &Path, queries: impl Iterator<Item = String>) -> Result<Times> {
    let mut sum = Times::default();
    for query in queries {
        forgotten(archive)?;
        sum.add(timed([query].into_iter(), |query| {
            let words = ["-q", "search", "--", query];
            let status = lab.posthoc(archive, &words).output()?.status;
            // 1: nothing was found.
            match status.code() {
                Some(0 | 1) => Ok(()),
                _ => bail!("search {query}: {status}"),
            }
        })?);
    }
    Ok(sum)
}

/// Takes the files of a folder out of the system's cache, and those of nobody else.
fn forgotten(folder: &Path) -> Result<()> {
    for path in files(folder)?.into_values() {
        // GNU dd tells the system that it needs none of it again.
        let input = format!("if={}", text(&path)?);
        let done = Command::new("dd")
            .args([input.as_str(), "iflag=nocache", "count=0", "status=none"])
            .status()?;
        ensure!(done.success(), "dd {input}: {done}");
    }
    Ok(())
}

/// A folder with a file for each mail, a thousand in a folder.
fn laid_down(lab: &Lab, pieces: &[Piece]) -> Result<PathBuf> {
    let folder = lab.folder("search-speed-mails")?;
    for (number, piece) in pieces.iter().enumerate() {
        let below = folder.join((number / 1_000).to_string());
        fs::create_dir_all(&below)?;
        fs::write(
            below.join(format!("{number}.eml")),
            without_from_line(piece),
        )?;
    }
    Ok(folder)
}

/// A mail without the line that parts it from others.
fn without_from_line(piece: &[u8]) -> &[u8] {
    let end = piece.iter().position(|byte| *byte == b'\n');
    end.map_or(piece, |end| piece.get(end + 1..).unwrap_or_default())
}
