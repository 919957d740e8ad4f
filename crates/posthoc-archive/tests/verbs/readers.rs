//! What readers meet: the situations in which archives leave them alone.

use crate::prelude::*;
use crate::removal::readable;
use posthoc_core::page::ListSettings;
use std::collections::BTreeMap;

/// Publishes; answers the site's files, unpacked.
fn published(store: &dyn Store, site: &Site) -> BTreeMap<String, String> {
    let layout = OwnLayout::new(site).unwrap();
    let settings = Settings {
        site,
        layout: &layout,
        limits: &Limits::default(),
        folds: &Folds::default(),
    };
    let out = tempfile::tempdir().unwrap();
    let options = PublishOptions::default();
    publish(store, &settings, out.path(), &options, &|_, _| {}).unwrap();
    readable(&tree(out.path()))
}

fn site_of(mails: &[String]) -> BTreeMap<String, String> {
    let store = MemoryStore::new();
    take_bytes(&store, "hall", &mbox(mails));
    published(&store, &Site::default())
}

/// A mail's page by its number, where all are of one month.
fn page(site: &BTreeMap<String, String>, number: usize) -> &str {
    &site[&format!("hall/2025-November/msg{number:05}.html")]
}

#[track_caller]
fn has(page: &str, words: &[&str]) {
    for words in words {
        assert!(page.contains(words), "{words}: {page}");
    }
}

/// The links of a page that lead to a mail, a thread or a list, as they are written.
fn link_before<'p>(page: &'p str, words: &str) -> Option<&'p str> {
    let (before, _) = page.split_once(words)?;
    let (_, link) = before.rsplit_once("href=\"")?;
    link.split('"').next()
}

/// From a search engine to mail 73 of 140: which list, which thread, when, by whom, and the way to the rest
/// of the thread, all of it above the text.
#[test]
fn from_a_search_engine_into_the_middle_of_a_thread() {
    let mails: Vec<String> = (0..140)
        .map(|n| {
            let date = format!("{} Nov 2025 {:02}:00:00 +0000", n / 24 + 1, n % 24);
            let parent = format!("m{}@x", n / 2);
            let references: &[&str] = if n == 0 { &[] } else { &[&parent] };
            let subject = if n == 0 { "Bells" } else { "Re: Bells" };
            mail(&format!("m{n}@x"), &date, subject, references, "Ding.")
        })
        .collect();
    let site = site_of(&mails);
    let mail = page(&site, 73);
    has(
        mail,
        &[
            "<title>Re: Bells · hall · Mailing lists</title>",
            "<meta name=\"description\" content=\"",
        ],
    );
    let (above, below) = mail.split_once("<div class=\"body\"").unwrap();
    has(
        above,
        &[
            "href=\"../index.html\"><bdi>hall</bdi></a>",
            "href=\"index.html\"><bdi>November 2025</bdi></a>",
            "<h1><bdi>Re: Bells</bdi></h1>",
            "<bdi>Ada Example</bdi>",
            "<time class=\"postmark\" datetime=\"2025-11-04T01:00:00Z\"",
            "in answer to <a href=\"msg00036.html\">",
        ],
    );
    let thread = link_before(below, ">Whole thread<").unwrap();
    let (thread, anchor) = thread.split_once('#').unwrap();
    let first = &site[&format!("hall/{}", thread.trim_start_matches("../"))];
    assert!(first.contains(&format!("id=\"{anchor}\"")), "{anchor}");
    has(below, &["aria-current=\"page\"", "rel=\"prev\""]);
}

#[test]
fn a_thread_that_is_120_levels_deep() {
    let mails: Vec<String> = (0..120)
        .map(|n| {
            let date = format!("{} Nov 2025 {:02}:00:00 +0000", n / 24 + 1, n % 24);
            let parent = format!("m{}@x", n - 1);
            let references: &[&str] = if n == 0 { &[] } else { &[&parent] };
            mail(&format!("m{n}@x"), &date, "Steps", references, "Down.")
        })
        .collect();
    let site = site_of(&mails);
    for (path, page) in &site {
        // The last level that is drawn is the twelfth; deeper ones are told in words.
        assert!(!page.contains("class=\"d13"), "{path}");
        assert!(page.len() < 200_000, "{path}: {}", page.len());
    }
    has(&site["hall/2025-November/thread.html"], &["level 119 "]);
    has(
        page(&site, 119),
        &["in answer to <a href=\"msg00118.html\">"],
    );
    assert!(page(&site, 119).len() < 20_000);
}

