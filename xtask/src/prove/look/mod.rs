//! The pages as people meet them, in headless Chromium.
//!
//! 1. [`kinds`] names a page of each kind of our own lists: each is looked at by axe (WCAG 2.2, A and
//!    AA) in light and dark, on a phone and at a desk, may not be wider than a screen of 320 pixels,
//!    and its accessibility tree is compared with a golden (`xtask/web/trees`).
//! 2. [`reading`] reads by keyboard, finds, folds, follows, links to a line, and reads without the script;
//!    [`plain`] reads in w3m and lynx.
//! 3. [`situations`] are made-up mails that break pages, from a phone to a desk; [`opening`] times a thread of
//!    five hundred mails.
//! 4. Every page of the site goes through `html-validate`, and every link on it leads to a file.
//! 5. In the full figure the same for three lists of the corpora, the weights, and [`extremes`] of all lists.
//! 6. [`sheet`] makes the contact sheet that is in the book.

mod extremes;
mod kinds;
mod opening;
mod plain;
mod reading;
pub(crate) mod sheet;
mod situations;
mod tree;
mod web;

use super::hostile::browser::Browser;
use super::hostile::files::serve;
use super::lab::{Lab, text};
use super::mails;
use super::tree::files;
use super::{Row, judged, row};
use crate::run::root;
use anyhow::{Context, Result};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use web::Web;

/// Lists of the corpora whose pages are looked at: patches and code, German, long threads.
const REAL: [(&str, usize); 3] = [
    ("usrp-users-slice", 3_000),
    ("hibiscus-devel-de", 3_000),
    ("twisted-python", 3_000),
];
/// Pages of a kind that axe looks at on a real list.
const OF_A_KIND: usize = 12;
/// A phone, in pixels.
const PHONE: u32 = 390;
/// How long a page may take to open: with the release binary, and in a test on whatever machine.
const IN_A_SECOND: Duration = Duration::from_secs(1);
const IN_TIME: Duration = Duration::from_secs(10);

/// The full figure.
pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    let mut browser = Browser::start(&lab.fresh("profile")?)?;
    let web = Web::install()?;
    let mut rows = own(lab, &mut browser, &web, IN_A_SECOND)?;
    rows.push(extremes::row_of_corpora(lab, &mut browser)?);
    for (list, most) in REAL {
        let mailbox = lab.fresh(&format!("{list}.mbox"))?;
        let pieces = mails::of_corpus(lab, list, if lab.options.quick { 200 } else { most })?;
        let mailbox = mails::write(mailbox, pieces.iter())?;
        let site = Site::new(lab, list, &[(list, &mailbox)])?;
        let pages = kinds::some_of_each(&site.tree, OF_A_KIND)?;
        rows.push(accessible(&mut browser, &web, &site, &pages, list)?);
        rows.extend(whole(&web, &site, list)?);
        rows.push(longest_thread(&mut browser, &site, list)?);
    }
    Ok(rows)
}

/// The own lists, with the debug binary.
pub(crate) fn slice() -> Result<()> {
    let lab = Lab::of_slice()?;
    let mut browser = Browser::start(&lab.fresh("profile")?)?;
    let rows = own(&lab, &mut browser, &Web::install()?, IN_TIME)?;
    judged(&rows, "the pages are otherwise than they should be")
}

/// A published archive.
struct Site {
    tree: PathBuf,
    /// Where it is served: `http://127.0.0.1:PORT`.
    root: String,
}

impl Site {
    fn new(lab: &Lab, name: &str, lists: &[(&str, &Path)]) -> Result<Site> {
        let archive = lab.fresh(&format!("{name}-archive"))?;
        for (list, mailbox) in lists {
            let words = ["-q", "import", "--public", "--list", list, text(mailbox)?];
            lab.done(&archive, &words)?;
        }
        let tree = lab.fresh(&format!("{name}-site"))?;
        lab.done(&archive, &["-q", "publish", text(&tree)?])?;
        Site::of(tree)
    }

    /// What was published there.
    fn of(tree: PathBuf) -> Result<Site> {
        let root = format!("http://{}", serve(&tree)?);
        Ok(Site { tree, root })
    }

    /// The sample lists that we wrote.
    fn own(lab: &Lab) -> Result<Site> {
        let lists = root().join("corpus/lists");
        let town = lists.join("town-hall.mbox");
        let keepers = lists.join("lighthouse-keepers.mbox");
        Site::new(
            lab,
            "own",
            &[("town-hall", &town), ("lighthouse-keepers", &keepers)],
        )
    }

    fn url(&self, page: &str) -> String {
        format!("{}/{page}", self.root)
    }
}

/// The own lists: every kind of page.
fn own(lab: &Lab, browser: &mut Browser, web: &Web, deadline: Duration) -> Result<Vec<Row>> {
    let site = Site::own(lab)?;
    let pages = kinds::one_of_each(&site.tree)?;
    let named: Vec<String> = pages.iter().map(|(_, page)| page.clone()).collect();
    let mut rows = vec![accessible(browser, web, &site, &named, "own lists")?];
    rows.push(wide(browser, &site, &named, &[320, 820], "own lists")?);
    rows.push(tree::compared(browser, &site, &pages)?);
    rows.push(plain::text_browsers(&site, &pages)?);
    rows.extend(reading::rows(browser, &site)?);
    rows.extend(situations::rows(lab, browser, web)?);
    rows.push(opening::long_thread(lab, browser, deadline)?);
    rows.extend(whole(web, &site, "own lists")?);
    Ok(rows)
}

