//! A real Postfix on a loopback port that pipes its mails into `deliver`, or hands them over by LMTP, at a
//! socket and at a port, as the book's recipes say.

use super::lab::{Lab, is_root, text};
use super::lock::{Holder, ids};
use super::mails::made_up;
use super::tree::Server;
use super::{Row, row, skipped};
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// Who runs `deliver`: a user that Postfix's pipe takes, and that owns the archive.
const USER: &str = "nobody";

pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    let mut rows = by_pipe(lab)?;
    if is_root() {
        let socket = lab.folder("postfix-lmtp")?.join("lmtp");
        rows.push(by_lmtp(
            lab,
            "a socket",
            &format!("unix:{}", text(&socket)?),
        )?);
        let port = free_port()?;
        rows.push(by_lmtp(lab, "a port", &format!("127.0.0.1:{port}"))?);
    }
    Ok(rows)
}

/// Mails through Postfix's `lmtp:` transport to a server that takes them at that place.
fn by_lmtp(lab: &Lab, what: &str, place: &str) -> Result<Row> {
    let mails = how_many(lab);
    let archive = lab.town_hall("postfix-lmtp-archive")?;
    let settings = format!("[serve]\nlmtp = \"{place}\"\n");
    fs::write(archive.join("posthoc.toml"), settings)?;
    let server = Server::start(lab, &archive)?;
    let transport = match place.strip_prefix("unix:") {
        Some(socket) => {
            // The book has Postfix's user in the socket's group.
            done(Command::new("chgrp").args(["postfix", socket]))?;
            format!("lmtp:{place}")
        }
        // In Postfix's words: a host's address in brackets.
        None => format!(
            "lmtp:inet:{}",
            place.replacen("127.0.0.1", "[127.0.0.1]", 1)
        ),
    };
    let postfix = Postfix::start(lab, &archive, &transport)?;
    let begin = Instant::now();
    postfix.send(0..mails)?;
    postfix.wait_until_empty(Duration::from_secs(300))?;
    let seconds = begin.elapsed().as_secs_f64();
    drop(postfix);
    drop(server);
    let once = once(lab, &archive, mails)?;
    let check = lab.posthoc(&archive, &["-q", "check"]).output()?;
    let clean = check.status.success();
    Ok(row(
        format!("{mails} mails through Postfix's LMTP at {what}"),
        format!("{once} there once, check clean: {clean}, {seconds:.0} s"),
        format!("{mails} there once, clean"),
        once == mails && clean,
    ))
}

fn how_many(lab: &Lab) -> usize {
    if lab.options.quick { 60 } else { 500 }
}

