//! Fifty mails destroyed, and every file searched for what was in them.

use super::lab::{Lab, text};
use super::mails::{self, Chance, Piece};
use super::{Row, row};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Mails that are destroyed.
const PURGED: usize = 50;
/// Mails of a quick run.
const QUICK: usize = 2_000;

pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    let most = if lab.options.quick { QUICK } else { usize::MAX };
    let pieces = mails::of_corpus(lab, "linux-mips-60k", most)?;
    let archive = lab.fresh("purge-archive")?;
    let site = lab.fresh("purge-site")?;
    let mbox = mails::write(lab.fresh("purge.mbox")?, &pieces)?;
    let list = ["-q", "import", "--public", "--list", "linux-mips"];
    let began = Instant::now();
    lab.done(&archive, &[&list[..], &[text(&mbox)?]].concat())?;
    let import = began.elapsed().as_secs_f64();
    lab.done(&archive, &["-q", "publish", text(&site)?])?;
    let chosen = keep_aside(lab, &archive, &pieces)?;
    let files: Vec<&Path> = chosen.iter().map(|(_, path)| path.as_path()).collect();
    let before = traces(lab, &archive, &site, &files[..1])?;
    let began = Instant::now();
    let ids: Vec<&str> = chosen.iter().map(|(id, _)| id.as_str()).collect();
    let purge = ["-q", "remove", "--purge", "--yes", "--reason", "a figure"];
    lab.done(&archive, &[&purge[..], &ids].concat())?;
    let took = began.elapsed().as_secs_f64();
    lab.done(&archive, &["-q", "publish", text(&site)?])?;
    let found = traces(lab, &archive, &site, &files)?;
    let check = lab.posthoc(&archive, &["check"]).output()?;
    let said = String::from_utf8_lossy(&check.stdout).trim().to_owned();
    let mails = pieces.len();
    Ok(vec![
        row(
            format!("traces of a mail before, {mails} mails"),
            before.to_string(),
            "more than 0",
            before > 0,
        ),
        row(
            format!("traces of {} purged mails, archive and site", chosen.len()),
            found.to_string(),
            "0",
            found == 0 && chosen.len() == PURGED,
        ),
        row(
            "check afterwards",
            said,
            "exit status: 0",
            check.status.success(),
        ),
        row(
            format!("purging them, {mails} mails"),
            format!("{took:.1} s; import {import:.1} s"),
            "at most the import",
            took <= import,
        ),
    ])
}

/// Chooses mails by chance, and writes the bytes of each to a file of its own.
fn keep_aside(lab: &Lab, archive: &Path, pieces: &[Piece]) -> Result<Vec<(String, PathBuf)>> {
    let folder = lab.folder("purge-mails")?;
    let mut order: Vec<&Piece> = pieces.iter().collect();
    Chance::new(50).shuffle(&mut order);
    let mut kept: Vec<(String, PathBuf)> = Vec::new();
    for piece in order {
        let Some(id) = id_of(piece) else { continue };
        if kept.iter().any(|(known, _)| *known == id) {
            continue;
        }
        let shown = lab.posthoc(archive, &["show", "--raw", &id]).output()?;
        // Not every mail's id is read as it is written.
        if !shown.status.success() {
            continue;
        }
        let path = folder.join(format!("{}.eml", kept.len()));
        fs::write(&path, &shown.stdout)?;
        kept.push((id, path));
        if kept.len() == PURGED {
            return Ok(kept);
        }
    }
    bail!("fewer than {PURGED} mails have an id")
}

/// The Message-ID of a mail, where it stands on its field's line.
fn id_of(mail: &[u8]) -> Option<String> {
    let header = String::from_utf8_lossy(&mail[..mail.len().min(20_000)]);
    let header = header.split("\n\n").next()?;
    let line = header
        .lines()
        .find(|line| line.to_ascii_lowercase().starts_with("message-id:"))?;
    let id = line.split_once('<')?.1.split_once('>')?.0;
    let plain = !id.starts_with('-') && id.contains('@') && !id.contains(char::is_whitespace);
    plain.then(|| id.to_owned())
}

/// Traces of these mails in the archive's folder and the site's, the first few told.
fn traces(lab: &Lab, archive: &Path, site: &Path, mails: &[&Path]) -> Result<usize> {
    let mut words = vec!["-q", "--json", "verify-gone", "--out", text(site)?];
    for mail in mails {
        words.extend(["--mail", text(mail)?]);
    }
    let output = lab.posthoc(archive, &words).output()?;
    let told: serde_json::Value =
        serde_json::from_slice(&output.stdout).context("verify-gone: not JSON")?;
    let traces = told["traces"].as_array().context("no traces told")?;
    for trace in traces.iter().take(3) {
        eprintln!("{trace}");
    }
    Ok(traces.len())
}
