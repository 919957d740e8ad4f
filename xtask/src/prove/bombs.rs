//! Mails made to cost much: each is taken in, given back and shown within a bound of time and memory,
//! and its bytes stay whole.
//!
//! Each bomb is a mailbox of one mail, written to a file. Three programs run on it, each measured from
//! its start to its end: `import`, `show --raw`, `show --html` (the mail's page). A mail over the largest
//! size that is taken in (256 MiB) is put aside whole instead, and given back by `export --as-imported`.

use super::lab::{Cost, Lab, text};
use super::{Row, row};
use anyhow::{Context, Result};
use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;

/// Seconds for a mail of no size.
const SECONDS: f64 = 1.0;
/// Bytes of mail for which one more second may pass.
const BYTES_PER_SECOND: f64 = 200e6;
/// kB of memory beside the mail's own size.
const KILOBYTES: u64 = 150_000;
/// The separator line before a mail.
const FROM: &[u8] = b"From mboxrd@z Thu Jan  1 00:00:00 1970\n";

type Writes = Box<dyn Fn(&mut dyn Write) -> std::io::Result<()>>;

/// A mail to be written: its header but for what all have, and its body.
struct Bomb {
    name: String,
    write: Writes,
}

fn bomb(
    name: impl Into<String>,
    write: impl Fn(&mut dyn Write) -> std::io::Result<()> + 'static,
) -> Bomb {
    Bomb {
        name: name.into(),
        write: Box::new(write),
    }
}

/// A mail whose body is one piece again and again.
fn of_pieces(name: String, header: &'static str, piece: &'static [u8], times: usize) -> Bomb {
    bomb(name, move |out| {
        out.write_all(header.as_bytes())?;
        out.write_all(b"\n")?;
        repeat(out, piece, times)
    })
}

fn repeat(out: &mut dyn Write, piece: &[u8], times: usize) -> std::io::Result<()> {
    let many = piece.repeat(1_000);
    for _ in 0..times / 1_000 {
        out.write_all(&many)?;
    }
    out.write_all(&piece.repeat(times % 1_000))
}

/// All bombs; `scale` divides the sizes.
fn bombs(scale: usize) -> Vec<Bomb> {
    let mut bombs = structures(scale);
    bombs.extend(headers(scale));
    bombs.extend(texts(scale));
    bombs.extend(encodings(scale));
    bombs
}

fn structures(scale: usize) -> Vec<Bomb> {
    let (deep, deeper, many) = (10_000 / scale, 50_000 / scale, 1_000_000 / scale);
    vec![
        bomb(format!("multiparts, {deep} deep"), move |out| {
            out.write_all(b"Content-Type: multipart/mixed; boundary=b0\n\n")?;
            for n in 0..deep {
                let inner = n + 1;
                writeln!(
                    out,
                    "--b{n}\nContent-Type: multipart/mixed; boundary=b{inner}\n"
                )?;
            }
            Ok(())
        }),
        bomb(format!("forwarded mails, {deeper} deep"), move |out| {
            repeat(out, b"Content-Type: message/rfc822\n\n", deeper)?;
            out.write_all(b"Subject: ground\n\nx\n")
        }),
        of_pieces(
            format!("{many} parts"),
            "Content-Type: multipart/mixed; boundary=b\n",
            b"--b\n\nx\n",
            many,
        ),
        of_pieces(
            format!("{many} files"),
            "Content-Type: multipart/mixed; boundary=b\n",
            b"--b\nContent-Type: image/png; name=a.png\n\nx\n",
            many,
        ),
    ]
}

fn headers(scale: usize) -> Vec<Bomb> {
    let bytes = 100_000_000 / scale;
    let field = |name: &str, start: &'static str, piece: &'static [u8], times: usize| {
        bomb(name.to_owned(), move |out| {
            out.write_all(start.as_bytes())?;
            repeat(out, piece, times)?;
            out.write_all(b"\n\nx\n")
        })
    };
    let words = 1_000_000 / scale;
    vec![
        field("a header of 100 MB, one field", "X-Long: ", b"y", bytes),
        field(
            "a header of 100 MB, one folded field",
            "Subject: ",
            b"word word word\n ",
            bytes / 16,
        ),
        field("a header of 100 MB, fields", "X: y", b"\nX-Y: z", bytes / 7),
        field(
            "a header of 100 MB, junk lines",
            "X: y",
            b"\njunk\nX: z",
            bytes / 10,
        ),
        field(
            "a million encoded words",
            "Subject: ",
            b"=?utf-8?Q?=C3=A9?=\n ",
            words,
        ),
        field("a million addresses", "To: ", b"a <a@b.example>,\n ", words),
        field(
            "a million references",
            "References: ",
            b"<a@b.example>\n ",
            words,
        ),
        field(
            "a million parameters",
            "Content-Type: text/plain",
            b";\n a=\"b",
            words,
        ),
    ]
}