/// How many of so many mails are in the list exactly once.
fn once(lab: &Lab, archive: &Path, mails: usize) -> Result<usize> {
    let there = ids(lab, archive, "town-hall")?;
    let sent = |number: usize| format!("through-postfix.{number}@skarv.example");
    let once = (0..mails).filter(|number| there.get(&sent(*number)) == Some(&1));
    Ok(once.count())
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn by_pipe(lab: &Lab) -> Result<Vec<Row>> {
    let what = "mails through Postfix's pipe, the lock held in the middle";
    if !is_root() {
        return Ok(vec![skipped(what, "Postfix is started by root only")]);
    }
    let mails = how_many(lab);
    let archive = lab.town_hall("postfix-archive")?;
    done(Command::new("chown").args(["-R", USER]).arg(&archive))?;
    let postfix = Postfix::start(lab, &archive, "posthoc:")?;
    let begin = Instant::now();
    postfix.send(0..mails / 3)?;
    let holder = Holder::of(&archive, 600)?;
    postfix.send(mails / 3..mails * 2 / 3)?;
    std::thread::sleep(Duration::from_secs(5));
    drop(holder);
    postfix.send(mails * 2 / 3..mails)?;
    postfix.wait_until_empty(Duration::from_secs(300))?;
    let seconds = begin.elapsed().as_secs_f64();
    let log = fs::read_to_string(&postfix.log).unwrap_or_default();
    drop(postfix);
    let once = once(lab, &archive, mails)?;
    let json = lab.json(
        &archive,
        &[
            "search",
            "--list",
            "town-hall",
            "--order",
            "oldest",
            "--limit",
            "1000",
            "postfix",
        ],
    )?;
    let ordered = in_order(&log, &json);
    Ok(vec![row(
        format!("{mails} {what}"),
        format!("{once} there once, in the order of delivery: {ordered}, {seconds:.0} s"),
        format!("{mails} there once, in order"),
        once == mails && ordered,
    )])
}

/// Whether mails have numbers in the order in which Postfix called `deliver`: it may change their order before
/// that, as `log` tells.
fn in_order(log: &str, hits: &serde_json::Value) -> bool {
    let mut numbers = BTreeMap::new();
    for hit in hits["hits"].as_array().into_iter().flatten() {
        let page = hit["url"].as_str().unwrap_or_default().rsplit('/').next();
        let digits: String = page
            .unwrap_or_default()
            .chars()
            .filter(char::is_ascii_digit)
            .collect();
        if let (Some(id), Ok(number)) = (hit["id"].as_str(), digits.parse::<u32>()) {
            numbers.insert(id, number);
        }
    }
    let mut ids = BTreeMap::new();
    let mut called = Vec::new();
    for line in log.lines() {
        let Some((_, rest)) = line.split_once("]: ") else {
            continue;
        };
        let (queue_id, rest) = rest.split_once(": ").unwrap_or_default();
        if let Some(id) = rest.strip_prefix("message-id=<") {
            ids.insert(queue_id, id.trim_end_matches('>'));
        } else if rest.contains("relay=posthoc") && rest.contains("status=sent") {
            called.extend(ids.get(queue_id).and_then(|id| numbers.get(id)).copied());
        }
    }
    called.len() == numbers.len() && !called.is_empty() && called.is_sorted()
}

struct Postfix {
    config: PathBuf,
    log: PathBuf,
    port: u16,
}

impl Postfix {
    /// Starts an instance of its own, in folders of its own, that hands all mail to a transport; `posthoc:` is
    /// the pipe.
    fn start(lab: &Lab, archive: &Path, transport: &str) -> Result<Postfix> {
        let folder = lab.fresh("postfix")?;
        let config = folder.join("etc");
        let (queue, data) = (folder.join("queue"), folder.join("data"));
        for made in [&config, &queue, &data] {
            fs::create_dir_all(made)?;
        }
        done(Command::new("chown").arg("postfix").arg(&data))?;
        let port = free_port()?;
        // The user of the pipe must reach the binary, which may lie in a closed folder.
        let binary = folder.join("posthoc");
        fs::copy(lab.binary(), &binary)?;
        for open in [&folder, &binary] {
            fs::set_permissions(open, fs::Permissions::from_mode(0o755))?;
        }
        fs::write(
            config.join("main.cf"),
            format!(
                "compatibility_level = 3.6\nqueue_directory = {}\ndata_directory = {}\n\
                 mail_owner = postfix\nsetgid_group = postdrop\ninet_interfaces = 127.0.0.1\n\
                 inet_protocols = ipv4\nmyhostname = mail.skarv.example\nmydestination =\n\
                 mynetworks = 127.0.0.0/8\nrelay_domains = skarv.example\n\
                 relay_transport = {transport}\nlocal_recipient_maps =\nalias_maps =\n\
                 posthoc_destination_recipient_limit = 1\n\
                 posthoc_destination_concurrency_limit = 1\nmaillog_file = {}\n\
                 maillog_file_prefixes = /\n",
                text(&queue)?,
                text(&data)?,
                text(&folder.join("log"))?,
            ),
        )?;
        fs::write(config.join("master.cf"), services(port, &binary, archive)?)?;
        let log = folder.join("log");
        let postfix = Postfix { config, log, port };
        postfix.tell("start")?;
        let begin = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if begin.elapsed() > Duration::from_secs(30) {
                bail!(
                    "Postfix does not answer; see {}",
                    folder.join("log").display()
                );
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(postfix)
    }

    fn tell(&self, word: &str) -> Result<()> {
        done(
            Command::new("postfix")
                .arg("-c")
                .arg(&self.config)
                .arg(word),
        )
        .context("Debian's package postfix is needed")
    }

    /// Hands mails over by SMTP, one after the other.
    fn send(&self, numbers: std::ops::Range<usize>) -> Result<()> {
        let mut out = TcpStream::connect(("127.0.0.1", self.port))?;
        let mut answers = BufReader::new(out.try_clone()?);
        expect(&mut answers, "220")?;
        out.write_all(b"HELO lab.skarv.example\r\n")?;
        expect(&mut answers, "250")?;
        for number in numbers {
            for line in [
                "MAIL FROM:<ada@skarv.example>",
                "RCPT TO:<town-hall@skarv.example>",
            ] {
                out.write_all(format!("{line}\r\n").as_bytes())?;
                expect(&mut answers, "250")?;
            }
            out.write_all(b"DATA\r\n")?;
            expect(&mut answers, "354")?;
            let mail = made_up(number, "through postfix");
            let mail = String::from_utf8_lossy(&mail).replace('\n', "\r\n");
            out.write_all(format!("{mail}\r\n.\r\n").as_bytes())?;
            expect(&mut answers, "250")?;
        }
        out.write_all(b"QUIT\r\n")?;
        Ok(())
    }

    fn wait_until_empty(&self, longest: Duration) -> Result<()> {
        let begin = Instant::now();
        loop {
            let said = Command::new("postqueue")
                .arg("-c")
                .arg(&self.config)
                .arg("-p")
                .output()?;
            if String::from_utf8_lossy(&said.stdout).contains("is empty") {
                return Ok(());
            }
            if begin.elapsed() > longest {
                bail!(
                    "mails are still in Postfix's queue: {}",
                    String::from_utf8_lossy(&said.stdout)
                );
            }
            std::thread::sleep(Duration::from_millis(500));
        }
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        let _ = self.tell("stop");
    }
}

fn services(port: u16, binary: &Path, archive: &Path) -> Result<String> {
    let mut text = format!("127.0.0.1:{port} inet n - n - - smtpd\n");
    for line in [
        "pickup unix n - n 60 1 pickup",
        "cleanup unix n - n - 0 cleanup",
        "qmgr unix n - n 300 1 qmgr",
        "rewrite unix - - n - - trivial-rewrite",
        "bounce unix - - n - 0 bounce",
        "defer unix - - n - 0 bounce",
        "trace unix - - n - 0 bounce",
        "flush unix n - n 1000? 0 flush",
        "showq unix n - n - - showq",
        "error unix - - n - - error",
        "retry unix - - n - - error",
        "proxymap unix - - n - - proxymap",
        "lmtp unix - - n - - lmtp",
        "anvil unix - - n - 1 anvil",
        "scache unix - - n - 1 scache",
        "postlog unix-dgram n - n - 1 postlogd",
    ] {
        text += line;
        text.push('\n');
    }
    let (binary, archive) = (super::lab::text(binary)?, super::lab::text(archive)?);
    text += &format!(
        "posthoc unix - n n - 1 pipe\n  flags= user={USER} argv={binary} -q -a {archive} deliver --list ${{user}}\n"
    );
    Ok(text)
}

fn expect(answers: &mut impl BufRead, code: &str) -> Result<()> {
    let mut line = String::new();
    loop {
        line.clear();
        answers.read_line(&mut line)?;
        if !line.starts_with(code) {
            bail!("Postfix said {line:?}");
        }
        if line.as_bytes().get(3) != Some(&b'-') {
            return Ok(());
        }
    }
}

fn done(command: &mut Command) -> Result<()> {
    let out = command.output().with_context(|| format!("{command:?}"))?;
    if !out.status.success() {
        bail!("{command:?}: {}", String::from_utf8_lossy(&out.stderr));
    }
    Ok(())
}
