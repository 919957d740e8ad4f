//! How long the pages of a long thread take to open, and whether they jump while they do.

use super::{Site, screen};
use crate::prove::hostile::browser::Browser;
use crate::prove::lab::Lab;
use crate::prove::tree::files;
use crate::prove::{Row, mails, row};
use anyhow::Result;
use std::fs;
use std::time::{Duration, Instant};

/// Mails of the thread.
const MAILS: usize = 500;
/// Layout shift that still counts as none (Core Web Vitals call 0.1 good).
const JUMP: f64 = 0.1;

/// What moved on the page since it began to load, and what moves in the time after.
const SHIFT: &str = "new Promise(done => { let sum = 0; new PerformanceObserver(list => \
    list.getEntries().forEach(entry => sum += entry.value)).observe({type: 'layout-shift', \
    buffered: true}); setTimeout(() => done(sum), 200); })";

/// A thread of five hundred mails that we made up: every one of its pages, the index of its month and a
/// mail in its middle, each opened within `deadline`; and a link to a mail on a page, which shows that mail.
pub(super) fn long_thread(lab: &Lab, browser: &mut Browser, deadline: Duration) -> Result<Row> {
    let thread: Vec<Vec<u8>> = (0..MAILS).map(mail).collect();
    let mailbox = mails::write(lab.fresh("long.mbox")?, thread.iter())?;
    let site = Site::new(lab, "long", &[("long", &mailbox)])?;
    let mut pages: Vec<String> = files(&site.tree)?
        .into_keys()
        .filter(|path| path.contains("/thread/") && path.ends_with(".html"))
        .collect();
    let cut = pages.len();
    pages.push("long/2025-November/thread.html".to_owned());
    pages.push("long/2025-November/msg00250.html".to_owned());
    let (mut slowest, mut shift) = (Duration::ZERO, 0.0_f64);
    for width in [390, 1280] {
        screen(browser, width, false)?;
        for page in &pages {
            let (took, moved) = opened(browser, &site.url(page))?;
            slowest = slowest.max(took);
            shift = shift.max(moved);
        }
    }
    let page = fs::read_to_string(site.tree.join(&pages[0]))?;
    let last = page.rsplit("<article").next().unwrap_or_default();
    let anchor = last
        .split("id=\"")
        .nth(1)
        .and_then(|id| id.split('"').next());
    let anchor = anchor.unwrap_or_default();
    let (took, moved) = opened(browser, &site.url(&format!("{}#{anchor}", pages[0])))?;
    slowest = slowest.max(took);
    shift = shift.max(moved);
    let there = "(place => place.top > -2 && place.top < innerHeight)\
        (document.querySelector(':target').getBoundingClientRect())";
    let shown = browser.ask(there)? == true;
    let seconds = slowest.as_secs_f64();
    let holds = slowest < deadline && shift < JUMP && shown && cut * 100 >= MAILS;
    Ok(row(
        format!(
            "a thread of {MAILS} mails on {cut} pages: slowest to open, largest layout shift, a link's mail shown"
        ),
        format!("{seconds:.2} s, {shift:.3}, {shown}"),
        format!("< {} s, < {JUMP}, true", deadline.as_secs()),
        holds,
    ))
}

/// How long a page takes until everything of it is loaded, and how far what is on it moves.
pub(super) fn opened(browser: &mut Browser, url: &str) -> Result<(Duration, f64)> {
    // The same page with another anchor would not be loaded anew.
    browser.go("about:blank")?;
    let began = Instant::now();
    browser.go(url)?;
    let took = began.elapsed();
    Ok((took, browser.ask(SHIFT)?.as_f64().unwrap_or(1.0)))
}

/// A mail as lists have them: a quote, some paragraphs, now and then code.
fn mail(n: usize) -> Vec<u8> {
    let (day, hour, minute) = (n / 24 + 1, n % 24, n % 60);
    let (parent, who) = (n / 2, n % 23);
    let answered = match n {
        0 => String::new(),
        _ => format!(
            "In-Reply-To: <m{parent}@skarv.example>\nReferences: <m0@skarv.example> <m{parent}@skarv.example>\n"
        ),
    };
    let quote =
        "> The bell rang twice before noon, and nobody was at the rope.\n".repeat(n % 9 + 1);
    let prose =
        "The tower was locked, as it is every Monday, and the key hung where it always hangs.\n\
        Whoever rang must have come over the roof. I looked for marks and found none.\n\n"
            .repeat(n % 4 + 2);
    let code = match n % 5 {
        0 => "    if (rope->pulled)\n        ring(bell, 2);\n    return 0;\n\n",
        _ => "",
    };
    format!(
        "From mboxrd@z Thu Jan  1 00:00:00 1970\nFrom: Keeper {who} <keeper{who}@skarv.example>\nTo: long@skarv.example\nSubject: {}The bell before noon\n\
         Date: {day} Nov 2025 {hour:02}:{minute:02}:00 +0000\nMessage-ID: <m{n}@skarv.example>\n{answered}\n\
         On Monday somebody wrote:\n{quote}\n{prose}{code}{}",
        if n == 0 { "" } else { "Re: " },
        format_args!("-- \nKeeper {who}\n\n"),
    )
    .into_bytes()
}
