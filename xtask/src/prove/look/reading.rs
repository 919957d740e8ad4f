//! Reading as people do it: by keyboard alone, from one visit to the next, and without the script.

use super::{Site, held, screen};
use crate::prove::Row;
use crate::prove::hostile::browser::Browser;
use anyhow::{Context, Result};
use serde_json::json;
use std::time::{Duration, Instant};

const MAIL: &str = "town-hall/2025-November/msg00030.html";
/// A mail with a long quote.
const FOLDED: &str = "town-hall/2025-November/msg00027.html";
/// How long a page may take after a key.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) fn rows(browser: &mut Browser, site: &Site) -> Result<Vec<Row>> {
    screen(browser, 1280, false)?;
    Ok(vec![
        keys(browser, site)?,
        finding(browser, site)?,
        visits(browser, site)?,
        lines(browser, site)?,
        without_script(browser, site)?,
        on_paper(browser, site)?,
        in_few_colours(browser, site)?,
    ])
}

fn press(browser: &mut Browser, key: &str) -> Result<()> {
    for kind in ["keyDown", "keyUp"] {
        let mut event = json!({"type": kind, "key": key});
        if kind == "keyDown" && key.len() == 1 {
            event["text"] = json!(key);
        }
        if key == "Enter" {
            // What a form and a link wait for.
            event["windowsVirtualKeyCode"] = json!(13);
            event["text"] = json!("\r");
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

/// Mails are found and read, long quotes opened and folded, a thread followed, all by keyboard.
fn finding(browser: &mut Browser, site: &Site) -> Result<Row> {
    let mut wrong = Vec::new();
    browser.go(&site.url("town-hall/index.html"))?;
    press(browser, "/")?;
    for letter in ["b", "e", "l", "l"] {
        press(browser, letter)?;
    }
    press(browser, "Enter")?;
    if !comes(
        browser,
        "location.pathname.includes('/search/') && document.querySelectorAll('.hits h2 a').length > 1",
    )? {
        wrong.push("a word that is typed finds nothing");
    }
    press(browser, "j")?;
    if !comes(
        browser,
        "document.activeElement === document.querySelector('.hits h2 a')",
    )? {
        wrong.push("j does not go to what was found");
    }
    press(browser, "Enter")?;
    if !comes(
        browser,
        "location.pathname.includes('/msg') && document.readyState === 'complete'",
    )? {
        wrong.push("what was found does not open");
    }
    browser.go(&site.url(FOLDED))?;
    let folds = "[...document.querySelectorAll('.fold')].map(fold => fold.open).join()";
    let before = browser.ask(folds)?;
    press(browser, "e")?;
    let opened = browser.ask(folds)?;
    press(browser, "e")?;
    let after = browser.ask(folds)?;
    let folded =
        |state: &serde_json::Value| state.as_str().is_some_and(|told| told.contains("false"));
    if !folded(&before) || folded(&opened) || !folded(&after) {
        wrong.push("e does not open and fold the long quotes");
    }
    press(browser, "f")?;
    if browser.ask("Object.keys(JSON.parse(Object.values(localStorage)[0]).threads).length")? != 1 {
        wrong.push("f does not follow the thread");
    }
    press(browser, "f")?;
    if browser.ask("Object.keys(JSON.parse(Object.values(localStorage)[0]).threads).length")? != 0 {
        wrong.push("f once more does not leave it");
    }
    browser.ask("localStorage.clear()")?;
    let wrong = wrong.into_iter().map(str::to_owned).collect();
    Ok(held(
        "finding, folding and following by keyboard alone",
        wrong,
    ))
}

/// What came after the last visit is told; a followed thread stands on its list's page.
fn visits(browser: &mut Browser, site: &Site) -> Result<Row> {
    let mut wrong = Vec::new();
    // From an old mail, where a search engine leads, to the list's page, and from there.
    for first in [
        "town-hall/2025-October/msg00000.html",
        "town-hall/index.html",
    ] {
        browser.ask("localStorage.clear()")?;
        for page in [first, "town-hall/index.html"] {
            browser.go(&site.url(page))?;
            if browser.ask("document.querySelectorAll('.fresh').length")? != 0 {
                wrong.push(format!("the first visit, from {first}, is told news"));
            }
        }
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

/// Where the system chooses the colours and wants nothing to move: the mail at hand is still marked in its
/// thread, as is what has the focus, and nothing moves by itself.
fn in_few_colours(browser: &mut Browser, site: &Site) -> Result<Row> {
    let features = json!({"features": [
        {"name": "forced-colors", "value": "active"},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]});
    browser.call("Emulation.setEmulatedMedia", features)?;
    browser.go(&site.url(MAIL))?;
    let mut wrong = Vec::new();
    for (what, question) in [
        (
            "the mail at hand is marked",
            "getComputedStyle(document.querySelector('.tree .here')).backgroundColor \
             !== getComputedStyle(document.body).backgroundColor",
        ),
        (
            "the focus is seen",
            "(link => { link.focus({focusVisible: true}); const style = getComputedStyle(link); \
             return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2; })\
             (document.querySelector('.verbs a'))",
        ),
        ("nothing moves", "document.getAnimations().length === 0"),
    ] {
        if browser.ask(question)? != true {
            wrong.push(format!("not so: {what}"));
        }
    }
    browser.call("Emulation.setEmulatedMedia", json!({"features": []}))?;
    Ok(held(
        "with the system's few colours, and without motion",
        wrong,
    ))
}
