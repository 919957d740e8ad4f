//! What readers meet, as they see it: made-up mails of the kinds that break pages, on a phone, a tablet and
//! at a desk; a list that runs from right to left; a link from a search engine.

use super::{Site, accessible, held, screen, wide};
use crate::prove::hostile::browser::Browser;
use crate::prove::lab::{Lab, text};
use crate::prove::tree::files;
use crate::prove::{Row, mails};
use anyhow::{Context, Result};
use std::fmt::Write;
use std::fs;

use super::web::Web;

/// A phone of old, a phone, a tablet, a desk: pixels.
const WIDTHS: [u32; 4] = [320, 390, 820, 1280];

/// The situations that a list may hold.
pub(super) fn rows(lab: &Lab, browser: &mut Browser, web: &Web) -> Result<Vec<Row>> {
    let mails: Vec<Vec<u8>> = extremes().into_iter().chain(middle()).collect();
    let mailbox = mails::write(lab.fresh("situations.mbox")?, mails.iter())?;
    let site = Site::new(lab, "situations", &[("situations", &mailbox)])?;
    let pages: Vec<String> = files(&site.tree)?
        .into_keys()
        .filter(|path| path.starts_with("situations/") && path.ends_with(".html"))
        // Of the thread of 140 a few will do.
        .filter(|path| !path.contains("/msg") || !path.contains('1'))
        .collect();
    let mut rows = vec![
        wide(
            browser,
            &site,
            &pages,
            &WIDTHS,
            "long words, deep threads, wide tables, many files",
        )?,
        one_screen(browser, &site)?,
    ];
    rows.extend(right_to_left(lab, browser, web)?);
    Ok(rows)
}

fn mail(n: usize, subject: &str, head: &str, body: &str) -> Vec<u8> {
    format!(
        "From mboxrd@z Thu Jan  1 00:00:00 1970\nFrom: Ada Example <ada@skarv.example>\nSubject: {subject}\n\
         Date: {} Nov 2025 {:02}:00:00 +0000\nMessage-ID: <s{n}@skarv.example>\n{head}\n{body}\n\n",
        n / 24 + 1,
        n % 24,
    )
    .into_bytes()
}

/// What is too long, too wide, too deep or too many for a phone.
fn extremes() -> Vec<Vec<u8>> {
    let utf8 = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n";
    let html = "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n";
    let row = |cell: &str| cell.repeat(40);
    let table = format!(
        "<table border=1><tr>{}</tr><tr>{}</tr></table>",
        row("<th width=200>column</th>"),
        row("<td nowrap>0123456789</td>")
    );
    let mut files = String::from("--b\nContent-Type: text/plain\n\nSixty files.\n\n");
    for n in 0..60 {
        let _ = write!(
            files,
            "--b\nContent-Type: application/octet-stream; name=\"{}-{n}.bin\"\nContent-Disposition: attachment\n\nx\n\n",
            "a-name-without-an-end".repeat(n % 9 + 1)
        );
    }
    files.push_str("--b--");
    let mut mails = vec![
        mail(1, "A long word", "", &"a".repeat(3_000)),
        mail(
            2,
            &"Donaudampfschifffahrt".repeat(40),
            "",
            "A long subject in one word.",
        ),
        mail(
            3,
            &"bells and ropes ".repeat(60),
            "",
            "A long subject of many words.",
        ),
        mail(
            4,
            "A wide table of text",
            "",
            &format!("{}\n{}", "column    ".repeat(40), "1         ".repeat(40)),
        ),
        mail(5, "A wide table of HTML", html, &table),
        mail(
            6,
            "Sixty files",
            "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n",
            &files,
        ),
        mail(
            7,
            "A long link",
            "",
            &format!("https://skarv.example/{}", "path/".repeat(400)),
        ),
        mail(
            8,
            "Deep quotes",
            "",
            &(0..60)
                .map(|n| format!("{} level {n}\n", ">".repeat(n + 1)))
                .collect::<String>(),
        ),
        mail(
            9,
            "=?utf-8?q?=D7=A9=D7=9C=D7=95=D7=9D?=",
            utf8,
            "\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{5dc}\u{5db}\u{5d5}\u{5dc}\u{5dd}\n\n> --- a/bell.c\n> +++ b/bell.c\n> @@ -1,1 +1,1 @@\n> -ding\n> +dong\n",
        ),
        mail(
            10,
            "=?utf-8?q?Re:_=D9=85=D8=B1=D8=AD=D8=A8=D8=A7?=",
            utf8,
            "\u{645}\u{631}\u{62d}\u{628}\u{627}",
        ),
    ];
    let named = |n, from: &str| {
        let mail = String::from_utf8(mail(n, "Names", "", "Who?")).unwrap_or_default();
        mail.replace("Ada Example <ada@skarv.example>", from)
            .into_bytes()
    };
    mails.push(named(11, "ada@skarv.example"));
    mails.push(named(
        12,
        &format!(
            "{} <long@skarv.example>",
            "Wolfeschlegelsteinhausen".repeat(9)
        ),
    ));
    mails.extend((0..120).map(|n| {
        let answered = match n {
            0 => String::new(),
            _ => format!("In-Reply-To: <s{}@skarv.example>\n", 199 + n),
        };
        mail(200 + n, "Steps", &answered, "Down.")
    }));
    mails
}