/// Text that makes a careless expression try everything.
fn texts(scale: usize) -> Vec<Bomb> {
    let bytes = 20_000_000 / scale;
    let pieces: [(&str, &'static [u8]); 22] = [
        (">", b">"),
        ("> at line starts", b"> "),
        (
            "lines of >",
            b">>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>> x\n",
        ),
        ("(", b"("),
        ("[", b"["),
        ("<", b"<"),
        ("blanks", b" "),
        (
            "lines of blanks",
            b"                                        \n",
        ),
        ("tabs", b"\t"),
        ("empty lines", b"\n"),
        ("@", b"@"),
        ("a@", b"a@"),
        ("a@b.", b"a@b."),
        ("http://", b"http://"),
        ("http://a ", b"http://a "),
        ("www.", b"www."),
        ("dots", b"."),
        ("dashes", b"-"),
        ("signatures", b"-- \n"),
        ("patches", b"--- a\n+++ b\n@@ -1,9 +1,9 @@\n"),
        ("On … wrote:", b"On Mon, Ada wrote:\n> x\n"),
        ("<tag ", b"<a href=\"x"),
    ];
    let mut bombs = Vec::new();
    for (name, piece) in pieces {
        bombs.push(of_pieces(
            format!("text of {name}"),
            "Content-Type: text/plain\n",
            piece,
            bytes / piece.len(),
        ));
    }
    let html: [(&str, &'static [u8]); 7] = [
        ("<div>", b"<div>"),
        ("<b><i>", b"<b><i>"),
        ("table cells", b"<table><tr><td>x"),
        ("links", b"<a href=http://a.example>x</a> "),
        ("&amp;", b"&amp;"),
        ("<!--", b"<!--"),
        ("attributes", b"<p a=b c=d e=f "),
    ];
    for (name, piece) in html {
        bombs.push(of_pieces(
            format!("HTML of {name}"),
            "Content-Type: text/html\n",
            piece,
            bytes / piece.len(),
        ));
    }
    bombs
}

fn encodings(scale: usize) -> Vec<Bomb> {
    let many = 1_000_000 / scale;
    let line: &[u8] = b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5\n";
    let file =
        "Content-Type: application/octet-stream; name=a.bin\nContent-Transfer-Encoding: base64\n";
    vec![
        of_pieces(
            format!("{many} uuencoded files"),
            "",
            b"begin 644 x\n#0V%T\n`\nend\n",
            many,
        ),
        of_pieces(
            format!("{many} uuencode beginnings"),
            "",
            b"begin 644 x\n",
            many,
        ),
        of_pieces(
            format!("{many} yEnc files"),
            "",
            b"=ybegin line=1 size=1 name=x\nxx\n=yend size=1\n",
            many,
        ),
        of_pieces(
            format!("{many} BinHex beginnings"),
            "",
            b"(This file must be converted with BinHex\n:",
            many,
        ),
        bomb("TNEF: files without end", move |out| {
            out.write_all(b"Content-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22\x01\x00")?;
            let begins = b"\x02\x02\x90\x06\x00\x00\x00\x00\x00\x00\x00";
            let file = b"\x02\x10\x80\x01\x00\x02\x00\x00\x00x\x00\x78\x00";
            repeat(out, &[&begins[..], file].concat(), many)
        }),
        bomb("TNEF: packed text that says it is large", move |out| {
            let mut rtf = b"\0\0\0\0\xff\xff\xff\x7fLZFu\0\0\0\0".to_vec();
            rtf.extend(b"\xff\0\x1f\0\x1f\0\x1f\0\x1f\0\x1f\0\x1f\0\x1f\0\x1f".repeat(many));
            let mut about = b"\x01\0\0\0\x02\x01\x09\x10\x01\0\0\0".to_vec();
            about.extend((rtf.len() as u32).to_le_bytes());
            about.extend(&rtf);
            out.write_all(
                b"Content-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22\x01\0\x01\x03\x90\x06\0",
            )?;
            out.write_all(&(about.len() as u32).to_le_bytes())?;
            out.write_all(&about)
        }),
        of_pieces(
            "200 MB of base64".into(),
            file,
            line,
            200_000_000 / scale / line.len(),
        ),
        of_pieces(
            "1 GB of base64".into(),
            file,
            line,
            1_000_000_000 / scale / line.len(),
        ),
        of_pieces(
            "100 MB of quoted-printable text".into(),
            "Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n",
            b"=C3=A9=\n",
            100_000_000 / scale / 8,
        ),
    ]
}

pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    let scale = if lab.options.quick { 20 } else { 1 };
    let mut rows = Vec::new();
    for bomb in bombs(scale) {
        let measured = one(lab, &bomb);
        let found = measured.unwrap_or_else(|error| {
            row(bomb.name.clone(), format!("{error:#}"), "no error", false)
        });
        eprintln!(
            "  {}: {}, {}",
            found.what,
            found.value,
            if found.holds { "ok" } else { "FAILS" }
        );
        rows.push(found);
    }
    Ok(rows)
}

fn one(lab: &Lab, bomb: &Bomb) -> Result<Row> {
    let source = lab.fresh("bomb.mbox")?;
    let mut out = BufWriter::new(File::create(&source)?);
    out.write_all(FROM)?;
    out.write_all(b"From: Ada <ada@example.org>\nMessage-ID: <bomb@example.org>\nDate: Mon, 3 Nov 2025 10:00:00 +0000\n")?;
    (bomb.write)(&mut out)?;
    out.write_all(b"\n")?;
    out.into_inner().context("cannot write")?.sync_all()?;
    let size = fs::metadata(&source)?.len();
    let archive = lab.fresh("bomb")?;
    let words = ["import", "--list", "town", "--public", text(&source)?];
    let mut costs = vec![("import", lab.own_cost(&archive, &words)?)];
    let imports = lab.json(&archive, &["imports"])?;
    let aside = imports[0]["report"]["quarantined"] == 1;
    let raw = lab.fresh("raw")?;
    let whole = if aside {
        let id = imports[0]["id"].to_string();
        lab.done(
            &archive,
            &["-q", "export", "--as-imported", &id, text(&raw)?],
        )?;
        super::tree::same_file(&raw, &source)?
    } else {
        let mut show = lab.posthoc(&archive, &["-q", "show", "--raw", "bomb@example.org"]);
        show.stdout(File::create(&raw)?);
        let status = show.status()?;
        for (name, flag) in [("show", "--raw"), ("page", "--html")] {
            let words = ["show", flag, "bomb@example.org"];
            costs.push((name, lab.own_cost(&archive, &words)?));
        }
        status.success() && same_mail(&source, &raw)?
    };
    let kept = match (whole, aside) {
        (false, _) => "NOT WHOLE",
        (true, true) => "put aside whole",
        (true, false) => "whole",
    };
    Ok(judge(bomb, size, &costs, kept))
}

fn judge(bomb: &Bomb, size: u64, costs: &[(&str, Cost)], kept: &str) -> Row {
    let seconds = SECONDS + size as f64 / BYTES_PER_SECOND;
    let peak = KILOBYTES + size / 1_000;
    let told: Vec<String> = costs
        .iter()
        .map(|(name, cost)| format!("{name} {:.2} s {} MB", cost.seconds, cost.peak / 1_000))
        .collect();
    let within = |cost: &Cost| !cost.stopped && cost.seconds <= seconds && cost.peak <= peak;
    row(
        format!("{} ({:.1} MB)", bomb.name, size as f64 / 1e6),
        format!("{}; {kept}", told.join(", ")),
        format!("{seconds:.2} s, {} MB, whole", peak / 1_000),
        kept != "NOT WHOLE" && costs.iter().all(|(_, cost)| within(cost)),
    )
}

/// Whether a file holds the mail of a mailbox of one: without the separator and the last line end.
fn same_mail(mailbox: &Path, raw: &Path) -> Result<bool> {
    let length = fs::metadata(mailbox)?.len() - FROM.len() as u64 - 1;
    // Where a mail has no line end, the mailbox gives it one.
    let given = fs::metadata(raw)?.len();
    if given != length && given != length + 1 {
        return Ok(false);
    }
    let mut one = BufReader::new(File::open(mailbox)?);
    let mut separator = vec![0; FROM.len()];
    one.read_exact(&mut separator)?;
    let mut other = BufReader::new(File::open(raw)?);
    let (mut a, mut b) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let read = other.read(&mut b)?;
        if read == 0 {
            return Ok(true);
        }
        one.read_exact(&mut a[..read])?;
        if a[..read] != b[..read] {
            return Ok(false);
        }
    }
}
