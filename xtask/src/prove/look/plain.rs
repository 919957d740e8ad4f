//! The pages in w3m and lynx, which know neither style sheet nor script.

use super::{Site, held};
use crate::prove::Row;
use anyhow::{Context, Result, bail};
use std::fs;
use std::process::Command;

/// How each writes a page as text.
const READERS: [(&str, &[&str]); 2] = [
    ("w3m", &["-dump", "-cols", "100", "-T", "text/html"]),
    (
        "lynx",
        &[
            "-dump",
            "-nolist",
            "-width=100",
            "-assume_charset=utf-8",
            "-display_charset=utf-8",
        ],
    ),
];

/// Each kind of page has its heading there, before the furniture below it, and nothing that is only for
/// other browsers; a mail's page has the mail and the ways on.
pub(super) fn text_browsers(site: &Site, pages: &[(&'static str, String)]) -> Result<Row> {
    let mut wrong = Vec::new();
    for (reader, words) in READERS {
        for (kind, page) in pages {
            let file = site.tree.join(page);
            let html = fs::read_to_string(&file)?;
            let output = Command::new(reader)
                .args(words)
                .arg(&file)
                .env("LANG", "C.UTF-8")
                .output()
                .with_context(|| {
                    format!("cannot run {reader} (Debian: apt-get install {reader})")
                })?;
            if !output.status.success() {
                bail!("{reader} {page}: {}", output.status);
            }
            let text = String::from_utf8_lossy(&output.stdout);
            let text: Vec<&str> = text.split_whitespace().collect();
            let text = text.join(" ");
            let heading = heading(&html).with_context(|| format!("{page} has no heading"))?;
            let mut wanted = vec![heading.as_str()];
            if *kind == "message" {
                wanted.extend([
                    "in answer to",
                    "It should not break",
                    "Reply by mail",
                    "Whole thread",
                    "Message-ID:",
                ]);
            }
            wanted.push("Kept with posthoc");
            let mut from = 0;
            for words in wanted {
                match text[from..].find(words) {
                    Some(at) => from += at,
                    None => wrong.push(format!("{reader}: {kind} has no {words:?} in its place")),
                }
            }
            for words in ["function", "{", "&#", "prefers-color-scheme"] {
                if !["message", "thread"].contains(kind) && text.contains(words) {
                    wrong.push(format!("{reader}: {kind} shows {words:?}"));
                }
            }
        }
    }
    Ok(held(
        &format!("w3m and lynx read {} kinds of page", pages.len()),
        wrong,
    ))
}

/// The text of the page's heading.
fn heading(html: &str) -> Option<String> {
    let (_, rest) = html.split_once("<h1")?;
    let (inside, _) = rest.split_once('>')?.1.split_once("</h1>")?;
    let mut text = String::new();
    let mut rest = inside;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        rest = tag.split_once('>')?.1;
    }
    text.push_str(rest);
    let text = text.replace("&amp;", "&").replace("&lt;", "<");
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}
