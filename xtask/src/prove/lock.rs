//! Mail that arrives while another process holds the lock.

use super::lab::{Lab, remove, text};
use super::mails::{feed, made_up};
use super::{Row, row};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const MAILS: usize = 50;

pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    let archive = lab.town_hall("lock-archive")?;
    let seconds = if lab.options.quick { 5 } else { 60 };
    let began = Instant::now();
    let holder = Holder::of(&archive, seconds)?;
    let pause = Duration::from_secs(seconds) / (MAILS as u32 + 10);
    let (mut accepted, mut longest) = (0, 0.0_f64);
    for number in 0..MAILS {
        let one = Instant::now();
        let command = lab.posthoc(&archive, &["-q", "deliver", "--list", "town-hall"]);
        accepted += usize::from(feed(command, &made_up(number, "locked out"))?);
        longest = longest.max(one.elapsed().as_secs_f64());
        std::thread::sleep(pause.saturating_sub(one.elapsed()));
    }
    let in_time = began.elapsed() < Duration::from_secs(seconds);
    let waiting = fs::read_dir(archive.join("incoming/new")).map_or(0, Iterator::count);
    drop(holder);
    let there = ids(lab, &archive, "town-hall")?;
    let once = there.values().filter(|times| **times == 1).count();
    let check = lab.posthoc(&archive, &["-q", "check"]).output()?.status;
    Ok(vec![row(
        format!("{MAILS} mails in {seconds} s of a lock held by another process"),
        format!(
            "{accepted} accepted, {waiting} waiting meanwhile, {once} there once afterwards, longest \
             deliver {longest:.2} s, check {check}"
        ),
        format!("{MAILS} accepted, {MAILS} there once"),
        in_time && accepted == MAILS && once == MAILS && there.len() == MAILS && check.success(),
    )])
}

/// How often each Message-ID is in a list, by an export.
pub(super) fn ids(lab: &Lab, archive: &Path, list: &str) -> Result<BTreeMap<String, usize>> {
    let out = lab.fresh("ids")?;
    lab.done(archive, &["-q", "lists"])?;
    lab.done(
        archive,
        &[
            "-q",
            "export",
            "--format",
            "jsonl",
            "--list",
            list,
            text(&out)?,
        ],
    )?;
    let lines = fs::read_to_string(out.join(format!("{list}.jsonl"))).unwrap_or_default();
    let mut ids = BTreeMap::new();
    for line in lines.lines() {
        let mail: Value = serde_json::from_str(line)?;
        let id = mail["id"].as_str().context("a mail without id")?;
        *ids.entry(id.to_owned()).or_default() += 1;
    }
    remove(&out)?;
    Ok(ids)
}

/// Another process that holds an archive's lock; it lets go when dropped.
pub(super) struct Holder(Child);

impl Holder {
    pub(super) fn of(archive: &Path, seconds: u64) -> Result<Holder> {
        let lock = archive.join("lock");
        // One process: killing `flock FILE sleep` would leave the sleep with the lock.
        let held = "exec 9>>\"$0\" && flock 9 && echo held && exec sleep \"$1\"";
        let mut child = Command::new("sh")
            .args(["-c", held, text(&lock)?, &seconds.to_string()])
            .stdout(Stdio::piped())
            .spawn()?;
        let mut said = [0; 5];
        let out = child.stdout.as_mut().context("no pipe")?;
        if std::io::Read::read_exact(out, &mut said).is_err() {
            child.wait()?;
            bail!("cannot hold {}", lock.display());
        }
        Ok(Holder(child))
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
