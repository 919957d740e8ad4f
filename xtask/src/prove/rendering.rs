//! Making message pages, beside MHonArc, of mails of one kind: text, base64 files, HTML.
//!
//! On each side the clock runs over the whole program from start to end, on the same mailbox, with every
//! file that it writes. MHonArc's is one run that reads the mailbox and writes its archive. Ours is two:
//! `import --no-index` and `publish`, both counted; the word index is left out because MHonArc makes none.
//! We write more files than MHonArc (four indexes, threads, downloads), and all of them count.

use super::lab::{Cost, Lab, text};
use super::{Row, row, skipped};
use anyhow::Result;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// A kind of mail.
struct Kind {
    name: &'static str,
    /// How many times MHonArc's rate is wanted.
    wanted: f64,
    mails: usize,
    body: fn(&mut dyn Write, usize) -> std::io::Result<()>,
}

const KINDS: [Kind; 3] = [
    Kind {
        name: "text",
        wanted: 30.0,
        mails: 10_000,
        body: plain,
    },
    Kind {
        name: "base64 files",
        wanted: 10.0,
        mails: 1_000,
        body: file,
    },
    Kind {
        name: "HTML",
        wanted: 5.0,
        mails: 5_000,
        body: html,
    },
];

pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for kind in &KINDS {
        let mails = if lab.options.quick {
            kind.mails / 20
        } else {
            kind.mails
        };
        let mbox = write(lab, kind, mails)?;
        let archive = lab.fresh("rendering")?;
        let site = lab.fresh("rendering-site")?;
        let words = [
            "import",
            "--no-index",
            "--public",
            "--list",
            "town",
            text(&mbox)?,
        ];
        let import = lab.own_cost(&archive, &words)?;
        let publish = lab.own_cost(&archive, &["publish", text(&site)?])?;
        let out = lab.folder("rendering-mhonarc")?;
        let words = ["-quiet", "-outdir", text(&out)?, text(&mbox)?];
        rows.push(match lab.cost(Path::new("/usr/bin/mhonarc"), &words) {
            Ok(theirs) => compare(kind, mails, [import, publish], theirs),
            Err(error) => skipped(kind.name, format!("{error:#}")),
        });
    }
    Ok(rows)
}

fn compare(kind: &Kind, mails: usize, ours: [Cost; 2], theirs: Cost) -> Row {
    let seconds: f64 = ours.iter().map(|cost| cost.seconds).sum();
    let times = theirs.seconds / seconds;
    row(
        format!("{mails} mails of {}: times mhonarc's rate", kind.name),
        format!(
            "{times:.1} (import {:.2} s, publish {:.2} s; mhonarc {:.2} s)",
            ours[0].seconds, ours[1].seconds, theirs.seconds
        ),
        format!("at least {}", kind.wanted),
        times >= kind.wanted,
    )
}

/// Writes a mailbox of one kind, ten mails to a thread, a hundred to a day.
fn write(lab: &Lab, kind: &Kind, mails: usize) -> Result<PathBuf> {
    let path = lab.fresh("rendering.mbox")?;
    let mut out = BufWriter::new(File::create(&path)?);
    for n in 0..mails {
        let (day, minute) = (n / 100 % 28 + 1, n % 100 / 2);
        let month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun"][n / 2_800 % 6];
        writeln!(
            out,
            "From ada@example.org Sat Nov  1 10:00:00 2025\nFrom: Ada {} <ada{}@example.org>\n\
             To: town@lists.example.org\nSubject: Lamp {}\nMessage-ID: <{n}@example.org>\n\
             Date: {day:02} {month} 2025 10:{minute:02}:00 +0000\nMIME-Version: 1.0",
            n % 50,
            n % 50,
            n / 10
        )?;
        if !n.is_multiple_of(10) {
            writeln!(out, "In-Reply-To: <{}@example.org>", n - 1)?;
        }
        (kind.body)(&mut out, n)?;
        writeln!(out)?;
    }
    out.flush()?;
    Ok(path)
}

fn plain(out: &mut dyn Write, n: usize) -> std::io::Result<()> {
    writeln!(out, "Content-Type: text/plain; charset=utf-8\n")?;
    paragraphs(out, n, "> ", 8)?;
    paragraphs(out, n + 1, "", 25)
}

fn paragraphs(out: &mut dyn Write, n: usize, mark: &str, lines: usize) -> std::io::Result<()> {
    for line in 0..lines {
        writeln!(
            out,
            "{mark}The lamp of the pier was lit at {} on day {line}, see https://example.org/{n}/{line}.",
            n % 24
        )?;
    }
    Ok(())
}

fn file(out: &mut dyn Write, n: usize) -> std::io::Result<()> {
    writeln!(
        out,
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n"
    )?;
    paragraphs(out, n, "", 5)?;
    writeln!(
        out,
        "--b\nContent-Type: application/octet-stream; name=lamp{n}.bin\nContent-Transfer-Encoding: base64\n"
    )?;
    // 200 kB of base64 that is another in each mail.
    for line in 0..2_700 {
        let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let row: Vec<u8> = (0..72usize)
            .map(|at| digits[(at * 7 + line * 13 + n * 31 + at * line) % 64])
            .collect();
        out.write_all(&row)?;
        out.write_all(b"\n")?;
    }
    writeln!(out, "--b--")
}

fn html(out: &mut dyn Write, n: usize) -> std::io::Result<()> {
    writeln!(
        out,
        "Content-Type: text/html; charset=utf-8\n\n<html><head><style>p {{ color: red }}</style></head><body>"
    )?;
    for line in 0..30 {
        writeln!(
            out,
            "<p style=\"margin: 0\">The <b>lamp</b> of the <a href=\"https://example.org/{n}/{line}\">pier</a> \
             was <i>lit</i> at {}.</p>\n<table border=1><tr><td>{line}</td><td>{n} &amp; more</td></tr></table>",
            n % 24
        )?;
    }
    writeln!(out, "</body></html>")
}
