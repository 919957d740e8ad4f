//! The same mails given to notmuch and to public-inbox.

use super::super::lab::{Lab, text};
use super::super::mails::{Piece, bytes_below};
use super::{Other, laid_down, without_from_line};
use anyhow::{Context, Result, ensure};
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// `notmuch new` over a file for each mail.
pub(super) fn notmuch(lab: &Lab, pieces: &[Piece]) -> Result<Other> {
    let folder = laid_down(lab, pieces)?;
    let settings = lab.fresh("search-speed-notmuch.conf")?;
    let told = format!(
        "[database]\npath={}\n[new]\ntags=\n[user]\nname=a\nprimary_email=a@b.example\n",
        folder.display()
    );
    fs::write(&settings, told)?;
    let words = ["--config", text(&settings)?, "new", "--quiet"];
    let cost = lab.cost(Path::new("/usr/bin/notmuch"), &words)?;
    Ok(Other {
        cost,
        index: bytes_below(&folder.join(".notmuch"))?,
    })
}

/// `public-inbox-index`, with places of words as we have them, over a history of its second format. The
/// history is not timed.
pub(super) fn public_inbox(lab: &Lab, pieces: &[Piece]) -> Result<Other> {
    let inbox = lab.fresh("search-speed-inbox")?;
    let settings = lab.fresh("search-speed-inbox.conf")?;
    let set = format!("PI_CONFIG={}", text(&settings)?);
    let init = Command::new("env")
        .arg(&set)
        .args(["public-inbox-init", "-V2", "-L", "full", "inbox"])
        .arg(&inbox)
        .args(["http://skarv.example/", "town-hall@skarv.example"])
        .output()?;
    ensure!(init.status.success(), "public-inbox-init: {}", init.status);
    history(&inbox.join("git/0.git"), pieces)?;
    let words = [&set, "public-inbox-index", "-L", "full", text(&inbox)?];
    let cost = lab.cost(Path::new("/usr/bin/env"), &words)?;
    Ok(Other {
        cost,
        index: bytes_below(&inbox.join("xap15"))? + inbox.join("msgmap.sqlite3").metadata()?.len(),
    })
}

/// A commit for each mail, whose tree has the one file `m` (public-inbox-v2-format(5)). It takes a
/// Message-ID once.
fn history(git: &Path, pieces: &[Piece]) -> Result<()> {
    let mut child = Command::new("git")
        .arg("--git-dir")
        .arg(git)
        .args(["fast-import", "--quiet"])
        .stdin(Stdio::piped())
        .spawn()
        .context("cannot run git")?;
    let mut input = std::io::BufWriter::new(child.stdin.take().context("no pipe")?);
    let mut seen = BTreeSet::new();
    for (number, piece) in pieces.iter().enumerate() {
        if !seen.insert(id(piece)) {
            continue;
        }
        let mail = without_from_line(piece);
        let who = format!("A <a@b.example> {} +0000", 1_000_000_000 + number);
        write!(
            input,
            "commit refs/heads/master\nauthor {who}\ncommitter {who}\ndata 1\nm\n\
             M 100644 inline m\ndata {}\n",
            mail.len()
        )?;
        input.write_all(mail)?;
        input.write_all(b"\n")?;
    }
    input.flush()?;
    drop(input);
    let status = child.wait()?;
    ensure!(status.success(), "git fast-import: {status}");
    Ok(())
}

/// What stands in the line of the Message-ID; the whole mail where there is none.
fn id(piece: &[u8]) -> &[u8] {
    let mut head = piece.split(|byte| *byte == b'\n');
    head.by_ref()
        .take_while(|line| !line.is_empty())
        .find(|line| {
            line.get(..11)
                .is_some_and(|name| name.eq_ignore_ascii_case(b"message-id:"))
        })
        .unwrap_or(piece)
}
