//! Readers of the live site and of the folder, who go from page to page as links lead them.

use super::super::mails::Chance;
use super::super::tree::{Visitor, percent};
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Between two pages of one reader.
const PAUSE: Duration = Duration::from_millis(250);
/// Pages until a reader begins with a list again.
const STEPS: usize = 20;
/// One question of so many is a search.
const SEARCHES: usize = 10;
const WORDS: &[&str] = &[
    "kernel", "screen", "reader", "board", "driver", "sample", "rate", "patch",
];

/// What readers met.
#[derive(Default)]
pub(super) struct Met {
    pub(super) pages: AtomicU64,
    pub(super) links: AtomicU64,
    /// Answers that there is too much to do.
    pub(super) busy: AtomicU64,
    wrong: Mutex<Vec<String>>,
}

impl Met {
    fn wrong(&self, what: String) {
        eprintln!("wrong: {what}");
        self.wrong
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(what);
    }

    /// What was wrong.
    pub(super) fn all_wrong(&self) -> Vec<String> {
        self.wrong
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Reads the live site until the end.
pub(super) fn live(address: &str, seed: usize, lists: &[&str], met: &Met, end: &AtomicBool) {
    let mut visitor = Visitor::new(address.to_owned());
    let mut chance = Chance::new(seed as u64 + 1);
    let (mut path, mut from, mut steps) = (None::<String>, String::new(), 0);
    while !end.load(Relaxed) {
        let at = match path.take() {
            _ if chance.below(SEARCHES) == 0 => {
                format!("/search/?q={}", WORDS[chance.below(WORDS.len())])
            }
            Some(path) if steps < STEPS => path,
            _ => {
                steps = 0;
                from = "the beginning".to_owned();
                format!("/{}/", lists[chance.below(lists.len())])
            }
        };
        steps += 1;
        met.pages.fetch_add(1, Relaxed);
        match visitor.ask(&at) {
            Err(error) => met.wrong(format!("live {at}, linked by {from}: {error:#}")),
            Ok(answer) if matches!(answer.status, 301 | 302 | 308) => {
                path = answer.location.and_then(|to| resolved(&at, &to));
            }
            Ok(answer) if answer.status == 503 => drop(met.busy.fetch_add(1, Relaxed)),
            Ok(answer) if answer.status != 200 => {
                met.wrong(format!("live {at}, linked by {from}: {}", answer.status));
            }
            Ok(answer) => {
                let text = String::from_utf8_lossy(&answer.body);
                if is_page(&at) {
                    if !text.trim_end().ends_with("</html>") {
                        met.wrong(format!("live {at} is half a page"));
                    }
                    let mut links: Vec<String> =
                        links(&text).filter_map(|to| resolved(&at, to)).collect();
                    if !links.is_empty() {
                        path = Some(links.swap_remove(chance.below(links.len())));
                    }
                    from = at;
                }
            }
        }
        std::thread::sleep(PAUSE);
    }
}

/// Reads the folder until the end; every link of every page is looked at.
pub(super) fn folder(site: &Path, seed: usize, lists: &[&str], met: &Met, end: &AtomicBool) {
    let mut chance = Chance::new(seed as u64 + 101);
    let (mut path, mut steps) = (None::<String>, 0);
    while !end.load(Relaxed) {
        let at = match path.take() {
            Some(path) if steps < STEPS => path,
            _ => {
                steps = 0;
                format!("/{}/index.html", lists[chance.below(lists.len())])
            }
        };
        steps += 1;
        met.pages.fetch_add(1, Relaxed);
        match fs::read_to_string(file(site, &at)) {
            Err(error) => met.wrong(format!("static {at}: {error}")),
            Ok(text) if !text.trim_end().ends_with("</html>") => {
                met.wrong(format!("static {at} is half a page"));
            }
            Ok(text) => {
                let mut pages = Vec::new();
                for to in links(&text).filter_map(|to| resolved(&at, to)) {
                    met.links.fetch_add(1, Relaxed);
                    if !file(site, &to).is_file() {
                        met.wrong(format!("static {at} links to {to}, which is not there"));
                    } else if is_page(&to) {
                        pages.push(to);
                    }
                }
                if !pages.is_empty() {
                    path = Some(pages.swap_remove(chance.below(pages.len())));
                }
            }
        }
        std::thread::sleep(PAUSE);
    }
}

/// Whether it is HTML; what a search finds can be asked for in other forms.
fn is_page(path: &str) -> bool {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let is_other = query
        .split('&')
        .any(|part| part.starts_with("as=") && part != "as=threads");
    (path.ends_with('/') || path.ends_with(".html")) && !is_other
}

/// Where a page's path lies in the folder.
pub(super) fn file(site: &Path, path: &str) -> std::path::PathBuf {
    let path = path
        .split('?')
        .next()
        .unwrap_or_default()
        .trim_start_matches('/');
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let [first, more @ ..] = rest {
        let hex = (*first == b'%').then(|| more.get(..2)).flatten();
        let hex = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        bytes.push(hex.unwrap_or(*first));
        rest = if hex.is_some() { &more[2..] } else { more };
    }
    let mut path = String::from_utf8_lossy(&bytes).into_owned();
    if path.is_empty() || path.ends_with('/') {
        path += "index.html";
    }
    site.join(path)
}

/// What a page links to, as it stands there. Mails can say anything, but not as an attribute of a tag of ours.
fn links(html: &str) -> impl Iterator<Item = &str> {
    let words = html.split([' ', '\n']);
    words.filter_map(|word| {
        let value = word
            .strip_prefix("href=\"")
            .or(word.strip_prefix("src=\""))?;
        value.split('"').next()
    })
}

/// The path on the site to which a link on a page leads; none where it leads elsewhere, or into the page.
pub(super) fn resolved(page: &str, link: &str) -> Option<String> {
    let link = link.split('#').next()?.replace("&amp;", "&");
    if link.is_empty() || link.starts_with("//") || link.split(['/', '?']).next()?.contains(':') {
        return None;
    }
    let (path, query) = link
        .split_once('?')
        .map_or((&*link, None), |(path, query)| (path, Some(query)));
    let page = page.split('?').next()?;
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut steps: Vec<&str> = match path.starts_with('/') {
        true => Vec::new(),
        false => folder.split('/').filter(|step| !step.is_empty()).collect(),
    };
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    let is_folder = path.is_empty() || path.ends_with('/') || path.ends_with("..") || path == ".";
    let end = if is_folder && !steps.is_empty() {
        "/"
    } else {
        ""
    };
    let query = query.map_or(String::new(), |query| format!("?{query}"));
    Some(format!("/{}{end}{query}", steps.join("/")))
}

/// The path on the live site that leads to a mail.
pub(super) fn to_mail(list: &str, id: &str) -> String {
    format!("/{list}/mid/{}/", percent(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_where_browsers_go() {
        for (page, link, wanted) in [
            ("/a/b/c.html", "../d.html#e", Some("/a/d.html")),
            ("/a/b/", "c.html", Some("/a/b/c.html")),
            ("/a/", "../index.html", Some("/index.html")),
            ("/a/", "../search/?q=x&amp;n=1", Some("/search/?q=x&n=1")),
            ("/a/b.html", "#top", None),
            ("/a/b.html", "mailto:ada@example.org", None),
            ("/a/b.html", "https://example.org/", None),
            ("/a/mid/x/", "../../../a/v/m.html", Some("/a/v/m.html")),
        ] {
            assert_eq!(resolved(page, link).as_deref(), wanted, "{link}");
        }
        assert_eq!(
            file(Path::new("s"), "/a/x%20y/"),
            Path::new("s/a/x y/index.html")
        );
        assert_eq!(to_mail("a", "b/c%d@e"), "/a/mid/b%2Fc%25d%40e/");
    }
}
