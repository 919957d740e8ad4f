//! Real lists, cut where a busy stretch begins: what was there before, and what arrives, each at its time.

use super::super::lab::{Lab, remove, text};
use super::super::mails::{self, Piece};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Corpora with whole headers, and how busy they are in their busiest month: about 950, 480 and 250 mails.
const LISTS: [&str; 3] = ["linux-mips-60k", "blinux-list", "usrp-users-slice"];
/// Bytes of a mail in which its header fields are looked for.
const HEAD: usize = 20_000;
/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;
/// How long each list's stretch is, days; and in a quick run, which takes less of what was before, too.
const DAYS: i64 = 30;
const DAYS_OF_QUICK: i64 = 2;
const BEFORE_OF_QUICK: usize = 300;

/// A list as it is when the stretch begins, and what arrives in it.
pub(super) struct List {
    pub(super) name: &'static str,
    /// A mailbox of the mails before; and how many they are.
    pub(super) before: PathBuf,
    pub(super) old: usize,
    /// In the order of their dates.
    pub(super) late: Vec<Late>,
}

/// A mail that arrives.
pub(super) struct Late {
    /// Its Message-ID, which no other mail of the list has.
    pub(super) id: String,
    /// When it arrives, since the beginning.
    pub(super) at: Duration,
    /// Without a From_ line.
    pub(super) mail: Vec<u8>,
}

/// How many days of each list are replayed.
pub(super) fn days(lab: &Lab) -> i64 {
    match lab.options.quick {
        true => DAYS_OF_QUICK,
        false => DAYS,
    }
}

/// The lists, with so many days of each within that time: what lay hours apart lies as many parts of it apart.
pub(super) fn lists(lab: &Lab, long: Duration) -> Result<Vec<List>> {
    LISTS.iter().map(|name| list(lab, name, long)).collect()
}

fn list(lab: &Lab, name: &'static str, long: Duration) -> Result<List> {
    let pieces = mails::of_corpus(lab, name, usize::MAX)?;
    let dates = dates(lab, name, &pieces)?;
    let dated: Vec<Option<(String, i64)>> =
        pieces.iter().map(|piece| dated(piece, &dates)).collect();
    let days = days(lab);
    let from = busiest(
        dated.iter().flatten().map(|(_, date)| *date).collect(),
        days * DAY,
    );
    let to = from + days * DAY;
    let (mut before, mut late) = (Vec::new(), Vec::new());
    for (piece, dated) in pieces.into_iter().zip(dated) {
        match dated {
            Some((id, date)) if (from..to).contains(&date) => {
                let at = long.mul_f64((date - from) as f64 / (to - from) as f64);
                let mail = without_from_line(piece);
                late.push(Late { id, at, mail });
            }
            Some((_, date)) if date < from => before.push(piece),
            _ => {}
        }
    }
    if lab.options.quick {
        before.drain(..before.len().saturating_sub(BEFORE_OF_QUICK));
    }
    late.sort_by_key(|late| late.at);
    ensure!(!late.is_empty(), "no mail of {name} has a date");
    Ok(List {
        name,
        old: before.len(),
        before: mails::write(lab.fresh(&format!("day-{name}.mbox"))?, &before)?,
        late,
    })
}

/// Dates of a list's mails as posthoc reads them, seconds since 1970; none of mails with an id that is there twice.
fn dates(lab: &Lab, name: &str, pieces: &[Piece]) -> Result<BTreeMap<String, i64>> {
    let mbox = mails::write(lab.fresh("day-all.mbox")?, pieces)?;
    let (archive, out) = (lab.fresh("day-dates")?, lab.fresh("day-jsonl")?);
    let words = ["-q", "import", "--no-index", "--list", name, text(&mbox)?];
    lab.done(&archive, &words)?;
    lab.done(
        &archive,
        &["-q", "export", "--format", "jsonl", text(&out)?],
    )?;
    let lines = fs::read_to_string(out.join(format!("{name}.jsonl")))?;
    let mut dates = BTreeMap::new();
    let mut twice = Vec::new();
    for line in lines.lines() {
        let mail: Value = serde_json::from_str(line)?;
        let (Some(id), Some(date)) = (mail["id"].as_str(), mail["date"].as_str()) else {
            continue;
        };
        if dates.insert(id.to_owned(), seconds(date)?).is_some() {
            twice.push(id.to_owned());
        }
    }
    for id in twice {
        dates.remove(&id);
    }
    for path in [mbox, archive, out] {
        remove(&path)?;
    }
    Ok(dates)
}

