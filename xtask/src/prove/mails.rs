//! Mailboxes as figures need them: cut into mails, shuffled, written again.

use super::lab::Lab;
use anyhow::{Context, Result};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A mail with its From_ line and the empty line after it.
pub(super) type Piece = Vec<u8>;

/// The first mails of a corpus list (all with `usize::MAX`); reads no further than it must.
pub(super) fn of_corpus(lab: &Lab, name: &str, most: usize) -> Result<Vec<Piece>> {
    let lists = lab.corpora()?.join("lists");
    let zst = lists.join(format!("{name}.mbox.zst"));
    let (program, packed) = match zst.is_file() {
        true => ("zstd", zst),
        false => ("gzip", lists.join(format!("{name}.mbox.gz"))),
    };
    let mut child = Command::new(program)
        .args(["-d", "-c"])
        .arg(&packed)
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {program}"))?;
    let out = child.stdout.take().context("no pipe")?;
    let mails = cut(BufReader::new(out), most);
    // It ends by itself when we read all of it, and is not needed any more when we did not.
    let _ = child.kill();
    child.wait()?;
    mails
}

/// The mails of a mailbox by the strict rule: a From_ line with a time in it, at the start or after
/// an empty line. Each ends with an empty line, so that they may stand in any order.
pub(super) fn cut(mut input: impl BufRead, most: usize) -> Result<Vec<Piece>> {
    let mut mails: Vec<Piece> = Vec::new();
    let mut line = Vec::new();
    let mut after_empty = true;
    while input.read_until(b'\n', &mut line)? > 0 {
        if after_empty && is_from_line(&line) {
            if mails.len() == most {
                return Ok(mails);
            }
            mails.push(Vec::new());
        }
        after_empty = matches!(line.as_slice(), b"\n" | b"\r\n");
        if let Some(mail) = mails.last_mut() {
            mail.append(&mut line);
        }
        line.clear();
    }
    if let Some(mail) = mails.last_mut() {
        while !mail.ends_with(b"\n\n") && !mail.ends_with(b"\n\r\n") {
            mail.push(b'\n');
        }
    }
    Ok(mails)
}

fn is_from_line(line: &[u8]) -> bool {
    line.starts_with(b"From ")
        && line
            .windows(5)
            .any(|w| w[2] == b':' && [w[0], w[1], w[3], w[4]].iter().all(u8::is_ascii_digit))
}

/// Writes them as one mailbox.
pub(super) fn write<'a>(
    path: PathBuf,
    mails: impl IntoIterator<Item = &'a Piece>,
) -> Result<PathBuf> {
    let mut out = Vec::new();
    for mail in mails {
        out.extend_from_slice(mail);
    }
    fs::write(&path, out)?;
    Ok(path)
}

/// A made-up mail for a test, without its From_ line.
pub(super) fn made_up(number: usize, words: &str) -> Vec<u8> {
    format!(
        "From: Ada Example <ada@skarv.example>\nTo: town-hall@skarv.example\n\
         Subject: {words} {number}\nDate: Mon, 3 Nov 2025 {:02}:{:02}:{:02} +0000\n\
         Message-ID: <{}.{number}@skarv.example>\n\nThe {words}, number {number}.\n",
        number / 3600 % 24,
        number / 60 % 60,
        number % 60,
        words.replace(' ', "-"),
    )
    .into_bytes()
}

/// Runs a command with that on its standard input, and says whether it ended with 0.
pub(super) fn feed(mut command: Command, input: &[u8]) -> Result<bool> {
    use std::io::Write;
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    // A program that ends without reading all of it says so by its status.
    let _ = child.stdin.take().context("no pipe")?.write_all(input);
    Ok(child.wait()?.success())
}

/// Small, seeded and the same everywhere: xorshift64*.
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Chance {
        Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// At least 0 and below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let value = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(value).unwrap_or(0) % end.max(1)
    }

    /// Fisher and Yates.
    pub(super) fn shuffle<T>(&mut self, things: &mut [T]) {
        for at in (1..things.len()).rev() {
            things.swap(at, self.below(at + 1));
        }
    }
}

/// Bytes of all files below a folder.
pub(super) fn bytes_below(folder: &Path) -> Result<u64> {
    let mut sum = 0;
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        let entries = fs::read_dir(&at).with_context(|| format!("cannot read {}", at.display()))?;
        for entry in entries {
            let entry = entry?;
            let meta = entry.metadata()?;
            match meta.is_dir() {
                true => folders.push(entry.path()),
                false => sum += meta.len(),
            }
        }
    }
    Ok(sum)
}
