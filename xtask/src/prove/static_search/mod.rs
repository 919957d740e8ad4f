//! Search on a plain file server, in headless Chromium.
//!
//! 1. Own lists, and mails with odd words ([`queries`]): every kind of query is asked of the static
//!    pages, of the site from a file server under a path and of a list from a disk, and of the archive:
//!    the same mails, and the same one first. Forms of words are off, for pages have none.
//! 2. Hosts as they are: names in any letter case; files kept for a day, while a mail comes and another
//!    is removed; no search files at all.
//! 3. A hundred lists, of which only those that have the words may be looked into.
//! 4. linux-mips whole: what a query loads, how long it takes, what the files take, what publishing
//!    them costs, and the same first mail as the live search.

mod page;
mod queries;

use super::hostile::browser::Browser;
use super::hostile::files::{Manner, serve_as};
use super::lab::{Lab, text};
use super::mails;
use super::tree::files;
use super::{Row, judged, row};
use crate::run::root;
use anyhow::{Context, Result, bail};
use page::{Answered, ask};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the site stands on its host.
const PREFIX: &str = "some/Where";
/// Hits on a page.
const PER_PAGE: usize = 25;

/// The full figure.
pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    let mut browser = Browser::start(&lab.fresh("profile")?)?;
    let mut rows = small(lab, &mut browser)?;
    rows.push(hundred(lab, &mut browser)?);
    rows.extend(large(lab, &mut browser)?);
    Ok(rows)
}

/// The own lists, with the debug binary.
pub(crate) fn slice() -> Result<()> {
    let lab = Lab::of_slice()?;
    let mut browser = Browser::start(&lab.fresh("profile")?)?;
    let rows = small(&lab, &mut browser)?;
    judged(&rows, "the static search answers otherwise than it should")
}

/// A published archive.
struct Site {
    archive: PathBuf,
    /// What the host serves; the site stands below it.
    host: PathBuf,
    tree: PathBuf,
}

impl Site {
    fn new(lab: &Lab, name: &str) -> Result<Site> {
        let host = lab.folder(&format!("{name}-host"))?;
        Ok(Site {
            archive: lab.fresh(&format!("{name}-archive"))?,
            tree: host.join(PREFIX),
            host,
        })
    }

    fn import(&self, lab: &Lab, list: &str, mbox: &Path) -> Result<()> {
        let words = ["-q", "import", "--public", "--list", list, text(mbox)?];
        lab.done(&self.archive, &words).map(drop)
    }

    /// Takes the archive's stems away: a page without a server finds words as they are typed.
    fn without_forms(&self) -> Result<()> {
        Ok(fs::write(
            self.archive.join("posthoc.toml"),
            "[defaults]\nstems = []\n",
        )?)
    }

    fn publish(&self, lab: &Lab, more: &[&str]) -> Result<()> {
        fs::create_dir_all(self.host.join(PREFIX).join(".."))?;
        let words = [&["-q", "publish", text(&self.tree)?], more].concat();
        lab.done(&self.archive, &words).map(drop)
    }

    /// Its root on a host of that manner.
    fn serve(&self, manner: Manner) -> Result<String> {
        Ok(format!(
            "http://{}/{PREFIX}/",
            serve_as(&self.host, manner)?
        ))
    }

    /// Its root on the disk.
    fn on_disk(&self) -> String {
        format!("file://{}/", self.tree.display())
    }

    /// What the archive itself answers: how many mails, and the paths of the first ones with their
    /// scores; or why it does not.
    fn live(&self, lab: &Lab, list: Option<&str>, query: &str) -> Result<Live> {
        let mut words = vec!["-q", "--json", "search", "--limit", "1000"];
        words.extend(list.into_iter().flat_map(|list| ["--list", list]));
        words.extend(["--", query]);
        let output = lab.posthoc(&self.archive, &words).output()?;
        let Ok(answer) = serde_json::from_slice::<Value>(&output.stdout) else {
            return Ok(Live::Refused);
        };
        let hits = answer["hits"].as_array().into_iter().flatten();
        Ok(Live::Found {
            total: answer["total"].as_u64().context("no total")?,
            hits: hits
                .map(|hit| {
                    let url = hit["url"].as_str().unwrap_or_default();
                    let score = hit["score"].as_f64().unwrap_or_default();
                    (url.trim_start_matches('/').to_owned(), score)
                })
                .collect(),
        })
    }
}