/// Seconds since 1970 of a time as JSON has it, `2006-12-21T19:31:56Z`.
fn seconds(date: &str) -> Result<i64> {
    let parts: Vec<i64> = date
        .split(|sign: char| !sign.is_ascii_digit())
        .filter_map(|part| part.parse().ok())
        .collect();
    let [year, month, day, hour, minute, second, ..] = parts[..] else {
        anyhow::bail!("no date: {date}");
    };
    // Days of the years and months before, a year beginning with March.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leap = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let days = 365 * year + leap + (153 * month + 2) / 5 + day - 1 - 719_468;
    Ok(((days * 24 + hour) * 60 + minute) * 60 + second)
}

/// Message-ID and date of a mail whose date is known.
fn dated(piece: &[u8], dates: &BTreeMap<String, i64>) -> Option<(String, i64)> {
    let id = field(piece, "message-id:")?;
    let id = id.trim_start_matches('<').trim_end_matches('>');
    Some((id.to_owned(), *dates.get(id)?))
}

/// What the first line of a header field says; its name in small letters, with the colon.
fn field(mail: &[u8], name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(&mail[..mail.len().min(HEAD)]);
    let mut lines = text.lines().take_while(|line| !line.is_empty());
    let value = lines.find_map(|line| {
        let begins = line.get(..name.len())?.eq_ignore_ascii_case(name);
        begins.then(|| line[name.len()..].trim().to_owned())
    });
    value.filter(|value| !value.is_empty())
}

/// Where the stretch of that length begins that has most of the dates.
fn busiest(mut dates: Vec<i64>, long: i64) -> i64 {
    dates.sort_unstable();
    let within = |from: i64| dates.partition_point(|date| *date < from + long);
    let begins = dates.iter().enumerate();
    let best = begins.max_by_key(|(at, from)| within(**from) - at);
    best.map_or(0, |(_, from)| *from)
}

fn without_from_line(piece: Piece) -> Vec<u8> {
    let end = piece.iter().position(|byte| *byte == b'\n');
    match end.filter(|_| piece.starts_with(b"From ")) {
        Some(end) => piece[end + 1..].to_vec(),
        None => piece,
    }
}

/// Message-IDs of mails that the rules at the door keep out of the list, although they are taken.
pub(super) fn kept_out(lab: &Lab, archive: &Path, lists: &[List]) -> Result<BTreeSet<String>> {
    let held = lab.json(archive, &["quarantine"])?;
    let held = held.as_array().context("quarantine: no list")?;
    let mut kept_out = BTreeSet::new();
    for one in held {
        let number = one["id"].to_string();
        let words = ["-q", "quarantine", "show", number.trim_matches('"')];
        let mail = lab.done(archive, &words)?.stdout;
        let id = field(&mail, "message-id:").unwrap_or_default();
        kept_out.insert(id.trim_start_matches('<').trim_end_matches('>').to_owned());
    }
    for late in lists.iter().flat_map(|list| &list.late) {
        let asked = field(&late.mail, "x-no-archive:");
        if asked.is_some_and(|value| value.eq_ignore_ascii_case("yes")) {
            kept_out.insert(late.id.clone());
        }
    }
    Ok(kept_out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_counted() {
        for (text, wanted) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-03-01T00:00:01Z", 951_868_801),
            ("2006-12-21T19:31:56Z", 1_166_729_516),
            ("1969-12-31T23:59:59Z", -1),
        ] {
            assert_eq!(seconds(text).unwrap(), wanted);
        }
    }

    #[test]
    fn the_busiest_stretch_is_found() {
        assert_eq!(busiest(vec![0, 50, 51, 52, 90, 200], 10), 50);
        assert_eq!(busiest(Vec::new(), 10), 0);
    }
}
