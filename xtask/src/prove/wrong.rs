//! Wrong inputs: each one clear line, and the exit status of the contract.

use super::lab::{Lab, text, unpack};
use super::lock::Holder;
use super::mails::{Chance, made_up};
use super::{Row, row};
use anyhow::{Context, Result, bail};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    let archive = lab.town_hall("wrong-archive")?;
    let mut rows = sources(lab, &archive)?;
    rows.extend(archives(lab, &archive)?);
    rows.extend(deliver_nowhere(lab)?);
    rows.extend(super::disks::measure(lab)?);
    Ok(rows)
}

/// One line on standard error that begins with the program's name, and one of the statuses.
pub(super) fn verdict(what: &str, output: &Output, wanted: &[i32]) -> Row {
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.trim_end();
    let one_line = said.lines().count() == 1 && said.starts_with("posthoc: ");
    let status = output.status.code().unwrap_or(-1);
    let names: Vec<String> = wanted.iter().map(i32::to_string).collect();
    row(
        what,
        format!("{status}: {said}"),
        format!("{}, one line", names.join(" or ")),
        one_line && wanted.contains(&status),
    )
}

pub(super) fn import(lab: &Lab, archive: &Path, source: &Path) -> Result<Output> {
    Ok(lab
        .posthoc(
            archive,
            &["-q", "import", "--list", "town-hall", text(source)?],
        )
        .output()?)
}

/// Sources that are none.
fn sources(lab: &Lab, archive: &Path) -> Result<Vec<Row>> {
    let nothing = lab.fresh("not-there.mbox")?;
    let empty = lab.folder("empty-folder")?;
    let odd = lab.folder("odd-folder")?;
    fs::write(odd.join("picture.bin"), noise(4000))?;
    let binary = lab.fresh("binary.mbox")?;
    fs::write(&binary, noise(100_000))?;
    let mut rows = Vec::new();
    for (what, source, wanted) in [
        ("import of no such file", &nothing, &[66][..]),
        ("import of an empty folder", &empty, &[65, 66]),
        ("import of a folder that is nothing", &odd, &[65, 66]),
        ("import of a binary file", &binary, &[65]),
    ] {
        rows.push(verdict(what, &import(lab, archive, source)?, wanted));
    }
    let cut = truncated(lab)?;
    rows.push(verdict(
        "import of a truncated .gz",
        &import(lab, archive, &cut)?,
        &[65],
    ));
    let usage = lab.posthoc(archive, &["-q", "import"]).output()?;
    let status = usage.status.code().unwrap_or(-1);
    rows.push(row(
        "import of nothing",
        status.to_string(),
        "64",
        status == 64,
    ));
    Ok(rows)
}

fn noise(length: usize) -> Vec<u8> {
    let mut chance = Chance::new(4);
    (0..length)
        .map(|_| chance.below(256).to_le_bytes()[0])
        .collect()
}

/// A mailbox of made-up mail, compressed and cut in the middle.
fn truncated(lab: &Lab) -> Result<PathBuf> {
    let mut mbox = Vec::new();
    for number in 0..200 {
        mbox.extend_from_slice(b"From ada@skarv.example Mon Nov  3 10:00:00 2025\n");
        mbox.extend(made_up(number, "cut off"));
        mbox.push(b'\n');
    }
    let plain = lab.fresh("cut.mbox")?;
    fs::write(&plain, mbox)?;
    let packed = lab.fresh("cut.mbox.gz")?;
    let status = Command::new("gzip").arg(&plain).status()?;
    if !status.success() {
        bail!("gzip: {status}");
    }
    let bytes = fs::read(&packed)?;
    fs::write(&packed, &bytes[..bytes.len() / 2])?;
    // It is truncated only if gzip says so too.
    if unpack("gzip", &packed, &plain).is_ok() {
        bail!("the file is not truncated");
    }
    Ok(packed)
}

/// Archives that are none, are locked, or are of tomorrow.
fn archives(lab: &Lab, archive: &Path) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    let none = lab.fresh("no-archive")?;
    let output = lab.posthoc(&none, &["-q", "search", "harbour"]).output()?;
    rows.push(verdict("search where there is no archive", &output, &[66]));
    let foreign = lab.folder("foreign")?;
    fs::write(foreign.join("letter.txt"), "mine\n")?;
    let output = lab.posthoc(&foreign, &["-q", "init"]).output()?;
    rows.push(verdict("init in a folder with other files", &output, &[73]));
    let mbox = lab.fresh("one.mbox")?;
    let mail = [
        b"From ada@skarv.example Mon Nov  3 10:00:00 2025\n",
        &made_up(1, "locked")[..],
    ]
    .concat();
    fs::write(&mbox, mail)?;
    let holder = Holder::of(archive, 600)?;
    rows.push(verdict(
        "import into a locked archive",
        &import(lab, archive, &mbox)?,
        &[75],
    ));
    drop(holder);
    let newer = lab.fresh("newer-archive")?;
    lab.done(&newer, &["-q", "init"])?;
    let marker = newer.join("posthoc-archive");
    let before = fs::read_to_string(&marker)?;
    let after = later(&before).context("no number in the marker file")?;
    fs::write(&marker, after)?;
    let output = lab.posthoc(&newer, &["-q", "lists"]).output()?;
    rows.push(verdict("an archive of a newer format", &output, &[78]));
    Ok(rows)
}

/// The marker with its last number a thousand greater.
fn later(marker: &str) -> Option<String> {
    let end = marker.rfind(|c: char| c.is_ascii_digit())? + 1;
    let start = marker[..end]
        .rfind(|c: char| !c.is_ascii_digit())
        .map_or(0, |at| at + 1);
    let number: u64 = marker[start..end].parse().ok()?;
    Some(format!(
        "{}{}{}",
        &marker[..start],
        number + 1000,
        &marker[end..]
    ))
}

pub(super) fn deliver(lab: &Lab, archive: &Path, mail: &[u8]) -> Result<Output> {
    let mut child = lab
        .posthoc(archive, &["-q", "deliver", "--list", "town-hall"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    // It may have said no before it has read.
    let _ = child.stdin.take().context("no pipe")?.write_all(mail);
    Ok(child.wait_with_output()?)
}

fn deliver_nowhere(lab: &Lab) -> Result<Vec<Row>> {
    let none = lab.fresh("no-archive")?;
    let output = deliver(lab, &none, &made_up(1, "nowhere"))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(vec![
        verdict("deliver where there is no archive", &output, &[75]),
        row(
            "its standard output",
            said.trim(),
            "one line, 4.3.0 …",
            said.starts_with("4.3.0 ") && said.lines().count() == 1,
        ),
    ])
}
