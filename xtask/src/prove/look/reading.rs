//! Reading as people do it: by keyboard alone, from one visit to the next, and without the script.

use super::{Site, screen};
use crate::prove::hostile::browser::Browser;
use crate::prove::{Row, row};
use anyhow::{Context, Result};
use serde_json::json;
use std::time::{Duration, Instant};

const MAIL: &str = "town-hall/2025-November/msg00030.html";
/// How long a page may take after a key.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) fn rows(browser: &mut Browser, site: &Site) -> Result<Vec<Row>> {
    screen(browser, 1280, false)?;
    Ok(vec![
        keys(browser, site)?,
        visits(browser, site)?,
        lines(browser, site)?,
        without_script(browser, site)?,
        on_paper(browser, site)?,
    ])
}

fn held(what: &str, wrong: Vec<String>) -> Row {
    let value = match wrong.is_empty() {
        true => "yes".to_owned(),
        false => wrong.join("; "),
    };
    row(what, value, "yes", wrong.is_empty())
}

fn press(browser: &mut Browser, key: &str) -> Result<()> {
    for kind in ["keyDown", "keyUp"] {
        let mut event = json!({"type": kind, "key": key});
        if kind == "keyDown" && key.len() == 1 {
            event["text"] = json!(key);
        }
        browser.call("Input.dispatchKeyEvent", event)?;
    }
    Ok(())
}

/// Waits until an expression is true.
fn comes(browser: &mut Browser, expression: &str) -> Result<bool> {
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        // Between two pages there is nobody to ask.
        if browser.ask(expression).is_ok_and(|answer| answer == true) {
            return Ok(true);
        }
        std::thread::sleep(Duration::from_millis(30));
    }
    Ok(false)
}

/// A thread is read with single letters, and they can be switched off.
fn keys(browser: &mut Browser, site: &Site) -> Result<Row> {
    let mut wrong = Vec::new();
    browser.go(&site.url("town-hall/2025-November/msg00026.html"))?;
    let steps = [
        (
            "n",
            "location.pathname.includes('/msg') && !location.pathname.endsWith('msg00026.html')",
        ),
        ("p", "location.pathname.endsWith('msg00026.html')"),
        ("t", "location.pathname.includes('/thread/')"),
        ("j", "document.activeElement.closest('article') !== null"),
        ("u", "location.pathname.endsWith('-November/index.html')"),
        ("j", "document.activeElement.closest('.diary') !== null"),
        ("/", "document.activeElement.type === 'search'"),
    ];
    for (key, expression) in steps {
        press(browser, key)?;
        if !comes(
            browser,
            &format!("document.readyState === 'complete' && {expression}"),
        )? {
            wrong.push(format!("{key} does not lead where it should"));
        }
    }
    browser.go(&site.url(MAIL))?;
    press(browser, "?")?;
    if !comes(browser, "!!document.querySelector('dialog[open]')")? {
        wrong.push("? tells no keys".to_owned());
    }
    browser.ask(
        "document.querySelector('dialog input').click(); document.querySelector('dialog').close()",
    )?;
    press(browser, "t")?;
    std::thread::sleep(Duration::from_millis(300));
    if browser.ask("location.pathname.includes('/msg00030')")? != true {
        wrong.push("letters that are switched off still act".to_owned());
    }
    browser.ask("localStorage.clear()")?;
    Ok(held(
        "a thread is read by keyboard alone; letters can be switched off",
        wrong,
    ))
}

