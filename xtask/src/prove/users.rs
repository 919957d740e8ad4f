//! Two users of one group, and root, take turns in one archive.

use super::lab::{Lab, is_root, text};
use super::lock::ids;
use super::mails::{self, feed, made_up};
use super::{Row, row, skipped};
use anyhow::{Result, bail};
use std::path::Path;
use std::process::Command;

const WHAT: &str = "two users of one group, and root, take turns";
/// Numbers that no user of a common system has.
const GROUP: u32 = 46_200;
const USERS: [u32; 3] = [46_201, 46_202, 0];

pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    if !is_root() {
        return Ok(vec![skipped(WHAT, "needs root to become others")]);
    }
    let archive = lab.folder("users-archive")?;
    let status = Command::new("install")
        .args([
            "-d",
            "-m",
            "2775",
            "-g",
            &GROUP.to_string(),
            text(&archive)?,
        ])
        .status()?;
    if !status.success() {
        bail!("install -d: {status}");
    }
    let mut turns = Turns {
        lab,
        archive: &archive,
        runs: 0,
        failures: Vec::new(),
    };
    turns.run(USERS[0], &["init"], None)?;
    turns.run(USERS[1], &["list", "add", "town-hall"], None)?;
    let rounds = 4;
    let mut number = 0;
    for round in 0..rounds {
        for at in 0..USERS.len() {
            // Another one begins in every round, so that each meets what each has left.
            let user = USERS[(at + round) % USERS.len()];
            turns.turn(user, &mut number)?;
        }
    }
    let there = ids(lab, &archive, "town-hall")?.len();
    let Turns { runs, failures, .. } = turns;
    for failure in &failures {
        eprintln!("{failure}");
    }
    Ok(vec![row(
        format!("{WHAT}: import, deliver, search, lists, rebuild, check"),
        format!(
            "{runs} runs, {} failed{}; {there} of {number} mails there",
            failures.len(),
            failures
                .first()
                .map(|first| format!(" ({first})"))
                .unwrap_or_default()
        ),
        "0 failed, all there",
        failures.is_empty() && there == number,
    )])
}

struct Turns<'a> {
    lab: &'a Lab,
    archive: &'a Path,
    runs: usize,
    failures: Vec<String>,
}

impl Turns<'_> {
    /// Everything that writes and what reads, as that user.
    fn turn(&mut self, user: u32, number: &mut usize) -> Result<()> {
        let mut pieces = Vec::new();
        for _ in 0..5 {
            let mail = made_up(*number, "turns");
            pieces.push(
                [
                    b"From ada@skarv.example Mon Nov  3 10:00:00 2025\n",
                    &mail[..],
                    b"\n",
                ]
                .concat(),
            );
            *number += 1;
        }
        let mbox = mails::write(self.lab.fresh("turns.mbox")?, &pieces)?;
        self.run(user, &["import", "--list", "town-hall", text(&mbox)?], None)?;
        let mail = made_up(*number, "turns");
        *number += 1;
        self.run(user, &["deliver", "--list", "town-hall"], Some(&mail))?;
        self.run(user, &["search", "turns"], None)?;
        self.run(user, &["lists"], None)?;
        self.run(user, &["rebuild"], None)?;
        self.run(user, &["check"], None)
    }

    fn run(&mut self, user: u32, words: &[&str], input: Option<&[u8]>) -> Result<()> {
        let mut command = Command::new("setpriv");
        let (user, group) = (user.to_string(), GROUP.to_string());
        command
            .args(["--reuid", &user, "--regid", &group, "--clear-groups"])
            // The mask that most systems start with.
            .args(["sh", "-c", "umask 022; exec \"$@\"", "sh"])
            .arg(self.lab.binary())
            .args(["-q", "-a", text(self.archive)?])
            .args(words);
        self.lab.clean(&mut command);
        self.runs += 1;
        let (fine, said) = match input {
            Some(input) => (feed(command, input)?, String::new()),
            None => {
                let output = command.output()?;
                let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
                (output.status.success() && said.is_empty(), said)
            }
        };
        if !fine {
            self.failures
                .push(format!("{} as {user}: {said}", words[0]));
        }
        Ok(())
    }
}
