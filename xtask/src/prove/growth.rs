//! What one more mail costs does not grow with the archive.
//!
//! Lists of made-up mail of three sizes, each busier than the one before, and one whose mails are all in one volume. A
//! hundred mails come to each, one by one, delivered and then published: half of them answer mails spread over the whole
//! list, the others begin threads beside them. Beside the smaller two, mhonarc adds some of the same mails.

use super::lab::{Lab, shared, text};
use super::mails::feed;
use super::{Row, row, skipped};
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// Mails of the lists; the last may be set by the command line.
const SIZES: [usize; 3] = [1_000, 60_000, 1_000_000];
const SIZES_OF_QUICK: [usize; 3] = [300, 1_500, 3_000];
/// Mails of the list with one volume.
const VOLUME: usize = 30_000;
const VOLUME_OF_QUICK: usize = 1_000;
/// Mails that come one by one.
const LATE: usize = 100;
const LATE_OF_QUICK: usize = 20;
/// Of these so many to mhonarc, which takes long for each.
const LATE_OF_MHONARC: usize = 5;
/// Years that the lists' mails are spread over: as small lists are young, and large ones are busy, too.
const YEARS: [&str; 3] = ["1", "12", "20"];
/// What a list takes on the disk, with its site, for each mail.
const BYTES: u64 = 20_000;
/// A ratio of costs within which they are the same.
const SAME: f64 = 1.5;
/// Pages that one mail may touch.
const MOST_PAGES: usize = 64;

/// A list of made-up mail.
struct Case {
    what: String,
    mails: usize,
    years: &'static str,
    /// What the site's settings say of lists.
    settings: &'static str,
    is_beside_mhonarc: bool,
}

/// Medians over the late mails.
struct Grown {
    what: String,
    /// Milliseconds of `deliver`, and of `publish`.
    deliver: f64,
    publish: f64,
    /// Milliseconds of the processor for both, the mean.
    cpu: f64,
    /// Files that `publish` writes or deletes.
    touched: f64,
    /// The most HTML pages that one mail touches.
    most_pages: usize,
    /// Milliseconds of `mhonarc -add`, where that was measured.
    mhonarc: Option<f64>,
}

pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    let (mut sizes, volume) = match lab.options.quick {
        true => (SIZES_OF_QUICK, VOLUME_OF_QUICK),
        false => (SIZES, VOLUME),
    };
    sizes[2] = lab.options.mails.unwrap_or(sizes[2]).max(sizes[1]);
    let mut cases: Vec<Case> = sizes
        .iter()
        .enumerate()
        .map(|(nth, mails)| Case {
            what: format!("{mails} mails"),
            mails: *mails,
            years: YEARS[nth],
            settings: "",
            is_beside_mhonarc: nth < 2,
        })
        .collect();
    cases.push(Case {
        what: format!("a volume of {volume}"),
        mails: volume,
        years: "1",
        settings: "[defaults]\nvolumes = \"yearly\"\n",
        is_beside_mhonarc: false,
    });
    let (mut all, mut more) = (Vec::new(), Vec::new());
    for case in &cases {
        match grow(lab, case) {
            Ok(grown) => {
                eprintln!(
                    "{}: deliver {:.1}, publish {:.1}, processor {:.1} ms, {} files touched",
                    grown.what, grown.deliver, grown.publish, grown.cpu, grown.touched
                );
                all.push(grown);
            }
            Err(error) => more.push(row(&case.what, format!("{error:#}"), "measured", false)),
        }
    }
    let mut rows = rows(&all);
    rows.extend(more);
    Ok(rows)
}

