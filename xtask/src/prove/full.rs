//! Disks with no room, or no inodes, left: what each door answers, and that nothing that was promised is lost.
//!
//! 1. The archive's disk, with a server running: mails by LMTP and by `deliver`, until there is room again.
//! 2. The spool's disk alone: the journal takes mail all the same.
//! 3. The site's disk, with more and more room: pages are the old ones or the new ones, never half.

use super::disks::{Disk, fill};
use super::lab::{Lab, is_root, remove, text};
use super::lmtp::{Connection, id};
use super::lock::{Holder, ids};
use super::mails::made_up;
use super::tree::{Server, differences, files, same_file, some};
use super::wrong::{deliver, verdict};
use super::{Row, row, skipped};
use anyhow::{Context, Result, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    if !is_root() {
        return Ok(vec![skipped("full disks", "needs root to mount them")]);
    }
    let mut rows = Vec::new();
    for what in [Lack::Room, Lack::Inodes] {
        rows.extend(archive(lab, what)?);
        rows.extend(site(lab, what)?);
    }
    rows.extend(spool(lab)?);
    Ok(rows)
}

/// What a disk lacks.
#[derive(Clone, Copy)]
enum Lack {
    Room,
    Inodes,
}

impl Lack {
    fn name(self) -> &'static str {
        match self {
            Lack::Room => "no room",
            Lack::Inodes => "no inodes",
        }
    }

    fn disk(self, lab: &Lab, name: &str) -> Result<Disk> {
        let options = match self {
            Lack::Room => "size=24m",
            Lack::Inodes => "size=64m,nr_inodes=2000",
        };
        Disk::new(lab, name, options)
    }

    /// Takes all there is; in the folder `filler`, deleted when dropped.
    fn fill(self, disk: &Disk) -> Result<Filler> {
        let folder = disk.0.join("filler");
        fs::create_dir(&folder)?;
        let mut taken = Vec::new();
        match self {
            Lack::Room => {
                taken.push(folder.join("0"));
                fill(&taken[0])?;
            }
            Lack::Inodes => loop {
                let file = folder.join(taken.len().to_string());
                if fs::File::create_new(&file).is_err() {
                    break;
                }
                taken.push(file);
            },
        }
        Ok(Filler {
            lack: self,
            folder,
            taken,
        })
    }
}

/// What takes a disk's room.
struct Filler {
    lack: Lack,
    folder: PathBuf,
    taken: Vec<PathBuf>,
}

impl Filler {
    /// Gives some of it back: KiB, or inodes.
    fn leave(&mut self, count: usize) -> Result<()> {
        match self.lack {
            Lack::Room => {
                let file = fs::File::options().write(true).open(&self.taken[0])?;
                let length = file.metadata()?.len();
                file.set_len(length.saturating_sub(count as u64 * 1024))?;
            }
            Lack::Inodes => {
                let keep = self.taken.len().saturating_sub(count);
                for file in self.taken.drain(keep..) {
                    fs::remove_file(file)?;
                }
            }
        }
        Ok(())
    }
}

impl Drop for Filler {
    fn drop(&mut self) {
        let _ = remove(&self.folder);
    }
}

/// How the replies to mails by LMTP were.
#[derive(Default)]
struct Replies {
    /// Those that are promised.
    kept: BTreeSet<usize>,
    /// How often each other code came.
    others: BTreeMap<String, usize>,
}

impl Replies {
    fn offer(&mut self, socket: &Path, mails: std::ops::Range<usize>) -> Result<()> {
        let mut connection = Connection::open(socket)?;
        for number in mails {
            let (reply, _) = connection.offer(number)?;
            if reply.starts_with("250") {
                self.kept.insert(number);
            } else {
                let code = reply.get(..9).unwrap_or(&reply).to_owned();
                *self.others.entry(code).or_default() += 1;
            }
        }
        Ok(())
    }

    fn are_temporary(&self) -> bool {
        self.others.keys().all(|code| code.starts_with('4'))
    }
}

