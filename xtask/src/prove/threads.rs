//! Chosen parents against the true ones, on synthetic mail.

use super::lab::{Lab, shared, text};
use super::{Row, row, skipped};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Mails whose headers do not name the parent, whose parent is not there, or whose id is not theirs
/// alone.
const UNUSABLE: &[&str] = &[
    "norefs",
    "lostparent",
    "outlook",
    "nomid",
    "remid",
    "dup",
    "cross",
];

/// A line of the truth.
struct True {
    id: String,
    parent: Option<usize>,
    flags: Vec<String>,
}

pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    let tool = match shared("POSTHOC_TOOLS", "tools") {
        Ok(folder) => folder.join("make-synthetic"),
        Err(error) => {
            return Ok(vec![skipped(
                "chosen parents that are the true ones",
                error,
            )]);
        }
    };
    let (mbox, truth) = (lab.fresh("synthetic.mbox")?, lab.fresh("synthetic.tsv")?);
    let count = if lab.options.quick { "500" } else { "6000" };
    let status = Command::new(&tool)
        .args([
            "--messages",
            count,
            "--lists",
            "1",
            "--seed",
            "7",
            "--out",
            text(&mbox)?,
        ])
        .args(["--truth", text(&truth)?])
        .status()
        .with_context(|| format!("cannot run {}", tool.display()))?;
    if !status.success() {
        bail!("{}: {status}", tool.display());
    }
    let archive = lab.fresh("synthetic")?;
    lab.done(
        &archive,
        &[
            "-q",
            "import",
            "--list",
            "town-hall",
            "--no-index",
            text(&mbox)?,
        ],
    )?;
    let parents = parents(lab, &archive)?;
    let truth: Vec<True> = fs::read_to_string(truth)?
        .lines()
        .filter_map(parse)
        .collect();
    Ok(score(&truth, &parents))
}

fn parse(line: &str) -> Option<True> {
    let cells: Vec<&str> = line.split('\t').collect();
    let [_, _, id, parent, ..] = cells[..] else {
        return None;
    };
    Some(True {
        id: id.trim_matches(['<', '>']).to_owned(),
        // -1, and the words of a heading, are no number.
        parent: parent.parse().ok(),
        flags: cells
            .get(7)
            .unwrap_or(&"")
            .split(',')
            .map(str::to_owned)
            .collect(),
    })
}

/// The parent of each mail that is there, by Message-ID.
fn parents(lab: &Lab, archive: &Path) -> Result<BTreeMap<String, Option<String>>> {
    let out = lab.fresh("synthetic-out")?;
    lab.done(archive, &["-q", "export", "--format", "jsonl", text(&out)?])?;
    let mut seen = BTreeSet::new();
    let mut parents = BTreeMap::new();
    for line in fs::read_to_string(out.join("town-hall.jsonl"))?.lines() {
        let mail: Value = serde_json::from_str(line)?;
        let key = mail["key"].as_str().context("no key")?.to_owned();
        if seen.contains(&key) {
            continue;
        }
        let thread = lab.json(archive, &["thread", "--list", "town-hall", &key])?;
        for line in thread.as_array().into_iter().flatten() {
            seen.extend(line["key"].as_str().map(str::to_owned));
            if line["ghost"] != true
                && let Some(id) = line["id"].as_str()
            {
                parents.insert(id.to_owned(), line["parent"].as_str().map(str::to_owned));
            }
        }
    }
    Ok(parents)
}

fn score(truth: &[True], parents: &BTreeMap<String, Option<String>>) -> Vec<Row> {
    // A heading line would shift the indexes: it has no parent and an id that is no id.
    let mails: Vec<&True> = truth
        .iter()
        .filter(|mail| mail.id != "message-id")
        .collect();
    // An id that a later mail uses again names two mails.
    let again = |mail: &&&True| mail.flags.iter().any(|flag| flag == "remid");
    let again: BTreeSet<&str> = mails
        .iter()
        .filter(again)
        .map(|mail| mail.id.as_str())
        .collect();
    let (mut right, mut of, mut wrong) = (0, 0, BTreeMap::<&str, usize>::new());
    let (mut right_roots, mut roots) = (0, 0);
    for mail in &mails {
        if mail
            .flags
            .iter()
            .any(|flag| UNUSABLE.contains(&flag.as_str()))
            || again.contains(mail.id.as_str())
        {
            continue;
        }
        let chosen = parents.get(&mail.id).cloned().flatten();
        let Some(parent) = mail.parent.and_then(|at| mails.get(at)) else {
            roots += 1;
            right_roots += usize::from(chosen.is_none());
            continue;
        };
        if parent.id.is_empty() || parent.flags.iter().any(|flag| flag == "nomid") {
            continue;
        }
        of += 1;
        if chosen.as_deref() == Some(&parent.id) {
            right += 1;
        } else {
            for flag in &mail.flags {
                *wrong.entry(flag).or_default() += 1;
            }
            eprintln!(
                "{}: parent {chosen:?}, truly {}, {:?}",
                mail.id, parent.id, mail.flags
            );
        }
    }
    let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    vec![
        row(
            format!(
                "chosen parents that are the true ones, {} synthetic mails",
                mails.len()
            ),
            format!(
                "{:.2} % ({right} of {of} with usable references); wrong by kind: {wrong:?}",
                share(right, of)
            ),
            "at least 99 %",
            of > 0 && share(right, of) >= 99.0,
        ),
        row(
            "first mails of a thread that have no parent",
            format!(
                "{:.2} % ({right_roots} of {roots})",
                share(right_roots, roots)
            ),
            "at least 99 %",
            roots > 0 && share(right_roots, roots) >= 99.0,
        ),
    ]
}
