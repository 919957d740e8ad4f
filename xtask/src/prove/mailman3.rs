//! Mail through Debian's Mailman 3: its own runners with the plug-in of `contrib/mailman3/`, as the book says.
//!
//! 1. While no server runs, mail waits in the plug-in's queue; then runners are killed while more comes.
//! 2. Every mail is asked for at the address that Mailman put into it.
//! 3. A list that posthoc does not have: its mail is kept where a person finds it.
//! 4. The same by `deliver`, while the archive's lock is held.
//! 5. The disk of the plug-in's queue is full: the mail stays in Mailman's own, also when Mailman is ended.

use super::disks::Disk;
use super::lab::{Lab, is_root, text};
use super::lock::{Holder, ids};
use super::tree::Server;
use super::{Row, row, skipped};
use crate::run::root;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Debian's own Python, for which its packages are installed.
const PYTHON: &str = "/usr/bin/python3";
/// Where Debian's package has its programs.
const PROGRAMS: &str = "/usr/lib/mailman3/bin";
/// What stands before a page's path in `Archived-At`; the server listens elsewhere.
const BASE: &str = "https://lists.skarv.example";
/// How long queues may take until they are empty: they are tried every 15 seconds.
const PATIENCE: Duration = Duration::from_secs(120);

pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    if !Path::new(PROGRAMS).is_dir() {
        let why = "Debian's package mailman3 is needed";
        return Ok(vec![skipped("mails through Mailman 3", why)]);
    }
    let mut rows = by_lmtp(lab)?;
    rows.push(by_pipe(lab)?);
    rows.push(full_queue(lab)?);
    Ok(rows)
}

fn by_lmtp(lab: &Lab) -> Result<Vec<Row>> {
    let (half, kills) = if lab.options.quick {
        (30, 4)
    } else {
        (250, 20)
    };
    let archive = archive(lab, "mailman3-archive")?;
    let socket = archive.join("lmtp");
    let settings = format!("[serve]\nlmtp = \"unix:{}\"\n", text(&socket)?);
    let settings = format!("[site]\nurl = \"{BASE}\"\npermalink = \"mid\"\n{settings}");
    fs::write(archive.join("posthoc.toml"), settings)?;
    let mailman = Mailman::new(lab, &format!("lmtp = {}", text(&socket)?))?;
    let _pipeline = mailman.start("pipeline")?;
    let (mut keeper, mut post) = (mailman.start("archive")?, mailman.start("posthoc")?);
    mailman.post("town-hall", 0, half)?;
    mailman.until("the mails wait", || mailman.waiting(&["posthoc"]) == half)?;
    let kept = mailman.waiting(&["posthoc"]) == half && mailman.waiting(&["shunt", "bad"]) == 0;
    let mut rows = vec![row(
        format!("{half} mails while no server takes them"),
        format!("all in the queue, none elsewhere: {kept}"),
        "true",
        kept,
    )];
    let mut server = Server::start(lab, &archive)?;
    mailman.post("town-hall", half, half)?;
    for kill in 0..kills {
        std::thread::sleep(Duration::from_millis(2_000 + 137 * (kill % 7)));
        let word = if kill % 2 == 0 { "-KILL" } else { "-TERM" };
        post.end(word)?;
        keeper.end(word)?;
        keeper = mailman.start("archive")?;
        post = mailman.start("posthoc")?;
    }
    mailman.until("the queues are empty", || {
        mailman.waiting(&["pipeline", "archive", "posthoc"]) == 0
    })?;
    let there = ids(lab, &archive, "town-hall")?;
    rows.push(all_once(
        format!(
            "{} mails by LMTP, {kills} kills of Mailman's runners",
            2 * half
        ),
        &there,
        2 * half,
    ));
    rows.push(permalinks(lab, &archive, &mut server, &mailman, &there)?);
    rows.push(unknown_list(lab, &archive, &mailman)?);
    Ok(rows)
}