fn archive(lab: &Lab, lack: Lack) -> Result<Vec<Row>> {
    let disk = lack.disk(lab, "full-archive-disk")?;
    let archive = disk.0.join("archive");
    lab.town_hall_at(&archive)?;
    let socket = lmtp_at(lab, &archive)?;
    let mut server = Server::start(lab, &archive)?;
    let mut before = Replies::default();
    before.offer(&socket, 0..20)?;
    let filler = lack.fill(&disk)?;
    let mut full = Replies::default();
    full.offer(&socket, 20..220)?;
    let status = server.get("/")?.0;
    let name = lack.name();
    let mut rows = vec![row(
        format!("200 mails by LMTP, {name} left"),
        format!(
            "{} promised, others {:?}, pages answer {status}",
            full.kept.len(),
            full.others
        ),
        "250 or 4yz, pages answer 200",
        full.are_temporary() && status == 200,
    )];
    rows.push(verdict(
        &format!("deliver, {name} left"),
        &deliver(lab, &archive, &made_up(0, "full"))?,
        &[75],
    ));
    drop(filler);
    let mut after = Replies::default();
    after.offer(&socket, 220..240)?;
    let delivered = deliver(lab, &archive, &made_up(1, "room again"))?.status;
    drop(server);
    let there = ids(lab, &archive, "town-hall")?;
    let mut kept = before.kept;
    kept.extend(&full.kept);
    kept.extend(&after.kept);
    let lost = kept
        .iter()
        .filter(|number| there.get(&id(**number)) != Some(&1));
    let lost = lost.count();
    let check = lab.posthoc(&archive, &["-q", "check"]).output()?;
    let said = String::from_utf8_lossy(&check.stdout).trim().to_owned();
    rows.push(row(
        format!("when there is room again, after {name}"),
        format!(
            "{} of 20 by LMTP, deliver {delivered}, {lost} of {} promised mails lost, check {} {said}",
            after.kept.len(),
            kept.len(),
            check.status
        ),
        "20 of 20, deliver exit status: 0, none lost, clean",
        after.kept.len() == 20 && delivered.success() && lost == 0 && check.status.success(),
    ));
    Ok(rows)
}

/// A server's setting; the socket lies on another disk.
fn lmtp_at(lab: &Lab, archive: &Path) -> Result<PathBuf> {
    let socket = lab.folder("full-sockets")?.join("lmtp");
    let settings = format!("[serve]\nlmtp = \"unix:{}\"\n", text(&socket)?);
    fs::write(archive.join("posthoc.toml"), settings)?;
    Ok(socket)
}

fn spool(lab: &Lab) -> Result<Vec<Row>> {
    let archive = lab.town_hall("full-spool-archive")?;
    let disk = Disk::at(archive.join("incoming"), "size=128k")?;
    for folder in ["tmp", "new"] {
        fs::create_dir(disk.0.join(folder))?;
    }
    let socket = lmtp_at(lab, &archive)?;
    let _server = Server::start(lab, &archive)?;
    let filler = Lack::Room.fill(&disk)?;
    let mut rows = vec![verdict(
        "deliver, the spool alone full",
        &deliver(lab, &archive, &made_up(0, "full"))?,
        &[75],
    )];
    let mut free = Replies::default();
    free.offer(&socket, 0..20)?;
    let holder = Holder::of(&archive, 600)?;
    let mut held = Replies::default();
    held.offer(&socket, 20..25)?;
    rows.push(row(
        "LMTP, the spool alone full",
        format!(
            "{} of 20 promised; with the lock held {:?}",
            free.kept.len(),
            held.others
        ),
        "20 of 20; with the lock held 4yz",
        free.kept.len() == 20 && held.kept.is_empty() && held.are_temporary(),
    ));
    drop(filler);
    let mut after = Replies::default();
    after.offer(&socket, 25..30)?;
    let delivered = deliver(lab, &archive, &made_up(1, "room again"))?.status;
    drop(holder);
    let there = ids(lab, &archive, "town-hall")?;
    let kept = free.kept.iter().chain(&after.kept);
    let once = kept.filter(|number| there.get(&id(**number)) == Some(&1));
    let once = once.count();
    rows.push(row(
        "when the spool has room again",
        format!("deliver {delivered}, {once} of 25 mails by LMTP there once"),
        "deliver exit status: 0, 25 of 25",
        delivered.success() && once == 25,
    ));
    Ok(rows)
}

