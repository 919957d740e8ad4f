//! `publish`.

use crate::args::{Global, PublishArgs};
use crate::exit::{Exit, Failure};
use crate::open::{Opened, absolute, reading};
use crate::term::{self, Progress};
use posthoc_archive::{ArchiveError, PublishOptions, PublishReport};
use serde_json::json;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

pub(crate) fn publish(global: &Global, publish: &PublishArgs) -> Result<Exit, Failure> {
    let opened = reading(global)?;
    let begin = Instant::now();
    let options = PublishOptions {
        lists: publish.list.clone(),
        members: match &publish.audience {
            Some(audience) => audience.0.clone(),
            None => Vec::new(),
        },
        dry_run: publish.dry_run,
        adopt: publish.adopt,
        full: publish.full,
        no_search: publish.no_search,
        hold: false,
    };
    if publish.follow {
        let mut first = true;
        super::follow::follow(global, publish, opened, &options, |report, took| {
            // The first run is told as any other; of later ones those who asked hear.
            let is_told = std::mem::take(&mut first) || global.json || publish.print0;
            match is_told || global.verbose {
                true => tell(global, publish, report, took.as_secs_f64()),
                false => Ok(()),
            }
        })?;
        return Ok(Exit::Done);
    }
    let progress = Progress::new(global, "publish");
    let report = run(&opened, &publish.out, &options, &|done, of| {
        progress.at(done, of, || format!("{done} of {of}"));
    });
    drop(progress);
    tell(global, publish, &report?, begin.elapsed().as_secs_f64())?;
    Ok(Exit::Done)
}

/// Publishes once.
pub(super) fn run(
    opened: &Opened,
    out: &Path,
    options: &PublishOptions,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<PublishReport, Failure> {
    let store = opened.store.as_ref();
    let done = posthoc_archive::publish(store, &opened.settings(), out, options, progress);
    done.map_err(|error| match error {
        ArchiveError::ForeignFolder(path) => Failure::new(
            Exit::CannotCreate,
            format!(
                "{} holds files that posthoc did not write; name a new folder, or say --adopt to write \
                 beside them",
                absolute(&path).display()
            ),
        ),
        error => error.into(),
    })
}

/// Says what was done.
fn tell(
    global: &Global,
    publish: &PublishArgs,
    report: &PublishReport,
    seconds: f64,
) -> Result<(), Failure> {
    if global.json {
        let left_out: Vec<_> = report
            .left_out
            .iter()
            .map(|(name, visibility)| json!({"name": name, "visibility": visibility}))
            .collect();
        term::json(&json!({
            "out": absolute(&publish.out),
            "lists": report.lists,
            "left_out": left_out,
            "routes": report.routes,
            "written": report.written,
            "deleted": report.deleted,
            "generation": report.generation,
            "seconds": seconds,
        }))?;
    } else if publish.print0 {
        let mut out = std::io::stdout().lock();
        for path in report.written.iter().chain(&report.deleted) {
            out.write_all(path.as_bytes())?;
            out.write_all(b"\0")?;
        }
        out.flush()?;
    } else if !global.quiet {
        term::print(&in_words(publish, report, seconds))?;
    }
    Ok(())
}

fn in_words(publish: &PublishArgs, report: &PublishReport, seconds: f64) -> String {
    let mut text = String::new();
    let out = term::line(&absolute(&publish.out).display().to_string());
    let would = if publish.dry_run { "would be " } else { "" };
    let _ = writeln!(
        text,
        "{}: {} {would}written, {} {would}deleted, {} looked at, in {seconds:.1} s",
        term::count(report.lists.len() as u64, "list"),
        term::count(report.written.len() as u64, "file"),
        report.deleted.len(),
        report.routes
    );
    for (name, visibility) in &report.left_out {
        let _ = writeln!(text, "left out: {name}, which is {visibility}");
    }
    match (report.lists.is_empty(), publish.dry_run) {
        (true, _) => {
            text += "no list is public, so there is nothing to read; `posthoc list add --public \
                     NAME` makes one public\n";
        }
        (false, true) => text += "this was a dry run: nothing was changed\n",
        (false, false) => {
            let _ = writeln!(text, "open {out}/index.html");
        }
    }
    text
}