enum Live {
    Refused,
    Found {
        total: u64,
        hits: Vec<(String, f64)>,
    },
}

/// The page of a list's search, or the whole site's.
fn page_of(list: Option<&str>) -> String {
    match list {
        Some(list) => format!("{list}/search/index.html"),
        None => "search/index.html".to_owned(),
    }
}

fn small(lab: &Lab, browser: &mut Browser) -> Result<Vec<Row>> {
    let site = Site::new(lab, "small")?;
    let lists = root().join("corpus/lists");
    site.import(lab, "town-hall", &lists.join("town-hall.mbox"))?;
    site.import(lab, "keepers", &lists.join("lighthouse-keepers.mbox"))?;
    let odd = lab.fresh("odd.mbox")?;
    fs::write(&odd, queries::odd())?;
    site.import(lab, "odd", &odd)?;
    site.without_forms()?;
    site.publish(lab, &[])?;
    let root = site.serve(Manner::default())?;
    let mut rows = vec![
        equal(lab, browser, &site, &root, None, "the whole site")?,
        equal(
            lab,
            browser,
            &site,
            &site.on_disk(),
            Some("odd"),
            "one list, from a disk",
        )?,
    ];
    rows.push(any_case(browser, &site)?);
    rows.extend(changing(lab, browser, &site)?);
    Ok(rows)
}

/// Every query, asked of the page and of the archive.
fn equal(
    lab: &Lab,
    browser: &mut Browser,
    site: &Site,
    root: &str,
    list: Option<&str>,
    what: &str,
) -> Result<Row> {
    let mut differ = Vec::new();
    for query in queries::OWN {
        let answered = ask(browser, root, &page_of(list), query)?;
        let live = site.live(lab, list, query)?;
        if let Some(why) = difference(&answered, &live, list) {
            eprintln!("{what}: {query}: {why}; {:?}", answered.errors);
            differ.push((*query).to_owned());
        }
    }
    Ok(row(
        format!(
            "{} queries to {what}: same mails as the archive finds",
            queries::OWN.len()
        ),
        format!("{} differ {differ:?}", differ.len()),
        "0 differ",
        differ.is_empty(),
    ))
}

/// How a page's answer is another than the archive's.
fn difference(answered: &Answered, live: &Live, list: Option<&str>) -> Option<String> {
    if !answered.errors.is_empty() {
        return Some("the browser complains".to_owned());
    }
    let (total, hits) = match live {
        Live::Refused => {
            return answered
                .total()
                .map(|total| format!("{total} mails, and the archive refuses it"));
        }
        Live::Found { total, hits } => (*total, hits),
    };
    if answered.total() != Some(total) {
        return Some(format!("{} instead of {total}", answered.said));
    }
    let paths: Vec<String> = answered.links.iter().map(|link| path(link, list)).collect();
    let shown: BTreeSet<&str> = paths.iter().map(String::as_str).collect();
    if shown.len() != (total as usize).min(PER_PAGE) {
        return Some(format!("{} of {total} shown", shown.len()));
    }
    let found: BTreeSet<&str> = hits.iter().map(|(path, _)| path.as_str()).collect();
    if !shown.is_subset(&found) {
        return Some(format!("{shown:?} instead of {found:?}"));
    }
    // Of mails that answer equally well the archive may name another first.
    let near = |score: f64| hits.first().is_some_and(|(_, best)| score >= best * 0.97);
    let score = |path: &String| {
        hits.iter()
            .find(|(hit, _)| hit == path)
            .map(|(_, score)| *score)
    };
    match paths.first() {
        Some(first) if !score(first).is_some_and(near) => Some(format!(
            "{first} first, with {:?}, instead of {:?}",
            score(first),
            hits.first()
        )),
        _ => None,
    }
}

