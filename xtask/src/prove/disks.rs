//! Disks that are full or read-only, and folders of others: one clear line each.

use super::lab::{Lab, is_root, remove, text};
use super::mails::made_up;
use super::wrong::{deliver, import, verdict};
use super::{Row, row, skipped};
use anyhow::{Result, bail};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A small disk of our own, taken away when dropped.
pub(super) struct Disk(pub(super) PathBuf);

impl Disk {
    /// In a new folder of that name; `options` are tmpfs's.
    pub(super) fn new(lab: &Lab, name: &str, options: &str) -> Result<Disk> {
        Disk::at(lab.folder(name)?, options)
    }

    /// On a folder that is there.
    pub(super) fn at(folder: PathBuf, options: &str) -> Result<Disk> {
        let disk = Disk(folder);
        disk.mount(&["-t", "tmpfs", "-o", options, "tmpfs"])?;
        Ok(disk)
    }

    fn mount(&self, words: &[&str]) -> Result<()> {
        let status = Command::new("mount").args(words).arg(&self.0).status()?;
        if !status.success() {
            bail!("mount: {status}");
        }
        Ok(())
    }
}

impl Disk {
    /// Takes it away from a folder that stays.
    pub(super) fn unmount(self) -> Result<()> {
        let status = Command::new("umount").arg(&self.0).status()?;
        // What lies below was there before.
        std::mem::forget(self);
        if !status.success() {
            bail!("umount: {status}");
        }
        Ok(())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg(&self.0).status();
        if unmounted.is_ok_and(|status| status.success()) {
            let _ = remove(&self.0);
        }
    }
}

/// Disks that are full or read-only, and folders of others.
pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    if !is_root() {
        return Ok(vec![skipped(
            "full and read-only disks",
            "needs root to mount them",
        )]);
    }
    let mut rows = foreign_folder(lab)?;
    let disk = match Disk::new(lab, "small-disk", "size=12m") {
        Ok(disk) => disk,
        Err(error) => {
            rows.push(skipped("full and read-only disks", error));
            return Ok(rows);
        }
    };
    let archive = disk.0.join("archive");
    lab.town_hall_at(&archive)?;
    let accepted = deliver(lab, &archive, &made_up(0, "room"))?
        .status
        .success();
    rows.push(row(
        "deliver while there is room",
        accepted.to_string(),
        "true",
        accepted,
    ));
    let mbox = lab.corpus("bcm43xx-dev")?;
    rows.push(verdict(
        "import on a full disk",
        &import(lab, &archive, &mbox)?,
        &[75, 73],
    ));
    let filler = disk.0.join("filler");
    fill(&filler)?;
    rows.push(verdict(
        "deliver on a full disk",
        &deliver(lab, &archive, &made_up(1, "full"))?,
        &[75],
    ));
    let output = lab
        .posthoc(&archive, &["-q", "publish", text(&disk.0.join("site"))?])
        .output()?;
    rows.push(verdict("publish to a full disk", &output, &[75, 73]));
    remove(&filler)?;
    remove(&disk.0.join("site"))?;
    let check = lab.posthoc(&archive, &["-q", "check"]).output()?;
    let said = String::from_utf8_lossy(&check.stdout).trim().to_owned();
    rows.push(row(
        "check after the disk was full",
        format!("{} {said}", check.status),
        "exit status: 0",
        check.status.success(),
    ));
    disk.mount(&["-o", "remount,ro"])?;
    let small = lab.corpus("aligilo-eo")?;
    rows.push(verdict(
        "import on a read-only disk",
        &import(lab, &archive, &small)?,
        &[73],
    ));
    rows.push(verdict(
        "deliver on a read-only disk",
        &deliver(lab, &archive, &made_up(2, "ro"))?,
        &[75],
    ));
    let output = lab.posthoc(&archive, &["-q", "lists"]).output()?;
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    rows.push(row(
        "lists on a read-only disk",
        format!("{} {said}", output.status),
        "exit status: 0",
        output.status.success(),
    ));
    Ok(rows)
}

/// Writes until the disk has no room.
pub(super) fn fill(file: &Path) -> Result<()> {
    let mut out = fs::File::create(file)?;
    for size in [1 << 16, 1 << 10, 1] {
        while out.write_all(&vec![0; size]).is_ok() {}
    }
    Ok(())
}

/// What another user may not write to.
fn foreign_folder(lab: &Lab) -> Result<Vec<Row>> {
    let archive = lab.town_hall("roots-archive")?;
    let mbox = lab.corpus("aligilo-eo")?;
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid", "46203", "--regid", "46203", "--clear-groups"])
        .arg(lab.binary())
        .args([
            "-q",
            "-a",
            text(&archive)?,
            "import",
            "--list",
            "town-hall",
            text(&mbox)?,
        ]);
    lab.clean(&mut command);
    Ok(vec![verdict(
        "import into another user's archive",
        &command.output()?,
        &[77],
    )])
}