/// Each piece of a text has its own direction; the page has that of its list.
#[test]
fn hebrew_around_an_english_patch_and_arabic_in_an_english_index() {
    let date = "Mon, 3 Nov 2025 10:00:00 +0000";
    let hebrew = "\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{5dc}\u{5db}\u{5d5}\u{5dc}\u{5dd}";
    let text = format!(
        "{hebrew}\n\n> --- a/bell.c\n> +++ b/bell.c\n> @@ -1,1 +1,1 @@\n> -ding\n> +dong\n\n{hebrew}"
    );
    let arabic = "\u{645}\u{631}\u{62d}\u{628}\u{627}";
    let encoded = |mail: String| {
        mail.replace(
            "Subject:",
            "Content-Type: text/plain; charset=utf-8\nSubject:",
        )
    };
    let site = site_of(&[
        encoded(mail("a@x", date, "Bells", &[], &text)),
        encoded(mail("b@x", date, &format!("Re: {arabic}"), &[], "b")),
    ]);
    let mail = page(&site, 0);
    has(mail, &["<html lang=\"en\">"]);
    let (_, body) = mail.split_once("<div class=\"body\"").unwrap();
    let paragraph = body.split("<p").find(|piece| piece.contains(hebrew));
    let paragraph = paragraph.unwrap();
    assert!(paragraph.contains("dir=\"rtl\""), "{paragraph}");
    let quote = body.split("<blockquote").nth(1).unwrap();
    let quote = quote.split("</blockquote>").next().unwrap();
    assert!(!quote.contains("dir=\"rtl\""), "{quote}");
    for index in ["thread", "subject", "author", "date"] {
        let index = &site[&format!("hall/2025-November/{index}.html")];
        assert!(
            index.contains(&format!("<bdi>Re: {arabic}</bdi>")),
            "{index}"
        );
    }
}

#[test]
fn names_that_are_addresses_long_or_two_peoples() {
    let long = "Wolfeschlegelsteinhausen".repeat(9);
    let by = |n: usize, from: &str| {
        let date = format!("{} Nov 2025 10:00:00 +0000", n + 1);
        let text = mail(&format!("m{n}@x"), &date, "Names", &[], "t");
        text.replace("Ada Example <ada@example.org>", from)
    };
    let site = site_of(&[
        by(0, "ada@example.org"),
        by(1, "\"ada@example.org\" <ada@example.org>"),
        by(2, &format!("{long} <long@example.org>")),
        by(3, "Sam Lee <sam@example.org>"),
        by(4, "Sam Lee <other.sam@example.net>"),
    ]);
    for (path, page) in site.iter().filter(|(path, _)| path.ends_with(".html")) {
        assert!(!page.contains("ada@example.org"), "{path}");
        assert!(
            !page.contains(&long),
            "{path}: names are cut at 120 characters"
        );
    }
    has(
        page(&site, 0),
        &["<bdi>ada</bdi>", "<bdi>ada at example.org</bdi>"],
    );
    has(page(&site, 1), &["<bdi>ada at example.org</bdi>"]);
    has(page(&site, 2), &[&long[..100]]);
    let own = |number| {
        let (_, link) = page(&site, number)
            .split_once("<p class=\"author\"><a href=\"../")
            .unwrap();
        format!("hall/{}", link.split('"').next().unwrap())
    };
    assert_eq!(own(0), own(1));
    assert_ne!(own(3), own(4), "a name makes nobody the same");
    assert!(site[&own(3)].contains("1 mail from <bdi>sam at example.org</bdi>"));
}

#[test]
fn an_empty_list_one_of_one_mail_and_one_that_fell_silent_in_2007() {
    let store = MemoryStore::new();
    let (none, limits) = (ListName::new("none").unwrap(), Limits::default());
    add_list(&store, &none, true, false, &Site::default(), NOW, &limits).unwrap();
    let lone = mail("a@x", "Mon, 3 Nov 2025 10:00:00 +0000", "Alone", &[], "a");
    take_bytes(&store, "one", &mbox(&[lone]));
    let old = mail(
        "b@x",
        "Tue, 6 Mar 2007 10:00:00 +0000",
        "Farewell",
        &[],
        "b",
    );
    take_bytes(&store, "old", &mbox(&[old]));
    let site = published(&store, &Site::default());
    for path in ["none/index.html", "none/stats.html"] {
        has(&site[path], &["No mail has come yet."]);
    }
    has(
        &site["none/attachments.html"],
        &["No mail of this list has a file."],
    );
    has(
        &site["one/index.html"],
        &["1 mail in 1 thread ·", ">Alone<", "1 mail came"],
    );
    has(
        &site["one/stats.html"],
        &["1 mail in 1 thread from 1 address<"],
    );
    // What is new is so as of the newest mail, not as of today.
    has(
        &site["old/index.html"],
        &[
            "The newest mail is of <time datetime=\"2007-03-06T10:00:00Z\">6 Mar 2007</time>",
            ">Farewell<",
        ],
    );
    has(
        &site["index.html"],
        &["href=\"none/index.html\"", "2007", "2025"],
    );
}

#[test]
fn a_site_of_400_lists() {
    let store = MemoryStore::new();
    let lone = mbox(&[mail(
        "a@x",
        "Mon, 3 Nov 2025 10:00:00 +0000",
        "Alone",
        &[],
        "a",
    )]);
    let mut site = Site::default();
    for n in 0..400 {
        let name = format!("list-{n:03}");
        take_bytes(&store, &name, &lone);
        let own = ListSettings {
            title: format!("Street {n}"),
            ..ListSettings::default()
        };
        site.lists.insert(ListName::new(&name).unwrap(), own);
    }
    let layout = OwnLayout::new(&site).unwrap();
    let settings = Settings {
        site: &site,
        layout: &layout,
        limits: &Limits::default(),
        folds: &Folds::default(),
    };
    let reader = Reader::new(&store, &settings, Audience::Public).unwrap();
    let home = reader.answer(&Route::Home).unwrap().page.bytes;
    let home = String::from_utf8(home).unwrap();
    assert_eq!(home.matches("<li>").count(), 400);
    has(&home, &["href=\"list-000/index.html\"", ">Street 399<"]);
    assert!(home.len() < 200_000, "{}", home.len());
}
