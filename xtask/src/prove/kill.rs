//! SIGKILL at random moments: nothing acknowledged is lost, nothing is there twice, nothing is
//! damaged, and what was interrupted can be finished.

use super::lab::{Lab, text};
use super::lock::ids;
use super::mails::{self, Chance, made_up};
use super::{Row, row};
use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Kills of one import before it may finish.
const IN_A_ROW: usize = 4;

pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    let kills = if lab.options.quick {
        16
    } else {
        lab.options.kills
    };
    let mut rows = imports(lab, kills / 2)?;
    rows.push(deliveries(lab, kills - kills / 2)?);
    Ok(rows)
}

/// What is compared: every mail's number, key, address and date, and the text.
fn content(lab: &Lab, archive: &Path) -> Result<Vec<u8>> {
    let out = lab.fresh("killed-content")?;
    lab.done(archive, &["-q", "export", "--format", "jsonl", text(&out)?])?;
    Ok(fs::read(out.join("town-hall.jsonl"))?)
}

fn imports(lab: &Lab, kills: usize) -> Result<Vec<Row>> {
    let count = if lab.options.quick { 300 } else { 2000 };
    let pieces = mails::of_corpus(lab, "linux-mips-60k", count)?;
    let mbox = mails::write(lab.fresh("town-hall.mbox")?, &pieces)?;
    let clean = lab.fresh("killed-never")?;
    let words = ["-q", "import", text(&mbox)?];
    let began = Instant::now();
    lab.done(&clean, &words)?;
    let whole = began.elapsed();
    let wanted = content(lab, &clean)?;
    let mut chance = Chance::new(9);
    let (mut killed, mut damaged, mut unequal, mut archives) = (0, 0, 0, 0);
    while killed < kills && archives < kills {
        let archive = lab.fresh("killed-import")?;
        archives += 1;
        for _ in 0..IN_A_ROW.min(kills - killed) {
            // Each goes on where the last was killed, so that less and less is left to do.
            if !interrupted(lab, &archive, &words, moment(&mut chance, whole / 2))? {
                break;
            }
            killed += 1;
            // Killed before there was an archive: nothing to check.
            if archive.join("posthoc-archive").exists() {
                let check = lab.posthoc(&archive, &["-q", "check"]).output()?;
                if !check.status.success() {
                    damaged += 1;
                    eprintln!("check: {}", String::from_utf8_lossy(&check.stdout));
                    eprintln!("{}", String::from_utf8_lossy(&check.stderr));
                }
            }
        }
        let finished = lab.posthoc(&archive, &words).output()?;
        if !finished.status.success() {
            eprintln!("resumed: {}", String::from_utf8_lossy(&finished.stderr));
        }
        let check = lab.posthoc(&archive, &["-q", "check"]).output()?.status;
        if !finished.status.success() || !check.success() || content(lab, &archive)? != wanted {
            unequal += 1;
        }
    }
    Ok(vec![
        row(
            format!("SIGKILL during imports of {} mails", pieces.len()),
            format!("{killed} kills; {damaged} times not clean"),
            "0 not clean",
            damaged == 0 && killed == kills,
        ),
        row(
            "interrupted imports, finished by a last run",
            format!("{unequal} of {archives} not equal to a clean one"),
            "0",
            unequal == 0,
        ),
    ])
}

fn moment(chance: &mut Chance, whole: Duration) -> Duration {
    let micros = usize::try_from(whole.as_micros()).unwrap_or(usize::MAX);
    Duration::from_micros(chance.below(micros) as u64)
}

/// Runs a verb and kills it after a while; false when it had ended by itself.
fn interrupted(lab: &Lab, archive: &Path, words: &[&str], after: Duration) -> Result<bool> {
    let mut child = lab
        .posthoc(archive, words)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    std::thread::sleep(after);
    child.kill()?;
    Ok(!child.wait()?.success())
}

fn deliveries(lab: &Lab, kills: usize) -> Result<Row> {
    let archive = lab.town_hall("killed-deliver")?;
    let mut chance = Chance::new(10);
    // The first makes what later ones find.
    let mut whole = Duration::ZERO;
    for warm in 0..5 {
        whole = deliver(lab, &archive, 1_000_000 + warm, Duration::from_secs(60))?.1;
    }
    let mut tried = BTreeSet::new();
    let mut acknowledged = BTreeSet::new();
    let (mut number, mut killed, mut lost, mut twice, mut damaged) = (0, 0, 0, 0, 0);
    while killed < kills && number < kills * 20 {
        let after = moment(&mut chance, whole + whole / 2);
        tried.insert(number);
        match deliver(lab, &archive, number, after)?.0 {
            true => drop(acknowledged.insert(number)),
            false => killed += 1,
        }
        number += 1;
        if number % 20 == 0 || killed == kills {
            let check = lab.posthoc(&archive, &["-q", "check"]).output()?.status;
            damaged += usize::from(!check.success());
            let there = ids(lab, &archive, "town-hall")?;
            lost += acknowledged
                .iter()
                .filter(|n| !there.contains_key(&id(**n)))
                .count();
            twice += there.values().filter(|times| **times > 1).count();
        }
    }
    // What a mail system does with mails that were not acknowledged.
    for number in tried.difference(&acknowledged) {
        deliver(lab, &archive, *number, Duration::from_secs(60))?;
    }
    let there = ids(lab, &archive, "town-hall")?;
    let once = tried
        .iter()
        .filter(|n| there.get(&id(**n)) == Some(&1))
        .count();
    Ok(row(
        "SIGKILL during deliver under a pipe",
        format!(
            "{killed} killed, {} acknowledged; lost {lost}, twice {twice}, not clean {damaged}; all \
             delivered again: {once} of {} there once",
            acknowledged.len(),
            tried.len()
        ),
        "lost 0, twice 0, not clean 0",
        lost + twice + damaged == 0 && once == tried.len() && killed == kills,
    ))
}

fn id(number: usize) -> String {
    format!("kill.{number}@skarv.example")
}

/// Delivers a mail and kills the delivery after a while; whether it was acknowledged, and the time.
fn deliver(lab: &Lab, archive: &Path, number: usize, after: Duration) -> Result<(bool, Duration)> {
    let began = Instant::now();
    let mut child = lab
        .posthoc(archive, &["-q", "deliver", "--list", "town-hall"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    // It may be dead before it has read.
    let _ = child
        .stdin
        .take()
        .context("no pipe")?
        .write_all(&made_up(number, "kill"));
    while began.elapsed() < after {
        if let Some(status) = child.try_wait()? {
            return Ok((status.success(), began.elapsed()));
        }
        std::thread::sleep(Duration::from_micros(200));
    }
    child.kill()?;
    Ok((child.wait()?.success(), began.elapsed()))
}