/// A line that says what is otherwise than it should be.
fn held(what: &str, wrong: Vec<String>) -> Row {
    let value = match wrong.is_empty() {
        true => "yes".to_owned(),
        false => wrong.join("; "),
    };
    row(what, value, "yes", wrong.is_empty())
}

/// A screen of that many pixels, in light or dark.
fn screen(browser: &mut Browser, width: u32, dark: bool) -> Result<()> {
    let metrics = json!({
        "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false,
    });
    browser.call("Emulation.setDeviceMetricsOverride", metrics)?;
    let value = if dark { "dark" } else { "light" };
    let features = json!({"features": [{"name": "prefers-color-scheme", "value": value}]});
    browser.call("Emulation.setEmulatedMedia", features)?;
    Ok(())
}

/// What axe finds on these pages.
fn accessible(
    browser: &mut Browser,
    web: &Web,
    site: &Site,
    pages: &[String],
    of: &str,
) -> Result<Row> {
    let mut found = Vec::new();
    let mut looked = 0;
    for (width, dark) in [(390, false), (1280, true)] {
        screen(browser, width, dark)?;
        for page in pages {
            browser.go(&site.url(page))?;
            looked += 1;
            for violation in web.axe(browser)? {
                found.push(format!("{page} at {width}: {violation}"));
            }
        }
    }
    for violation in found.iter().take(20) {
        eprintln!("axe: {violation}");
    }
    Ok(row(
        format!("{of}: violations that axe finds on {looked} views of pages"),
        found.len().to_string(),
        "0",
        found.is_empty(),
    ))
}

/// Pages that are wider than screens of so many pixels; 320 are also a desk at 400 %.
fn wide(
    browser: &mut Browser,
    site: &Site,
    pages: &[String],
    widths: &[u32],
    of: &str,
) -> Result<Row> {
    let mut wide = Vec::new();
    for width in widths {
        screen(browser, *width, false)?;
        for page in pages {
            browser.go(&site.url(page))?;
            if browser.ask(&format!("document.documentElement.scrollWidth > {width}"))? == true {
                wide.push(format!("{page} at {width}"));
            }
        }
    }
    Ok(row(
        format!(
            "{of}: of {} pages wider than {widths:?} pixels",
            pages.len()
        ),
        match wide.is_empty() {
            true => "0".to_owned(),
            false => wide.join(" "),
        },
        "0",
        wide.is_empty(),
    ))
}

/// Every page of a site: valid, no dead link, no heavier than it may be beside its mail's text.
fn whole(web: &Web, site: &Site, of: &str) -> Result<Vec<Row>> {
    let wrong = web.invalid(&site.tree)?;
    for line in wrong.iter().take(20) {
        eprintln!("html-validate: {line}");
    }
    let all = files(&site.tree)?;
    let (mut pages, mut dead, mut heaviest) = (0, Vec::new(), (0, String::new()));
    for (path, file) in all.iter().filter(|(path, _)| path.ends_with(".html")) {
        pages += 1;
        let html = fs::read_to_string(file).with_context(|| path.clone())?;
        for link in kinds::links(&html) {
            let to = kinds::resolved(path, &link);
            if to.is_some_and(|to| !all.contains_key(&to)) {
                dead.push(format!("{path} -> {link}"));
            }
        }
        let beside = kinds::beside_text(&html);
        if path.contains("/msg") && beside > heaviest.0 {
            heaviest = (beside, path.clone());
        }
    }
    for line in dead.iter().take(20) {
        eprintln!("dead: {line}");
    }
    Ok(vec![
        row(
            format!("{of}: errors of HTML on {pages} pages"),
            wrong.len().to_string(),
            "0",
            wrong.is_empty(),
        ),
        row(
            format!("{of}: dead internal links on {pages} pages"),
            dead.len().to_string(),
            "0",
            dead.is_empty(),
        ),
        row(
            format!(
                "{of}: heaviest mail's page beside its text ({})",
                heaviest.1
            ),
            format!("{} bytes", heaviest.0),
            "< 20,000",
            heaviest.0 < 20_000,
        ),
    ])
}

/// How long the page of the most mails takes to open.
fn longest_thread(browser: &mut Browser, site: &Site, of: &str) -> Result<Row> {
    screen(browser, 1280, false)?;
    let mut longest = (0, String::new());
    for (path, file) in files(&site.tree)? {
        if path.contains("/thread/") {
            let mails = fs::read_to_string(&file)?.matches("<article").count();
            longest = longest.max((mails, path));
        }
    }
    let (took, shift) = opening::opened(browser, &site.url(&longest.1))?;
    let seconds = took.as_secs_f64();
    Ok(row(
        format!(
            "{of}: opening the page of {} mails of a thread, layout shift",
            longest.0
        ),
        format!("{seconds:.2} s, {shift:.3}"),
        "< 1 s, < 0.1",
        seconds < 1.0 && shift < 0.1,
    ))
}
