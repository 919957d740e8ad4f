//! Test mails of other projects: each is read and rendered, and compared with what its project expects
//! where that is a file beside it. The book has the table (`docs/mime.md`).

use super::lab::{Lab, text};
use super::{Row, row, skipped};
use crate::run::{example, root};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Builds the program that tells what is read of mails.
pub(super) fn readings() -> Result<PathBuf> {
    example("posthoc-core", "readings")
}

/// Runs one of the comparing scripts and reads what it says.
pub(super) fn script(name: &str, words: &[&str]) -> Result<Value> {
    // Without leaving compiled files beside the scripts.
    let output = Command::new("python3")
        .arg("-B")
        .arg(root().join("xtask/python").join(name))
        .args(words)
        .output()
        .context("python3")?;
    if !output.status.success() {
        let tail = String::from_utf8_lossy(&output.stderr);
        bail!("python3 {name}: {}", tail.trim());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    let corpora = match lab.corpora() {
        Ok(corpora) => corpora,
        Err(error) => return Ok(vec![skipped("suites of other projects", error)]),
    };
    let program = readings()?;
    let found = script("suites.py", &[text(&corpora)?, text(&program)?])?;
    let suites = found.as_object().context("not what was agreed on")?;
    let mut rows = Vec::new();
    for (name, suite) in suites {
        rows.push(expected(name, suite).context("not what was agreed on")?);
        let packed = corpora.join("suites").join(format!("{name}.tar.zst"));
        rows.push(rendered(lab, name, &packed)?);
    }
    Ok(rows)
}

/// What a suite expects, and what we make of it.
fn expected(name: &str, suite: &Value) -> Option<Row> {
    let n = |field: &str| suite[field].as_u64();
    let (mails, wanted, passed) = (n("mails")?, n("expected")?, n("passed")?);
    let classes = suite["differing"].as_object()?;
    let explained = |(class, count): (&String, &Value)| format!("{class} {count}");
    let told: Vec<String> = classes.iter().map(explained).collect();
    let failed = classes
        .get("otherwise")
        .map_or(0, |n| n.as_u64().unwrap_or(0));
    if failed > 0 {
        eprintln!("{:#}", suite["samples"]);
    }
    Some(row(
        format!("{name}: {mails} mails, {wanted} with an expectation"),
        format!("{passed} agree; {}", told.join("; ")),
        "the others explained",
        failed == 0,
    ))
}

/// Takes a suite's files in and publishes them.
fn rendered(lab: &Lab, name: &str, packed: &Path) -> Result<Row> {
    let folder = lab.folder("suite")?;
    let tar = lab.fresh("suite.tar")?;
    super::lab::unpack("zstd", packed, &tar)?;
    let status = Command::new("tar")
        .arg("-xf")
        .arg(&tar)
        .arg("-C")
        .arg(&folder)
        .status()?;
    if !status.success() {
        bail!("tar -xf {}: {status}", tar.display());
    }
    let archive = lab.fresh("suite-archive")?;
    let site = lab.fresh("suite-site")?;
    let words = [
        "import",
        "--list",
        "all",
        "--public",
        "--kind",
        "files",
        text(&folder)?,
    ];
    let report = lab.json(&archive, &words)?;
    let publish = lab.own_cost(&archive, &["publish", text(&site)?])?;
    let stored = report["stored"].as_u64().unwrap_or(0);
    let pages = pages(&site.join("all"))?;
    Ok(row(
        format!("{name}: rendered"),
        format!("{pages} pages of {stored} mails, {:.1} s", publish.seconds),
        "a page for each",
        pages == stored,
    ))
}

/// Pages of mails below a folder.
pub(super) fn pages(folder: &Path) -> Result<u64> {
    let mut pages = 0;
    if !folder.is_dir() {
        return Ok(pages);
    }
    for volume in fs::read_dir(folder)? {
        let volume = volume?.path();
        if !volume.is_dir() {
            continue;
        }
        for file in fs::read_dir(&volume)? {
            let name = file?.file_name();
            let name = name.to_string_lossy();
            pages += u64::from(name.starts_with("msg") && name.ends_with(".html"));
        }
    }
    Ok(pages)
}
