//! What we read of mails, beside what Python's `email` reads (policy default).
//!
//! Where the two differ, each class of disagreement has its reason in the book (`docs/mime.md`).

use super::lab::{Lab, text};
use super::suites::{readings, script};
use super::{Row, row, skipped};
use anyhow::{Context, Result};
use serde_json::Value;

/// Classes of disagreement that the book explains.
const EXPLAINED: usize = 10;

/// What no class explains, of a thousand mails at most.
const OTHERWISE: f64 = 1.0;

pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    let corpora = match lab.corpora() {
        Ok(corpora) => corpora,
        Err(error) => return Ok(vec![skipped("agreement with Python", error)]),
    };
    let program = readings()?;
    let most = if lab.options.quick { "150" } else { "1000000" };
    let found = script(
        "email_agreement.py",
        &[text(&corpora)?, text(&program)?, most],
    )?;
    rows(&found).context("not what was agreed on with the script")
}

fn rows(found: &Value) -> Option<Vec<Row>> {
    let mails = found["mails"].as_u64()?;
    let classes = found["classes"].as_object()?;
    let mut rows: Vec<Row> = Vec::new();
    let mut otherwise = 0;
    for (name, class) in classes {
        let count = class["count"].as_u64()?;
        if name == "otherwise" {
            otherwise = count;
            eprintln!("{:#}", class["samples"]);
            continue;
        }
        rows.push(row(name, format!("{count} differ"), "explained", true));
    }
    let share = otherwise as f64 * 1_000.0 / mails.max(1) as f64;
    let known = rows.len();
    rows.push(row(
        "classes of disagreement",
        known.to_string(),
        format!("at most {EXPLAINED}"),
        known <= EXPLAINED,
    ));
    rows.push(row(
        format!("of {mails} mails: without a reason"),
        otherwise.to_string(),
        format!("at most {OTHERWISE} in a thousand"),
        share <= OTHERWISE,
    ));
    Some(rows)
}