/// A hit's path on the site, from its link on a search page.
fn path(link: &str, list: Option<&str>) -> String {
    let link = link.trim_start_matches("../");
    list.map_or_else(|| link.to_owned(), |list| format!("{list}/{link}"))
}

/// On a host that knows no letter case, reached by other letters.
fn any_case(browser: &mut Browser, site: &Site) -> Result<Row> {
    let mut names = BTreeSet::new();
    let same: Vec<String> = files(&site.tree)?
        .into_keys()
        .filter(|name| !names.insert(name.to_lowercase()))
        .collect();
    let manner = Manner {
        any_case: true,
        ..Manner::default()
    };
    let root = site.serve(manner)?.replace(PREFIX, &PREFIX.to_uppercase());
    let answered = ask(browser, &root, "Town-Hall/SEARCH/Index.html", "bell")?;
    Ok(row(
        "a host that knows no letter case",
        format!(
            "{}; {} names that differ by case alone",
            answered.said,
            same.len()
        ),
        "mails found, 0 names",
        answered.total() > Some(0) && same.is_empty(),
    ))
}

/// In a browser that keeps what it loaded: a mail comes, a mail goes, the search goes.
fn changing(lab: &Lab, browser: &mut Browser, site: &Site) -> Result<Vec<Row>> {
    let manner = Manner {
        kept: true,
        ..Manner::default()
    };
    let root = site.serve(manner)?;
    let page = page_of(Some("town-hall"));
    let mut found = |query: &str| -> Result<String> {
        let answered = ask(browser, &root, &page, query)?;
        Ok(answered.said)
    };
    let before = found("zqfresh OR bell")?;
    let mail =
        b"From: Ada <ada@harbour.example>\nSubject: zqfresh\nMessage-ID: <fresh@tests.example>\n\
                 Date: Sun, 30 Nov 2025 10:00:00 +0000\n\nThe zqbell is new.\n";
    let deliver = lab.posthoc(&site.archive, &["-q", "deliver", "--list", "town-hall"]);
    if !mails::feed(deliver, mail)? {
        bail!("deliver refused a mail");
    }
    site.publish(lab, &[])?;
    let after = found("zqfresh zqbell")?;
    lab.done(
        &site.archive,
        &["-q", "remove", "--reason", "asked", "fresh@tests.example"],
    )?;
    site.publish(lab, &[])?;
    let gone = found("zqfresh")?;
    let whole = lab.fresh("small-whole")?;
    lab.done(&site.archive, &["-q", "publish", text(&whole)?])?;
    let shards = |folder: &Path| -> Result<Vec<(String, Vec<u8>)>> {
        let files = files(folder)?.into_iter();
        let files = files.filter(|(name, _)| name.contains("search/shards/"));
        files
            .map(|(name, path)| Ok((name, fs::read(path)?)))
            .collect()
    };
    let same = shards(&site.tree)? == shards(&whole)?;
    site.publish(lab, &["--no-search"])?;
    let left = shards(&site.tree)?.len();
    let none = found("bell")?;
    site.publish(lab, &[])?;
    let again = found("bell")?;
    Ok(vec![
        row(
            "a mail that came, in a browser that keeps files for a day",
            format!("{before}; then {after}"),
            "1 mail",
            after == "1 mail" && before != "0 mails",
        ),
        row(
            "the same mail, removed",
            gone.clone(),
            "0 mails",
            gone == "0 mails",
        ),
        row(
            "search files after both against those of a new folder",
            if same { "equal" } else { "other" },
            "equal",
            same,
        ),
        row(
            "--no-search, then search again",
            format!("{left} files: {none} Then: {again}"),
            "0 files, the page says so; then mails",
            left == 0 && none.contains("indexes lead") && again.contains(" mails"),
        ),
    ])
}