/// What came after the last visit is told; a followed thread stands on its list's page.
fn visits(browser: &mut Browser, site: &Site) -> Result<Row> {
    let mut wrong = Vec::new();
    browser.go(&site.url("town-hall/index.html"))?;
    if browser.ask("document.querySelectorAll('.fresh').length")? != 0 {
        wrong.push("the first visit is told news".to_owned());
    }
    // The last visit was a day before the newest mail but one, and long ago.
    browser.ask(
        "(() => { const key = Object.keys(localStorage)[0], memory = JSON.parse(localStorage[key]); \
         const visit = memory.lists['town-hall']; visit.seen = Date.parse('2025-12-31T00:00:00Z'); \
         visit.at = visit.seen; localStorage[key] = JSON.stringify(memory); })()",
    )?;
    browser.go(&site.url("town-hall/index.html"))?;
    if browser.ask("document.querySelectorAll('li.new').length")? != 2 {
        wrong.push("not the two threads of the new year are new".to_owned());
    }
    browser.go(&site.url(MAIL))?;
    browser.ask("document.querySelector('[data-key=f]').click()")?;
    browser.go(&site.url("town-hall/index.html"))?;
    let there = "document.querySelector('.followed a')?.href || ''";
    let thread = browser.ask(there)?;
    let thread = thread.as_str().unwrap_or_default();
    if !thread.contains("/town-hall/thread/") {
        wrong.push("a followed thread does not stand on the list's page".to_owned());
    } else if !browser.go(thread)? {
        wrong.push("the link to a followed thread is dead".to_owned());
    }
    browser.ask("localStorage.clear()")?;
    Ok(held(
        "new since the last visit, and followed threads, in this browser",
        wrong,
    ))
}

/// A link to a line shows that line.
fn lines(browser: &mut Browser, site: &Site) -> Result<Row> {
    let mut wrong = Vec::new();
    browser.go(&site.url(&format!("{MAIL}#L4")))?;
    let told = browser.ask("[...(CSS.highlights.get('line') || [])].map(String).join('|')")?;
    let told = told.as_str().unwrap_or_default().to_owned();
    if !told.starts_with("It should not break") {
        wrong.push(format!("line 4 is {told:?}"));
    }
    Ok(held("a link to a line shows it", wrong))
}

/// Without the script everything is there: the text, the ways on, what can be taken along.
fn without_script(browser: &mut Browser, site: &Site) -> Result<Row> {
    let off = |value: bool| json!({ "value": value });
    browser.call("Emulation.setScriptExecutionDisabled", off(true))?;
    browser.go(&site.url(MAIL))?;
    let snapshot = browser.call("DOM.getDocument", json!({"depth": 0}))?;
    let node = snapshot["root"]["nodeId"].clone();
    let html = browser.call("DOM.getOuterHTML", json!({"nodeId": node}))?;
    let html = html["outerHTML"].as_str().context("no page")?.to_owned();
    browser.call("Emulation.setScriptExecutionDisabled", off(false))?;
    let mut wrong = Vec::new();
    for part in [
        "Reply by mail",
        "Whole thread",
        "rel=\"prev\"",
        "Take it with you",
        "@misc{",
        "in answer to",
        "class=\"crumbs\"",
    ] {
        if !html.contains(part) {
            wrong.push(format!("no {part}"));
        }
    }
    if html.contains("class=\"plain\"") {
        wrong.push("the script ran".to_owned());
    }
    Ok(held("a mail's page without the script", wrong))
}

/// On paper a mail stands alone, with its Message-ID.
fn on_paper(browser: &mut Browser, site: &Site) -> Result<Row> {
    browser.call("Emulation.setEmulatedMedia", json!({"media": "print"}))?;
    browser.go(&site.url(MAIL))?;
    let shown = browser.ask(
        "['.sheet', '.id', '.beside', '.verbs', '.take', '.bottom'].map(name => \
         getComputedStyle(document.querySelector(name)).display !== 'none').join()",
    )?;
    browser.call("Emulation.setEmulatedMedia", json!({"media": ""}))?;
    let wrong = match shown == "true,true,false,false,false,false" {
        true => Vec::new(),
        false => vec![format!("shown: {shown}")],
    };
    Ok(held(
        "on paper: the mail and its Message-ID, nothing beside",
        wrong,
    ))
}