/// Every mail's page, at the address that Mailman put into the mail.
fn permalinks(
    lab: &Lab,
    archive: &Path,
    server: &mut Server,
    mailman: &Mailman,
    there: &BTreeMap<String, usize>,
) -> Result<Row> {
    let url = format!("http://{}", server.address()?);
    let (mut right, mut same) = (0, 0);
    for id in there.keys() {
        let mail = mailman.folder.join("mail.eml");
        let raw = lab
            .done(archive, &["-q", "show", "--raw", "--list", "town-hall", id])?
            .stdout;
        fs::write(&mail, &raw)?;
        let found = mailman.script(&["archived-at", text(&mail)?, BASE, &url])?;
        let said = lab.json(archive, &["url", "--list", "town-hall", id])?;
        let raw = String::from_utf8_lossy(&raw);
        let words = raw.lines().find(|line| line.starts_with("The harbour"));
        let words = words.context("not one of our mails")?.replace('\'', "");
        let page = found["page"].as_str().unwrap_or_default();
        let page = page
            .replace("&#39;", "")
            .replace("&#x27;", "")
            .replace('\'', "");
        right += usize::from(page.contains(&words));
        same += usize::from(found["address"] == said["url"]);
    }
    let all = there.len();
    Ok(row(
        "addresses in Archived-At",
        format!("{right} of {all} lead to their mail, {same} are what `posthoc url` says"),
        "all",
        all > 0 && right == all && same == all,
    ))
}

/// Mail for a list that is not there is shunted, and comes back by Mailman's own command.
fn unknown_list(lab: &Lab, archive: &Path, mailman: &Mailman) -> Result<Row> {
    mailman.post("council", 1_000, 3)?;
    mailman.until("the mails are shunted", || mailman.waiting(&["shunt"]) == 3)?;
    lab.done(archive, &["-q", "list", "add", "council"])?;
    done(
        mailman
            .command("mailman")
            .args(["--run-as-root", "unshunt"]),
    )?;
    mailman.until("the queues are empty", || {
        mailman.waiting(&["posthoc", "shunt"]) == 0
    })?;
    let there = ids(lab, archive, "council")?;
    Ok(all_once(
        "mails shunted for want of a list, then unshunted".to_owned(),
        &there,
        3,
    ))
}

fn by_pipe(lab: &Lab) -> Result<Row> {
    let mails = if lab.options.quick { 10 } else { 100 };
    let archive = archive(lab, "mailman3-pipe-archive")?;
    let (binary, folder) = (text(lab.binary())?, text(&archive)?);
    let command = format!("command = {binary} -q -a {folder} deliver --list {{list}}");
    let mailman = Mailman::new(lab, &command)?;
    let runners = ["pipeline", "archive", "posthoc"].map(|name| mailman.start(name));
    let holder = Holder::of(&archive, 600)?;
    mailman.post("town-hall", 0, mails)?;
    mailman.until("the queues are empty", || {
        mailman.waiting(&["pipeline", "archive", "posthoc"]) == 0
    })?;
    drop(holder);
    drop(runners);
    let there = ids(lab, &archive, "town-hall")?;
    Ok(all_once(
        format!("{mails} mails by `deliver`, the lock held"),
        &there,
        mails,
    ))
}

/// Mailman goes on without a mail whose archiver fails; ours must not let it.
fn full_queue(lab: &Lab) -> Result<Row> {
    const MAILS: usize = 2;
    let what = "mails while the plug-in's queue has no room, Mailman ended meanwhile";
    if !is_root() {
        return Ok(skipped(what, "needs root to mount a disk"));
    }
    let mailman = Mailman::new(lab, "lmtp = /nowhere/lmtp")?;
    mailman.post("town-hall", 0, MAILS)?;
    let disk = Disk::at(mailman.folder.join("var/queue/posthoc"), "nr_inodes=1")?;
    let pipeline = mailman.start("pipeline")?;
    let mut keeper = mailman.start("archive")?;
    let log = mailman.folder.join("var/logs/mailman.log");
    mailman.until("the queue is full", || {
        fs::read_to_string(&log).is_ok_and(|log| log.contains("posthoc: cannot keep"))
    })?;
    mailman.until("all mails have come", || {
        mailman.waiting(&["pipeline"]) == 0
    })?;
    drop(pipeline);
    keeper.end("-TERM")?;
    let kept = mailman.waiting(&["archive"]);
    disk.unmount()?;
    let _keeper = mailman.start("archive")?;
    mailman.until("the archive runner is done", || {
        mailman.waiting(&["archive"]) == 0
    })?;
    let queued = mailman.waiting(&["posthoc"]);
    Ok(row(
        format!("{MAILS} {what}"),
        format!("{kept} kept by Mailman, {queued} in the queue when there is room again"),
        "all of them",
        kept == MAILS && queued == MAILS,
    ))
}

fn all_once(what: String, there: &BTreeMap<String, usize>, mails: usize) -> Row {
    let once = there.values().filter(|times| **times == 1).count();
    row(
        what,
        format!("{once} there once, {} in all", there.len()),
        format!("{mails} there once"),
        once == mails && there.len() == mails,
    )
}

