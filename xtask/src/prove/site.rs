//! The static site and the live one are the same bytes; publishing is idempotent; what is derived can
//! be derived again.

use super::lab::{Lab, text};
use super::tree::{Server, differences, encoded, files, some, times};
use super::{Row, mails, row};
use anyhow::Result;
use std::path::{Path, PathBuf};

/// Small lists of many kinds; the head of a big one comes with them.
const LISTS: &[&str] = &[
    "aligilo-eo",
    "cuon-user-de",
    "hibiscus-devel-de",
    "jverein-de",
    "noteedit-devel",
    "reportasistent-cs",
    "spamassassin-hard-ham-1",
    "spamassassin-spam-1",
];

pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    let archive = archive(lab)?;
    let site = lab.fresh("site")?;
    lab.done(&archive, &["-q", "publish", text(&site)?])?;
    let mut rows = vec![twice(lab, &archive, &site)?];
    rows.push(live(lab, &archive, &site).unwrap_or_else(|error| {
        row(
            "published paths fetched live",
            format!("{error:#}"),
            "all equal",
            false,
        )
    }));
    rows.push(rebuilt(lab, &archive)?);
    rows.push(checked(lab, &archive)?);
    Ok(rows)
}

/// The lists, the big one in three instalments with a publish after each.
fn archive(lab: &Lab) -> Result<PathBuf> {
    let archive = lab.fresh("site-archive")?;
    let site = lab.fresh("site-grown")?;
    for list in LISTS {
        let mbox = lab.corpus(list)?;
        lab.done(&archive, &["-q", "import", "--public", text(&mbox)?])?;
    }
    let pieces = mails::of_corpus(
        lab,
        "linux-mips-60k",
        if lab.options.quick { 600 } else { 3000 },
    )?;
    for part in pieces.chunks(pieces.len().div_ceil(3)) {
        let mbox = mails::write(lab.fresh("linux-mips.mbox")?, part)?;
        lab.done(
            &archive,
            &[
                "-q",
                "import",
                "--public",
                "--list",
                "linux-mips",
                text(&mbox)?,
            ],
        )?;
        lab.done(&archive, &["-q", "publish", text(&site)?])?;
    }
    Ok(archive)
}

fn twice(lab: &Lab, archive: &Path, site: &Path) -> Result<Row> {
    let before = times(site)?;
    let again = lab.json(archive, &["publish", text(site)?])?;
    let full = lab.json(archive, &["publish", "--full", text(site)?])?;
    let after = times(site)?;
    let count =
        |report: &serde_json::Value| report["written"].as_array().map_or(usize::MAX, Vec::len);
    let touched = after
        .iter()
        .filter(|(name, time)| before.get(*name) != Some(time))
        .count();
    Ok(row(
        format!(
            "publishing {} files a second time, and with --full",
            before.len()
        ),
        format!(
            "{} and {} written, {touched} files touched",
            count(&again),
            count(&full)
        ),
        "0",
        touched == 0 && count(&again) == 0 && count(&full) == 0 && before.len() == after.len(),
    ))
}

fn live(lab: &Lab, archive: &Path, site: &Path) -> Result<Row> {
    // All downloads come from one address here, within a minute.
    let rates = "[serve]\ndownloads_per_minute = 100000\n";
    std::fs::write(archive.join("posthoc.toml"), rates)?;
    let mut server = Server::start(lab, archive)?;
    let files = files(site)?;
    let mut differ = Vec::new();
    let mut same = 0;
    for (path, file) in &files {
        // Rules for web servers are not pages, nor is what the page searches where no server does.
        if path.starts_with("_rules/") || path.contains("search/shards/") {
            continue;
        }
        let (status, body) = server.get(&encoded(path))?;
        let wanted = if path == "404.html" {
            vec![200, 404]
        } else {
            vec![200]
        };
        match wanted.contains(&status) && body == std::fs::read(file)? {
            true => same += 1,
            false => differ.push(format!("{path} ({status})")),
        }
    }
    Ok(row(
        "published paths fetched live",
        format!("{same} equal, {} not {}", differ.len(), some(&differ)),
        "all equal",
        differ.is_empty() && same > 0,
    ))
}

/// The site that grew with the archive against one that is made from what is derived again.
fn rebuilt(lab: &Lab, archive: &Path) -> Result<Row> {
    let grown = site_of(lab, "site-grown");
    lab.done(archive, &["-q", "rebuild"])?;
    let fresh = lab.fresh("site-rebuilt")?;
    lab.done(archive, &["-q", "publish", text(&fresh)?])?;
    let differ = differences(&grown, &fresh)?;
    Ok(row(
        "site after rebuild against the incremental one",
        format!(
            "{} files, {} differ {}",
            files(&fresh)?.len(),
            differ.len(),
            some(&differ)
        ),
        "0 differ",
        differ.is_empty(),
    ))
}

fn site_of(lab: &Lab, name: &str) -> PathBuf {
    lab.binary().with_file_name(name)
}

fn checked(lab: &Lab, archive: &Path) -> Result<Row> {
    let status = lab.posthoc(archive, &["-q", "check"]).output()?.status;
    Ok(row(
        "check afterwards",
        status.to_string(),
        "exit status: 0",
        status.success(),
    ))
}