fn rows(all: &[Grown]) -> Vec<Row> {
    let line = |what: &str, unit: &str, value: fn(&Grown) -> f64| {
        let values: Vec<f64> = all.iter().map(value).collect();
        let most = values.iter().copied().fold(0.0, f64::max);
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let told = all.iter().zip(&values);
        let told: Vec<String> = told
            .map(|(grown, value)| format!("{}: {value:.1}{unit}", grown.what))
            .collect();
        row(
            format!("{what} for one more mail, median"),
            format!("{}; {:.2}", told.join(", "), most / least),
            format!("within {SAME}"),
            most / least <= SAME,
        )
    };
    let most_pages = all.iter().map(|grown| grown.most_pages).max().unwrap_or(0);
    let mut rows = vec![
        line("deliver", " ms", |grown| grown.deliver),
        line("publish", " ms", |grown| grown.publish),
        line("deliver and publish", " ms", |grown| {
            grown.deliver + grown.publish
        }),
        line("processor, the mean,", " ms", |grown| grown.cpu),
        line("files touched", "", |grown| grown.touched),
        row(
            "most HTML pages that one mail touches",
            most_pages.to_string(),
            format!("at most {MOST_PAGES}"),
            most_pages <= MOST_PAGES,
        ),
    ];
    for grown in all {
        let Some(mhonarc) = grown.mhonarc else {
            continue;
        };
        let what = format!("durable and published beside mhonarc -add, {}", grown.what);
        let ours = grown.deliver + grown.publish;
        rows.push(match mhonarc.is_nan() {
            true => skipped(what, "mhonarc did not end in time"),
            false => row(
                what,
                format!(
                    "{ours:.0} and {mhonarc:.0} ms: {:.1} times as fast",
                    mhonarc / ours
                ),
                "faster",
                ours < mhonarc,
            ),
        });
    }
    rows
}

fn grow(lab: &Lab, case: &Case) -> Result<Grown> {
    let late = if lab.options.quick {
        LATE_OF_QUICK
    } else {
        LATE
    };
    let mbox = lab.fresh("growth.mbox")?;
    synthetic(case, &mbox)?;
    let late = letters(&mbox, case.mails, late)?;
    let archive = lab.fresh("growth-archive")?;
    let site = lab.fresh("growth-site")?;
    lab.done(&archive, &["-q", "init"])?;
    fs::write(archive.join("posthoc.toml"), case.settings)?;
    let needed = case.mails as u64 * BYTES;
    let free = free(&archive)?;
    ensure!(
        free >= needed,
        "{} MB are free, {} are needed",
        free >> 20,
        needed >> 20
    );
    let words = ["-q", "import", "--public", "--list", "growth", text(&mbox)?];
    lab.done(&archive, &words)?;
    let mhonarc = match case.is_beside_mhonarc {
        true => Some(mhonarc(lab, &mbox, &late)?),
        false => None,
    };
    fs::remove_file(&mbox)?;
    lab.done(&archive, &["-q", "publish", text(&site)?])?;
    // The disk is still busy with what was written; a delivery that waits for it measures the disk.
    let _ = Command::new("sync").status();
    let (mut deliver, mut publish, mut touched) = (Vec::new(), Vec::new(), Vec::new());
    let mut most_pages = 0;
    let before = children()?;
    for mail in &late {
        deliver.push(timed(|| delivered(lab, &archive, mail))?);
        let mut report = serde_json::Value::Null;
        publish.push(timed(|| {
            report = lab.json(&archive, &["publish", text(&site)?])?;
            Ok(())
        })?);
        let paths: Vec<&str> = ["written", "deleted"]
            .iter()
            .filter_map(|field| report[*field].as_array())
            .flatten()
            .filter_map(serde_json::Value::as_str)
            .collect();
        touched.push(paths.len() as f64);
        most_pages = most_pages.max(paths.iter().filter(|path| path.ends_with(".html")).count());
    }
    let cpu = (children()? - before) / late.len() as f64;
    for left in [&archive, &site] {
        super::lab::remove(left)?;
    }
    Ok(Grown {
        what: case.what.clone(),
        deliver: median(deliver),
        publish: median(publish),
        cpu,
        touched: median(touched),
        most_pages,
        mhonarc,
    })
}

/// Writes a list of made-up mail.
fn synthetic(case: &Case, mbox: &Path) -> Result<()> {
    let tool = shared("POSTHOC_TOOLS", "tools")?.join("make-synthetic");
    let mails = case.mails.to_string();
    let status = Command::new(&tool)
        .args(["-n", &mails, "-s", "9", "-l", "1", "-y", case.years, "-o"])
        .arg(mbox)
        .status()
        .with_context(|| format!("cannot run {}", tool.display()))?;
    ensure!(status.success(), "{}: {status}", tool.display());
    Ok(())
}