/// An archive whose mails' bytes can be seen, which `show` gives of a public list too.
fn archive(lab: &Lab, name: &str) -> Result<PathBuf> {
    let archive = lab.town_hall(name)?;
    lab.done(
        &archive,
        &["-q", "list", "set", "town-hall", "visibility=public"],
    )?;
    Ok(archive)
}

/// A Mailman in folders of its own.
struct Mailman {
    folder: PathBuf,
    config: PathBuf,
}

/// One of its runners; killed when dropped.
struct Runner(Child);

impl Runner {
    fn end(&mut self, signal: &str) -> Result<()> {
        done(Command::new("kill").args([signal, &self.0.id().to_string()]))?;
        self.0.wait()?;
        Ok(())
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Mailman {
    /// As the plug-in's README says; `door` is the line that says how posthoc gets mail.
    fn new(lab: &Lab, door: &str) -> Result<Mailman> {
        let folder = lab.folder("mailman3")?;
        let (config, plugin) = (folder.join("mailman.cfg"), folder.join("posthoc.cfg"));
        fs::write(
            &plugin,
            format!("[general]\n{door}\nbase_url = {BASE}/\npermalink = mid\n"),
        )?;
        fs::write(
            &config,
            format!(
                "[mailman]\nsite_owner: owner@skarv.example\nlayout: here\n\n[paths.here]\nvar_dir: {}\n\n\
                 [mta]\nincoming: mailman.mta.null.NullMTA\n\n[archiver.posthoc]\n\
                 class: posthoc_mailman.Archiver\nenable: yes\nconfiguration: {}\nclobber_date: never\n\n\
                 [runner.posthoc]\nclass: posthoc_mailman.Runner\n",
                text(&folder.join("var"))?,
                text(&plugin)?,
            ),
        )?;
        Ok(Mailman { folder, config })
    }

    fn command(&self, program: &str) -> Command {
        let mut command = match program {
            PYTHON => Command::new(PYTHON),
            other => Command::new(Path::new(PROGRAMS).join(other)),
        };
        command
            .env("PYTHONPATH", root().join("contrib/mailman3"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("MAILMAN_CONFIG_FILE", &self.config)
            .current_dir(&self.folder)
            .stdin(Stdio::null());
        command
    }

    fn start(&self, runner: &str) -> Result<Runner> {
        let child = self
            .command("runner")
            .args(["-r", runner])
            .stderr(Stdio::null())
            .spawn();
        Ok(Runner(child.context("Mailman's runner")?))
    }

    fn script(&self, words: &[&str]) -> Result<Value> {
        let mut command = self.command(PYTHON);
        command
            .arg(root().join("xtask/python/mailman3.py"))
            .arg(&self.config)
            .args(words);
        let out = done(&mut command)?;
        serde_json::from_slice(&out).context("mailman3.py: not JSON")
    }

    /// Mails for a list of Mailman's, which is made where it is not there.
    fn post(&self, list: &str, first: usize, mails: usize) -> Result<()> {
        let address = format!("{list}@lists.skarv.example");
        self.script(&["post", &address, &first.to_string(), &mails.to_string()])?;
        Ok(())
    }

    /// How many mails are in queues, also those in work. A killed runner may leave half a file, of a mail that is
    /// whole in the queue before.
    fn waiting(&self, queues: &[&str]) -> usize {
        let mail = |path: &Path| path.extension().is_some_and(|end| end != "tmp");
        let count = |queue: &&str| {
            let folder = self.folder.join("var/queue").join(queue);
            let files = fs::read_dir(folder).into_iter().flatten().flatten();
            files.filter(|file| mail(&file.path())).count()
        };
        queues.iter().map(count).sum()
    }

    fn until(&self, what: &str, holds: impl Fn() -> bool) -> Result<()> {
        let begin = Instant::now();
        while !holds() {
            if begin.elapsed() > PATIENCE {
                let log = fs::read_to_string(self.folder.join("var/logs/mailman.log"));
                bail!("Mailman: not seen that {what}: {}", log.unwrap_or_default());
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        Ok(())
    }
}

fn done(command: &mut Command) -> Result<Vec<u8>> {
    let out = command.output().with_context(|| format!("{command:?}"))?;
    if !out.status.success() {
        bail!("{command:?}: {}", String::from_utf8_lossy(&out.stderr));
    }
    Ok(out.stdout)
}
