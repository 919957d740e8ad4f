//! What is heard of a page: everything that a mail must not be able to make a browser do.

use super::browser::Browser;
use anyhow::Result;
use serde_json::Value;

const QUESTION: &str = include_str!("../../../javascript/listen.js");

/// A place from which pages come.
pub(super) struct Place {
    /// What the site's own addresses begin with.
    pub(super) base: String,
}

/// What a page did or holds that it may not; nothing when all is well.
pub(super) fn listen(browser: &mut Browser, place: &Place, url: &str) -> Result<Vec<String>> {
    let shown = match browser.go(url) {
        Ok(shown) => shown,
        Err(error) => {
            // A page that hangs is heard too, and the next one gets a new window.
            browser.open()?;
            return Ok(vec![format!("no answer from the page: {error:#}")]);
        }
    };
    let mut heard = Vec::new();
    let mut lost = false;
    if shown {
        let question = QUESTION.replace("BASE", &serde_json::to_string(&place.base)?);
        match browser.ask(&question) {
            Ok(found) => heard.extend(words(&found)),
            Err(error) => {
                heard.push(format!("the page could not be looked at: {error:#}"));
                lost = true;
            }
        }
    }
    let events = std::mem::take(&mut browser.events);
    heard.extend(events.iter().filter_map(|event| deed(event, place, url)));
    if lost {
        browser.open()?;
    }
    heard.sort();
    heard.dedup();
    Ok(heard)
}

fn words(found: &Value) -> Vec<String> {
    let found = found.as_array().map(Vec::as_slice).unwrap_or_default();
    found
        .iter()
        .filter_map(|words| Some(words.as_str()?.to_owned()))
        .collect()
}

/// What an event tells of, if it may not be.
fn deed(event: &Value, place: &Place, url: &str) -> Option<String> {
    let told = &event["params"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    match event["method"].as_str()? {
        // Every piece of script is told of before it runs: elements, attributes, addresses, `eval`.
        "Debugger.scriptParsed" => {
            let from = text(&told["url"]);
            let own = from == "posthoc-listens"
                || (from.starts_with(&place.base)
                    && from.ends_with(".js")
                    && told["hasSourceURL"] != true);
            (!own).then(|| format!("script from {from}"))
        }
        "Page.javascriptDialogOpening" => Some(format!("dialog: {}", text(&told["message"]))),
        "Runtime.consoleAPICalled" => Some("a script wrote to the console".into()),
        "Runtime.exceptionThrown" => Some("a script failed".into()),
        "Page.frameAttached" => Some("a frame".into()),
        "Page.frameRequestedNavigation" | "Page.frameScheduledNavigation" => {
            let to = text(&told["url"]);
            (!to.starts_with(&place.base)).then(|| format!("leads to {to}"))
        }
        "Page.windowOpen" => Some(format!("opens {}", text(&told["url"]))),
        "Target.targetCreated" if told["targetInfo"]["openerId"].is_string() => {
            Some("another window".into())
        }
        "Page.frameNavigated" => {
            let to = text(&told["frame"]["url"]);
            let (to, asked) = (plain(&to), plain(url));
            (to != asked && !to.starts_with(&place.base)).then(|| format!("went to {to}"))
        }
        "Network.requestWillBeSent" => {
            let request = &told["request"];
            let to = text(&request["url"]);
            // Our own script asks whether there are files to take along.
            let asks = text(&told["initiator"]["stack"]["callFrames"][0]["url"]);
            let looks = request["method"] == "HEAD"
                && asks.starts_with(&format!("{}assets/", place.base))
                && [".eml", ".mbox.gz"].iter().any(|end| to.ends_with(end));
            let own = to.starts_with(&place.base) && (request["method"] == "GET" || looks);
            (!own).then(|| format!("{} {to}", text(&request["method"])))
        }
        "Network.webSocketCreated" => Some(format!("socket to {}", text(&told["url"]))),
        // What only the page's policy stopped had come through.
        "Log.entryAdded" if told["entry"]["source"] == "security" => Some(format!(
            "stopped by policy only: {}",
            text(&told["entry"]["text"])
        )),
        _ => None,
    }
}

fn plain(url: &str) -> &str {
    url.split(['#', '?']).next().unwrap_or(url)
}