/// Mails that come late, each beside one of so many in the mailbox, evenly spread: at its date, and every second in
/// answer to it.
fn letters(mbox: &Path, of: usize, many: usize) -> Result<Vec<Vec<u8>>> {
    let mut lines = BufReader::new(fs::File::open(mbox)?);
    let (mut letters, mut line) = (Vec::new(), Vec::new());
    let (mut nth, mut in_head, mut head) = (0, false, String::new());
    // Some have no id or no date; then the next is taken, of which there must be some at the end.
    let looks = many + many / 10;
    while letters.len() < many {
        line.clear();
        if lines.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        if !in_head && line.starts_with(b"From ") {
            (in_head, head) = (true, String::from_utf8_lossy(&line).into_owned());
            nth += 1;
        } else if in_head && line.trim_ascii().is_empty() {
            in_head = false;
            if nth * looks / of > letters.len() {
                letters.extend(letter(&head, letters.len()));
            }
        } else if in_head {
            head += &String::from_utf8_lossy(&line);
        }
    }
    ensure!(
        letters.len() == many,
        "{} has too few mails with dates",
        mbox.display()
    );
    Ok(letters)
}

fn letter(head: &str, number: usize) -> Option<Vec<u8>> {
    let field = |name: &str| {
        head.lines().find_map(|line| {
            let (field, value) = line.split_once(": ")?;
            field.eq_ignore_ascii_case(name).then_some(value)
        })
    };
    let (id, date) = (field("Message-ID")?, field("Date")?);
    // A date that is far off says nothing of where the mail is filed, and may begin a volume.
    let year = head.lines().next()?.split(' ').next_back()?;
    date.split(' ').find(|word| *word == year)?;
    let answers = match number % 2 {
        0 => format!("In-Reply-To: {id}\nReferences: {id}\n"),
        _ => String::new(),
    };
    let letter = format!(
        "From: Ada Example <ada{number}@skarv.example>\nTo: growth@skarv.example\nSubject: Berth {number}\n\
         Date: {date}\nMessage-ID: <one-more.{number}@skarv.example>\n{answers}\nOne more mail, number {number}.\n"
    );
    Some(letter.into_bytes())
}

/// Milliseconds of `mhonarc -add`, the median; not a number where it does not make its archive in time.
fn mhonarc(lab: &Lab, mbox: &Path, late: &[Vec<u8>]) -> Result<f64> {
    let out = lab.folder("growth-mhonarc")?;
    let program = Path::new("/usr/bin/mhonarc");
    let made = lab.cost(program, &["-quiet", "-outdir", text(&out)?, text(mbox)?])?;
    let mut took = Vec::new();
    for (number, mail) in late.iter().take(LATE_OF_MHONARC).enumerate() {
        let file: PathBuf = lab.fresh("growth-one.mbox")?;
        let from = format!("From ada Mon Nov  3 10:00:{number:02} 2025\n");
        fs::write(&file, [from.as_bytes(), mail, b"\n"].concat())?;
        let words = ["-quiet", "-add", "-outdir", text(&out)?, text(&file)?];
        let cost = lab.cost(program, &words)?;
        if made.stopped || cost.stopped {
            return Ok(f64::NAN);
        }
        took.push(cost.seconds * 1_000.0);
    }
    super::lab::remove(&out)?;
    Ok(median(took))
}

fn delivered(lab: &Lab, archive: &Path, mail: &[u8]) -> Result<()> {
    let command = lab.posthoc(archive, &["-q", "deliver", "--list", "growth"]);
    if !feed(command, mail)? {
        bail!("deliver refused a mail");
    }
    Ok(())
}

/// Bytes that are free on a folder's disk.
fn free(folder: &Path) -> Result<u64> {
    let about = Command::new("df")
        .args(["--output=avail", "--block-size=1"])
        .arg(folder)
        .output()?;
    let said = String::from_utf8_lossy(&about.stdout);
    let free = said
        .lines()
        .nth(1)
        .and_then(|line| line.trim().parse().ok());
    free.context("df says nothing")
}

/// Milliseconds of the processor that children of this process have had (proc(5)), to a tick of ten.
fn children() -> Result<f64> {
    const TICK: f64 = 10.0;
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The program's name, which may hold anything, stands in parentheses.
    let (_, fields) = stat.rsplit_once(')').context("/proc/self/stat")?;
    let ticks = fields.split_whitespace().skip(13).take(2);
    let ticks = ticks.map(str::parse::<f64>).sum::<Result<f64, _>>()?;
    Ok(ticks * TICK)
}

/// Milliseconds.
fn timed(mut work: impl FnMut() -> Result<()>) -> Result<f64> {
    let began = Instant::now();
    work()?;
    Ok(began.elapsed().as_secs_f64() * 1000.0)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
