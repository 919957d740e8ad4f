//! Every corpus with one command: the report balances, nothing is put aside, the counts are right,
//! and every mailbox comes back as it went in.

use super::lab::{Lab, text};
use super::tree::same_file;
use super::{Row, row};
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(super) fn counts(lab: &Lab) -> Result<Vec<Row>> {
    let corpora = lab.corpora()?;
    let strict = strict_counts(&fs::read_to_string(corpora.join("CORPORA.md"))?);
    let mut rows = Vec::new();
    for file in files(&corpora.join("lists"))? {
        let name = format!("lists/{}", name_of(&file));
        rows.push(import(lab, &name, &file, &[], strict.get(&name).copied())?);
    }
    for file in files(&corpora.join("maildir"))? {
        let name = format!("maildir/{}", name_of(&file));
        let folder = untar(lab, &file)?;
        rows.push(import(
            lab,
            &name,
            &folder,
            &[],
            strict.get(&name).copied(),
        )?);
    }
    for file in files(&corpora.join("suites"))? {
        let name = format!("suites/{}", name_of(&file));
        let folder = untar(lab, &file)?;
        rows.push(import(lab, &name, &folder, &["--kind", "files"], None)?);
    }
    Ok(rows)
}

/// One import of one source; a count is wanted where quarantine must be empty too.
fn import(lab: &Lab, name: &str, source: &Path, more: &[&str], wanted: Option<u64>) -> Result<Row> {
    let archive = lab.fresh("corpora")?;
    let words = [&["import", "--list", "all"], more, &[text(source)?]].concat();
    let report = match lab.json(&archive, &words) {
        Ok(report) => report,
        Err(error) => return Ok(row(name, format!("{error:#}"), "exit 0", false)),
    };
    let n = |field: &str| report[field].as_u64().unwrap_or(0);
    let parts = [
        "stored",
        "copy",
        "duplicate",
        "removed",
        "held",
        "refused",
        "quarantined",
    ];
    let balances = n("read") == parts.iter().map(|part| n(part)).sum::<u64>();
    let mut value = format!("read {}", n("read"));
    for part in parts.iter().filter(|part| n(part) > 0) {
        value += &format!(", {part} {}", n(part));
    }
    if report["reasons"]
        .as_object()
        .is_some_and(|reasons| !reasons.is_empty())
    {
        value += &format!(" {}", report["reasons"]);
    }
    Ok(match wanted {
        Some(wanted) => row(
            name,
            value,
            format!("read {wanted}, quarantined 0, balanced"),
            balances && n("quarantined") == 0 && n("read") == wanted,
        ),
        None => row(name, value, "balanced", balances),
    })
}

pub(super) fn as_imported(lab: &Lab) -> Result<Vec<Row>> {
    let files = files(&lab.corpora()?.join("lists"))?;
    let mut same = 0;
    let mut differ = Vec::new();
    for file in &files {
        let name = name_of(file);
        let archive = lab.fresh("as-imported")?;
        lab.done(
            &archive,
            &["-q", "import", "--no-index", "--list", "all", text(file)?],
        )?;
        let sources = lab.json(&archive, &["imports"])?;
        let id = sources[0]["id"].as_u64().context("imports: no id")?;
        let back = lab.fresh("back")?;
        lab.done(
            &archive,
            &[
                "-q",
                "export",
                "--as-imported",
                &id.to_string(),
                text(&back)?,
            ],
        )?;
        let whole = lab.corpus(name.split(".mbox").next().unwrap_or_default())?;
        match same_file(&back, &whole)? {
            true => same += 1,
            false => differ.push(name),
        }
        fs::remove_file(whole)?;
    }
    Ok(vec![row(
        "corpus mailboxes given back byte for byte",
        match differ.is_empty() {
            true => format!("{same} of {}", files.len()),
            false => format!("{same} of {}; not {}", files.len(), differ.join(", ")),
        },
        "all",
        differ.is_empty() && same > 0,
    )])
}

/// The table's counts: the strict one where it differs, else the only one.
fn strict_counts(table: &str) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for line in table.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, file, messages, ..] = cells[..] else {
            continue;
        };
        let digits = |text: &str| text.trim_matches(['(', ')']).parse::<u64>().ok();
        if let Some(count) = messages.split(' ').next_back().and_then(digits) {
            counts.entry(file.to_owned()).or_insert(count);
        }
    }
    counts
}

pub(super) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        files.push(entry?.path());
    }
    files.sort();
    Ok(files)
}

pub(super) fn name_of(file: &Path) -> String {
    file.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

pub(super) fn untar(lab: &Lab, packed: &Path) -> Result<PathBuf> {
    let folder = lab.folder("unpacked")?;
    let status = Command::new("tar")
        .args(["--zstd", "--no-same-owner", "-xf"])
        .arg(packed)
        .arg("-C")
        .arg(&folder)
        .status()?;
    if !status.success() {
        bail!("tar -xf {}: {status}", packed.display());
    }
    // An archive of one folder: that folder is the source.
    let inside = files(&folder)?;
    Ok(match &inside[..] {
        [one] if one.is_dir() => one.clone(),
        _ => folder,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_from_the_table() {
        let table = "| file | messages (strict) |\n|---|---|\n| lists/a.mbox | 7182 (7171) | 3 |\n\
                     | lists/b.mbox | 22 | 7 |\n";
        let counts = strict_counts(table);
        assert_eq!(counts.get("lists/a.mbox"), Some(&7171));
        assert_eq!(counts.get("lists/b.mbox"), Some(&22));
    }
}
