//! What one more mail costs does not grow with the archive.

use super::lab::{Lab, text};
use super::mails::{self, Piece, feed};
use super::{Row, row};
use anyhow::{Result, bail};
use std::ops::Range;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// The mails that come one by one; the same at both sizes, so that only the size differs.
const LATE: Range<usize> = 1000..1100;

/// Medians over the late mails.
struct Grown {
    /// Milliseconds of `deliver`.
    deliver: f64,
    /// Milliseconds of `publish`.
    publish: f64,
    /// Files that `publish` writes or deletes.
    touched: f64,
    /// The most HTML pages that one mail touches.
    most_pages: usize,
}

pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    let most = if lab.options.quick { 4000 } else { usize::MAX };
    let mut pieces = mails::of_corpus(lab, "linux-mips-60k", most)?;
    let late: Vec<Piece> = pieces.drain(LATE).collect();
    let small = grow(lab, &pieces[..LATE.start], &late)?;
    let large = grow(lab, &pieces, &late)?;
    let sizes = format!("at {} and at {} mails", LATE.start, pieces.len());
    let line = |what: &str, small: f64, large: f64, unit: &str| {
        let ratio = large / small;
        row(
            format!("{what}, median, {sizes}"),
            format!("{small:.1} and {large:.1}{unit}: {ratio:.2}"),
            "within 1.5",
            (1.0 / 1.5..=1.5).contains(&ratio),
        )
    };
    Ok(vec![
        line("deliver", small.deliver, large.deliver, " ms"),
        line("publish", small.publish, large.publish, " ms"),
        line("touched routes", small.touched, large.touched, ""),
        row(
            format!("most HTML pages that one mail touches, {sizes}"),
            format!("{} and {}", small.most_pages, large.most_pages),
            "at most 64",
            small.most_pages.max(large.most_pages) <= 64,
        ),
    ])
}

fn grow(lab: &Lab, before: &[Piece], late: &[Piece]) -> Result<Grown> {
    let archive = lab.fresh("growth-archive")?;
    let site = lab.fresh("growth-site")?;
    let mbox = mails::write(lab.fresh("growth.mbox")?, before)?;
    lab.done(
        &archive,
        &[
            "-q",
            "import",
            "--public",
            "--list",
            "linux-mips",
            text(&mbox)?,
        ],
    )?;
    lab.done(&archive, &["-q", "publish", text(&site)?])?;
    // The disk is still busy with what the import wrote; a delivery that waits for it measures the disk.
    let _ = Command::new("sync").status();
    let (mut deliver, mut publish, mut touched) = (Vec::new(), Vec::new(), Vec::new());
    let mut most_pages = 0;
    for mail in late {
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
    Ok(Grown {
        deliver: median(deliver),
        publish: median(publish),
        touched: median(touched),
        most_pages,
    })
}

fn delivered(lab: &Lab, archive: &Path, mail: &[u8]) -> Result<()> {
    let command = lab.posthoc(archive, &["-q", "deliver", "--list", "linux-mips"]);
    if !feed(command, mail)? {
        bail!("deliver refused a mail");
    }
    Ok(())
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
