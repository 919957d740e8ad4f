//! Mails of one kind at a time, read and made into pages, beside MHonArc on the same file in one run:
//! text, attached files in base64, HTML. Ours is `examples/rendering.rs` of posthoc-core: parsing, masking
//! and the page of each mail, on one core, without a store.

use super::lab::{Lab, text};
use super::mails::{self, Piece};
use super::{Row, row, skipped};
use crate::run::{example, read};
use anyhow::Result;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Mails of one kind, in all: a kind that has fewer comes several times, with ids of its own.
const MAILS: usize = 2_000;
/// Mails of each corpus that are looked at.
const LOOKED_AT: usize = 6_000;
/// A mail in base64 is at least so long, in bytes: a file, not a footer.
const FILE_BYTES: usize = 10_000;

/// A kind of mails, how many times mhonarc's rate it must have, and how it is known.
struct Kind {
    name: &'static str,
    times: f64,
    is: fn(&[u8]) -> bool,
}

const KINDS: &[Kind] = &[
    Kind {
        name: "text",
        times: 30.0,
        is: |mail| !has(mail, b"\nContent-Type: multipart") && !is_html(mail) && !has_base64(mail),
    },
    Kind {
        name: "files in base64",
        times: 10.0,
        is: |mail| {
            mail.len() >= FILE_BYTES && has(mail, b"\nContent-Type: multipart") && has_base64(mail)
        },
    },
    Kind {
        name: "HTML",
        times: 5.0,
        is: is_html,
    },
];

/// The rate of each kind.
pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    let program = example("posthoc-core", "rendering")?;
    let lists = lab.corpora()?.join("lists");
    let mut found: Vec<Vec<Piece>> = KINDS.iter().map(|_| Vec::new()).collect();
    let mut names: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(lists)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        names.extend(name.split_once(".mbox.").map(|(name, _)| name.to_owned()));
    }
    names.sort();
    for name in names {
        for mail in mails::of_corpus(lab, &name, LOOKED_AT)? {
            let kind = KINDS.iter().position(|kind| (kind.is)(&mail));
            if let Some(kind) = kind
                .map(|kind| &mut found[kind])
                .filter(|kind| kind.len() < MAILS)
            {
                kind.push(mail);
            }
        }
    }
    let most = if lab.options.quick { MAILS / 10 } else { MAILS };
    let mut rows = Vec::new();
    for (kind, mails) in KINDS.iter().zip(found) {
        rows.push(beside(lab, &program, kind, &mails, most)?);
    }
    Ok(rows)
}

fn beside(lab: &Lab, program: &Path, kind: &Kind, found: &[Piece], most: usize) -> Result<Row> {
    let rounds = most.div_ceil(found.len().max(1));
    let all: Vec<Piece> = (0..rounds)
        .flat_map(|round| found.iter().map(move |mail| renamed(mail, round)))
        .take(most)
        .collect();
    let what = format!(
        "{} mails of {} ({} different)",
        all.len(),
        kind.name,
        found.len()
    );
    let mbox = mails::write(lab.fresh("kind.mbox")?, &all)?;
    let (count, ours, bytes) = rendered(lab, program, &all)?;
    let out = lab.folder("kind-mhonarc")?;
    let words = ["-quiet", "-outdir", text(&out)?, text(&mbox)?];
    let theirs = match lab.cost(Path::new("/usr/bin/mhonarc"), &words) {
        Ok(cost) => cost,
        Err(error) => return Ok(skipped(what, format!("{error:#}"))),
    };
    let times = theirs.seconds / ours;
    Ok(row(
        format!("{what}: times mhonarc's rate"),
        format!(
            "{times:.1} (mhonarc {:.1} s; ours {ours:.2} s, {:.0} mails/s, {:.1} MB of pages)",
            theirs.seconds,
            count as f64 / ours,
            bytes as f64 / 1e6
        ),
        format!("at least {}", kind.times),
        times >= kind.times,
    ))
}

/// Mails, seconds and bytes of reading the mails and making a page of each.
fn rendered(lab: &Lab, program: &Path, mails: &[Piece]) -> Result<(u64, f64, u64)> {
    let input = lab.fresh("kind-framed")?;
    let mut framed = Vec::new();
    for mail in mails {
        framed.extend(format!("{}\n", mail.len()).into_bytes());
        framed.extend_from_slice(mail);
    }
    fs::write(&input, framed)?;
    let told = read(Command::new(program).stdin(fs::File::open(&input)?))?;
    Ok(serde_json::from_str(&told)?)
}

/// The mail with an id of its own.
fn renamed(mail: &[u8], round: usize) -> Piece {
    const ID: &[u8] = b"\nMessage-I";
    let mut renamed = mail.to_vec();
    let at = position(mail, ID).and_then(|at| Some(at + position(&mail[at..], b"<")? + 1));
    if let Some(at) = at.filter(|_| round > 0) {
        renamed.splice(at..at, format!("round-{round}.").into_bytes());
    }
    renamed
}

/// Whether the mail itself is HTML, by the type in its header.
fn is_html(mail: &[u8]) -> bool {
    let header = position(mail, b"\n\n").unwrap_or(mail.len());
    has(&mail[..header], b"\nContent-Type: text/html")
}

fn has_base64(mail: &[u8]) -> bool {
    has(mail, b"\nContent-Transfer-Encoding: base64")
}

fn has(text: &[u8], words: &[u8]) -> bool {
    position(text, words).is_some()
}

/// Where the words stand, in whatever case.
fn position(text: &[u8], words: &[u8]) -> Option<usize> {
    text.windows(words.len())
        .position(|piece| piece.eq_ignore_ascii_case(words))
}