fn site(lab: &Lab, lack: Lack) -> Result<Vec<Row>> {
    let archive = lab.town_hall("full-site-archive")?;
    lab.done(
        &archive,
        &["-q", "list", "set", "town-hall", "visibility=public"],
    )?;
    import(lab, &archive, 0..300)?;
    let disk = lack.disk(lab, "full-site-disk")?;
    let site = disk.0.join("site");
    let publish = |out: &Path| -> Result<_> {
        Ok(lab
            .posthoc(&archive, &["-q", "publish", text(out)?])
            .output()?)
    };
    if !publish(&site)?.status.success() {
        bail!("the disk is too small for the site");
    }
    let old = lab.fresh("full-site-before")?;
    copy(&site, &old)?;
    import(lab, &archive, 300..400)?;
    let new = lab.fresh("full-site-after")?;
    if !publish(&new)?.status.success() {
        bail!("cannot publish elsewhere");
    }
    let (mut failed, mut half, mut rows) = (0, Vec::new(), Vec::new());
    // How many pages are new already, when it was not done.
    let mut further = 0;
    let mut filler = lack.fill(&disk)?;
    for step in 0..20 {
        filler.leave(if step == 0 { 0 } else { 1 << step })?;
        let output = publish(&site)?;
        if output.status.success() {
            break;
        }
        failed += 1;
        let state = State::of(&site, &old, &new)?;
        half.extend(state.half);
        further = further.max(state.new);
        let row = verdict(&format!("publish, {} left", lack.name()), &output, &[75]);
        if failed == 1 || !row.holds {
            rows.push(row);
        }
    }
    drop(filler);
    let done = publish(&site)?.status;
    let differ = differences(&site, &new)?;
    rows.push(row(
        format!("a site whose disk had {} left", lack.name()),
        format!(
            "{failed} times not done, up to {further} pages new, {} neither old nor new ({}); then {done}, \
             {} files other than anew",
            half.len(),
            some(&half),
            differ.len()
        ),
        "at least twice, some, 0; then exit status: 0, 0",
        failed >= 2 && further > 0 && half.is_empty() && done.success() && differ.is_empty(),
    ));
    Ok(rows)
}

/// How far a site is between two.
struct State {
    /// Pages that are those after, and were others before.
    new: usize,
    /// Files that are neither those before nor those after, and those before that are missing: they go when all
    /// else is new, so that no page links to nothing.
    half: Vec<String>,
}

impl State {
    fn of(site: &Path, old: &Path, new: &Path) -> Result<State> {
        let (now, old, new) = (files(site)?, files(old)?, files(new)?);
        let same = |path: &Path, other: Option<&PathBuf>| match other {
            Some(other) => same_file(path, other),
            None => Ok(false),
        };
        let mut is_all_new = true;
        for (name, path) in &new {
            is_all_new &= same(path, now.get(name))?;
        }
        let is_missing = |name: &&String| !now.contains_key(*name);
        let may_go = |name: &String| is_all_new && !new.contains_key(name);
        let missing = old.keys().filter(is_missing);
        let mut state = State {
            new: 0,
            half: missing.filter(|name| !may_go(name)).cloned().collect(),
        };
        for (name, path) in now {
            if same(&path, old.get(&name))? {
                continue;
            }
            match same(&path, new.get(&name))? {
                true => state.new += 1,
                false => state.half.push(name),
            }
        }
        Ok(state)
    }
}

fn import(lab: &Lab, archive: &Path, numbers: std::ops::Range<usize>) -> Result<()> {
    let mbox = lab.fresh("full.mbox")?;
    let mut bytes = Vec::new();
    for number in numbers {
        bytes.extend_from_slice(b"From ada@skarv.example Mon Nov  3 10:00:00 2025\n");
        bytes.extend(made_up(number, "berths of the harbour"));
        bytes.push(b'\n');
    }
    fs::write(&mbox, bytes)?;
    lab.done(
        archive,
        &["-q", "import", "--list", "town-hall", text(&mbox)?],
    )?;
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    let status = Command::new("cp").arg("-a").args([from, to]).status();
    match status.context("cp")?.success() {
        true => Ok(()),
        false => bail!("cp of {}", from.display()),
    }
}