/// A thread of 140 mails with long texts.
fn middle() -> Vec<Vec<u8>> {
    let text =
        "Nobody was at the rope when the bell rang, and the tower was locked.\n\n".repeat(40);
    let mails = (0..140).map(|n| {
        let answered = match n {
            0 => String::new(),
            _ => format!("In-Reply-To: <s{}@skarv.example>\n", 400 + n / 2),
        };
        let subject = if n == 0 { "Who rang?" } else { "Re: Who rang?" };
        mail(400 + n, subject, &answered, &text)
    });
    mails.collect()
}

/// From a search engine to mail 73 of 140: which list, which thread, when, by whom, and the way to the thread,
/// all without scrolling.
fn one_screen(browser: &mut Browser, site: &Site) -> Result<Row> {
    let all = files(&site.tree)?;
    let mut wrong = Vec::new();
    let page = all.iter().find(|(path, file)| {
        let html = || fs::read_to_string(file).unwrap_or_default();
        path.contains("/msg") && html().contains("&lt;s473@skarv.example&gt;") || {
            path.contains("/msg") && html().contains("s473@skarv.example</bdi>")
        }
    });
    let (page, _) = page.context("mail 73 has no page")?;
    for width in [390, 1280] {
        screen(browser, width, false)?;
        browser.go(&site.url(page))?;
        let seen = browser.ask(
            "['.crumbs a[href$=\"../index.html\"]', 'h1', '.author', '.postmark', 'main a[href*=\"/thread/\"]'].filter(name => \
             { const found = document.querySelector(name); if (!found) return true; \
               const place = found.getBoundingClientRect(); \
               return place.height === 0 || place.top < 0 || place.bottom > innerHeight; }).join(' ')",
        )?;
        if seen != "" {
            wrong.push(format!("not on the first screen at {width}: {seen}"));
        }
    }
    Ok(held(
        "from a search engine to mail 73 of 140: list, thread, date, author and the way to the thread in one screen",
        wrong,
    ))
}

/// A list whose language runs from right to left: the own list's mails, in such a language.
fn right_to_left(lab: &Lab, browser: &mut Browser, web: &Web) -> Result<Vec<Row>> {
    let archive = lab.fresh("rtl-archive")?;
    let mailbox = crate::run::root().join("corpus/lists/town-hall.mbox");
    lab.done(
        &archive,
        &[
            "-q",
            "import",
            "--public",
            "--list",
            "town-hall",
            text(&mailbox)?,
        ],
    )?;
    fs::create_dir_all(archive.join("strings"))?;
    fs::write(archive.join("strings/he.ftl"), "direction = rtl\n")?;
    fs::write(
        archive.join("posthoc.toml"),
        "[defaults]\nlanguage = \"he\"\n",
    )?;
    let tree = lab.fresh("rtl-site")?;
    lab.done(&archive, &["-q", "publish", text(&tree)?])?;
    let site = Site::of(tree)?;
    let pages: Vec<String> = super::kinds::one_of_each(&site.tree)?
        .into_iter()
        .map(|(_, page)| page)
        .collect();
    let mut rows = vec![
        accessible(browser, web, &site, &pages, "from right to left")?,
        wide(browser, &site, &pages, &WIDTHS, "from right to left")?,
    ];
    screen(browser, 1280, false)?;
    browser.go(&site.url("town-hall/2025-November/msg00030.html"))?;
    let mut wrong = Vec::new();
    for (what, question) in [
        (
            "the page's direction",
            "getComputedStyle(document.body).direction === 'rtl'",
        ),
        (
            "the text's own direction",
            "getComputedStyle(document.querySelector('.body')).direction === 'ltr'",
        ),
        (
            "the thread beside, on the left",
            "document.querySelector('.beside').getBoundingClientRect().right \
             <= document.querySelector('.sheet').getBoundingClientRect().left",
        ),
        (
            "the rules of the thread, on the right",
            "(style => parseFloat(style.paddingRight) > 0 && parseFloat(style.paddingLeft) === 0 \
             && style.backgroundPosition.startsWith('100%') && style.backgroundImage.includes('to left'))\
             (getComputedStyle(document.querySelector('.tree .d1')))",
        ),
    ] {
        if browser.ask(question)? != true {
            wrong.push(format!("not {what}"));
        }
    }
    rows.push(held(
        "a page that runs from right to left, its text in its own direction",
        wrong,
    ));
    Ok(rows)
}
