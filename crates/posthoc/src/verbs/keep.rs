//! `export`, `check`, `rebuild`.

use crate::args::{CheckArgs, ExportArg, ExportArgs, Global, RebuildArgs};
use crate::exit::{Exit, Failure};
use crate::open::{Opened, absolute, place, reading};
use crate::term::{self, Progress};
use posthoc_archive::{ArchiveError, CheckReport, ExportFormat, export_source};
use posthoc_embedded::Repaired;
use serde_json::json;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::time::Duration;

pub(crate) fn export(global: &Global, export: &ExportArgs) -> Result<Exit, Failure> {
    let opened = reading(global)?;
    let settings = opened.settings();
    let reader = opened.reader(&settings)?;
    let Some(source) = export.as_imported else {
        let format = match export.format {
            ExportArg::Mbox => ExportFormat::Mbox,
            ExportArg::Maildir => ExportFormat::Maildir,
            ExportArg::Jsonl => ExportFormat::Jsonl,
        };
        let report = posthoc_archive::export(&reader, &export.out, &export.list, format)?;
        let out = absolute(&export.out);
        if global.json {
            term::json(&json!({
                "out": out,
                "mails": report.mails,
                "files": report.files,
                "removed": report.removed,
            }))?;
        } else if !global.quiet {
            let mails = term::count(report.mails, "mail");
            let files = term::count(report.files, "file");
            let out = term::line(&out.display().to_string());
            term::print(&format!(
                "{mails} in {files} in {out}; check with sha256sum -c SHA256SUMS\n"
            ))?;
            if report.removed > 0 {
                let removed = term::count(report.removed, "removed mail");
                term::print(&format!("{removed} left out\n"))?;
            }
        }
        return Ok(Exit::Done);
    };
    // Told before a file is made that would stay empty.
    if !reader.sources()?.iter().any(|known| known.id == source) {
        return Err(ArchiveError::Unknown(format!("source {source}")).into());
    }
    if export.out.as_os_str() == "-" {
        let mut out = std::io::stdout().lock();
        let done = export_source(opened.store.as_ref(), &reader, source, &mut out)?;
        out.flush()?;
        if done.removed > 0 {
            term::note(global, &not_whole(source, done.removed));
        }
        return Ok(Exit::Done);
    }
    let refused = |error: std::io::Error| Failure::io("write", &export.out, &error);
    let mut out = BufWriter::new(File::create_new(&export.out).map_err(refused)?);
    let done = export_source(opened.store.as_ref(), &reader, source, &mut out)?;
    out.flush().map_err(refused)?;
    let path = absolute(&export.out);
    if global.json {
        let whole = done.removed == 0;
        let removed = done.removed;
        term::json(&json!({"out": path, "bytes": done.bytes, "whole": whole, "removed": removed}))?;
    } else if !global.quiet {
        let path = term::line(&path.display().to_string());
        let size = term::size(done.bytes);
        term::print(&match done.removed {
            0 => format!("source {source} is in {path}, {size}, as it was\n"),
            removed => format!("{path}, {size}: {}\n", not_whole(source, removed)),
        })?;
    }
    Ok(Exit::Done)
}

/// What is said of a source from which mails were destroyed.
fn not_whole(source: u64, removed: u64) -> String {
    format!(
        "source {source} is no longer whole: a placeholder stands for {}",
        term::count(removed, "purged mail")
    )
}

/// How long `check --repair` waits for the lock.
const PATIENCE: Duration = Duration::from_secs(120);

pub(crate) fn check(global: &Global, check: &CheckArgs) -> Result<Exit, Failure> {
    let repaired = match check.repair {
        true => {
            let backup = check.backup.as_deref();
            place(global)?.open()?.store.repair(backup, PATIENCE)?
        }
        false => Repaired::default(),
    };
    let mut mended = repaired.mended;
    let opened = reading(global)?;
    let mut report = looked_at(global, &opened)?;
    // Rows are derived of a whole journal only: of what cannot be read they may be all that is left.
    if check.repair && repaired.left.is_empty() && !report.damage.is_empty() {
        posthoc_archive::rebuild(opened.store.as_ref(), &opened.limits, true)?;
        mended.push("rows and words were derived again".to_owned());
        report = looked_at(global, &opened)?;
    }
    let whole = report.damage.is_empty() && report.purging == 0;
    if global.json {
        term::json(&json!({
            "records": report.records,
            "mails": report.mails,
            "sources": report.sources,
            "purging": report.purging,
            "damage": report.damage,
            "mended": mended,
        }))?;
    } else {
        let mut text = String::new();
        for mended in &mended {
            let _ = writeln!(text, "mended: {}", term::line(mended));
        }
        for damage in &report.damage {
            let _ = writeln!(text, "{}", term::line(damage));
        }
        let what = format!(
            "{}, {}, {} whole",
            term::count(report.records, "record"),
            term::count(report.mails, "mail"),
            term::count(report.sources, "source")
        );
        let _ = match report.damage.len() as u64 {
            0 => writeln!(text, "{what}: all is as it was written"),
            damages => writeln!(text, "{what}; {}", term::count(damages, "damage")),
        };
        if !report.damage.is_empty() && !check.repair {
            text.push_str(
                "`posthoc check --repair`, best with --backup DIR, mends what can be mended\n",
            );
        }
        if report.purging > 0 {
            let mails = term::count(report.purging, "mail");
            let _ = writeln!(text, "the purge of {mails} was interrupted: run rebuild");
        }
        if !global.quiet || !whole {
            term::print(&text)?;
        }
    }
    Ok(if whole { Exit::Done } else { Exit::No })
}

fn looked_at(global: &Global, opened: &Opened) -> Result<CheckReport, Failure> {
    let settings = opened.settings();
    let reader = opened.reader(&settings)?;
    let progress = Progress::new(global, "check");
    let records = reader.generation().0;
    Ok(posthoc_archive::check(
        opened.store.as_ref(),
        &reader,
        &mut |what, done| {
            let of = if what == "records" { records } else { 0 };
            progress.at(done, of, || what.to_owned());
        },
    )?)
}

pub(crate) fn rebuild(global: &Global, rebuild: &RebuildArgs) -> Result<Exit, Failure> {
    let opened = place(global)?.open()?;
    let generation =
        posthoc_archive::rebuild(opened.store.as_ref(), &opened.limits, !rebuild.no_index)?;
    let purged = posthoc_archive::finish_purges(opened.store.as_ref(), &opened.limits)?;
    if purged > 0 {
        let mails = term::count(purged, "mail");
        term::note(
            global,
            &format!("an interrupted purge of {mails} was finished"),
        );
    }
    opened.refresh(global);
    if global.json {
        term::json(&json!({"generation": generation.0}))?;
    } else if !global.quiet {
        let records = term::count(generation.0, "record");
        term::print(&format!("derived everything again from {records}\n"))?;
    }
    Ok(Exit::Done)
}