/// A hundred lists; a word that few of them have.
fn hundred(lab: &Lab, browser: &mut Browser) -> Result<Row> {
    let site = Site::new(lab, "hundred")?;
    let each = if lab.options.quick { 20 } else { 200 };
    let pieces = mails::of_corpus(lab, "linux-mips-60k", each * 100)?;
    for (number, mails) in pieces.chunks(each).enumerate() {
        let mbox = mails::write(lab.fresh("one.mbox")?, mails)?;
        site.import(lab, &format!("list-{number}"), &mbox)?;
    }
    site.without_forms()?;
    site.publish(lab, &[])?;
    let root = site.serve(Manner::default())?;
    let (mut most, mut heaviest, mut differ) = (0, 0, 0);
    let rare = [
        "gdb serial_console_write",
        "indy framebuffer newport",
        "decstation zs",
        "hardhat indy",
    ];
    for query in rare.into_iter().chain(["linux"]) {
        let answered = ask(browser, &root, &page_of(None), query)?;
        let asked = |file: &&String| file.ends_with("/d.js");
        let lists: BTreeSet<&str> = answered
            .files
            .iter()
            .filter(asked)
            .filter_map(|file| file.split('/').next())
            .collect();
        most = most.max(lists.len());
        heaviest = heaviest.max(answered.bytes(&site.tree));
        if rare.contains(&query) {
            let live = site.live(lab, None, query)?;
            differ += usize::from(difference(&answered, &live, None).is_some());
        }
        eprintln!(
            "{query}: {}, {} lists, {} files",
            answered.said,
            lists.len(),
            answered.files.len()
        );
    }
    Ok(row(
        format!(
            "100 lists, {} queries of rare words to the whole site and one of a frequent word",
            rare.len()
        ),
        format!(
            "at most {most} lists and {} kB; {differ} answers differ from the archive's",
            heaviest / 1000
        ),
        "at most 30 lists, 0 differ",
        most <= 30 && differ == 0,
    ))
}

fn large(lab: &Lab, browser: &mut Browser) -> Result<Vec<Row>> {
    let site = Site::new(lab, "large")?;
    let most = if lab.options.quick { 3000 } else { usize::MAX };
    let pieces = mails::of_corpus(lab, "linux-mips-60k", most)?;
    let mbox = mails::write(lab.fresh("large.mbox")?, &pieces)?;
    let raw = mbox.metadata()?.len();
    site.import(lab, "linux-mips", &mbox)?;
    fs::create_dir_all(&site.host)?;
    let bare = lab.fresh("large-bare")?;
    let without = cpu(
        lab,
        &site.archive,
        &["publish", "--no-search", text(&bare)?],
    )?;
    let with = cpu(lab, &site.archive, &["publish", text(&site.tree)?])?;
    let names = files(&site.tree)?;
    let shards = names
        .iter()
        .filter(|(name, _)| name.contains("search/shards/"));
    let mut bytes = 0;
    let mut count = 0;
    for (_, path) in shards {
        bytes += path.metadata()?.len();
        count += 1;
    }
    let root = site.serve(Manner::default())?;
    let mut rows = known(lab, browser, &site, &root)?;
    let share = bytes as f64 / raw as f64;
    rows.push(row(
        format!("{} mails: search files of the raw bytes", pieces.len()),
        format!("{share:.3}: {:.1} MB in {count} files", bytes as f64 / 1e6),
        "at most 0.25",
        share <= 0.25,
    ));
    rows.push(row(
        "publishing them: processor time beside --no-search",
        format!(
            "{:.1} s and {:.1} s: {:+.0} %",
            with.0,
            without.0,
            (with.0 / without.0 - 1.0) * 100.0
        ),
        "at most +15 %",
        with.0 <= without.0 * 1.15,
    ));
    rows.push(row(
        "publishing: peak memory",
        format!(
            "{} MB, with --no-search {} MB",
            with.1 / 1000,
            without.1 / 1000
        ),
        "under 300 MB",
        with.1 < 300_000,
    ));
    Ok(rows)
}

