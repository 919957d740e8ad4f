//! The search page of a published folder, asked in a browser.

use crate::prove::hostile::browser::Browser;
use crate::prove::tree::percent;
use anyhow::{Context, Result};
use serde_json::Value;
use std::path::Path;

/// Waits until the script has answered, and tells what.
const ANSWER: &str = r#"new Promise(function (done) {
  const look = function () {
    const hits = document.querySelector("ol.hits.answer");
    const said = document.querySelector(".answer[role]");
    if (hits || said && !said.textContent.startsWith("Searching")) {
      const links = hits ? Array.from(hits.querySelectorAll("h2 a"), (a) => a.getAttribute("href")) : [];
      done({ said: said.textContent, links, time: performance.now() });
    } else {
      setTimeout(look, 4);
    }
  };
  look();
})"#;

/// What a page answered.
pub(super) struct Answered {
    /// The line above the hits, or what is wrong.
    pub(super) said: String,
    /// Paths of the hits, from the list's folder.
    pub(super) links: Vec<String>,
    /// Milliseconds from the beginning of the navigation.
    pub(super) time: f64,
    /// Files of the search that were asked for: their paths in `shards/`.
    pub(super) files: Vec<String>,
    /// What the browser complained of.
    pub(super) errors: Vec<String>,
}

impl Answered {
    /// How many mails it says there are; none where it says something else.
    pub(super) fn total(&self) -> Option<u64> {
        let (number, rest) = self.said.split_once(' ')?;
        rest.starts_with("mail")
            .then(|| number.replace(',', "").parse().ok())?
    }

    /// Bytes of the files, as they lie below that folder.
    pub(super) fn bytes(&self, site: &Path) -> u64 {
        let size = |file: &String| site.join(file).metadata().map_or(0, |about| about.len());
        self.files.iter().map(size).sum()
    }
}

/// Asks the page at that URL; `root` is the site's, with a slash at its end.
pub(super) fn ask(browser: &mut Browser, root: &str, page: &str, query: &str) -> Result<Answered> {
    browser.go(&format!("{root}{page}?q={}", percent(query)))?;
    let answer = browser.ask(ANSWER).with_context(|| query.to_owned())?;
    let texts = |value: &Value| -> Vec<String> {
        let texts = value.as_array().into_iter().flatten();
        texts
            .filter_map(|text| text.as_str().map(str::to_owned))
            .collect()
    };
    let mut files = Vec::new();
    let mut errors = Vec::new();
    for event in &browser.events {
        let parameters = &event["params"];
        match event["method"].as_str().unwrap_or_default() {
            "Network.requestWillBeSent" => {
                let url = parameters["request"]["url"].as_str().unwrap_or_default();
                let path = url.strip_prefix(root).unwrap_or_default();
                let path = path.split('?').next().unwrap_or_default();
                if path.contains("/shards/") || path.starts_with("search/shards/") {
                    files.push(path.to_owned());
                }
            }
            "Runtime.exceptionThrown" => errors.push(parameters["exceptionDetails"].to_string()),
            "Log.entryAdded" if parameters["entry"]["level"] == "error" => {
                errors.push(parameters["entry"]["text"].to_string());
            }
            _ => {}
        }
    }
    Ok(Answered {
        said: answer["said"].as_str().unwrap_or_default().to_owned(),
        links: texts(&answer["links"]),
        time: answer["time"].as_f64().unwrap_or(f64::INFINITY),
        files,
        errors,
    })
}
