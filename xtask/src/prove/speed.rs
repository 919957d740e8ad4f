//! Beside MHonArc, on the same file, in one run: time, memory, and what the store takes.

use super::lab::{Cost, Lab, text};
use super::{Row, mails, row, skipped};
use anyhow::Result;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const CORPUS: &str = "linux-mips-60k";

pub(super) fn twenty_thousand(lab: &Lab) -> Result<Vec<Row>> {
    beside(lab, if lab.options.quick { 1000 } else { 20_000 })
}

pub(super) fn all(lab: &Lab) -> Result<Vec<Row>> {
    beside(lab, if lab.options.quick { 2000 } else { usize::MAX })
}

/// Lets the file system finish what came before. ext4 does not give out an inode again within seconds
/// of its deletion and looks for others one by one: whoever makes many files right after many were
/// deleted pays for that. So nothing is deleted between the programs that are compared, either.
fn settle(lab: &Lab) {
    let _ = Command::new("sync").status();
    if !lab.options.quick {
        std::thread::sleep(Duration::from_secs(45));
    }
}

/// Time and memory of making a site of a mailbox.
struct Made {
    import: Cost,
    publish: Cost,
    archive: PathBuf,
}

impl Made {
    fn seconds(&self) -> f64 {
        self.import.seconds + self.publish.seconds
    }

    fn told(&self) -> String {
        format!(
            "{:.1} s (import {:.1}, publish {:.1})",
            self.seconds(),
            self.import.seconds,
            self.publish.seconds
        )
    }
}

fn beside(lab: &Lab, most: usize) -> Result<Vec<Row>> {
    let pieces = mails::of_corpus(lab, CORPUS, most)?;
    let count = pieces.len();
    let mbox = mails::write(lab.fresh("speed.mbox")?, &pieces)?;
    drop(pieces);
    let raw = mbox.metadata()?.len();
    let title = |what: &str| format!("{count} mails: {what}");
    settle(lab);
    let with = make(lab, &mbox, &format!("with-index-{count}"), &[])?;
    let journal = mails::bytes_below(&with.archive.join("journal"))?;
    let index = mails::bytes_below(&with.archive.join("index"))?;
    let without = make(lab, &mbox, &format!("no-index-{count}"), &["--no-index"])?;
    let mut rows = vec![
        ratio(title("journal / raw"), journal, raw, 0.25),
        ratio(title("index / raw"), index, raw, 0.35),
    ];
    let costs = [with.import, with.publish, without.import, without.publish];
    let peak = costs.iter().map(|cost| cost.peak).max().unwrap_or(0);
    rows.push(row(
        title("peak memory"),
        format!(
            "{} MB (import {}, publish {}, import --no-index {})",
            peak / 1000,
            with.import.peak / 1000,
            with.publish.peak / 1000,
            without.import.peak / 1000
        ),
        "under 300 MB",
        peak < 300_000,
    ));
    for (made, what, least, aim) in [
        (&with, "import, index, publish", 4.0, 10.0),
        (
            &without,
            "import --no-index, publish --no-search",
            8.0,
            20.0,
        ),
    ] {
        rows.push(row(
            title(what),
            made.told(),
            "-",
            !made.import.stopped && !made.publish.stopped,
        ));
        rows.push(faster(
            lab,
            title(&format!("{what}: times mhonarc's speed")),
            made,
            &mbox,
            (least, aim),
        )?);
    }
    Ok(rows)
}

fn make(lab: &Lab, mbox: &Path, name: &str, more: &[&str]) -> Result<Made> {
    let archive = lab.fresh(name)?;
    let site = lab.fresh(&format!("{name}-site"))?;
    let words = [
        &["import", "--public", "--list", "linux-mips"],
        more,
        &[text(mbox)?],
    ]
    .concat();
    let import = lab.own_cost(&archive, &words)?;
    // Without the word index no words are gathered for the site either.
    let words: &[&str] = match more.is_empty() {
        true => &["publish", text(&site)?],
        false => &["publish", "--no-search", text(&site)?],
    };
    let publish = lab.own_cost(&archive, words)?;
    Ok(Made {
        import,
        publish,
        archive,
    })
}

/// A part of some bytes, which may be that share of them at most.
pub(super) fn ratio(what: String, part: u64, whole: u64, most: f64) -> Row {
    let ratio = part as f64 / whole as f64;
    let limit = format!("at most {most}");
    row(what, share(part, whole), limit, ratio <= most)
}

pub(super) fn share(part: u64, whole: u64) -> String {
    format!(
        "{:.3} ({:.1} of {:.1} MB)",
        part as f64 / whole as f64,
        part as f64 / 1e6,
        whole as f64 / 1e6
    )
}

/// MHonArc on the same file, once a mailbox: its time is kept beside the mailbox.
fn faster(
    lab: &Lab,
    what: String,
    made: &Made,
    mbox: &Path,
    (least, aim): (f64, f64),
) -> Result<Row> {
    let raw = mbox.metadata()?.len();
    let kept = mbox.with_extension(format!("mhonarc-{raw}"));
    let (seconds, stopped, peak) = match fs::read_to_string(&kept) {
        Ok(told) => serde_json::from_str(&told)?,
        Err(_) => {
            let out = lab.folder(&format!("mhonarc-{raw}"))?;
            let words = ["-quiet", "-outdir", text(&out)?, text(mbox)?];
            let cost = match lab.cost(Path::new("/usr/bin/mhonarc"), &words) {
                Ok(cost) => cost,
                Err(error) => return Ok(skipped(what, format!("{error:#}"))),
            };
            let told = (cost.seconds, cost.stopped, cost.peak);
            fs::write(&kept, serde_json::to_string(&told)?)?;
            told
        }
    };
    let times = seconds / made.seconds();
    let more = if stopped { "more than " } else { "" };
    Ok(row(
        what,
        format!(
            "{more}{times:.1} (mhonarc {more}{seconds:.0} s, {} MB)",
            peak / 1000
        ),
        format!("at least {least}, aim {aim}"),
        times >= least,
    ))
}