/// Processor seconds and peak kB of a run.
fn cpu(lab: &Lab, archive: &Path, words: &[&str]) -> Result<(f64, u64)> {
    let told = lab.fresh("cpu")?;
    let mut timed = Command::new("/usr/bin/time");
    timed.args(["--format=%U %S %M", "--output"]).arg(&told);
    timed
        .arg(lab.binary())
        .args(["-q", "-a", text(archive)?])
        .args(words);
    lab.clean(&mut timed);
    if !timed.status().context("GNU time")?.success() {
        bail!("posthoc {} failed", words.join(" "));
    }
    let told = fs::read_to_string(&told)?;
    let numbers: Vec<f64> = told
        .split_whitespace()
        .filter_map(|n| n.parse().ok())
        .collect();
    match numbers[..] {
        [user, system, peak] => Ok((user + system, peak as u64)),
        _ => bail!("GNU time said {told:?}"),
    }
}

/// The known mails of linux-mips.
fn known(lab: &Lab, browser: &mut Browser, site: &Site, root: &str) -> Result<Vec<Row>> {
    let list = Some("linux-mips");
    let (mut light, mut quick, mut same, mut near, mut shown) = (0, 0, 0, 0, 0);
    let mut lines = Vec::new();
    for (query, id) in queries::KNOWN {
        // A page of its own, with nothing kept.
        browser.open()?;
        browser.call(
            "Network.setCacheDisabled",
            serde_json::json!({"cacheDisabled": true}),
        )?;
        let answered = ask(browser, root, &page_of(list), query)?;
        let bytes = answered.bytes(&site.tree);
        let first = answered.links.first().map(|link| path(link, list));
        let live = match site.live(lab, list, query)? {
            Live::Found { hits, .. } => hits,
            Live::Refused => Vec::new(),
        };
        let live_first = live.first().map(|(path, _)| path.clone());
        // How well the archive finds that the page's first mail answers.
        let score = |hit: &(String, f64)| Some(&hit.0) == first.as_ref();
        let score = live.iter().find(|hit| score(hit)).map(|(_, score)| *score);
        let best = live.first().map_or(0.0, |(_, best)| *best);
        near += usize::from(score.is_some_and(|score| score >= best * 0.99));
        let meant = site.live(lab, list, &format!("mid:{id}"))?;
        let is_shown = matches!(&meant, Live::Found { hits, .. } if hits.iter().any(|(meant, _)| {
            answered.links.iter().any(|link| path(link, list) == *meant)
        }));
        light += usize::from(bytes < 300_000);
        quick += usize::from(answered.time <= 300.0);
        same += usize::from(first == live_first);
        shown += usize::from(is_shown);
        lines.push(format!(
            "{query}: {}, {} kB in {} files, {:.0} ms, first {first:?} live {live_first:?}, meant {}",
            answered.said,
            bytes / 1000,
            answered.files.len(),
            answered.time,
            if is_shown { "shown" } else { "not shown" },
        ));
    }
    lines.iter().for_each(|line| eprintln!("{line}"));
    let of = queries::KNOWN.len();
    let count = |what: &str, count: usize, wanted: usize| {
        row(
            format!("{of} queries for a known mail of linux-mips: {what}"),
            count.to_string(),
            format!("at least {wanted}"),
            count >= wanted,
        )
    };
    Ok(vec![
        count("load under 300 kB beyond the page", light, of * 9 / 10),
        count(
            "answered within 300 ms of the navigation",
            quick,
            of * 9 / 10,
        ),
        row(
            format!(
                "{of} queries for a known mail of linux-mips: the same first mail as the live search"
            ),
            format!("{same}; {near} the same or within 1 % of its score"),
            format!("{of} the same or as good"),
            near == of,
        ),
        count(
            "the mail that was meant is on the first page",
            shown,
            of * 3 / 4,
        ),
    ])
}
