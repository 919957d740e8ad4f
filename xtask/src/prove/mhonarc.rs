//! `posthoc mhonarc` beside the real program: the same pages of real lists under every resource file, how
//! fast a list is made into pages, and how fast one more mail is.

use super::lab::{Cost, Lab, text};
use super::{Row, mails, row, skipped};
use crate::run::root;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// The real program.
const ORIGINAL: &str = "/usr/bin/mhonarc";

/// The list that is made into pages.
const CORPUS: &str = "linux-mips-60k";

/// Of the files of one list under one resource file, those that may differ, in a hundred.
const DIFFERING: f64 = 0.5;

/// Mails that are added one by one; the first reads what no run has kept.
const ADDED: usize = 5;

pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    if !Path::new(ORIGINAL).is_file() {
        return Ok(vec![skipped("beside MHonArc", "mhonarc is not installed")]);
    }
    let corpora = match lab.corpora() {
        Ok(corpora) => corpora,
        Err(error) => return Ok(vec![skipped("beside MHonArc", error)]),
    };
    let mut rows = speed(lab)?;
    rows.extend(matrix(lab, &corpora)?);
    Ok(rows)
}

/// Has the tests' own comparison run over the whole matrix, and reads its lines.
fn matrix(lab: &Lab, corpora: &Path) -> Result<Vec<Row>> {
    let mut tests = Command::new("cargo");
    tests
        .current_dir(root())
        .args([
            "test",
            "--quiet",
            "--package",
            "posthoc",
            "--test",
            "mhonarc",
        ])
        .args(["--", "--nocapture", "every_resource_file_on_real_lists"])
        .env("POSTHOC_CORPORA", corpora)
        .env(
            "POSTHOC_MATRIX",
            if lab.options.quick { "noteedit" } else { "" },
        )
        .stdin(Stdio::null());
    let output = tests.output().context("cargo test")?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines = told.lines().filter_map(|line| line.split_once("matrix\t"));
    Ok(lines.filter_map(|(_, line)| of_line(line)).collect())
}

fn of_line(line: &str) -> Option<Row> {
    let mut words = line.split('\t');
    let (list, resources) = (words.next()?, words.next()?);
    let (files, differing) = (words.next()?.parse::<f64>().ok()?, words.next()?);
    let share = 100.0 * differing.parse::<f64>().ok()? / files.max(1.0);
    Some(row(
        format!("{list}, resources {resources}: files that differ"),
        format!("{differing} of {files} ({share:.2} %)"),
        format!("at most {DIFFERING} %"),
        share <= DIFFERING,
    ))
}

/// Bulk, then one more mail, beside the original's.
fn speed(lab: &Lab) -> Result<Vec<Row>> {
    let most = if lab.options.quick { 1_000 } else { usize::MAX };
    let pieces = mails::of_corpus(lab, CORPUS, most)?;
    let count = pieces.len();
    let mbox = mails::write(lab.fresh("mhonarc.mbox")?, &pieces)?;
    drop(pieces);
    let (ours, theirs) = (lab.folder("mhonarc-ours")?, lab.folder("mhonarc-theirs")?);
    let run = |ours: bool, words: &[&str]| -> Result<Cost> {
        match ours {
            true => lab.cost(lab.binary(), &[&["mhonarc", "-quiet"], words].concat()),
            false => lab.cost(Path::new(ORIGINAL), &[&["-quiet"], words].concat()),
        }
    };
    let mut rows = Vec::new();
    let bulk = |is_ours: bool, out: &Path| run(is_ours, &["-outdir", text(out)?, text(&mbox)?]);
    let (own, original) = (bulk(true, &ours)?, bulk(false, &theirs)?);
    let title = |what: &str| format!("{count} mails: {what}");
    rows.push(beside(title("all at once"), &own, &original, 8.0));
    rows.push(row(
        title("peak memory"),
        format!("{} MB (mhonarc {})", own.peak / 1000, original.peak / 1000),
        "under 300 MB",
        own.peak < 300_000,
    ));
    let mut last = None;
    for nth in 0..ADDED {
        let mail = lab.fresh("more.mbox")?;
        fs::write(
            &mail,
            format!(
                "From ada@example.org Thu Mar  8 10:00:00 2012\nFrom: Ada <ada@example.org>\n\
                 Subject: One more\nDate: Thu, 8 Mar 2012 10:0{nth}:00 +0000\n\
                 Message-ID: <more-{nth}@example.org>\n\nOne more mail.\n\n"
            ),
        )?;
        let add = |is_ours: bool, out: &Path| {
            run(is_ours, &["-add", "-outdir", text(out)?, text(&mail)?])
        };
        last = Some((add(true, &ours)?, add(false, &theirs)?));
    }
    if let Some((own, original)) = last {
        rows.push(beside(title("one more"), &own, &original, 50.0));
    }
    Ok(rows)
}

fn beside(what: String, own: &Cost, original: &Cost, least: f64) -> Row {
    let times = original.seconds / own.seconds;
    row(
        format!("{what}: times mhonarc's speed"),
        format!(
            "{times:.1} ({:.2} s, mhonarc {:.2} s)",
            own.seconds, original.seconds
        ),
        format!("at least {least}"),
        times >= least && !own.stopped,
    )
}
