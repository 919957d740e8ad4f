//! Sixty queries for known mails, beside notmuch and SQLite's FTS5.
//!
//! The queries (`known.tsv`) were written from what a reader remembers of a mail, and frozen before
//! ranking was tuned: a change of them is a change of the question.

use super::lab::{Lab, text};
use super::suites::script;
use super::{Row, row, skipped};
use crate::run::root;
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// How deep a mail is looked for.
const DEEP: &str = "100";
/// Mails wanted in the first ten.
const WANTED: usize = 54;

struct Known<'t> {
    list: &'t str,
    id: &'t str,
    words: &'t str,
}

fn known(text: &str) -> Option<Vec<Known<'_>>> {
    text.lines()
        .map(|line| {
            let mut fields = line.split('\t');
            Some(Known {
                list: fields.next()?,
                id: fields.next()?,
                words: fields.next()?,
            })
        })
        .collect()
}

pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    let queries = root().join("xtask/src/prove/relevance/known.tsv");
    let typed = fs::read_to_string(&queries)?;
    let known = known(&typed).context("known.tsv has three fields in a line")?;
    let archive = lab.fresh("relevance")?;
    let folder = lab.folder("relevance-others")?;
    let mut mboxes: BTreeMap<&str, PathBuf> = BTreeMap::new();
    for list in known.iter().map(|known| known.list) {
        if mboxes.contains_key(list) {
            continue;
        }
        let mbox = folder.join(format!("{list}.mbox"));
        fs::rename(lab.corpus(list)?, &mbox)?;
        lab.done(
            &archive,
            &["-q", "import", "--public", "--list", list, text(&mbox)?],
        )?;
        mboxes.insert(list, mbox);
    }
    let mut ours = Vec::new();
    for mail in &known {
        let rank = rank(lab, &archive, mail)?;
        eprintln!("{rank:>4}  {}: {}", mail.list, mail.words);
        ours.push(rank);
    }
    let mut rows = own(&ours);
    if Command::new("notmuch").arg("--version").output().is_err() {
        rows.push(skipped("beside notmuch and FTS5", "no notmuch"));
        return Ok(rows);
    }
    let paths = mboxes.values().map(|mbox| text(mbox));
    let words = [text(&queries)?, text(&folder)?]
        .into_iter()
        .map(Ok)
        .chain(paths)
        .collect::<Result<Vec<_>>>()?;
    let others = script("relevance.py", &words)?;
    for engine in ["notmuch", "fts5"] {
        let ranks: Vec<usize> = serde_json::from_value(others[engine].clone())?;
        rows.push(row(
            format!("mean reciprocal rank beside {engine}, the same words"),
            format!(
                "{:.3}, {engine} {:.3} ({} in the first ten)",
                mean(&ours),
                mean(&ranks),
                in_ten(&ranks)
            ),
            format!("above {engine}'s"),
            mean(&ours) > mean(&ranks),
        ));
    }
    Ok(rows)
}

fn own(ranks: &[usize]) -> Vec<Row> {
    vec![row(
        format!(
            "{} queries for a known mail: it is in the first ten",
            ranks.len()
        ),
        format!(
            "{}; first {} times",
            in_ten(ranks),
            ranks.iter().filter(|rank| **rank == 1).count()
        ),
        format!("at least {WANTED}"),
        in_ten(ranks) >= WANTED,
    )]
}

/// From 1; 0 when it is not there.
fn rank(lab: &Lab, archive: &std::path::Path, known: &Known<'_>) -> Result<usize> {
    let words = [
        "-q",
        "--json",
        "search",
        "--list",
        known.list,
        "--limit",
        DEEP,
        "--partial",
        "--",
        known.words,
    ];
    let found = lab.posthoc(archive, &words).output()?;
    let found: Value = serde_json::from_slice(&found.stdout)?;
    let hits = ["hits", "partial"].into_iter();
    let hits = hits.flat_map(|part| found[part].as_array().into_iter().flatten());
    let at = hits.map(|hit| &hit["id"]).position(|id| id == known.id);
    Ok(at.map_or(0, |at| at + 1))
}

fn in_ten(ranks: &[usize]) -> usize {
    ranks.iter().filter(|rank| (1..=10).contains(*rank)).count()
}

/// The mean reciprocal rank.
fn mean(ranks: &[usize]) -> f64 {
    let sum: f64 = ranks
        .iter()
        .filter(|rank| **rank > 0)
        .map(|rank| 1.0 / *rank as f64)
        .sum();
    sum / ranks.len().max(1) as f64
}
