//! Of every list of the corpora the pages that hold most of something, each on a phone.

use super::{PHONE, Site, screen};
use crate::prove::hostile::browser::Browser;
use crate::prove::lab::{Lab, remove};
use crate::prove::tree::files;
use crate::prove::{Row, mails, row};
use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::fs;

/// Mails that are taken of a list: all of every list but the longest.
const MOST: usize = 12_000;

/// What a page may have most of, and how much it has.
type Measure = (&'static str, fn(&str, &str) -> u64);

const MEASURES: [Measure; 8] = [
    ("mails in a thread", thread_mails),
    ("levels of answers", levels),
    ("columns of a table", columns),
    ("characters in a line of a frame", frame),
    ("characters in a word", word),
    ("characters in a subject", subject),
    ("files of a mail", attached),
    ("years before 2100", age),
];

/// Imports and publishes each list and looks at those of its pages.
pub(super) fn row_of_corpora(lab: &Lab, browser: &mut Browser) -> Result<Row> {
    let most = if lab.options.quick { 200 } else { MOST };
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(lab.corpora()?.join("lists"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        names.extend(name.split_once(".mbox.").map(|(name, _)| name.to_owned()));
    }
    screen(browser, PHONE, false)?;
    let (mut looked, mut wide) = (0, Vec::new());
    let mut records: Vec<(u64, String)> = vec![(0, String::new()); MEASURES.len()];
    for name in &names {
        let mailbox = lab.fresh("extremes.mbox")?;
        let pieces = mails::of_corpus(lab, name, most)?;
        let mailbox = mails::write(mailbox, pieces.iter())?;
        let site = Site::new(lab, "extremes", &[(name, &mailbox)])?;
        let own = records_of(&site)?;
        let pages: BTreeSet<&str> = own.iter().map(|(_, page)| page.as_str()).collect();
        for page in pages.into_iter().filter(|page| !page.is_empty()) {
            looked += 1;
            browser.go(&site.url(page))?;
            if browser.ask(&format!("document.documentElement.scrollWidth > {PHONE}"))? == true {
                wide.push(page.to_owned());
            }
        }
        for (record, own) in records.iter_mut().zip(own) {
            if own.0 > record.0 {
                *record = own;
            }
        }
        remove(&site.tree)?;
    }
    let told: Vec<String> = MEASURES
        .iter()
        .zip(&records)
        .map(|((what, _), (most, page))| format!("{most} {what} ({page})"))
        .collect();
    Ok(row(
        format!(
            "{looked} pages with most of something, of {} lists: wider than a phone; {}",
            names.len(),
            told.join(", ")
        ),
        match wide.is_empty() {
            true => "0".to_owned(),
            false => wide.join(" "),
        },
        "0",
        wide.is_empty() && looked > 0,
    ))
}

/// The most of each measure, and the page that has it.
fn records_of(site: &Site) -> Result<Vec<(u64, String)>> {
    let mut records = vec![(0, String::new()); MEASURES.len()];
    for (path, file) in files(&site.tree)? {
        let shows_mail = path.contains("/msg") || path.contains("/thread/");
        if !path.ends_with(".html") || !shows_mail {
            continue;
        }
        let html = fs::read_to_string(&file).with_context(|| path.clone())?;
        for ((_, measure), record) in MEASURES.iter().zip(&mut records) {
            let much = measure(&path, &html);
            if much > record.0 {
                *record = (much, path.clone());
            }
        }
    }
    Ok(records)
}

/// Pages of a thread hold a hundred mails each, but for the last.
fn thread_mails(path: &str, html: &str) -> u64 {
    if !path.contains("/thread/") {
        return 0;
    }
    let page = path
        .rsplit_once('-')
        .and_then(|(_, page)| page.strip_suffix(".html")?.parse().ok());
    (page.unwrap_or(1) - 1) * 100 + html.matches("<article").count() as u64
}

/// As those are told who hear the page.
fn levels(_: &str, html: &str) -> u64 {
    let told = html.split("class=\"lv\">").skip(1);
    let levels = told.filter_map(|rest| {
        let rest = rest.get(1..)?.strip_prefix("evel ")?;
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        rest[..end].parse().ok()
    });
    levels.max().unwrap_or(0)
}

fn columns(_: &str, html: &str) -> u64 {
    let rows = html.split("<tr").skip(1).map(|row| {
        let row = row.split("</tr>").next().unwrap_or_default();
        (row.matches("<td").count() + row.matches("<th").count()) as u64
    });
    rows.max().unwrap_or(0)
}

fn frame(_: &str, html: &str) -> u64 {
    let frames = html.split("<pre class=\"cols\"").skip(1);
    let frames = frames.filter_map(|rest| rest.split("</pre>").next());
    let lines = frames.flat_map(|frame| frame.lines().map(|line| line.chars().count() as u64));
    lines.max().unwrap_or(0)
}

/// Of what stands outside of tags.
fn word(_: &str, html: &str) -> u64 {
    let texts = html
        .split('<')
        .filter_map(|piece| Some(piece.split_once('>')?.1));
    let words = texts.flat_map(str::split_whitespace);
    words
        .map(|word| word.chars().count() as u64)
        .max()
        .unwrap_or(0)
}

fn subject(path: &str, html: &str) -> u64 {
    let heading = html
        .split_once("<h1")
        .and_then(|(_, rest)| rest.split_once("</h1>"));
    match path.contains("/msg") {
        true => heading.map_or(0, |(heading, _)| heading.chars().count() as u64),
        false => 0,
    }
}

fn attached(path: &str, html: &str) -> u64 {
    match path.contains("/msg") {
        true => html.matches("<figure class=\"file\"").count() as u64,
        false => 0,
    }
}

fn age(path: &str, html: &str) -> u64 {
    let date = html.split_once("<time class=\"postmark\" datetime=\"");
    let year = date.and_then(|(_, rest)| rest.get(..4)?.parse::<u64>().ok());
    match path.contains("/msg") {
        true => year.map_or(0, |year| 2_100_u64.saturating_sub(year)),
        false => 0,
    }
}
